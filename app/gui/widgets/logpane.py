"""The area in which a log is painted: only the lines that can be seen are ever laid out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent

from app.gui.theme import Theme
from app.gui.widgets.logmatch import Match
from app.gui.widgets.logscroll import TIME_COLUMNS, LogScroll
from app.gui.widgets.logshape import Run, run_of
from app.gui.widgets.logstore import LogStore
from app.gui.widgets.logtime import local_time

_MARKS = 100
"""Places in one line that are highlighted."""


class Place(NamedTuple):
    """A place in the log: line number, characters from its start."""

    line: int
    at: int


class LogPane(LogScroll):
    """Paints lines of a store; they can be selected.

    Attributes:
        marked: what is highlighted.
        empty: what is said when there are no lines.
    """

    def __init__(self, store: LogStore, theme: Theme) -> None:
        super().__init__(store, theme)
        self.marked: Match | None = None
        self.empty = ""
        self._anchor: Place | None = None
        self._caret: Place | None = None
        self._drag = QTimer(self)
        self._drag.setInterval(40)
        self._drag.timeout.connect(self._scroll_by_drag)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    @property
    def seen(self) -> list[str]:
        """The texts that can be seen now."""
        return [self._display(number) for number, _y, _shape in self._visible()]

    def go_to(self, number: int) -> None:
        """Select a line and have it seen."""
        self._set_at_end(at_end=False)
        place = self._position(number)
        rows = max(1, self.viewport().height() // self._metrics.row)
        if not self._top <= place < self._top + rows - 1:
            self._top, self._row = max(0, place - rows // 3), 0
        self._anchor, self._caret = Place(number, 0), Place(number, len(self._display(number)))
        self._settle()

    def select_all(self) -> None:
        """Select all lines."""
        if self.count:
            last = self.numbers[-1]
            self._anchor, self._caret = Place(self.numbers[0], 0), Place(last, len(self._display(last)))
            self.viewport().update()

    @property
    def selection(self) -> tuple[Place, Place] | None:
        """What is selected, from the top; None when nothing is."""
        if self._anchor is None or self._caret is None or self._anchor == self._caret:
            return None
        first, last = sorted((self._anchor, self._caret))
        return None if last.line < self.store.first else (first, last)

    def selected_text(self) -> str:
        """Return what is selected."""
        chosen = self.selection
        if chosen is None:
            return ""
        first, last = chosen
        lines = []
        start = self._position(first.line)
        for place in range(start, self.count):
            number = self._number(place)
            if number is None or number > last.line:
                break
            text = self._display(number)
            lines.append(text[first.at if number == first.line else 0 : last.at if number == last.line else None])
        return "\n".join(lines)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Paint what can be seen."""
        painter = QPainter(self.viewport())
        painter.setFont(self._metrics.font)
        colours = self._theme.colours
        painter.fillRect(event.rect(), QColor(colours.terminal))
        ink = QColor(colours.terminal_text)
        muted = QColor(colours.muted)
        left = self._left()
        if not self.count and self.empty:
            painter.setFont(self.font())
            painter.setPen(muted)
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self.empty)
        for number, y, laid in self._visible():
            note = self.store.is_note(number)
            runs = self._runs(number)
            painter.save()
            painter.setClipRect(QRect(round(self._edge()), 0, self.viewport().width(), self.viewport().height()))
            laid.paint(painter, left, y, muted if note else ink, runs)
            painter.restore()
            self._paint_prefix(painter, number, y)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Scroll and copy by keys."""
        page = max(1, self.viewport().height() // self._metrics.row - 1)
        bar = self.horizontalScrollBar()
        moves: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Up: lambda: self.scroll_rows(-1),
            Qt.Key.Key_Down: lambda: self.scroll_rows(1),
            Qt.Key.Key_PageUp: lambda: self.scroll_rows(-page),
            Qt.Key.Key_PageDown: lambda: self.scroll_rows(page),
            Qt.Key.Key_Home: self.go_to_start,
            Qt.Key.Key_End: self.go_to_end,
            Qt.Key.Key_Left: lambda: bar.setValue(bar.value() - 40),
            Qt.Key.Key_Right: lambda: bar.setValue(bar.value() + 40),
        }
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in moves:
            moves[event.key()]()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Begin a selection, or extend it with Shift."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._caret = self._hit(event.position())
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier or self._anchor is None:
                self._anchor = self._caret
            self._drag.start()
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Extend the selection."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._set_at_end(at_end=False)
            self._caret = self._hit(event.position())
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """End the selection; on X11 it can be pasted with the middle button."""
        self._drag.stop()
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and self.selection is not None:
            clipboard.setText(self.selected_text(), clipboard.Mode.Selection)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Select a word."""
        place = self._hit(event.position())
        if place is not None:
            text = self._display(place.line)
            start = end = min(place.at, len(text))
            while start > 0 and _in_word(text[start - 1]):
                start -= 1
            while end < len(text) and _in_word(text[end]):
                end += 1
            self._anchor, self._caret = Place(place.line, start), Place(place.line, end)
            self.viewport().update()

    def _scroll_by_drag(self) -> None:
        at = self.viewport().mapFromGlobal(self.cursor().pos())
        beyond = at.y() if at.y() < 0 else max(0, at.y() - self.viewport().height())
        if beyond:
            self.scroll_rows(max(-20, min(20, beyond // 8 or 1)))
            self._set_at_end(at_end=False)
            self._caret = self._hit(QPointF(at))

    def _runs(self, number: int) -> list[Run]:
        theme = self._theme
        text = self._display(number)
        # Tabs are rare beside colours; the spans of such a line would be beside its text.
        spans = () if "\t" in self.store.text(number) else self.store.spans(number)
        runs = [run_of(span.start, span.end, span.style, theme) for span in spans]
        if self.marked is not None and self.marked.pattern is not None:
            paper = QColor(theme.colours.warn)
            paper.setAlpha(90)
            runs += [Run(start, end, None, paper) for start, end in self._marks(text, self.marked.pattern)]
        chosen = self.selection
        if chosen is not None and chosen[0].line <= number <= chosen[1].line:
            start = chosen[0].at if number == chosen[0].line else 0
            end = chosen[1].at if number == chosen[1].line else len(text)
            if end > start:
                runs.append(Run(start, min(end, len(text)), None, QColor(theme.colours.selection)))
        return runs

    def _marks(self, text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        """Return where a line has what is looked for, as far as it can be seen; neighbours as one."""
        cell = self._metrics.cell
        first = 0 if self.wrap else int(self.horizontalScrollBar().value() / cell)
        last = len(text) if self.wrap else first + int(self.viewport().width() / cell) + 1
        marks: list[tuple[int, int]] = []
        for found in pattern.finditer(text[:last]):
            start, end = found.span()
            if end <= first or start == end:
                continue
            if marks and marks[-1][1] == start:
                marks[-1] = marks[-1][0], end
            elif len(marks) == _MARKS:
                break
            else:
                marks.append((start, end))
        return marks

    def _paint_prefix(self, painter: QPainter, number: int, y: float) -> None:
        x = float(self.margin)
        metrics, colours = self._metrics, self._theme.colours
        if self.times:
            painter.setPen(QColor(colours.muted))
            painter.drawText(QPointF(x, y + metrics.ascent), local_time(self.store.time(number)))
            x += TIME_COLUMNS * metrics.cell
        if self.sources:
            source = self.sources[self.store.source(number)]
            painter.setPen(QColor(source.colour))
            width = self._name_columns * metrics.cell
            name = painter.fontMetrics().elidedText(source.name, Qt.TextElideMode.ElideMiddle, round(width) + 1)
            painter.drawText(QPointF(x, y + metrics.ascent), name)
        if self.store.is_error(number):
            painter.fillRect(QRect(0, round(y), 2, metrics.row), QColor(colours.bad))

    def _hit(self, at: QPointF) -> Place | None:
        lines = self._visible()
        if not lines:
            return None
        number, y, laid = lines[0]
        for line in lines:
            if line[1] > at.y():
                break
            number, y, laid = line
        row = max(0, int((at.y() - y) // self._metrics.row))
        if row >= laid.rows:
            return Place(number, len(self._display(number)))
        return Place(number, laid.hit(at.x() - self._left(), row))


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign in "_-./:@"
