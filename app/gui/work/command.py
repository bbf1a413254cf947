"""A command in the guest that runs to its end without a terminal: its output line by line, its exit code."""

from __future__ import annotations

import codecs
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.core.client import Client
from app.core.endpoint import Connection
from app.core.frames import CHUNK, Decoder, FrameType, encode
from app.gui.work.jobs import Control
from vm.errors import UnavailableError, from_dict

OUTPUT_LIMIT = 8 * 1024 * 1024
"""Bytes of standard output that are kept."""

_LINE_LIMIT = 10_000
"""Characters of one line that are told."""

_TOLD_LAST = 50
"""Lines that are kept to explain a failure."""


@dataclass(frozen=True)
class Command:
    """What is run.

    Attributes:
        argv: the arguments; of the engine's command line when `engine`.
        cwd: folder in the guest; None for the user's home.
        engine: whether linnetd puts the engine's command in front.
    """

    argv: tuple[str, ...]
    cwd: str | None = None
    engine: bool = True


@dataclass
class Ended:
    """How it ended.

    Attributes:
        code: the exit code; 128 and more for a signal.
        output: standard output.
        errors: the last lines of standard error.
    """

    code: int = 0
    output: str = ""
    errors: list[str] = field(default_factory=list)


def run_in_guest(
    client: Client, path: str, command: Command, control: Control | None = None, *, tell_output: bool = True
) -> Ended:
    """Run a command and wait for its end, in the calling thread.

    Args:
        client: of linnetd; not used any more afterwards.
        path: the local API's path of the machine.
        command: what is run.
        control: of the job that this is part of: gets the lines, and its cancelling ends the command.
        tell_output: whether `control` gets standard output too, or standard error alone.

    Raises:
        LinnetError: it could not be run, or nobody knows how it ended.
    """
    body = {"argv": list(command.argv), "engine": command.engine, "cwd": command.cwd, "wake": False}
    connection = client.upgrade(f"{path}/exec", body)
    ended, decoder = Ended(), Decoder()
    say = control.log if control is not None else _nobody
    output, errors = _Lines(say if tell_output else _nobody), _Lines(say)
    with contextlib.closing(connection):
        if control is not None:
            # linnetd ends the command when its connection ends, politely first.
            control.on_cancel(connection.abort)
        # A command that has ended already takes no more; what it said is still to be read.
        with contextlib.suppress(UnavailableError):
            connection.send(encode(FrameType.end_of_stdin))
        while data := _received(connection):
            for kind, payload in decoder.feed(data):
                if kind is FrameType.stdout:
                    output.take(payload)
                elif kind is FrameType.stderr:
                    errors.take(payload)
                elif kind is FrameType.error:
                    raise from_dict(json.loads(payload))
                elif kind is FrameType.exit:
                    output.finish()
                    errors.finish()
                    ended.code, ended.output, ended.errors = _code(json.loads(payload)), output.text, errors.last
                    return ended
            if control is not None and errors.latest:
                control.progress(errors.latest)
    raise UnavailableError("The connection to the machine was lost while the command ran.")


class _Lines:
    """Cuts bytes into lines."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""
        self._kept: list[str] = []
        self._size = 0
        self.last: list[str] = []

    @property
    def text(self) -> str:
        """All of it, as far as it is kept."""
        return "".join(self._kept)

    @property
    def latest(self) -> str:
        """The last line that says anything."""
        return next((line.strip() for line in reversed(self.last) if line.strip()), "")

    def take(self, data: bytes) -> None:
        """Take what arrived."""
        text = self._decoder.decode(data)
        if self._size < OUTPUT_LIMIT:
            self._kept.append(text)
            self._size += len(data)
        *whole, pending = (self._pending + text).split("\n")
        if len(pending) > _LINE_LIMIT:
            whole, pending = [*whole, pending], ""
        self._pending = pending
        for line in whole:
            self._tell(line)

    def finish(self) -> None:
        """Nothing comes any more."""
        if self._pending:
            self._tell(self._pending)
            self._pending = ""

    def _tell(self, line: str) -> None:
        shown = line.rstrip("\r")[:_LINE_LIMIT]
        self.last = [*self.last[-_TOLD_LAST:], shown]
        self._say(shown)


def _received(connection: Connection) -> bytes:
    try:
        return connection.recv(CHUNK)
    except UnavailableError:
        return b""


def _nobody(_line: str) -> None:
    return None


def _code(end: dict[str, Any]) -> int:
    return 128 if end.get("signal") else int(end.get("code") or 0)
