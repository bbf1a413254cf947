"""Makes backups of volumes when they are due: while their machine runs, one after another."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import msgspec

from app.core import volumes
from app.service.contract import Machine, Manager
from app.service.operations import Operation, Operations
from vm import tasks
from vm.errors import LinnetError
from vm.machine.status import MachineEvent
from vm.progress import Reporter

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds between two looks at what is due; a machine that has just started is looked at soon."""

SETTLE = 20.0
"""Seconds after a machine's start before what was missed is made up for: its containers come first."""


class BackupClock:
    """Looks what is due, and does it."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._manager: Manager | None = None
        self._jobs = tasks.Group()
        self._look = asyncio.Event()

    def open(self, manager: Manager) -> None:
        """Begin to look."""
        self._manager = manager
        manager.subscribe(self._on_event)
        self._jobs.start(self._run(), name="backups")

    def look(self) -> None:
        """Look now: something has changed."""
        self._look.set()

    def start(self, machine: str, volume: str) -> Operation:
        """Begin the backup of a volume, or return the one that is under way."""
        assert self._manager is not None
        found: Machine = self._manager.get(machine)

        async def work(report: Reporter) -> volumes.Exported:
            with found.in_use():
                return msgspec.convert(await found.volumes.back_up(volume, report), type=volumes.Exported)

        title, key = f"backup of volume {volume}", ("backup", machine, volume)
        return self._operations.run(title, work, machine=machine, key=key)

    async def close(self) -> None:
        """End; what is under way is cancelled by its operation."""
        await self._jobs.cancel()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), EVERY)
            self._look.clear()
            await self._make_due()

    async def _make_due(self) -> None:
        assert self._manager is not None
        for name in self._manager.names():
            try:
                machine: Machine = self._manager.get(name)
                for volume in machine.volumes.due_backups():
                    with contextlib.suppress(LinnetError):  # it is a problem of the machine then, and told as that
                        await self.start(name, volume).wait()
            except LinnetError as error:
                log.warning("machine %s: its backups cannot be looked at: %s", name, error.message)

    def _on_event(self, event: MachineEvent) -> None:
        if event.kind == "state" and event.data.get("state") == "running":
            asyncio.get_running_loop().call_later(SETTLE, self._look.set)
