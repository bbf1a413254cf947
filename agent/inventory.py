"""What the engine in use holds: so that after an upgrade it can be told whether all of it is still there."""

from __future__ import annotations

from typing import Any

from agent.engines.base import Engine
from agent.loop import Loop

_SHORT = 12
"""Digits of an identifier that tell it from all others."""

_LIMIT = 30.0


async def take(loop: Loop, engine: Engine) -> dict[str, Any]:
    """Return the engine's kind, and identifiers of its images and containers and names of its volumes, sorted.

    What goes by itself is left out: containers that were made with `--rm`, and their volumes without a name.
    """
    found: dict[str, Any] = await loop.timeout(_LIMIT, _take(loop, engine))
    return found


async def _take(loop: Loop, engine: Engine) -> dict[str, Any]:
    connection = engine.connect(loop)
    try:
        images = {short(one["Id"]) for one in await connection.json("/images/json")}
        containers = {one["Id"]: one.get("State") for one in await connection.json("/containers/json?all=true")}
        volumes = {one["Name"] for one in (await connection.json("/volumes")).get("Volumes") or []}
        for identifier, state in list(containers.items()):
            if state in {"running", "paused"}:
                passing = passing_volumes(await engine.describe(connection, identifier))
                if passing is not None:
                    del containers[identifier]
                    volumes -= passing
    finally:
        connection.close()
    return {
        "engine": engine.kind,
        "images": sorted(images),
        "containers": sorted(short(identifier) for identifier in containers),
        "volumes": sorted(volumes),
    }


def passing_volumes(data: dict[str, Any]) -> set[str] | None:
    """Return the nameless volumes of a container that goes when it ends, from its inspect answer; None if it stays."""
    if not (data.get("HostConfig") or {}).get("AutoRemove"):
        return None
    names = {str(one.get("Name") or "") for one in data.get("Mounts") or []}
    return {name for name in names if len(name) == 64 and all(letter in "0123456789abcdef" for letter in name)}


def short(identifier: str) -> str:
    """Return the beginning of an identifier, without `sha256:`."""
    return identifier.removeprefix("sha256:")[:_SHORT]
