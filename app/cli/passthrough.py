"""Commands of the engine's own CLI, run in the guest as if it were here: terminal, streams, signals, exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType as StackFrame
from typing import Any

from app.cli import hostpaths, terminal
from app.cli.exits import Exit
from app.cli.session import Session
from app.core.endpoint import Connection, NotListeningError
from app.core.frames import CHUNK, Decoder, FrameType, encode, encode_json
from vm.errors import ConflictError, LinnetError, NotFoundError, UnavailableError, from_dict

_FORWARDED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
"""Signals that the guest's process gets; Windows has the first two."""

_SIGNAL_PATIENCE = 2.0
"""Seconds that a signal may wait behind input that nobody reads, before the connection is cut instead."""


def run_engine(session: Session, argv: Sequence[str]) -> int:
    """Run the engine's CLI with the arguments `argv` and return its exit code.

    Raises:
        LinnetError: it could not be run.
    """
    shares = _shares(session)
    paths = hostpaths.PathMap(shares, os.getcwd())  # noqa: PTH109 - pathlib is slow to load
    command = hostpaths.translate(argv, paths, os.environ)
    needs = hostpaths.wants_terminal(argv)
    return run(session, command.argv, engine=True, cwd=command.cwd, env=command.env, wants_terminal=needs)


def run(
    session: Session,
    argv: Sequence[str],
    *,
    engine: bool,
    cwd: str | None,
    env: dict[str, str],
    wants_terminal: bool = False,
) -> int:
    """Run a command in the guest, starting the machine if need be, and return its exit code.

    Args:
        session: which machine.
        argv: the command; arguments of the engine's CLI when `engine`.
        engine: whether linnetd puts the engine's CLI in front.
        cwd: working directory in the guest, or None for the user's home.
        env: variables for it.
        wants_terminal: give it a terminal even if its output is redirected here.

    Raises:
        LinnetError: it could not be run.
    """
    here = terminal.this_terminal()
    interactive = here.interactive()
    tty = interactive and (wants_terminal or (os.isatty(1) and os.isatty(2)))
    if tty:
        env = {"TERM": os.environ.get("TERM") or "xterm-256color", **env}
    rows, columns = terminal.size()
    body = {
        "argv": list(argv),
        "engine": engine,
        "cwd": cwd,
        "env": env,
        "tty": tty,
        "rows": rows,
        "cols": columns,
        "wake": False,
    }
    connection = _open(session, body)
    # A background job must not read the terminal: the kernel would stop it.
    reads = interactive or not os.isatty(0)
    with contextlib.closing(connection), contextlib.ExitStack() as stack:
        exchange = _Exchange(connection)
        stack.enter_context(exchange.forwarding_signals())
        if tty:
            stack.enter_context(here.watch_size(exchange.resize))
            stack.enter_context(here.raw())
        return exchange.run(read_input=reads)


def _open(session: Session, body: dict[str, Any]) -> Connection:
    path = session.path("/exec")
    try:
        return session.client.upgrade(path, body)
    except NotListeningError:
        raise
    except (ConflictError, NotFoundError, UnavailableError):
        session.ensure_started()
    return session.client.upgrade(path, body)


def _shares(session: Session) -> list[hostpaths.SharedFolder]:
    try:
        shares = session.client.get(session.path("/shares"))
    except NotFoundError:
        session.ensure_started()
        shares = session.client.get(session.path("/shares"))
    return shared_folders(shares)


def shared_folders(shares: Sequence[dict[str, Any]]) -> list[hostpaths.SharedFolder]:
    """Return the shares that the guest has or will have: not those that failed to be mounted."""
    return [
        hostpaths.SharedFolder(share["path"], share["guest_path"])
        for share in shares
        if share["mounted"] or not share.get("error")
    ]


class _Exchange:
    """The two directions of one command: input and signals to the guest, output and the exit code back.

    Input is read by a thread of its own, because neither a Windows console nor its pipes can be waited for together.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._decoder = Decoder()
        self._interrupted: int | None = None

    def run(self, *, read_input: bool) -> int:
        """Go on until the command ends; return its exit code."""
        target = self._pump_input if read_input else self._end_input
        threading.Thread(target=target, name="input", daemon=True).start()
        while True:
            try:
                data = self._connection.recv(CHUNK)
            except UnavailableError:
                data = b""
            if not data:
                return self._lost()
            for kind, payload in self._decoder.feed(data):
                code = self._take(kind, payload)
                if code is not None:
                    return code

    def resize(self) -> None:
        """Tell the guest the terminal's size."""
        rows, columns = terminal.size()
        self._send_soon(encode_json(FrameType.resize, {"rows": rows, "cols": columns}))

    @contextlib.contextmanager
    def forwarding_signals(self) -> Iterator[None]:
        """Pass signals on to the guest's process instead of dying of them."""
        before = {}
        for name in _FORWARDED:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, self._signalled)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _signalled(self, number: int, _frame: StackFrame | None) -> None:
        self._interrupted = number
        name = signal.Signals(number).name.removeprefix("SIG")
        self._send_soon(encode(FrameType.signal, name.encode()), patience=_SIGNAL_PATIENCE)

    def _send_soon(self, frame: bytes, patience: float | None = None) -> None:
        # From a signal handler: the main thread must go on reading, or both directions could wait for each other.
        def send() -> None:
            if not self._sending.acquire(timeout=-1 if patience is None else patience):
                self._connection.close()
                return
            try:
                self._connection.send(frame)
            except (UnavailableError, OSError):
                return  # the reading side learns of it
            finally:
                self._sending.release()

        threading.Thread(target=send, name="signal", daemon=True).start()

    def _pump_input(self) -> None:
        while True:
            try:
                data = os.read(0, CHUNK)
            except OSError:
                data = b""
            frame = encode(FrameType.stdin, data) if data else encode(FrameType.end_of_stdin)
            try:
                with self._sending:
                    self._connection.send(frame)
            except (UnavailableError, OSError):
                return
            if not data:
                return

    def _end_input(self) -> None:
        with contextlib.suppress(UnavailableError, OSError), self._sending:
            self._connection.send(encode(FrameType.end_of_stdin))

    def _take(self, kind: FrameType, payload: bytes) -> int | None:
        if kind is FrameType.stdout:
            _write(1, payload)
        elif kind is FrameType.stderr:
            _write(2, payload)
        elif kind is FrameType.exit:
            return _exit_code(payload)
        elif kind is FrameType.error:
            import json

            raise from_dict(json.loads(payload))
        return None

    def _lost(self) -> int:
        if self._interrupted is not None:
            return 128 + self._interrupted
        raise UnavailableError(
            "The connection to the machine was lost while the command ran.",
            hint="`linnet machine status` tells how the machine is.",
        )


def _exit_code(payload: bytes) -> int:
    import json

    ended = json.loads(payload)
    name = ended.get("signal")
    if not name:
        return int(ended.get("code") or 0)
    number = getattr(signal, f"SIG{name}", None)
    return 128 + int(number) if number is not None else int(Exit.not_passed)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def failed(error: LinnetError, *, verbose: bool) -> int:
    """Print why the command could not be passed, and return the exit code of that."""
    from app.cli import output

    sys.stdout.flush()
    output.error(error, verbose=verbose)
    return int(Exit.cancelled if error.code == "cancelled" else Exit.not_passed)
