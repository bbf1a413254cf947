"""What went wrong with a machine lately, in sentences; a good start makes the old ones past."""

from __future__ import annotations

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

KEPT = 20


class Problems:
    """The problems of one machine, oldest first."""

    def __init__(self, machine: str, tell: Callable[[str], None]) -> None:
        self._machine = machine
        self._tell = tell
        self._texts: list[str] = []

    def add(self, text: str) -> None:
        """Note a problem, and tell those who listen."""
        log.warning("machine %s: %s", self._machine, text)
        self._texts.append(text)
        del self._texts[:-KEPT]
        self._tell(text)

    def all(self) -> list[str]:
        """Return them all."""
        return list(self._texts)

    def forget(self, past: list[str]) -> None:
        """Drop those of `past`, an earlier answer of `all`; later ones say what happened since, and stay."""
        self._texts = self._texts[self._count(past) :]

    def _count(self, past: list[str]) -> int:
        """Return how many of `past` are still there: the oldest fall out when there are too many."""
        return next(n for n in range(len(past), -1, -1) if n == 0 or self._texts[:n] == past[-n:])
