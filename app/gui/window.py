"""The main window: sidebar, one page, messages, command palette."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QProgressBar, QPushButton, QStackedWidget, QWidget

from app.gui.model.hub import Connection
from app.gui.pages.base import Command, Page, start_machine
from app.gui.pages.table import PAGES, PageEntry
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets.basics import button
from app.gui.widgets.palette import CommandPalette
from app.gui.widgets.sidebar import Sidebar
from app.gui.widgets.toasts import Toasts
from vm.machine.status import MachineState

SMALLEST = (960, 600)

PALETTE_KEYS = "Ctrl+K"


class MainWindow(QMainWindow):
    """The window.

    Signals:
        quit_wanted: the user wants Linnet's window and status item gone.
        closed: the window was closed; what that means is for the application to say.
    """

    quit_wanted = Signal()
    closed = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self._entries = {entry.name: entry for entry in PAGES}
        self._pages: dict[str, Page] = {}
        self._current = ""
        self.setWindowTitle("Linnet")
        self.setMinimumSize(*SMALLEST)
        self._stack = QStackedWidget()
        self._sidebar = Sidebar(PAGES, services.hub, services.icons)
        self._sidebar.wanted.connect(lambda name: self.go(name))
        central = QWidget()
        layout = QHBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._sidebar)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(central)
        self._build_status_bar()
        self._toasts = Toasts(self, services.icons, services.theme)
        services.messages.told.connect(self._toasts.show_message)
        for message in services.messages.listen():
            self._toasts.show_message(message)
        self._build_shortcuts()
        self._welcomed = False
        services.hub.connection_changed.connect(self._welcome)
        geometry = services.preferences.recall("window")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1200, 760)

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self._pages.get(self._current)

    @property
    def toasts(self) -> list[str]:
        """The messages that are shown."""
        return self._toasts.texts

    def go(self, name: str, select: str = "") -> None:
        """Show a page, with something selected there."""
        if name not in self._entries:
            return
        if name != self._current:
            if (old := self.page) is not None:
                old.hidden()
            page = self._pages.get(name) or self._make(self._entries[name])
            self._current = name
            self._stack.setCurrentWidget(page)
            self._sidebar.show_page(name, focus=self._sidebar.isAncestorOf(self.focusWidget()))
            self.services.preferences.remember_text("page", name)
            if self.isVisible():
                page.shown()
        if select and (page_now := self.page) is not None:
            page_now.select(select)

    def show_first_page(self) -> None:
        """Show the page of the last time."""
        name = self.services.preferences.recall_text("page", "dashboard")
        entry = self._entries.get(name)
        self.go(name if entry is not None and entry.section else "dashboard")
        self._welcome()

    def open_palette(self) -> CommandPalette:
        """Offer all commands."""
        palette = CommandPalette(self, self.commands())
        palette.show()
        return palette

    def commands(self) -> list[Command]:
        """Return all that the palette offers now: the page's own, the machine's, the pages, the window's."""
        here = self.page.commands() if self.page is not None else []
        places = [Command(tr("Go to {page}", page=tr(entry.title)), self._goer(entry)) for entry in PAGES]
        return [*here, *self._machine_commands(), *places, Command(tr("Quit Linnet"), self.quit_wanted.emit, "Ctrl+Q")]

    def close_down(self) -> None:
        """Remember the window and let go of everything; it is about to be deleted."""
        self.services.preferences.remember("window", self.saveGeometry())
        for page in self._pages.values():
            page.close_down()
        self.services.preferences.flush()

    def _welcome(self) -> None:
        """Once, when it is known that there is no machine: show the assistant that makes one."""
        hub = self.services.hub
        if not self._welcomed and hub.loaded and hub.connection is Connection.connected:
            self._welcomed = True
            if not hub.machines:
                self.go("setup")

    def _make(self, entry: PageEntry) -> Page:
        page = entry.load()(self.services, self.go)
        page.setAccessibleName(page.title())
        self._pages[entry.name] = page
        self._stack.addWidget(page)
        return page

    def _goer(self, entry: PageEntry) -> Callable[[], object]:
        return lambda: self.go(entry.name)

    def _machine_commands(self) -> list[Command]:
        services, status = self.services, self.services.hub.status
        if status is None:
            return []
        name = status.name
        if status.state in (MachineState.stopped, MachineState.suspended):
            return [Command(tr("Start machine '{name}'", name=name), lambda: start_machine(services, name))]
        if status.state not in (MachineState.running, MachineState.degraded):
            return []

        def change(title: str, verb: str) -> Command:
            path = services.hub.path(f"/{verb}", name)
            return Command(title, lambda: services.jobs.operate(title, "POST", path))

        return [
            change(tr("Suspend machine '{name}'", name=name), "suspend"),
            change(tr("Stop machine '{name}'", name=name), "stop"),
            change(tr("Restart machine '{name}'", name=name), "restart"),
        ]

    def _build_shortcuts(self) -> None:
        QShortcut(QKeySequence(PALETTE_KEYS), self, self.open_palette)
        QShortcut(QKeySequence("Ctrl+Q"), self, self.quit_wanted.emit)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)
        QShortcut(QKeySequence("Ctrl+,"), self, lambda: self.go("settings"))
        visible = [entry for entry in PAGES if entry.section]
        for number, entry in enumerate(visible[:9], 1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, self._goer(entry))

    def _build_status_bar(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self._service = QLabel()
        self._service.setObjectName("muted")
        self._working = QPushButton()
        self._working.setProperty("flat", True)
        self._working.clicked.connect(lambda: self.go("tasks"))
        self._progress = QProgressBar()
        self._progress.setFixedWidth(120)
        self._progress.setTextVisible(False)
        commands = button(f"{tr('Commands')}  {_native(PALETTE_KEYS)}", self.open_palette, flat=True)
        bar.addWidget(self._service)
        bar.addPermanentWidget(self._progress)
        bar.addPermanentWidget(self._working)
        bar.addPermanentWidget(commands)
        self.services.jobs.changed.connect(self._show_jobs)
        self.services.jobs.added.connect(self._show_jobs)
        self.services.hub.connection_changed.connect(self._show_service)
        self._show_jobs()
        self._show_service()

    def _show_jobs(self, *_: object) -> None:
        running = self.services.jobs.running
        self._working.setVisible(bool(running))
        self._progress.setVisible(bool(running))
        if running:
            job = running[-1]
            text = job.title if len(running) == 1 else count("{n} task", "{n} tasks", len(running))
            step = f": {job.text}" if job.text and len(running) == 1 else ""
            self._working.setText(self.fontMetrics().elidedText(f"{text}{step}", Qt.TextElideMode.ElideRight, 420))
            self._working.setAccessibleName(tr("Running: {what}", what=text))
            fraction = job.fraction
            self._progress.setRange(0, 100 if fraction is not None else 0)
            self._progress.setValue(round((fraction or 0) * 100))

    def _show_service(self) -> None:
        texts = {
            Connection.connecting: tr("Connecting to Linnet's service …"),
            Connection.connected: "",
            Connection.lost: tr("Linnet's service is gone; trying to reach it …"),
        }
        self._service.setText(texts[self.services.hub.connection])

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's
        """The page is seen again."""
        super().showEvent(event)
        if self.page is not None and not event.spontaneous():
            self.page.shown()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's
        """Nobody sees the page: it stops following what changes."""
        super().hideEvent(event)
        if self.page is not None and not event.spontaneous():
            self.page.hidden()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Closing hides; nothing is stopped by it."""
        self.services.preferences.remember("window", self.saveGeometry())
        self.services.preferences.flush()
        event.accept()
        self.closed.emit()


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
