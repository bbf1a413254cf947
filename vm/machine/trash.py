"""What a machine's removed containers and volumes held: looked at before, kept, and brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vm.errors import ConflictError, DiskFullError
from vm.guest import job
from vm.progress import Progress, Reporter

if TYPE_CHECKING:
    from vm.machine.machine import Machine

LOOK_LIMIT = 120.0
"""Seconds that looking at containers may take: three for each folder, and the engine's own."""

REMOVE_LIMIT = 3600.0
"""Seconds that removing entries may take: each file counts."""

_NOT_KEPT = "`--no-trash` removes without keeping; `linnet trash empty` makes room."


class MachineTrash:
    """The trash of one machine; the engine in use is the one whose things are looked at, kept and restored."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    async def losses(self, containers: Sequence[str], volumes: Sequence[str]) -> Mapping[str, Any]:
        """Return what would go with containers and volumes (names or identifiers); those that do not exist are left
        out."""
        params = {"containers": list(containers), "volumes": list(volumes)}
        found = await self._ask("losses", params, LOOK_LIMIT)
        return {**found, "days": self._machine.load_config().trash_keep}

    async def keep(
        self, containers: Sequence[str], volumes: Sequence[str], stop: str, timeout: int | None, report: Reporter
    ) -> Mapping[str, Any]:
        """Keep what they hold; afterwards they are removed by whoever asked, and then `settle` is to be called.

        Args:
            containers: names or identifiers; those that run are left out unless `stop` says otherwise.
            volumes: names.
            stop: how those that run are stopped first: gently, force (as the engine's own `rm -f`), or "" (not at all).
            timeout: seconds that they have to end when it is done gently.
            report: told of it.

        Raises:
            DiskFullError, ConflictError: they cannot be kept. Nothing has changed.
        """
        report(Progress("Keeping what would be lost"))
        params = {"containers": list(containers), "volumes": list(volumes), "stop": stop, "timeout": timeout}
        try:
            await self.tell_policy()
            return await self._carry_out("trash.keep", params, report)
        except DiskFullError as error:
            raise DiskFullError(error.message, hint=_NOT_KEPT, detail=error.detail) from error
        except ConflictError as error:
            raise ConflictError(error.message, hint=error.hint or _NOT_KEPT, detail=error.detail) from error

    async def settle(self, ids: Sequence[str]) -> Mapping[str, Any]:
        """Say that the removing is over; returns the entries that are kept, without what is still there."""
        return await self._ask("trash.settle", {"ids": list(ids)}, LOOK_LIMIT)

    async def list(self) -> Sequence[Mapping[str, Any]]:
        """Return what is in the trash, newest first."""
        await self.tell_policy()
        found: Sequence[Mapping[str, Any]] = await self._machine.live().agent.request("trash.list", timeout=LOOK_LIMIT)
        return found

    async def show(self, name: str) -> Mapping[str, Any]:
        """Return an entry whole, by identifier or name. NotFoundError: it is not there."""
        return await self._ask("trash.show", {"id": name}, LOOK_LIMIT)

    async def restore(self, name: str, new_name: str | None, report: Reporter) -> Mapping[str, Any]:
        """Bring an entry back; it leaves the trash.

        Raises:
            ConflictError: a name is taken or something that it needs is missing; nothing has changed.
        """
        report(Progress(f"Restoring {name}"))
        params = {"id": name, "name": new_name}
        return await self._carry_out("trash.restore", params, report)

    async def remove(self, names: Sequence[str] | None, report: Reporter) -> Mapping[str, Any]:
        """Remove entries for good, or all of them; returns `removed` and the bytes that were `freed`."""
        report(Progress("Emptying the trash"))
        params = {} if names is None else {"ids": list(names)}
        return await self._ask("trash.remove", params, REMOVE_LIMIT)

    async def save_volume(self, container: str, source: str, name: str, report: Reporter) -> Mapping[str, Any]:
        """Make a named volume of a folder of a container, or of its volume without a name that is mounted there."""
        report(Progress(f"Copying {source} to the volume {name}"))
        params = {"container": container, "source": source, "name": name}
        return await self._carry_out("trash.save_volume", params, report)

    async def tell_policy(self) -> None:
        """Tell the guest how long and how much is kept, as the settings have it now."""
        config = self._machine.load_config()
        params = {"days": config.trash_keep, "bytes": config.trash_size}
        await self._machine.live().agent.request("trash.policy", params, timeout=REMOVE_LIMIT)

    async def _ask(self, method: str, params: dict[str, Any], limit: float) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self._machine.live().agent.request(method, params, timeout=limit)
        return answer

    async def _carry_out(self, method: str, params: dict[str, Any], report: Reporter) -> Mapping[str, Any]:
        return await job.carry_out(self._machine.live().agent, method, params, report)
