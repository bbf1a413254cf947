"""What the list of pods shows."""

from __future__ import annotations

from datetime import datetime

from app.gui.model.collection import Row
from app.gui.model.columns import Cell, Column
from app.gui.text import mark, tr

_STATES = {
    "Running": (mark("Running"), "good", "dot"),
    "Degraded": (mark("Some run"), "warn", "dot"),
    "Paused": (mark("Paused"), "warn", "ring"),
    "Created": (mark("Created"), "muted", "ring"),
    "Stopped": (mark("Stopped"), "muted", "ring"),
    "Exited": (mark("Ended"), "muted", "ring"),
    "Dead": (mark("Dead"), "bad", "ring"),
    "Error": (mark("Error"), "bad", "error"),
}


def columns() -> list[Column]:
    """Return the columns."""
    return [
        Column("name", tr("Name"), lambda row: Cell(str(row["Name"]), "", "pod", str(row["Id"])), 200),
        Column("state", tr("State"), state_cell, 136),
        Column("containers", tr("Containers"), containers_cell, 0),
        Column("networks", tr("Networks"), lambda row: Cell(", ".join(row.get("Networks") or []), "muted"), 160),
        Column("created", tr("Created"), created_cell, 152),
    ]


def members(row: Row) -> list[Row]:
    """Return the containers of a pod without the one that holds it together."""
    return [one for one in row.get("Containers") or [] if one["Id"] != row.get("InfraId")]


def search_text(row: Row) -> str:
    """Return what a search looks through."""
    return " ".join([str(row["Name"]), str(row["Id"])[:12], *(str(one["Names"]) for one in members(row))])


def state_cell(row: Row) -> Cell:
    """Return the state in words."""
    text, tone, icon = _STATES.get(str(row["Status"]), (str(row["Status"]), "muted", "ring"))
    return Cell(tr(text), tone, icon)


def containers_cell(row: Row) -> Cell:
    """Return the names of the containers."""
    names = [str(one["Names"]) for one in members(row)]
    return Cell(", ".join(names) or tr("none"), "" if names else "muted", tip="\n".join(names), sort=len(names))


def created_cell(row: Row) -> Cell:
    """Return when it was made, in the user's time."""
    text = str(row.get("Created") or "")
    try:
        # Podman writes nine digits behind the second, Python 3.11 reads six at most.
        moment = datetime.fromisoformat(text[:19] + "+00:00" if text.endswith("Z") else text)
    except ValueError:
        return Cell("")
    return Cell(moment.astimezone().strftime("%Y-%m-%d %H:%M"), "muted", sort=moment.timestamp())
