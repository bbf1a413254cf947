"""The page: why the service is gone if it is, and tabs with checks, the log, the bundle and ways to start over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QWidget

from app.gui.model.hub import Connection
from app.gui.pages.base import Command, Page
from app.gui.pages.troubleshoot.bundle import BundlePart
from app.gui.pages.troubleshoot.checks import Checks
from app.gui.pages.troubleshoot.resets import Resets
from app.gui.pages.troubleshoot.servicelog import ServiceLog
from app.gui.pages.troubleshoot.trouble import ServiceTrouble
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, column, label, row


class TroubleshootPage(Page):
    """What is wrong, and what can be done.

    Attributes:
        trouble: why linnetd is gone.
        checks, log, bundle, resets: the tabs.
    """

    name = "troubleshoot"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._active = False
        self.trouble = ServiceTrouble(services)
        self.checks = Checks(services)
        self.log = ServiceLog(services)
        self.bundle = BundlePart(services)
        self.resets = Resets(services)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.title())
        self.tabs.tabBar().setAccessibleName(self.title())
        self._names: list[str] = []
        for name, title, content in (
            ("checks", tr("Checks"), self.checks),
            ("log", tr("Log of the service"), self.log),
            ("bundle", tr("Support bundle"), self.bundle),
            ("reset", tr("Start over"), self.resets),
        ):
            self._names.append(name)
            self.tabs.addTab(_padded(content), title)
        self.tabs.currentChanged.connect(self._on_tab)
        head = row(label(self.title(), "title"), None)
        self.setLayout(column(head, self.trouble, self.tabs, margins=2 * GRID, spacing=2 * GRID))
        services.hub.connection_changed.connect(self._on_connection)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self, self._again)

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Troubleshoot")

    @property
    def tab(self) -> str:
        """The name of the tab that is shown: checks, log, bundle or reset."""
        return self._names[self.tabs.currentIndex()]

    def select(self, key: str) -> None:
        """Show a tab."""
        if key in self._names:
            self.tabs.setCurrentIndex(self._names.index(key))

    def shown(self) -> None:
        """See Page."""
        self._active = True
        # Which containers run is said before a machine is restarted.
        self.services.hub.containers.want(self)
        self._on_connection()

    def hidden(self) -> None:
        """See Page."""
        self._active = False
        self.services.hub.containers.unwant(self)
        self.log.unseen()

    def close_down(self) -> None:
        """See Page."""
        self.hidden()

    def commands(self) -> list[Command]:
        """See Page."""
        return [
            Command(tr("Run the checks again"), self._again, "F5"),
            Command(tr("Save support bundle …"), self.bundle.choose),
        ]

    def _again(self) -> None:
        self.select("checks")
        self.checks.look()

    def _on_connection(self) -> None:
        if not self._active:
            return
        self.trouble.look()
        connected = self.services.hub.connection is Connection.connected
        self.bundle.save.setEnabled(connected)
        if connected:
            self.checks.look()
        else:
            self.checks.tell_gone()
        self._on_tab()

    def _on_tab(self, *_: object) -> None:
        if self._active and self.tab == "log":
            self.log.seen()
        else:
            self.log.unseen()


def _padded(content: QWidget) -> QWidget:
    layout = column(content)
    layout.setContentsMargins(0, 2 * GRID, 0, 0)
    return boxed(layout)
