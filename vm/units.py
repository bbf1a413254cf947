"""Sizes, durations and ages: how people write them, and how they are shown.

Bytes and seconds inside, text at the edges. `2GiB`, `2G` and `2gb` are the same size: nobody who sets a machine's
memory means powers of ten.
"""

from __future__ import annotations

import re

_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?\s*", re.IGNORECASE)
_STEPS = "kmgtp"
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB
TIB = 1024 * GIB


def parse_size(text: str) -> int:
    """Return the bytes that `text` ("2GiB", "512M", "1.5g", "4096") means.

    Raises:
        ValueError: it is not a size; the text is a sentence.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a size; write it like 2GiB or 512MiB.")
    number, unit = match.groups()
    factor = 1024 ** (_STEPS.index(unit.lower()) + 1) if unit else 1
    return round(float(number) * factor)


def format_size(size: int) -> str:
    """Return `size` bytes so that `parse_size` gives it back exactly ("2GiB", "1536MiB", "1000")."""
    for power in range(len(_STEPS), 0, -1):
        factor = 1024**power
        if size and size % factor == 0:
            return f"{size // factor}{_STEPS[power - 1].upper()}iB"
    return str(size)


def human_size(size: float) -> str:
    """Return `size` bytes rounded for reading ("1.5 GiB", "812 MiB", "0 B")."""
    value = float(size)
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if abs(value) < 1000 or unit == "TiB":
            break
        value /= 1024
    if unit == "B" or abs(value) >= 100 or value == int(value):
        return f"{value:.0f} {unit}"
    return f"{value:.1f} {unit}"


def parse_duration(text: str) -> float:
    """Return the seconds that `text` ("90", "90s", "1h30m", "250ms", "2d") means.

    Raises:
        ValueError: it is not a duration; the text is a sentence.
    """
    compact = text.strip()
    try:
        seconds = float(compact)
    except ValueError:
        rest = _DURATION_PART.sub("", compact).strip()
        parts = _DURATION_PART.findall(compact)
        if rest or not parts:
            raise ValueError(f"'{text}' is not a duration; write it like 90s, 15m or 1h30m.") from None
        return float(sum(float(number) * _SECONDS[unit.lower()] for number, unit in parts))
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"'{text}' is not a duration; write it like 90s, 15m or 1h30m.")
    return seconds


def format_duration(seconds: float) -> str:
    """Return `seconds` so that `parse_duration` gives them back, to a second ("15m", "1h30m", "90s" is "1m30s")."""
    left = round(seconds)
    parts = []
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def human_duration(seconds: float) -> str:
    """Return `seconds` for reading, in at most two units ("850 ms", "4.2 s", "3 min 5 s", "2 h 4 min", "3 d 1 h")."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for name, length, next_name, next_length in (("d", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if whole >= length:
            count, rest = divmod(whole, length)
            smaller = rest // next_length
            return f"{count} {name} {smaller} {next_name}" if smaller else f"{count} {name}"
    return f"{whole} s"
