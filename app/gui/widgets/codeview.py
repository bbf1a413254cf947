"""A text file as it is: fixed font, line numbers, marks on lines that are wrong, YAML in calm colours."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.gui.theme import GRID, Theme

LONGEST = 1024 * 1024
"""Characters that are shown; what is longer is cut."""

_KEY = re.compile(r"^(\s*(?:- +)*)([^\s#:'\"\[\]{},][^:#]*?)(:)(?=\s|$)")
_COMMENT = re.compile(r"(?:^|\s)(#.*)$")
_LONG_LINE = 2000
"""Characters; a longer line is not coloured."""


class CodeView(QPlainTextEdit):
    """Shows, or edits, a text."""

    def __init__(self, theme: Theme, name: str, *, read_only: bool = True) -> None:
        """`name`: what screen readers call it."""
        super().__init__()
        self._theme = theme
        self._margin = _Margin(self)
        self._wrong: set[int] = set()
        self.setAccessibleName(name)
        self.setReadOnly(read_only)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(self.textInteractionFlags() | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(theme.fixed_font())
        self._colours = _Colours(self.document(), theme)
        self.blockCountChanged.connect(lambda _count: self._make_room())
        self.updateRequest.connect(self._scroll_margin)
        theme.changed.connect(self._on_theme)
        self._make_room()

    def show_text(self, text: str) -> None:
        """Show another text; marks go."""
        cut = text[:LONGEST]
        self.mark([])
        if cut != self.toPlainText():
            self.setPlainText(cut)

    @property
    def marked(self) -> list[int]:
        """The lines that are marked, from 1."""
        return sorted(self._wrong)

    def mark(self, lines: list[int]) -> None:
        """Mark lines (from 1) as wrong, and show the first."""
        self._wrong = {line for line in lines if 0 < line <= self.blockCount()}
        marks = []
        for line in sorted(self._wrong):
            mark = QTextEdit.ExtraSelection()
            colour = QColor(self._theme.colour("bad"))
            colour.setAlphaF(0.18)
            mark.format.setBackground(colour)
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            marks.append(mark)
        self.setExtraSelections(marks)
        self._margin.update()
        if marks:
            self.setTextCursor(QTextCursor(self.document().findBlockByNumber(min(self._wrong) - 1)))
            self.ensureCursorVisible()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Keep the margin at the left."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._margin.setGeometry(QRect(inside.left(), inside.top(), self.margin_width(), inside.height()))

    def margin_width(self) -> int:
        """Return how wide the line numbers are, pixels."""
        return self.fontMetrics().horizontalAdvance("9") * max(2, len(str(self.blockCount()))) + 2 * GRID

    def paint_margin(self, event: QPaintEvent) -> None:
        """Draw the line numbers."""
        painter = QPainter(self._margin)
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber() + 1
            painter.setPen(self._theme.colour("bad" if number in self._wrong else "muted"))
            place = QRect(0, int(top), self._margin.width() - GRID, int(height))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(number))
            top += height
            block = block.next()

    def _make_room(self) -> None:
        self.setViewportMargins(self.margin_width(), 0, 0, 0)

    def _scroll_margin(self, rect: QRect, vertical: int) -> None:
        if vertical:
            self._margin.scroll(0, vertical)
        else:
            self._margin.update(0, rect.y(), self._margin.width(), rect.height())

    def _on_theme(self) -> None:
        self.setFont(self._theme.fixed_font())
        self._colours.rehighlight()
        self.mark(self.marked)


class _Margin(QWidget):
    """Room for the line numbers."""

    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """As wide as the numbers."""
        return QSize(self._view.margin_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Let the view draw them: it knows where its lines are."""
        self._view.paint_margin(event)


class _Colours(QSyntaxHighlighter):
    """Keys in the accent colour, comments muted."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's
        """Colour one line."""
        if len(text) > _LONG_LINE:
            return
        key = _KEY.match(text)
        if key is not None:
            self.setFormat(key.start(2), len(key.group(2)), self._format("accent"))
        comment = _COMMENT.search(text)
        if comment is not None:
            self.setFormat(comment.start(1), len(comment.group(1)), self._format("muted"))

    def _format(self, tone: str) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(self._theme.colour(tone))
        return made
