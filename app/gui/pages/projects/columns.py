"""What the list of projects shows."""

from __future__ import annotations

from app.gui.model.collection import Row
from app.gui.model.columns import Cell, Column
from app.gui.pages.containers import rows
from app.gui.pages.projects.projects import running, services
from app.gui.text import count, tr


def columns() -> list[Column]:
    """Return the columns."""
    return [
        Column("name", tr("Name"), lambda row: Cell(str(row["Name"]), "", "project"), 200),
        Column("state", tr("State"), state_cell, 176),
        Column("services", tr("Services"), services_cell, 240),
        Column("file", tr("File"), file_cell, 0),
    ]


def search_text(row: Row) -> str:
    """Return what a search looks through."""
    return " ".join([row["Name"], *row["Files"], *row["HostFiles"], *(name for name, _ in services(row))])


def state_cell(row: Row) -> Cell:
    """Return how many of its containers run."""
    if not row["Shared"]:
        return Cell(tr("Not shared"), "warn", "warning", tr("The machine cannot see the file."), sort=-1)
    total, up = len(row["Containers"]), running(row)
    if not total:
        return Cell(tr("Not started"), "muted", "ring", sort=0)
    if up == total:
        return Cell(count("{n} running", "{n} running", total), "good", "dot", sort=up)
    if not up:
        failed = any(rows.exit_code(one) for one in row["Containers"])
        return Cell(tr("Stopped"), "bad" if failed else "muted", "ring", sort=0)
    return Cell(tr("{up} of {total} running", up=up, total=total), "warn", "dot", sort=up)


def services_cell(row: Row) -> Cell:
    """Return the names of the services that have containers."""
    names = sorted({name for name, _ in services(row) if name})
    return Cell(", ".join(names), "muted", tip="\n".join(names))


def file_cell(row: Row) -> Cell:
    """Return where its file is."""
    files = [host or guest for host, guest in zip(row["HostFiles"], row["Files"] or row["HostFiles"], strict=True)]
    return Cell(files[0] if files else tr("unknown"), "muted", tip="\n".join(files))
