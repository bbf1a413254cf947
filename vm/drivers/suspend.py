"""The file that a VM's memory is saved to: whole and on the disk, or not there at all."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from vm.errors import DiskFullError, LinnetError

NEARLY_FULL = 16 << 20
"""Bytes left on a disk on which writing a page of memory may well have failed."""


@contextlib.asynccontextmanager
async def saving(path: Path) -> AsyncIterator[None]:
    """Guard the block that writes `path`: flush the file at the end, remove it when the block fails.

    The flush matters: an image that lost pages with the host's power would come back as a damaged guest.

    Raises:
        DiskFullError: the block failed for want of room.
    """
    try:
        yield
        await asyncio.to_thread(flush, path)
    except BaseException as error:
        full = is_full(path, error)
        path.unlink(missing_ok=True)
        if full and isinstance(error, LinnetError | OSError):
            raise DiskFullError(
                f"There is no room on the disk for the machine's memory ({path}).",
                hint="Free some space; the machine runs on until then.",
                detail=str(error),
            ) from error
        raise


def flush(path: Path) -> None:
    """Make sure that the file is on the disk, and nobody else's to read."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.chmod(0o600)


def is_full(path: Path, error: BaseException) -> bool:
    """Tell whether `error` came from a full disk: it says so in the system's words, or there is no room."""
    words = {os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT)}
    if any(word in str(error) or word in str(getattr(error, "detail", "")) for word in words):
        return True
    try:
        return shutil.disk_usage(path.parent).free < NEARLY_FULL
    except OSError:
        return False
