"""A loopback TCP port that leads to a Unix socket, for suites that only speak TCP; runs in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

CHUNK = 65536


@contextlib.contextmanager
def relayed(target: Path, port: int = 0) -> Iterator[int]:
    """Listen on 127.0.0.1 and lead every connection to the Unix socket `target`; yields the port."""
    ready = threading.Event()
    started: list[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = []

    async def serve() -> None:
        done = asyncio.Event()
        server = await asyncio.start_server(lambda reader, writer: _join(reader, writer, target), "127.0.0.1", port)
        async with server:
            started.append((asyncio.get_running_loop(), done, server.sockets[0].getsockname()[1]))
            ready.set()
            await done.wait()

    def work() -> None:
        try:
            asyncio.run(serve())
        finally:
            ready.set()

    thread = threading.Thread(target=work, name="relay", daemon=True)
    thread.start()
    ready.wait(10)
    loop, done, listening = started[0]
    try:
        yield listening
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: Path) -> None:
    try:
        far_reader, far_writer = await asyncio.open_unix_connection(str(target))
    except OSError:
        writer.close()
        return
    try:
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
    except asyncio.CancelledError:
        # The end of `relayed`; asyncio would print it as an error of this connection. Nobody reads what is left.
        for end in (writer, far_writer):
            end.transport.abort()
    finally:
        for end in (writer, far_writer):
            end.close()
        for end in (writer, far_writer):
            with contextlib.suppress(OSError):
                await end.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end of the stream and pass the end on, so that half-closed connections stay half-closed."""
    with contextlib.suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
