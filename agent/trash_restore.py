"""Bringing an entry of the trash back: first everything is checked, then made, and unmade again when that fails."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import quote

from agent import folders, losses, trash_create
from agent.engines.api import ApiError, Connection, ask, look_up
from agent.engines.switch import Engines
from agent.errors import AgentError, closing
from agent.folders import disk_full
from agent.jobs import Job
from agent.loop import Loop
from agent.trash import Manifest, Trash

_LIMIT = 120.0
"""Seconds that the engine may take to make a container, on an emulated CPU."""


class Restoring:
    """The restoring of one entry."""

    def __init__(self, loop: Loop, engines: Engines, store: Trash, manifest: Manifest, job: Job) -> None:
        self._loop = loop
        self._engine = engines.current
        self._trash = store
        self._manifest = manifest
        self._job = job

    async def run(self, name: str) -> dict[str, Any]:
        """Make the container or volume again, called `name`.

        Returns `{kind, id, name, notes}`; notes are sentences about what is not as it was.

        Raises:
            AgentError: something that it needs is missing or taken; nothing has changed.
        """
        if self._manifest.get("pending"):
            raise AgentError("conflict", f"{self._manifest['name']} is just being removed; wait until that is done.")
        if self._manifest["engine"] != self._engine.kind:
            own = self._manifest["engine"]
            raise AgentError(
                "conflict",
                f"{self._manifest['name']} belongs to the engine {own}, and {self._engine.kind} is in use.",
                hint=f"`linnet engine use {own}` changes that.",
            )
        connection = self._engine.connect(self._loop)
        try:
            with disk_full("The data disk is full; nothing was restored."):
                if self._manifest["kind"] == "volume":
                    return await self._volume(connection, name)
                return await self._container(connection, name)
        finally:
            connection.close()

    # volumes

    async def _volume(self, connection: Connection, name: str) -> dict[str, Any]:
        path = f"/volumes/{quote(name, safe='')}"
        if await look_up(connection, path) is not None:
            raise AgentError("conflict", f"There is a volume {name} already; choose another name for this one.")
        wanted = {
            "Name": name,
            "Driver": self._manifest["driver"],
            "DriverOpts": self._manifest.get("options") or {},
            "Labels": self._manifest["labels"],
        }
        await self._post(connection, "/volumes/create", wanted)
        try:
            made = await connection.json(path)
            await self._fill(str(made["Mountpoint"]), "data")
        except BaseException:
            await _delete(connection, path)
            raise
        return {"kind": "volume", "id": name, "name": name, "notes": []}

    # containers

    async def _container(self, connection: Connection, name: str) -> dict[str, Any]:
        inspected = self._manifest["inspect"]
        pod = bool(self._manifest.get("pod"))
        if await look_up(connection, f"/containers/{quote(name, safe='')}/json") is not None:
            raise AgentError("conflict", f"There is a container {name} already; choose another name for this one.")
        kept = {str(one["destination"]): str(one["place"]) for one in self._manifest.get("volumes") or []}
        image = await self._check(connection, trash_create.needs(inspected, kept, pod))
        wanted = trash_create.body(inspected, image, kept, podman=self._engine.kind != "docker", pod=pod)
        made = await self._post(connection, f"/containers/create?name={quote(name, safe='')}", wanted)
        path = f"/containers/{made['Id']}"
        try:
            now = await connection.json(f"{path}/json")
            await self._fill(await self._upper(connection, now), "layer")
            for destination, place in kept.items():
                await self._fill(_mounted(now, destination), place)
        except BaseException:
            await _delete(connection, f"{path}?force=true&v=true")
            raise
        notes = [f"{name} is not in its pod any more."] if pod else []
        return {"kind": "container", "id": made["Id"], "name": name, "notes": notes}

    async def _upper(self, connection: Connection, made: dict[str, Any]) -> str:
        described = await self._engine.describe(connection, made["Id"])
        upper = losses.upper_folder(made) or losses.upper_folder(described)
        if upper is None:
            raise AgentError("guest", "The engine does not say where it keeps the files of the new container.")
        return upper

    async def _check(self, connection: Connection, needs: trash_create.Needs) -> str:
        """Return what the container is to be made from; AgentError names what is missing and what to do."""
        name, identifier = needs.image
        image = await self._image(connection, name, identifier)
        for network in needs.networks:
            if await look_up(connection, f"/networks/{quote(network, safe='')}") is None:
                raise _missing("network", network, f"`linnet network create {network}` makes it")
        for volume in needs.volumes:
            if await look_up(connection, f"/volumes/{quote(volume, safe='')}") is None:
                raise _missing("volume", volume, self._way_back(volume))
        for container in needs.containers:
            if await look_up(connection, f"/containers/{quote(container, safe='')}/json") is None:
                raise _missing("container", container[:12], "it shares its network or processes with that one")
        for folder in needs.folders:
            if not os.path.exists(folder):
                raise _missing("folder", folder, "share it (`linnet share add`) or make it")
        return image

    async def _image(self, connection: Connection, name: str, identifier: str) -> str:
        bare = identifier.removeprefix("sha256:")
        found = await look_up(connection, f"/images/{quote(name, safe='')}/json")
        if found is not None and str(found.get("Id") or "").removeprefix("sha256:") == bare:
            return name
        if await look_up(connection, f"/images/{bare}/json") is not None:
            return identifier
        if found is not None:
            raise AgentError(
                "conflict",
                f"The image {name} is another one now, and the one this was made from ({bare[:12]}) is gone.",
                hint="`linnet load` or `linnet pull` may bring that one back.",
            )
        raise _missing("image", name, f"`linnet pull {name}` or `linnet load` brings it, if it has not changed there")

    def _way_back(self, volume: str) -> str:
        for entry in self._trash.entries():
            if entry["kind"] == "volume" and entry["name"] == volume and not entry.get("pending"):
                return f"it is in the trash: `linnet trash restore {entry['id']}`"
        return f"`linnet volume create {volume}` makes an empty one"

    async def _fill(self, folder: str, place: str) -> None:
        kept = self._trash.folder(self._manifest, place)
        if kept is None:
            raise AgentError("guest", f"The entry of the trash is damaged: {place} is missing.")
        await self._loop.in_thread(folders.empty, folder)
        await self._job.interruptible(folders.copy(self._loop, kept, folder, self._job.count))

    async def _post(self, connection: Connection, path: str, content: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = json.loads(await self._loop.timeout(_LIMIT, ask(connection, "POST", path, content)))
        except ApiError as error:
            said = f"The engine did not make {self._manifest['name']} again: {closing(error)}"
            raise AgentError("guest", said) from error
        return dict(answer)


async def _delete(connection: Connection, path: str) -> None:
    try:
        await ask(connection, "DELETE", path)
    except ApiError:
        return  # what made the restoring fail is what people hear of


def _mounted(inspected: dict[str, Any], destination: str) -> str:
    for mount in inspected.get("Mounts") or []:
        if mount.get("Destination") == destination and mount.get("Source"):
            return str(mount["Source"])
    raise AgentError("guest", f"The engine made no volume at {destination}.")


def _missing(kind: str, name: str, way: str) -> AgentError:
    return AgentError("conflict", f"The {kind} {name}, which it needs, is missing: {way}.")
