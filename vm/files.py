"""Writing files so that a crash or a full disk never leaves half of one under a real name; reading the ends of logs."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from vm.errors import DiskFullError, UnavailableError

_SETTLED = 5.0
"""Seconds for which others may still put files into a folder that is being deleted."""


@contextlib.contextmanager
def replacing(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the place of `path` when the block ends well, and vanishes when it does not.

    Raises:
        DiskFullError: the disk has no room.
        UnavailableError: any other failure to write.
    """
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(mode)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def write_atomic(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Give `path` the content `data`, whole or not at all. Raises as `replacing` does."""
    with replacing(path, mode) as stream:
        stream.write(data)


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn OSErrors of the block into Linnet's errors that name `path`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                f"There is no room left on the disk for {path}.",
                hint="Free some space; `linnet doctor` tells how much Linnet uses and where.",
            ) from error
        raise UnavailableError(f"{path} cannot be written: {error.strerror}.") from error


def last_lines(path: Path, most: int) -> str:
    """Return the last whole lines of a text file, at most `most` bytes of them; what is no UTF-8 is replaced.

    Raises:
        OSError: it cannot be read, or is not there.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - most))
        data = stream.read(most)
    if size > most:
        data = data[data.find(b"\n") + 1 :]
    return data.decode(errors="replace")


def remove_folder(folder: Path) -> None:
    """Delete `folder` and all in it; it need not be there. Where a disk is mounted, the mount point stays.

    Who used it may be about to write its last words there (libvirt ends a domain's log after the domain), so this is
    tried until nothing is added any more. Raises UnavailableError when something cannot be deleted.
    """
    end = time.monotonic() + _SETTLED
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            if error.errno == errno.EBUSY and folder.is_mount() and not any(folder.iterdir()):
                return
            if error.errno == errno.EBUSY and os.path.ismount(folder) and not any(folder.iterdir()):
                return  # a disk of its own was mounted there; it stays, empty
            if error.errno == errno.ENOTEMPTY and time.monotonic() < end:
                time.sleep(0.05)
                continue
            raise UnavailableError(
                f"The folder {folder} cannot be deleted: {error.strerror}.",
                hint="Look at its owner and mode, then try again.",
                detail=str(error),
            ) from error
