"""A line chart of the last minutes: a title, what it is now, one filled line for each series."""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.theme import GRID, Theme

SPAN = 600.0
"""Seconds that a chart shows when nothing else is said."""

_GAP = 8.0
"""Seconds without a sample after which the line is interrupted."""

_TOP, _BOTTOM = 4 * GRID, GRID // 2
_HEADROOM = 1.15
"""How much higher than the highest value the chart reaches."""

_POINTS = 2_000
"""Samples that are kept at most."""


@dataclass(frozen=True)
class Series:
    """One line.

    Attributes:
        title: said beside the value; "" when there is only one line.
        tone: its colour in the theme.
    """

    title: str
    tone: str = "accent"


Values = Sequence[float | None]


class Chart(QWidget):
    """Shows samples over time; values are written by a function of the owner (bytes, percent …)."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        series: Sequence[Series],
        write: Callable[[float], str],
        *,
        span: float = SPAN,
        ceiling: float | None = None,
        floor: float = 1.0,
    ) -> None:
        """Have an empty chart.

        Args:
            theme: its colours.
            title: what is shown, also for screen readers.
            series: the lines; each sample has a value for each.
            write: turns a value into text.
            span: seconds from the left edge to the right.
            ceiling: the highest value when it is known (a limit); else the chart grows with its values.
            floor: the top of a chart of smaller values than this.
        """
        super().__init__()
        self._theme = theme
        self._title = title
        self._series = tuple(series)
        self._write = write
        self._span = span
        self._ceiling = ceiling
        self._floor = floor
        self._samples: deque[tuple[float, Values]] = deque(maxlen=_POINTS)
        self._pointer: float | None = None
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """The newest values, as written over the chart."""
        return self._text(self._samples[-1][1]) if self._samples else ""

    @property
    def samples(self) -> list[tuple[float, Values]]:
        """What is shown, oldest first."""
        return list(self._samples)

    def add(self, time: float, values: Values) -> None:
        """Add a sample: seconds since the epoch, and a value for each series, None for an unknown one."""
        self._samples.append((time, tuple(values)))
        while self._samples and self._samples[0][0] < time - self._span - _GAP:
            self._samples.popleft()
        self._say()

    def set_samples(self, samples: Sequence[tuple[float, Values]]) -> None:
        """Show these samples, oldest first, instead of all that were there."""
        self._samples.clear()
        self._samples.extend(samples)
        self._say()

    def clear(self) -> None:
        """Show nothing."""
        self.set_samples([])

    def set_ceiling(self, ceiling: float | None) -> None:
        """Set the highest value, None to have the chart grow with its values."""
        self._ceiling = ceiling
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """See QWidget."""
        return QSize(320, 104)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw title, values, lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0, _TOP, 0, -_BOTTOM)
        top = self._top()
        pointed = self._pointed(area)
        self._paint_head(painter, pointed)
        self._paint_grid(painter, area, top)
        if self._samples:
            right = self._samples[-1][0]
            for place, series in enumerate(self._series):
                self._paint_line(painter, area, top, right, place, self._theme.colour(series.tone))
            if pointed is not None:
                x = area.right() - (right - pointed[0]) / self._span * area.width()
                painter.setPen(QPen(self._theme.colour("muted"), 1, Qt.PenStyle.DotLine))
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """Tell the values under the pointer."""
        self._pointer = event.position().x()
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802 - Qt's
        """Tell the newest values again."""
        self._pointer = None
        self.update()

    def _say(self) -> None:
        self.setAccessibleDescription(self.text)
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    def _text(self, values: Values) -> str:
        written = []
        for series, value in zip(self._series, values, strict=False):
            if value is not None:
                written.append(f"{series.title} {self._write(value)}".strip())
        return "   ".join(written)

    def _top(self) -> float:
        if self._ceiling:
            return self._ceiling
        highest = max((value for _, values in self._samples for value in values if value is not None), default=0.0)
        return max(highest * _HEADROOM, self._floor)

    def _pointed(self, area: QRectF) -> tuple[float, Values] | None:
        if self._pointer is None or not self._samples or area.width() <= 0:
            return None
        time = self._samples[-1][0] - (area.right() - self._pointer) / area.width() * self._span
        times = [sample[0] for sample in self._samples]
        place = bisect.bisect_left(times, time)
        near = [self._samples[one] for one in (place - 1, place) if 0 <= one < len(times)]
        found = min(near, key=lambda sample: abs(sample[0] - time))
        return found if abs(found[0] - time) <= _GAP else None

    def _paint_head(self, painter: QPainter, pointed: tuple[float, Values] | None) -> None:
        head = self.rect().adjusted(0, 0, 0, 0)
        head.setHeight(3 * GRID)
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._title)
        right = head.right()
        values = pointed[1] if pointed is not None else (self._samples[-1][1] if self._samples else ())
        metrics = painter.fontMetrics()
        for series, value in reversed(list(zip(self._series, values, strict=False))):
            if value is None:
                continue
            written = f"{series.title} {self._write(value)}".strip()
            width = metrics.horizontalAdvance(written)
            painter.setPen(self._theme.colour("text"))
            painter.drawText(
                right - width, head.top(), width + 1, head.height(), Qt.AlignmentFlag.AlignVCenter, written
            )
            right -= width + GRID
            if len(self._series) > 1:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.colour(series.tone))
                painter.drawEllipse(QPointF(right, head.center().y() + 1), 3.5, 3.5)
                right -= 2 * GRID

    def _paint_grid(self, painter: QPainter, area: QRectF, top: float) -> None:
        painter.setPen(QPen(self._theme.colour("line"), 1))
        for part in (0.0, 0.5, 1.0):
            y = round(area.bottom() - part * area.height()) - 0.5
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        if self._samples:
            font = painter.font()
            font.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
            painter.save()
            painter.setFont(font)
            painter.setPen(self._theme.colour("muted"))
            painter.drawText(area.adjusted(2, 2, -2, 0), Qt.AlignmentFlag.AlignLeft, self._write(top))
            painter.restore()

    def _paint_line(
        self, painter: QPainter, area: QRectF, top: float, right: float, place: int, colour: QColor
    ) -> None:
        soft = QColor(colour)
        soft.setAlpha(36)
        for run in self._runs(place):
            points = [
                QPointF(
                    area.right() - (right - time) / self._span * area.width(),
                    area.bottom() - min(1.0, value / top) * area.height(),
                )
                for time, value in run
            ]
            below = [QPointF(points[0].x(), area.bottom()), *points, QPointF(points[-1].x(), area.bottom())]
            painter.setClipRect(area.adjusted(0, -2, 0, 1))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft)
            painter.drawPolygon(QPolygonF(below))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 1.6))
            painter.drawPolyline(QPolygonF(points))
            painter.setClipping(False)

    def _runs(self, place: int) -> list[list[tuple[float, float]]]:
        """Return the pieces of a line between which samples are missing."""
        runs: list[list[tuple[float, float]]] = []
        last = None
        for time, values in self._samples:
            value = values[place]
            if value is None:
                last = None
                continue
            if last is None or time - last > _GAP:
                runs.append([])
            runs[-1].append((time, value))
            last = time
        return runs
