"""The data disk as a file on the host: made, measured, grown. What is inside it is the guest's business."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from vm import process
from vm.drivers.suspend import is_full
from vm.errors import ConfigError, ConflictError, DiskFullError, ImageError, LinnetError, UnavailableError
from vm.units import format_size

HOST_RESERVE = 512 * 1024 * 1024
"""Bytes that must be free on the host before a machine may start: a full host disk stops guest writes half-way."""


@dataclass(frozen=True)
class DiskFile:
    """A qcow2 file: what the guest sees as its size, and what it takes on the host, in bytes."""

    size: int
    on_host: int


class DataDisk:
    """One machine's data disk."""

    def __init__(self, path: Path, qemu_img: Path) -> None:
        self.path = path
        self._qemu_img = qemu_img

    async def ensure(self, size: int, known: int | None = None) -> None:
        """Make the disk when there is none; grow it when it is smaller than `size`. The VM must not be running.

        Args:
            size: how large it shall be, bytes.
            known: how large it is, when that has just been measured.

        Raises:
            ConfigError: `size` is smaller than the disk; nothing is changed.
            DiskFullError: the host has no room.
            ImageError: the file is no usable qcow2 disk.
        """
        if not self.path.exists():
            await self._create(size)
            return
        now = known if known is not None else (await self.measure()).size
        if size < now:
            raise ConfigError(
                f"The data disk is {format_size(now)} and cannot shrink to {format_size(size)}.",
                hint=f"Set disk to {format_size(now)} or more; `linnet machine delete` gives all of it back.",
            )
        if size > now:
            await self._run("resize", self.path, str(size))

    async def measure(self) -> DiskFile:
        """Return the disk's sizes. Raises ImageError when the file cannot be read as a disk."""
        text = await self._run("info", "--force-share", "--output=json", self.path)
        info = json.loads(text)
        return DiskFile(size=int(info["virtual-size"]), on_host=int(info["actual-size"]))

    def check_room(self) -> None:
        """Raise DiskFullError when the host's disk is so full that a running guest would soon fail to write."""
        free = shutil.disk_usage(self.path.parent).free
        if free < HOST_RESERVE:
            raise DiskFullError(
                f"Only {format_size(free)} are free on the disk that holds {self.path.parent}.",
                hint=f"Free at least {format_size(HOST_RESERVE)}, then try again.",
            )

    async def _create(self, size: int) -> None:
        temporary = self.path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        try:
            await self._run(
                "create", "-q", "-f", "qcow2", "-o", "lazy_refcounts=on,cluster_size=65536", temporary, str(size)
            )
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)

    async def _run(self, command: str, *arguments: str | Path) -> str:
        try:
            return await process.run([self._qemu_img, command, *arguments])
        except process.ProcessFailedError as error:
            raise self._explain(error) from error

    def _explain(self, error: process.ProcessFailedError) -> LinnetError:
        if is_full(self.path, error):
            return DiskFullError(
                f"There is no room left on the disk for {self.path}.", hint="Free some space.", detail=error.detail
            )
        if "lock" in (error.detail or ""):
            return ConflictError(f"The data disk {self.path} is in use by another program.", detail=error.detail)
        if not self.path.exists():
            return UnavailableError(f"The data disk {self.path} cannot be made.", detail=error.detail)
        return ImageError(
            f"The data disk {self.path} cannot be read.",
            hint="Keep a copy of it before anything else; `qemu-img check` tells what is wrong with it.",
            detail=error.detail,
        )
