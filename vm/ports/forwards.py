"""Which host ports the ports of the guest should have. Free of I/O: the agent's ports in, wanted forwards out.

=========  ==================================  =========================================
`via`      leads to                            used for
=========  ==================================  =========================================
hostfwd    QEMU's user network                 what listens on the guest's IPv4 address
ssh        a channel of the control link       TCP on the guest's loopback or IPv6 only
relay      hostfwd to a relay of the agent     UDP on the guest's loopback or IPv6 only
=========  ==================================  =========================================
"""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vm.drivers.base import Protocol

GUEST_ADDRESS = "10.0.2.15"
LOOPBACK = "127.0.0.1"

_ON_GUEST_IPV4 = ("0.0.0.0", GUEST_ADDRESS)  # noqa: S104 - compared, not bound
_COMPANIONS = {"127.0.0.1": "::1", "0.0.0.0": "::"}  # noqa: S104 - chosen by the user


class Via(enum.StrEnum):
    """What carries a forward."""

    hostfwd = "hostfwd"
    ssh = "ssh"
    relay = "relay"


@dataclass(frozen=True, order=True)
class GuestPort:
    """A port of the guest, as the agent reports it."""

    protocol: Protocol
    guest_address: str
    guest_port: int
    host_port: int
    host_address: str
    """Empty when the user gave none."""
    container_id: str = ""
    container_name: str = ""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> GuestPort:
        """Read one entry of the agent's `ports` event."""
        return cls(
            protocol=Protocol(data["protocol"]),
            guest_address=str(data["guest_address"]),
            guest_port=int(data["guest_port"]),
            host_port=int(data["host_port"]),
            host_address=str(data.get("host_address") or ""),
            container_id=str(data.get("container_id") or ""),
            container_name=str(data.get("container_name") or ""),
        )


@dataclass(frozen=True, order=True)
class HostPort:
    """A port of this computer."""

    protocol: Protocol
    address: str
    port: int

    @property
    def is_ipv6(self) -> bool:
        """Whether the address is of IPv6."""
        return ":" in self.address

    def __str__(self) -> str:
        address = f"[{self.address}]" if self.is_ipv6 else self.address
        return f"{address}:{self.port}/{self.protocol}"


@dataclass(frozen=True, order=True)
class Wanted:
    """A host port and what it should lead to."""

    host: HostPort
    via: Via
    target: str
    """Address in the guest."""
    guest: GuestPort
    companion: str = ""
    """Address of IPv6 on which the same port is offered as well, if it happens to be free."""
    error: str = ""
    """Why it must not or cannot be opened."""


def plan(
    ports: Iterable[GuestPort],
    *,
    default_address: str = LOOPBACK,
    include_services: bool = True,
    reserved: Iterable[int] = (),
) -> dict[HostPort, Wanted]:
    """Return the wanted forwards, one per host port.

    Args:
        ports: all that the agent knows of.
        default_address: where published ports appear when the user gave no address.
        include_services: whether ports that no container publishes count.
        reserved: TCP ports of this computer that Linnet needs itself.
    """
    own = set(reserved)
    wanted: dict[HostPort, Wanted] = {}
    for port in sorted(ports):
        if not port.container_id and not include_services:
            continue
        one = _want(port, default_address, own)
        known = wanted.get(one.host)
        if known is None or _rank(one) < _rank(known):
            wanted[one.host] = one
    return wanted


def _want(port: GuestPort, default_address: str, reserved: set[int]) -> Wanted:
    host = HostPort(port.protocol, _host_address(port, default_address), port.host_port)
    via, target = _way(port, host)
    error = ""
    if port.protocol is Protocol.tcp and host.port in reserved:
        error = f"Port {host.port} of this computer is used by Linnet itself. Publish another one."
    elif port.protocol is Protocol.udp and host.is_ipv6:
        error = "UDP is forwarded on IPv4 addresses of this computer only."
    companion = ""
    if port.protocol is Protocol.tcp and not port.host_address:
        companion = _COMPANIONS.get(host.address, "")
    return Wanted(host, via, target, port, companion, error)


def _host_address(port: GuestPort, default_address: str) -> str:
    if port.host_address:
        return port.host_address
    # Only what a container publishes may become visible outside of this computer, never by a default what listens on
    # the guest's loopback.
    if not port.container_id or _is_loopback(port.guest_address):
        return LOOPBACK
    return default_address


def _way(port: GuestPort, host: HostPort) -> tuple[Via, str]:
    """Return what carries it, and the address in the guest that it leads to."""
    if port.guest_address in _ON_GUEST_IPV4 and not host.is_ipv6:
        return Via.hostfwd, GUEST_ADDRESS
    target = {"::": "::1", "0.0.0.0": LOOPBACK}.get(port.guest_address, port.guest_address)  # noqa: S104 - compared
    return (Via.ssh if port.protocol is Protocol.tcp else Via.relay), target


def _rank(one: Wanted) -> tuple[bool, bool]:
    """Of two that want the same host port, published ones and quick ways come first."""
    return (not one.guest.container_id, one.via is not Via.hostfwd)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
