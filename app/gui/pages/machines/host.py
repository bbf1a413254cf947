"""What this computer has for machines: the limits of the settings table, and the room on its disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from vm.config.settings import MACHINE_SETTINGS, Host, Setting, find
from vm.layout import Layout


@dataclass(frozen=True)
class Room:
    """What machines may take.

    Attributes:
        host: processors and memory of this computer.
        free: bytes that are free where machines keep their disks.
    """

    host: Host
    free: int


def measure(layout: Layout) -> Room:
    """Return what this computer has; looks at its disk, so not on the main thread."""
    place: Path = layout.machines
    while not place.exists() and place != place.parent:
        place = place.parent
    return Room(Host.current(layout), shutil.disk_usage(place).free)


def default(name: str, host: Host) -> int:
    """Return the default of a setting that is a number."""
    return int(_setting(name).default_for(host))


def least(name: str, host: Host) -> int:
    """Return the smallest value of a setting."""
    limit = _setting(name).minimum
    return int((limit(host) if callable(limit) else limit) or 0)


def most(name: str, host: Host) -> int:
    """Return the largest value of a setting."""
    limit = _setting(name).maximum
    return int((limit(host) if callable(limit) else limit) or 0)


def _setting(name: str) -> Setting:
    found = find(MACHINE_SETTINGS, name)
    assert found is not None
    return found
