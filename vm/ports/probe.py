"""Whether something answers behind a TCP port of this computer."""

from __future__ import annotations

import asyncio
import socket

CONNECT_LIMIT = 2.0
"""Seconds that a connection may take."""

REFUSAL_LIMIT = 0.3
"""Seconds in which a refusal comes back. QEMU accepts for the guest first, and hangs up when the guest refuses."""

_LOOPBACKS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


async def is_reachable(address: str, port: int) -> bool:
    """Whether a connection to `address`:`port` is accepted and kept."""
    place = _LOOPBACKS.get(address, address)
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET6 if ":" in place else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            async with asyncio.timeout(CONNECT_LIMIT):
                await loop.sock_connect(probe, (place, port))
        except OSError:
            return False
        try:
            async with asyncio.timeout(REFUSAL_LIMIT):
                return bool(await loop.sock_recv(probe, 1))
        except TimeoutError:
            return True
        except OSError:
            return False
