"""A machine's volumes beyond what engines do with them: snapshots, clones, exports, backups."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vm.errors import LinnetError
from vm.guest import job
from vm.progress import Progress, Reporter
from vm.volumes.backup import Backup
from vm.volumes.backups import Backups

if TYPE_CHECKING:
    from vm.machine.machine import Machine

REMOVE_LIMIT = 3600.0
"""Seconds that deleting a snapshot may take."""


class MachineVolumes:
    """The volumes of one machine, of the engine in use."""

    def __init__(
        self, machine: Machine, add_problem: Callable[[str], None], emit: Callable[[str, dict[str, Any]], None]
    ) -> None:
        self._machine = machine
        self._add_problem = add_problem
        self._emit = emit
        self._backups = Backups(machine.files.backups, machine.files.backup_folder)

    async def snapshots(self, volume: str | None = None) -> Sequence[Mapping[str, Any]]:
        """Return the snapshots of a volume, or of all, oldest first. NotFoundError: there is no such volume."""
        params = {} if volume is None else {"volume": volume}
        found: Sequence[Mapping[str, Any]] = await self._machine.live().agent.request("volumes.snapshots", params)
        return found

    async def snapshot(self, volume: str, name: str | None, report: Reporter) -> Mapping[str, Any]:
        """Take a snapshot; containers that write are paused for it. A time is its name unless given."""
        params = {"volume": volume, "name": name or _stamp()}
        return await self._carry_out("volumes.snapshot", params, report)

    async def remove_snapshot(self, volume: str, name: str) -> None:
        """Delete a snapshot."""
        agent = self._machine.live().agent
        await agent.request("volumes.remove_snapshot", {"volume": volume, "name": name}, timeout=REMOVE_LIMIT)

    async def rollback(self, volume: str, snapshot: str, stop: bool, report: Reporter) -> Mapping[str, Any]:
        """Put a volume back to a snapshot, after taking one of what is there.

        Raises:
            ConflictError: containers have it, and `stop` does not say that they may be stopped and started again.
        """
        before = f"before-rollback-{_stamp()}"
        params = {"volume": volume, "snapshot": snapshot, "before": before, "stop": stop}
        return await self._carry_out("volumes.rollback", params, report)

    async def clone(self, volume: str, name: str, snapshot: str | None, report: Reporter) -> Mapping[str, Any]:
        """Make a new volume with the same files; of a snapshot, also when the volume is gone."""
        params = {"volume": volume, "name": name, "snapshot": snapshot}
        return await self._carry_out("volumes.clone", params, report)

    async def browse(self, volume: str, path: str, snapshot: str | None) -> Mapping[str, Any]:
        """Return what is in a folder of a volume."""
        params = {"volume": volume, "path": path, "snapshot": snapshot}
        found: Mapping[str, Any] = await self._machine.live().agent.request("volumes.browse", params)
        return found

    async def export(
        self, volume: str, path: Path, report: Reporter, *, snapshot: str | None = None, overwrite: bool = False
    ) -> Mapping[str, Any]:
        """Write a volume to a file of this computer; see `vm.volumes.transfer.export`."""
        # Loaded when it is needed: with its library for compression it would take memory in every linnetd.
        from vm.volumes import transfer

        session = self._machine.live()
        return await transfer.export(
            session.agent, session.control, volume, path, report, snapshot=snapshot, overwrite=overwrite
        )

    async def import_(self, path: Path, name: str | None, report: Reporter) -> Mapping[str, Any]:
        """Make a volume of an export; see `vm.volumes.transfer.import_`."""
        from vm.volumes import transfer

        session = self._machine.live()
        return await transfer.import_(session.agent, session.control, path, name, report)

    def backups(self) -> Sequence[Backup]:
        """Return which volumes are backed up by themselves."""
        return self._backups.all()

    async def add_backup(self, volume: str, every: float, keep: int, folder: str | None) -> Backup:
        """Have a volume backed up every so many seconds. A machine that runs is asked whether it has the volume."""
        session = self._machine.session
        if session is not None:
            await session.agent.request("volumes.browse", {"volume": volume, "path": "/"})
        return self._backups.add(volume, self._engine(), every, keep, folder)

    def remove_backup(self, volume: str) -> Backup:
        """Back a volume up no more; its files stay."""
        return self._backups.remove(volume, self._engine())

    def due_backups(self) -> Sequence[str]:
        """Return the volumes whose backup is to be made now: none while the machine does not run."""
        session = self._machine.session
        if session is None or not session.healthy or not self._machine.files.backups.exists():
            return []
        try:
            return [one.volume for one in self._backups.due(session.engine_kind, time.time())]
        except LinnetError as error:
            if error.message not in self._machine.problems:
                self._add_problem(error.message)
            return []

    async def back_up(self, volume: str, report: Reporter) -> Mapping[str, Any]:
        """Make the backup of a volume now and delete those that are too many; returns what `export` does and `deleted`.

        A failure is a problem of the machine and is raised; nothing is deleted then.
        """
        backup = self._backups.find(volume, self._engine())
        self._machine.live()
        now = time.time()
        try:
            path = self._backups.prepare(backup, now)
            done = await self.export(volume, path, report)
        except LinnetError as error:
            self._backups.failed(backup, error.message, now)
            self._add_problem(f"The backup of volume '{volume}' failed: {error.message}")
            self._emit("backup", {"volume": volume, "path": None, "error": error.message})
            raise
        except asyncio.CancelledError:
            self._backups.failed(backup, "It was cancelled.", now)  # else it would begin again within a minute
            raise
        report(Progress("Deleting old backups"))
        deleted = self._backups.succeeded(backup, path, now)
        self._emit("backup", {"volume": volume, "path": str(path), "error": None})
        return {**done, "deleted": deleted}

    def _engine(self) -> str:
        session = self._machine.session
        return session.engine_kind if session is not None else self._machine.load_config().engine

    async def _carry_out(self, method: str, params: dict[str, Any], report: Reporter) -> Mapping[str, Any]:
        return await job.carry_out(self._machine.live().agent, method, params, report)


def _stamp() -> str:
    return time.strftime("%Y%m%d-%H%M%S")
