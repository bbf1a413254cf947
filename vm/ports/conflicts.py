"""Why a port of this computer could not be opened, in words."""

from __future__ import annotations

import asyncio
import errno
import os
import sys

from vm.errors import ConflictError, LinnetError
from vm.ports.forwards import HostPort
from vm.ports.holder import find_holder

FIRST_UNPRIVILEGED = 1024

_PRIVILEGE_HINTS = {
    "linux": "Publish a port from 1024 on, or allow low ones: sudo sysctl net.ipv4.ip_unprivileged_port_start=80",
}
_PRIVILEGE_HINT = "Publish a port from 1024 on."


async def explain(host: HostPort, error: Exception) -> LinnetError:
    """Return what to tell the user after `error` kept `host` from being opened."""
    detail = error.detail if isinstance(error, LinnetError) else str(error)
    holder = await asyncio.to_thread(find_holder, host.protocol, host.address, host.port)
    if holder is not None:
        return ConflictError(
            f"Port {host} of this computer is in use by {holder}.",
            hint="Stop that program, or publish another port; it is tried again then.",
            detail=detail,
        )
    if not _may_bind(host.port):
        return ConflictError(
            f"Port {host} of this computer needs administrator rights.",
            hint=_PRIVILEGE_HINTS.get(sys.platform, _PRIVILEGE_HINT),
            detail=detail,
        )
    if isinstance(error, OSError) and error.errno == errno.EADDRNOTAVAIL:
        return ConflictError(f"This computer does not have the address {host.address}.", detail=detail)
    if isinstance(error, LinnetError) and not isinstance(error, ConflictError):
        return error
    return ConflictError(f"Port {host} of this computer cannot be opened.", detail=detail)


def _may_bind(port: int) -> bool:
    return port >= FIRST_UNPRIVILEGED or not hasattr(os, "geteuid") or os.geteuid() == 0
