"""The types of the local API's routes about volumes: snapshots, clones, exports, imports, backups."""

from __future__ import annotations

import msgspec

from app.core.api import Request


class Snapshot(msgspec.Struct, frozen=True):
    """A snapshot of a volume."""

    volume: str
    name: str
    engine: str
    created: float
    size: int
    """Of its files, as long as they are; on the disk it takes what has changed since."""
    files: int
    labels: dict[str, str] = {}
    note: str | None = None
    """Why it was taken, when Linnet did so by itself."""
    paused: list[str] = []
    """Containers that were held still while it was taken."""
    paused_for: float = 0.0
    not_paused: list[str] = []
    """Containers that could not be held still, with the reason: what they were writing may be half there."""


class TakeSnapshot(Request):
    """How the snapshot shall be called; by the time when missing."""

    name: str | None = None


class Rollback(Request):
    """What to put back."""

    snapshot: str
    stop: bool = False
    """Stop the containers that have the volume, and start them again afterwards."""


class RolledBack(msgspec.Struct, frozen=True):
    """What was put back."""

    before: str
    """The snapshot of what was there."""
    stopped: list[str]
    """Containers that were stopped and started again."""


class Clone(Request):
    """The new volume."""

    name: str
    snapshot: str | None = None
    """Clone this snapshot instead of what is there now."""


class Made(msgspec.Struct, frozen=True):
    """A volume that was made."""

    name: str
    engine: str
    size: int
    files: int
    paused: list[str] = []
    paused_for: float = 0.0
    not_paused: list[str] = []


class Export(Request):
    """Where to write an export: a file, or a folder that there is."""

    path: str
    snapshot: str | None = None
    overwrite: bool = False


class Exported(msgspec.Struct, frozen=True):
    """An export that was written."""

    name: str
    engine: str
    path: str
    file_size: int
    sha256: str
    """Of the tar inside, without its first and last member."""
    size: int
    files: int
    paused: list[str] = []
    paused_for: float = 0.0
    not_paused: list[str] = []
    deleted: list[str] = []
    """Older backups that this one made superfluous."""


class Import(Request):
    """Which export to make a volume of; under its own name when no other is given."""

    path: str
    name: str | None = None


class BrowseQuery(Request):
    """Which folder to look into."""

    path: str = "/"
    snapshot: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """A file or folder in a volume."""

    name: str
    kind: str
    """file, folder, link, pipe, socket, device or other."""
    size: int
    mode: int
    uid: int
    gid: int
    modified: float
    target: str | None = None
    """Where a link leads."""


class Listing(msgspec.Struct, frozen=True):
    """What is in a folder of a volume."""

    path: str
    entries: list[Entry]
    more: int
    """How many entries are left out, because there are too many."""


class AddBackup(Request):
    """What to back up, how often (seconds), how many to keep, and where."""

    volume: str
    every: float
    keep: int
    folder: str | None = None
