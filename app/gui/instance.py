"""One desktop app per user and LINNET_HOME: a later start tells the running one what it wants, and ends.

An OS lock says who runs, so nothing that a crash leaves behind is mistaken for somebody. What is said is one line of
JSON, `{"version": 1, "command": "show"}`, answered by `{"version": 1, "ok": true}` or by `"ok": false` and an `error`.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.core.lock import FileLock
from vm.errors import LinnetError, UnavailableError
from vm.layout import Layout, check_socket_path

VERSION = 1

COMMANDS = ("show", "hide", "quit")

LONGEST_LINE = 4096
"""Bytes; ours have a hundred."""

PATIENCE = 5.0
"""Seconds that either side waits for the other."""

_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
"""Where a launcher leaves the permission to take the focus, which the running app needs to come to the front."""

_log = logging.getLogger(__name__)


class Instance(QObject):
    """This process among the starts of the desktop app.

    Signals:
        asked: a later start wants something, one of `COMMANDS`.
    """

    asked = Signal(str)

    def __init__(self, layout: Layout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layout = layout
        self._lock = FileLock(layout.desktop_lock)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)

    def claim(self) -> bool:
        """Become the running app; return False when there is one already.

        Raises:
            UnavailableError: the folders or the socket cannot be used.
        """
        self._layout.make_private()
        address = self._layout.desktop_address
        if sys.platform != "win32":
            check_socket_path(Path(address))
        if not self._lock.acquire(wait=False):
            return False
        # Whoever made a socket there held the lock and is gone.
        QLocalServer.removeServer(address)
        if not self._server.listen(address):
            self._lock.release()
            raise UnavailableError(f"The socket {address} cannot be made: {self._server.errorString()}.")
        return True

    def close(self) -> None:
        """Let the next start be the running app."""
        self._server.close()
        self._lock.release()

    def _accept(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            connection.disconnected.connect(connection.deleteLater)
            connection.readyRead.connect(lambda connection=connection: self._read(connection))
            QTimer.singleShot(int(PATIENCE * 1000), connection, connection.abort)
            self._read(connection)

    def _read(self, connection: QLocalSocket) -> None:
        if not connection.canReadLine():
            if connection.bytesAvailable() > LONGEST_LINE:
                connection.abort()
            return
        command, problem = self._understand(bytes(connection.readLine().data()))
        answer = {"ok": True} if command else {"ok": False, "error": problem}
        connection.write(_line(answer))
        connection.flush()
        connection.disconnectFromServer()
        if command:
            self.asked.emit(command)
        else:
            _log.warning("a later start asked for something unknown: %s", problem)

    def _understand(self, line: bytes) -> tuple[str, str]:
        """Return the command of a request, or "" and what is wrong with it."""
        request = _parse(line)
        if request.get("version") != VERSION:
            return "", "Another version of Linnet is running. Quit it and start again."
        command = request.get("command")
        if command not in COMMANDS:
            return "", f"The running Linnet does not know the command {command!r}."
        token = request.get("activation")
        if isinstance(token, str) and token:
            # Qt takes it from there when the window is raised.
            os.environ[_TOKENS[0]] = token
        return str(command), ""


def send(layout: Layout, command: str, patience: float = PATIENCE) -> None:
    """Tell the running app to do `command`, one of `COMMANDS`; waits up to `patience` seconds for its answer.

    Raises:
        UnavailableError: it does not answer.
        LinnetError: it refused; says why.
    """
    deadline = time.monotonic() + patience
    connection = QLocalSocket()
    request = {"command": command}
    token = next(filter(None, (os.environ.get(name) for name in _TOKENS)), None)
    if token:
        request["activation"] = token
    _allow_foreground()
    try:
        _connect(connection, layout.desktop_address, deadline)
        connection.write(_line(request))
        while not connection.canReadLine() and connection.waitForReadyRead(_left(deadline)):
            pass
        answer = _parse(bytes(connection.readLine().data()))
    finally:
        connection.abort()
    if not answer:
        raise _silent()
    if not answer.get("ok"):
        raise LinnetError(str(answer.get("error", "The running Linnet refused.")))


def _connect(connection: QLocalSocket, address: str, deadline: float) -> None:
    """Connect; one that has just started may not listen yet, and one that ends may not answer any more."""
    while True:
        connection.connectToServer(address)
        if connection.waitForConnected(_left(deadline)):
            return
        if time.monotonic() > deadline:
            raise _silent()
        time.sleep(0.05)


def _silent() -> UnavailableError:
    return UnavailableError(
        "Linnet is running already, but its window does not answer.",
        hint="Wait a moment and try again, or end the process linnet-desktop; the machine and its containers go on.",
    )


def _left(deadline: float) -> int:
    """Return the milliseconds until `deadline`, at least one."""
    return max(1, int((deadline - time.monotonic()) * 1000))


def _line(message: Mapping[str, object]) -> bytes:
    return json.dumps({"version": VERSION, **message}).encode() + b"\n"


def _parse(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _allow_foreground() -> None:
    """On Windows, hand on the right to come to the front, which the process that the user has just started has."""
    if sys.platform == "win32":
        import ctypes

        any_process = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
