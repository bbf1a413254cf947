"""Checks of one machine: engine, clock, name resolution, shares, ports."""

from __future__ import annotations

import asyncio
import socket

from app.service.doctor.model import DoctorContext, Finding, failed, ok, skipped, warning
from vm.machine.space import LEVELS, level_of, percent
from vm.machine.status import MachineState, MachineStatus
from vm.units import human_size

OFFSET_LIMIT = 2.0
"""Seconds that the guest's clock may be off; it is pushed every ten seconds."""

RESOLVED_NAME = "example.com"
"""A name that is reserved for examples and always resolves; nothing is ever sent to it."""

LIVE = (MachineState.running, MachineState.degraded)

_NOT_RUNNING = "The machine is {state}."


def _not_running(status: MachineStatus) -> Finding:
    return skipped(_NOT_RUNNING.format(state=status.state.value))


async def machine(_context: DoctorContext, status: MachineStatus) -> Finding:
    """Tell the machine's state and the problems it remembers."""
    if status.state is MachineState.broken:
        return failed(
            f"Its files cannot be used: {' '.join(status.errors)}", "`linnet config validate` names the cause."
        )
    if status.errors:
        return warning(f"The machine is {status.state.value}. Lately: {status.errors[-1]}")
    text = f"The machine is {status.state.value}."
    if status.restart_needed:
        return warning(
            f"{text} Changed settings wait for a restart: {', '.join(status.restart_needed)}.",
            f"`linnet machine restart {status.name}` when it suits you.",
        )
    return ok(text)


async def space(_context: DoctorContext, status: MachineStatus) -> Finding:
    """Check that the machine's data disk has room."""
    if status.state not in LIVE:
        return _not_running(status)
    use = status.disk_use
    if use is None:
        return skipped("The guest did not say how full its data disk is.")
    level = level_of(use.used, use.size)
    text = f"The data disk is {int(percent(use.used, use.size))} % full: {human_size(use.size - use.used)} are free."
    advice = "`linnet prune` shows what nobody uses and removes it; a larger `disk` in the settings gives more room."
    if level == max(LEVELS):
        return failed(text, advice)
    return warning(text, advice) if level else ok(text)


async def engine(_context: DoctorContext, status: MachineStatus) -> Finding:
    """Check that the engine answers."""
    if status.state not in LIVE:
        return _not_running(status)
    if status.engine is None:
        return failed("The guest cannot be reached.", f"`linnet machine restart {status.name}` starts it anew.")
    if not status.engine.healthy:
        return failed(
            f"{status.engine.kind} does not answer: {status.engine.error or 'no reason given'}",
            "The engine is started anew; containers that run under it may be restarted.",
            automatic=True,
        )
    return ok(f"{status.engine.kind} {status.engine.version or ''} answers.".replace("  ", " "))


async def restart_engine(context: DoctorContext, name: str) -> None:
    """Start the engine anew."""
    await context.restart_engine(name)


async def clock(_context: DoctorContext, status: MachineStatus) -> Finding:
    """Check that guest and host agree on the time."""
    if status.state not in LIVE:
        return _not_running(status)
    if status.clock_offset is None:
        return skipped("The guest's clock has not been asked yet.")
    text = f"The guest's clock was {abs(status.clock_offset):.2f} s {'ahead' if status.clock_offset > 0 else 'behind'}."
    if abs(status.clock_offset) > OFFSET_LIMIT:
        return warning(text, "The guest's clock is set to the host's.", automatic=True)
    return ok(text)


async def set_clock(context: DoctorContext, name: str) -> None:
    """Set the guest's clock."""
    await context.sync_clock(name)


async def dns(context: DoctorContext, status: MachineStatus) -> Finding:
    """Check that the guest resolves names when the host does."""
    if status.state not in LIVE:
        return _not_running(status)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(8):
            await loop.getaddrinfo(RESOLVED_NAME, None, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError):
        return skipped("This host does not resolve public names either; it seems to be offline.")
    code, output = await context.guest_run(status.name, f"timeout 10 getent hosts {RESOLVED_NAME}", 15)
    if code:
        return failed(
            f"The host resolves {RESOLVED_NAME}, the guest does not. {output.strip()}".strip(),
            f"A VPN or firewall may keep QEMU from the name server; `linnet machine restart {status.name}` "
            "takes over the host's present one.",
        )
    return ok("The guest resolves names.")


async def shares(_context: DoctorContext, status: MachineStatus) -> Finding:
    """Check that the configured folders are mounted."""
    if status.state not in LIVE:
        return _not_running(status)
    if not status.shares:
        return skipped("No folders are shared.")
    bad = [
        f"{share.path}: {share.error or 'not mounted'}" for share in status.shares if share.error or not share.mounted
    ]
    if bad:
        return failed("\n".join(bad), "`linnet share list` shows them; `linnet share remove` and `add` mount one anew.")
    kinds = ", ".join(f"{share.path} ({share.kind})" for share in status.shares)
    return ok(f"Mounted: {kinds}.")


async def ports(context: DoctorContext, status: MachineStatus) -> Finding:
    """Check that published ports can be reached from the host."""
    if status.state not in LIVE:
        return _not_running(status)
    found = await context.ports(status.name)
    bad = [
        f"{port.host_address}:{port.host_port}/{port.protocol}: {port.error or 'does not answer'}"
        for port in found
        if port.error or port.reachable is False
    ]
    if bad:
        return warning("\n".join(bad), "Publish another host port, or end the program that holds this one.")
    return ok(f"{len(found)} forwarded, none in trouble.") if found else skipped("No ports are published.")
