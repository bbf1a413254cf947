"""The Docker API sockets: one per machine, each connection relayed byte by byte to the engine in use.

Nothing in the bytes is looked at, so whatever the engine speaks works: hijacked connections, half-closed ones, large
uploads. Each direction waits for its slower side. A connection to a machine that does not run wakes it first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable

from app.service.contract import ByteStream, Machine, Manager
from app.service.listen import Listener, listen
from vm import tasks
from vm.errors import ConflictError, LinnetError, UnavailableError
from vm.machine.status import MachineEvent

log = logging.getLogger(__name__)

PIECE = 256 * 1024
"""Bytes moved at once."""

WRITE_AHEAD = 1024 * 1024
"""Bytes that may wait for a slow client before the engine has to wait as well."""

HEAD_LIMIT = 64 * 1024

DRAIN_LIMIT = 5.0
"""Seconds that a client may take to read an error answer and go."""

Wake = Callable[[str], Awaitable[None]]
"""Has the machine of that name running; joins whoever is doing it already."""


class DockerSockets:
    """The sockets of all machines, open whenever the machine exists."""

    def __init__(self, manager: Manager, wake: Wake) -> None:
        self._manager = manager
        self._wake = wake
        self._sockets: dict[str, DockerSocket] = {}
        self._jobs = tasks.Group()
        self._syncing = asyncio.Lock()
        self._unsubscribe: Callable[[], None] = lambda: None

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return sum(socket.connections for socket in self._sockets.values())

    @property
    def served(self) -> int:
        """How many clients there have been."""
        return sum(socket.served for socket in self._sockets.values())

    async def open(self) -> None:
        """Listen for all machines, and for those to come."""
        self._unsubscribe = self._manager.subscribe(self._on_event)
        await self.sync()

    async def sync(self) -> None:
        """Have a socket for each machine that exists, and for no other; replace one whose file was deleted."""
        async with self._syncing:
            names = set(self._manager.names())
            for name in set(self._sockets) - names:
                await self._sockets.pop(name).close()
            for name in names:
                try:
                    await self._ensure(name)
                except LinnetError as error:
                    log.warning("machine %s has no Docker socket: %s", name, error.message)

    async def close(self) -> None:
        """Listen no more and end all relays."""
        self._unsubscribe()
        await self._jobs.cancel()
        for socket in self._sockets.values():
            await socket.close()
        self._sockets.clear()

    async def _ensure(self, name: str) -> None:
        socket = self._sockets.get(name)
        if socket is not None and socket.intact():
            return
        machine: Machine = self._manager.get(name)
        if socket is None:
            socket = DockerSocket(machine, self._wake)
        await socket.open()
        self._sockets[name] = socket

    def _on_event(self, event: MachineEvent) -> None:
        socket = self._sockets.get(event.machine)
        # A machine whose description somebody put there by hand is first heard of when it changes its state.
        if event.kind == "list" or (event.kind == "state" and socket is None):
            self._jobs.start(self.sync(), name="docker-sockets")
        elif socket is not None and event.kind == "state" and event.data.get("state") in ("stopped", "suspended"):
            self._jobs.start(socket.end_relays(), name=f"docker-end-{event.machine}")


class DockerSocket:
    """The socket of one machine.

    Attributes:
        served: how many clients there have been.
    """

    def __init__(self, machine: Machine, wake: Wake) -> None:
        self.served = 0
        self._machine = machine
        self._wake = wake
        self._listener: Listener | None = None
        self._relays: dict[asyncio.Task[object], bool] = {}

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._relays)

    def intact(self) -> bool:
        """Whether clients find the socket."""
        return self._listener is not None and self._listener.intact()

    async def open(self) -> None:
        """Listen, anew if need be. Raises UnavailableError."""
        if self._listener is not None:
            self._listener.close()
        self._listener = await listen(self._machine.files.docker_address, self.serve)

    async def close(self) -> None:
        """Listen no more and end all connections."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        await _end(list(self._relays))

    async def end_relays(self) -> None:
        """End the connections that lead to an engine; those that wait for the machine to wake are kept."""
        await _end([task for task, connected in self._relays.items() if connected])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay one client."""
        task = asyncio.current_task()
        assert task is not None
        self._relays[task] = False
        self.served += 1
        try:
            try:
                stream = await self._connect()
            except LinnetError as error:
                log.warning("machine %s: a Docker client was refused: %s", self._machine.name, error.message)
                await _refuse(reader, writer, error)
                return
            self._relays[task] = True
            with self._machine.in_use():
                await _relay(reader, writer, stream)
        except asyncio.CancelledError:
            # Only `_end` cancels; asyncio's stream callback would log the cancellation as an error.
            pass
        except Exception:
            log.exception("machine %s: a Docker connection failed", self._machine.name)
        finally:
            del self._relays[task]
            writer.close()

    async def _connect(self) -> ByteStream:
        try:
            return await self._machine.open_engine_socket()
        except (ConflictError, UnavailableError) as error:
            log.info("machine %s: waking it for a Docker client: %s", self._machine.name, error.message)
        await self._wake(self._machine.name)
        return await self._machine.open_engine_socket()


async def _end(relays: list[asyncio.Task[object]]) -> None:
    for task in relays:
        task.cancel()
    if relays:
        await asyncio.wait(relays)


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stream: ByteStream) -> None:
    """Move bytes both ways until both sides have said that they are done, or one is gone."""
    writer.transport.set_write_buffer_limits(high=WRITE_AHEAD)
    upward = asyncio.ensure_future(_to_engine(reader, stream))
    downward = asyncio.ensure_future(_to_client(stream, writer))
    try:
        # When the engine has ended its side, the connection is over for every client; the other way round it is not.
        await asyncio.wait({upward, downward}, return_when=asyncio.FIRST_EXCEPTION)
        for done in (upward, downward):
            if done.done() and (error := done.exception()) is not None and not isinstance(error, _EXPECTED):
                raise error
    finally:
        upward.cancel()
        downward.cancel()
        with contextlib.suppress(LinnetError):
            await stream.close()


_EXPECTED = (OSError, LinnetError)
"""How connections break."""


async def _to_engine(reader: asyncio.StreamReader, stream: ByteStream) -> None:
    while data := await reader.read(PIECE):
        try:
            await stream.write(data)
        except LinnetError:
            # The engine takes no more. What it said before, such as why, is still on its way to the client.
            return
    await stream.end_output()


async def _to_client(stream: ByteStream, writer: asyncio.StreamWriter) -> None:
    while data := await stream.read(PIECE):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, error: LinnetError) -> None:
    """Answer the first request with what went wrong, in the Docker API's form, so that the client shows it."""
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        async with asyncio.timeout(DRAIN_LIMIT):
            head = await reader.readuntil(b"\r\n\r\n")
            message = error.message if error.hint is None else f"{error.message} {error.hint}"
            body = b"" if head.startswith(b"HEAD ") else json.dumps({"message": message}).encode() + b"\n"
            answer = (
                b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body)
            )
            writer.write(answer + body)
            if writer.can_write_eof():
                writer.write_eof()
            # Closing before the client has sent its body would take the answer away from it.
            while await reader.read(PIECE):
                pass
