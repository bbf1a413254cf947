"""Tells which container lost a process because its memory was full, and which limit that was.

The kernel says it twice: in its log, with all there is to know, and in memory.events of the container's cgroup, which
also counts what the log leaves out when there is too much of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from agent import cgroup
from agent.containers import Container
from agent.loop import PRIORITY, READ, Loop, Task

_RECORD = 8192
"""Bytes that a record of the kernel's log has at most."""

_PATIENCE = 1.0
"""Seconds in which the kernel's log has told of a kill that memory.events counts."""

_REMEMBERED = 256
"""Containers whose names are known after their end, and kills whose containers are not known yet."""

_USAGE = re.compile(r"memory: usage (\d+)kB, limit (\d+)kB")
_KILL = re.compile(r"oom-kill:constraint=(\w+),.*?(?:oom_memcg=([^,]*),)?task_memcg=([^,]*),task=(.*),pid=(\d+),uid=")


class Kill(NamedTuple):
    """A process that the kernel ended because memory was full.

    Attributes:
        cgroup: of the process, below the root.
        limited: the cgroup whose limit was hit; empty when the guest itself was full.
        program: name of the process.
        limit: bytes, 0 when unknown or none.
        memory: bytes in use there.
    """

    cgroup: str
    limited: str
    program: str
    limit: int = 0
    memory: int = 0


class KernelLog:
    """Reads kills out of the records of the kernel's log."""

    def __init__(self) -> None:
        self._usage = (0, 0)

    def read(self, record: bytes) -> Kill | None:
        """Take in a record; return the kill that it tells of."""
        text = record.partition(b";")[2].partition(b"\n")[0].decode(errors="replace")
        usage = _USAGE.search(text)
        if usage:
            self._usage = (int(usage[1]) << 10, int(usage[2]) << 10)
            return None
        kill = _KILL.search(text)
        if kill is None:
            return None
        (used, limit), self._usage = self._usage, (0, 0)
        if kill[1] != "CONSTRAINT_MEMCG":
            return Kill(kill[3], "", kill[4])
        return Kill(kill[3], kill[2] or "", kill[4], limit, used)


class OomWatch:
    """Follows the containers that run. `killed` is called with the event as the host gets it (see `_event`)."""

    def __init__(self, loop: Loop, killed: Callable[[dict[str, Any]], None]) -> None:
        self._loop = loop
        self._killed = killed
        self._log: Task | None = None
        self._tasks: dict[str, Task] = {}
        self._names: dict[str, Container] = {}
        self._early: list[Kill] = []
        self._told: dict[str, int] = {}

    def set(self, containers: dict[str, Container]) -> None:
        """Follow exactly these containers from now on."""
        for container in containers.values():
            self.meet(container)
        containers = {key: container for key, container in containers.items() if container.pid}
        for container_id in [known for known in self._tasks if known not in containers]:
            self._tasks.pop(container_id).cancel()
            self._told.pop(container_id, None)
        for container_id, container in containers.items():
            if container_id not in self._tasks:
                self._told.pop(container_id, None)  # of its run before
                self._tasks[container_id] = self._loop.spawn(self._count(container))
        if containers and (self._log is None or self._log.done):
            self._log = self._loop.spawn(self._follow_log())

    def meet(self, container: Container) -> None:
        """Know a container by name; what the kernel's log said of it before is told now."""
        self._names.pop(container.id, None)
        self._names[container.id] = container
        for old in list(self._names)[:-_REMEMBERED]:
            del self._names[old]
        early, self._early = self._early, []
        for kill in early:
            self._tell_kill(kill)

    def stop(self) -> None:
        """Follow nothing any more."""
        self.set({})
        if self._log is not None:
            self._log.cancel()
            self._log = None

    async def _follow_log(self) -> None:
        try:
            descriptor = open_log()
        except OSError:
            return  # memory.events still counts
        reader = KernelLog()
        try:
            while True:
                await self._loop.wait(descriptor, READ)
                try:
                    record = os.read(descriptor, _RECORD)
                except (BlockingIOError, BrokenPipeError):
                    continue  # nothing there, or overwritten before it was read
                kill = reader.read(record)
                if kill is not None:
                    self._tell_kill(kill)
        finally:
            os.close(descriptor)

    def _tell_kill(self, kill: Kill) -> None:
        container = next((one for key, one in self._names.items() if key in kill.cgroup), None)
        if container is None:
            self._early = [*self._early[-_REMEMBERED:], kill]
        else:
            self._told[container.id] = self._told.get(container.id, 0) + 1
            own = not kill.limited or container.id in kill.limited
            self._killed(_event(container, kill, "" if own else kill.limited))

    async def _count(self, container: Container) -> None:
        folder = cgroup.of_process(container.pid, container.id)
        if folder is None:
            return
        try:
            descriptor = os.open(f"{folder}/memory.events", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return
        try:
            before = _kills(descriptor)
            while True:
                await self._loop.wait(descriptor, PRIORITY)
                if _kills(descriptor) > before + self._told.get(container.id, 0):
                    await self._loop.sleep(_PATIENCE)
                    for _ in range(_kills(descriptor) - before - self._told.get(container.id, 0)):
                        limit = cgroup.number(cgroup.read(f"{folder}/memory.max"))
                        self._tell_kill(Kill(container.id, container.id, "", limit, limit))
        except OSError:
            return  # the container ended and its cgroup with it
        finally:
            os.close(descriptor)


def open_log() -> int:
    """Return a descriptor of the kernel's log that gives a record a read, from now on. OSError: there is none."""
    descriptor = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    os.lseek(descriptor, 0, os.SEEK_END)
    return descriptor


def _event(container: Container, kill: Kill, other: str) -> dict[str, Any]:
    """Return the event of the topic `containers`; `other` is the cgroup whose limit was hit if it is not its own."""
    return {
        "action": "oom",
        "id": container.id,
        "name": container.name,
        "image": container.image,
        "labels": {},
        "limit": kill.limit,
        "memory": kill.memory,
        "program": kill.program,
        "guest": not kill.limited,
        "limited": other,
    }


def _kills(descriptor: int) -> int:
    return cgroup.flat(os.pread(descriptor, 4096, 0)).get(b"oom_kill", 0)
