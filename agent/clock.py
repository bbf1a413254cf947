"""The guest's clock."""

from __future__ import annotations

import time

TOLERANCE = 0.05
"""Seconds that the clock may be off before it is stepped."""


def set_clock(host_time: float) -> float:
    """Make the clock agree with `host_time` (seconds since 1970); return how many seconds it was ahead of it."""
    offset = time.time() - host_time
    if abs(offset) > TOLERANCE:
        time.clock_settime(time.CLOCK_REALTIME, host_time)
    return offset
