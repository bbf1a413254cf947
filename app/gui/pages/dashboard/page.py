"""The page: state and main button, figures of the last ten minutes, counts, events, problems."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QScrollArea

from app.gui.pages.base import MachinePage
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, column, label, row


class DashboardPage(MachinePage):
    """The machine in view at a glance."""

    name = "dashboard"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        content = column(row(label(self.title(), "title"), None), None, margins=2 * GRID, spacing=2 * GRID)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(boxed(content))
        self.set_content(area)

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Dashboard")
