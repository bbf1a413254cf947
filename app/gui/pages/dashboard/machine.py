"""The machine in view: its state, the one button that matters, its engine, where its memory and disk are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QWidget

from app.gui.pages.base import start_machine
from app.gui.pages.dashboard.freespace import FreeSpace
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, card, icon_button, label, menu_button, row, set_primary
from app.gui.widgets.ledger import Ledger, Part
from app.gui.widgets.sidebar import TONES, state_text
from vm.machine.status import MachineState, MachineStatus
from vm.units import human_size

_ENGINES = {"podman": "Podman", "podman-rootful": "Podman (rootful)", "docker": "Moby"}


class MachineCard(QWidget):
    """A card about a machine.

    Attributes:
        main: the button that matters now.
        ledger: where its memory is; only while that is known.
    """

    def __init__(self, services: Services, go: Callable[[str, str], None], space: FreeSpace) -> None:
        super().__init__()
        self._services = services
        self._space = space
        self._status: MachineStatus | None = None
        self._dot = label()
        self._name = label("", "heading")
        self._state = label("", "muted")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        more = menu_button(services.icons, "more", tr("More about the machine"), self._menu)
        self.main: QPushButton = button("", self._act, primary=True)
        self._go = go
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(3 * GRID)
        self._facts.setVerticalSpacing(GRID // 2)
        self._facts.setColumnStretch(1, 1)
        self._facts.setColumnStretch(4, 1)
        self._values: dict[str, QLabel] = {}
        for place, (name, title) in enumerate(
            {
                "engine": tr("Engine"),
                "memory": tr("Memory"),
                "socket": tr("Docker API"),
                "host": tr("On this computer"),
                "machine": tr("Hardware"),
                "disk": tr("Disk"),
            }.items()
        ):
            value = self._values[name] = label("", selectable=True)
            value.setMinimumWidth(120)
            line, side = divmod(place, 2)
            self._facts.addWidget(label(title, "muted"), line, side * 3)
            self._facts.addWidget(value, line, side * 3 + 1)
        copy = icon_button(services.icons, "copy", tr("Copy the socket's address"), self._copy)
        self._facts.addWidget(copy, 1, 2)
        self.ledger = Ledger(services.theme, tr("Memory of the machine"), human_size)
        self.ledger.hide()
        head = row(self._dot, self._name, self._state, None, self.main, more)
        self.setLayout(row(card(head, self._facts, self.ledger), spacing=0))

    @property
    def texts(self) -> dict[str, str]:
        """What is said of the machine, by the name of the fact."""
        return {name: value.text() for name, value in self._values.items()}

    def show_status(self, status: MachineStatus) -> None:
        """Show a machine."""
        self._status = status
        tone = TONES.get(status.state, "accent")
        self._dot.setPixmap(self._services.icons.get("dot", tone).pixmap(16, 16))
        self._name.setText(status.name)
        self._state.setText(state_text(status.state))
        text, enabled = _main_action(status.state)
        self.main.setText(text)
        self.main.setAccessibleName(text)
        self.main.setEnabled(enabled)
        set_primary(self.main, primary=status.state in (MachineState.stopped, MachineState.suspended))
        engine = status.engine
        kind = _ENGINES.get(engine.kind, engine.kind) if engine else ""
        healthy = "" if engine is None or engine.healthy else f" · {engine.error or tr('does not answer')}"
        self._say("engine", f"{kind} {engine.version or ''}{healthy}".strip() if engine else "–")
        self._say("socket", status.docker_socket)
        memory = status.memory_use
        self.ledger.setVisible(memory is not None)
        if memory is not None:
            used = tr("{used} used of {total}", used=human_size(memory.used), total=human_size(memory.total))
            self.ledger.tell(
                [
                    Part(tr("Containers"), memory.containers, "accent"),
                    Part(tr("System"), memory.system, "good"),
                    Part(tr("Cache"), memory.cache, "muted"),
                    Part(tr("Free"), memory.free, "line"),
                ]
            )
            rss = human_size(memory.host_rss) if memory.host_rss else "–"
            disk = human_size(status.disk_use.on_host) if status.disk_use else "–"
            self._say("memory", used)
            self._say("host", tr("{memory} memory, {disk} disk", memory=rss, disk=disk))
        if status.disk_use is not None:
            of = tr("{used} used of {size}")
            self._say("disk", of.format(used=human_size(status.disk_use.used), size=human_size(status.disk_use.size)))
        self._say("machine", tr("{cpus} CPUs, {driver}, {accelerator}", cpus=status.cpus, driver=status.driver,
                                accelerator=status.accelerator))  # fmt: skip

    def _say(self, name: str, text: str) -> None:
        value = self._values[name]
        value.setText(value.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 300))
        value.setToolTip(text)

    def _act(self) -> None:
        status = self._status
        if status is None:
            return
        if status.state in (MachineState.stopped, MachineState.suspended):
            start_machine(self._services, status.name)
        else:
            self._change(tr("Suspend machine '{name}'", name=status.name), "suspend")

    def _change(self, title: str, verb: str) -> None:
        if self._status is not None:
            self._services.jobs.operate(title, "POST", self._services.hub.path(f"/{verb}", self._status.name))

    def _fill_menu(self) -> None:
        self._menu.clear()
        status = self._status
        if status is None:
            return
        running = status.state in (MachineState.running, MachineState.degraded)
        stop, restart = tr("Stop machine '{name}'", name=status.name), tr("Restart machine '{name}'", name=status.name)
        for title, verb in ((stop, "stop"), (restart, "restart")):
            entry = self._menu.addAction(title)
            entry.setEnabled(running)
            entry.triggered.connect(self._changer(title, verb))
        self._menu.addSeparator()
        for title, work in (
            (tr("Free space …"), self._space.ask_prune),
            (tr("Compact the disk"), self._space.compact),
        ):
            entry = self._menu.addAction(title)
            entry.setEnabled(running)
            entry.triggered.connect(work)
        self._menu.addSeparator()
        self._menu.addAction(tr("Edit …")).triggered.connect(lambda: self._go("machines", status.name))

    def _changer(self, title: str, verb: str) -> Callable[[], None]:
        return lambda: self._change(title, verb)

    def _copy(self) -> None:
        if self._status is not None:
            QGuiApplication.clipboard().setText(f"unix://{self._status.docker_socket}")
            self._services.messages.tell(tr("The address is copied; DOCKER_HOST takes it."), "good")


def _main_action(state: MachineState) -> tuple[str, bool]:
    if state in (MachineState.running, MachineState.degraded):
        return tr("Suspend"), True
    if state is MachineState.suspended:
        return tr("Resume"), True
    return tr("Start"), state is MachineState.stopped
