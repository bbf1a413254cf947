"""Looking at a machine: everything that its status tells, asked of driver, guest and files. Never fails.

What cannot be found out is None, what is wrong is a sentence in `errors`; so `list` works whatever has happened.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from vm.config.description import MachineConfig
from vm.errors import LinnetError
from vm.machine import boot, ledger
from vm.machine.record import RunRecord
from vm.machine.rewrite import blocks
from vm.machine.status import DiskUse, EngineStatus, MachineState, MachineStatus, MemoryLedger

if TYPE_CHECKING:
    from vm.machine.machine import Machine
    from vm.machine.session import Session


async def inspect(machine: Machine, *, probe: bool) -> MachineStatus:
    """Return the status of `machine`; with `probe` the guest is asked, otherwise the last reports are told."""
    errors = machine.problems
    session = machine.session
    if session is not None:
        errors.extend(session.out_of_memory.all())
    errors.extend(warning.text for warning in machine.space_warnings)
    config: MachineConfig | None = None
    try:
        config = machine.load_config()
    except LinnetError as error:
        errors.append(error.message)
    try:
        state = await machine.state()
    except LinnetError as error:
        errors.append(error.message)
        state = MachineState.broken
    if config is None and state is MachineState.stopped:
        state = MachineState.broken
    run = machine.run_record() if state is not MachineState.stopped else None
    step = machine.transitions.step
    engine, process_id, memory_use, disk_use = await asyncio.gather(
        _engine(session, config, probe=probe),
        _process_id(session),
        _memory(session if probe else None),
        _disk(machine, session, probe=probe),
    )
    upgrade, refused = machine.upgrade_waiting(config.image) if config else (None, None)
    return MachineStatus(
        name=machine.name,
        state=state,
        cpus=run.spec.cpus if run else config.cpus if config else 0,
        memory=run.spec.memory if run else config.memory if config else 0,
        disk=config.disk if config else 0,
        driver=run.driver if run else config.driver if config else "",
        accelerator=run.spec.accelerator.value if run else config.accelerator if config else "",
        accelerator_reason=run.accelerator_reason if run else "",
        image=run.image if run else config.image if config else "",
        docker_socket=str(machine.files.docker_socket),
        engine=engine,
        ssh_port=run.ssh_port if run and session else None,
        process_id=process_id,
        started_at=run.started_at if run and session else None,
        step=step.text if step else None,
        memory_use=memory_use,
        disk_use=disk_use,
        clock_offset=session.clock_offset if session else None,
        shares=session.shares.status() if session else [],
        restart_needed=_waiting(run, config, session),
        errors=errors,
        upgrade=upgrade,
        upgrade_refused=refused,
    )


async def _engine(session: Session | None, config: MachineConfig | None, *, probe: bool) -> EngineStatus | None:
    if session is None:
        return EngineStatus(config.engine, healthy=False) if config else None
    if probe and session.linked:
        with contextlib.suppress(LinnetError):
            return await session.ask_engine()
    return session.engine or EngineStatus(session.engine_kind, healthy=False)


async def _process_id(session: Session | None) -> int | None:
    if session is None:
        return None
    with contextlib.suppress(LinnetError):
        return await session.driver.process_id(session.files.name)
    return None


async def _memory(session: Session | None) -> MemoryLedger | None:
    return None if session is None else await ledger.memory(session, await _process_id(session))


async def _disk(machine: Machine, session: Session | None, *, probe: bool) -> DiskUse | None:
    if not probe or not machine.files.data_disk.exists():
        return None
    try:
        on_host = await asyncio.to_thread(blocks, machine.files.data_disk)
        if session is None or not session.linked:
            size = (await machine.data_disk().measure()).size
            return DiskUse(size=size, used=on_host, on_host=on_host)
        now = await session.agent.request("disk.status", timeout=5)
    except (LinnetError, OSError):
        return None
    return DiskUse(size=int(now["size"]), used=int(now["used"]), on_host=on_host)


def _waiting(run: RunRecord | None, config: MachineConfig | None, session: Session | None) -> list[str]:
    if run is None or config is None:
        return []
    waiting = boot.changed_settings(run, config)
    # The file was changed by hand; `linnet engine use` and `linnet config set` switch at once.
    if session is not None and session.engine_kind != config.engine:
        waiting = sorted([*waiting, "engine"])
    return waiting
