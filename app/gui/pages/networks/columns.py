"""What the list of networks shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.gui.model.collection import Collection, Row
from app.gui.model.columns import Cell, Column
from app.gui.pages.networks.topology import BUILT_IN, container_name, container_networks, project, subnets
from app.gui.text import count, tr

_SHOWN = 3
"""Names of containers in one field."""

_IN_TIP = 40
"""Names in the tip over it."""


class NetworkColumns:
    """The columns; they know the containers too, and sort them by network once for all rows."""

    def __init__(self, containers: Collection) -> None:
        self._containers = containers
        self._names: dict[str, list[str]] | None = None
        for signal in (containers.reset, containers.changed, containers.removed):
            signal.connect(self._forget)

    def all(self) -> list[Column]:
        """Return the columns."""
        return [
            Column("name", tr("Name"), name_cell, 200),
            Column("subnet", tr("Address range"), subnet_cell, 176),
            Column("containers", tr("Containers"), self.containers_cell, 0),
            Column("driver", tr("Driver"), lambda row: Cell(str(row.get("Driver") or ""), "muted"), 88),
            Column("reach", tr("Reach"), reach_cell, 120),
            Column("project", tr("Project"), lambda row: Cell(project(row), "muted"), 120),
        ]

    def containers_cell(self, row: Row) -> Cell:
        """Return who is in it."""
        if self._names is None:
            self._names = names_by_network(self._containers.rows.values())
        return members_cell(self._names.get(str(row["Name"]), []))

    def _forget(self, *_: object) -> None:
        self._names = None


def name_cell(row: Row) -> Cell:
    """Return its name."""
    name = str(row["Name"])
    if name in BUILT_IN:
        return Cell(name, "", "network", tr("Made by the engine; it cannot be removed."))
    return Cell(name, "", "network", str(row["Id"]))


def subnet_cell(row: Row) -> Cell:
    """Return its address ranges."""
    found = subnets(row)
    return Cell(", ".join(found), tip="\n".join(found))


def reach_cell(row: Row) -> Cell:
    """Return whether its containers reach the internet."""
    if row.get("Internal"):
        return Cell(tr("Internal"), "warn", "lock", tr("Its containers have no way out to the internet."))
    if row.get("Driver") == "null":
        return Cell(tr("Nowhere"), "muted")
    return Cell(tr("Internet"), "muted")


def names_by_network(containers: Iterable[Row]) -> dict[str, list[str]]:
    """Return the names of the containers of each network, sorted."""
    found: dict[str, list[str]] = {}
    for one in containers:
        for name in container_networks(one):
            found.setdefault(name, []).append(container_name(one))
    return {name: sorted(names, key=str.casefold) for name, names in found.items()}


def members_cell(names: Sequence[str]) -> Cell:
    """Return the names of its containers."""
    if not names:
        return Cell(tr("none"), "muted", sort=0)
    text = ", ".join(names[:_SHOWN])
    if len(names) > _SHOWN:
        text = count("{names} and {n} more", "{names} and {n} more", len(names) - _SHOWN, names=text)
    return Cell(text, tip="\n".join(names[:_IN_TIP]), sort=len(names))


def search_text(row: Row) -> str:
    """Return what a search looks through."""
    return " ".join([str(row["Name"]), str(row["Id"]), *subnets(row), str(row.get("Driver") or ""), project(row)])
