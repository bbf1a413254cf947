"""HTTP/1.1 over an engine's Unix socket: as much of it as the Docker API needs."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import AsyncIterator
from typing import Any

from agent.loop import READ, WRITE, Loop

_CHUNK = 65536
_HEAD_LIMIT = 65536
_BODY_LIMIT = 64 * 1024 * 1024


class ApiError(Exception):
    """The engine answered with an error status.

    Attributes:
        status: the HTTP status, 0 if what came was no HTTP.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Response:
    """An answer whose body is read as it comes."""

    def __init__(self, connection: Connection, status: int, headers: dict[str, str]) -> None:
        self.status = status
        self.headers = headers
        self._connection = connection

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body's pieces."""
        take = self._connection.take
        if self.headers.get("transfer-encoding") == "chunked":
            while size := int((await self._connection.line()).split(b";")[0], 16):
                yield await take(size)
                await self._connection.line()
            await self._connection.line()
        elif "content-length" in self.headers:
            left = int(self.headers["content-length"])
            while left:
                piece = await take(min(left, _CHUNK))
                left -= len(piece)
                yield piece
        elif self.status not in (204, 304):
            while piece := await self._connection.some():
                yield piece

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield the body's lines (JSON streams)."""
        rest = b""
        async for piece in self.chunks():
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                if line.strip():
                    yield line
        if rest.strip():
            yield rest

    async def body(self) -> bytes:
        """Return the whole body."""
        pieces, total = [], 0
        async for piece in self.chunks():
            total += len(piece)
            if total > _BODY_LIMIT:
                raise ApiError(0, f"the engine's answer is larger than {_BODY_LIMIT} bytes")
            pieces.append(piece)
        return b"".join(pieces)


class Connection:
    """A connection to an engine, kept open between requests."""

    def __init__(self, loop: Loop, path: str) -> None:
        """Connect.

        Raises:
            OSError: there is nobody at `path`.
        """
        self._loop = loop
        self._buffer = bytearray()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
        try:
            self._socket.connect(path)
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    async def request(
        self, method: str, path: str, body_file: str | None = None, *, content: bytes | None = None
    ) -> Response:
        """Send a request, with `body_file` (a tar) or `content` (JSON) as its body; return the answer without its body.

        Raises:
            ApiError: the status is 400 or more; the message is the engine's.
            OSError: the connection broke.
        """
        size = os.stat(body_file).st_size if body_file else 0
        length = f"Content-Type: application/x-tar\r\nContent-Length: {size}\r\n" if body_file else ""
        if content is not None:
            length = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        await self._send(f"{method} {path} HTTP/1.1\r\nHost: linnet\r\n{length}\r\n".encode() + (content or b""))
        if body_file:
            with open(body_file, "rb") as file:
                while piece := file.read(_CHUNK):
                    await self._send(piece)
        response = await self._head()
        if response.status >= 400:
            text = await response.body()
            try:
                message = str(json.loads(text)["message"])
            except (ValueError, KeyError, TypeError):
                message = text[:300].decode(errors="replace") or f"HTTP status {response.status}"
            raise ApiError(response.status, message)
        return response

    async def json(self, path: str) -> Any:
        """Return the JSON answer to GET `path`; errors as in `request`, ValueError if it is no JSON."""
        return json.loads(await (await self.request("GET", path)).body())

    async def closed(self) -> None:
        """Wait until the engine closes a connection that no request uses."""
        await self._loop.wait(self._socket.fileno(), READ)

    async def line(self) -> bytes:
        """Return the next line without its end."""
        while (end := self._buffer.find(b"\r\n")) < 0:
            if len(self._buffer) > _HEAD_LIMIT:
                raise ApiError(0, "the engine's answer is no HTTP")
            await self._fill()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    async def take(self, size: int) -> bytes:
        """Return exactly `size` bytes."""
        if size > _BODY_LIMIT:
            raise ApiError(0, f"the engine's answer is larger than {_BODY_LIMIT} bytes")
        while len(self._buffer) < size:
            await self._fill()
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        return piece

    async def some(self) -> bytes:
        """Return what is there, empty at the end."""
        try:
            if not self._buffer:
                await self._fill()
        except ConnectionResetError:
            return b""
        piece = bytes(self._buffer)
        self._buffer.clear()
        return piece

    async def _head(self) -> Response:
        parts = (await self.line()).split(b" ", 2)
        if len(parts) < 2 or not parts[0].startswith(b"HTTP/1.") or not parts[1].isdigit():
            raise ApiError(0, "the engine's answer is no HTTP")
        headers: dict[str, str] = {}
        while line := await self.line():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        return Response(self, int(parts[1]), headers)

    async def _fill(self) -> None:
        while True:
            try:
                piece = self._socket.recv(_CHUNK)
            except BlockingIOError:
                await self._loop.wait(self._socket.fileno(), READ)
                continue
            if not piece:
                raise ConnectionResetError("the engine closed the connection")
            self._buffer += piece
            return

    async def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                await self._loop.wait(self._socket.fileno(), WRITE)


async def ask(
    connection: Connection, method: str, path: str, content: object = None, archive: str | None = None
) -> bytes:
    """Send a request, with `content` as JSON or the file `archive` as its body; return the whole answer."""
    data = None if content is None else json.dumps(content).encode()
    return await (await connection.request(method, path, archive, content=data)).body()


async def look_up(connection: Connection, path: str) -> dict[str, Any] | None:
    """Return what the engine says of the thing at `path`, None when it has none; other errors as in `request`."""
    try:
        return dict(await connection.json(path))
    except ApiError as error:
        if error.status == 404:
            return None
        raise
