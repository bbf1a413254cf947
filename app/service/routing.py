"""Routes: what the local API offers, as data: the server dispatches by them, the OpenAPI description shows them."""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from vm.errors import LinnetError, NotFoundError, UsageError

if TYPE_CHECKING:
    from app.service.http import HttpConnection
    from app.service.operations import Operation
    from app.service.service import Service


class Kind(enum.Enum):
    """How a route answers."""

    plain = "plain"
    """One JSON document."""
    long = "long"
    """NDJSON: operation, progress, then result or error."""
    stream = "stream"
    """NDJSON without end."""
    followed = "followed"
    """One JSON document; with `follow` in the query, NDJSON that begins with it."""
    text = "text"
    """Text, as it comes."""
    upgrade = "upgrade"
    """The connection becomes a stream of frames."""


@dataclass(frozen=True)
class Call:
    """A request to a route.

    Attributes:
        service: what all routes work with.
        parameters: what the path's placeholders stand for.
        body: checked, of the route's `body` type; None when it has none.
        query: checked, of the route's `query` type; None when it has none.
    """

    service: Service
    parameters: Mapping[str, str]
    body: Any = None
    query: Any = None

    @property
    def machine(self) -> str:
        """The machine named in the path."""
        return self.parameters["machine"]


Plain = Callable[[Call], Awaitable[Any]]
Long = Callable[[Call], "Awaitable[Operation]"]
Stream = Callable[[Call], AsyncIterator[Any]]
Upgrade = Callable[[Call, "HttpConnection"], Awaitable[None]]


@dataclass(frozen=True)
class Route:
    """One thing that the local API offers.

    Attributes:
        method: HTTP method.
        path: with placeholders: `/v1/machines/{machine}`.
        summary: what it does, a phrase.
        handler: a Plain, Long, Stream (also for `followed`) or Upgrade function, by `kind`.
        kind: how it answers.
        body: type of the request's body, or None.
        query: type of the query's parameters, or None.
        result: type of the answer, or of the result of long work, or of a line of a stream.
    """

    method: str
    path: str
    summary: str
    handler: Callable[..., Any]
    kind: Kind = Kind.plain
    body: Any = None
    query: Any = None
    result: Any = None


class MethodNotAllowedError(UsageError):
    """The path exists, but not with this method."""


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: list[Route]) -> None:
        self.routes = routes
        self._root: dict[str, Any] = {}
        for route in routes:
            node = self._root
            for part in route.path.strip("/").split("/"):
                node = node.setdefault("{}" if part.startswith("{") else part, {})
            methods = node.setdefault("", {})
            assert route.method not in methods, f"{route.method} {route.path} is there twice"
            methods[route.method] = route

    def find(self, method: str, target: str) -> tuple[Route, dict[str, str], dict[str, str]]:
        """Return the route, the path's parameters and the query's.

        Raises:
            NotFoundError: no such path.
            MethodNotAllowedError: the path is there, but not for `method`.
        """
        split = urlsplit(target)
        node = self._root
        values = []
        for part in split.path.strip("/").split("/"):
            if part in node and part:
                node = node[part]
            elif "{}" in node:
                node = node["{}"]
                values.append(unquote(part))
            else:
                raise _unknown(method, split.path)
        methods = node.get("")
        if methods is None:
            raise _unknown(method, split.path)
        route = methods.get(method)
        if route is None:
            raise MethodNotAllowedError(f"{split.path} cannot be used with {method}, only with {', '.join(methods)}.")
        names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
        return route, dict(zip(names, values, strict=True)), dict(parse_qsl(split.query, keep_blank_values=True))


def _unknown(method: str, path: str) -> LinnetError:
    return NotFoundError(f"The local API has no {method} {path}.", hint="/v1/openapi.json describes what it has.")


def decode_body(route: Route, body: bytes) -> Any:
    """Return the body as the route's type. Raises UsageError that names the field."""
    if route.body is None:
        return None
    try:
        return msgspec.json.decode(body or b"{}", type=route.body)
    except msgspec.ValidationError as error:
        raise UsageError(f"The request is wrong: {_place(error)}") from error
    except msgspec.DecodeError as error:
        raise UsageError(f"The request is not JSON: {error}.") from error


def decode_query(route: Route, query: Mapping[str, str]) -> Any:
    """Return the query's parameters as the route's type. Raises UsageError that names the parameter."""
    if route.query is None:
        if query:
            raise UsageError(f"{route.path} takes no parameter '{next(iter(query))}'.")
        return None
    try:
        return msgspec.convert(dict(query), type=route.query, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(f"The request is wrong: {_place(error)}") from error


def _place(error: msgspec.ValidationError) -> str:
    """Say "field: what" of msgspec's "what - at `$.field`"."""
    what, separator, place = str(error).rpartition(" - at `$")
    return f"{place.rstrip('`').lstrip('.')}: {what}." if separator else f"{error}."
