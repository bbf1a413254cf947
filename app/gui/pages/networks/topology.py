"""Who can talk to whom: which containers share a network. Free of Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.gui.model.collection import Row

BUILT_IN = frozenset({"bridge", "podman", "host", "none"})
"""Networks that the engines make themselves and do not let go of."""

COMPOSE_PROJECT = "com.docker.compose.project"


@dataclass(frozen=True)
class Member:
    """A container.

    Attributes:
        networks: its address in each network, "" where it has none now; by the network's name.
    """

    id: str
    name: str
    running: bool
    networks: dict[str, str]


@dataclass
class Network:
    """A network and those that are in it."""

    id: str
    name: str
    subnets: list[str]
    internal: bool
    members: list[Member] = field(default_factory=list)


@dataclass
class Topology:
    """All networks and containers.

    Attributes:
        networks: by name, sorted.
        alone: running containers without a network of the engine: they reach out, nobody reaches them directly.
    """

    networks: dict[str, Network]
    members: dict[str, Member]
    alone: list[Member]

    def peers(self, member: Member) -> list[Member]:
        """Return whom a container can talk to, by name."""
        found: dict[str, Member] = {}
        for name in member.networks:
            for other in self.networks[name].members if name in self.networks else ():
                if other.id != member.id:
                    found[other.id] = other
        return sorted(found.values(), key=lambda one: one.name.casefold())

    def shared(self) -> list[Member]:
        """Return those that are in several networks, by name."""
        return [one for one in self.members.values() if len(one.networks) > 1]


def topology(networks: Iterable[Row], containers: Iterable[Row]) -> Topology:
    """Return who is in which network, from the rows of the Docker API."""
    known = {
        str(row["Name"]): Network(str(row["Id"]), str(row["Name"]), subnets(row), bool(row.get("Internal")))
        for row in sorted(networks, key=lambda row: str(row["Name"]).casefold())
    }
    members = sorted((_member(row, known) for row in containers), key=lambda one: one.name.casefold())
    for member in members:
        for name in member.networks:
            known[name].members.append(member)
    shown = {name: network for name, network in known.items() if network.members or name not in BUILT_IN}
    alone = [one for one in members if not one.networks and one.running]
    return Topology(shown, {one.id: one for one in members if one.networks}, alone)


def subnets(row: Row) -> list[str]:
    """Return the address ranges of a network."""
    return [str(one["Subnet"]) for one in (row.get("IPAM") or {}).get("Config") or [] if one.get("Subnet")]


def container_name(row: Row) -> str:
    """Return what a container is called."""
    names: list[str] = row.get("Names") or []
    return names[0].lstrip("/") if names else str(row["Id"])[:12]


def endpoints(network: Row, containers: Iterable[Row]) -> list[tuple[Row, dict[str, Any]]]:
    """Return the containers of a network with what the engine says of each there, by name."""
    name = str(network["Name"])
    found = [(row, container_networks(row)[name]) for row in containers if name in container_networks(row)]
    return sorted(found, key=lambda pair: container_name(pair[0]).casefold())


def project(row: Row) -> str:
    """Return the compose project that made a network, "" when none did."""
    return str((row.get("Labels") or {}).get(COMPOSE_PROJECT) or "")


def _member(row: Row, known: dict[str, Network]) -> Member:
    addresses = {
        name: str(endpoint.get("IPAddress") or "")
        for name, endpoint in container_networks(row).items()
        if name in known
    }
    return Member(str(row["Id"]), container_name(row), row["State"] == "running", addresses)


def container_networks(row: Row) -> dict[str, dict[str, Any]]:
    """Return what the engine says of a container in each of its networks, by the network's name."""
    found = (row.get("NetworkSettings") or {}).get("Networks") or {}
    return {str(name): endpoint or {} for name, endpoint in found.items()}
