"""One HTTP/1.1 connection of the local API: requests in, answers out, over any asyncio stream."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import h11

from vm.errors import LinnetError, UsageError

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of a request's body at most: all our bodies are small JSON."""

HEAD_LIMIT = 64 * 1024

IDLE_LIMIT = 600.0
"""Seconds that a connection may stay open without a request."""

REQUEST_LIMIT = 15.0
"""Seconds from the first byte of a request to its last."""

READ = 64 * 1024


class TooLargeError(UsageError):
    """The request's body is beyond what is accepted."""


class TooSlowError(UsageError):
    """The request did not arrive in time."""


class MalformedError(UsageError):
    """This is not HTTP."""


class ClientGoneError(LinnetError):
    """The client ended the connection; there is nobody to answer."""


@dataclass(frozen=True)
class HttpRequest:
    """A complete request.

    Attributes:
        method: upper case.
        target: path and query.
        headers: by lower-case name.
        body: all of it.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class HttpConnection:
    """A connection: read a request, answer it, again."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        idle_limit: float = IDLE_LIMIT,
        request_limit: float = REQUEST_LIMIT,
    ) -> None:
        self.reader = reader
        self.writer = writer
        self._idle_limit = idle_limit
        self._request_limit = request_limit
        self.last = False
        """Whether the present request is the last one here; its answer says so, and the client opens another one."""
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT)

    @property
    def reusable(self) -> bool:
        """Whether another request may follow the answered one."""
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    @property
    def can_answer(self) -> bool:
        """Whether the present request has no answer yet."""
        return self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE)

    async def next_request(self) -> HttpRequest | None:
        """Return the next request, or None when the client has none.

        Raises:
            MalformedError, TooLargeError, TooSlowError: it cannot be served; answer, then close.
            ClientGoneError: the client vanished in the middle of it.
        """
        if self.reusable:
            self._http.start_next_cycle()
        try:
            event = await self._first_event()
            if not isinstance(event, h11.Request):
                return None
            async with asyncio.timeout(self._request_limit):
                body = await self._body()
        except h11.RemoteProtocolError as error:
            raise MalformedError(f"The request is not valid HTTP: {error}.") from error
        except TimeoutError as error:
            raise TooSlowError("The request did not arrive completely in time.") from error
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
        return HttpRequest(event.method.decode("ascii"), event.target.decode("latin-1"), headers, body)

    async def _first_event(self) -> object:
        """Wait for a head; a client may be silent for long, but not once it has begun."""
        event = self._http.next_event()
        if event is h11.NEED_DATA and not self._http.trailing_data[0]:
            try:
                async with asyncio.timeout(self._idle_limit):
                    await self._receive()
            except TimeoutError:
                return h11.ConnectionClosed()
            event = self._http.next_event()
        async with asyncio.timeout(self._request_limit):
            while event is h11.NEED_DATA:
                await self._receive()
                event = self._http.next_event()
        return event

    async def _body(self) -> bytes:
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    await self._send(h11.InformationalResponse(status_code=100, headers=[]))
                await self._receive()
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > BODY_LIMIT:
                    raise TooLargeError(f"The request's body is larger than {BODY_LIMIT} bytes.")
            elif isinstance(event, h11.EndOfMessage) or event is h11.PAUSED:
                return bytes(body)
            else:
                raise ClientGoneError("The client ended the connection in the middle of a request.")

    async def _receive(self) -> None:
        try:
            data = await self.reader.read(READ)
        except OSError:
            data = b""
        if not data and self._http.their_state is h11.SEND_BODY:
            raise ClientGoneError("The client ended the connection in the middle of a request.")
        self._http.receive_data(data)

    async def answer(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        """Send a whole answer."""
        headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
        if self.last:
            headers.append(("Connection", "close"))
        parts = [self._http.send(h11.Response(status_code=status, headers=headers))]
        if body:
            parts.append(self._http.send(h11.Data(data=body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        await self._write(b"".join(part for part in parts if part))

    async def answer_stream(self, status: int, chunks: AsyncIterator[bytes], content_type: str) -> None:
        """Send an answer piece by piece; the client is told when it is cut short by an error.

        Raises:
            ClientGoneError: the client left before the end; `chunks` was closed.
        """
        headers = [("Content-Type", content_type), ("Transfer-Encoding", "chunked")]
        await self._send(h11.Response(status_code=status, headers=headers))
        async for chunk in chunks:
            if chunk:
                await self._send(h11.Data(data=chunk))
        await self._send(h11.EndOfMessage())

    async def client_gone(self) -> None:
        """Return when the client has closed its side. Only while no request is expected: what it sends is kept."""
        while not self.reader.at_eof():
            data = await self.reader.read(READ)
            self._http.receive_data(data)
            if not data:
                return

    async def upgrade(self, protocol: str) -> bytes:
        """Switch to another protocol; return what the client sent of it already."""
        headers = [("Connection", "Upgrade"), ("Upgrade", protocol)]
        await self._send(h11.InformationalResponse(status_code=101, headers=headers))
        return self._http.trailing_data[0]

    async def close(self) -> None:
        """End the connection."""
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def _send(self, event: h11.Event) -> None:
        await self._write(self._http.send(event) or b"")

    async def _write(self, data: bytes) -> None:
        try:
            self.writer.write(data)
            await self.writer.drain()
        except OSError as error:
            raise ClientGoneError("The client ended the connection.") from error
