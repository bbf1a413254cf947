"""The socket that paramiko is given: it reads in large pieces, and its writes never wait.

paramiko writes from whichever thread sends a message. Here a write that the kernel does not take at once goes into a
backlog that a thread of its own empties, so that the event loop can send SSH messages itself. Senders keep the
backlog bounded: they wait for `on_room` while it is longer than `HIGH_WATER`.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

READ_SIZE = 256 * 1024

HIGH_WATER = 512 * 1024
"""Backlog in bytes at which senders should wait."""

LOW_WATER = 128 * 1024
"""Backlog in bytes at which they may go on."""


class FlowSocket:
    """A connected TCP socket in the shape that `paramiko.Transport` wants."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        # A second object of the same connection: its sends return at once, while reads keep their timeout.
        self._eager = sock.dup()
        self._eager.setblocking(False)
        self._space = memoryview(bytearray(READ_SIZE))
        self._start = self._end = 0
        self._lock = threading.Lock()
        self._more = threading.Condition(self._lock)
        self._backlog: deque[memoryview] = deque()
        self._writer: threading.Thread | None = None
        self._closed = False
        self.pending = 0
        """Bytes in the backlog."""
        self.on_room: Callable[[], None] = lambda: None
        """Called in the writing thread when the backlog has become short."""
        self.last_received = time.monotonic()

    def settimeout(self, seconds: float | None) -> None:
        """Bound each read and each write of the backlog."""
        self._sock.settimeout(seconds)

    def getpeername(self) -> object:
        """Return the peer's address; paramiko asks for it."""
        return self._sock.getpeername()

    def recv(self, limit: int) -> bytes:
        """Return up to `limit` bytes; b"" at the end of the stream."""
        if self._start == self._end:
            self._end = self._sock.recv_into(self._space)
            self._start = 0
            self.last_received = time.monotonic()
        stop = min(self._start + limit, self._end)
        piece = bytes(self._space[self._start : stop])
        self._start = stop
        return piece

    def send(self, data: bytes) -> int:
        """Take all of `data`; what the kernel does not take now is written later, in order."""
        with self._lock:
            if self._closed:
                raise EOFError("the connection is closed")
            sent = 0
            if not self._backlog:
                with contextlib.suppress(BlockingIOError):
                    sent = self._eager.send(data)
            if sent < len(data):
                self._backlog.append(memoryview(data)[sent:])
                self.pending += len(data) - sent
                self._wake_writer()
        return len(data)

    def close(self) -> None:
        """End the connection, which wakes a read that waits; `dispose` frees the socket."""
        with self._lock:
            self._closed = True
            self._more.notify_all()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def dispose(self) -> None:
        """Close the socket itself; only when no thread reads from it any more."""
        self.close()
        if self._writer is not None and self._writer is not threading.current_thread():
            self._writer.join()
        self._eager.close()
        self._sock.close()

    def _wake_writer(self) -> None:
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_backlog, name="linnet-ssh-writer", daemon=True)
            self._writer.start()
        else:
            self._more.notify_all()

    def _write_backlog(self) -> None:
        while True:
            with self._lock:
                while not self._backlog and not self._closed:
                    self._more.wait()
                if self._closed:
                    return
                piece = self._backlog[0]
            try:
                sent = self._sock.send(piece)
            except TimeoutError:
                continue
            except OSError:
                self.close()
                return
            with self._lock:
                was = self.pending
                self.pending -= sent
                if sent == len(piece):
                    self._backlog.popleft()
                else:
                    self._backlog[0] = piece[sent:]
                room = self.pending <= LOW_WATER < was or not self._backlog
            if room:
                self.on_room()
