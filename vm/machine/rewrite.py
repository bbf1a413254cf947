"""A data disk written anew without what its guest has freed, beside the old one, which it then replaces in one step."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
from pathlib import Path

from vm import process
from vm.drivers.suspend import is_full
from vm.errors import DiskFullError, ImageError, UnavailableError
from vm.progress import Progress, Reporter
from vm.units import human_size

LIMIT = 6 * 3600.0
"""Seconds that writing or comparing a disk may take: a large one on a slow disk takes hours."""

MARGIN = 256 * 1024 * 1024
"""Bytes that must stay free on this computer beside the new disk."""

LOOK_EVERY = 0.5
"""Seconds between two looks at how far the new disk has come."""

DIFFERENT = 1
"""Exit code of `qemu-img compare` for disks whose content differs."""


def blocks(path: Path) -> int:
    """Return the bytes that a file takes on this computer's disk, which holes do not."""
    info = path.stat()
    return int(getattr(info, "st_blocks", info.st_size // 512)) * 512


class Rewriter:
    """Writes one disk anew. Nobody may use the disk meanwhile."""

    def __init__(self, path: Path, new: Path, qemu_img: Path) -> None:
        """`new` is where the new disk is written, in the same folder; what is there is removed."""
        self.path = path
        self.new = new
        self._qemu_img = qemu_img

    async def states(self) -> int:
        """Return how many earlier states the file holds, which a new file would not. Raises ImageError."""
        info = json.loads(await self._run("info", "--force-share", "--output=json", self.path))
        return len(info.get("snapshots") or [])

    async def check_room(self) -> int:
        """Return how large the new file will be at most, bytes.

        Raises:
            DiskFullError: there is no room for it beside the old one.
        """
        text = await self._run("measure", "--force-share", "--output=json", "-O", "qcow2", self.path)
        needed = min(int(json.loads(text)["required"]), blocks(self.path) + MARGIN)
        free = shutil.disk_usage(self.path.parent).free
        if free < needed + MARGIN:
            raise DiskFullError(
                f"Writing the data disk anew needs {human_size(needed + MARGIN)} on the disk that holds "
                f"{self.path.parent}; {human_size(free)} are free. Nothing was changed.",
                hint="Free some space there first.",
            )
        return needed

    async def run(self, report: Reporter) -> None:
        """Write the new disk, see that it holds what the old one does, and put it in its place.

        Cancelled or failed, it leaves the old disk as it was and nothing beside it.

        Raises:
            DiskFullError: there was no room after all.
            ImageError: the old disk cannot be read, or the new one is not the same.
        """
        self.new.unlink(missing_ok=True)
        total = max(await self.check_room(), 1)
        watch = asyncio.ensure_future(self._tell_growth(total, report))
        try:
            await self._run(
                "convert",
                "-f",
                "qcow2",
                "-O",
                "qcow2",
                "-o",
                "lazy_refcounts=on,cluster_size=65536",
                self.path,
                self.new,
            )
            watch.cancel()
            report(Progress("Comparing the new data disk with the old one"))
            if not await self._same():
                raise ImageError(
                    "The new data disk differs from the old one. The old one is kept; nothing was changed."
                )
            await asyncio.to_thread(self._put_in_place)
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
            self.new.unlink(missing_ok=True)

    async def _same(self) -> bool:
        try:
            await process.run([self._qemu_img, "compare", self.path, self.new], timeout=LIMIT)
        except process.ProcessFailedError as error:
            if error.returncode == DIFFERENT:
                return False
            raise self._explain(error) from error
        return True

    async def _tell_growth(self, total: int, report: Reporter) -> None:
        while True:
            with contextlib.suppress(FileNotFoundError):
                report(Progress("Writing the data disk anew", min(blocks(self.new), total), total))
            await asyncio.sleep(LOOK_EVERY)

    def _put_in_place(self) -> None:
        try:
            with self.new.open("rb+") as stream:
                os.fsync(stream.fileno())
            shutil.copymode(self.path, self.new)
            self.new.replace(self.path)
            if os.name == "posix":
                folder = os.open(self.path.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        except OSError as error:
            raise UnavailableError(
                f"The new data disk cannot take the place of the old one: {error.strerror}."
            ) from error

    async def _run(self, command: str, *arguments: str | Path) -> str:
        try:
            return await process.run([self._qemu_img, command, *arguments], timeout=LIMIT)
        except process.ProcessFailedError as error:
            raise self._explain(error) from error

    def _explain(self, error: process.ProcessFailedError) -> DiskFullError | ImageError:
        if is_full(self.path, error):
            return DiskFullError(
                f"There is no room left on the disk that holds {self.path.parent}; the data disk is as it was.",
                hint="Free some space there first.",
                detail=error.detail,
            )
        return ImageError(
            f"The data disk {self.path} cannot be written anew; it is as it was.",
            hint="`qemu-img check` tells whether something is wrong with it.",
            detail=error.detail,
        )
