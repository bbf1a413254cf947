"""The little HTTP/1.1 that a client of linnetd needs: one request at a time over one connection.

`http.client` imports the whole email package, which takes longer than most commands of the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.core.endpoint import Connection
from vm.errors import UnavailableError

CHUNK = 64 * 1024

HEAD_LIMIT = 64 * 1024

_WITHOUT_BODY = (204, 304)
"""Statuses whose answers end with their head; engines say 304 when there was nothing to do."""


class BrokenAnswerError(UnavailableError):
    """The connection ended in the middle of an answer, or before it."""

    def __init__(self) -> None:
        super().__init__(
            "linnetd ended the connection without an answer.",
            hint="`linnet machine logs --source service` shows what it said; `linnet service restart` starts it anew.",
        )


def encode_request(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: linnet"]
    if body or method in ("POST", "PATCH"):
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Answer:
    """The answer to a request: its head at once, its body as it is read.

    Attributes:
        status: the HTTP status.
        headers: by lower-case name.
        rest: what arrived behind the head of an upgrade and belongs to the new protocol.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._buffer = b""
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        self.status = int(head[0].split(" ", 2)[1])
        self.headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.rest = self._buffer if self.status == 101 else b""

    @property
    def reusable(self) -> bool:
        """Whether the connection can carry another request after the body was read."""
        return self.headers.get("connection", "").lower() != "close" and self._sized

    @property
    def _sized(self) -> bool:
        return "content-length" in self.headers or self._chunked or self.status in _WITHOUT_BODY

    @property
    def _chunked(self) -> bool:
        return self.headers.get("transfer-encoding", "").lower() == "chunked"

    def chunks(self) -> Iterator[bytes]:
        """Yield the body as it arrives. Raises BrokenAnswerError when it is cut short."""
        if self.status in _WITHOUT_BODY:
            return
        if self._chunked:
            yield from self._chunked_body()
        elif "content-length" in self.headers:
            remaining = int(self.headers["content-length"])
            while remaining:
                data = self._some(remaining)
                remaining -= len(data)
                yield data
        else:
            while data := self._buffer or self._connection.recv(CHUNK):
                self._buffer = b""
                yield data

    def body(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.chunks())

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of the body as they arrive, without their ends."""
        pending = b""
        for chunk in self.chunks():
            *whole, pending = (pending + chunk).split(b"\n")
            yield from whole
        if pending:
            yield pending

    def _chunked_body(self) -> Iterator[bytes]:
        while True:
            remaining = int(self._until(b"\r\n").split(b";")[0], 16)
            if not remaining:
                while self._until(b"\r\n"):
                    pass
                return
            while remaining:
                data = self._some(remaining)
                remaining -= len(data)
                yield data
            self._until(b"\r\n")

    def _some(self, limit: int) -> bytes:
        if not self._buffer:
            self._fill()
        data, self._buffer = self._buffer[:limit], self._buffer[limit:]
        return data

    def _until(self, end: bytes) -> bytes:
        while end not in self._buffer:
            if len(self._buffer) > HEAD_LIMIT:
                raise BrokenAnswerError
            self._fill()
        found, _, self._buffer = self._buffer.partition(end)
        return found

    def _fill(self) -> None:
        data = self._connection.recv(CHUNK)
        if not data:
            raise BrokenAnswerError
        self._buffer += data
