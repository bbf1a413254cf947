"""A listening port of this computer whose connections go to a TCP service in the guest over SSH."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable

from vm import tasks
from vm.errors import LinnetError
from vm.ssh.channel import READ_LIMIT, ByteStream

log = logging.getLogger(__name__)

Opener = Callable[[], Awaitable[ByteStream]]
"""Connects to the service in the guest."""

BACKLOG = 128


class TcpRelay:
    """Listens and relays until it is closed.

    Attributes:
        connections: how many clients are connected.
    """

    def __init__(self, listener: socket.socket, opener: Opener) -> None:
        self.connections = 0
        self._listener = listener
        self._opener = opener
        self._jobs = tasks.Group()
        self._jobs.start(self._accept(), name="port-relay")

    @classmethod
    def open(cls, address: str, port: int, opener: Opener) -> TcpRelay:
        """Listen on `address`:`port`, an IPv4 or IPv6 address.

        Raises:
            OSError: the port is taken or not allowed.
        """
        return cls(listen(address, port), opener)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    async def close(self) -> None:
        """Stop listening and end the connections."""
        await self._jobs.cancel()
        self._listener.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _address = await loop.sock_accept(self._listener)
            except ConnectionError:
                continue  # it gave up while it waited
            except OSError as error:
                log.warning("a connection to a forwarded port could not be accepted: %s", error)
                await asyncio.sleep(0.1)  # out of file descriptors: some have to be closed first
                continue
            client.setblocking(False)
            self._jobs.start(self._serve(client), name="port-connection")

    async def _serve(self, client: socket.socket) -> None:
        self.connections += 1
        try:
            with client:
                await self._relay(client)
        finally:
            self.connections -= 1

    async def _relay(self, client: socket.socket) -> None:
        try:
            stream = await self._opener()
        except LinnetError as error:
            log.info("a connection to a forwarded port was refused: %s", error.message)
            return
        async with stream:
            with contextlib.suppress(LinnetError, OSError):
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                await relay(client, stream)


async def relay(client: socket.socket, stream: ByteStream) -> None:
    """Copy both ways until both have ended. Raises LinnetError or OSError when one side breaks."""
    pumps = [asyncio.create_task(_upload(client, stream)), asyncio.create_task(_download(client, stream))]
    try:
        await asyncio.gather(*pumps)
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.wait(pumps)


async def _upload(client: socket.socket, stream: ByteStream) -> None:
    loop = asyncio.get_running_loop()
    while data := await loop.sock_recv(client, READ_LIMIT):
        await stream.write(data)
    await stream.end_output()


async def _download(client: socket.socket, stream: ByteStream) -> None:
    loop = asyncio.get_running_loop()
    while data := await stream.read():
        await loop.sock_sendall(client, data)
    client.shutdown(socket.SHUT_WR)


def listen(address: str, port: int) -> socket.socket:
    """Return a non-blocking listening socket.

    Raises:
        OSError: the port is taken or not allowed.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would take the port from its owner
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener
