"""The picture of the networks in words."""

from __future__ import annotations

from app.gui.pages.networks.topology import Member, Network, Topology
from app.gui.text import count, tr

_MOST = 8
"""Names in one sentence."""


def sentence(topology: Topology, kind: str, key: str) -> str:
    """Return what there is to say about a network (by name) or a container (by id)."""
    if kind == "network":
        return _about_network(topology.networks.get(key), topology)
    member = topology.members.get(key)
    if member is None:
        alone = next((one for one in topology.alone if one.id == key), None)
        if alone is None:
            return ""
        return tr("{name} is in no network: it reaches out, and is reached by its published ports.", name=alone.name)
    return _about_member(topology, member)


def all_lines(topology: Topology) -> list[str]:
    """Return everything in sentences, one a line."""
    lines = [_about_network(network, topology) for network in topology.networks.values()]
    lines += [_about_member(topology, member) for member in topology.members.values()]
    return lines + [sentence(topology, "container", one.id) for one in topology.alone]


def under_title(network: Network | None) -> str:
    """Return the line below a network's name."""
    if network is None:
        return tr("reached by published ports")
    parts = [*network.subnets[:1], *([tr("internal")] if network.internal else [])]
    return " · ".join(parts)


def _about_network(network: Network | None, topology: Topology) -> str:
    if network is None:
        return count("{n} container is in no network.", "{n} containers are in no network.", len(topology.alone))
    if not network.members:
        return tr("Nobody is in {network}.", network=network.name)
    text = tr("In {network}: {names}.", network=network.name, names=_names(network.members))
    return f"{text} {tr('It has no way out to the internet.')}" if network.internal else text


def _about_member(topology: Topology, member: Member) -> str:
    places = ", ".join(f"{name} ({address})" if address else name for name, address in sorted(member.networks.items()))
    peers = topology.peers(member)
    if not peers:
        return tr("{name}, in {networks}, is alone there.", name=member.name, networks=places)
    return tr("{name}, in {networks}, can talk to {names}.", name=member.name, networks=places, names=_names(peers))


def _names(members: list[Member]) -> str:
    names = ", ".join(one.name for one in members[:_MOST])
    more = len(members) - _MOST
    return names if more <= 0 else count("{names} and {n} more", "{names} and {n} more", more, names=names)
