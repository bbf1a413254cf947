"""Colours in text: what ANSI escape sequences say of it, and the colours of the terminal's palette."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_ESCAPE = re.compile(
    r"\x1b(?:"
    r"\[([0-9;:<=>?]*)[ -/]*([@-~])"  # CSI: parameters and the final byte
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: titles, links
    r"|[PX^_][^\x1b]*(?:\x1b\\)?"  # device control strings and the like
    r"|[ -/]*[0-~]"  # two or three bytes
    r")?"
)

_CONTROL = dict.fromkeys((*range(9), *range(11, 32), 127), "·")

SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Characters that do not stand for themselves; text without any can be taken as it is."""

_BASIC_LIGHT = (
    "#3b3d45", "#b3261e", "#1f7a3f", "#8a5a00", "#1d5fa8", "#8f3a9c", "#0f7480", "#6a6d76",
    "#62656f", "#d1453b", "#2b9a52", "#a87400", "#2f7bd0", "#ab55b8", "#16929f", "#1c1d22",
)  # fmt: skip
_BASIC_DARK = (
    "#6a6d78", "#f2766b", "#58c27d", "#e0a83e", "#6ca8f0", "#d08ee0", "#58c4d0", "#d0d2da",
    "#8b8e9a", "#ff968c", "#7ddc9e", "#f4c566", "#93c2ff", "#e4aef0", "#82dfe9", "#ffffff",
)  # fmt: skip

_SPANS = 250
"""Coloured parts of one line that are kept; the rest of it is plain."""

_STEPS = (0, 95, 135, 175, 215, 255)


class Style(NamedTuple):
    """How text looks. Colours: -1 the usual one, 0-255 of the palette, else 0x1000000 + RGB."""

    foreground: int = -1
    background: int = -1
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    reverse: bool = False


PLAIN = Style()

TRUE_COLOUR = 0x1000000


class Span(NamedTuple):
    """A part of a line with one style: from `start` to before `end`, in characters."""

    start: int
    end: int
    style: Style


@dataclass
class Parser:
    """Takes escape sequences out of lines; the style goes on from line to line."""

    style: Style = PLAIN

    def line(self, text: str) -> tuple[str, tuple[Span, ...]]:
        """Return the text to be shown, and its spans that are not plain."""
        text = text.rstrip("\r")
        if "\r" in text:
            # A progress bar wrote over itself; the last state is what a terminal would show.
            text = text[text.rfind("\r") + 1 :]
        if "\x1b" not in text:
            if SPECIAL.search(text):
                text = text.translate(_CONTROL)
            return text, (Span(0, len(text), self.style),) if self.style != PLAIN and text else ()
        return self._styled(text)

    def _styled(self, text: str) -> tuple[str, tuple[Span, ...]]:
        parts: list[str] = []
        spans: list[Span] = []
        length = last = 0
        for found in (*_ESCAPE.finditer(text), None):
            piece = text[last : found.start() if found else len(text)].translate(_CONTROL)
            if piece:
                if self.style != PLAIN and len(spans) < _SPANS:
                    spans.append(Span(length, length + len(piece), self.style))
                parts.append(piece)
                length += len(piece)
            if found:
                last = found.end()
                if found.group(2) == "m":
                    self.style = restyled(self.style, found.group(1))
        return "".join(parts), tuple(spans)


def restyled(style: Style, parameters: str) -> Style:
    """Return the style after the sequence `CSI parameters m`."""
    try:
        numbers = [int(part or 0) for part in parameters.replace(":", ";").split(";")]
    except ValueError:
        return style
    numbers.reverse()
    while numbers:
        style = _apply(style, numbers.pop(), numbers)
    return style


_FLAGS = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
_ENDS: dict[int, dict[str, bool]] = {
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
    29: {"strike": False},
}


def _apply(style: Style, number: int, rest: list[int]) -> Style:
    """Return the style after one number; the numbers of a colour are taken from the end of `rest`."""
    if number == 0:
        return PLAIN
    if number in _FLAGS:
        return style._replace(**{_FLAGS[number]: True})
    if number in _ENDS:
        return style._replace(**_ENDS[number])
    if number in (38, 48):
        colour = _extended(rest)
        if colour is None:
            return style
        return style._replace(foreground=colour) if number == 38 else style._replace(background=colour)
    for first, shift, name in (
        (30, 0, "foreground"),
        (40, 0, "background"),
        (90, 8, "foreground"),
        (100, 8, "background"),
    ):
        if first <= number < first + 8:
            return style._replace(**{name: number - first + shift})  # type: ignore[arg-type]
    if number == 39:
        return style._replace(foreground=-1)
    if number == 49:
        return style._replace(background=-1)
    return style


def _extended(rest: list[int]) -> int | None:
    kind = rest.pop() if rest else 0
    if kind == 5 and rest:
        return min(255, rest.pop())
    if kind == 2 and len(rest) >= 3:
        red, green, blue = (min(255, rest.pop()) for _ in range(3))
        return TRUE_COLOUR + (red << 16) + (green << 8) + blue
    return None


def colour_name(number: int, *, dark: bool) -> str:
    """Return a colour of a Style, not -1, as `#rrggbb`; the first sixteen fit the scheme."""
    if number >= TRUE_COLOUR:
        return f"#{number - TRUE_COLOUR:06x}"
    if number < 16:
        return (_BASIC_DARK if dark else _BASIC_LIGHT)[number]
    if number < 232:
        cube = number - 16
        red, green, blue = (_STEPS[part] for part in (cube // 36, cube // 6 % 6, cube % 6))
        return f"#{red:02x}{green:02x}{blue:02x}"
    return "#" + f"{8 + 10 * (number - 232):02x}" * 3
