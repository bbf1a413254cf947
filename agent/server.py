"""The agent's socket: connections of hosts, lines in and out."""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from agent import wire
from agent.core import Connected, Disconnected, Line
from agent.loop import READ, WRITE, Loop, Task, log

QUEUE_LIMIT = 4 * 1024 * 1024
"""Bytes that may wait for a host that does not read; then its connection is closed. One message may always wait."""

_CHUNK = 65536


class _Connection:
    def __init__(self, number: int, peer: socket.socket) -> None:
        self.number = number
        self.peer = peer
        self.queue: deque[bytes] = deque()
        self.waiting = 0
        self.writer: Task | None = None
        self.reader: Task | None = None


class Server:
    """Accepts hosts and turns what they send into events of the core."""

    def __init__(self, loop: Loop, path: str, emit: Callable[[Any], None]) -> None:
        """Listen at `path`; what is there already is replaced. Only the user that runs the agent can connect."""
        self._loop = loop
        self._emit = emit
        self._connections: dict[int, _Connection] = {}
        self._last = 0
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        mask = os.umask(0o177)
        try:
            self._listener.bind(path)
        finally:
            os.umask(mask)
        self._listener.listen(16)
        self._path = path
        loop.spawn(self._accept())

    def send(self, number: int, message: wire.Message) -> None:
        """Send a message to a connection, later if it does not read now. Nothing happens if the connection is gone."""
        connection = self._connections.get(number)
        if connection is None:
            return
        line = wire.encode(message)
        if connection.waiting and connection.waiting + len(line) > QUEUE_LIMIT:
            self.drop(number, f"it does not read: {connection.waiting} bytes wait")
            return
        connection.queue.append(line)
        connection.waiting += len(line)
        if connection.writer is None:
            connection.writer = self._loop.spawn(self._write(connection))

    def drop(self, number: int, reason: str) -> None:
        """Close a connection."""
        connection = self._connections.pop(number, None)
        if connection is None:
            return
        if reason:
            log(f"closed connection {number}: {reason}")
        for task in (connection.reader, connection.writer):
            if task is not None:
                task.cancel()
        connection.peer.close()
        self._loop.soon(lambda: self._emit(Disconnected(number)))

    async def flush(self, seconds: float = 2.0) -> None:
        """Wait until everything is sent, but not longer than that."""
        for connection in list(self._connections.values()):
            if connection.writer is not None:
                try:
                    await self._loop.timeout(seconds, connection.writer.outcome())
                except (TimeoutError, OSError):
                    continue

    async def _accept(self) -> None:
        try:
            await self._accept_all()
        finally:
            self._listener.close()
            os.unlink(self._path)

    async def _accept_all(self) -> None:
        while True:
            await self._loop.wait(self._listener.fileno(), READ)
            try:
                peer, _address = self._listener.accept()
            except OSError as error:
                log(f"a connection could not be accepted: {error}")
                await self._loop.sleep(0.1)  # out of descriptors: others have to be closed first
                continue
            peer.setblocking(False)
            self._last += 1
            connection = self._connections[self._last] = _Connection(self._last, peer)
            self._emit(Connected(self._last))
            if self._last in self._connections:
                connection.reader = self._loop.spawn(self._read(connection))

    async def _read(self, connection: _Connection) -> None:
        pieces: list[bytes] = []
        size = 0
        try:
            while True:
                try:
                    data = connection.peer.recv(_CHUNK)
                except BlockingIOError:
                    await self._loop.wait(connection.peer.fileno(), READ)
                    continue
                if not data:
                    break
                *lines, rest = data.split(b"\n")
                for line in lines:
                    self._emit(Line(connection.number, b"".join([*pieces, line])))
                    pieces, size = [], 0
                    if connection.number not in self._connections:
                        return
                pieces.append(rest)
                size += len(rest)
                if size > wire.LINE_LIMIT:
                    self.drop(connection.number, f"a line is longer than {wire.LINE_LIMIT} bytes")
                    return
        except OSError:
            pass  # the same as an end
        finally:
            self.drop(connection.number, "")

    async def _write(self, connection: _Connection) -> None:
        try:
            while connection.queue:
                view = memoryview(connection.queue[0])
                while view:
                    try:
                        sent = connection.peer.send(view)
                    except BlockingIOError:
                        await self._loop.wait(connection.peer.fileno(), WRITE)
                        continue
                    view = view[sent:]
                    connection.waiting -= sent
                connection.queue.popleft()
        except OSError:
            self.drop(connection.number, "")
        finally:
            connection.writer = None
