"""Tells when the guest has nothing to do, and uses the time: caches go back to the host, free blocks are trimmed.

A look every ten seconds at a few counters of the kernel; what a look costs is nothing beside the scan of listeners. The
guest is idle when some looks in a row found its containers, everything else in it and its ports without work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from agent import cgroup, disk, memory
from agent.containers import Container
from agent.core import Sampled
from agent.errors import AgentError
from agent.loop import Loop, log
from agent.stats import disks

INTERVAL = 10.0
"""Seconds between two looks."""

CONTAINERS_SHARE = 0.02
"""Part of one processor that all containers together may use in a guest without work."""

GUEST_SHARE = 0.25
"""The same for the whole guest: engine, agent and kernel use some, more where the processor is emulated."""

TRAFFIC = 128 * 1024
"""Bytes that may arrive between two looks: what linnetd and its listeners ask is less."""

QUIET_LOOKS = 3
"""Looks without work after which the guest counts as idle."""

TRIM_AFTER = 300.0
"""Seconds without work after which free blocks are trimmed."""

TRIM_STEP = 64 * 1024 * 1024
"""Bytes that must have been freed, or written, since the last trim for another to be worth it."""

_HOST = "0202000A"
"""10.0.2.2, the host as the guest sees it, in the kernel's spelling."""

_SSH = "0016"

_ESTABLISHED = "01"


class Counters(NamedTuple):
    """What is looked at. All of it counts from the start of the guest but `open`."""

    time: float
    """Seconds, monotonic."""
    containers: dict[str, int]
    """Microseconds of processor time by container."""
    guest: int
    """Microseconds of processor time of all the guest."""
    accepted: int
    """TCP connections that were accepted, datagrams that arrived, packets that went through to a container."""
    received: int
    """Bytes from the network."""
    open: int
    """Connections of the host to published ports."""


def look(folders: dict[str, str], before: Counters | None = None) -> Counters:
    """Return the counters now; `folders` are the cgroups by container, `before` what the last look found."""
    cpu = {name: cgroup.flat(cgroup.read(f"{path}/cpu.stat")).get(b"usage_usec", 0) for name, path in folders.items()}
    came = accepted(cgroup.read("/proc/net/snmp"))
    connected = 0
    # The kernel goes through all of its tables for these two files. Where none was open and none was accepted, none is.
    if before is None or before.open or came != before.accepted:
        connected = connections(cgroup.read("/proc/net/tcp")) + connections(cgroup.read("/proc/net/tcp6"))
    return Counters(
        time.monotonic(),
        cpu,
        cgroup.flat(cgroup.read(f"{cgroup.ROOT}/cpu.stat")).get(b"usage_usec", 0),
        came,
        received(cgroup.read("/proc/net/dev")),
        connected,
    )


def accepted(snmp: bytes) -> int:
    """Return what came in, from the text of /proc/net/snmp: a line of names is followed by one of values."""
    wanted = {b"Ip:": b"ForwDatagrams", b"Tcp:": b"PassiveOpens", b"Udp:": b"InDatagrams"}
    total = 0
    lines = snmp.splitlines()
    for names, values in zip(lines[::2], lines[1::2], strict=False):
        fields = dict(zip(names.split(), values.split(), strict=False))
        kind = names.split(b" ", 1)[0]
        value = fields.get(wanted.get(kind, b""), b"0")
        total += int(value) if value.isdigit() else 0
    return total


def received(table: bytes) -> int:
    """Return bytes received over network cards, from the text of /proc/net/dev."""
    total = 0
    for line in table.splitlines()[2:]:
        name, _, rest = line.partition(b":")
        if name.strip().startswith(b"eth") and rest:
            total += int(rest.split()[0])
    return total


def connections(table: bytes) -> int:
    """Return how many connections the host has to ports other than SSH's, from the text of /proc/net/tcp or tcp6."""
    count = 0
    for line in table.decode("ascii", "replace").splitlines()[1:]:
        words = line.split()
        if len(words) < 4 or words[3] != _ESTABLISHED:
            continue
        port, (address, _, _) = words[1].rpartition(":")[2], words[2].partition(":")
        count += address.endswith(_HOST) and port != _SSH
    return count


def has_worked(before: Counters, now: Counters) -> bool:
    """Return whether anybody used the guest between two looks."""
    span = max(now.time - before.time, 0.001) * 1e6
    if before.containers.keys() != now.containers.keys() or now.open or now.accepted != before.accepted:
        return True
    containers = sum(used - before.containers[name] for name, used in now.containers.items())
    return (
        containers > CONTAINERS_SHARE * span
        or now.guest - before.guest > GUEST_SHARE * span
        or now.received - before.received > TRAFFIC
    )


class IdleWatch:
    """Looks as long as somebody is subscribed; tells the topic `idle` at the beginning and at each change.

    What it tells: `{idle, quiet, containers}`: whether there is no work, seconds that this has been so, and how many
    containers run.
    """

    def __init__(
        self, loop: Loop, containers: Callable[[], Collection[Container]], emit: Callable[[Any], None]
    ) -> None:
        self._loop = loop
        self._containers = containers
        self._emit = emit
        self._folders: dict[str, tuple[int, str]] = {}
        self._quiet = 0
        self._last: Counters | None = None
        self._told: tuple[bool, bool] | None = None
        self._reclaimed = False
        self._trim = Trimming()

    async def run(self) -> None:
        """Look until the task is cancelled."""
        while True:
            await self.step(look(self._current(), self._last))
            await self._loop.sleep(INTERVAL)

    async def step(self, now: Counters) -> None:
        """Take one look in, tell what it changes, and do what can be done in idle time."""
        worked = self._last is None or has_worked(self._last, now)
        self._last = now
        self._quiet = 0 if worked else self._quiet + 1
        idle = self._quiet >= QUIET_LOOKS
        state = (idle, bool(now.containers))
        if state != self._told:
            self._told = state
            data = {"idle": idle, "quiet": round(self._quiet * INTERVAL), "containers": len(now.containers)}
            self._emit(Sampled("idle", data))
        if not idle:
            self._reclaimed = False
            return
        if not self._reclaimed:
            self._reclaimed = True
            await self._reclaim()
        if self._quiet * INTERVAL >= TRIM_AFTER:
            await self._trim.run(self._loop)

    async def _reclaim(self) -> None:
        try:
            await self._loop.in_thread(memory.reclaim)
        except AgentError as error:
            log(f"the caches could not be emptied: {error.message}")

    def _current(self) -> dict[str, str]:
        """Return the cgroups of the containers that run, by id; they are looked for once."""
        found: dict[str, tuple[int, str]] = {}
        for container in self._containers():
            known = self._folders.get(container.id)
            if known is not None and known[0] == container.pid:
                found[container.id] = known
            elif container.pid and (folder := cgroup.of_process(container.pid, container.id)) is not None:
                found[container.id] = (container.pid, folder)
        self._folders = found
        return {name: folder for name, (_pid, folder) in found.items()}


class Trimming:
    """Trims the data disk in idle time, when there is something to trim.

    The file system tells the host of most blocks as they become free; a trim finds those that were too small then.
    """

    def __init__(self) -> None:
        self._used: int | None = None
        """Most bytes in use since the last trim; None before the first one of this boot."""
        self._written = 0

    async def run(self, loop: Loop) -> None:
        """Trim, unless next to nothing has changed since the last time."""
        if not self.worthwhile(disk.status()["used"], _written()):
            return
        try:
            done = await loop.in_thread(disk.trim)
        except AgentError as error:
            log(f"the data disk could not be trimmed: {error.message}")
        else:
            log(f"trimmed {done['trimmed']} bytes of the data disk")
        self._used, self._written = disk.status()["used"], _written()

    def worthwhile(self, used: int, written: int) -> bool:
        """Return whether to trim now that so many bytes are in use and so many were written since the boot."""
        if self._used is None:
            return True
        freed = self._used - used
        self._used = max(self._used, used)
        return freed >= TRIM_STEP or written - self._written >= TRIM_STEP


def _written() -> int:
    return disks(cgroup.read("/proc/diskstats"))[1]
