"""The doctor: looks at everything that can be wrong, says so in sentences, and mends what can be mended safely.

`run_checks` returns all checks in a fixed order; `fix` applies the automatic fixes of some and returns those checks
anew. Every check has a time limit, and none can keep the others from running.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Any, cast

from app.service.doctor import contexts, host, leftovers, machines
from app.service.doctor.model import (
    Check,
    DoctorContext,
    Finding,
    Fix,
    HostInfo,
    MachineProbe,
    Probe,
    Verdict,
    failed,
)
from vm.errors import LinnetError
from vm.machine.status import MachineStatus

__all__ = ["Check", "DoctorContext", "Fix", "Verdict", "fix", "run_checks"]

log = logging.getLogger(__name__)

HOST_PROBES = (
    Probe("accelerator", "Accelerator", host.accelerator, host.forget_accelerator, limit=60),
    Probe("qemu", "QEMU", host.qemu, limit=60),
    Probe("libvirt", "libvirt", host.libvirt, limit=60),
    Probe("disk-space", "Disk space", host.disk_space),
    Probe("folders", "Folders", host.folders, host.close_folders),
    Probe("sockets", "Sockets", host.sockets, host.close_sockets),
    Probe("images", "Guest images", host.images, limit=180),
    Probe("config", "Settings files", host.configs),
    Probe("leftovers", "Stale files", leftovers.files, leftovers.remove_files),
    Probe("processes", "Processes", leftovers.processes, leftovers.end_processes),
    Probe("docker-context", "Docker contexts", contexts.contexts, contexts.remove_contexts),
)

MACHINE_PROBES = (
    MachineProbe("machine", "State", machines.machine),
    MachineProbe("space", "Data disk", machines.space),
    MachineProbe("engine", "Engine", machines.engine, machines.restart_engine),
    MachineProbe("clock", "Clock", machines.clock, machines.set_clock),
    MachineProbe("dns", "Name resolution", machines.dns),
    MachineProbe("shares", "Shared folders", machines.shares),
    MachineProbe("ports", "Published ports", machines.ports),
)


class _Round:
    """The service during one round of checks: what several of them ask is found out once."""

    def __init__(self, context: DoctorContext) -> None:
        self._context = context
        self._host_info: asyncio.Task[HostInfo] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    async def host_info(self) -> HostInfo:
        if self._host_info is None:
            self._host_info = asyncio.create_task(self._context.host_info())
        return await asyncio.shield(self._host_info)


async def run_checks(context: DoctorContext, ids: Sequence[str] | None = None) -> list[Check]:
    """Return all checks, or those of `ids`, with the host's first."""
    context = cast("DoctorContext", _Round(context))
    jobs = [_host_check(context, probe) for probe in HOST_PROBES if ids is None or probe.id in ids]
    host_checks = await asyncio.gather(*jobs)
    groups = await asyncio.gather(*(_machine_checks(context, name, ids) for name in context.machine_names()))
    return [*host_checks, *(check for group in groups for check in group)]


async def fix(context: DoctorContext, ids: Sequence[str] = ()) -> list[Check]:
    """Apply the automatic fixes of the checks `ids`, of all when there are none; return those checks anew."""
    broken = [
        check
        for check in await run_checks(context, ids or None)
        if check.verdict in (Verdict.failed, Verdict.warning) and check.fix is not None and check.fix.automatic
    ]
    mended: dict[str, str] = {}
    for check in broken:
        try:
            await _mend(context, check.id)
        except (LinnetError, OSError, TimeoutError) as error:
            log.warning("doctor: %s could not be mended: %s", check.id, error)
            mended[check.id] = str(error)
    if not broken:
        return []
    again = await run_checks(context, [check.id for check in broken])
    return [
        check
        if check.id not in mended
        else Check(check.id, check.title, check.verdict, f"{check.text} Mending failed: {mended[check.id]}", check.fix)
        for check in again
    ]


async def _mend(context: DoctorContext, check_id: str) -> None:
    kind, _, name = check_id.partition(":")
    if name:
        mend = next(probe.mend for probe in MACHINE_PROBES if probe.id == kind)
        if mend is not None:
            await mend(context, name)
        return
    host_mend = next(probe.mend for probe in HOST_PROBES if probe.id == kind)
    if host_mend is not None:
        await host_mend(context)


async def _host_check(context: DoctorContext, probe: Probe) -> Check:
    finding = await _look(probe.look(context), probe.limit)
    return Check(probe.id, probe.title, finding.verdict, finding.text, finding.fix)


async def _machine_checks(context: DoctorContext, name: str, ids: Sequence[str] | None) -> list[Check]:
    wanted = [probe for probe in MACHINE_PROBES if ids is None or f"{probe.id}:{name}" in ids]
    if not wanted:
        return []
    try:
        async with asyncio.timeout(30):
            status = await context.status(name)
    except (LinnetError, TimeoutError) as error:
        return [Check(f"machine:{name}", f"State of {name}", Verdict.failed, _sentence(error), _hint(error))]

    async def check(probe: MachineProbe, status: MachineStatus) -> Check:
        finding = await _look(probe.look(context, status), probe.limit)
        return Check(f"{probe.id}:{name}", f"{probe.title} of {name}", finding.verdict, finding.text, finding.fix)

    return list(await asyncio.gather(*(check(probe, status) for probe in wanted)))


async def _look(looking: Awaitable[Finding], limit: float) -> Finding:
    try:
        async with asyncio.timeout(limit):
            return await looking
    except TimeoutError:
        return failed(f"The check did not finish within {limit:.0f} seconds.")
    except LinnetError as error:
        return Finding(Verdict.failed, _sentence(error), _hint(error))
    except OSError as error:
        return failed(f"The check could not look: {error}.")


def _sentence(error: LinnetError | TimeoutError) -> str:
    return error.message if isinstance(error, LinnetError) else "The machine did not answer in time."


def _hint(error: LinnetError | TimeoutError) -> Fix | None:
    return Fix(error.hint) if isinstance(error, LinnetError) and error.hint else None
