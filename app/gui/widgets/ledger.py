"""A bar of parts that add up to a whole, with what each part is below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.gui.theme import GRID, Theme
from app.gui.widgets.basics import column, label, row

_HEIGHT = GRID
_RADIUS = 4.0


@dataclass(frozen=True)
class Part:
    """A part of the whole.

    Attributes:
        title: what it is called.
        value: how much of the whole it is.
        tone: its colour in the theme.
    """

    title: str
    value: float
    tone: str


class Ledger(QWidget):
    """The bar and its legend. What it says in colours stands in words below it."""

    def __init__(self, theme: Theme, name: str, write: Callable[[float], str]) -> None:
        """`name` is for screen readers; `write` turns a value into text."""
        super().__init__()
        self._write = write
        self._bar = _Bar(theme)
        self._marks: list[_Mark] = []
        self._titles: list[QLabel] = []
        self._theme = theme
        self._legend = row(None, spacing=2 * GRID)
        self.setAccessibleName(name)
        self.setLayout(column(GRID // 2, self._bar, self._legend, spacing=GRID))

    @property
    def texts(self) -> list[str]:
        """What stands in the legend."""
        return [title.text() for title in self._titles if not title.isHidden()]

    def tell(self, parts: Sequence[Part]) -> None:
        """Show other parts."""
        while len(self._titles) < len(parts):
            self._add()
        self._bar.tell(parts)
        for place, (mark, title) in enumerate(zip(self._marks, self._titles, strict=True)):
            there = place < len(parts)
            mark.setVisible(there)
            title.setVisible(there)
            if there:
                mark.tone = parts[place].tone
                mark.update()
                title.setText(f"{parts[place].title} {self._write(parts[place].value)}")
        self.setAccessibleDescription(", ".join(self.texts))

    def _add(self) -> None:
        mark, title = _Mark(self._theme), label()
        self._marks.append(mark)
        self._titles.append(title)
        self._legend.insertLayout(self._legend.count() - 1, row(mark, title, spacing=GRID // 2))


class _Mark(QWidget):
    """A spot of colour beside a part's name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.tone = "muted"
        self._theme = theme
        self.setFixedSize(QSize(GRID, GRID))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.colour(self.tone))
        painter.setPen(self._theme.colour("line"))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


class _Bar(QWidget):
    """The parts in a line, each as long as it is large."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: Sequence[Part] = ()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, parts: Sequence[Part]) -> None:
        """Show other parts."""
        self._parts = tuple(parts)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Paint the parts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), self._theme.colour("line"))
        total = sum(part.value for part in self._parts)
        left = 0.0
        for part in self._parts if total > 0 else ():
            width = self.width() * part.value / total
            painter.fillRect(QRectF(left, 0, width, self.height()), self._theme.colour(part.tone))
            left += width
