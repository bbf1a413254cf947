"""The client of linnetd's local API that front ends use. Synchronous, and light enough for every command.

Errors that linnetd reports are raised as what they were there (`vm.errors`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app import __version__
from app.core import endpoint
from app.core.endpoint import Connection, NotListeningError
from app.core.flow import Flow
from app.core.http import Answer, BrokenAnswerError, encode_request
from vm.errors import ConflictError, LinnetError, UnavailableError, from_dict
from vm.layout import Layout

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

Report = Callable[[str, "int | None", "int | None"], None]
"""Told of the progress of long work: text, done, total."""


class Client:
    """A connection to linnetd, made when it is first needed.

    Attributes:
        layout: whose linnetd.
    """

    def __init__(self, layout: Layout | None = None, *, start: bool = True) -> None:
        """`start`: whether linnetd is started when it does not run; otherwise NotListeningError is raised."""
        self.layout = layout or Layout.default()
        self._start = start
        self._checked = not start
        self._idle: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection that is kept for the next request."""
        if self._idle is not None:
            self._idle.close()
            self._idle = None

    def ensure_running(self) -> None:
        """Have a linnetd of this version running, starting it when needed.

        Raises:
            ConflictError: one of another version runs and is busy.
            LinnetError: it cannot start; says why.
        """
        self._start = True
        self._checked = False
        self._check()

    def version(self) -> dict[str, Any]:
        """Return what the running linnetd says about itself. Raises NotListeningError when none runs."""
        answer: dict[str, Any] = self._decode(*self._exchange("GET", "/v1/version", None))
        return answer

    def get(self, path: str, **query: object) -> Any:
        """Return the answer to a GET; parameters that are None are left out, True and False become 1 and 0."""
        return self._request("GET", path + encode_query(query), None)

    def post(self, path: str, body: object = None) -> Any:
        """Return the answer to a POST."""
        return self._request("POST", path, body)

    def patch(self, path: str, body: object = None) -> Any:
        """Return the answer to a PATCH."""
        return self._request("PATCH", path, body)

    def delete(self, path: str, body: object = None) -> Any:
        """Return the answer to a DELETE."""
        return self._request("DELETE", path, body)

    def operate(self, method: str, path: str, body: object = None, report: Report | None = None) -> Any:
        """Have linnetd do something long and return its result.

        A KeyboardInterrupt while waiting cancels the operation and goes on to the caller.
        """
        operation: str | None = None
        try:
            for line in self.stream(method, path, body):
                operation = line.get("operation", operation)
                if "progress" in line and report is not None:
                    step = line["progress"]
                    report(step["text"], step["done"], step["total"])
                elif "error" in line:
                    raise from_dict(line["error"])
                elif "result" in line:
                    return line["result"]
        except KeyboardInterrupt:
            if operation is not None:
                Client(self.layout, start=False).delete(f"/v1/operations/{operation}")
            raise
        raise BrokenAnswerError

    def stream(self, method: str, path: str, body: object = None, **query: object) -> Flow[dict[str, Any]]:
        """Return the JSON objects of an NDJSON answer, as they arrive."""
        connection, answer = self._open(method, path + encode_query(query), body)
        return Flow(connection, (json.loads(line) for line in answer.lines() if line))

    def text_stream(self, path: str, **query: object) -> Flow[bytes]:
        """Return a text answer, as it arrives."""
        connection, answer = self._open("GET", path + encode_query(query), None)
        return Flow(connection, answer.chunks())

    def upgrade(self, path: str, body: object) -> Connection:
        """Have the connection become a raw two-way stream, and return it."""
        connection, answer = self._open("POST", path, body, {"Connection": "Upgrade", "Upgrade": "linnet-exec"})
        if answer.status != 101:
            connection.close()
            raise UnavailableError("linnetd did not open a stream.", detail=f"status {answer.status}")
        return Upgraded(connection, answer.rest) if answer.rest else connection

    def _request(self, method: str, path: str, body: object) -> Any:
        self._check()
        return self._decode(*self._exchange(method, path, body))

    def _exchange(self, method: str, path: str, body: object) -> tuple[Answer, bytes]:
        request = encode_request(method, path, _encode(body), {})
        kept, self._idle = self._idle, None
        if kept is not None:
            try:
                return self._converse(kept, request)
            except (BrokenAnswerError, UnavailableError):
                # linnetd closes connections that were idle for long, and all of them when it ends.
                kept.close()
                if method != "GET":
                    raise
        try:
            return self._converse(self._connect(), request)
        except (BrokenAnswerError, UnavailableError) as error:
            # A linnetd that was just killed accepts for another moment. Asking again does no harm.
            if method != "GET" or isinstance(error, NotListeningError):
                raise
        return self._converse(self._connect(), request)

    def _converse(self, connection: Connection, request: bytes) -> tuple[Answer, bytes]:
        try:
            connection.send(request)
            answer = Answer(connection)
            content = answer.body()
        except BaseException:
            connection.close()
            raise
        if answer.reusable:
            self._idle = connection
        else:
            connection.close()
        return answer, content

    def _open(
        self, method: str, path: str, body: object, headers: dict[str, str] | None = None
    ) -> tuple[Connection, Answer]:
        """Send a request on a connection of its own and return both when the head of the answer is there."""
        self._check()
        connection, self._idle = self._idle or self._connect(), None
        try:
            connection.send(encode_request(method, path, _encode(body), headers or {}))
            answer = Answer(connection)
            if answer.status >= 400:
                self._decode(answer, answer.body())
        except BaseException:
            connection.close()
            raise
        return connection, answer

    def _connect(self) -> Connection:
        try:
            return endpoint.connect(endpoint.address(self.layout))
        except NotListeningError as error:
            if not self._start:
                raise NotListeningError("linnetd is not running.", hint="`linnet service start` starts it.") from error
        from app.core import launch

        launch.start_service(self.layout)
        try:
            return endpoint.connect(endpoint.address(self.layout))
        except NotListeningError:
            # The one that was running already has ended meanwhile.
            launch.start_service(self.layout)
            return endpoint.connect(endpoint.address(self.layout))

    def _check(self) -> None:
        """Once per client: look whether the running linnetd is of this version, and replace it when it is idle."""
        if self._checked:
            return
        self._checked = True
        running = self.version()
        if running["version"] == __version__:
            return
        if not running["idle"]:
            raise ConflictError(
                f"linnetd {running['version']} is running and busy, and this is Linnet {__version__}.",
                hint="`linnet service restart` replaces it; machines go on running.",
            )
        self.quit()

    def quit(self) -> None:
        """Have linnetd end, and return when it has let go of everything. Machines go on running."""
        connection = self._idle or endpoint.connect(endpoint.address(self.layout))
        self._idle = None
        try:
            connection.send(encode_request("POST", "/v1/quit", b"", {}))
            answer = Answer(connection)
            self._decode(answer, answer.body())
            # linnetd closes its connections last.
            while connection.recv(1):
                pass
        except UnavailableError:
            pass
        finally:
            connection.close()

    def _decode(self, answer: Answer, content: bytes) -> Any:
        try:
            decoded = json.loads(content) if content else None
        except ValueError:
            decoded = None
            if answer.status < 400:
                raise LinnetError("linnetd answered something that is not JSON.", detail=repr(content[:500])) from None
        if answer.status < 400:
            return decoded
        if isinstance(decoded, dict) and "message" in decoded:
            raise from_dict(decoded)
        raise LinnetError(f"linnetd answered with status {answer.status}.", detail=content.decode(errors="replace"))


class Upgraded:
    """A connection from which a little was read already."""

    def __init__(self, connection: Connection, rest: bytes) -> None:
        self._connection = connection
        self._rest = rest
        self.send = connection.send
        self.end_output = connection.end_output
        self.fileno = connection.fileno
        self.abort = connection.abort
        self.close = connection.close

    def recv(self, limit: int) -> bytes:
        """See Connection."""
        if not self._rest:
            return self._connection.recv(limit)
        data, self._rest = self._rest[:limit], self._rest[limit:]
        return data


def _encode(body: object) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def encode_query(parameters: dict[str, object]) -> str:
    """Return parameters as the end of a path; those that are None are left out, True and False become 1 and 0."""
    given = {name: value for name, value in parameters.items() if value is not None}
    if not given:
        return ""
    from urllib.parse import urlencode

    return "?" + urlencode({name: int(value) if isinstance(value, bool) else value for name, value in given.items()})
