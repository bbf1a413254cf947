"""A client of a machine's Docker API: requests, streams, uploads and raw connections. Synchronous, one thread each.

Connecting to the socket of a machine that does not run wakes it, so callers ask for what the user wants, never to look.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from app.core import endpoint
from app.core.client import Upgraded
from app.core.endpoint import Connection
from app.core.flow import Flow
from app.core.http import Answer
from vm.errors import ConflictError, GuestError, LinnetError, NotFoundError, UnavailableError, UsageError, sentence

API = "/v1.41"
"""The version that both engines speak (Podman's highest)."""

LIBPOD = "/v5.0.0/libpod"
"""Podman's own API on the same socket: pods, Kubernetes files."""

_ERRORS: dict[int, type[LinnetError]] = {
    400: UsageError,
    404: NotFoundError,
    409: ConflictError,
    503: UnavailableError,
}

STDOUT, STDERR = 1, 2


class Frame(NamedTuple):
    """A piece of a container's output: which stream, and the bytes."""

    stream: int
    data: bytes


class DockerClient:
    """The Docker API at `address`, a socket's path or a pipe's name; every request has a connection of its own."""

    def __init__(self, address: str, api: str = API) -> None:
        """`api`: what stands before all paths; LIBPOD for Podman's own API."""
        self.address = address
        self._api = api
        self._connected: Callable[[Connection], object] = lambda _connection: None

    def watched(self, connected: Callable[[Connection], object]) -> DockerClient:
        """Return a client whose every connection is handed to `connected` first: another thread may abort it."""
        made = DockerClient(self.address, self._api)
        made._connected = connected
        return made

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON answer to a GET. Raises LinnetError with what the engine said."""
        return self.request("GET", path, **query)

    def post(self, path: str, body: object = None, **query: Any) -> Any:
        """Return the JSON answer to a POST, None when it is empty."""
        return self.request("POST", path, body, **query)

    def delete(self, path: str, **query: Any) -> Any:
        """Return the JSON answer to a DELETE, None when it is empty."""
        return self.request("DELETE", path, **query)

    def request(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> Any:
        """Return the JSON answer to a request; text that is no JSON is returned as it is."""
        with self.chunks(method, path, body, headers=headers, **query) as flow:
            content = b"".join(flow)
        try:
            return json.loads(content) if content.strip() else None
        except ValueError:
            return content.decode(errors="replace")

    def chunks(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> Flow[bytes]:
        """Return the bytes of an answer as they arrive: archives, logs of containers with a terminal."""
        data = b"" if body is None else json.dumps(body).encode()
        content = {"Content-Type": "application/json"} if body is not None else {}
        connection, answer = self._open(method, path, query, [data], {**content, **(headers or {})}, len(data))
        return Flow(connection, answer.chunks())

    def lines(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> Flow[dict[str, Any]]:
        """Return the JSON objects of a long answer as they arrive: pull, push, events, stats."""
        data = b"" if body is None else json.dumps(body).encode()
        connection, answer = self._open(method, path, query, [data], headers or {}, len(data))
        return Flow(connection, _objects(answer))

    def upload(
        self,
        method: str,
        path: str,
        pieces: Iterable[bytes],
        *,
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Flow[dict[str, Any]]:
        """Send a tar archive piece by piece (build, load, files into a container); return the JSON objects answered."""
        all_headers = {"Content-Type": "application/x-tar", **(headers or {})}
        connection, answer = self._open(method, path, query, pieces, all_headers, None)
        return Flow(connection, _objects(answer))

    def frames(self, path: str, **query: Any) -> Flow[Frame]:
        """Return the output of a container without a terminal, told apart by stream (logs)."""
        connection, answer = self._open("GET", path, query, [], {}, 0)
        return Flow(connection, demultiplex(answer.chunks()))

    def hijack(self, path: str, body: object = None, **query: Any) -> Connection:
        """Have the connection become a raw two-way stream (exec, attach), and return it."""
        data = json.dumps(body if body is not None else {}).encode()
        headers = {"Content-Type": "application/json", "Connection": "Upgrade", "Upgrade": "tcp"}
        connection, answer = self._open("POST", path, query, [data], headers, len(data))
        return Upgraded(connection, answer.rest) if answer.rest else connection

    def _open(
        self,
        method: str,
        path: str,
        query: dict[str, object],
        pieces: Iterable[bytes],
        headers: dict[str, str],
        length: int | None,
    ) -> tuple[Connection, Answer]:
        connection = endpoint.connect(self.address)
        try:
            self._connected(connection)
            connection.send(_head(method, self._api + path + encode_query(query), headers, length))
            refused = _send_body(connection, pieces, chunked=length is None)
            answer = _answer(connection, refused)
            _check(answer)
        except BaseException:
            connection.close()
            raise
        return connection, answer


def encode_query(query: dict[str, object]) -> str:
    """Return parameters as Docker wants them: none for None, 1 and 0 for truth, JSON for lists and dictionaries."""
    given: dict[str, object] = {}
    for name, value in query.items():
        if value is None:
            continue
        if isinstance(value, bool):
            given[name] = int(value)
        else:
            given[name] = json.dumps(value) if isinstance(value, dict | list) else value
    return "?" + urlencode(given) if given else ""


def part(name: str) -> str:
    """Return a name as a part of a path; the slashes of an image's name stay."""
    return quote(name, safe="/:@")


def demultiplex(chunks: Iterable[bytes]) -> Iterator[Frame]:
    """Yield the frames in which Docker sends output without a terminal: stream, three zeros, length, bytes."""
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        start = 0
        while len(buffer) - start >= 8:
            end = start + 8 + int.from_bytes(buffer[start + 4 : start + 8], "big")
            if end > len(buffer):
                break
            yield Frame(buffer[start], buffer[start + 8 : end])
            start = end
        buffer = buffer[start:]


def _head(method: str, path: str, headers: dict[str, str], length: int | None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: docker"]
    if length is None:
        lines.append("Transfer-Encoding: chunked")
    elif length or method in ("POST", "PUT"):
        lines.append(f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def _send_body(connection: Connection, pieces: Iterable[bytes], *, chunked: bool) -> UnavailableError | None:
    """Send pieces; return why the other side takes no more, which it may explain in its answer."""
    for piece in pieces:
        if piece:
            try:
                connection.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            except UnavailableError as error:
                return error
    if chunked:
        connection.send(b"0\r\n\r\n")
    return None


def _answer(connection: Connection, refused: UnavailableError | None) -> Answer:
    try:
        return Answer(connection)
    except UnavailableError as error:
        raise refused or error from None


def _objects(answer: Answer) -> Iterator[dict[str, Any]]:
    for line in answer.lines():
        if line.strip():
            found = json.loads(line)
            if isinstance(found, dict) and "error" in found:
                raise GuestError(sentence(str(found["error"])), detail=line.decode(errors="replace"))
            yield found


def _check(answer: Answer) -> None:
    if answer.status >= 400:
        raise _error(answer.status, answer.body())


def _error(status: int, content: bytes) -> LinnetError:
    try:
        decoded = json.loads(content)
        # Podman refuses some streams, such as pushes, with what would have been their last line.
        message = decoded.get("message") or decoded.get("cause") or decoded.get("error") or ""
    except (ValueError, AttributeError):
        message = content.decode(errors="replace").strip()
    kind = _ERRORS.get(status, GuestError)
    if not message:
        return kind(f"The engine answered with status {status}.")
    first, _, more = message.strip().partition("\n")
    return kind(sentence(first.rstrip(":")), detail=message if more else None)
