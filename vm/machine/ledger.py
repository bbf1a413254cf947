"""Where a running machine's memory is: what the guest says of it, and what it takes on this computer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psutil

from vm.errors import LinnetError
from vm.machine.status import MemoryLedger

if TYPE_CHECKING:
    from vm.machine.session import Session

LIMIT = 5.0
"""Seconds that the guest may take to tell."""


async def memory(session: Session, process_id: int | None) -> MemoryLedger | None:
    """Return the ledger of the guest of `session`, whose QEMU has that process id; None when it cannot be told."""
    if not session.linked:
        return None
    try:
        now = await session.agent.request("memory.ledger", timeout=LIMIT)
    except LinnetError:
        return None
    return MemoryLedger(
        total=int(now["total"]),
        used=int(now["containers"]) + int(now["system"]),
        containers=int(now["containers"]),
        system=int(now["system"]),
        cache=int(now["cache"]),
        free=int(now["free"]),
        host_rss=await asyncio.to_thread(resident, process_id),
    )


def resident(process_id: int | None) -> int | None:
    """Return how many bytes of this computer's memory a process holds; None when it is gone."""
    if process_id is None:
        return None
    try:
        return int(psutil.Process(process_id).memory_info().rss)
    except psutil.Error:
        return None
