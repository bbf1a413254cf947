"""One machine: its state, what can be done with it, and its tabs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QMenu, QTabWidget, QWidget

from app.gui.model.hub import UP
from app.gui.pages.machines.actions import Action, MachineActions
from app.gui.pages.machines.enginetab import EngineTab
from app.gui.pages.machines.logtab import LogTab
from app.gui.pages.machines.overview import Overview
from app.gui.pages.machines.resourcetab import ResourceTab
from app.gui.pages.machines.sharetab import ShareTab
from app.gui.pages.machines.shelltab import ShellTab
from app.gui.pages.machines.snapshottab import SnapshotTab
from app.gui.pages.machines.tab import MachineTab
from app.gui.pages.machines.upgradenotice import UpgradeNotice
from app.gui.pages.machines.words import setting_names
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, icon_button, label, menu_button, row, set_primary
from app.gui.widgets.sidebar import TONES, state_text
from vm.machine.status import MachineState, MachineStatus


class MachineDetail(QWidget):
    """The machine that is chosen in the list.

    Attributes:
        main: the button that matters: start, resume or suspend.
        tabs: its tabs, overview first.
        banner: says what waits for a restart.
        upgrade: says what another guest image waits for.
    """

    def __init__(self, services: Services, actions: MachineActions) -> None:
        super().__init__()
        self._services = services
        self._actions = actions
        self.status: MachineStatus | None = None
        icons = services.icons
        self._dot = label()
        self._name = label("", "heading")
        self._state = label("", "muted")
        self.main = button("", lambda: self._run("suspend" if self._up() else "start"), primary=True)
        self.stop = icon_button(icons, "stop", tr("Stop"), lambda: self._run("stop"))
        self.restart = icon_button(icons, "restart", tr("Restart"), lambda: self._run("restart"))
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self.fill_menu(menu))
        self.more = menu_button(icons, "more", tr("More about the machine"), menu)
        self.overview = Overview()
        self.resources = ResourceTab(services)
        self.shares = ShareTab(services)
        self.engine = EngineTab(services)
        self.snapshots = SnapshotTab(services)
        self.shell = ShellTab(services)
        self.logs = LogTab(services)
        self.parts: tuple[MachineTab, ...] = (
            self.resources, self.shares, self.engine, self.snapshots, self.shell, self.logs,
        )  # fmt: skip
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(tr("About the machine"))
        self.tabs.setDocumentMode(True)
        for part, title in (
            (self.overview, tr("Overview")),
            (self.resources, tr("Resources")),
            (self.shares, tr("Shared folders")),
            (self.engine, tr("Engine")),
            (self.snapshots, tr("Snapshots")),
            (self.shell, tr("Shell")),
            (self.logs, tr("Logs")),
        ):
            self.tabs.addTab(part, title)
        self.tabs.currentChanged.connect(lambda _place: self._set_active())
        self._seen = False
        self._waiting = label("", wrap=True)
        self._restart_now = button(tr("Restart now …"), self._restart)
        self.banner = QFrame()
        self.banner.setObjectName("banner")
        self.banner.setProperty("tone", "warn")
        waiting = row(self._waiting, self._restart_now, margins=GRID)
        waiting.setStretch(0, 1)
        self.banner.setLayout(waiting)
        self.banner.hide()
        head = row(self._dot, self._name, self._state, None, self.main, self.stop, self.restart, self.more)
        self.upgrade = UpgradeNotice(services)
        content = column(head, self.banner, self.upgrade, self.tabs, spacing=GRID)
        content.setContentsMargins(0, GRID, 0, 0)
        content.setStretch(3, 1)
        self.setLayout(content)

    def show_status(self, status: MachineStatus) -> None:
        """Show a machine."""
        self.status = status
        state = status.state
        tone = TONES.get(state, "accent")
        self._dot.setPixmap(self._services.icons.get("dot", tone).pixmap(16, 16))
        self._name.setText(status.name)
        step = f" – {status.step}" if status.step else ""
        self._state.setText(f"{state_text(state)}{step}")
        up = self._up()
        at_rest = state in (MachineState.stopped, MachineState.suspended)
        text = tr("Suspend") if up else tr("Resume") if state is MachineState.suspended else tr("Start")
        self.main.setText(text)
        self.main.setAccessibleName(text)
        self.main.setEnabled(up or at_rest)
        set_primary(self.main, primary=at_rest)
        self.stop.setEnabled(up)
        self.restart.setEnabled(up)
        self._waiting.setText(
            tr("Changed, and waits for a restart: {settings}.", settings=setting_names(status.restart_needed))
        )
        self.banner.setVisible(bool(status.restart_needed))
        self._restart_now.setVisible(up)
        self.upgrade.show_status(status)
        self.overview.show_status(status)
        for part in self.parts:
            part.show_status(status)

    def set_seen(self, *, seen: bool) -> None:
        """Say whether the user sees this."""
        self._seen = seen
        self._set_active()

    def forget(self, machine: str) -> None:
        """A machine is gone."""
        for part in self.parts:
            part.forget(machine)

    def close_down(self) -> None:
        """Let go of everything."""
        for part in self.parts:
            part.set_active(active=False)
            part.close_down()

    def fill_menu(self, menu: QMenu) -> None:
        """Put what can be done with the machine into a menu."""
        menu.clear()
        for action in self._actions.all(self.status) if self.status is not None else []:
            if action.separated:
                menu.addSeparator()
            entry = menu.addAction(action.title)
            entry.setEnabled(action.enabled)
            entry.triggered.connect(_runner(action))

    def _up(self) -> bool:
        return self.status is not None and self.status.state in UP

    def _run(self, name: str) -> None:
        if self.status is not None:
            action = next(one for one in self._actions.all(self.status) if one.name == name)
            if action.enabled:
                action.run()

    def _set_active(self) -> None:
        current = self.tabs.currentWidget()
        for part in self.parts:
            if part is not current or not self._seen:
                part.set_active(active=False)
        if isinstance(current, MachineTab) and self._seen:
            current.set_active(active=True)

    def _restart(self) -> None:
        if self.status is not None:
            self._actions.restart_for(self.status)


def _runner(action: Action) -> Callable[[], None]:
    def run() -> None:
        action.run()

    return run
