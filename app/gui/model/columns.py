"""What a list shows of a row, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.gui.model.collection import Row


@dataclass(frozen=True)
class Cell:
    """What one field shows.

    Attributes:
        text: what is written.
        tone: a colour of the theme: "", muted, good, warn, bad, accent.
        icon: name of an icon before the text, or "".
        tip: shown when the pointer rests on it.
        link: a URL that a click opens.
        sort: what it is sorted by; the text when None.
    """

    text: str
    tone: str = ""
    icon: str = ""
    tip: str = ""
    link: str = ""
    sort: Any = None


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: what it is remembered by.
        title: translated, at the head.
        cell: what it shows of a row.
        width: in pixels, when the user has not chosen; 0 takes the room that is left.
        right: whether it is flushed right (figures).
        live: whether it changes with every sample, so that sorting by it is done at most once a second.
        hidden: whether it is shown only when the user asks for it.
    """

    name: str
    title: str
    cell: Callable[[Row], Cell]
    width: int = 120
    right: bool = False
    live: bool = False
    hidden: bool = False
