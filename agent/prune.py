"""What the engine in use keeps though nobody uses it, and how many bytes that takes; removing it thing by thing.

The engine is asked to remove without force, so what is taken into use between the look and the removal stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agent.engines.api import Connection, ask
from agent.engines.switch import Engines
from agent.errors import AgentError
from agent.loop import Loop
from agent.methods import Method

Item = dict[str, Any]
"""`{id, title, size}`; size in bytes, None when the engine does not tell."""

PREVIEW_LIMIT = 120.0
"""Seconds that the engine may take to measure what it has."""

REMOVE_LIMIT = 120.0

HELPER_LABEL = "io.linnet.helper"
"""Marks containers that Linnet makes for itself and takes away again."""

OWN_IMAGES = frozenset({"hello:latest", "localhost/hello:latest", "docker.io/library/hello:latest"})
"""Linnet's own image, which could not be pulled again."""

BUILD_CACHE = "build-cache"

_POD_IMAGE = "podman-pause"
"""Image of the container that holds a pod together; it goes with its pod alone."""

_LIVE = frozenset({"running", "paused", "restarting", "removing", "stopping"})


def methods(loop: Loop, engines: Engines) -> dict[str, Method]:
    """Return the requests that this module carries out."""

    async def preview(_params: dict[str, Any]) -> Any:
        connection = engines.current.connect(loop)
        try:
            return await loop.timeout(PREVIEW_LIMIT, _preview(connection))
        finally:
            connection.close()

    async def remove(params: dict[str, Any]) -> Any:
        paths = _removals(str(params["kind"]), str(params["id"]), params.get("names") or ())
        connection = engines.current.connect(loop)
        try:
            for method, path in paths:
                await loop.timeout(REMOVE_LIMIT, ask(connection, method, path))
        finally:
            connection.close()
        return {}

    return {"prune.preview": preview, "prune.remove": remove}


async def _preview(connection: Connection) -> dict[str, list[Item]]:
    containers = await connection.json("/containers/json?all=true&size=true")
    images = await connection.json("/images/json")
    return sort_out(containers, images, await connection.json("/system/df"))


def sort_out(
    containers: list[dict[str, Any]], images: list[dict[str, Any]], use: dict[str, Any]
) -> dict[str, list[Item]]:
    """Return what could go, by kind, the largest first.

    Args:
        containers: the engine's list of all of them, with sizes.
        images: its list of images.
        use: its answer to /system/df.
    """
    used_images = {entry.get("ImageID") for entry in containers}
    used_volumes = {
        mount.get("Name") for entry in containers for mount in entry.get("Mounts") or [] if mount.get("Name")
    }
    shared = {entry.get("Id"): entry for entry in use.get("Images") or []}
    unused = [entry for entry in images if entry["Id"] not in used_images and not OWN_IMAGES & _tags(entry)]
    return {
        "containers": _sorted(_container(entry) for entry in containers if _stopped(entry)),
        "dangling": _sorted(_image(entry, shared) for entry in unused if not _tags(entry)),
        "images": _sorted(_image(entry, shared) for entry in unused if _tags(entry)),
        "volumes": _sorted(
            {"id": entry["Name"], "title": entry["Name"], "size": _size((entry.get("UsageData") or {}).get("Size"))}
            for entry in use.get("Volumes") or []
            if entry["Name"] not in used_volumes and not (entry.get("UsageData") or {}).get("RefCount")
        ),
        BUILD_CACHE: _build_cache(use.get("BuildCache") or []),
    }


def _stopped(entry: dict[str, Any]) -> bool:
    if HELPER_LABEL in (entry.get("Labels") or {}) or _POD_IMAGE in str(entry.get("Image")):
        return False
    return str(entry.get("State")).lower() not in _LIVE


def _container(entry: dict[str, Any]) -> Item:
    name = ((entry.get("Names") or [""])[0] or entry["Id"][:12]).removeprefix("/")
    return {"id": entry["Id"], "title": f"{name} ({entry.get('Image') or '?'})", "size": _size(entry.get("SizeRw", 0))}


def _tags(entry: dict[str, Any]) -> set[str]:
    return {tag for tag in entry.get("RepoTags") or [] if tag and "<none>" not in tag}


def _image(entry: dict[str, Any], shared: dict[Any, dict[str, Any]]) -> Item:
    tags = sorted(_tags(entry))
    size, common = _size(entry.get("Size")), _size((shared.get(entry["Id"]) or {}).get("SharedSize"))
    own = max(0, size - common) if size is not None and common is not None else size
    title = ", ".join(tags) or entry["Id"].removeprefix("sha256:")[:12]
    return {"id": entry["Id"], "title": title, "size": own, "names": tags}


def _build_cache(entries: list[dict[str, Any]]) -> list[Item]:
    free = [entry for entry in entries if not entry.get("InUse")]
    if not free:
        return []
    size = sum(_size(entry.get("Size")) or 0 for entry in free if not entry.get("Shared"))
    return [{"id": BUILD_CACHE, "title": f"{len(free)} steps of builds", "size": size}]


def _size(value: Any) -> int | None:
    """Return a size that an engine gave; it says -1 for what it has not measured."""
    return int(value) if isinstance(value, int) and value >= 0 else None


def _sorted(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (-(item["size"] or 0), item["title"]))


def _removals(kind: str, identifier: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return method and path of the requests that remove one thing. AgentError: there is no such kind."""
    from urllib.parse import quote  # half a megabyte that a guest in which nothing is pruned need not carry

    if kind == BUILD_CACHE:
        return [("POST", "/build/prune")]
    if kind in ("images", "dangling"):
        # An image with several names goes only name by name: its number alone would need force.
        return [("DELETE", f"/images/{quote(str(name), safe='')}") for name in (list(names) or [identifier])]
    if kind in ("containers", "volumes"):
        return [("DELETE", f"/{kind}/{quote(identifier, safe='')}")]
    raise AgentError("usage", f"There is nothing called {kind!r} that could be removed.")
