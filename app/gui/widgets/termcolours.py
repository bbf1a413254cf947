"""The colours of a terminal's characters in the scheme in use."""

from __future__ import annotations

import functools

from PySide6.QtGui import QColor
from pyte.screens import Char

from app.gui.theme import Theme
from app.gui.widgets.ansi import colour_name
from app.gui.widgets.logshape import legible

_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")

_NUMBERS = {
    **{name: number for number, name in enumerate(_NAMES)},
    **{f"bright{name}": number + 8 for number, name in enumerate(_NAMES)},
    # pyte's own spelling of one of them.
    "bfightmagenta": 13,
}

_DARK_BELOW = 150
"""Lightness below which a background wants light text."""


def colour(char: Char, theme: Theme) -> tuple[QColor, QColor | None]:
    """Return the colours of a character and of its cell, None for the screen's own."""
    colours = theme.colours
    return _colours(
        char.fg, char.bg, char.bold, char.reverse, theme.dark, colours.terminal_text, colours.terminal
    )  # the arguments are few enough to be remembered


@functools.lru_cache(maxsize=4096)
def _colours(
    foreground: str,
    background: str,
    bold: bool,
    reverse: bool,
    dark: bool,
    text: str,
    screen: str,
) -> tuple[QColor, QColor | None]:
    paper = None if background == "default" else _named(background, dark=dark)
    # On a background of its own text has the colours that can be read there, whatever the scheme.
    here_dark = dark if paper is None else paper.lightness() < _DARK_BELOW
    if foreground != "default":
        ink = _named(f"bright{foreground}" if bold and foreground in _NAMES else foreground, dark=here_dark)
        if paper is not None and foreground != background:
            ink = legible(ink, paper)
    elif paper is not None:
        ink = QColor("#ffffff" if here_dark else "#000000")
    else:
        ink = QColor(text)
    if reverse:
        return paper or QColor(screen), ink
    return ink, paper


def _named(name: str, *, dark: bool) -> QColor:
    number = _NUMBERS.get(name)
    return QColor(f"#{name}") if number is None else QColor(colour_name(number, dark=dark))
