"""What a log's area has before anything is painted: which lines can be seen, and how that changes by scrolling."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea

from app.gui.theme import GRID, Theme
from app.gui.widgets.logmatch import Scan
from app.gui.widgets.logshape import Metrics, Shape, shape
from app.gui.widgets.logstore import LogStore

TAB = 8
"""Columns between two tabulator stops."""

TIME_COLUMNS = 24
_CACHED = 600
_CHUNK = 512
"""Characters by which an unwrapped line is laid out: only as far as it can be seen."""


class Source(NamedTuple):
    """Who wrote a line: a name and the colour in which it is shown, in CSS."""

    name: str
    colour: str


class LogScroll(QAbstractScrollArea):
    """Knows where which line of a store is.

    Attributes:
        store: the lines.
        sources: who wrote them, by number; names are shown when there are any.
        at_end: whether the view goes along with new lines.
        wrap: whether lines that are too long go on in the next row.
        times: whether it is shown when lines were written.
        margin: what is free left of them, in pixels.
    Signals:
        end_left: `at_end` is another.
    """

    end_left = Signal()

    def __init__(self, store: LogStore, theme: Theme) -> None:
        super().__init__()
        self.store = store
        self.sources: list[Source] = []
        self.at_end = True
        self.wrap = True
        self.times = False
        self.margin = GRID
        self._theme = theme
        self._shown: list[int] | None = None
        # The first line that is seen, counted among those that are shown, its number, and its first row that is seen.
        self._top = 0
        self._top_line: int | None = None
        self._row = 0
        self._widest = 0.0
        self._shapes: dict[tuple[int, int, int], Shape] = {}
        self._settling = False
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.verticalScrollBar().actionTriggered.connect(lambda _action: self._on_scrolled_by_user())
        self.verticalScrollBar().valueChanged.connect(self._on_scroll)
        self.horizontalScrollBar().valueChanged.connect(lambda _value: self.viewport().update())
        self.set_font_size(0)

    def set_font_size(self, points: int) -> None:
        """Use letters of another size; 0 is the system's."""
        font = self._theme.fixed_font(points)
        metrics = QFontMetricsF(font)
        row = round(metrics.height() * 1.2)
        ascent = round(metrics.ascent() + (row - metrics.height()) / 2)
        self._metrics = Metrics(font, metrics.horizontalAdvance("M" * 64) / 64, row, ascent)
        self.relayout()

    def relayout(self) -> None:
        """Lay everything out anew: width, wrapping, columns or colours are others."""
        self._shapes.clear()
        self._widest = 0.0
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, QColor(self._theme.colours.terminal))
        self.viewport().setPalette(palette)
        self._settle()

    def show_lines(self, scan: Scan | None) -> None:
        """Show only the lines of a scan, or all."""
        line = self._number(self._top)
        self._shown = None if scan is None else scan.numbers
        if line is not None:
            self._top = self._position(line)
        self._row = 0
        self._settle()

    def lines_changed(self) -> None:
        """The store has other lines than before; what is seen stays where it is, as long as it is there."""
        if not self.at_end and self._top_line is not None and self._top_line != self._number(self._top):
            self._top = self._position(self._top_line)
        self._settle()

    @property
    def count(self) -> int:
        """Lines that are shown, seen or not."""
        return len(self.store) if self._shown is None else len(self._shown)

    @property
    def numbers(self) -> Sequence[int]:
        """Numbers of the lines that are shown."""
        return range(self.store.first, self.store.end) if self._shown is None else self._shown

    def go_to_end(self) -> None:
        """Show the last lines, and go along with new ones."""
        self._set_at_end(at_end=True)
        self._settle()

    def stay(self) -> None:
        """Stay at what is seen while new lines come."""
        self._set_at_end(at_end=False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Wrap anew."""
        super().resizeEvent(event)
        if self.wrap:
            self._shapes.clear()
        self._settle()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Scroll by rows."""
        if event.angleDelta().x() and not event.angleDelta().y():
            super().wheelEvent(event)
            return
        self.scroll_rows(-round(event.angleDelta().y() / 40))
        event.accept()

    def scroll_rows(self, rows: int) -> None:
        """Scroll down by that many rows, up when negative."""
        self._set_at_end(at_end=False)
        self._row += rows
        while self._row < 0 and self._top > 0:
            self._top -= 1
            self._row += self._rows(self._top)
        while self._top < self.count - 1 and self._row >= (here := self._rows(self._top)):
            self._row -= here
            self._top += 1
        self._row = max(0, self._row)
        self._settle()
        if rows > 0 and (self._top, self._row) == self._end():
            self._set_at_end(at_end=True)

    def go_to_start(self) -> None:
        """Show the oldest lines."""
        self._set_at_end(at_end=False)
        self._top = self._row = 0
        self._settle()

    def _set_at_end(self, *, at_end: bool) -> None:
        if at_end != self.at_end:
            self.at_end = at_end
            self.end_left.emit()

    def _on_scrolled_by_user(self) -> None:
        bar = self.verticalScrollBar()
        self._set_at_end(at_end=bar.sliderPosition() >= bar.maximum())

    def _on_scroll(self, value: int) -> None:
        if not self._settling:
            self._top, self._row = value, 0
            self._settle()

    def _settle(self) -> None:
        """Make position and scroll bars agree with the lines that there are."""
        if self._settling:
            return
        self._settling = True
        try:
            end = self._end()
            if self.at_end or (self._top, self._row) > end:
                self._top, self._row = end
            self._top_line = self._number(self._top)
            bar = self.verticalScrollBar()
            bar.setPageStep(max(1, self.viewport().height() // self._metrics.row))
            bar.setRange(0, end[0])
            bar.setValue(self._top)
            self._settle_width()
        finally:
            self._settling = False
        self.viewport().update()

    def _settle_width(self) -> None:
        bar = self.horizontalScrollBar()
        if self.wrap:
            bar.setRange(0, 0)
            return
        for _number, _y, laid in self._visible():
            self._widest = max(self._widest, laid.width)
        room = self.viewport().width() - self._edge() - GRID
        bar.setRange(0, max(0, round(self._widest - room)))
        bar.setPageStep(max(1, round(room)))
        bar.setSingleStep(round(self._metrics.cell * 4))

    def _end(self) -> tuple[int, int]:
        """Return the first line and its row when the end is seen."""
        left = max(1, (self.viewport().height() - GRID) // self._metrics.row)
        place = self.count
        while place > 0:
            place -= 1
            rows = self._rows(place)
            if rows >= left:
                return place, rows - left
            left -= rows
        return 0, 0

    def _visible(self) -> list[tuple[int, float, Shape]]:
        """Return the lines that can be seen: number, upper edge, layout."""
        found = []
        y = GRID / 2 - self._row * self._metrics.row
        for place in range(self._top, self.count):
            if y >= self.viewport().height():
                break
            number = self._number(place)
            if number is None:
                break
            laid = self._shape(number)
            found.append((number, y, laid))
            y += laid.rows * self._metrics.row
        return found

    def _number(self, place: int) -> int | None:
        if not 0 <= place < self.count:
            return None
        number = self.numbers[place]
        return number if number >= self.store.first else None

    def _position(self, number: int) -> int:
        if self._shown is None:
            return max(0, min(self.count, number - self.store.first))
        return bisect_left(self._shown, number)

    def _rows(self, place: int) -> int:
        number = self._number(place)
        return 1 if number is None or not self.wrap else self._shape(number).rows

    def _shape(self, number: int) -> Shape:
        columns = self._columns() if self.wrap else 0
        reach = 0
        if not self.wrap:
            cells = (self.horizontalScrollBar().value() + self.viewport().width()) / self._metrics.cell
            reach = (int(cells) // _CHUNK + 1) * _CHUNK
        key = (number, columns, reach)
        found = self._shapes.get(key)
        if found is None:
            if len(self._shapes) >= _CACHED:
                self._shapes.clear()
            text = self._display(number)
            found = shape(text if text.isascii() or not reach else text[:reach], self._metrics, columns)
            self._shapes[key] = found
        return found

    def _display(self, number: int) -> str:
        text = self.store.text(number)
        return text.expandtabs(TAB) if "\t" in text else text

    def _columns(self) -> int:
        return max(10, int((self.viewport().width() - self._edge() - GRID) / self._metrics.cell))

    def _edge(self) -> float:
        """Where the text of lines begins when nothing is scrolled."""
        return self.margin + self._prefix_columns() * self._metrics.cell

    def _left(self) -> float:
        return self._edge() - (0 if self.wrap else self.horizontalScrollBar().value())

    def _prefix_columns(self) -> int:
        return (TIME_COLUMNS if self.times else 0) + (self._name_columns + 2 if self.sources else 0)

    @property
    def _name_columns(self) -> int:
        return min(24, max((len(source.name) for source in self.sources), default=0))
