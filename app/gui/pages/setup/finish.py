"""The last view of the assistant: a container has spoken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.gui.pages.setup.hello import Hello
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row

WIDTH = 640


class Finish(QWidget):
    """What the first container said, and where to go.

    Attributes:
        output: what it said.
        containers: leads to the list of containers.
        dashboard: leads to the dashboard.
    """

    def __init__(self, services: Services, containers: Callable[[], object], dashboard: Callable[[], object]) -> None:
        super().__init__()
        self._services = services
        self._picture = label()
        self._text = label("", wrap=True)
        self._caption = label(tr("This is what it said:"), "muted")
        self.output = QPlainTextEdit()
        self.output.setReadOnly(True)
        self.output.setAccessibleName(tr("What the first container said"))
        self.output.setFont(services.theme.fixed_font())
        self.output.setFixedHeight(26 * GRID)
        self.containers = button(tr("Open containers"), containers, primary=True)
        self.dashboard = button(tr("Open dashboard"), dashboard)
        body = QWidget()
        body.setLayout(
            column(
                self._picture,
                label(tr("Linnet is ready"), "title"),
                self._text,
                GRID,
                self._caption,
                self.output,
                GRID,
                row(self.containers, self.dashboard, None),
            )
        )
        body.setFixedWidth(WIDTH)
        self.setLayout(column(None, row(None, body, None), None, None, margins=4 * GRID))

    def show_result(self, machine: str, hello: Hello | None) -> None:
        """Show what became of it; `hello` is None when no container was run."""
        self._picture.setPixmap(self._services.icons.get("check", "good").pixmap(48, 48))
        there = tr("Machine '{name}' runs.", name=machine)
        runs = tr("In it runs a first container, 'hello'; remove it whenever you like.")
        self._text.setText(f"{there} {runs}" if hello is not None else there)
        self.output.setPlainText(hello.output.rstrip() if hello is not None else "")
        self.output.setVisible(hello is not None)
        self._caption.setVisible(hello is not None)
