"""What an engine says about volumes and about the containers that have them; and having it do something to those."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple
from urllib.parse import quote

from agent.engines.api import ApiError, Connection, ask, look_up
from agent.engines.base import Engine
from agent.errors import AgentError
from agent.loop import Loop

_PLACES = (
    ("/home/", "/data/home/"),
    ("/var/lib/containers/", "/data/containers/"),
    ("/var/lib/docker/", "/data/docker/"),
)
"""Folders of the data disk by the names that engines use. Moving needs both ends below one mount point."""

_ALIVE = ("running", "paused", "restarting", "stopping")

_LIMIT = 30.0
"""Seconds that the engine may take to answer."""

_STOP_LIMIT = 60.0
"""Seconds that stopping or starting a container may take."""


class Volume(NamedTuple):
    """A volume whose files lie on the data disk."""

    name: str
    path: str
    created: str
    labels: dict[str, str]
    options: dict[str, str]


class Holder(NamedTuple):
    """A container that is alive and has a volume."""

    id: str
    name: str
    state: str
    writes: bool


class EngineVolumes:
    """The volumes of one engine."""

    def __init__(self, loop: Loop, engine: Engine) -> None:
        self._loop = loop
        self._engine = engine
        self.kind = engine.kind

    async def find(self, name: str) -> Volume:
        """Return a volume; AgentError if there is none, or its files are not on the data disk."""
        data = await self._inspect(name)
        if data is None:
            raise AgentError(
                "not-found", f"There is no volume '{name}' ({self.kind}).", hint="`linnet volume ls` lists all volumes."
            )
        return self._read(name, data)

    def _read(self, name: str, data: dict[str, Any]) -> Volume:
        driver, options = str(data.get("Driver") or "local"), dict(data.get("Options") or {})
        elsewhere = next((option for option in ("type", "device") if options.get(option)), None)
        if driver != "local" or elsewhere is not None:
            why = f"the driver {driver}" if driver != "local" else f"the option {elsewhere}={options[str(elsewhere)]}"
            raise AgentError(
                "usage", f"The files of volume '{name}' are not on the machine's data disk ({why}), so this cannot be."
            )
        path = on_data_disk(str(data.get("Mountpoint") or ""))
        if not os.path.isdir(path) or os.path.ismount(path):
            raise AgentError("guest", f"The files of volume '{name}' are not at {path}, where the engine says.")
        return Volume(name, path, str(data.get("CreatedAt") or ""), dict(data.get("Labels") or {}), options)

    async def exists(self, name: str) -> bool:
        """Tell whether the engine has a volume of that name."""
        return await self._inspect(name) is not None

    async def create(self, name: str, labels: dict[str, str], options: dict[str, str]) -> Volume:
        """Make an empty volume; when there is one of the name already, engines return that."""
        body = {"Name": name, "Driver": "local", "Labels": labels, "DriverOpts": options}
        return self._read(name, json.loads(await self._ask("POST", "/volumes/create", body)))

    async def remove(self, name: str) -> None:
        """Remove a volume."""
        await self._ask("DELETE", f"/volumes/{quote(name, safe='')}")

    async def holders(self, name: str) -> list[Holder]:
        """Return the containers with the volume that run or are paused."""
        found = []
        for entry in json.loads(await self._ask("GET", "/containers/json?all=true")):
            state = str(entry.get("State") or "")
            mounts = [one for one in entry.get("Mounts") or [] if one.get("Name") == name]
            if state in _ALIVE and mounts:
                title = (entry.get("Names") or [entry["Id"][:12]])[0].removeprefix("/")
                writes = any(one.get("RW", True) for one in mounts)
                found.append(Holder(str(entry["Id"]), title, state, writes))
        return found

    async def pause(self, container: str) -> None:
        """Freeze a container."""
        await self._ask("POST", f"/containers/{container}/pause")

    async def unpause(self, container: str) -> None:
        """Let a frozen container go on; one that is not frozen, or gone, is left alone."""
        try:
            await self._ask("POST", f"/containers/{container}/unpause")
        except ApiError as error:
            if error.status not in (404, 409, 500):  # Podman says 500 of a container that is not paused
                raise
            if await self.state(container) == "paused":
                raise

    async def stop(self, container: str) -> None:
        """Stop a container, as the user would."""
        await self._ask("POST", f"/containers/{container}/stop", limit=_STOP_LIMIT)

    async def start(self, container: str) -> None:
        """Start a container."""
        await self._ask("POST", f"/containers/{container}/start", limit=_STOP_LIMIT)

    async def vanishes(self, container: str) -> bool:
        """Tell whether the container is removed when it stops (`run --rm`)."""
        data = json.loads(await self._ask("GET", f"/containers/{container}/json"))
        return bool((data.get("HostConfig") or {}).get("AutoRemove"))

    async def state(self, container: str) -> str:
        """Return the state of a container, "" when it is gone."""
        data = await self._look_up(f"/containers/{container}/json") or {}
        return str((data.get("State") or {}).get("Status") or "")

    async def _inspect(self, name: str) -> dict[str, Any] | None:
        return await self._look_up(f"/volumes/{quote(name, safe='')}")

    async def _look_up(self, path: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = await self._connected(_LIMIT, lambda connection: look_up(connection, path))
        return found

    async def _ask(self, method: str, path: str, body: Any = None, limit: float = _LIMIT) -> bytes:
        answer: bytes = await self._connected(limit, lambda connection: ask(connection, method, path, body))
        return answer

    async def _connected(self, limit: float, work: Callable[[Connection], Coroutine[Any, Any, Any]]) -> Any:
        connection = self._engine.connect(self._loop)
        try:
            return await self._loop.timeout(limit, work(connection))
        finally:
            connection.close()


def on_data_disk(path: str) -> str:
    """Return where a path of an engine is below the mount point of the data disk, if it is there."""
    for begin, place in _PLACES:
        if path.startswith(begin):
            other = place + path[len(begin) :]
            if os.path.exists(other) and os.path.samefile(path, other):
                return other
    return path


def subordinate_ids(kind: str, user: str = "linnet") -> dict[str, list[list[int]]] | None:
    """Return which numbers of users and groups in a container stand for which on the disk.

    Returns `{uid: [[in the container, on the disk, how many], …], gid: …}`; None when they are the same.
    """
    if kind != "podman":
        return None
    import pwd

    entry = pwd.getpwnam(user)
    return {
        "uid": [[0, entry.pw_uid, 1], *_ranges("/etc/subuid", user)],
        "gid": [[0, entry.pw_gid, 1], *_ranges("/etc/subgid", user)],
    }


def _ranges(path: str, user: str) -> list[list[int]]:
    ranges, inner = [], 1
    with open(path, encoding="ascii") as file:
        for line in file:
            name, _, rest = line.strip().partition(":")
            begin, _, size = rest.partition(":")
            if name == user and begin.isdigit() and size.isdigit():
                ranges.append([inner, int(begin), int(size)])
                inner += int(size)
    return ranges
