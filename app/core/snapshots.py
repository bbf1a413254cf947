"""The types of the local API's routes about snapshots of a machine, and about its upgrades."""

from __future__ import annotations

import msgspec

from app.core.api import Request


class Counts(msgspec.Struct, frozen=True):
    """How much an engine held."""

    engine: str
    images: int
    containers: int
    volumes: int


class Snapshot(msgspec.Struct, frozen=True):
    """A snapshot; of one whose record cannot be read, only name and problem are known."""

    name: str
    problem: str | None = None
    """Why it cannot be gone back to."""
    created: float = 0.0
    kind: str = "manual"
    """manual, upgrade (taken before one) or restore (taken before going back to another)."""
    note: str = ""
    machine_state: str = ""
    """running, suspended or stopped: how the machine was."""
    image: str = ""
    """Version of the guest image that the machine had."""
    qemu_version: str = ""
    disk: int = 0
    """Size of the data disk."""
    memory: int = 0
    """What the memory takes on this computer; 0 when it is not kept."""
    counts: Counts | None = None
    """What the engine in use held, when that was known."""


class CreateSnapshot(Request):
    """A snapshot to take."""

    name: str | None = None
    """By default the time."""
    memory: bool = False
    """Keep the machine's memory as well; a running machine is suspended and resumed for that."""
    note: str = ""


class RestoreSnapshot(Request):
    """How to go back to a snapshot."""

    disk_only: bool = False
    """Leave its memory out: the machine starts afresh."""


class Restored(msgspec.Struct, frozen=True):
    """What going back did."""

    undo: str
    """The snapshot that was taken of the state before."""
    state: str
    """The machine's state now."""


class UpgradeMachine(Request):
    """The guest image to upgrade to."""

    image: str | None = None
    """A version; by default the one that the settings mean, or the newest one if the machine has that already."""


class Upgraded(msgspec.Struct, frozen=True):
    """What a machine runs with now."""

    image: str
