"""Holding the data disk still for a moment, so that a copy of it taken from outside is whole.

Whoever wrote to it meanwhile waits. That must end in every case, also when the host that asked is gone: the guest lets
go by itself after a time, and so does an agent that starts (the former one may have died with the disk held).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from typing import Any

from agent.disk import DATA
from agent.errors import AgentError
from agent.loop import Loop, Timer, log

_FREEZE, _THAW = 0xC0045877, 0xC0045878
"""FIFREEZE and FITHAW of linux/fs.h."""

_USUAL, _MOST = 10.0, 30.0
"""Seconds."""

_SOON = "Try again in half a minute."
_BUSY = "Something writes very much. Try again later, or stop the machine first."


def hold(folder: str = DATA) -> None:
    """Write out what is in memory and let nobody write any more. Blocks."""
    os.sync()
    _tell(folder, _FREEZE)


def let_go(folder: str = DATA) -> bool:
    """Let everybody write again; return whether the file system was held. Blocks."""
    try:
        _tell(folder, _THAW)
    except OSError:
        return False  # EINVAL: it was not held
    return True


def _tell(folder: str, request: int) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.ioctl(handle, request, 0)
    finally:
        os.close(handle)


class Freezer:
    """Holds the data disk for at most a given time."""

    def __init__(self, loop: Loop, hold: Callable[[], None] = hold, let_go: Callable[[], bool] = let_go) -> None:
        self._loop = loop
        self._hold = hold
        self._let_go = let_go
        self._timer: Timer | None = None

    async def freeze(self, params: dict[str, Any]) -> dict[str, Any]:
        """Hold it for at most `limit` seconds.

        Raises:
            AgentError: it is held already, or could not be held within that time.
        """
        if self._timer is not None:
            raise AgentError("conflict", "The data disk is being held still already.", hint=_SOON)
        limit = min(max(float(params.get("limit", _USUAL)), 1.0), _MOST)
        # The time runs from now on: writing out what is in memory is part of it.
        timer = self._timer = self._loop.later(limit, self._over)
        try:
            await self._loop.in_thread(self._hold)
        except OSError as error:
            self._forget(timer)
            raise AgentError("guest", f"The data disk cannot be held still: {error.strerror}.") from error
        if self._timer is not timer:
            await self._loop.in_thread(self._let_go)
            raise AgentError("timeout", f"The data disk could not be held still within {limit:g} s.", hint=_BUSY)
        return {}

    async def thaw(self, _params: dict[str, Any]) -> dict[str, Any]:
        """Let go; `held` is whether it was held until now, which a copy is good for."""
        in_time = self._timer is not None
        self._forget(self._timer)
        was = await self._loop.in_thread(self._let_go)
        return {"held": in_time and bool(was)}

    def _forget(self, timer: Timer | None) -> None:
        if timer is not None:
            timer.cancel()
        self._timer = None

    def _over(self) -> None:
        self._timer = None
        log("the data disk was held too long and is let go")
        self._loop.spawn(self._loop.in_thread(self._let_go))
