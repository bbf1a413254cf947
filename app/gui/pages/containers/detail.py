"""The pane below the list: one container from all sides."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.gui.model.collection import Row
from app.gui.pages.containers import rows
from app.gui.pages.containers.tab import Tab
from app.gui.pages.containers.usage import Usage
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import label, row, set_kind

Maker = Callable[[], Tab]


class Detail(QWidget):
    """Tabs, each made when it is first looked at."""

    def __init__(self, services: Services, usage: Usage, go: Callable[[str, str], None]) -> None:
        super().__init__()
        self._services = services
        self._row: Row | None = None
        self._seen = False
        self._made: dict[str, Tab] = {}
        self._makers = _makers(services, usage, go)
        self._name = label("", "heading")
        self._name.setMinimumWidth(1)
        self._state = label("")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("Details of the container"))
        self.tabs.tabBar().setElideMode(Qt.TextElideMode.ElideNone)
        for name, (title, _maker) in self._makers.items():
            page = QWidget()
            page.setObjectName(name)
            layout = QVBoxLayout(page)
            layout.setContentsMargins(0, GRID // 2, 0, 0)
            self.tabs.addTab(page, title)
        self.tabs.currentChanged.connect(self._on_tab)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(row(self._name, self._state, None, spacing=2 * GRID))
        layout.addWidget(self.tabs, 1)
        self.setMinimumHeight(26 * GRID)

    @property
    def current(self) -> str:
        """The name of the tab that is in front."""
        page = self.tabs.currentWidget()
        return page.objectName() if page is not None else ""

    def tab(self, name: str) -> Tab:
        """Return a tab, made if need be."""
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._makers[name][1]()
            layout = self._page(name).layout()
            assert layout is not None
            layout.addWidget(made)
        return made

    def bring(self, name: str) -> None:
        """Have a tab in front."""
        self.tabs.setCurrentWidget(self._page(name))

    def show_container(self, row: Row) -> None:
        """Show a container, or the same one in another state."""
        if self._row is not None and self._row["Id"] != row["Id"]:
            current = self._made.get(self.current)
            for tab in self._made.values():
                if tab is not current:
                    tab.forget()
        self._row = row
        name = rows.title(row)
        self._name.setText(self._name.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 60 * GRID))
        self._name.setToolTip(name)
        state = rows.state(row)
        self._state.setText(state.text)
        set_kind(self._state, state.tone)
        if self._seen:
            self.tab(self.current).open(row)

    def drop(self) -> None:
        """No container is shown."""
        self._row = None
        for tab in self._made.values():
            tab.forget()

    def set_seen(self, *, seen: bool) -> None:
        """Say whether the page is what the user sees."""
        if seen == self._seen:
            return
        self._seen = seen
        if not seen:
            for tab in self._made.values():
                tab.rest()
        elif self._row is not None:
            self.tab(self.current).open(self._row)

    def close_down(self) -> None:
        """Let go of everything."""
        from app.gui.pages.containers.embedded import TerminalTab

        self.drop()
        for tab in self._made.values():
            if isinstance(tab, TerminalTab):
                tab.close_sessions()

    def _page(self, name: str) -> QWidget:
        found = self.tabs.findChild(QWidget, name, Qt.FindChildOption.FindChildrenRecursively)
        assert isinstance(found, QWidget)
        return found

    def _on_tab(self, _place: int) -> None:
        for name, tab in self._made.items():
            if name != self.current:
                tab.leave()
        if self._seen and self._row is not None:
            self.tab(self.current).open(self._row)


def _makers(services: Services, usage: Usage, go: Callable[[str, str], None]) -> dict[str, tuple[str, Maker]]:
    """Return name, title and maker of each tab; their modules are loaded when they are made."""

    def overview() -> Tab:
        from app.gui.pages.containers.overview import OverviewTab

        return OverviewTab(services, usage, go)

    def logs() -> Tab:
        from app.gui.pages.containers.embedded import LogsTab

        return LogsTab(services)

    def terminal() -> Tab:
        from app.gui.pages.containers.embedded import TerminalTab

        return TerminalTab(services)

    def files() -> Tab:
        from app.gui.pages.containers.embedded import FilesTab

        return FilesTab(services)

    def stats() -> Tab:
        from app.gui.pages.containers.stats import StatsTab

        return StatsTab(services, usage)

    def processes() -> Tab:
        from app.gui.pages.containers.processes import ProcessesTab

        return ProcessesTab(services)

    def changes() -> Tab:
        from app.gui.pages.containers.changes import ChangesTab

        return ChangesTab(services)

    def limits() -> Tab:
        from app.gui.pages.containers.limits import LimitsTab

        return LimitsTab(services)

    def inspection() -> Tab:
        from app.gui.pages.containers.inspection import InspectTab

        return InspectTab(services)

    return {
        "overview": (tr("Overview"), overview),
        "logs": (tr("Logs"), logs),
        "terminal": (tr("Terminal"), terminal),
        "files": (tr("Files"), files),
        "stats": (tr("Stats"), stats),
        "processes": (tr("Processes"), processes),
        "changes": (tr("Changes"), changes),
        "limits": (tr("Limits"), limits),
        "inspect": (tr("Inspect"), inspection),
    }
