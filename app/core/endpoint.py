"""Where linnetd listens, and connections to it: a Unix socket, a named pipe on Windows.

Part of every command of the command line: imports only what is cheap. The server's half is `app.service.listen`.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vm.errors import UnavailableError
from vm.layout import check_socket_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from vm.layout import Layout


class NotListeningError(UnavailableError):
    """Nobody listens there: no socket, or one whose owner is gone."""


class Connection(Protocol):
    """A two-way stream of bytes to linnetd. `recv` and `send` may be used by two threads at once."""

    def recv(self, limit: int) -> bytes:
        """Return up to `limit` bytes, empty at the end. Raises UnavailableError when the connection breaks."""

    def send(self, data: bytes) -> None:
        """Send all of `data`. Raises UnavailableError when the connection breaks."""

    def end_output(self) -> None:
        """Say that no more will be sent."""

    def fileno(self) -> int:
        """Return a descriptor to select on, or -1 where there is none (named pipes)."""

    def abort(self) -> None:
        """Have whoever reads or writes, in whatever thread, come back at once."""

    def close(self) -> None:
        """End the connection."""


def address(layout: Layout) -> str:
    """Return where the local API listens: a path, or a pipe's name on Windows."""
    return layout.service_address


def connect(where: str) -> Connection:
    """Connect to a local server.

    Raises:
        NotListeningError: there is none.
        UnavailableError: it cannot be reached, for whatever other reason.
    """
    return _CONNECTORS.get(sys.platform, UnixConnection)(where)


class UnixConnection:
    """A connection over a Unix socket."""

    def __init__(self, path: str) -> None:
        check_socket_path(Path(path))
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except (FileNotFoundError, ConnectionRefusedError) as error:
            self._socket.close()
            raise NotListeningError(f"Nobody listens on {path}.") from error
        except OSError as error:
            self._socket.close()
            raise UnavailableError(f"The socket {path} cannot be used: {error.strerror}.") from error

    def recv(self, limit: int) -> bytes:
        """See Connection."""
        try:
            return self._socket.recv(limit)
        except OSError as error:
            raise _broken(error) from error

    def send(self, data: bytes) -> None:
        """See Connection."""
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise _broken(error) from error

    def end_output(self) -> None:
        """See Connection."""
        self._socket.shutdown(socket.SHUT_WR)

    def fileno(self) -> int:
        """See Connection."""
        return self._socket.fileno()

    def abort(self) -> None:
        """See Connection."""
        with contextlib.suppress(OSError):  # it has ended by itself
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """See Connection."""
        self._socket.close()


if sys.platform == "win32":
    import _winapi

    _WAIT_LIMIT = 5000
    """Milliseconds to wait for a free instance of a pipe: linnetd makes a new one as soon as one is taken."""

    class PipeConnection:
        """A connection over a named pipe, overlapped so that one thread may read while another writes."""

        def __init__(self, name: str) -> None:
            try:
                self._handle = self._open(name)
            except FileNotFoundError as error:
                raise NotListeningError(f"Nobody listens on {name}.") from error
            except OSError as error:
                raise UnavailableError(f"The pipe {name} cannot be used: {error.strerror}.") from error

        @staticmethod
        def _open(name: str) -> int:
            while True:
                try:
                    return _winapi.CreateFile(
                        name,
                        _winapi.GENERIC_READ | _winapi.GENERIC_WRITE,
                        0,
                        _winapi.NULL,
                        _winapi.OPEN_EXISTING,
                        _winapi.FILE_FLAG_OVERLAPPED,
                        _winapi.NULL,
                    )
                except OSError as error:
                    if error.winerror != _winapi.ERROR_PIPE_BUSY:
                        raise
                _winapi.WaitNamedPipe(name, _WAIT_LIMIT)

        def recv(self, limit: int) -> bytes:
            """See Connection."""
            try:
                operation, _status = _winapi.ReadFile(self._handle, limit, overlapped=True)
                count, status = operation.GetOverlappedResult(True)
            except OSError as error:
                if error.winerror == _winapi.ERROR_BROKEN_PIPE:
                    return b""
                raise _broken(error) from error
            if status not in (0, _winapi.ERROR_MORE_DATA):
                return b""
            return bytes(operation.getbuffer() or b"")[:count]

        def send(self, data: bytes) -> None:
            """See Connection."""
            view = memoryview(data)
            try:
                while view:
                    operation, _status = _winapi.WriteFile(self._handle, view, overlapped=True)
                    count, _status = operation.GetOverlappedResult(True)
                    view = view[count:]
            except OSError as error:
                raise _broken(error) from error

        def end_output(self) -> None:
            """See Connection. An empty message is what asyncio's pipe server takes for the end."""
            operation, _status = _winapi.WriteFile(self._handle, b"", overlapped=True)
            operation.GetOverlappedResult(True)

        def fileno(self) -> int:
            """See Connection."""
            return -1

        def abort(self) -> None:
            """See Connection. Windows ends what is under way on a handle that is closed."""
            self.close()

        def close(self) -> None:
            """See Connection."""
            handle, self._handle = self._handle, 0
            if handle:
                _winapi.CloseHandle(handle)

    _CONNECTORS: dict[str, Callable[[str], Connection]] = {"win32": PipeConnection}
else:
    _CONNECTORS: dict[str, Callable[[str], Connection]] = {}


def _broken(error: OSError) -> UnavailableError:
    return UnavailableError(
        f"The connection to linnetd broke: {error.strerror or os.strerror(error.errno or 0)}.",
        hint="`linnet service status` tells whether it runs.",
    )
