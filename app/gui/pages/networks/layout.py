"""Where the picture of the networks has what. Free of Qt: numbers in, rectangles out.

A network is a region with its containers in it as chips; a container of several networks stands below their regions,
with a line to each. Regions that share containers stand together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.gui.pages.networks.topology import Member, Topology

CHIP_WIDTH, CHIP_HEIGHT = 176, 32
GAP = 8
PAD = 16
HEADER = 56
"""Height of a region's title and address range."""
SPACE = 24
"""Between regions."""
LANE = 40
"""Between regions and the containers that join them."""

MOST = 120
"""Containers that one region, or one lane, shows; more cannot be looked at. The list has them all."""

ALONE = ""
"""What the region of containers without a network is called."""


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        """Its middle."""
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass
class Layout:
    """Where everything is.

    Attributes:
        regions: by the network's name, `ALONE` for those without.
        chips: by the container's id.
        lines: from a container to a network.
        hidden: how many containers of a network are not shown, by its name.
    """

    regions: dict[str, Box] = field(default_factory=dict)
    chips: dict[str, Box] = field(default_factory=dict)
    lines: list[tuple[str, str]] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=dict)
    width: int = 0
    height: int = 0


def arrange(topology: Topology, width: int) -> Layout:
    """Return a layout that is `width` wide, or as wide as one region needs, and as high as it gets."""
    room = max(width, CHIP_WIDTH + 2 * PAD)
    made = Layout(width=room)
    top = 0
    shared = topology.shared()
    together, apart = _groups(topology)
    for names in together:
        top = _shelves(made, [(name, _own(topology, name)) for name in names], top, room)
        joining = [one for one in shared if one.networks.keys() & set(names)]
        _hide(made, [name for one in joining[MOST:] for name in one.networks])
        top = _lane(made, joining[:MOST], top - SPACE + LANE, room)
    lonely: list[tuple[str, list[Member]]] = [(name, _own(topology, name)) for name in apart]
    if topology.alone:
        lonely.append((ALONE, topology.alone))
    top = _shelves(made, lonely, top, room)
    made.height = max(0, top - SPACE)
    return made


def _groups(topology: Topology) -> tuple[list[list[str]], list[str]]:
    """Return the networks that are joined by containers, group by group, and the others."""
    leader = {name: name for name in topology.networks}

    def find(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for member in topology.shared():
        first, *others = (name for name in member.networks if name in leader)
        for other in others:
            leader[find(other)] = find(first)
    groups: dict[str, list[str]] = {}
    for name in topology.networks:
        groups.setdefault(find(name), []).append(name)
    together = [names for names in groups.values() if len(names) > 1]
    return together, [names[0] for names in groups.values() if len(names) == 1]


def _own(topology: Topology, name: str) -> list[Member]:
    return [one for one in topology.networks[name].members if len(one.networks) == 1]


def _hide(made: Layout, names: Iterable[str]) -> None:
    for name in names:
        made.hidden[name] = made.hidden.get(name, 0) + 1


def _shelves(made: Layout, regions: Iterable[tuple[str, list[Member]]], top: int, room: int) -> int:
    """Place regions from left to right, row by row; return the y below, with space."""
    left = height = 0
    for name, everybody in regions:
        members = everybody[:MOST]
        _hide(made, [name] * (len(everybody) - len(members)))
        columns = min(_columns(len(members)), max(1, (room - 2 * PAD + GAP) // (CHIP_WIDTH + GAP)))
        width = columns * (CHIP_WIDTH + GAP) - GAP + 2 * PAD
        if left and left + width > room:
            top, left, height = top + height + SPACE, 0, 0
        rows = math.ceil(len(members) / columns)
        box = Box(left, top, width, HEADER + max(1, rows) * (CHIP_HEIGHT + GAP) - GAP + PAD)
        made.regions[name] = box
        for place, member in enumerate(members):
            row, column = divmod(place, columns)
            x = box.x + PAD + column * (CHIP_WIDTH + GAP)
            made.chips[member.id] = Box(x, box.y + HEADER + row * (CHIP_HEIGHT + GAP), CHIP_WIDTH, CHIP_HEIGHT)
        left += width + SPACE
        height = max(height, box.height)
    return top + height + SPACE if left else top


def _lane(made: Layout, members: list[Member], top: int, room: int) -> int:
    """Place containers below the regions that they join, in rows; return the y below, with space."""
    wanted = sorted((_mean(made, member) - CHIP_WIDTH // 2, member.name, member) for member in members)
    rows: list[list[tuple[int, Member]]] = [[]]
    for x, _name, member in wanted:
        row = next((one for one in rows if not one or one[-1][0] + CHIP_WIDTH + GAP <= max(x, 0)), None)
        if row is None:
            row = min(rows, key=lambda one: one[-1][0])
            x = row[-1][0] + CHIP_WIDTH + GAP
        if row and x + CHIP_WIDTH > room:
            row, x = [], _mean(made, member) - CHIP_WIDTH // 2
            rows.append(row)
        row.append((max(0, min(x, room - CHIP_WIDTH)), member))
    for number, row in enumerate(rows):
        for x, member in row:
            made.chips[member.id] = Box(x, top + number * (CHIP_HEIGHT + GAP), CHIP_WIDTH, CHIP_HEIGHT)
            made.lines += [(member.id, name) for name in member.networks if name in made.regions]
    return top + len(rows) * (CHIP_HEIGHT + GAP) - GAP + SPACE


def _mean(made: Layout, member: Member) -> int:
    middles = [made.regions[name].middle[0] for name in member.networks if name in made.regions]
    return sum(middles) // max(1, len(middles))


def _columns(count: int) -> int:
    """Return how many columns look well: few in small regions, up to four in large ones."""
    return min(4, max(1, math.ceil(math.sqrt(count / 3))))
