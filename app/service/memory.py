"""Giving back memory when the work that needed it is over.

Loading the program, starting a machine or a transfer takes memory that is free again afterwards, but that the C
library keeps for later. And what is alive then stays so for days, hence the garbage collector need not walk through it
again and again; each walk is a pause of some 30 ms in which no client is served.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
from collections.abc import Callable

SETTLED = 10.0
"""Seconds after some work until its leftovers are looked after."""

QUIET = 1.0
"""Seconds in which nothing may have happened when that is done: it is a pause of its own."""

LONGEST_WAIT = 60
"""How many times a quiet second is waited for; a service that is never quiet tidies up in between."""

LARGE_BLOCK = 1024 * 1024
"""Bytes from which on a block of memory goes straight back to the system when it is freed."""

SPARE = 2 * LARGE_BLOCK
"""Bytes that the C library may keep at the end of its heap."""

# Numbers of mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8


def begin() -> None:
    """Have the C library keep little; before any thread is started.

    It would otherwise keep a heap for each thread, whose free end even `give_back` does not reach, and after the first
    large block that is freed it would keep blocks of that size.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        for option, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, LARGE_BLOCK), (_TRIM_THRESHOLD, SPARE)):
            mallopt(option, value)


class Housekeeper:
    """Tidies up some seconds after work, once, in a quiet moment. Belongs to the loop."""

    def __init__(self, activity: Callable[[], int], tidy: Callable[[], None] | None = None) -> None:
        """Prepare.

        Args:
            activity: a number that differs from the one before when something has been done since.
            tidy: what to do; a test has something else.
        """
        self._activity = activity
        self._tidy = tidy or give_back
        self._timer: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """Note that there was work. When more follows soon, all of it is tidied up together."""
        self.close()
        self._timer = asyncio.get_running_loop().call_later(SETTLED, self._look, None, LONGEST_WAIT)

    def close(self) -> None:
        """Do nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, before: int | None, left: int) -> None:
        now = self._activity()
        if now == before or not left:
            self._timer = None
            self._tidy()
        else:
            self._timer = asyncio.get_running_loop().call_later(QUIET, self._look, now, left - 1)


def give_back() -> None:
    """Collect garbage, take what is alive out of later collections, and give the system what the C library keeps."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    # Only glibc has it, and there is nothing that could be done without.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
