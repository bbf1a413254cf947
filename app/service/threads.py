"""Blocking library code as long work: in a thread, with its progress, and ended when the operation is cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from vm.errors import CancelledByUserError
from vm.progress import Progress, Reporter

T = TypeVar("T")


async def run_blocking(work: Callable[[Reporter], T], report: Reporter) -> T:
    """Run `work` in a thread and return its result.

    When the calling task is cancelled, the next progress report of `work` raises CancelledByUserError in its thread,
    and only when it has ended does the cancellation go on: nothing is left running behind.
    """
    loop = asyncio.get_running_loop()
    cancelled = threading.Event()

    def tell(progress: Progress) -> None:
        if cancelled.is_set():
            raise CancelledByUserError("The operation was cancelled.")
        loop.call_soon_threadsafe(report, progress)

    future = loop.run_in_executor(None, work, tell)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        cancelled.set()
        await asyncio.wait([future])
        if not future.cancelled():
            # Looked at, so that it is not reported as forgotten.
            future.exception()
        raise
