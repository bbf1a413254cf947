"""Waiting for the SSH server, against servers on loopback that behave like QEMU's forwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from vm.machine import reach

BANNER = b"SSH-2.0-OpenSSH_10.0\r\n"


@asynccontextmanager
async def forward(banner_for: Callable[[int], bool]) -> AsyncIterator[tuple[int, list[asyncio.StreamWriter]]]:
    """Accept everything, as QEMU does; the connections that `banner_for` names get a banner."""
    clients: list[asyncio.StreamWriter] = []

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clients.append(writer)
        if banner_for(len(clients)):
            writer.write(BANNER)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], clients
    finally:
        server.close()
        for writer in clients:
            writer.close()


async def test_the_banner_is_left_to_be_read() -> None:
    async with forward(lambda _: True) as (port, _clients):
        with await reach.ssh_socket(port) as found:
            assert await asyncio.to_thread(found.recv, 100) == BANNER


async def test_a_silent_attempt_is_followed_by_another() -> None:
    async with forward(lambda number: number == 2) as (port, clients):
        with await reach.ssh_socket(port, every=0.05) as found:
            assert found.getpeername()[1] == port
        assert len(clients) >= 2


async def test_a_guest_that_is_up_is_asked_once() -> None:
    async with forward(lambda _: False) as (port, clients):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(reach.BOOTING_EVERY * 2):
                await reach.ssh_socket(port, every=reach.UP_EVERY)
        assert len(clients) == 1


async def test_a_server_that_closes_at_once_is_asked_again() -> None:
    """As QEMU does while nothing listens in the guest yet."""
    seen: list[int] = []

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(1)
        if len(seen) == 3:
            writer.write(b"SSH-2.0-late\r\n")
            await writer.drain()
            return
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    found = await reach.ssh_socket(server.sockets[0].getsockname()[1])
    assert found.recv(8) == b"SSH-2.0-"
    found.close()
    server.close()
    assert len(seen) == 3
