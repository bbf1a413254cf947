"""The VM's memory on disk while a machine is suspended, and the record that says what it belongs to.

The image may be resumed once: as soon as a resumed guest has written to its data disk, its older memory would corrupt
that disk. So the record is marked before a resume begins, and an image without a whole, unused record is no good.
"""

from __future__ import annotations

import dataclasses
import shutil

from vm.errors import DiskFullError, NotFoundError
from vm.layout import MachineFiles
from vm.machine import record
from vm.units import format_size

MARGIN = 256 * 1024 * 1024
"""Bytes beyond the guest's memory in use that must be free: device state, and room for the host to go on."""


class SuspendImage:
    """The suspend image of one machine, present or not."""

    def __init__(self, files: MachineFiles) -> None:
        self._files = files

    @property
    def usable(self) -> bool:
        """Whether the machine can be resumed."""
        saved = record.load_suspend(self._files.suspend_info)
        return saved is not None and saved.complete and not saved.used and self._files.suspend_image.exists()

    def load(self) -> record.SuspendRecord:
        """Return what the image belongs to. Raises NotFoundError when there is none."""
        saved = record.load_suspend(self._files.suspend_info)
        if saved is None:
            raise NotFoundError(f"Machine '{self._files.name}' is not suspended.")
        return saved

    def begin(self, saved: record.SuspendRecord) -> None:
        """Say that an image is about to be written."""
        self.discard()
        record.save(self._files.suspend_info, saved)

    def finish(self, saved: record.SuspendRecord) -> None:
        """Say that the image is whole."""
        record.save(self._files.suspend_info, dataclasses.replace(saved, complete=True))

    def mark_used(self) -> None:
        """Say that a resume begins; from now on the image is never used again."""
        record.save(self._files.suspend_info, dataclasses.replace(self.load(), used=True))

    def discard(self) -> bool:
        """Remove image and record; return whether there was anything."""
        there = self._files.suspend_image.exists() or self._files.suspend_info.exists()
        self._files.suspend_image.unlink(missing_ok=True)
        self._files.suspend_info.unlink(missing_ok=True)
        return there

    def check_room(self, memory: int, used: int | None) -> None:
        """Raise DiskFullError when the image would not fit.

        Args:
            memory: size of the VM's memory, bytes.
            used: how much of it holds anything, when that is known.
        """
        needed = min(memory, used if used is not None else memory) + MARGIN
        free = shutil.disk_usage(self._files.folder).free
        if free < needed:
            raise DiskFullError(
                f"Suspending needs {format_size(needed)} on the disk that holds {self._files.folder}; "
                f"{format_size(free)} are free.",
                hint="Free some space, or stop the machine instead. It runs on meanwhile.",
            )
