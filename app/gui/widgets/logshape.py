"""One line of a log as it is laid out: in cells when it is ASCII, by Qt's text layout when it is anything else."""

from __future__ import annotations

import functools
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

from app.gui.theme import Theme
from app.gui.widgets.ansi import Style, colour_name

_FAR = 1e7

_CONTRAST = 70
"""Difference in lightness, of 255, that text needs from what is behind it."""


@dataclass(frozen=True)
class Metrics:
    """Sizes in pixels: of a cell, of a row; and the font."""

    font: QFont
    cell: float
    row: int
    ascent: int


class Run(NamedTuple):
    """A part of a line and how it looks: None is the usual colour."""

    start: int
    end: int
    ink: QColor | None = None
    paper: QColor | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


def run_of(start: int, end: int, style: Style, theme: Theme) -> Run:
    """Return how a part with an ANSI style looks in the scheme in use."""
    colours = theme.colours
    return _look(style, theme.dark, colours.terminal, colours.terminal_text, colours.muted)._replace(
        start=start, end=end
    )


@functools.lru_cache(maxsize=4096)
def _look(style: Style, dark_scheme: bool, screen: str, text: str, muted: str) -> Run:
    paper = None if style.background < 0 else QColor(colour_name(style.background, dark=dark_scheme))
    # On a background of its own text has the colours that can be read there, whatever the scheme.
    dark = dark_scheme if paper is None else paper.lightness() < 150
    ink = None if style.foreground < 0 else QColor(colour_name(style.foreground, dark=dark))
    if ink is None and paper is not None:
        ink = QColor(Qt.GlobalColor.white if dark else Qt.GlobalColor.black)
    elif ink is not None and paper is not None and style.foreground != style.background:
        ink = legible(ink, paper)
    if style.reverse:
        ink, paper = paper or QColor(screen), ink or QColor(text)
    if style.dim:
        ink = QColor(muted) if ink is None else QColor(ink.red(), ink.green(), ink.blue(), 150)
    return Run(0, 0, ink, paper, style.bold, style.italic, style.underline, style.strike)


def legible(ink: QColor, paper: QColor) -> QColor:
    """Return a colour of text that can be read on `paper`: `ink`, or black or white when that is too near to it."""
    if abs(ink.lightness() - paper.lightness()) >= _CONTRAST:
        return ink
    return QColor(Qt.GlobalColor.white if paper.lightness() < 128 else Qt.GlobalColor.black)


class Shape(Protocol):
    """A line laid out."""

    rows: int
    width: float

    def paint(self, painter: QPainter, x: float, y: float, ink: QColor, runs: Sequence[Run]) -> None:
        """Draw it with its upper left corner there; later runs lie over earlier ones."""

    def hit(self, x: float, row: int) -> int:
        """Return the place in the text nearest to a point; `x` from its left."""


class GridShape:
    """ASCII: every character has one cell."""

    def __init__(self, text: str, metrics: Metrics, columns: int) -> None:
        """`columns`: where it is wrapped, 0 for nowhere."""
        self._text = text
        self._metrics = metrics
        self._columns = columns or max(1, len(text))
        self.rows = max(1, math.ceil(len(text) / self._columns))
        self.width = min(len(text), self._columns) * metrics.cell

    def paint(self, painter: QPainter, x: float, y: float, ink: QColor, runs: Sequence[Run]) -> None:
        """See Shape."""
        metrics, text = self._metrics, self._text
        first, last = 0, len(text)
        if self.rows == 1:
            first = max(0, int(-x / metrics.cell))
            last = min(last, first + int(painter.viewport().width() / metrics.cell) + 2)
        for run in runs:
            if run.paper is not None and run.start < last and run.end > first:
                for row, begin, end in self._pieces(max(first, run.start), min(last, run.end)):
                    left, wide = x + begin * metrics.cell, (end - begin) * metrics.cell
                    painter.fillRect(QRectF(left, y + row * metrics.row, wide, metrics.row), run.paper)
        font = metrics.font
        for run in _flat(runs, first, last):
            wanted = styled(metrics.font, run)
            if wanted is not font:
                font = wanted
                painter.setFont(font)
            painter.setPen(run.ink or ink)
            for row, begin, end in self._pieces(run.start, run.end):
                start = row * self._columns
                baseline = y + row * metrics.row + metrics.ascent
                painter.drawText(QPointF(x + begin * metrics.cell, baseline), text[start + begin : start + end])
        if font is not metrics.font:
            painter.setFont(metrics.font)

    def hit(self, x: float, row: int) -> int:
        """See Shape."""
        column = min(self._columns, max(0, round(x / self._metrics.cell)))
        return min(len(self._text), row * self._columns + column)

    def _pieces(self, start: int, end: int) -> list[tuple[int, int, int]]:
        columns = self._columns
        if self.rows == 1:
            return [(0, start, end)]
        return [
            (row, max(0, start - row * columns), min(columns, end - row * columns))
            for row in range(start // columns, math.ceil(end / columns))
        ]


class TextShape:
    """Anything else: wide, combining and right-to-left characters."""

    def __init__(self, text: str, metrics: Metrics, columns: int) -> None:
        """`columns`: where it is wrapped, in cells, 0 for nowhere."""
        self._metrics = metrics
        self._length = len(text)
        # Qt counts UTF-16 units; the places of characters beyond the first plane are shifted.
        self._shifts = [at for at, sign in enumerate(text) if sign > "\uffff"]
        self._layout = layout = QTextLayout(text, metrics.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAnywhere if columns else QTextOption.WrapMode.NoWrap)
        option.setUseDesignMetrics(True)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        self.rows = 0
        self.width = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(columns * metrics.cell if columns else _FAR)
            line.setPosition(QPointF(0, self.rows * metrics.row + metrics.ascent - line.ascent()))
            self.width = max(self.width, line.naturalTextWidth())
            self.rows += 1
        layout.endLayout()
        self.rows = max(1, self.rows)

    def paint(self, painter: QPainter, x: float, y: float, ink: QColor, runs: Sequence[Run]) -> None:
        """See Shape."""
        formats = []
        for run in runs:
            made = QTextCharFormat()
            if run.ink is not None:
                made.setForeground(run.ink)
            if run.paper is not None:
                made.setBackground(run.paper)
            if run.bold:
                made.setFontWeight(QFont.Weight.Bold)
            made.setFontItalic(run.italic)
            made.setFontUnderline(run.underline)
            made.setFontStrikeOut(run.strike)
            part = QTextLayout.FormatRange()
            part.start = self._unit(run.start)
            part.length = self._unit(run.end) - self._unit(run.start)
            part.format = made
            formats.append(part)
        painter.setPen(ink)
        self._layout.draw(painter, QPointF(x, y), formats)

    def hit(self, x: float, row: int) -> int:
        """See Shape."""
        if not self._layout.lineCount():
            return 0
        unit = self._layout.lineAt(min(row, self.rows - 1)).xToCursor(x)
        place = unit
        for at in self._shifts:
            if at >= place:
                break
            place -= 1
        return max(0, min(self._length, place))

    def _unit(self, place: int) -> int:
        return place + bisect_left(self._shifts, place)


def shape(text: str, metrics: Metrics, columns: int) -> Shape:
    """Lay a line out."""
    return (GridShape if text.isascii() else TextShape)(text, metrics, columns)


def styled(font: QFont, run: Run) -> QFont:
    """Return the font of a run; the same object when it is the usual one."""
    if not (run.bold or run.italic or run.underline or run.strike):
        return font
    made = QFont(font)
    made.setBold(run.bold)
    made.setItalic(run.italic)
    made.setUnderline(run.underline)
    made.setStrikeOut(run.strike)
    return made


def _flat(runs: Sequence[Run], first: int, last: int) -> list[Run]:
    """Return parts that cover a line from `first` to `last` once, in order.

    These are the runs that say how letters look, which do not overlap, and what is between them.
    """
    flat: list[Run] = []
    for run in runs:
        if run.end <= first or (run.ink is None and not (run.bold or run.italic or run.underline or run.strike)):
            continue
        start, end = max(first, run.start), min(last, run.end)
        if start >= end:
            continue
        if start > first:
            flat.append(Run(first, start))
        flat.append(run._replace(start=start, end=end))
        first = end
    if first < last:
        flat.append(Run(first, last))
    return flat
