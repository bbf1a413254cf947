"""Folders of the disk as wholes: copied, measured, emptied and removed, mostly by the programs that are made for it."""

from __future__ import annotations

import errno
import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from agent.errors import ROOM, AgentError, closing
from agent.loop import READ, Loop
from agent.process import check, last_line

_COPY = ("cp", "-a", "-v", "--preserve=xattr", "--reflink=auto", "-T", "--")
"""Named on its own, an extended attribute that cannot be kept is an error: a layer means something else without."""

_FULL = ("No space left on device", "Disk quota exceeded")

_KEPT = 8192
"""Bytes of what a program complains about that are kept."""

_LIMIT = 3600.0
"""Seconds that removing a folder may take."""


class Measured(NamedTuple):
    """What is in a folder; a file of several names counts once.

    Attributes:
        entries: how many there are, whatever kind they are, the folder itself not counted.
        length: bytes of all files, as long as they are.
        room: bytes that they take on the disk.
    """

    entries: int
    length: int
    room: int


async def copy(loop: Loop, source: str, target: str, told: Callable[[int], None] = lambda _entries: None) -> None:
    """Copy the folder `source` to `target`, which does not exist or is an empty folder.

    Both share their blocks where the file system can (the data disk can). Owners, modes, times, extended attributes,
    ACLs, hard links, links, devices and holes stay as they are. `told` hears how many entries are done. What was begun
    is left to the caller when it fails or is cancelled.

    Raises:
        OSError: the disk is full (ENOSPC).
        AgentError: it failed for another reason.
    """
    code, complaints = await _run(loop, [*_COPY, source, target], told)
    if code and any(words in complaints for words in _FULL):
        raise OSError(errno.ENOSPC, complaints)
    if code:
        why = last_line(complaints) or f"exit code {code}"
        raise AgentError("guest", f"The files could not be copied: {closing(why)}", complaints or None)


def measure(folder: str, stopped: Callable[[], bool] = lambda: False) -> Measured:
    """Look at all that is below `folder`; ends early, with what was found, when `stopped` says so. Blocks."""
    entries = length = room = 0
    seen: set[int] = set()
    waiting = [folder]
    while waiting and not stopped():
        with os.scandir(waiting.pop()) as found:
            for entry in found:
                entries += 1
                info = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(info.st_mode):
                    waiting.append(entry.path)
                elif stat.S_ISREG(info.st_mode) and info.st_ino not in seen:
                    if info.st_nlink > 1:
                        seen.add(info.st_ino)
                    length += info.st_size
                    room += info.st_blocks * 512
    return Measured(entries, length, room)


def empty(folder: str) -> None:
    """Remove all that is in a folder. Blocks."""
    check("find", folder, "-xdev", "-mindepth", "1", "-delete", timeout=_LIMIT)


def remove(path: str) -> None:
    """Remove a folder with all in it, or a file; one that is not there is removed. Blocks."""
    check("rm", "-rf", "--one-file-system", "--", path, timeout=_LIMIT)


@contextmanager
def disk_full(said: str) -> Iterator[None]:
    """Say `said` when what is done in the block fails because the disk is full (AgentError `disk-full`)."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise AgentError("disk-full", said, error.strerror, ROOM) from error


async def _run(loop: Loop, argv: list[str], told: Callable[[int], None]) -> tuple[int, str]:
    """Run a program that prints a line per file; return its exit code and what it complained about."""
    out, out_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    errors, errors_end = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    os.set_blocking(out_end, True)
    os.set_blocking(errors_end, True)
    try:
        null = (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)
        streams = [null, (os.POSIX_SPAWN_DUP2, out_end, 1), (os.POSIX_SPAWN_DUP2, errors_end, 2)]
        pid = _spawn(argv, streams)
    except BaseException:
        os.close(out)
        os.close(errors)
        raise
    finally:
        os.close(out_end)
        os.close(errors_end)
    complaints = bytearray()
    files = 0

    def count(piece: bytes) -> None:
        nonlocal files
        files += piece.count(b"\n")
        told(files)

    def complain(piece: bytes) -> None:
        complaints.extend(piece)
        del complaints[:-_KEPT]

    ended = False
    reader = loop.spawn(_read(loop, errors, complain))
    try:
        await _read(loop, out, count)
        await reader
        handle = os.pidfd_open(pid)
        try:
            await loop.wait(handle, READ)
        finally:
            os.close(handle)
        status = _reap(pid)
        ended = True
    finally:
        if not ended:
            reader.cancel()
            os.killpg(pid, signal.SIGKILL)
            _reap(pid)
        os.close(out)
        os.close(errors)
    return os.waitstatus_to_exitcode(status), complaints.decode(errors="replace")


def _spawn(argv: list[str], streams: list[Any]) -> int:
    return os.posix_spawnp(argv[0], argv, dict(os.environ, LC_ALL="C"), file_actions=streams, setpgroup=0)


def _reap(pid: int) -> int:
    """Return the status of a process that has ended, or is about to."""
    return os.waitpid(pid, 0)[1]


async def _read(loop: Loop, descriptor: int, take: Callable[[bytes], None]) -> None:
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except BlockingIOError:
            await loop.wait(descriptor, READ)
            continue
        if not piece:
            return
        take(piece)
