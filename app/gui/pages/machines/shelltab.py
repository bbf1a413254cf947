"""The tab with a shell in a machine; each machine keeps its own."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from app.gui.model.hub import UP
from app.gui.pages.base import start_machine
from app.gui.pages.machines.tab import MachineTab
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets.basics import column
from app.gui.widgets.empty import EmptyState
from app.gui.widgets.terminal import TerminalView
from vm.machine.status import MachineState, MachineStatus


class ShellTab(MachineTab):
    """A terminal for each machine that was looked at.

    Attributes:
        terminals: by machine.
        empty: what is said while the machine does not run.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.terminals: dict[str, TerminalView] = {}
        self.empty = EmptyState(services.icons)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self.setLayout(column(self._stack, spacing=0))

    def updated(self, before: MachineStatus | None) -> None:
        """See MachineTab: a machine that has ended takes its shell with it."""
        status = self.status
        if status is None:
            return
        if status.state in (MachineState.stopped, MachineState.broken):
            self.forget(status.name)
        if self.active and (before is None or before.state is not status.state):
            self.seen()

    def seen(self) -> None:
        """Open a shell, unless there is one."""
        status = self.status
        if status is None:
            return
        if status.state not in UP:
            self._say(status)
            return
        terminal = self.terminals.get(status.name)
        if terminal is None:
            terminal = self.terminals[status.name] = TerminalView(self.services)
            self._stack.addWidget(terminal)
            terminal.open_machine(status.name)
        self._stack.setCurrentWidget(terminal)

    def forget(self, machine: str) -> None:
        """See MachineTab."""
        terminal = self.terminals.pop(machine, None)
        if terminal is not None:
            terminal.close_session()
            self._stack.removeWidget(terminal)
            terminal.deleteLater()

    def close_down(self) -> None:
        """See MachineTab."""
        for machine in list(self.terminals):
            self.forget(machine)

    def _say(self, status: MachineStatus) -> None:
        self._stack.setCurrentWidget(self.empty)
        at_rest = status.state in (MachineState.stopped, MachineState.suspended)
        self.empty.tell(
            "terminal",
            tr("A shell needs a running machine"),
            "",
            (tr("Resume") if status.state is MachineState.suspended else tr("Start")) if at_rest else "",
            lambda: start_machine(self.services, status.name),
            busy=not at_rest and status.state is not MachineState.broken,
        )
