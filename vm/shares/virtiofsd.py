"""The process behind a virtiofs share: finding the program, starting it, finding it again, noticing its end.

One virtiofsd serves one share. Like QEMU it is detached and outlives linnetd; a small JSON file beside its socket
tells a later linnetd which process it is. Linux only, as virtiofsd itself is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from vm.errors import LinnetError, UnavailableError
from vm.files import write_atomic
from vm.layout import check_socket_path
from vm.process import run
from vm.shares.base import Owner, Share

PLACES = ("/usr/libexec/virtiofsd", "/usr/lib/virtiofsd", "/usr/lib/qemu/virtiofsd")
"""Where distributions put it, outside PATH."""

OLDEST = (1, 13)
"""The first version that translates user ids by itself."""

READY = "Waiting for vhost-user socket connection"

READY_LIMIT = 5.0
"""Seconds after which a living process counts as ready, whatever it says."""

READY_EVERY = 0.01

END_LIMIT = 3.0
"""Seconds that it may take to end before it is killed."""

LOG_LIMIT = 256 * 1024
"""Bytes; a longer log is emptied when the process is looked at."""

ALL_IDS = 2**32 - 1


@dataclass(frozen=True)
class Program:
    """A virtiofsd that can be used: its command, without options."""

    command: tuple[str, ...]


async def find(setting: str | None) -> Program:
    """Return the virtiofsd to use: the configured command, or the installed one.

    Raises:
        UnavailableError: there is none, or it is too old; the message is a phrase without a full stop.
    """
    if not sys.platform.startswith("linux"):
        raise UnavailableError("virtiofsd runs on Linux only")
    if setting:
        command = tuple(shlex.split(setting))
    else:
        found = shutil.which("virtiofsd") or next((place for place in PLACES if os.access(place, os.X_OK)), None)
        if found is None:
            raise UnavailableError("the program virtiofsd is not installed")
        command = (found,)
    try:
        answer = await run([*command, "--version"], timeout=10)
    except LinnetError as error:
        raise UnavailableError(f"{shlex.join(command)} does not run", detail=error.detail or error.message) from error
    version = _version(answer)
    if version < OLDEST:
        least = ".".join(map(str, OLDEST))
        raise UnavailableError(f"the installed virtiofsd is too old ({answer.strip()}; {least} is needed)")
    return Program(command)


def _version(text: str) -> tuple[int, ...]:
    words = text.split()
    try:
        return tuple(int(part) for part in words[-1].split(".")[:2])
    except (IndexError, ValueError):
        return (0,)


def options(share: Share, owner: Owner, descriptor: int, *, sandbox: bool) -> list[str]:
    """Return virtiofsd's options for `share`, listening on the inherited socket `descriptor`."""
    result = [
        f"--fd={descriptor}",
        f"--shared-dir={share.path}",
        "--cache=auto",
        f"--sandbox={'namespace' if sandbox else 'none'}",
        "--log-level=info",
        # Suspend: a guest may hold files that are gone when it resumes; they fail one by one, not all at once.
        "--migration-mode=find-paths",
        "--migration-on-error=guest-error",
        "--migration-verify-handles",
    ]
    if owner.host_uid == 0:
        # One open descriptor less for every file that the guest has ever looked at; only root may do so.
        result += ["--inode-file-handles=prefer", "--modcaps=+dac_read_search"]
    else:
        result.append("--inode-file-handles=never")
    for name, host, guest in (("uid", owner.host_uid, owner.guest_uid), ("gid", owner.host_gid, owner.guest_gid)):
        result += [
            f"--translate-{name}=squash-guest:0:{host}:{ALL_IDS}",
            f"--translate-{name}=squash-host:0:{guest}:{ALL_IDS}",
        ]
    if share.read_only:
        result.append("--readonly")
    return result


class Process:
    """A running virtiofsd.

    Attributes:
        pid: its process id.
        ended: set when it is gone.
    """

    def __init__(self, pid: int, on_end: Callable[[], None]) -> None:
        self.pid = pid
        self.ended = asyncio.Event()
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._descriptor: int | None = os.pidfd_open(pid)
        self._loop.add_reader(self._descriptor, self._note_end)

    async def end(self) -> None:
        """End the process, kindly first; returns when it is gone."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self.ended.is_set():
                return
            # Its sandbox has a process of its own; both are in the session that `start` made for them.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, sign)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_LIMIT):
                    await self.ended.wait()

    def let_go(self) -> None:
        """Stop watching it; it goes on."""
        if self._descriptor is not None:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def _note_end(self) -> None:
        self.let_go()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)
        self.ended.set()
        self._on_end()


@dataclass(frozen=True)
class Files:
    """What one virtiofsd keeps beside its socket."""

    socket: Path

    @property
    def log(self) -> Path:
        """What it says."""
        return self.socket.with_suffix(".log")

    @property
    def record(self) -> Path:
        """JSON: which process it is."""
        return self.socket.with_suffix(".json")

    def remove(self) -> None:
        """Remove what has no use without the process; the log stays."""
        for path in (self.socket, self.record):
            path.unlink(missing_ok=True)

    def last_words(self) -> str:
        """Return the end of the log, and keep the log within its limit."""
        try:
            with self.log.open("r+b") as stream:
                size = stream.seek(0, os.SEEK_END)
                stream.seek(max(0, size - 2000))
                text = stream.read().decode(errors="replace")
                if size > LOG_LIMIT:
                    stream.truncate(0)
        except OSError:
            return ""
        return text.strip()


async def start(program: Program, share: Share, owner: Owner, files: Files, on_end: Callable[[], None]) -> Process:
    """Start virtiofsd for `share`; returns when it is ready for QEMU.

    Root's is put into a namespace of its own, where the kernel allows that.

    Raises:
        UnavailableError: it does not start; what it said is in `detail`.
    """
    sandboxes = (True, False) if owner.host_uid == 0 else (False,)
    for sandbox in sandboxes:
        process = _spawn(program, share, owner, files, on_end, sandbox=sandbox)
        if await _ready(process, files):
            return process
    files.remove()
    raise UnavailableError(
        f"The file server of the share {share.path} did not start.",
        hint="Set the kind of the share to 9p or sftp, or `virtiofsd` to another program.",
        detail=files.last_words(),
    )


def _spawn(
    program: Program, share: Share, owner: Owner, files: Files, on_end: Callable[[], None], *, sandbox: bool
) -> Process:
    check_socket_path(files.socket)
    files.socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.remove()
    files.log.unlink(missing_ok=True)
    # The socket is bound here and inherited, so that QEMU can connect from this moment on.
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, files.log.open("ab") as log:
        listener.bind(str(files.socket))
        files.socket.chmod(0o600)
        listener.listen(1)
        listener.set_inheritable(True)
        argv = [*program.command, *options(share, owner, listener.fileno(), sandbox=sandbox)]
        streams = [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        try:
            # Not subprocess: its objects want to be waited for, and this process shall outlive linnetd.
            pid = os.posix_spawnp(
                argv[0],
                argv,
                os.environ,
                file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), *streams],
                setsid=True,
            )
        except OSError as error:
            files.remove()
            raise UnavailableError(f"{program.command[0]} cannot be started: {error.strerror}.") from error
    process = Process(pid, on_end)
    write_atomic(files.record, json.dumps({"pid": pid, "started": _started(pid)}).encode())
    return process


async def _ready(process: Process, files: Files) -> bool:
    """Wait until the process says that it is ready; False when it ends instead."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READY_LIMIT):
            while not process.ended.is_set():
                if READY in files.last_words():
                    return True
                # It says so in a file, which is the one place that outlives linnetd; a file raises no event.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(process.ended.wait(), READY_EVERY)
    return not process.ended.is_set()


def find_again(files: Files, on_end: Callable[[], None]) -> Process | None:
    """Return the virtiofsd that an earlier linnetd started, if it still runs."""
    try:
        record = json.loads(files.record.read_bytes())
        pid, started = int(record["pid"]), float(record["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if started == 0 or _started(pid) != started:
        return None
    try:
        return Process(pid, on_end)
    except OSError:
        return None


def _started(pid: int) -> float:
    """Return when the process began, seconds since the epoch; 0 when it is gone."""
    try:
        process = psutil.Process(pid)
        return 0 if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return 0
