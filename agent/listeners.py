"""Which of the guest's sockets are services that the host can be interested in, and which container they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from agent.core import ListenersScanned
from agent.loop import Future, Loop
from agent.ports import Listener
from agent.sockets import Scanner, Socket, cgroup_paths

SCAN_INTERVAL = 3.0
"""Seconds between two looks at the sockets: nothing in the kernel tells of a new one."""
_SECOND_LOOK = 0.25
_HURRIED_LOOKS = 8

GUEST_ADDRESS = "10.0.2.15"
_REACHABLE = ("0.0.0.0", "::", "::1", GUEST_ADDRESS)  # noqa: S104 - compared, not bound
_FIRST_EPHEMERAL = 32768

_OWN_UNITS = ("system.slice/docker.service", "system.slice/containerd.service", "system.slice/linnet-agent.service")
_OWN_PORTS = {("tcp", 22), ("udp", 53), ("tcp", 53)}
_CONTAINER = re.compile(r"(?:^|[/-])([0-9a-f]{64})(?:\.scope)?(?:/|$)")
_CONMON = "libpod-conmon-"
_PODMAN = re.compile(r"/(?:podman-[0-9]+\.scope|podman\.service|libpod-conmon-)")
"""Where Podman and its proxies live; the user's own programs never do."""


def container_of(cgroup: str) -> str | None:
    """Return the id of the container that a cgroup belongs to, None if it is no container's."""
    match = _CONTAINER.search(cgroup)
    return match.group(1) if match and _CONMON not in cgroup else None


def select(sockets: Iterable[Socket], cgroups: dict[int, str]) -> frozenset[Listener]:
    """Return the services among `sockets`. `cgroups` maps the sockets' cgroup numbers to paths."""
    found = set()
    for one in sockets:
        path = cgroups.get(one.cgroup, "")
        reachable = one.address in _REACHABLE or one.address.startswith("127.")
        own = path.startswith(_OWN_UNITS) or _PODMAN.search(path) is not None
        if not reachable or own or not one.port:
            continue
        container = container_of(path)
        if container is None and (one.protocol, one.port) in _OWN_PORTS:
            continue
        if container is None and one.protocol == "udp" and one.port >= _FIRST_EPHEMERAL:
            continue  # somebody asks, nobody serves: clients' sockets look the same
        found.add(Listener(one.protocol, one.address, one.port, container))
    return frozenset(found)


class ListenersWatch:
    """Scans while somebody is subscribed to ports."""

    def __init__(self, loop: Loop, emit: Callable[[Any], None]) -> None:
        self._loop = loop
        self._emit = emit
        self._finder = Finder()
        self._hurried = 0
        self._wake = Future()
        self._task = loop.spawn(self._run())

    def stop(self) -> None:
        """End the watch."""
        self._task.cancel()
        self._finder.close()

    def hurry(self) -> None:
        """Look more often for a moment: a container started or ended, its sockets will follow."""
        self._hurried = _HURRIED_LOOKS
        self._wake.finish()

    async def _run(self) -> None:
        reported: frozenset[Listener] | None = None
        seen: frozenset[Listener] = frozenset()
        while True:
            found = self._finder.find()
            # What is new counts when it is still there at a second look: a container's proxy listens before its start
            # is announced, and many sockets live for a moment only.
            steady = found if reported is None or found == seen else found & (seen | reported)
            self._emit(ListenersScanned(steady))
            reported, seen = steady, found
            self._hurried = max(0, self._hurried - 1)
            await self._pause(_SECOND_LOOK if self._hurried or steady != found else SCAN_INTERVAL)

    async def _pause(self, seconds: float) -> None:
        self._wake = Future()
        timer = self._loop.later(seconds, self._wake.finish)
        try:
            await self._wake
        finally:
            timer.cancel()


class Finder:
    """Finds the services."""

    def __init__(self) -> None:
        self._scanner = Scanner()
        self._sockets: frozenset[Socket] | None = None
        self._cgroups: dict[int, str] = {}
        self._listeners: frozenset[Listener] = frozenset()

    def find(self) -> frozenset[Listener]:
        """Return the services of the guest; the same object if nothing changed."""
        sockets = self._scanner.scan()
        if sockets is not self._sockets:
            self._sockets = sockets
            wanted = {one.cgroup for one in sockets} - {0}
            if not wanted <= self._cgroups.keys():
                self._cgroups = dict.fromkeys(wanted, "") | cgroup_paths(wanted)
            self._listeners = select(sockets, self._cgroups)
        return self._listeners

    def close(self) -> None:
        """Close the scanner."""
        self._scanner.close()
