"""The local API's server: takes connections, finds the route of each request, answers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING, Any

import msgspec

from app.service.http import (
    ClientGoneError,
    HttpConnection,
    HttpRequest,
    MalformedError,
    TooLargeError,
    TooSlowError,
)
from app.service.routing import Call, Kind, MethodNotAllowedError, Route, Router, decode_body, decode_query
from vm.errors import LinnetError

if TYPE_CHECKING:
    from app.service.operations import Operation
    from app.service.service import Service

log = logging.getLogger(__name__)

STATUS = {
    "usage": 400,
    "config": 422,
    "not-found": 404,
    "conflict": 409,
    "unavailable": 503,
    "timeout": 504,
    "image": 422,
    "disk-full": 507,
    "guest": 502,
    "cancelled": 409,
}
"""HTTP status by error code; all others are 500."""

_SPECIAL: tuple[tuple[type[LinnetError], int], ...] = (
    (MethodNotAllowedError, 405),
    (TooLargeError, 413),
    (TooSlowError, 408),
)

NDJSON = "application/x-ndjson"


class Server:
    """Serves the local API. One instance serves all connections."""

    def __init__(self, service: Service, router: Router, **limits: float) -> None:
        self._service = service
        self._router = router
        self._limits = limits
        self._connections: set[asyncio.Task[Any]] = set()

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        connection = HttpConnection(reader, writer, **self._limits)
        try:
            while (request := await _next(connection)) is not None:
                if not await self._respond(connection, request):
                    break
        except ClientGoneError:
            pass
        except asyncio.CancelledError:
            # Only `close` cancels these tasks; asyncio's stream callback would log the cancellation as an error.
            pass
        except Exception:
            log.exception("a connection of the local API failed")
        finally:
            self._connections.discard(task)
            await connection.close()

    async def close(self) -> None:
        """End all connections, whatever they are doing."""
        current = asyncio.current_task()
        tasks = [task for task in self._connections if task is not current]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)

    async def _respond(self, connection: HttpConnection, request: HttpRequest) -> bool:
        """Answer a request; return whether the connection can go on."""
        try:
            route, parameters, query = self._router.find(request.method, request.target)
            call = Call(self._service, parameters, decode_body(route, request.body), decode_query(route, query))
            if route.path not in _EARLY:
                await self._service.opened()
            connection.last = self._service.quitting.is_set()
            await self._dispatch(connection, route, call)
        except ClientGoneError:
            raise
        except LinnetError as error:
            log.info("%s %s: %s", request.method, request.target, error.message)
            await _answer_error(connection, error)
        except Exception as error:
            log.exception("%s %s failed", request.method, request.target)
            await _answer_error(connection, _mistake(error))
        return connection.reusable

    async def _dispatch(self, connection: HttpConnection, route: Route, call: Call) -> None:
        if route.kind is Kind.plain:
            result = await route.handler(call)
            await connection.answer(200, msgspec.json.encode(result))
        elif route.kind is Kind.upgrade:
            await route.handler(call, connection)
        elif route.kind is Kind.long:
            operation: Operation = await route.handler(call)
            await _stream(connection, _operation_lines(operation), NDJSON)
        elif route.kind is Kind.stream:
            await _stream(connection, _lines(route.handler(call)), NDJSON)
        elif route.kind is Kind.followed and call.query.follow:
            await _stream(connection, _encoded(route.handler(call)), NDJSON)
        elif route.kind is Kind.followed:
            async with contextlib.aclosing(route.handler(call)) as items:
                await connection.answer(200, msgspec.json.encode(await anext(items)))
        else:
            await _stream(connection, route.handler(call), "text/plain; charset=utf-8")


_EARLY = ("/v1/version", "/v1/quit", "/v1/openapi.json")
"""Paths that are served before the machines were looked at."""


async def _next(connection: HttpConnection) -> HttpRequest | None:
    try:
        return await connection.next_request()
    except (MalformedError, TooLargeError, TooSlowError) as error:
        with contextlib.suppress(ClientGoneError, Exception):
            await connection.answer(_status(error), msgspec.json.encode(error.to_dict()))
        return None


async def _answer_error(connection: HttpConnection, error: LinnetError) -> None:
    if not connection.can_answer:
        # The answer has begun; the client sees that it was cut short.
        raise ClientGoneError(error.message) from error
    await connection.answer(_status(error), msgspec.json.encode(error.to_dict()))


async def _stream(connection: HttpConnection, chunks: AsyncIterator[bytes], content_type: str) -> None:
    """Send a stream until it ends or the client leaves, whichever is first."""
    whole = _chain(await _first(chunks), chunks)
    gone = asyncio.ensure_future(connection.client_gone())
    sending = asyncio.ensure_future(connection.answer_stream(200, whole, content_type))
    try:
        await asyncio.wait({gone, sending}, return_when=asyncio.FIRST_COMPLETED)
        if not sending.done():
            raise ClientGoneError("The client ended the connection.")
        await sending
    finally:
        for task in (gone, sending):
            task.cancel()
        await asyncio.wait({gone, sending})
        await _close(whole)
        await _close(chunks)


async def _first(chunks: AsyncIterator[bytes]) -> bytes | None:
    """Return the first piece, so that what fails at once is answered with the right status."""
    try:
        return await anext(chunks)
    except StopAsyncIteration:
        return None


async def _chain(first: bytes | None, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first is None:
        return
    yield first
    async for chunk in chunks:
        yield chunk


async def _close(chunks: AsyncIterator[bytes]) -> None:
    close = getattr(chunks, "aclose", None)
    if close is not None:
        await close()


async def _lines(items: AsyncGenerator[Any, None]) -> AsyncGenerator[bytes, None]:
    # An empty piece first: the client learns at once that it is listening.
    yield b""
    async with contextlib.aclosing(_encoded(items)) as lines:
        async for line in lines:
            yield line


async def _encoded(items: AsyncGenerator[Any, None]) -> AsyncGenerator[bytes, None]:
    async with contextlib.aclosing(items):
        async for item in items:
            yield msgspec.json.encode(item) + b"\n"


async def _operation_lines(operation: Operation) -> AsyncIterator[bytes]:
    yield _line("operation", operation.id)
    async for step in operation.follow():
        yield _line("progress", step)
    if operation.error is not None:
        yield _line("error", operation.error.to_dict())
    else:
        yield _line("result", operation.result)


def _line(name: str, content: object) -> bytes:
    return msgspec.json.encode({name: content}) + b"\n"


def _status(error: LinnetError) -> int:
    for kind, status in _SPECIAL:
        if isinstance(error, kind):
            return status
    return STATUS.get(error.code, 500)


def _mistake(error: Exception) -> LinnetError:
    return LinnetError(
        f"The request failed because of a mistake in Linnet: {type(error).__name__}.",
        hint="`linnet support-bundle` collects what is needed to find it.",
        detail=str(error) or None,
    )
