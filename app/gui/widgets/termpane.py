"""Where a terminal is painted, and what keys and the mouse do in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea
from pyte.screens import Char

from app.gui.theme import GRID, Theme
from app.gui.widgets import termkeys
from app.gui.widgets.logshape import Metrics, Run, styled
from app.gui.widgets.screen import APPLICATION_CURSOR, BRACKETED_PASTE, MOUSE, MOUSE_SGR, Line
from app.gui.widgets.termcolours import colour
from app.gui.widgets.termsession import TerminalSession

_LINK = re.compile(r"https?://[^\s\"'<>`]+[^\s\"'<>`.,;:!?)\]}]")

_WHEEL_LINES = 3

_BLANK = Char(" ")


class Cell(NamedTuple):
    """A place: line, counted from the first that ever was; column."""

    line: int
    column: int


class TerminalPane(QAbstractScrollArea):
    """Shows a session.

    Signals:
        sized: there is room for so many rows and columns.
    """

    sized = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.session: TerminalSession | None = None
        self._back = 0
        self._scrolled = 0
        self._anchor: Cell | None = None
        self._caret: Cell | None = None
        self._preedit = ""
        self._settling = False
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._on_scroll)
        self.set_font_size(0)
        self.recolour()

    def show_session(self, session: TerminalSession) -> None:
        """Show another session."""
        self.session = session
        self._back = self._scrolled = 0
        self._anchor = self._caret = None
        session.changed.connect(self._on_changed)
        self._on_changed()

    def set_font_size(self, points: int) -> None:
        """Use letters of another size; 0 is the system's."""
        font = self._theme.fixed_font(points)
        metrics = QFontMetricsF(font)
        self._metrics = Metrics(
            font, metrics.horizontalAdvance("M" * 64) / 64, round(metrics.height() + 1), round(metrics.ascent())
        )
        self.tell_size()
        self.viewport().update()

    def recolour(self) -> None:
        """Another scheme is in use."""
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, QColor(self._theme.colours.terminal))
        self.viewport().setPalette(palette)
        self.viewport().update()

    @property
    def size_in_cells(self) -> tuple[int, int]:
        """Rows and columns that there is room for."""
        room = self.viewport().size()
        rows = max(2, int((room.height() - GRID) // self._metrics.row))
        return rows, max(10, int((room.width() - 2 * GRID) // self._metrics.cell))

    def tell_size(self) -> None:
        """Say how much room there is."""
        if self.isVisible():
            self.sized.emit(*self.size_in_cells)

    @property
    def text(self) -> str:
        """What can be seen, line by line."""
        if self.session is None:
            return ""
        screen = self.session.screen
        return "\n".join(screen.text(y - self._back) for y in range(screen.lines)).rstrip()

    def selected_text(self) -> str:
        """Return what is selected."""
        if self.session is None or self._anchor is None or self._caret is None or self._anchor == self._caret:
            return ""
        screen = self.session.screen
        first, last = sorted((self._anchor, self._caret))
        lines = []
        for number in range(first.line, last.line + 1):
            line = screen.line(number - screen.scrolled)
            start = first.column if number == first.line else 0
            end = last.column if number == last.line else screen.columns
            lines.append("".join(line[x].data if x in line else " " for x in range(start, end)).rstrip())
        return "\n".join(lines)

    def select_all(self) -> None:
        """Select the screen and all above it."""
        if self.session is not None:
            screen = self.session.screen
            self._anchor = Cell(screen.scrolled - len(screen.history), 0)
            self._caret = Cell(screen.scrolled + screen.lines - 1, screen.columns)
            self.viewport().update()

    def copy(self) -> None:
        """Copy what is selected."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def paste(self, text: str | None = None) -> None:
        """Send a text, the clipboard's by default, as if it were typed."""
        text = QGuiApplication.clipboard().text() if text is None else text
        if self.session is not None and text:
            bracketed = BRACKETED_PASTE in self.session.screen.mode
            self._send(termkeys.paste(text, bracketed=bracketed))

    def clear_history(self) -> None:
        """Forget what is above the screen."""
        if self.session is not None:
            self.session.screen.history.clear()
            self._on_changed()

    def event(self, event: QEvent) -> bool:
        """Have keys reach the program that are shortcuts elsewhere."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, _forward: bool) -> bool:  # noqa: N802 - Qt's
        """Tab belongs to the program; Ctrl+Tab leaves the terminal."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Send a key to the program."""
        modifiers = event.modifiers()
        if event.key() == Qt.Key.Key_Tab and modifiers & Qt.KeyboardModifier.ControlModifier:
            super().focusNextPrevChild(True)
        elif self._is_ours(event):
            screen = self.session.screen if self.session is not None else None
            application = screen is not None and APPLICATION_CURSOR in screen.mode
            data = termkeys.encode(event.key(), modifiers, event.text(), application=application)
            if data:
                self._send(data)
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            page = self.size_in_cells[0] - 1
            self.scroll_back(page if event.key() == Qt.Key.Key_PageUp else -page)
        elif event.matches(QKeySequence.StandardKey.Copy) or event.key() == Qt.Key.Key_C:
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste) or event.key() in (Qt.Key.Key_V, Qt.Key.Key_Insert):
            self.paste()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802 - Qt's
        """Take what is composed of several keys, as Korean is."""
        self._preedit = event.preeditString()
        if event.commitString():
            self._send(event.commitString().encode())
        self.viewport().update()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:  # noqa: N802 - Qt's
        """Say where the cursor is, so that candidates are shown beside it."""
        if query is Qt.InputMethodQuery.ImCursorRectangle and self.session is not None:
            cursor = self.session.screen.cursor
            return self._rect(cursor.y + self._back, cursor.x, 1).toRect()
        if query is Qt.InputMethodQuery.ImEnabled:
            return True
        return super().inputMethodQuery(query)

    def scroll_back(self, lines: int) -> None:
        """Show what is that many lines further up."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() - lines)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Tell the program how much room there is."""
        super().resizeEvent(event)
        self.tell_size()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Show the cursor full."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Show the cursor hollow."""
        super().focusOutEvent(event)
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's
        """Scroll; a full-screen program gets it as mouse or as cursor keys."""
        lines = round(event.angleDelta().y() / 120 * _WHEEL_LINES)
        session = self.session
        if session is None or not lines:
            return
        if self._mouse_wanted(event.modifiers()):
            self._report(64 if lines > 0 else 65, event.position(), pressed=True)
        elif session.screen.alternate:
            key = Qt.Key.Key_Up if lines > 0 else Qt.Key.Key_Down
            application = APPLICATION_CURSOR in session.screen.mode
            none = Qt.KeyboardModifier.NoModifier
            self._send(termkeys.encode(key, none, "", application=application) * abs(lines))
        else:
            self.scroll_back(lines)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Begin a selection, open a link, paste; or tell the program."""
        if event.button() is Qt.MouseButton.LeftButton and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            link = self._link_at(event.position())
            if link:
                QDesktopServices.openUrl(QUrl(link))
        elif self._mouse_wanted(event.modifiers()):
            self._report(_BUTTONS.get(event.button(), 0), event.position(), pressed=True)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._anchor = self._caret = self._hit(event.position())
            self.viewport().update()
        elif event.button() is Qt.MouseButton.MiddleButton and QGuiApplication.clipboard().supportsSelection():
            clipboard = QGuiApplication.clipboard()
            self.paste(clipboard.text(clipboard.Mode.Selection))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Extend the selection; show that a link can be opened."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._anchor is not None:
            self._caret = self._hit(event.position())
            if event.position().y() < 0:
                self.scroll_back(1)
            elif event.position().y() > self.viewport().height():
                self.scroll_back(-1)
            self.viewport().update()
            return
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        link = self._link_at(event.position()) if held else ""
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """End a selection; on X11 it can be pasted with the middle button."""
        if self._mouse_wanted(event.modifiers()):
            self._report(_BUTTONS.get(event.button(), 0), event.position(), pressed=False)
            return
        clipboard = QGuiApplication.clipboard()
        text = self.selected_text()
        if clipboard.supportsSelection() and text:
            clipboard.setText(text, clipboard.Mode.Selection)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Select a word."""
        if self.session is None:
            return
        cell = self._hit(event.position())
        line = self.session.screen.line(cell.line - self.session.screen.scrolled)
        start = end = cell.column
        while start > 0 and not line.get(start - 1, _BLANK).data.isspace():
            start -= 1
        while end < self.session.screen.columns and not line.get(end, _BLANK).data.isspace():
            end += 1
        self._anchor, self._caret = Cell(cell.line, start), Cell(cell.line, end)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Paint the screen, or what is above it."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(self._theme.colours.terminal))
        session = self.session
        if session is not None:
            painter.setFont(self._metrics.font)
            screen = session.screen
            for row in range(screen.lines):
                self._paint_line(painter, row, screen.line(row - self._back), screen.columns)
            self._paint_selection(painter)
            self._paint_cursor(painter, session)
        painter.end()

    def _is_ours(self, event: QKeyEvent) -> bool:
        """Whether a key is the program's, not the window's."""
        modifiers = event.modifiers()
        control = Qt.KeyboardModifier.ControlModifier
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if modifiers & control and termkeys.CONTROL is not control:
            return False  # the command key of a Mac
        if modifiers & control and shift and Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z:
            return False
        if modifiers & control and event.key() == Qt.Key.Key_Tab:
            return False
        return not (shift and event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Insert))

    def _send(self, data: bytes) -> None:
        if self.session is not None:
            self._anchor = self._caret = None
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
            self.session.write(data)

    def _on_changed(self) -> None:
        session = self.session
        if session is None:
            return
        screen = session.screen
        if self._back:
            self._back = min(len(screen.history), self._back + screen.scrolled - self._scrolled)
        self._scrolled = screen.scrolled
        bar = self.verticalScrollBar()
        back = self._back
        self._settling = True
        bar.setRange(0, 0 if screen.alternate else len(screen.history))
        bar.setPageStep(screen.lines)
        bar.setValue(bar.maximum() - back)
        self._settling = False
        self._back = bar.maximum() - bar.value()
        screen.dirty.clear()
        self.viewport().update()

    def _on_scroll(self, value: int) -> None:
        if self._settling:
            return
        self._back = self.verticalScrollBar().maximum() - value
        self.viewport().update()

    def _paint_line(self, painter: QPainter, row: int, line: Line, columns: int) -> None:
        y = self._rect(row, 0, 1).y()
        for start, text, char, wide in _runs(line, columns):
            ink, paper = colour(char, self._theme)
            left = GRID + start * self._metrics.cell
            if paper is not None:
                width = (2 if wide else len(text)) * self._metrics.cell
                painter.fillRect(QRectF(left, y, width, self._metrics.row), paper)
            if text.isspace() and not char.underscore:
                continue
            run = Run(0, 0, None, None, char.bold, char.italics, char.underscore, char.strikethrough)
            painter.setFont(styled(self._metrics.font, run))
            painter.setPen(ink)
            painter.drawText(QPointF(left, y + self._metrics.ascent), text)

    def _paint_selection(self, painter: QPainter) -> None:
        if self.session is None or self._anchor is None or self._caret is None or self._anchor == self._caret:
            return
        screen = self.session.screen
        first, last = sorted((self._anchor, self._caret))
        paper = QColor(self._theme.colours.accent)
        paper.setAlpha(70)
        for row in range(screen.lines):
            number = screen.scrolled + row - self._back
            if first.line <= number <= last.line:
                start = first.column if number == first.line else 0
                end = last.column if number == last.line else screen.columns
                painter.fillRect(self._rect(row, start, end - start), paper)

    def _paint_cursor(self, painter: QPainter, session: TerminalSession) -> None:
        screen = session.screen
        row = screen.cursor.y + self._back
        if screen.cursor.hidden or not session.running or row >= screen.lines:
            return
        x = min(screen.cursor.x, screen.columns - 1)
        char = screen.line(screen.cursor.y).get(x, _BLANK)
        wide = bool(char.data) and screen.line(screen.cursor.y).get(x + 1, _BLANK).data == ""
        rect = self._rect(row, x, 2 if wide else 1)
        accent = QColor(self._theme.colours.accent)
        baseline = QPointF(rect.x(), rect.y() + self._metrics.ascent)
        if self._preedit:
            rect.setWidth(len(self._preedit) * 2 * self._metrics.cell)
            painter.fillRect(rect, QColor(self._theme.colours.selection))
            painter.setPen(QColor(self._theme.colours.text))
            painter.drawText(baseline, self._preedit)
        elif self.hasFocus():
            painter.fillRect(rect, accent)
            painter.setPen(QColor(self._theme.colours.accent_text))
            painter.drawText(baseline, char.data)
        else:
            painter.setPen(accent)
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))

    def _rect(self, row: int, column: int, cells: int) -> QRectF:
        metrics = self._metrics
        return QRectF(GRID + column * metrics.cell, GRID / 2 + row * metrics.row, cells * metrics.cell, metrics.row)

    def _hit(self, at: QPointF) -> Cell:
        assert self.session is not None
        screen = self.session.screen
        row = max(0, min(screen.lines - 1, int((at.y() - GRID / 2) // self._metrics.row)))
        column = max(0, min(screen.columns, round((at.x() - GRID) / self._metrics.cell)))
        return Cell(screen.scrolled + row - self._back, column)

    def _link_at(self, at: QPointF) -> str:
        if self.session is None:
            return ""
        cell = self._hit(at - QPointF(self._metrics.cell / 2, 0))
        screen = self.session.screen
        line = screen.line(cell.line - screen.scrolled)
        # One character a cell, so that places are columns.
        text = "".join((line[x].data or " ")[0] if x in line else " " for x in range(screen.columns))
        return next((found.group() for found in _LINK.finditer(text) if found.start() <= cell.column < found.end()), "")

    def _mouse_wanted(self, modifiers: Qt.KeyboardModifier) -> bool:
        if self.session is None or modifiers & Qt.KeyboardModifier.ShiftModifier or self._back:
            return False
        mode = self.session.screen.mode
        return MOUSE_SGR in mode and bool(MOUSE & mode)

    def _report(self, number: int, at: QPointF, *, pressed: bool) -> None:
        if self.session is not None:
            cell = self._hit(at - QPointF(self._metrics.cell / 2, 0))
            row = cell.line - self.session.screen.scrolled
            self.session.write(f"\x1b[<{number};{cell.column + 1};{row + 1}{'M' if pressed else 'm'}".encode())


_BUTTONS = {Qt.MouseButton.LeftButton: 0, Qt.MouseButton.MiddleButton: 1, Qt.MouseButton.RightButton: 2}


def _runs(line: Line, columns: int) -> Iterator[tuple[int, str, Char, bool]]:
    """Yield parts of a line that look the same: column, text, a character with its looks, whether it is a wide one.

    Only ASCII is put together; anything else may be wider or narrower in the font than its cells.
    """
    x = 0
    while x < columns:
        char = line.get(x, _BLANK)
        if not char.data:
            x += 1
            continue
        if not char.data.isascii():
            yield x, char.data, char, line.get(x + 1, _BLANK).data == ""
            x += 1
            continue
        start, looks = x, char[1:]
        text = [char.data]
        x += 1
        while x < columns:
            other = line.get(x, _BLANK)
            if not other.data or not other.data.isascii() or other[1:] != looks:
                break
            text.append(other.data)
            x += 1
        yield start, "".join(text), char, False
