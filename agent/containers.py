"""What the agent knows about a container."""

from __future__ import annotations

from typing import NamedTuple


class Published(NamedTuple):
    """A port that the user published."""

    protocol: str
    guest_address: str
    """Where the guest listens, as the engine says: 0.0.0.0, ::, 127.0.0.1 …"""
    guest_port: int
    host_address: str
    """Where the user wants it on the host; empty when no address was given."""


class Container(NamedTuple):
    """A container that runs."""

    id: str
    name: str
    image: str
    pid: int
    """Its first process in the guest's numbering, 0 if unknown."""
    published: tuple[Published, ...] = ()
