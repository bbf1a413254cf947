"""Whose lines the page shows: names, colours, projects, numbers."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from app.gui.model.collection import Row
from app.gui.widgets.ansi import colour_name
from app.gui.widgets.logscroll import Source

PROJECT = "com.docker.compose.project"

_PALETTE = (1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14)
"""Colours of the terminal's palette that can be read on its background and told apart."""


@dataclass(frozen=True)
class Writer:
    """A container whose lines are shown.

    Attributes:
        key: its id.
        name: what the user calls it.
        project: of compose, "" for none.
        number: of its lines in the log.
    """

    key: str
    name: str
    project: str
    number: int

    def source(self, *, dark: bool) -> Source:
        """Return how it is shown; the colour of a name is always the same."""
        colour = _PALETTE[zlib.crc32(self.name.encode(errors="replace")) % len(_PALETTE)]
        return Source(self.name, colour_name(colour, dark=dark))


def writer_of(row: Row, number: int) -> Writer:
    """Return a container of the hub's list as a writer."""
    names = row.get("Names") or [str(row["Id"])[:12]]
    labels = row.get("Labels") or {}
    return Writer(str(row["Id"]), str(names[0]).lstrip("/"), str(labels.get(PROJECT, "")), number)


def is_followed(row: Row) -> bool:
    """Whether a container's log is followed: it runs, and is not a pod's own."""
    infra = bool(row.get("IsInfra")) or "podman-pause" in str(row.get("Image", ""))
    return row.get("State") == "running" and not infra
