"""Programs that go through many files: run without blocking, with progress, and ended when nobody wants them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from agent.errors import ROOM, AgentError, closing
from agent.loop import READ, Loop
from agent.process import last_line

_KEPT = 8192
"""Bytes of what a program complains about that are kept."""


async def copy(loop: Loop, source: str, target: str, told: Callable[[int], None], reflink: str = "always") -> None:
    """Copy the folder `source` to the new folder `target`, so that both share their blocks.

    Owners, modes, times, extended attributes, ACLs, hard links, links and holes stay as they are. `told` hears how
    many files are done.

    Raises:
        AgentError: it failed, `disk-full` when the data disk has no room. What is there already stays behind.
    """
    argv = ["cp", "-a", "-v", f"--reflink={reflink}", "-T", "--", source, target]
    code, complaints = await _run(loop, argv, told)
    if code:
        if "No space left on device" in complaints:
            raise AgentError(
                "disk-full", "The data disk of the machine has no room for this; nothing was changed.", complaints, ROOM
            )
        why = last_line(complaints) or f"exit code {code}"
        raise AgentError("guest", f"The files could not be copied: {closing(why)}", complaints or None)


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
