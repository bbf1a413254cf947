"""What the list of the trash shows."""

from __future__ import annotations

import time

from app.gui.model.collection import Row
from app.gui.model.columns import Cell, Column
from app.gui.text import count, mark, tr
from app.gui.times import age, written
from vm.units import human_size

KINDS = {"container": mark("Container"), "volume": mark("Volume")}
"""What an entry was, in words."""

_ICONS = {"container": "container", "volume": "volume"}


def columns() -> list[Column]:
    """Return the columns."""
    return [
        Column("name", tr("Name"), name_cell, 200),
        Column("kind", tr("What"), lambda row: Cell(tr(KINDS[row["kind"]])), 104),
        Column("held", tr("Size"), held_cell, 96, right=True),
        Column("removed", tr("Removed"), removed_cell, 104, right=True),
        Column("left", tr("Goes in"), left_cell, 104, right=True),
        Column("engine", tr("Engine"), lambda row: Cell(row["engine"], "muted"), 128),
        Column("image", tr("Image"), lambda row: Cell(row["image"], "muted"), 0),
        Column("id", tr("Identifier"), lambda row: Cell(row["id"], "muted"), 96, hidden=True),
    ]


def search_text(row: Row) -> str:
    """Return what a search looks through."""
    return " ".join([row["name"], row["id"], row["image"], row["engine"], *(path["path"] for path in row["paths"])])


def held(row: Row) -> int:
    """Return the bytes that an entry holds, with those of volumes without a name."""
    return int(row["bytes"]) + sum(int(volume["bytes"]) for volume in row["volumes"])


def name_cell(row: Row) -> Cell:
    """Return the name, with a picture of what it was."""
    return Cell(row["name"], icon=_ICONS[row["kind"]])


def held_cell(row: Row) -> Cell:
    """Return how much it holds."""
    return Cell(human_size(held(row)), sort=held(row))


def removed_cell(row: Row) -> Cell:
    """Return how long ago it was removed."""
    return Cell(age(row["removed_at"]), "muted", tip=written(row["removed_at"]), sort=-row["removed_at"])


def left_cell(row: Row) -> Cell:
    """Return how long it stays."""
    until = row["until"]
    if until is None:
        return Cell(tr("stays"), "muted", sort=float("inf"))
    days = (until - time.time()) / 86400
    text = count("{n} day", "{n} days", int(days)) if days >= 1 else tr("less than a day")
    return Cell(text, "" if days >= 1 else "warn", tip=written(until), sort=until)
