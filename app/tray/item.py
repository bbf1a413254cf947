"""The status item: state at a glance, the machine's switches, running containers, the way to the window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QMenu, QSystemTrayIcon, QWidget

from app.gui.model.collection import Row
from app.gui.model.hub import Connection
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.widgets.ask import confirm
from app.gui.widgets.sidebar import state_text
from vm.machine.status import MachineState, MachineStatus

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"

MOST = 12
"""Containers in the menu; the rest is in the window."""

_BUSY = {MachineState.starting, MachineState.resuming, MachineState.stopping, MachineState.suspending}
_PROBLEM = {MachineState.degraded, MachineState.broken}


class StatusItem(QObject):
    """An icon in the menu bar or tray, with a menu that is made when it is opened.

    Signals:
        show_wanted: the window is wanted, with the page of this name ("" for the one that is there).
        quit_wanted: window and status item shall end.
    """

    show_wanted = Signal(str)
    quit_wanted = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._menu = QMenu()
        self._menu.aboutToShow.connect(self._fill)
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self._shown = ""
        self._asking: QWidget | None = None
        hub = services.hub
        for signal in (hub.connection_changed, hub.machines_changed, hub.current_changed):
            signal.connect(self._update)
        services.jobs.ended.connect(self._on_job)
        self._update()
        self._icon.show()

    @property
    def menu(self) -> QMenu:
        """The menu; filled when it is about to be shown."""
        return self._menu

    @property
    def state(self) -> str:
        """What the icon shows: running, suspended, stopped, busy or problem."""
        return self._shown

    def _update(self, *_: object) -> None:
        hub = self._services.hub
        state = _state(hub.connection, hub.status)
        if state != self._shown:
            self._shown = state
            self._icon.setIcon(status_icon(state))
        self._icon.setToolTip(_tip(hub.connection, hub.status))

    def _fill(self) -> None:
        menu, hub = self._menu, self._services.hub
        menu.clear()
        heading = menu.addAction(_tip(hub.connection, hub.status))
        heading.setEnabled(False)
        if hub.status is not None:
            self._add_switches(menu, hub.status)
            menu.addSeparator()
            self._add_containers(menu)
        menu.addSeparator()
        menu.addAction(tr("Open Linnet")).triggered.connect(lambda: self.show_wanted.emit(""))
        menu.addAction(tr("Settings …")).triggered.connect(lambda: self.show_wanted.emit("settings"))
        menu.addSeparator()
        menu.addAction(tr("Quit …")).triggered.connect(self._quit)

    def _add_switches(self, menu: QMenu, status: MachineStatus) -> None:
        stopped = status.state in (MachineState.stopped, MachineState.suspended)
        running = status.state in (MachineState.running, MachineState.degraded)
        start = tr("Resume") if status.state is MachineState.suspended else tr("Start")
        for text, verb, enabled in (
            (start, "start", stopped),
            (tr("Suspend"), "suspend", running),
            (tr("Stop"), "stop", running),
        ):
            entry = menu.addAction(text)
            entry.setEnabled(enabled)
            entry.triggered.connect(self._changer(f"{text}: {status.name}", verb, status.name))

    def _changer(self, title: str, verb: str, name: str) -> object:
        services = self._services
        return lambda: services.jobs.operate(title, "POST", services.hub.path(f"/{verb}", name))

    def _add_containers(self, menu: QMenu) -> None:
        # Asked for when the menu opens; it shows what is known now, and is right the next time at the latest.
        containers = self._services.hub.containers
        containers.want(self)
        containers.unwant(self)
        running = [row for row in containers.rows.values() if row.get("State") == "running"]
        for row in sorted(running, key=_name)[:MOST]:
            self._add_container(menu, row)
        if len(running) > MOST:
            more = menu.addAction(count("{n} more …", "{n} more …", len(running) - MOST))
            more.triggered.connect(lambda: self.show_wanted.emit("containers"))
        if not running:
            menu.addAction(tr("No containers run")).setEnabled(False)

    def _add_container(self, menu: QMenu, row: Row) -> None:
        ports = sorted({port["PublicPort"] for port in row.get("Ports") or [] if port.get("PublicPort")})
        text = _name(row).replace("&", "&&") + (f"   :{', :'.join(map(str, ports))}" if ports else "")
        inner = menu.addMenu(text)
        for port in ports:
            address = f"http://localhost:{port}"
            inner.addAction(tr("Open {address}", address=address)).triggered.connect(_opener(address))
        inner.addAction(tr("Stop")).triggered.connect(lambda: self._stop(row))

    def _stop(self, row: Row) -> None:
        docker = self._services.hub.docker()
        title = tr("Stop {name}", name=_name(row))
        self._services.jobs.start(title, lambda _control: docker.post(f"/containers/{row['Id']}/stop"))

    def _quit(self) -> None:
        """End; ask first whether a machine that runs shall go on."""
        hub = self._services.hub
        running = [status.name for status in hub.machines.values() if status.state is MachineState.running]
        if not running:
            self.quit_wanted.emit()
            return
        stop = QCheckBox(tr("Stop the machine as well"))
        self._asking = QWidget()  # nothing but a parent; the window may not be there
        confirm(
            self._asking,
            tr("Quit Linnet?"),
            tr("Machine {names} runs. It goes on when Linnet's window is gone.", names=", ".join(running)),
            tr("Quit"),
            lambda: self._end(running if stop.isChecked() else []),
            danger=False,
            options=[stop],
        )

    def _end(self, machines: list[str]) -> None:
        services = self._services
        if not machines:
            self.quit_wanted.emit()
            return
        left = set(machines)

        def ended(name: str) -> None:
            left.discard(name)
            if not left:
                self.quit_wanted.emit()

        for name in machines:
            title = tr("Stop machine '{name}'", name=name)
            job = services.jobs.operate(title, "POST", services.hub.path("/stop", name))
            job.ended.connect(lambda name=name: ended(name))

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.DoubleClick:
            self.show_wanted.emit("")

    def _on_job(self, job: object) -> None:
        """Tell of long work that has ended while nobody looks at the window."""
        from PySide6.QtWidgets import QApplication

        from app.gui.work.jobs import Job, JobState

        if not isinstance(job, Job) or QApplication.activeWindow() is not None:
            return
        if self._services.preferences.flag("notifications") and job.state in (JobState.done, JobState.failed):
            text = tr("Done.") if job.error is None else job.error.message
            self._icon.showMessage(job.title, text, self._icon.icon())


def status_icon(state: str) -> QIcon:
    """Return the icon of a state: on macOS one that takes the menu bar's colour, else one that shows on any panel."""
    mask = sys.platform == "darwin"
    icon = QIcon(str(ICONS / f"linnet-{'template-' if mask else ''}{state}.svg"))
    icon.setIsMask(mask)
    return icon


def _state(connection: Connection, status: MachineStatus | None) -> str:
    if connection is Connection.lost or (status is not None and status.state in _PROBLEM):
        return "problem"
    if status is not None and status.state in _BUSY:
        return "busy"
    if status is not None and status.state in (MachineState.running, MachineState.suspended):
        return str(status.state)
    return "stopped"


def _tip(connection: Connection, status: MachineStatus | None) -> str:
    if connection is Connection.lost:
        return tr("Linnet's service is gone")
    if status is None:
        return tr("Linnet: no machine")
    return tr("Machine '{name}' is {state}", name=status.name, state=state_text(status.state))


def _name(row: Row) -> str:
    names = row.get("Names") or [row["Id"][:12]]
    return str(names[0]).lstrip("/")


def _opener(address: str) -> object:
    def show() -> None:
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(address)

    return show
