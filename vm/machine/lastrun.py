"""What a machine last ran with and what it held: so that a start with other versions is known to be an upgrade."""

from __future__ import annotations

import msgspec

from vm.files import write_atomic
from vm.layout import MachineFiles

FORMAT = 1

NAMED = 3
"""How many missing things a message names."""


class Inventory(msgspec.Struct, frozen=True):
    """What an engine held.

    Attributes:
        engine: its kind.
        images: beginnings of identifiers.
        containers: the same.
        volumes: names.
    """

    engine: str
    images: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    def missing(self, now: Inventory) -> str | None:
        """Return what `now` has no more, in words; None when all is there, or it is of another engine."""
        if now.engine != self.engine:
            return None
        words = []
        for kind in ("images", "containers", "volumes"):
            gone = sorted(set(getattr(self, kind)) - set(getattr(now, kind)))
            if gone:
                more = " …" if len(gone) > NAMED else ""
                words.append(f"{len(gone)} of {len(getattr(self, kind))} {kind} ({', '.join(gone[:NAMED])}{more})")
        return "; ".join(words) or None


class LastRun(msgspec.Struct, frozen=True):
    """The versions of the last good start.

    Attributes:
        image: version of the guest image.
        agent: digest of the agent, which changes with Linnet's own version.
        inventory: what the engine held when the machine was stopped politely; None when it runs, or ended otherwise.
        refused: versions of images that are not tried again by themselves, and why.
        format: of this record.
    """

    image: str
    agent: str
    inventory: Inventory | None = None
    refused: dict[str, str] = {}
    format: int = FORMAT


def load(files: MachineFiles) -> LastRun | None:
    """Return the record of a machine; None when it never ran, or the record cannot be read."""
    try:
        return msgspec.json.decode(files.last_run.read_bytes(), type=LastRun)
    except (OSError, msgspec.MsgspecError):
        return None


def save(files: MachineFiles, last: LastRun) -> None:
    """Write the record, whole or not at all. Raises as `vm.files.write_atomic` does."""
    write_atomic(files.last_run, msgspec.json.format(msgspec.json.encode(last)))


def change(files: MachineFiles, **changes: object) -> None:
    """Change fields of the record, when there is one."""
    last = load(files)
    if last is not None:
        save(files, msgspec.structs.replace(last, **changes))
