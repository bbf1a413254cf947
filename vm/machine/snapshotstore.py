"""Snapshots as they are kept: a record and perhaps a memory image in a folder, the disk's state in the disk's file.

A snapshot is there when its record says that it is complete and the disk holds its state. Whatever is not both is
left of something that was cut, and is cleared away by the next change.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from vm.errors import ConflictError, ImageError, LinnetError, NotFoundError, UsageError
from vm.files import remove_folder, translated, write_atomic
from vm.layout import MachineFiles
from vm.machine.lastrun import Inventory
from vm.machine.record import SuspendRecord, load_suspend

FORMAT = 1
"""The format of records that this module reads and writes."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

NOTE_LIMIT = 500
"""Characters of a note."""

PREFIX = "linnet-"
"""Of the names of states in the disk's file: those of others are left alone."""

AUTOMATIC = ("upgrade", "restore")
"""Kinds that Linnet takes by itself and keeps only the last few of."""


class SnapshotRecord(msgspec.Struct, frozen=True):
    """What a snapshot is.

    Attributes:
        name: unique for the machine.
        created: seconds since the epoch.
        kind: manual, upgrade (taken before one) or restore (taken before one).
        note: what the user wrote.
        machine_state: running, suspended or stopped: how the machine was.
        image: version of the guest image that the machine last ran with; empty if it never ran.
        agent: digest of the agent that it last ran with.
        qemu_version: version of QEMU that it was taken with; a memory image needs the same.
        disk: size of the data disk, bytes.
        memory: bytes of the memory image; 0 without.
        inventory: what the engine held, when that is known.
        settings: of the machine, as they were.
        complete: False while it is being made or deleted.
        format: of this record.
    """

    name: str
    created: float
    kind: str
    note: str
    machine_state: str
    image: str
    agent: str
    qemu_version: str
    disk: int
    memory: int = 0
    inventory: Inventory | None = None
    settings: dict[str, Any] = {}
    complete: bool = False
    format: int = FORMAT


class _Format(msgspec.Struct):
    """As much of a record as every version has."""

    format: int = 0


@dataclass(frozen=True)
class Listed:
    """A folder of snapshots' entry.

    Attributes:
        name: of the snapshot.
        record: what it is; None when that cannot be read.
        problem: why it cannot be used, a sentence; None when it can.
    """

    name: str
    record: SnapshotRecord | None
    problem: str | None = None


def state_name(snapshot: str) -> str:
    """Return the name of a snapshot's state in the disk's file."""
    return PREFIX + snapshot


def check_name(name: str) -> str:
    """Return `name` if a snapshot can have it. Raises UsageError."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' cannot be the name of a snapshot.",
            hint="Use 1 to 64 letters, digits, points, hyphens and underscores, such as 'before-migration'.",
        )
    return name


def check_note(note: str) -> str:
    """Return `note` without spaces around it, if it is one line of bearable length. Raises UsageError."""
    text = note.strip()
    if len(text) > NOTE_LIMIT or not text.isprintable():
        raise UsageError(f"A note is one line of at most {NOTE_LIMIT} characters.")
    return text


class SnapshotStore:
    """The folder of one machine's snapshots."""

    def __init__(self, files: MachineFiles) -> None:
        self._files = files

    def all(self) -> list[Listed]:
        """Return all that are complete or cannot be read, oldest first."""
        found = []
        for name in self._names():
            try:
                record = self._read(name)
            except LinnetError as error:
                found.append(Listed(name, None, error.message))
            else:
                if record is not None and record.complete:
                    found.append(Listed(name, record))
        return sorted(found, key=lambda one: (one.record.created if one.record else 0.0, one.name))

    def records(self) -> Iterable[SnapshotRecord]:
        """Return those that can be read and are complete, oldest first."""
        return [one.record for one in self.all() if one.record is not None]

    def load(self, name: str) -> SnapshotRecord:
        """Return a complete snapshot's record.

        Raises:
            NotFoundError: there is none of that name.
            ImageError: its record is damaged, or of a newer Linnet.
        """
        record = self._read(check_name(name))
        if record is None or not record.complete:
            names = ", ".join(one.name for one in self.records())
            raise NotFoundError(
                f"Machine '{self._files.name}' has no snapshot '{name}'.",
                hint=f"Snapshots: {names}." if names else "`linnet snapshot create` takes one.",
            )
        return record

    def free_name(self, wanted: str) -> str:
        """Return `wanted`, or that with a number when it is taken."""
        taken = set(self._names())
        numbers = (f"{wanted}-{number}" for number in range(2, 10_000))
        return next(name for name in (wanted, *numbers) if name not in taken)

    def check_free(self, name: str) -> str:
        """Return `name` if a new snapshot can have it. Raises UsageError or ConflictError."""
        record = None
        with contextlib.suppress(ImageError):
            record = self._read(check_name(name))
            if record is None or not record.complete:
                return name
        raise ConflictError(
            f"Machine '{self._files.name}' has a snapshot '{name}' already.",
            hint="Choose another name, or delete that one first.",
        )

    def save(self, record: SnapshotRecord) -> None:
        """Write a record, whole or not at all. Raises as `vm.files.write_atomic` does."""
        path = self._files.snapshot_info(record.name)
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(path, msgspec.json.format(msgspec.json.encode(record)))

    def remove(self, name: str) -> None:
        """Delete a snapshot's folder; the disk's state is the caller's business."""
        remove_folder(self._files.snapshot_info(name).parent)

    def unfinished(self) -> list[str]:
        """Return the names of folders that something left which was cut short."""
        found = []
        for name in self._names():
            with contextlib.suppress(ImageError):
                record = self._read(name)
                if record is None or not record.complete:
                    found.append(name)
        return found

    def keep_memory(self, name: str) -> int:
        """Put the machine's suspend image into a snapshot as well; return its size on the disk, bytes.

        Both names lead to the same file where the file system can do that: an image is never written to again.
        """
        source, target = self._files.suspend_image, self._files.snapshot_memory(name)
        with translated(target):
            share_file(source, target)
            shutil.copyfile(self._files.suspend_info, self._suspend_info(name))
            info = target.stat()
        return int(getattr(info, "st_blocks", info.st_size // 512)) * 512

    def give_memory(self, name: str) -> None:
        """Have the machine be suspended with the memory of a snapshot."""
        with translated(self._files.suspend_image):
            self._files.suspend_image.unlink(missing_ok=True)
            share_file(self._files.snapshot_memory(name), self._files.suspend_image)
            # The record comes last: an image without one is none.
            write_atomic(self._files.suspend_info, self._suspend_info(name).read_bytes())

    def memory_record(self, name: str) -> SuspendRecord:
        """Return what the memory image of a snapshot belongs to. Raises ImageError when it is not all there."""
        saved = load_suspend(self._suspend_info(name))
        if saved is None or not saved.complete or not self._files.snapshot_memory(name).exists():
            raise ImageError(
                f"The memory image of the snapshot '{name}' is not there or damaged.",
                hint="`linnet snapshot restore --disk-only` goes back to its disk alone.",
            )
        return saved

    def _suspend_info(self, name: str) -> Path:
        return self._files.snapshot_memory(name).with_suffix(".json")

    def _read(self, name: str) -> SnapshotRecord | None:
        path = self._files.snapshot_info(name)
        try:
            data = path.read_bytes()
            version = msgspec.json.decode(data, type=_Format).format
            if version <= FORMAT:
                return msgspec.json.decode(data, type=SnapshotRecord)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            raise ImageError(
                f"The record of the snapshot '{name}' is damaged.",
                hint=f"`linnet snapshot delete {name}` removes what is left of it.",
                detail=f"{path}: {error}",
            ) from error
        raise ImageError(
            f"The snapshot '{name}' was taken by a newer Linnet (format {version}; this one knows {FORMAT}).",
            hint="Update Linnet. Nothing was changed.",
        )

    def _names(self) -> list[str]:
        try:
            return sorted(path.name for path in self._files.snapshots.iterdir() if NAME.fullmatch(path.name))
        except FileNotFoundError:
            return []


def share_file(source: Path, target: Path) -> None:
    """Have `target` be a second name of `source`, or a copy where the file system has no second names."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except (OSError, NotImplementedError):
        _copy_sparse(source, target)


def _copy_sparse(source: Path, target: Path, piece: int = 1 << 20) -> None:
    with source.open("rb") as reader, target.open("xb") as writer:
        target.chmod(0o600)
        while data := reader.read(piece):
            if data.count(0) == len(data):
                writer.seek(len(data), os.SEEK_CUR)
            else:
                writer.write(data)
        writer.truncate()
        writer.flush()
        os.fsync(writer.fileno())


def stamp(now: float | None = None) -> str:
    """Return the local time as part of a name."""
    return time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
