"""What containers and volumes hold, as their engine and the disk tell."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from agent import losses
from agent.engines.api import ApiError, Connection, look_up
from agent.engines.base import Engine
from agent.loop import Loop
from agent.losses import Measure

Found = dict[str, Any]
"""A container or a volume with its `measure`, and `upper`: the folder of the disk that holds it, None for none."""


async def look_at_container(
    loop: Loop, engine: Engine, connection: Connection, name: str, seconds: float = losses.SECONDS
) -> Found | None:
    """Return a container with what it holds; None if there is none by that name."""
    try:
        inspected = await connection.json(f"/containers/{quote(name, safe='')}/json")
        described = await engine.describe(connection, inspected["Id"])
    except ApiError as error:
        if error.status == 404:
            return None
        raise
    host = inspected.setdefault("HostConfig", {})
    host["PortBindings"] = (described.get("HostConfig") or {}).get("PortBindings")
    inspected["CreateCommand"] = (described.get("Config") or {}).get("CreateCommand")
    upper = losses.upper_folder(inspected) or losses.upper_folder(described)
    found = losses.EMPTY
    if upper is not None:
        mounts = losses.mount_points(inspected)
        found = await loop.in_thread(lambda: losses.measure(upper, mounts, seconds=seconds))
    volumes = []
    for mount in losses.anonymous_volumes(inspected):
        volume = await look_at_volume(loop, connection, str(mount["Name"]), seconds)
        if volume is not None:
            volumes.append({**volume, "destination": mount["Destination"]})
    state = inspected.get("State") or {}
    return {
        "kind": "container",
        "id": inspected["Id"],
        "name": str(inspected.get("Name") or "").removeprefix("/"),
        "image": str((inspected.get("Config") or {}).get("Image") or ""),
        "running": bool(state.get("Running") or state.get("Paused")),
        "paused": bool(state.get("Paused")),
        "auto_remove": bool(host.get("AutoRemove")),
        "labels": (inspected.get("Config") or {}).get("Labels") or {},
        "pod": str(described.get("Pod") or ""),
        "measure": found,
        "volumes": volumes,
        "upper": upper,
        "inspect": inspected,
    }


async def look_at_volume(
    loop: Loop, connection: Connection, name: str, seconds: float = losses.SECONDS
) -> Found | None:
    """Return a volume with what it holds; None if there is none by that name."""
    data = await look_up(connection, f"/volumes/{quote(name, safe='')}")
    if data is None:
        return None
    options = data.get("Options") or {}
    folder = str(data.get("Mountpoint") or "")
    # Of a volume that lies elsewhere (a bind, NFS, a plug-in's) only the name is removed.
    own = data.get("Driver") == "local" and not {"device", "type"} & set(options) and os.path.isdir(folder)
    found = losses.EMPTY
    if own:
        found = await loop.in_thread(lambda: losses.measure(folder, layer=False, seconds=seconds))
    return {
        "kind": "volume",
        "id": str(data["Name"]),
        "name": str(data["Name"]),
        "driver": str(data.get("Driver") or "local"),
        "options": options,
        "labels": data.get("Labels") or {},
        "anonymous": bool(losses.ANONYMOUS.fullmatch(str(data["Name"]))),
        "measure": found,
        "upper": folder if own else None,
    }


def told(found: Found) -> Found:
    """Return what was found as the host gets it."""
    measured: Measure = found["measure"]
    shown: Found = {
        key: found[key]
        for key in (
            "kind",
            "id",
            "name",
            "image",
            "running",
            "auto_remove",
            "pod",
            "destination",
            "driver",
            "anonymous",
        )
        if key in found
    }
    shown.update(measured.to_json(), labels=found["labels"])
    if "volumes" in found:
        shown["volumes"] = [told(one) for one in found["volumes"]]
    return shown
