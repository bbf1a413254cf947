"""Warns before a disk is full: the machine's data disk, and the disk of this computer that its file is on.

A warning is given once when a level is reached, and again only after the use has fallen clearly below it, so that use
which goes up and down around a level is told once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vm.units import human_size

LEVELS = (95, 85)
"""Percent in use at which somebody should do something, the worst first."""

SLACK = 3
"""Percent by which the use must fall below a level to leave it."""

DATA, HOST = "data", "host"


@dataclass(frozen=True)
class SpaceWarning:
    """A disk that is nearly full.

    Attributes:
        disk: "data", the machine's data disk, or "host", the disk of this computer that it is on.
        level: 85 or 95, percent.
        text: a sentence or two for the user.
    """

    disk: str
    level: int
    text: str


def percent(used: int, size: int) -> float:
    """Return how full a disk is; one without a size is empty."""
    return 100 * used / size if size > 0 else 0.0


def level_of(used: int, size: int, before: int = 0) -> int:
    """Return the level that a disk has reached, 0 for none, when it was at the level `before`."""
    full = percent(used, size)
    return next((level for level in LEVELS if full >= (level - SLACK if before >= level else level)), 0)


def sentence(disk: str, machine: str, used: int, size: int) -> str:
    """Return what to say of a disk that is nearly full. Sizes in bytes."""
    # Rounded down: a disk that is not quite full is never called full.
    full = f"{int(percent(used, size))} % full, {human_size(max(0, size - used))} of {human_size(size)} are free"
    if disk == DATA:
        return (
            f"The data disk of machine '{machine}' is {full}. `linnet prune` shows what nobody uses; "
            "a larger `disk` in the settings gives it more room."
        )
    return (
        f"The disk of this computer that holds machine '{machine}' is {full}. "
        f"`linnet machine compact {machine}` gives back what the machine does not use."
    )


class SpaceWatch:
    """What is known of the disks of one machine."""

    def __init__(self, machine: str, tell: Callable[[SpaceWarning], None], changed: Callable[[], None]) -> None:
        """`tell` gets each new warning once; `changed` is called when a warning has come, gone or changed its level."""
        self._machine = machine
        self._tell = tell
        self._changed = changed
        self._now: dict[str, SpaceWarning] = {}

    @property
    def warnings(self) -> list[SpaceWarning]:
        """Return what is to be said now, the worst first."""
        return sorted(self._now.values(), key=lambda one: -one.level)

    def update(self, disk: str, used: int, size: int) -> None:
        """Take in how many bytes of a disk are used, and how large it is."""
        before = self._now.get(disk)
        level = level_of(used, size, before.level if before else 0)
        if level == 0:
            if self._now.pop(disk, None) is not None:
                self._changed()
            return
        now = self._now[disk] = SpaceWarning(disk, level, sentence(disk, self._machine, used, size))
        if before is None or level > before.level:
            self._tell(now)
        if before is None or level != before.level:
            self._changed()

    def forget(self, disk: str) -> None:
        """Know nothing of a disk any more, such as one whose machine has stopped."""
        if self._now.pop(disk, None) is not None:
            self._changed()
