"""The picture of the networks in words."""

from __future__ import annotations

from itertools import islice

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
        return _about_alone(alone)
    return _about_member(topology, member)


def all_lines(topology: Topology, most: int | None = None) -> list[str]:
    """Return everything in sentences, one a line; of containers at most `most`."""
    lines = [_about_network(network, topology) for network in topology.networks.values()]
    lines += [_about_member(topology, member) for member in islice(topology.members.values(), most)]
    return lines + [_about_alone(one) for one in topology.alone[:most]]


def under_title(network: Network | None, hidden: int = 0) -> str:
    """Return the line below a network's name; `hidden`: how many of its containers are not in the picture."""
    more = [count("{n} more", "{n} more", hidden)] if hidden else []
    if network is None:
        return " · ".join([tr("reached by published ports"), *more])
    parts = [*network.subnets[:1], *([tr("internal")] if network.internal else []), *more]
    return " · ".join(parts)


def _about_network(network: Network | None, topology: Topology) -> str:
    if network is None:
        return count("{n} container is in no network.", "{n} containers are in no network.", len(topology.alone))
    if not network.members:
        return tr("Nobody is in {network}.", network=network.name)
    text = tr("In {network}: {names}.", network=network.name, names=_names(network.members))
    return f"{text} {tr('It has no way out to the internet.')}" if network.internal else text


def _about_alone(member: Member) -> str:
    return tr("{name} is in no network: it reaches out, and is reached by its published ports.", name=member.name)


def _about_member(topology: Topology, member: Member) -> str:
    places = ", ".join(f"{name} ({address})" if address else name for name, address in sorted(member.networks.items()))
    peers, total = _peers(topology, member)
    if not peers:
        return tr("{name}, in {networks}, is alone there.", name=member.name, networks=places)
    names = _names(peers, total)
    return tr("{name}, in {networks}, can talk to {names}.", name=member.name, networks=places, names=names)


def _peers(topology: Topology, member: Member) -> tuple[list[Member], int]:
    """Return the first of those that a container can talk to, and how many there are in all."""
    if len(member.networks) != 1:
        peers = topology.peers(member)
        return peers, len(peers)
    # Of one network, which may have thousands, only the first are looked at; they are sorted already.
    everybody = topology.networks[next(iter(member.networks))].members
    return [one for one in everybody[: _MOST + 1] if one.id != member.id], len(everybody) - 1


def _names(members: list[Member], total: int | None = None) -> str:
    names = ", ".join(one.name for one in members[:_MOST])
    more = (len(members) if total is None else total) - _MOST
    return names if more <= 0 else count("{names} and {n} more", "{names} and {n} more", more, names=names)
