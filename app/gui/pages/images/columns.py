"""The columns of the list of images."""

from __future__ import annotations

from collections.abc import Sequence

from app.gui.model.collection import Row
from app.gui.model.columns import Cell, Column
from app.gui.pages.images import names
from app.gui.pages.images.users import ImageUsers, name_of
from app.gui.text import count, tr
from app.gui.times import age, epoch, written
from vm.units import human_size

_PLAIN = ("docker.io/library/", "docker.io/", "localhost/")
"""What a name begins with when it says nothing that people do not know."""


class ImageCells:
    """Makes the cells of a row out of it and of the containers that use it."""

    def __init__(self, users: ImageUsers) -> None:
        self._users = users

    def columns(self) -> Sequence[Column]:
        """Return the columns, in the order in which they stand."""
        return (
            Column("name", tr("Name"), self.name, width=0),
            Column("users", tr("Used by"), self.users, width=224, live=True),
            Column("size", tr("Size"), self.size, width=96, right=True),
            Column("age", tr("Age"), self.age, width=80, right=True),
            Column("id", tr("Id"), self.identifier, width=128, hidden=True),
        )

    def name(self, row: Row) -> Cell:
        """The first name, and how many there are besides."""
        found = names.tags(row)
        if not found:
            return Cell(
                tr("without a name ({id})", id=names.short_id(row["Id"])), tone="muted", icon="layers", sort="￿"
            )
        more = f"  +{len(found) - 1}" if len(found) > 1 else ""
        return Cell(plain(found[0]) + more, icon="layers", tip="\n".join(found))

    def users(self, row: Row) -> Cell:
        """The containers made of it; green while one of them runs."""
        found = self._users.of(row)
        if not self._users.blocks(row):
            return Cell(tr("not in use"), tone="muted", sort="")
        running = any(one.get("State") == "running" for one in found)
        tip = "\n".join(name_of(one) for one in found[:40])
        return Cell(self._users.named(row), tone="good" if running else "", icon="dot" if running else "ring", tip=tip)

    def size(self, row: Row) -> Cell:
        """With the layers that other images share."""
        size = int(row.get("Size") or 0)
        return Cell(human_size(size), sort=size)

    def age(self, row: Row) -> Cell:
        """Since it was made, wherever that was."""
        created = epoch(row.get("Created"))
        return Cell(age(created), tone="muted", tip=written(created), sort=-created)

    def identifier(self, row: Row) -> Cell:
        """The short identifier."""
        return Cell(names.short_id(str(row["Id"])), tone="muted")

    def search_text(self, row: Row) -> str:
        """Names, identifier and containers."""
        users = [name_of(one) for one in self._users.of(row)]
        return " ".join([*names.tags(row), names.short_id(str(row["Id"])), *users])


def plain(name: str) -> str:
    """Return a name without a registry that goes without saying."""
    for prefix in _PLAIN:
        if name.startswith(prefix):
            return names.clip(name.removeprefix(prefix))
    return names.clip(name)


def described(rows: Sequence[Row]) -> str:
    """Return some images as a phrase: the name of one, the number of several."""
    if len(rows) == 1:
        return names.clip(names.title(rows[0]))
    return count("{n} image", "{n} images", len(rows))
