"""Times of log lines in the user's time zone."""

from __future__ import annotations

import functools
from datetime import datetime

WIDTH = 23


@functools.lru_cache(maxsize=4096)
def local_time(text: str) -> str:
    """Return a time in RFC 3339 as local date and time, with milliseconds if it has them; what is no time as it is."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text[:WIDTH]
    shown = found.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return f"{shown}.{found.microsecond // 1000:03d}" if "." in text else shown


def moment(text: str) -> str:
    """Return a time in RFC 3339 as engines want it: seconds since 1970, a microsecond early as both may round."""
    return f"{datetime.fromisoformat(text).timestamp() - 1e-6:.6f}"
