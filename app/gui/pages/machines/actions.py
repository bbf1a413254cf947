"""What can be done with a machine: the ways between its states, and its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QDialog, QPushButton, QWidget

from app.gui.model.hub import UP
from app.gui.pages.base import start_machine
from app.gui.pages.machines.losses import Losses, find_losses
from app.gui.services import Services
from app.gui.text import tr
from app.gui.widgets.ask import confirm
from app.gui.work.runner import Op
from vm.machine.status import MachineState, MachineStatus


@dataclass(frozen=True)
class Action:
    """One thing that can be done.

    Attributes:
        name: what the code calls it.
        title: what the user reads, in their language.
        run: does it.
        enabled: whether it makes sense in the machine's state.
        separated: whether a menu draws a line above it.
    """

    name: str
    title: str
    run: Callable[[], object]
    enabled: bool
    separated: bool = False


class MachineActions(QObject):
    """Does things with machines, asking first where something is lost."""

    def __init__(self, services: Services, page: QWidget) -> None:
        """`page`: whose window asks."""
        super().__init__(page)
        self._services = services
        self._page = page

    def all(self, status: MachineStatus) -> list[Action]:
        """Return everything that can be done with a machine, in the order of a menu."""
        state, up = status.state, status.state in UP
        suspended = state is MachineState.suspended
        at_rest = state in (MachineState.stopped, MachineState.suspended)
        current = self._services.hub.current == status.name
        start = tr("Resume") if suspended else tr("Start")

        def change(verb: str, title: str) -> Callable[[], object]:
            return lambda: self._change(status.name, verb, title)

        return [
            Action("start", start, lambda: start_machine(self._services, status.name), at_rest),
            Action("suspend", tr("Suspend"), change("suspend", tr("Suspend machine '{name}'", name=status.name)), up),
            Action("stop", tr("Stop"), change("stop", tr("Stop machine '{name}'", name=status.name)), up),
            Action("restart", tr("Restart"), change("restart", tr("Restart machine '{name}'", name=status.name)), up),
            Action("force-stop", tr("Force stop …"), lambda: self.force_stop(status), not at_rest, True),
            Action("discard", tr("Discard suspended state …"), lambda: self.discard(status), suspended),
            Action("view", tr("Have in view"), lambda: self._services.hub.choose(status.name), not current, True),
            Action("delete", tr("Delete …"), lambda: self.delete(status), True, True),
        ]

    def force_stop(self, status: MachineStatus) -> QDialog:
        """Ask, then end a machine at once."""
        return confirm(
            self._page,
            tr("Force machine '{name}' to stop?", name=status.name),
            tr(
                "It is switched off at once, like pulling the plug. What containers have not written to disk yet is "
                "lost. Its images, containers and volumes stay."
            ),
            tr("Force stop"),
            lambda: self._stop(status.name, force=True),
        )

    def discard(self, status: MachineStatus) -> QDialog:
        """Ask, then have a suspended machine be a stopped one."""
        return confirm(
            self._page,
            tr("Discard the suspended state of '{name}'?", name=status.name),
            tr(
                "What its programs had in memory is lost; running containers count as ended. What is on its disk stays."
            ),
            tr("Discard"),
            lambda: self._stop(status.name, force=False),
        )

    def delete(self, status: MachineStatus) -> None:
        """Find out what would be lost, ask, then delete a machine."""
        (
            Op(self, lambda: find_losses(self._services.hub, status))
            .success(lambda losses: self._ask_delete(status, losses))
            .run(self._services.runner)
        )

    def restart_for(self, status: MachineStatus) -> QDialog:
        """Ask, then restart a machine so that it takes its new settings."""
        title = tr("Restart machine '{name}'", name=status.name)
        return confirm(
            self._page,
            tr("Restart machine '{name}'?", name=status.name),
            tr("Its containers are stopped; those with a restart policy come back by themselves."),
            tr("Restart"),
            lambda: self._change(status.name, "restart", title),
            danger=False,
        )

    def _ask_delete(self, status: MachineStatus, losses: Losses) -> None:
        sure = QCheckBox(tr("Delete '{name}' with all that is listed here", name=status.name))
        dialog = confirm(
            self._page,
            tr("Delete machine '{name}'?", name=status.name),
            f"{losses.text} {tr('Shared folders stay: they are on this computer. This cannot be undone.')}",
            tr("Delete machine"),
            lambda: self._delete(status.name),
            losses=losses.lines,
            options=[sure],
        )
        verb = next(one for one in dialog.findChildren(QPushButton) if one.property("danger"))
        verb.setEnabled(False)
        sure.toggled.connect(verb.setEnabled)

    def _delete(self, name: str) -> None:
        services = self._services
        services.jobs.operate(
            tr("Delete machine '{name}'", name=name),
            "DELETE",
            services.hub.path("", name),
            success=lambda _: self._on_deleted(name),
        )

    def _on_deleted(self, name: str) -> None:
        self._services.hub.look_again(name)
        self._services.messages.tell(tr("Machine '{name}' is deleted.", name=name), "good")

    def _stop(self, name: str, *, force: bool) -> None:
        title = tr("Force machine '{name}' to stop", name=name) if force else tr("Stop machine '{name}'", name=name)
        self._services.jobs.operate(title, "POST", self._services.hub.path("/stop", name), {"force": force})

    def _change(self, name: str, verb: str, title: str) -> None:
        self._services.jobs.operate(title, "POST", self._services.hub.path(f"/{verb}", name))
