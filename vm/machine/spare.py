"""Connections to the engine's socket, the next of which is opened ahead of its client.

Opening one costs a round trip through the guest's SSH server, as much again as a short request. Programs that talk
to an engine open many connections, so while one is in use the next is made ready, and let go of when nobody came.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from vm.errors import LinnetError
from vm.ssh.channel import ByteStream
from vm.ssh.link import SshLink

KEEP = 20.0
"""Seconds that a connection waits for a client."""


class SpareSocket:
    """Opens connections to a Unix socket of the guest. Belongs to the loop."""

    def __init__(self) -> None:
        self._place: tuple[SshLink, str] | None = None
        self._opening: asyncio.Task[ByteStream] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def open(self, link: SshLink, path: str) -> EngineStream:
        """Connect to `path` over `link`.

        Raises:
            UnavailableError: nothing listens there.
        """
        found = await self._take((link, path)) or await link.open_socket(path)
        return EngineStream(found, lambda: self._prepare((link, path)))

    def drop(self) -> None:
        """Let go of the connection that waits."""
        if self._timer is not None:
            self._timer.cancel()
        opening, self._opening, self._timer = self._opening, None, None
        if opening is not None:
            opening.add_done_callback(_abandon)

    async def _take(self, place: tuple[SshLink, str]) -> ByteStream | None:
        """Return the connection that waits, if it leads there and its engine has not ended it."""
        if self._opening is None or self._place != place:
            self.drop()
            return None
        opening, self._opening = self._opening, None
        self.drop()
        try:
            stream = await asyncio.shield(opening)
        except LinnetError:
            return None
        except asyncio.CancelledError:
            opening.add_done_callback(_abandon)
            raise
        if stream.ended:
            await stream.close()
            return None
        return stream

    def _prepare(self, place: tuple[SshLink, str]) -> None:
        link, path = place
        if self._opening is not None or link.closed.is_set():
            return
        self._place = place
        self._opening = asyncio.create_task(link.open_socket(path), name="spare-socket")
        self._timer = asyncio.get_running_loop().call_later(KEEP, self.drop)


class EngineStream:
    """A connection whose first use has the next one made ready: not earlier, the guest shall not serve that first."""

    def __init__(self, stream: ByteStream, on_use: Callable[[], None]) -> None:
        self._stream = stream
        self._on_use: Callable[[], None] | None = on_use

    async def read(self, limit: int) -> bytes:
        """Return between 1 and `limit` bytes as soon as there are any; b"" when the engine has ended its side."""
        return await self._stream.read(limit)

    async def write(self, data: bytes) -> None:
        """Send all of `data`; waits while the engine does not take it. Raises UnavailableError when it is closed."""
        await self._stream.write(data)
        if self._on_use is not None:
            on_use, self._on_use = self._on_use, None
            on_use()

    async def end_output(self) -> None:
        """Tell the engine that no more comes; reading goes on."""
        await self._stream.end_output()

    async def close(self) -> None:
        """End both directions at once."""
        await self._stream.close()


def _abandon(opening: asyncio.Task[ByteStream]) -> None:
    """Look at the outcome, which concerns nobody any more; a stream that nobody holds closes itself."""
    with contextlib.suppress(asyncio.CancelledError, LinnetError):
        opening.result()
