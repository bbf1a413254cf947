"""Port forwards of QEMU's user network, which only the monitor for people offers: its commands and its answers.

Errors come back as text, and success as no text at all.
"""

from __future__ import annotations

import re

from vm.drivers.base import Forward, Protocol
from vm.drivers.command import NETDEV
from vm.errors import ConflictError, GuestError, LinnetError

INFO = "info usernet"

_LINE = re.compile(
    r"^\s*(?P<protocol>TCP|UDP)\[HOST_FORWARD\]\s+\d+\s+(?P<host>[\d.*]+)\s+(?P<host_port>\d+)"
    r"\s+(?P<guest>[\d.]+)\s+(?P<guest_port>\d+)\s",
    re.MULTILINE,
)


def add_command(forward: Forward) -> str:
    """Return the command that opens `forward`."""
    return (
        f"hostfwd_add {NETDEV} {forward.protocol}:{forward.host_address}:{forward.host_port}"
        f"-{forward.guest_address}:{forward.guest_port}"
    )


def remove_command(forward: Forward) -> str:
    """Return the command that closes `forward`."""
    return f"hostfwd_remove {NETDEV} {forward.protocol}:{forward.host_address}:{forward.host_port}"


def add_error(forward: Forward, answer: str) -> LinnetError | None:
    """Return what went wrong with `add_command`, or None."""
    text = answer.strip()
    if not text:
        return None
    return ConflictError(
        f"The port {forward.host_address}:{forward.host_port}/{forward.protocol} of this computer cannot be opened.",
        hint="Another program uses it, or it needs more rights. Choose another port.",
        detail=text,
    )


def remove_error(forward: Forward, answer: str) -> LinnetError | None:
    """Return what went wrong with `remove_command`, or None; a port that was not open is no error."""
    text = answer.strip()
    if not text or text.endswith(("removed", "not found")):
        return None
    return GuestError(
        f"The port {forward.host_address}:{forward.host_port}/{forward.protocol} was not closed.", detail=text
    )


def parse_forwards(answer: str) -> list[Forward]:
    """Return the forwards that `info usernet` lists."""
    return [
        Forward(
            protocol=Protocol(match["protocol"].lower()),
            host_address="0.0.0.0" if match["host"] == "*" else match["host"],  # noqa: S104 - what QEMU says
            host_port=int(match["host_port"]),
            guest_port=int(match["guest_port"]),
            guest_address=match["guest"],
        )
        for match in _LINE.finditer(answer)
    ]
