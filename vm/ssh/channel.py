"""What runs over one SSH channel: a byte stream, or a process in the guest."""

from __future__ import annotations

import contextlib
import signal
import struct
from dataclasses import dataclass

from vm.errors import GuestError
from vm.ssh.transport import LinkChannel, lost, string

READ_LIMIT = 256 * 1024
"""Largest piece that a read returns unless asked otherwise, bytes."""

_SIGNALS = (
    "HUP",
    "INT",
    "QUIT",
    "ILL",
    "TRAP",
    "ABRT",
    "BUS",
    "FPE",
    "KILL",
    "USR1",
    "SEGV",
    "USR2",
    "PIPE",
    "ALRM",
    "TERM",
)
_LINUX_NUMBERS = {name: number for number, name in enumerate(_SIGNALS, start=1)}
"""Signal numbers of the guest, which is Linux; the host's own may differ."""


@dataclass(frozen=True)
class TerminalSize:
    """A terminal's size in characters."""

    rows: int
    cols: int


@dataclass(frozen=True)
class Completed:
    """What a command in the guest left behind."""

    code: int
    """Exit code; 128 and the signal's number when a signal ended it."""
    stdout: bytes
    stderr: bytes

    def check(self, what: str) -> Completed:
        """Return self when the command succeeded.

        Raises:
            GuestError: it did not; `what` names the attempt, such as "Mounting /home".
        """
        if self.code == 0:
            return self
        detail = (self.stderr or self.stdout).decode(errors="replace").strip()
        raise GuestError(f"{what} failed in the guest (exit code {self.code}).", detail=detail or None)


@dataclass(frozen=True)
class Exit:
    """How a process ended."""

    code: int
    """Exit code; 128 and the signal's number when a signal ended it."""
    signal: str | None = None
    """Name without SIG."""


class ByteStream:
    """A connection to a socket in the guest. Each direction ends by itself."""

    def __init__(self, channel: LinkChannel) -> None:
        self._channel = channel

    @property
    def ended(self) -> bool:
        """Whether the guest has ended its side, or the connection is closed; what came before may still be read."""
        return bool(self._channel.closed or self._channel.eof_received)

    async def read(self, limit: int = READ_LIMIT) -> bytes:
        """Return between 1 and `limit` bytes as soon as there are any; b"" when the guest has ended its side."""
        return await self._channel.read(0, limit)

    async def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of `data`; waits while the guest does not take it.

        Raises:
            UnavailableError: the connection is closed.
        """
        await self._channel.write(data)

    async def end_output(self) -> None:
        """Tell the guest that no more comes; reading goes on."""
        self._channel.send_end()

    async def close(self) -> None:
        """End both directions at once."""
        self._channel.close()

    async def __aenter__(self) -> ByteStream:
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._channel.close()

    def __del__(self) -> None:
        # Not here: this may run in any thread, in the middle of paramiko's sending.
        channel = getattr(self, "_channel", None)
        if channel is not None and not channel.closed:
            with contextlib.suppress(RuntimeError):
                channel.loop.call_soon_threadsafe(channel.close)


class GuestProcess:
    """A command that runs in the guest."""

    def __init__(self, channel: LinkChannel) -> None:
        self.channel = channel

    async def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send `data` to its standard input.

        Raises:
            UnavailableError: the process or the connection has ended.
        """
        await self.channel.write(data)

    async def end_input(self) -> None:
        """Close its standard input."""
        self.channel.send_end()

    async def read_stdout(self, limit: int = READ_LIMIT) -> bytes:
        """Return between 1 and `limit` bytes of output; b"" at its end. With a terminal all output is here."""
        return await self.channel.read(0, limit)

    async def read_stderr(self, limit: int = READ_LIMIT) -> bytes:
        """Return between 1 and `limit` bytes of the error stream; b"" at its end.

        Both streams share one window: read both, or the one that nobody reads stops the other.
        """
        return await self.channel.read(1, limit)

    async def resize(self, size: TerminalSize) -> None:
        """Tell its terminal a new size."""
        self.channel.send_request("window-change", struct.pack(">IIII", size.cols, size.rows, 0, 0))

    async def signal(self, name: str) -> None:
        """Send the signal `name` (without SIG) to its process group.

        OpenSSH delivers HUP, INT, KILL, QUIT, TERM, USR1 and USR2, and none to a process of root.
        """
        self.channel.send_request("signal", string(name.removeprefix("SIG")))

    async def wait(self) -> Exit:
        """Wait for its end; output may still be there to read.

        Raises:
            GuestError: the guest could not run the command.
            UnavailableError: the connection was lost first.
        """
        while True:
            ended = self.channel.closed
            if self.channel.exit is not None:
                return _exit(*self.channel.exit)
            if self.channel.request_refused:
                self.channel.close()
                raise GuestError("The guest refused to run a command.", hint="Look at its log: linnet machine logs")
            if ended:
                raise lost()
            await self.channel.changed()

    async def close(self) -> None:
        """Let go of it; the guest hangs it up when it has a terminal, and closes its streams."""
        self.channel.close()


def _exit(code: int | None, name: str | None) -> Exit:
    if code is not None:
        return Exit(code)
    return Exit(128 + _LINUX_NUMBERS.get(name or "", int(signal.SIGTERM)), name)
