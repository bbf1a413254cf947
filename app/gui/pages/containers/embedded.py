"""The tabs that are whole widgets of their own: logs, terminals, files; each is loaded when it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from app.gui.model.collection import Row
from app.gui.pages.containers.tab import Tab
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column
from app.gui.widgets.empty import EmptyState

if TYPE_CHECKING:
    from app.gui.widgets.terminal import TerminalView

_TERMINALS = 8
"""Terminals that are kept open while other containers are looked at; the oldest goes."""


class LogsTab(Tab):
    """The log, followed while the page is seen."""

    def __init__(self, services: Services) -> None:
        from app.gui.widgets.logview import LogView

        super().__init__(services)
        self.view = LogView(services)
        self._followed = ""
        self.setLayout(column(self.view, spacing=0))

    def begin(self, row: Row) -> None:
        """See Tab."""
        self._follow(str(row["Id"]))

    def renew(self, row: Row) -> None:
        """The view itself goes on when the container starts again."""
        self._follow(str(row["Id"]))

    def again(self, row: Row) -> None:
        """See Tab."""
        self._follow(str(row["Id"]))

    def leave(self) -> None:
        """Go on following: the user may come back to where they were."""

    def rest(self) -> None:
        """See Tab."""
        self.view.stop()
        self._followed = ""

    def forget(self) -> None:
        """See Tab."""
        self.rest()
        self.row = None

    def _follow(self, key: str) -> None:
        if key != self._followed:
            self._followed = key
            self.view.follow_container(key)


class TerminalTab(Tab):
    """A terminal in the container; each container keeps its own while others are looked at."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._views: dict[str, TerminalView] = {}
        self._stack = QStackedWidget()
        self._none = EmptyState(services.icons)
        self._none.tell("terminal", tr("The container does not run"), tr("A terminal needs a container that runs."))
        self._stack.addWidget(self._none)
        self.setLayout(column(self._stack, spacing=0))
        services.hub.containers.removed.connect(self._drop)
        services.hub.current_changed.connect(self.close_sessions)

    @property
    def view(self) -> TerminalView | None:
        """The terminal that is seen."""
        return self._views.get(self.key)

    def begin(self, row: Row) -> None:
        """See Tab."""
        view = self._views.get(str(row["Id"]))
        if view is None and row.get("State") == "running":
            view = self._make(str(row["Id"]))
        self._stack.setCurrentWidget(view or self._none)
        if view is not None:
            view.setFocus()

    def renew(self, row: Row) -> None:
        """A terminal that was open stays, and says itself what happened."""
        if str(row["Id"]) not in self._views:
            self.begin(row)

    def again(self, row: Row) -> None:
        """See Tab."""
        self.renew(row)

    def close_sessions(self) -> None:
        """End all terminals."""
        self._drop(list(self._views))

    def _make(self, key: str) -> TerminalView:
        from app.gui.widgets.terminal import TerminalView

        while len(self._views) >= _TERMINALS:
            self._drop([next(iter(self._views))])
        view = self._views[key] = TerminalView(self.services)
        self._stack.addWidget(view)
        view.open(key)
        return view

    def _drop(self, keys: list[str]) -> None:
        for key in keys:
            view = self._views.pop(key, None)
            if view is not None:
                view.close_session()
                self._stack.removeWidget(view)
                view.deleteLater()


class FilesTab(Tab):
    """The files of the container, running or not."""

    def __init__(self, services: Services) -> None:
        from app.gui.widgets.filebrowser import FileBrowser

        super().__init__(services)
        self.view = FileBrowser(services)
        self.setLayout(column(GRID, self.view, spacing=0))

    def begin(self, row: Row) -> None:
        """See Tab."""
        self.view.open(str(row["Id"]))

    def renew(self, row: Row) -> None:
        """Files are the same in a container that stops."""

    def forget(self) -> None:
        """See Tab."""
        self.view.close_session()
        self.row = None
