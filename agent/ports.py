"""Which ports of the guest lead to something: published ports of containers and listening sockets, as one set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from agent.containers import Container

_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


class Listener(NamedTuple):
    """A socket of the guest that waits for peers."""

    protocol: str
    address: str
    port: int
    container_id: str | None = None
    """The container (in the guest's own network) whose process listens."""


class Port(NamedTuple):
    """One line of the table that the host gets; see architecture.md."""

    protocol: str
    guest_address: str
    guest_port: int
    container_id: str | None
    container_name: str | None
    host_address: str
    host_port: int

    def to_json(self) -> dict[str, Any]:
        """Return the port as it goes over the wire."""
        return self._asdict()


def merge(containers: Iterable[Container], listeners: Iterable[Listener]) -> set[Port]:
    """Return every port once. A socket that only serves a published port (proxy of the engine) is that port."""
    found: set[Port] = set()
    names: dict[str, str] = {}
    published: dict[tuple[str, int], list[str]] = {}
    for container in containers:
        names[container.id] = container.name
        for port in container.published:
            published.setdefault((port.protocol, port.guest_port), []).append(port.guest_address)
            found.add(
                Port(
                    port.protocol,
                    port.guest_address,
                    port.guest_port,
                    container.id,
                    container.name,
                    port.host_address,
                    port.guest_port,
                )
            )
    for listener in listeners:
        addresses = published.get((listener.protocol, listener.port), [])
        if any(covers(address, listener.address) for address in addresses):
            continue
        owner = listener.container_id
        found.add(
            Port(
                listener.protocol,
                listener.address,
                listener.port,
                owner,
                names.get(owner) if owner else None,
                "",
                listener.port,
            )
        )
    return found


def covers(published: str, listening: str) -> bool:
    """Tell whether a socket at `listening` can be the proxy of a port published at `published`."""
    return published == listening or published in _WILDCARDS or listening in _WILDCARDS
