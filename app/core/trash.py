"""The types of the local API's routes about what a removal would lose, and about the trash."""

from __future__ import annotations

import msgspec

from app.core.api import Request


class LostPath(msgspec.Struct, frozen=True):
    """A path and what it takes, in bytes; one that ends with a slash is a folder with all in it."""

    path: str
    bytes: int


class LostVolume(msgspec.Struct, frozen=True):
    """A volume that would go."""

    name: str
    bytes: int
    files: int
    paths: list[LostPath]
    complete: bool
    """False: it is more than that; looking any longer would have taken too much time."""
    destination: str = ""
    """Where the container has it."""
    anonymous: bool = False
    """Whether nobody gave it a name."""
    driver: str = "local"
    labels: dict[str, str] = {}


class LostContainer(msgspec.Struct, frozen=True):
    """A container that would go. Caches, pid files and what engines make are not counted."""

    id: str
    name: str
    image: str
    running: bool
    auto_remove: bool
    """Whether it was made with --rm: its user said that it shall go."""
    bytes: int
    files: int
    deleted: int
    """Files of the image that it has deleted."""
    paths: list[LostPath]
    complete: bool
    volumes: list[LostVolume]
    """Its volumes without a name."""
    pod: str = ""
    labels: dict[str, str] = {}


class Losses(msgspec.Struct, frozen=True):
    """What would go."""

    engine: str
    containers: list[LostContainer]
    volumes: list[LostVolume]
    days: float
    """How long it would be kept in the trash; 0: not at all."""


class LossesQuery(Request):
    """What is to be looked at: names or identifiers; what does not exist is left out."""

    containers: list[str] = msgspec.field(default_factory=list)
    volumes: list[str] = msgspec.field(default_factory=list)


class Keep(Request):
    """What is about to be removed."""

    containers: list[str] = msgspec.field(default_factory=list)
    volumes: list[str] = msgspec.field(default_factory=list)
    stop: str = ""
    """How those that run are stopped first: gently, force, or not at all; then they are left out."""
    timeout: int | None = None
    """Seconds that they have to end."""


class TrashEntry(msgspec.Struct, frozen=True):
    """Something that is in the trash."""

    id: str
    kind: str
    """container or volume."""
    name: str
    engine: str
    removed_at: float
    size: int
    """What it takes at most; blocks may be shared with what is there still."""
    bytes: int
    files: int
    paths: list[LostPath]
    pending: bool
    """Whether it is just being removed."""
    image: str = ""
    volumes: list[LostVolume] = []
    labels: dict[str, str] = {}
    until: float | None = None
    """When it goes for good; None when that is not set."""


class Kept(msgspec.Struct, frozen=True):
    """What is in the trash now."""

    kept: list[TrashEntry]
    days: float = 0
    """For how long."""


class Settle(Request):
    """What was kept, and whose removing is over."""

    ids: list[str]


class Restore(Request):
    """How to bring something back."""

    name: str | None = None
    """Another name than it had."""


class BroughtBack(msgspec.Struct, frozen=True):
    """What is back."""

    kind: str
    id: str
    name: str
    notes: list[str]
    """What is not as it was."""


class Discarded(msgspec.Struct, frozen=True):
    """What has left the trash for good."""

    removed: list[str]
    freed: int


class SaveVolume(Request):
    """What becomes a named volume."""

    container: str
    source: str
    """A folder of the container, or where it has a volume without a name."""
    name: str


class SavedVolume(msgspec.Struct, frozen=True):
    """The new volume."""

    name: str
