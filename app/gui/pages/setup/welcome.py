"""The first view of the assistant: what Linnet is going to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row

WIDTH = 560


class Welcome(QWidget):
    """A greeting, three sentences, a button."""

    def __init__(self, services: Services, begin: Callable[[], object], machines: Callable[[], object]) -> None:
        super().__init__()
        self._services = services
        self._picture = label()
        self._title = label(tr("Welcome to Linnet"), "title")
        intro = label(
            tr("Containers need Linux. Linnet makes a small Linux machine for them on this computer, and keeps it."),
            wrap=True,
        )
        points = [
            _point(text)
            for text in (
                tr("It takes a few minutes, the first time only. You can go on working meanwhile."),
                tr("Everything belongs to you alone: no account, no system service, nothing leaves this computer."),
                tr("All choices can be changed later, on the page Machines."),
            )
        ]
        self.there = label("", "muted", wrap=True)
        self.begin = button(tr("Begin"), begin, primary=True)
        self.machines = button(tr("Open Machines"), machines)
        inner = column(
            self._picture,
            self._title,
            GRID,
            intro,
            *points,
            self.there,
            2 * GRID,
            row(self.begin, self.machines, None),
            spacing=GRID,
        )
        inner.setAlignment(self._picture, Qt.AlignmentFlag.AlignLeft)
        body = QWidget()
        body.setLayout(inner)
        body.setFixedWidth(WIDTH)
        self.setLayout(column(None, row(None, body, None), None, None, margins=4 * GRID))
        services.theme.changed.connect(self._draw)
        self._draw()
        self.tell_machines([])

    def tell_machines(self, names: list[str]) -> None:
        """Say that there are machines already."""
        there = ", ".join(names)
        self.there.setText(
            tr("There is a machine already: {names}. More are made on the page Machines.", names=there) if names else ""
        )
        self.there.setVisible(bool(names))
        self.begin.setVisible(not names)
        self.machines.setVisible(bool(names))

    def _draw(self) -> None:
        self._picture.setPixmap(self._services.icons.get("container", "accent").pixmap(48, 48))


def _point(text: str) -> QHBoxLayout:
    sign = label("•", "muted")
    made = row(sign, label(text, "muted", wrap=True))
    made.setStretch(1, 1)
    made.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
    return made
