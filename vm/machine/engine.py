"""The engine of a machine: where its Docker API is in the guest, and whether it answers."""

from __future__ import annotations

import asyncio
from typing import Protocol

from vm.errors import GuestError, LinnetError
from vm.ssh.channel import ByteStream

KINDS = ("podman", "podman-rootful", "docker")

PING = b"GET /_ping HTTP/1.1\r\nHost: linnet\r\nConnection: close\r\n\r\n"

RETRY_AFTER = 0.2
"""Seconds between two tries while the engine's socket is not there yet."""


class SocketOpener(Protocol):
    """What can open Unix sockets of the guest: an SSH link."""

    async def open_socket(self, path: str) -> ByteStream:
        """Connect to the guest's Unix socket at `path`."""


def socket_path(kind: str, user_id: int) -> str:
    """Return the path in the guest of the Docker API socket of the engine `kind`."""
    return {
        "podman": f"/run/user/{user_id}/podman/podman.sock",
        "podman-rootful": "/run/podman/podman.sock",
        "docker": "/run/docker.sock",
    }[kind]


async def ping(link: SocketOpener, path: str) -> None:
    """Ask the engine whether it is there.

    Raises:
        GuestError: it answered something else than "OK".
        LinnetError: its socket cannot be reached.
    """
    stream = await link.open_socket(path)
    try:
        await stream.write(PING)
        answer = b""
        while chunk := await stream.read(4096):
            answer += chunk
    finally:
        await stream.close()
    if not answer.startswith(b"HTTP/1.1 200"):
        first = answer.split(b"\r\n", 1)[0].decode(errors="replace") or "nothing"
        raise GuestError(f"The engine answered '{first}' to a ping.", detail=answer.decode(errors="replace"))


async def wait_until_answers(link: SocketOpener, path: str) -> None:
    """Return when the engine answers; waits for as long as it takes, the caller sets the limit."""
    while True:
        try:
            await ping(link, path)
            return
        except LinnetError:
            await asyncio.sleep(RETRY_AFTER)
