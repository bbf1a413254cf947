"""A machine's shares, ports and engines as front ends see them: also while it does not run.

What is changed here is changed for good: first in the running guest, where it can fail, then in the description.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vm.config.description import restart_names
from vm.config.shares import Share, ShareConfig
from vm.errors import ConfigError, ConflictError, LinnetError, NotFoundError, UsageError
from vm.machine.boot import changed_settings
from vm.machine.engine import KINDS
from vm.machine.status import EngineStatus, PortStatus, ShareStatus
from vm.progress import Reporter, ignore
from vm.shares import plan

if TYPE_CHECKING:
    from vm.machine.machine import Machine


class MachineShares:
    """The shared folders of one machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    async def list(self) -> Sequence[ShareStatus]:
        """Return all shares: of a running machine as they are mounted, of another as they are described."""
        if self._machine.session is not None:
            return await self._machine.session.shares.refresh()
        return [
            ShareStatus(str(one.path), one.guest_path, one.read_only, one.kind, mounted=False)
            for one in self._machine.load_config().all_shares
        ]

    async def add(self, share: ShareConfig) -> ShareStatus:
        """Share a folder, now and in future.

        Raises:
            LinnetError: it cannot be shared; nothing has changed.
        """
        description = await self._machine.describe()
        plan.check_folder(share.path)
        description.change({"shares": _plain_all([*description.get("shares").value, share])})
        session = self._machine.session
        if session is None:
            description.save()
            return ShareStatus(str(share.path), share.guest_path, share.read_only, share.kind, mounted=False)
        status = await session.shares.add(share, session.agent, session.control)
        description.save()
        return status

    async def remove(self, path: str) -> ShareStatus:
        """Share a folder no longer; `path` is its path on the host or in the guest.

        Raises:
            NotFoundError: it is not shared.
            ConflictError: it is in use, or it is the home share.
        """
        description = await self._machine.describe()
        shares = list(description.get("shares").value)
        chosen = next((one for one in shares if path in (str(one.path), one.guest_path)), None)
        if chosen is None:
            if any(path in (str(one.path), one.guest_path) for one in self._machine.load_config().all_shares):
                raise ConflictError(
                    f"{path} is the share of your home.", hint="`linnet config set home_share off` turns it off."
                )
            raise NotFoundError(f"{path} is not shared.", hint="`linnet share list` shows what is.")
        shares.remove(chosen)
        description.change({"shares": _plain_all(shares)})
        session = self._machine.session
        status = ShareStatus(str(chosen.path), chosen.guest_path, chosen.read_only, chosen.kind, mounted=False)
        if session is not None:
            status = await session.shares.remove(path, session.agent)
        description.save()
        return status


class MachinePorts:
    """The ports of one machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    async def list(self, *, probe: bool = True) -> Sequence[PortStatus]:
        """Return all ports; none when the machine does not run."""
        session = self._machine.session
        return [] if session is None else await session.ports.list(probe)


class MachineEngines:
    """The engines of one machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    async def list(self) -> Sequence[Mapping[str, Any]]:
        """Return kind, installed, version, active and socket of each engine."""
        session = self._machine.session
        if session is not None:
            found: Sequence[Mapping[str, Any]] = await session.agent.request("engine.list")
            return found
        wanted = self._machine.load_config().engine
        return [{"kind": kind, "installed": True, "active": kind == wanted} for kind in KINDS]

    async def use(self, kind: str, report: Reporter = ignore) -> EngineStatus:
        """Switch to another engine, now and in future. Each engine's containers and images stay where they are."""
        if kind not in KINDS:
            raise UsageError(f"There is no engine '{kind}'.", hint=f"Engines: {', '.join(KINDS)}.")
        description = await self._machine.describe()
        description.change({"engine": kind})
        session = self._machine.session
        status = EngineStatus(kind, healthy=False)
        if session is not None:
            status = await session.use_engine(kind, report)
        description.save()
        return status

    async def restart(self) -> None:
        """Start the engine in use anew; returns when it answers."""
        session = self._machine.live()
        await session.use_engine(session.engine_kind, ignore)


async def configure(machine: Machine, changes: Mapping[str, object], *, restart: bool, report: Reporter) -> list[str]:
    """Change settings of a machine, see `Machine.configure`."""
    description = await machine.describe()
    changed = description.change(changes)
    session, run = machine.session, machine.run_record()
    engine: str = description.get("engine").value
    if session is not None and "engine" in changed and engine != session.engine_kind:
        await session.use_engine(engine, report)
    description.save()
    if run is None:
        return []
    try:
        config = machine.load_config()
    except ConfigError:  # of something that was wrong before
        return restart_names(changed)
    waiting = changed_settings(run, config)
    if session is None:
        return waiting
    if any(name.startswith("trash.") for name in changed):
        with contextlib.suppress(LinnetError):  # a guest that cannot be reached now is told with the next removal
            await machine.trash.tell_policy()
    await session.ports.configure(default_address=config.ports_address, include_services=config.ports_services)
    if waiting and restart:
        await machine.restart(report)
        return []
    return waiting


def _plain_all(shares: Sequence[ShareConfig]) -> list[Any]:
    return [Share().plain(share) for share in shares]
