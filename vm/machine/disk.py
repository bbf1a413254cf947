"""The data disk as a file on the host: made, measured, grown, and its earlier states, which the file holds as well.

What is inside it is the guest's business.
"""

from __future__ import annotations

import asyncio
import contextlib
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

LONG = 1800.0
"""Seconds for what reads or writes the map of a whole disk: a large one on a slow disk takes minutes."""

LEAKS = 3
"""Exit code of `qemu-img check` for clusters that nobody uses and nobody gave back: harmless, and mended."""


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

    async def states(self) -> list[str]:
        """Return the names of the earlier states that the file holds. Raises ImageError when it cannot be read."""
        info = json.loads(await self._run("info", "--force-share", "--output=json", self.path))
        return [str(one["name"]) for one in info.get("snapshots") or []]

    async def keep_state(self, state: str) -> None:
        """Keep the present content under the name `state`; takes no room at first. The VM must not be running.

        Raises:
            DiskFullError: there is no room, not even for that; nothing has changed.
        """
        try:
            await self._whole("snapshot", "-c", state, self.path)
        except LinnetError:
            with contextlib.suppress(LinnetError):
                await self.mend()
            raise

    async def go_to_state(self, state: str) -> None:
        """Have the content be as it was when `state` was kept; what came later is lost. The VM must not be running."""
        await self._whole("snapshot", "-a", state, self.path)

    async def drop_state(self, state: str) -> None:
        """Forget a state; its room is used again. The VM must not be running."""
        await self._whole("snapshot", "-d", state, self.path)

    async def mend(self) -> None:
        """Check the file's own structure, and give back what an interrupted change left unused.

        Raises:
            ImageError: it is damaged.
        """
        try:
            await self._whole("check", "-q", self.path)
        except ImageError as error:
            cause = error.__cause__
            if not isinstance(cause, process.ProcessFailedError) or cause.returncode != LEAKS:
                raise
            await self._whole("check", "-q", "-r", "leaks", self.path)

    async def _whole(self, command: str, *arguments: str | Path) -> None:
        """Run what must not be cut short; who cancels it waits for its end."""
        work = asyncio.ensure_future(self._run(command, *arguments, limit=LONG))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait([work])
            raise

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

    async def _run(self, command: str, *arguments: str | Path, limit: float = 60) -> str:
        try:
            return await process.run([self._qemu_img, command, *arguments], timeout=limit)
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
