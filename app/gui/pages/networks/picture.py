"""The picture of who talks to whom: painted, and told in words to those who do not see it."""

from __future__ import annotations

import zlib

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from app.gui.icons import Icons
from app.gui.pages.networks import words
from app.gui.pages.networks.layout import ALONE, GAP, HEADER, PAD, Box, Layout, arrange
from app.gui.pages.networks.topology import Member, Topology
from app.gui.text import tr
from app.gui.theme import GRID, Theme

_TOLD = 200
"""Containers that the description for screen readers tells of; the list has all."""

_DIMMED = 0.3
"""Opacity of what the chosen container cannot talk to."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)

Thing = tuple[str, str]
"""`network` and its name, or `container` and its id."""


class NetworkPicture(QWidget):
    """Networks as regions, containers as chips. Arrow keys move, Enter opens, the pointer shows who talks to whom.

    Signals:
        told: a sentence about what is chosen; "" for nothing.
        opened: the user wants to see a network or a container: its kind, and its id.
    """

    told = Signal(str)
    opened = Signal(str, str)

    def __init__(self, icons: Icons, theme: Theme) -> None:
        super().__init__()
        self._icons = icons
        self._theme = theme
        self._topology = Topology({}, {}, [])
        self._layout = Layout()
        self._chosen: Thing | None = None
        self._hovered: Thing | None = None
        self._search = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Picture of the networks"))
        theme.changed.connect(self.update)

    @property
    def chosen(self) -> Thing | None:
        """What is chosen."""
        return self._chosen

    @property
    def places(self) -> Layout:
        """Where everything is."""
        return self._layout

    def show_topology(self, topology: Topology) -> None:
        """Show other networks and containers."""
        self._topology = topology
        self._arrange()
        if self._chosen not in self._things():
            self._chosen = None
        self.setAccessibleDescription("\n".join(words.all_lines(topology, _TOLD)))
        self.told.emit(self._sentence())

    def set_search(self, text: str) -> None:
        """Dim what does not have `text` in its name."""
        self._search = text.casefold().strip()
        self.update()

    def choose(self, thing: Thing | None) -> None:
        """Choose something: it and what it talks to stand out."""
        self._chosen = thing
        sentence = self._sentence()
        self.setAccessibleName(sentence or tr("Picture of the networks"))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
        self.told.emit(sentence)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """As much as the picture needs."""
        return QSize(self._layout.width, self._layout.height + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Arrange anew for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def _arrange(self) -> None:
        self._layout = arrange(self._topology, self.width() - 2)
        self.setMinimumHeight(self._layout.height + 2)
        self.updateGeometry()
        self.update()

    def _things(self) -> dict[Thing, Box]:
        networks: dict[Thing, Box] = {("network", name): box for name, box in self._layout.regions.items()}
        return networks | {("container", key): box for key, box in self._layout.chips.items()}

    def _at(self, point: QPointF) -> Thing | None:
        found = None
        for thing, box in self._things().items():
            if _rect(box).contains(point):
                found = thing  # chips come after the regions that they lie in
        return found

    def _sentence(self) -> str:
        thing = self._hovered or self._chosen
        return words.sentence(self._topology, *thing) if thing else ""

    def _bright(self) -> set[str] | None:
        """Return ids and names of what stands out; None when all is alike."""
        if self._search:
            members = {one.id for one in self._everybody() if self._search in one.name.casefold()}
            return members | {name for name in self._topology.networks if self._search in name.casefold()}
        thing = self._hovered or self._chosen
        if thing is None:
            return None
        kind, key = thing
        if kind == "network":
            members_here = self._topology.alone
            if key in self._topology.networks:
                members_here = self._topology.networks[key].members
            return {key, *(one.id for one in members_here)}
        member = self._topology.members.get(key)
        if member is None:
            return {key, ALONE}
        return {key, *member.networks, *(one.id for one in self._topology.peers(member))}

    def _everybody(self) -> list[Member]:
        return [*self._topology.members.values(), *self._topology.alone]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw lines, regions and those chips that can be seen."""
        seen = QRectF(event.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(1, 1)
        bright = self._bright()
        for member, network in self._layout.lines:
            lit = bright is None or (member in bright and network in bright)
            painter.setOpacity(1.0 if lit else _DIMMED)
            self._draw_line(painter, self._layout.chips[member], self._layout.regions[network], network)
        for name, box in self._layout.regions.items():
            painter.setOpacity(1.0 if bright is None or name in bright else _DIMMED)
            self._draw_region(painter, name, box)
        names = {one.id: one for one in self._everybody()}
        for key, box in self._layout.chips.items():
            if not seen.intersects(_rect(box)):
                continue
            painter.setOpacity(1.0 if bright is None or key in bright else _DIMMED)
            self._draw_chip(painter, key, names[key].name, running=names[key].running, box=box)

    def _draw_line(self, painter: QPainter, chip: Box, region: Box, name: str) -> None:
        start = QPointF(chip.middle[0], chip.y)
        end = QPointF(min(max(chip.middle[0], region.x + PAD), region.x + region.width - PAD), region.y + region.height)
        bend = max(GRID, (start.y() - end.y()) / 2)
        path = QPainterPath(start)
        path.cubicTo(start - QPointF(0, bend), end + QPointF(0, bend), end)
        painter.setPen(QPen(self._tint(name), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _draw_region(self, painter: QPainter, name: str, box: Box) -> None:
        colour = self._tint(name)
        fill = QColor(colour)
        fill.setAlphaF(0.10)
        chosen = self._chosen == ("network", name) and self.hasFocus()
        painter.setPen(QPen(self._theme.colour("accent"), 2) if chosen else QPen(colour, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(_rect(box), GRID, GRID)
        network = self._topology.networks.get(name)
        title = network.name if network else tr("Without a network")
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        left, width = box.x + PAD, box.width - 2 * PAD
        self._draw_text(painter, QRectF(left, box.y + 12, width, 18), title)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(self._theme.colour("muted"))
        self._draw_text(
            painter, QRectF(left, box.y + 30, width, 18), words.under_title(network, self._layout.hidden.get(name, 0))
        )
        if network is not None and not any(key in self._layout.chips for key in self._inside(name)):
            text = tr("no containers") if not network.members else tr("see below")
            self._draw_text(painter, QRectF(left, box.y + HEADER, width, 32), text)

    def _inside(self, name: str) -> list[str]:
        return [one.id for one in self._topology.networks[name].members if len(one.networks) == 1]

    def _draw_chip(self, painter: QPainter, key: str, name: str, *, running: bool, box: Box) -> None:
        chosen = self._chosen == ("container", key) and self.hasFocus()
        pen = QPen(self._theme.colour("accent"), 2) if chosen else QPen(self._theme.colour("line"), 1)
        painter.setPen(pen)
        painter.setBrush(self._theme.colour("surface"))
        painter.drawRoundedRect(_rect(box), 6, 6)
        tone = "good" if running else "muted"
        picture = self._icons.get("dot" if running else "ring", tone).pixmap(16, 16)
        painter.drawPixmap(box.x + GAP, box.y + 8, picture)
        painter.setPen(self._theme.colour("text" if running else "muted"))
        self._draw_text(painter, QRectF(box.x + 28, box.y, box.width - 36, box.height), name)

    def _draw_text(self, painter: QPainter, where: QRectF, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(where.width()))
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    def _tint(self, name: str) -> QColor:
        if name == ALONE:
            return self._theme.colour("line")
        # The same name has the same colour every time.
        return QColor.fromHsl(zlib.crc32(name.encode()) % 360, 120, 150 if self._theme.dark else 110)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """What is under the pointer stands out."""
        self._hover(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """A click chooses."""
        super().mousePressEvent(event)
        self.choose(self._at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """A double click opens."""
        thing = self._at(event.position())
        if thing is not None:
            self._open(thing)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Whoever comes by Tab finds something chosen."""
        super().focusInEvent(event)
        things = self._things()
        if self._chosen is None and things and event.reason() in _BY_TAB:
            self.choose(next(iter(things)))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Arrows go to the next thing in that direction, Enter opens, Escape lets go."""
        key = Qt.Key(event.key())
        if key in _ARROWS and self._things():
            self._move(*_ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen is not None:
            self._open(self._chosen)
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def _hover(self, thing: Thing | None) -> None:
        if thing != self._hovered:
            self._hovered = thing
            self.told.emit(self._sentence())
            self.update()

    def _move(self, right: int, down: int) -> None:
        things = self._things()
        if self._chosen not in things or self._chosen is None:
            self.choose(next(iter(things)))
            return
        x, y = _anchor(self._chosen, things[self._chosen])
        best: tuple[int, Thing] | None = None
        for thing, box in things.items():
            there = _anchor(thing, box)
            ahead = (there[0] - x) * right + (there[1] - y) * down
            aside = abs((there[0] - x) * down) + abs((there[1] - y) * right)
            if ahead > 0 and (best is None or ahead + 2 * aside < best[0]):
                best = ahead + 2 * aside, thing
        if best is not None:
            self.choose(best[1])

    def _open(self, thing: Thing) -> None:
        kind, key = thing
        if kind == "network" and key in self._topology.networks:
            self.opened.emit(kind, self._topology.networks[key].id)
        elif kind == "container":
            self.opened.emit(kind, key)


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)


def _anchor(thing: Thing, box: Box) -> tuple[int, int]:
    """Return the point that arrow keys go by: of a region its title's, so that its containers lie below."""
    return (box.middle[0], box.y + HEADER // 2) if thing[0] == "network" else box.middle
