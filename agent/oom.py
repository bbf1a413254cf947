"""Tells which container lost a process because its memory was full: the kernel signals that in memory.events."""

from __future__ import annotations

import os
from collections.abc import Callable

from agent import cgroup
from agent.containers import Container
from agent.loop import PRIORITY, Loop, Task


class OomWatch:
    """Follows memory.events of running containers. `killed` is called with the container's id."""

    def __init__(self, loop: Loop, killed: Callable[[str], None]) -> None:
        self._loop = loop
        self._killed = killed
        self._tasks: dict[str, Task] = {}

    def set(self, containers: dict[str, Container]) -> None:
        """Follow exactly these containers from now on."""
        containers = {key: container for key, container in containers.items() if container.pid}
        for container_id in [known for known in self._tasks if known not in containers]:
            self._tasks.pop(container_id).cancel()
        for container_id, container in containers.items():
            if container_id not in self._tasks:
                self._tasks[container_id] = self._loop.spawn(self._follow(container))

    async def _follow(self, container: Container) -> None:
        folder = cgroup.of_process(container.pid, container.id)
        if folder is None:
            return
        try:
            descriptor = os.open(f"{folder}/memory.events", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return
        try:
            kills = _kills(descriptor)
            while True:
                await self._loop.wait(descriptor, PRIORITY)
                before, kills = kills, _kills(descriptor)
                if kills > before:
                    self._killed(container.id)
        except OSError:
            return  # the container ended and its cgroup with it
        finally:
            os.close(descriptor)


def _kills(descriptor: int) -> int:
    return cgroup.flat(os.pread(descriptor, 4096, 0)).get(b"oom_kill", 0)
