"""The two ways from a terminal to a program: an exec in a container, and linnetd's exec in a machine."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from app.core.client import Client
from app.core.docker import DockerClient, part
from app.core.endpoint import Connection
from app.core.frames import PAYLOAD_LIMIT, Decoder, FrameType, encode, encode_json
from app.gui.text import tr
from vm.errors import ConflictError, LinnetError, NotFoundError, from_dict

CHUNK = 64 * 1024

TERM = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}

SHELL = ("/bin/sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh")
"""bash where there is one, else sh."""

_RESIZE_TRIES = 5

_GOODBYE = b"\x03\x04"
"""Interrupt what runs, and end the shell: engines let a program go on when its terminal's connection ends."""

_GOODBYE_TIME = 0.2
"""Seconds for that to arrive."""


class Transport(Protocol):
    """A program with a terminal. Its output is iterated in one thread, the rest called in another."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield its output until it ends. Raises LinnetError when the connection breaks."""

    def write(self, data: bytes) -> None:
        """Send input. Raises LinnetError when the connection is broken."""

    def resize(self, rows: int, columns: int) -> None:
        """Tell it the size of its terminal."""

    def ending(self) -> str:
        """Return a sentence on how it ended."""

    def hang_up(self) -> None:
        """Have the program end, as far as it can be asked to; called before the connection is let go of."""

    def abort(self) -> None:
        """Have the iteration end; from any thread."""

    def close(self) -> None:
        """Let go of the connection."""


Opener = Callable[[int, int], Transport]
"""Starts a program with a terminal of so many rows and columns; called in a thread."""


class ContainerExec:
    """A program in a container."""

    def __init__(self, docker: DockerClient, container: str, argv: Sequence[str], rows: int, columns: int) -> None:
        """Start it. Raises LinnetError when that cannot be."""
        self._docker = docker
        self._container = container
        body = {
            "AttachStdin": True,
            "AttachStdout": True,
            "AttachStderr": True,
            "Tty": True,
            "Cmd": list(argv or SHELL),
            "Env": [f"{name}={value}" for name, value in TERM.items()],
        }
        try:
            self._id = docker.post(f"/containers/{part(container)}/exec", body)["Id"]
        except LinnetError as error:
            if self._runs():
                raise
            raise ConflictError(tr("The container does not run."), hint=tr("Start the container first.")) from error
        self._connection = docker.hijack(
            f"/exec/{self._id}/start", {"Detach": False, "Tty": True, "h": rows, "w": columns}
        )
        self.resize(rows, columns)
        self.abort = self._connection.abort
        self.close = self._connection.close
        self.write = self._connection.send

    def __iter__(self) -> Iterator[bytes]:
        return _received(self._connection)

    def resize(self, rows: int, columns: int) -> None:
        """See Transport."""
        for _ in range(_RESIZE_TRIES):
            try:
                self._docker.post(f"/exec/{self._id}/resize", h=rows, w=columns)
            except NotFoundError:
                return
            except LinnetError:
                # Podman refuses until the program really runs.
                time.sleep(0.1)
            else:
                return

    def _runs(self) -> bool:
        return bool(self._docker.get(f"/containers/{part(self._container)}/json")["State"].get("Running"))

    def hang_up(self) -> None:
        """See Transport."""
        self.write(_GOODBYE)
        time.sleep(_GOODBYE_TIME)

    def ending(self) -> str:
        """See Transport."""
        with contextlib.suppress(LinnetError):
            if not self._runs():
                return tr("The container has stopped.")
            code = self._docker.get(f"/exec/{self._id}/json").get("ExitCode")
            if code in (126, 127):
                return tr("The command could not be started in this container (exit code {code}).", code=code)
            if code is not None:
                return tr("The shell has ended with exit code {code}.", code=code)
        return tr("The connection to the container has ended.")


class MachineExec:
    """A program in a machine."""

    def __init__(self, client: Client, path: str, argv: Sequence[str], rows: int, columns: int) -> None:
        """Start it; `path` is that of the machine's exec. Raises LinnetError when that cannot be."""
        body = {
            "argv": list(argv or ("/bin/bash", "--login")),
            "tty": True,
            "rows": rows,
            "cols": columns,
            "env": TERM,
            "wake": False,
        }
        self._connection = client.upgrade(path, body)
        self._exit: int | None = None
        self.abort = self._connection.abort
        self.close = self._connection.close

    def __iter__(self) -> Iterator[bytes]:
        decoder = Decoder()
        for data in _received(self._connection):
            for kind, payload in decoder.feed(data):
                if kind in (FrameType.stdout, FrameType.stderr):
                    yield payload
                elif kind is FrameType.exit:
                    self._exit = json.loads(payload)["code"]
                    return
                elif kind is FrameType.error:
                    raise from_dict(json.loads(payload))

    def write(self, data: bytes) -> None:
        """See Transport."""
        for start in range(0, len(data), PAYLOAD_LIMIT):
            self._connection.send(encode(FrameType.stdin, data[start : start + PAYLOAD_LIMIT]))

    def resize(self, rows: int, columns: int) -> None:
        """See Transport."""
        self._connection.send(encode_json(FrameType.resize, {"rows": rows, "cols": columns}))

    def hang_up(self) -> None:
        """linnetd does it when the connection ends."""

    def ending(self) -> str:
        """See Transport."""
        if self._exit is None:
            return tr("The connection to the machine has ended.")
        return tr("The shell has ended with exit code {code}.", code=self._exit)


def _received(connection: Connection) -> Iterator[bytes]:
    while data := connection.recv(CHUNK):
        yield data
