"""QEMU as a process of the host: started so that it outlives us, found again, and ended."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from vm.errors import GuestError, UnavailableError

LAST_WORDS = 20
"""Lines of QEMU's log that an error carries."""

_PREFIX = re.compile(r"^(.* )?\S*qemu-system-\S+: (-\S+ .*: (?=\S))?")

_WINDOWS_DETACHED = 0x00000008 | 0x00000200 | 0x08000000
"""DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP and CREATE_NO_WINDOW; the names exist on Windows only."""


def detached(platform: str = sys.platform) -> dict[str, Any]:
    """Return what makes `subprocess.Popen` start a program that no signal or console of ours reaches."""
    if platform == "win32":
        return {"creationflags": _WINDOWS_DETACHED}
    # Guest memory ends up in the files that QEMU makes; nobody else may read them.
    return {"start_new_session": True, "umask": 0o077}


def spawn(argv: Sequence[str], log: Path, descriptors: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Start QEMU, its words appended to `log`.

    Raises:
        UnavailableError: it cannot be started or the log cannot be written.
    """
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            return subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd=log.parent,
                pass_fds=tuple(descriptors),
                **detached(),
            )
    except OSError as error:
        raise UnavailableError(f"{argv[0]} cannot be started: {error.strerror}.") from error


def last_words(log: Path, start: int = 0) -> str:
    """Return the end of QEMU's log, only what came after the byte `start`."""
    try:
        with log.open("rb") as stream:
            end = stream.seek(0, os.SEEK_END)
            stream.seek(max(start, end - 16384))
            lines = stream.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return "\n".join(lines[-LAST_WORDS:]).strip()


def died(name: str, log: Path, start: int = 0) -> GuestError:
    """Return the error for a QEMU that ended when it should not have."""
    words = last_words(log, start)
    return ended_error(name, words)


def plain(line: str) -> str:
    """Return a line of QEMU's without its name and without the option that it refuses, which it repeats at length."""
    return _PREFIX.sub("", line)


def ended_error(name: str, words: str) -> GuestError:
    """Return the error for a QEMU that ended with these last words; its own last line becomes the reason."""
    own = [line for line in words.splitlines() if _PREFIX.match(line)] or words.splitlines()
    last = plain(own[-1]).rstrip(".") if own else "it ended without a word"
    return GuestError(f"QEMU could not run the machine '{name}': {last}", detail=words or None)


def belongs(process: psutil.Process, pid_file: Path) -> bool:
    """Tell whether `process` is the QEMU that was told to use `pid_file`, and not another program with its number."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        command = process.cmdline()
    except psutil.Error:
        return False
    return any(pair == ("-pidfile", str(pid_file)) for pair in itertools.pairwise(command))


def find(pid_file: Path) -> psutil.Process | None:
    """Return the running QEMU of `pid_file`, or None.

    A session's runtime folder can vanish below a running VM (logout), so without the file all processes are asked.
    """
    try:
        process = psutil.Process(int(pid_file.read_text()))
    except FileNotFoundError:
        return next((process for process in psutil.process_iter() if belongs(process, pid_file)), None)
    except (ValueError, OSError, psutil.Error):
        return None
    return process if belongs(process, pid_file) else None


async def ended(process: psutil.Process, limit: float | None, popen: subprocess.Popen[bytes] | None = None) -> bool:
    """Wait for a process's end, at most `limit` seconds (None: for ever), and tell whether it came."""
    try:
        if popen is None:
            return await asyncio.to_thread(_wait, process, limit)
        # Our own child has to be reaped by its Popen, or it stays a zombie.
        await asyncio.to_thread(popen.wait, limit)
        return True
    except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
        return False


def _wait(process: psutil.Process, limit: float | None) -> bool:
    """Wait for somebody else's child; it has ended when it is a zombie, however late its parent reaps it."""
    try:
        if sys.platform != "linux":
            process.wait(limit)
            return True
        descriptor = os.pidfd_open(process.pid)
    except (psutil.NoSuchProcess, ProcessLookupError):
        return True
    try:
        return bool(select.select([descriptor], [], [], limit)[0])
    finally:
        os.close(descriptor)


def kill(process: psutil.Process) -> None:
    """Kill; no error when it is gone."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        pass
