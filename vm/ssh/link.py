"""One SSH connection to the guest."""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
import shlex
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import paramiko
from paramiko.ssh_exception import BadHostKeyException

from vm.errors import LinnetError, TimeoutExceededError, UnavailableError, UsageError
from vm.ssh.channel import ByteStream, Completed, GuestProcess, TerminalSize
from vm.ssh.errors import translate
from vm.ssh.flow import FlowSocket
from vm.ssh.sftp import serve
from vm.ssh.transport import LinkTransport, string

KEEPALIVE = 5.0
"""Seconds of silence after which the guest is asked for a sign of life."""

SILENCE_LIMIT = 15.0
"""Seconds of silence after which the connection counts as lost."""

SFTP_WINDOW = 2 * 1024 * 1024
"""What the guest may send ahead of the SFTP server, bytes."""

IDLE_READ = 3600.0
"""Longest read of an idle connection, seconds. Nothing has to be looked at in between: closing wakes the reader."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PTY_MODES = b"\0"  # none set: the guest's defaults


class SshLink:
    """A connection to the guest's SSH server, as one user. Belongs to the loop that it was connected in.

    Attributes:
        closed: set when the connection has ended, whoever ended it.
    """

    _transport: LinkTransport

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.closed = asyncio.Event()
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    async def connect(
        cls,
        port: int,
        user: str,
        key: Path,
        host_key: str,
        timeout: float,
        host: str = "127.0.0.1",
        connected: socket.socket | None = None,
    ) -> SshLink:
        """Log in.

        Args:
            port: where the guest's SSH server is reached on `host`.
            user: the guest's user.
            key: private key file.
            host_key: the guest's public key, `ssh-ed25519 AAAA…`; nothing else is trusted.
            timeout: seconds for connecting, and again for logging in.
            connected: a socket that is connected to the server already, to be used instead of a new one.

        Raises:
            ConflictError: another server answers there.
            GuestError: the guest refuses the key.
            UnavailableError: nothing answers, or it hung up.
            TimeoutExceededError: it took longer than `timeout`.
        """
        loop = asyncio.get_running_loop()
        link = cls(loop)
        sock = connected if connected is not None else await _connect(loop, host, port, timeout)
        transport = link._transport = LinkTransport(FlowSocket(sock), loop, link._ended)
        try:
            await loop.run_in_executor(None, _log_in, transport, user, key, host_key, timeout)
        except BaseException as error:
            transport.close()
            if isinstance(error, Exception) and not isinstance(error, LinnetError):
                raise translate(error) from error
            raise
        transport.flow.settimeout(IDLE_READ)
        link._start_keepalive()
        return link

    async def run(
        self,
        command: str | Sequence[str],
        input: bytes = b"",  # noqa: A002  named as in subprocess
        timeout: float | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Completed:
        """Run `command` to its end and return what it wrote.

        Raises:
            TimeoutExceededError: it ran longer than `timeout` seconds; it is hung up on.
            GuestError, UnavailableError: see `GuestProcess.wait`.
        """
        process = await self.spawn(command, None, env)
        try:
            async with asyncio.timeout(timeout):
                stdout, stderr, _ = await asyncio.gather(
                    _drain(process.read_stdout), _drain(process.read_stderr), _feed(process, input)
                )
                return Completed((await process.wait()).code, stdout, stderr)
        except TimeoutError:
            text = command if isinstance(command, str) else shlex.join(command)
            raise TimeoutExceededError(
                f"A command in the guest took longer than {timeout:.0f} seconds.", detail=text[:500]
            ) from None
        finally:
            await process.close()

    async def spawn(
        self,
        command: str | Sequence[str],
        terminal: TerminalSize | None = None,
        env: Mapping[str, str] | None = None,
    ) -> GuestProcess:
        """Start `command`: a shell line, or the words of one command.

        With `terminal` it gets a terminal of that size, whose type is `env["TERM"]`.
        """
        channel = self._transport.open("session")
        await channel.opened()
        variables = dict(env or {})
        if terminal is not None:
            channel.send_request(
                "pty-req",
                string(variables.pop("TERM", "xterm-256color"))
                + struct.pack(">IIII", terminal.cols, terminal.rows, 0, 0)
                + string(_PTY_MODES),
            )
        # Its answer is not awaited, which saves a round trip: a refusal comes out in wait().
        channel.send_request("exec", string(_line(command, variables)), reply=True)
        return GuestProcess(channel)

    async def open_socket(self, path: str) -> ByteStream:
        """Connect to the Unix socket `path` in the guest.

        Raises:
            UnavailableError: nothing listens there.
        """
        payload = string(path) + string("") + struct.pack(">I", 0)
        return await self._stream("direct-streamlocal@openssh.com", payload, f"the socket {path}")

    async def open_tcp(self, address: str, port: int) -> ByteStream:
        """Connect to a TCP port as seen from the guest.

        Raises:
            UnavailableError: nothing listens there.
        """
        payload = string(address) + struct.pack(">I", port) + string("127.0.0.1") + struct.pack(">I", 0)
        return await self._stream("direct-tcpip", payload, f"{address} port {port}")

    async def serve_sftp(self, command: str | Sequence[str], root: Path, read_only: bool) -> GuestProcess:
        """Run `command` in the guest (an sshfs in passive mode) and serve it the folder `root` on its streams."""
        channel = self._transport.open("session", window=SFTP_WINDOW)
        await channel.opened()
        serve(channel, root, read_only)
        channel.send_request("exec", string(_line(command, {})), reply=True)
        return GuestProcess(channel)

    async def close(self) -> None:
        """End the connection and all that goes over it."""
        self._transport.close()
        await self.closed.wait()

    async def _stream(self, kind: str, payload: bytes, what: str) -> ByteStream:
        channel = self._transport.open(kind, payload)
        try:
            await channel.opened()
        except UnavailableError as error:
            if channel.refusal is None:
                raise
            raise UnavailableError(f"Nothing in the guest answers on {what}.", detail=error.detail) from error
        return ByteStream(channel)

    def _start_keepalive(self) -> None:
        if not self.closed.is_set():
            self._timer = self._loop.call_later(KEEPALIVE, self._check_life)

    def _check_life(self) -> None:
        silence = time.monotonic() - self._transport.flow.last_received
        if silence >= SILENCE_LIMIT:
            self._transport.close()
            return
        if silence >= KEEPALIVE * 0.9:
            self._transport.send_keepalive()
        self._timer = self._loop.call_later(KEEPALIVE, self._check_life)

    def _ended(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.closed.set()


async def _connect(loop: asyncio.AbstractEventLoop, host: str, port: int, timeout: float) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        async with asyncio.timeout(timeout):
            await loop.sock_connect(sock, (host, port))
    except OSError as error:
        sock.close()
        raise translate(error) from error
    except BaseException:
        sock.close()
        raise
    return sock


def _log_in(transport: LinkTransport, user: str, key: Path, host_key: str, timeout: float) -> None:
    """Blocking: exchange keys, compare the guest's with `host_key`, and only then log in."""
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = timeout
    transport.start_client(timeout=timeout)
    if not transport.initial_kex_done:
        raise TimeoutError("no key exchange")
    found = transport.get_remote_server_key()
    kind, _, encoded = host_key.partition(" ")
    expected = base64.b64decode(encoded.split()[0])
    if found.get_name() != kind or not hmac.compare_digest(found.asbytes(), expected):
        raise BadHostKeyException("guest", found, paramiko.PKey.from_type_string(kind, expected))
    transport.auth_publickey(user, paramiko.Ed25519Key.from_private_key_file(str(key)))


def _line(command: str | Sequence[str], env: Mapping[str, str]) -> str:
    line = command if isinstance(command, str) else shlex.join(command)
    for name in env:
        if not _VARIABLE.fullmatch(name):
            raise UsageError(f"'{name}' cannot be the name of an environment variable.")
    if not env:
        return line
    # The guest's login shells are POSIX shells; unlike AcceptEnv this needs nothing of its sshd, unlike env(1) no exec.
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in env.items())
    return f"export {settings}; {line}"


async def _drain(read: Callable[[], Awaitable[bytes]]) -> bytes:
    parts = []
    while part := await read():
        parts.append(part)
    return b"".join(parts)


async def _feed(process: GuestProcess, data: bytes) -> None:
    try:
        await process.write(data)
    except UnavailableError:
        if process.channel.exit is None and not process.channel.eof_received:
            raise  # otherwise the command just did not read all of its input
    await process.end_input()
