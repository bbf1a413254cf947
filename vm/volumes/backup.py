"""A volume that is backed up by itself: as it is in the file of all of them, and as the local API shows it."""

from __future__ import annotations

import msgspec


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """A volume that is backed up by itself."""

    volume: str
    engine: str
    every: float
    """Seconds from one to the next."""
    keep: int
    """How many files stay."""
    folder: str
    last: float | None = None
    """When the last one was written well, seconds since the epoch."""
    next: float | None = None
    """When it is due; null for as soon as the machine runs with that engine."""
    error: str | None = None
    """Why the last one failed."""
    files: list[str] = []
    """What is kept, oldest first."""

    def due(self, now: float) -> bool:
        """Tell whether it is time; what was missed while the machine was off is made up for by one."""
        return self.next is None or now >= self.next
