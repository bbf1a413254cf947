"""Commands in the guest for a front end: its terminal on one side, a process in the guest on the other."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shlex
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from app.core import api
from app.core.frames import CHUNK, Decoder, FrameType, encode, encode_json
from app.service.contract import GuestProcess, Link
from app.service.http import HttpConnection
from vm.errors import LinnetError, UsageError

if TYPE_CHECKING:
    from vm.ssh.channel import TerminalSize

log = logging.getLogger(__name__)

STDIN_AHEAD = 1024 * 1024
"""Bytes of input that wait for a process that does not read; then the client has to wait."""

END_LIMIT = 3.0
"""Seconds that a process may take to end after its client left; then it is killed."""

PART_LIMIT = 3.0
"""Seconds in which a client closes the connection after it was told that the process has ended."""

PROTOCOL = "linnet-exec"

_ENDED = (LinnetError, OSError)


async def serve(connection: HttpConnection, link: Link, request: api.Exec) -> None:
    """Start the command, switch the connection to frames, and carry them until the process has ended.

    Raises:
        LinnetError: it cannot be started; the connection is still HTTP then.
    """
    if not request.argv:
        raise UsageError("There is no command to run: argv is empty.")
    terminal = terminal_size(request.rows, request.cols) if request.tty else None
    process = await link.spawn(command_line(request), terminal, request.env)
    try:
        session = _Session(connection, process, tty=request.tty)
        await session.run(await connection.upgrade(PROTOCOL))
    finally:
        with contextlib.suppress(*_ENDED):
            await process.close()


def command_line(request: api.Exec) -> str:
    """Return the shell line that runs the command in its folder."""
    # Without a shell in between, signals reach the command itself.
    command = f"exec {shlex.join(request.argv)}"
    return command if request.cwd is None else f"cd {shlex.quote(request.cwd)} && {command}"


def terminal_size(rows: int, cols: int) -> TerminalSize:
    """Return a terminal's size as the SSH link has it."""
    # Here, so that nothing of paramiko is loaded before the first machine runs.
    from vm.ssh.channel import TerminalSize

    return TerminalSize(rows, cols)


class _Session:
    def __init__(self, connection: HttpConnection, process: GuestProcess, *, tty: bool) -> None:
        self._reader = connection.reader
        self._writer = connection.writer
        self._process = process
        self._tty = tty
        self._input = _InputQueue()

    async def run(self, first: bytes) -> None:
        """Carry frames both ways; returns when the process has ended or the client is gone."""
        client = asyncio.ensure_future(self._from_client(first))
        feeding = asyncio.ensure_future(self._feed())
        ending = asyncio.ensure_future(self._to_client())
        try:
            await asyncio.wait({client, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not ending.done():
                await self._end_process()
            else:
                ending.result()
                await self._part(client)
        except _ENDED as error:
            log.info("an exec connection broke: %s", error)
        finally:
            for task in (client, feeding, ending):
                task.cancel()
            await asyncio.wait({client, feeding, ending})
            for task in (client, feeding, ending):
                failure = None if task.cancelled() else task.exception()
                if failure is not None and not isinstance(failure, _ENDED):
                    log.error("an exec connection failed", exc_info=failure)

    async def _part(self, client: asyncio.Future[None]) -> None:
        """Let the client close the connection: with input of it unread, closing here would take what was sent back."""
        self._input.discard()
        if self._writer.can_write_eof():
            self._writer.write_eof()
        await asyncio.wait({client}, timeout=PART_LIMIT)

    async def _from_client(self, first: bytes) -> None:
        """Take frames until the client ends the connection."""
        decoder = Decoder()
        data = first or await self._reader.read(CHUNK)
        while data:
            for kind, payload in decoder.feed(data):
                await self._take(kind, payload)
            data = await self._reader.read(CHUNK)

    async def _take(self, kind: FrameType, payload: bytes) -> None:
        if kind is FrameType.stdin:
            await self._input.put(payload)
        elif kind is FrameType.end_of_stdin:
            self._input.end()
        elif kind is FrameType.resize:
            size = _json(payload)
            await self._process.resize(terminal_size(int(size["rows"]), int(size["cols"])))
        elif kind is FrameType.signal:
            await self._process.signal(payload.decode("ascii", errors="replace"))
        else:
            raise UsageError(f"A client does not send {kind.name} frames.")

    async def _feed(self) -> None:
        """Write the client's input to the process as it takes it."""
        try:
            while (data := await self._input.get()) is not None:
                await self._process.write(data)
            await self._process.end_input()
        except LinnetError:
            # The process has closed its input; what else comes is dropped.
            self._input.discard()

    async def _to_client(self) -> None:
        """Send output until the process has ended, then how."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(self._process.read_stdout, FrameType.stdout))
                group.create_task(self._pump(self._process.read_stderr, FrameType.stderr))
            end = await self._process.wait()
            last = encode_json(FrameType.exit, {"code": end.code, "signal": end.signal})
        except LinnetError as error:
            last = encode_json(FrameType.error, error.to_dict())
        except BaseExceptionGroup as group_error:
            found = group_error.exceptions[0]
            if not isinstance(found, LinnetError):
                raise found from None
            last = encode_json(FrameType.error, found.to_dict())
        self._writer.write(last)
        await self._writer.drain()

    async def _pump(self, read: Callable[[int], Awaitable[bytes]], kind: FrameType) -> None:
        while data := await read(CHUNK):
            self._writer.write(encode(kind, data))
            await self._writer.drain()

    async def _end_process(self) -> None:
        """The client left: end the process, politely first."""
        log.info("an exec client left; its process is ended")
        with contextlib.suppress(TimeoutError, *_ENDED):
            await self._process.signal("HUP" if self._tty else "TERM")
            async with asyncio.timeout(END_LIMIT):
                await self._process.wait()
                return
        with contextlib.suppress(*_ENDED):
            await self._process.signal("KILL")


class _InputQueue:
    """Input that waits for the process, bounded by bytes. One side puts, one gets."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._ended = False
        self._discarding = False
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()

    async def put(self, data: bytes) -> None:
        """Add input; waits while there is too much."""
        while self._size >= STDIN_AHEAD and not self._discarding:
            self._drained.clear()
            await self._drained.wait()
        if not self._discarding:
            self._parts.append(data)
            self._size += len(data)
            self._filled.set()

    def end(self) -> None:
        """Say that there is no more."""
        self._ended = True
        self._filled.set()

    def discard(self) -> None:
        """Throw away what is there and what comes."""
        self._discarding = True
        self._parts.clear()
        self._drained.set()

    async def get(self) -> bytes | None:
        """Return all that is there, waiting for some; None at the end."""
        while not self._parts:
            if self._ended:
                return None
            self._filled.clear()
            await self._filled.wait()
        data = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        self._drained.set()
        return data


def _json(payload: bytes) -> dict[str, Any]:
    try:
        content = json.loads(payload)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise UsageError("A frame holds something else than a JSON object.")
    return content
