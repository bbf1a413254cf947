"""Listening for local clients: a Unix socket of mode 0600, a named pipe on Windows. Both give asyncio streams."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import stat
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from vm.errors import UnavailableError
from vm.layout import check_socket_path

BUFFER = 256 * 1024
"""Bytes that are read ahead of a connection before the other side has to wait."""

BACKLOG = 512

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""Handles one connection. Runs as a task of its own."""


class Listener(Protocol):
    """Something that accepts connections."""

    def close(self) -> None:
        """Accept no more; connections go on."""

    def intact(self) -> bool:
        """Whether clients still find it: its file may have been deleted under it."""


async def listen(address: str, serve: Serve) -> Listener:
    """Accept connections on `address` (a path, or a pipe's name on Windows) and give each to `serve`.

    Whatever was there before is replaced, so the caller must know that its owner is gone.

    Raises:
        UnavailableError: nobody can listen there.
    """
    try:
        return await _LISTENERS.get(sys.platform, UnixListener.open)(address, serve)
    except OSError as error:
        raise UnavailableError(f"Linnet cannot listen on {address}: {error.strerror}.") from error


class UnixListener:
    """A listening Unix socket that knows its own file."""

    def __init__(self, path: Path, server: asyncio.Server, inode: int) -> None:
        self._path = path
        self._server = server
        self._inode = inode

    @classmethod
    async def open(cls, address: str, serve: Serve) -> UnixListener:
        """Listen at the path `address`."""
        path = Path(address)
        check_socket_path(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Bound under another name and moved into place: it has its mode before anybody can see it, and a stale
        # socket is replaced without a moment in which there is none.
        temporary = path.with_name(f".{path.name[:1]}{os.getpid() % 100000}")
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.bind(str(check_socket_path(temporary)))
            temporary.chmod(0o600)
            sock.listen(BACKLOG)
            server = await asyncio.start_unix_server(serve, sock=sock, limit=BUFFER, backlog=BACKLOG)
            inode = temporary.stat().st_ino
            temporary.replace(path)
        except BaseException:
            sock.close()
            raise
        return cls(path, server, inode)

    def intact(self) -> bool:
        """See Listener."""
        try:
            info = self._path.lstat()
        except OSError:
            return False
        return stat.S_ISSOCK(info.st_mode) and info.st_ino == self._inode

    def close(self) -> None:
        """See Listener. Removes the file, unless it is somebody else's by now."""
        if self.intact():
            self._path.unlink(missing_ok=True)
        self._server.close()


class PipeListener:
    """A named pipe; every client gets an instance of its own."""

    def __init__(self, servers: list[Any]) -> None:
        self._servers = servers

    @classmethod
    async def open(cls, address: str, serve: Serve) -> PipeListener:
        """Listen on the pipe `address`. Only the Proactor loop can do this."""
        loop: Any = asyncio.get_running_loop()

        def protocol() -> asyncio.StreamReaderProtocol:
            return asyncio.StreamReaderProtocol(asyncio.StreamReader(limit=BUFFER), serve)

        return cls(await loop.start_serving_pipe(protocol, address))

    def intact(self) -> bool:
        """See Listener."""
        return True

    def close(self) -> None:
        """See Listener."""
        for server in self._servers:
            server.close()


_LISTENERS: dict[str, Callable[[str, Serve], Awaitable[Listener]]] = {"win32": PipeListener.open}
