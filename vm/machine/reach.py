"""Finding out when the guest's SSH server answers behind QEMU's user network.

QEMU accepts a forwarded connection at once, whether the guest listens or not, and its own retries towards a guest
that is still booting slow down with time. So a connection says nothing until the server's banner has arrived, and a
fresh attempt is started beside the waiting ones every now and then; the first with a banner wins.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket

BOOTING_EVERY = 0.5
"""Seconds between attempts while the guest boots: most of them are lost, the next one counts."""

UP_EVERY = 4.0
"""Seconds between attempts when the guest is up: each starts a process there, which would only slow the first."""

MOST_ATTEMPTS = 8
RETRY_AFTER = 0.1
BANNER = b"SSH-"


async def ssh_socket(port: int, host: str = "127.0.0.1", *, every: float = BOOTING_EVERY) -> socket.socket:
    """Return a connected blocking socket whose peer has sent the start of an SSH banner, still unread.

    Starts an attempt `every` so many seconds. Waits for as long as it takes; the caller sets the limit.
    """
    attempts: set[asyncio.Task[socket.socket]] = set()
    try:
        while True:
            if len(attempts) < MOST_ATTEMPTS:
                attempts.add(asyncio.create_task(_attempt(host, port), name="ssh-attempt"))
            done, attempts = await asyncio.wait(attempts, timeout=every, return_when=asyncio.FIRST_COMPLETED)
            winners = [task.result() for task in done if task.exception() is None]
            if winners:
                for spare in winners[1:]:
                    spare.close()
                winners[0].setblocking(True)
                return winners[0]
            if done:
                await asyncio.sleep(RETRY_AFTER)
    finally:
        for task in attempts:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                (await task).close()


async def _attempt(host: str, port: int) -> socket.socket:
    loop = asyncio.get_running_loop()
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        await loop.sock_connect(connection, (host, port))
        await _readable(connection)
        _check_banner(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_banner(connection: socket.socket) -> None:
    if connection.recv(len(BANNER), socket.MSG_PEEK) != BANNER:
        raise ConnectionResetError("no SSH banner")


async def _readable(connection: socket.socket) -> None:
    """Wait until the socket has something to read, on loops with and without add_reader (Windows)."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def resolve() -> None:
        if not ready.done():
            ready.set_result(None)

    try:
        loop.add_reader(connection, resolve)
    except NotImplementedError:
        while True:
            with contextlib.suppress(BlockingIOError):
                connection.recv(1, socket.MSG_PEEK)
                return
            await asyncio.sleep(RETRY_AFTER)
    try:
        await ready
    finally:
        loop.remove_reader(connection)
