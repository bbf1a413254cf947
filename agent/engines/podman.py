"""Podman, rootless and rootful."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable
from typing import Any

from agent import wire
from agent.engines import objects, published
from agent.engines.api import Connection
from agent.engines.base import Engine, action_of, sorted_out
from agent.loop import READ, Loop

_API = "/v4.0.0/libpod"
"""Podman's own API, which tells more than Docker's of how a container was made."""
_ONE = "%%7B%%22id%%22%%3A%%5B%%22%s%%22%%5D%%7D"
"""The filter `{"id":["…"]}`, as a URL has it."""

_MOST_KNOWN = 64
"""Containers of which it is remembered what was asked for."""


class Podman(Engine):
    """Podman for the user (the default) or for root.

    Podman's own event stream looks at its log four times a second, which is too slow for ports and keeps the guest from
    resting. So the log itself is followed here, woken by inotify; the stream is the way out when there is no log file.
    """

    program = "/usr/bin/podman"

    def __init__(self, uid: int) -> None:
        """Podman of the user with that number; 0 is rootful."""
        run = f"/run/user/{uid}" if uid else "/run"
        self.kind = "podman" if uid else "podman-rootful"
        self.target = f"linnet-engine-{self.kind}.target"
        self.socket = f"{run}/podman/podman.sock"
        # The user's containers end with the user manager.
        self.stop_containers = () if uid else (self.program, "stop", "--all")
        self._known: dict[str, list[published.Asked]] = {}
        self.log = f"{run}/libpod/tmp/events/events.log" if uid else "/run/libpod/events/events.log"

    async def events(self, loop: Loop, opened: Callable[[], None]) -> AsyncIterator[wire.Event]:
        """Yield what happens; see `Engine.events`."""
        # The folder is empty after a boot and Podman logs its own start, so a log that is there is the one in use.
        # (Asking `info` would be a second of work on an emulated CPU.)
        if os.path.exists(self.log):
            async for event in follow(loop, self.log, opened):
                yield event
        else:
            async for event in super().events(loop, opened):
                yield event

    async def describe(self, connection: Connection, container_id: str) -> dict[str, Any]:
        """Return the inspect answer; see `Engine.describe`."""
        data: dict[str, Any] = await connection.json(f"{_API}/containers/{container_id}/json")
        host = data.get("HostConfig") or {}
        bindings = host.get("PortBindings") or {}
        if data.get("Pod") and not bindings:  # they are those of the pod, and so reported for each of its containers
            bindings = (data.get("NetworkSettings") or {}).get("Ports") or {}
        if published.has_all(bindings):
            bindings = published.without_invented(bindings, await self._remembered(connection, data))
        host["PortBindings"] = bindings
        return data

    async def _remembered(self, connection: Connection, data: dict[str, Any]) -> list[published.Asked]:
        """Return what `_asked` said: it never changes, and a container that starts is looked at twice in a moment."""
        container = data["Id"]
        if container not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[container] = await self._asked(connection, data)
        return self._known[container]

    async def _asked(self, connection: Connection, data: dict[str, Any]) -> list[published.Asked]:
        """Return what the user asked for who made the container, or its pod."""
        owner: str = data["Id"]
        command: list[str] = []
        if data.get("Pod"):
            pod = await connection.json(f"{_API}/pods/{data['Pod']}/json")
            owner, argv = pod.get("InfraContainerID") or owner, pod.get("CreateCommand")
        else:
            config = data.get("Config") or {}
            argv, command = config.get("CreateCommand"), config.get("Cmd") or []
        if argv:
            return published.asked_on_command_line(argv, command)
        listed = await connection.json(f"{_API}/containers/json?all=true&filters={_ONE % owner}")
        return [asked for entry in listed for asked in published.asked_in_list(entry.get("Ports") or [])]


async def follow(loop: Loop, log: str, opened: Callable[[], None]) -> AsyncIterator[wire.Event]:
    """Yield the events that are appended to Podman's log from now on."""
    from agent.inotify import CREATE, MODIFY, MOVED_TO, Inotify

    folder = os.path.dirname(log)
    inotify = Inotify()
    tail = Tail(log)
    try:
        inotify.add(folder, MODIFY | CREATE | MOVED_TO)
        tail.skip()
        opened()
        while True:
            for line in tail.lines():
                for event in read_log_line(line):
                    yield event
            await loop.wait(inotify.descriptor, READ)
            inotify.drain()
    finally:
        tail.close()
        inotify.close()


class Tail:
    """The lines that are appended to a file, also when it is replaced by a new one (log rotation)."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor = -1
        self._rest = b""

    def skip(self) -> None:
        """Ignore what is in the file now."""
        if self._open():
            os.lseek(self._descriptor, 0, os.SEEK_END)

    def lines(self) -> list[bytes]:
        """Return the lines that are new."""
        found: list[bytes] = []
        if self._descriptor >= 0:
            self._read(found)
        if self._replaced() and self._open():
            self._read(found)
        return found

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _open(self) -> bool:
        self.close()
        self._rest = b""
        try:
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        return True

    def _replaced(self) -> bool:
        """Tell whether the path leads to another file than the open one, or the open one was cut."""
        try:
            there = os.stat(self._path)
        except FileNotFoundError:
            return False
        if self._descriptor < 0:
            return True
        here = os.fstat(self._descriptor)
        return (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino) or there.st_size < os.lseek(
            self._descriptor, 0, os.SEEK_CUR
        )

    def _read(self, found: list[bytes]) -> None:
        while piece := os.read(self._descriptor, 65536):
            *lines, self._rest = (self._rest + piece).split(b"\n")
            found.extend(lines)


def read_log_line(line: bytes) -> list[wire.Event]:
    """Return what a line of Podman's log tells; nothing if it is of no interest."""
    try:
        data = json.loads(line)
        return list(sorted_out(_read_container(data), objects.read_log(data)))
    except (ValueError, KeyError, TypeError):
        return []


def _read_container(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return an entry of the log as the host gets it, None if it is not about a container or of no interest."""
    action = action_of(data["Status"]) if data["Type"] == "container" else None
    if action is None:
        return None
    event: dict[str, Any] = {
        "action": action,
        "id": data["ID"],
        "name": data.get("Name") or "",
        "image": data.get("Image") or "",
        "labels": data.get("Attributes") or {},
    }
    if action == "die" and data.get("ContainerExitCode") is not None:
        event["exit_code"] = int(data["ContainerExitCode"])
    if action == "health":
        event["health"] = data.get("HealthStatus") or ""
    return event
