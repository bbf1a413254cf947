"""What is done for a machine while nobody looks: it is suspended when nobody uses it, and its disks are watched."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from vm import tasks
from vm.machine.idle import IdleKeeper, IdleRules
from vm.machine.space import DATA, HOST, SpaceWarning, SpaceWatch

if TYPE_CHECKING:
    from vm.machine.machine import Machine

HOST_DISK_EVERY = 60.0
"""Seconds between two looks at this computer's disk while the machine runs."""

UP = ("running", "degraded")


class Care:
    """Looks after one machine.

    Attributes:
        idle: suspends it when nobody uses it.
        space: warns of full disks.
    """

    def __init__(
        self, machine: Machine, problem: Callable[[str], None], emit: Callable[[str, dict[str, Any]], None]
    ) -> None:
        """`problem` remembers what went wrong and tells it; `emit` tells events."""
        self._machine = machine
        self._emit = emit
        self.idle = IdleKeeper(machine.name, self._rules, self._suspend, problem, self._is_busy)
        self.space = SpaceWatch(machine.name, self._warn, self._space_changed)
        self._jobs = tasks.Group()
        self._host: asyncio.Task[None] | None = None

    def on_event(self, kind: str, data: Mapping[str, Any]) -> None:
        """Take an event of the machine."""
        if kind == "idle":
            self.idle.take(data)
        elif kind == "disk":
            self.space.update(DATA, int(data["used"]), int(data["size"]))
            if self._host is None:
                self._host = self._jobs.start(self._watch_host(), name=f"host-disk-{self._machine.name}")
        elif kind == "state" and data.get("state") not in UP:
            self.idle.forget()
            if data.get("state") in ("stopped", "suspended"):
                self._forget_disks()

    async def close(self) -> None:
        """Do nothing more."""
        await self.idle.close()
        await self._jobs.cancel()

    def _forget_disks(self) -> None:
        if self._host is not None:
            self._host.cancel()
            self._host = None
        for disk in (DATA, HOST):
            self.space.forget(disk)

    def _rules(self) -> IdleRules:
        config = self._machine.load_config()
        return IdleRules(config.idle_suspend, config.idle_containers)

    def _is_busy(self) -> bool:
        session = self._machine.session
        if session is None or not session.healthy or self._machine.transitions.state is not None:
            return True
        return session.ports.connections > 0

    async def _suspend(self) -> None:
        if self._machine.session is not None:
            await self._machine.suspend()

    async def _watch_host(self) -> None:
        folder = self._machine.files.folder
        while True:
            try:
                usage = await asyncio.to_thread(shutil.disk_usage, folder)
            except OSError:
                return  # the machine is being deleted
            # As `df` counts: what is kept for root is neither used nor free.
            self.space.update(HOST, usage.used, usage.used + usage.free)
            await asyncio.sleep(HOST_DISK_EVERY)

    def _warn(self, warning: SpaceWarning) -> None:
        self._emit("problem", {"text": warning.text})

    def _space_changed(self) -> None:
        worst = {warning.disk: warning.level for warning in self.space.warnings}
        self._emit("space", {DATA: worst.get(DATA, 0), HOST: worst.get(HOST, 0)})
