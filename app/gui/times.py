"""Moments and ages, as engines write them and as people read them."""

from __future__ import annotations

import re
import time
from datetime import datetime

from app.gui.text import mark, tr
from vm.units import human_duration

_FRACTION = re.compile(r"\.(\d{6})\d+")

_UNITS = (
    (86400 * 365, mark("{n} y")),
    (86400, mark("{n} d")),
    (3600, mark("{n} h")),
    (60, mark("{n} min")),
)

_SPANS = {
    "d": mark("{n} d"),
    "h": mark("{n} h"),
    "min": mark("{n} min"),
    "s": mark("{n} s"),
    "ms": mark("{n} ms"),
}
"""Units of `vm.units.human_duration`."""


def epoch(value: object) -> float:
    """Return a moment that an engine wrote, seconds since the epoch; 0 for none. Numbers are taken as they are."""
    if isinstance(value, int | float):
        return float(value)
    text = _FRACTION.sub(r".\1", str(value or "")).replace("Z", "+00:00")
    try:
        return max(0.0, datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError):
        return 0.0


def age(value: object) -> str:
    """Return how long ago a moment was, roughly, in one unit; "" for none."""
    moment = epoch(value)
    seconds = max(0.0, time.time() - moment)
    if not moment:
        return ""
    for size, unit in _UNITS:
        if seconds >= size:
            return tr(unit, n=int(seconds // size))
    return tr("now") if seconds < 5 else tr("{n} s", n=int(seconds))


def written(value: object) -> str:
    """Return a moment in full, local time; "" for none."""
    moment = epoch(value)
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment)) if moment else ""


def span(seconds: float) -> str:
    """Return how long something takes, in at most two units."""
    words = human_duration(seconds).split()
    return " ".join(tr(_SPANS[unit], n=number) for number, unit in zip(words[::2], words[1::2], strict=True))
