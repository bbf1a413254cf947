"""Linnet's own settings, and those of a machine, as linnetd has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFrame

from app.core.settings import APP_SETTINGS
from app.gui.model.hub import UP, Connection
from app.gui.pages.settings.field import field_of
from app.gui.pages.settings.group import Group
from app.gui.pages.settings.words import choice_text, title_of
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import button, label, row
from app.gui.work.jobs import Job, JobState
from app.gui.work.runner import Op
from vm.config.settings import MACHINE_SETTINGS
from vm.errors import LinnetError


class LinnetGroup(Group):
    """What is set for all machines."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, tr("Linnet"), [field_of(setting) for setting in APP_SETTINGS])

    def load(self) -> None:
        """See Group."""
        if self.services.hub.connection is not Connection.connected:
            self._card.setEnabled(False)
            return

        def ask() -> dict[str, Any]:
            with self.services.hub.client() as client:
                return dict(client.get("/v1/settings"))

        Op(self, ask).success(self.show_values).failure(self.show_failure).run(self.services.runner)

    def apply(self, name: str, value: Any, done: Callable[[], None], failed: Callable[[LinnetError], None]) -> None:
        """See Group."""

        def change() -> object:
            with self.services.hub.client() as client:
                return client.patch("/v1/settings", {"settings": {name: value}})

        Op(self, change).success(lambda _: done()).failure(failed).run(self.services.runner)


class MachineGroup(Group):
    """What is set for the machine in view.

    Attributes:
        machine: its name, "" when there is none.
        restart: the button that has changes take effect.
    Signals:
        left: another machine is in view; what was changed belongs to the one before.
    """

    left = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__(services, tr("Machine"), [field_of(setting) for setting in MACHINE_SETTINGS])
        self.machine = ""
        self._jobs: dict[str, Job] = {}
        self._waiting = label("", wrap=True)
        self.restart = button(tr("Restart now …"), self.ask_restart)
        self._banner = QFrame()
        self._banner.setObjectName("banner")
        self._banner.setProperty("tone", "warn")
        content = row(self._waiting, self.restart, margins=GRID + 4)
        content.setStretch(0, 1)
        self._banner.setLayout(content)
        self._layout.insertWidget(1, self._banner)
        self.show_state()

    @property
    def waiting(self) -> str:
        """What is said about a restart, "" when nothing waits for one."""
        return "" if self._banner.isHidden() else self._waiting.text()

    def load(self) -> None:
        """See Group."""
        name, hub = self.machine, self.services.hub
        if not name or hub.connection is not Connection.connected:
            return

        def ask() -> dict[str, Any]:
            with hub.client() as client:
                return dict(client.get(hub.path("/settings", name)))

        (
            Op(self, ask)
            .success(lambda answer: self.show_values(answer) if name == self.machine else None)
            .failure(lambda error: self.show_failure(error) if name == self.machine else None)
            .run(self.services.runner)
        )

    def apply(self, name: str, value: Any, done: Callable[[], None], failed: Callable[[LinnetError], None]) -> None:
        """See Group. Another engine stops the containers of the one before: that is asked first."""
        status = self.services.hub.status
        if name == "engine" and status is not None and status.state in UP:
            self._ask_engine(value, lambda: self._patch(name, value, done, failed))
        else:
            self._patch(name, value, done, failed)

    def show_state(self) -> None:
        """Show what is known of the machine in view: its name, what waits for a restart."""
        hub = self.services.hub
        status = hub.status
        before, self.machine = self.machine, status.name if status is not None else ""
        if self.machine != before:
            self._card.setEnabled(False)
            for shown in self.rows.values():
                shown.show_again()
            self.left.emit()
        if status is None:
            self.show_title(tr("Machine"))
            self._banner.hide()
            self.show_nothing(tr("There is no machine yet; its settings are shown here once there is one."))
            return
        self.show_title(tr("Machine '{name}'", name=status.name))
        waiting = [name for name in status.restart_needed if name in self.rows]
        for name, shown in self.rows.items():
            shown.set_waiting(waiting=name in waiting)
        titles = ", ".join(title_of(name) for name in waiting)
        self._waiting.setText(tr("Wait for a restart of '{name}': {settings}.", name=status.name, settings=titles))
        self._banner.setVisible(bool(waiting))

    def ask_restart(self) -> QDialog | None:
        """Ask, then restart the machine so that it takes its new settings."""
        name = self.machine
        if not name:
            return None
        hub, title = self.services.hub, tr("Restart machine '{name}'", name=name)
        return confirm(
            self,
            tr("Restart machine '{name}'?", name=name),
            tr("Its containers are stopped; those with a restart policy come back by themselves."),
            tr("Restart"),
            lambda: self.services.jobs.operate(
                title, "POST", hub.path("/restart", name), success=lambda _: hub.look_again(name)
            ),
            danger=False,
        )

    def _ask_engine(self, kind: str | None, accepted: Callable[[], None]) -> None:
        shown = self.rows["engine"]
        wanted = choice_text("engine", kind or str(shown.value.default if shown.value else ""))
        dialog = confirm(
            self,
            tr("Switch '{machine}' to {engine}?", machine=self.machine, engine=wanted),
            tr(
                "The containers that run now are stopped. Images, containers and volumes of the engine in use stay "
                "with it, and are there again when you switch back; the other one has its own."
            ),
            tr("Switch"),
            accepted,
            danger=False,
        )
        dialog.rejected.connect(shown.show_again)

    def _patch(self, name: str, value: Any, done: Callable[[], None], failed: Callable[[LinnetError], None]) -> None:
        machine, hub = self.machine, self.services.hub

        def succeed(_: Any) -> None:
            hub.look_again(machine)
            if machine == self.machine:
                done()

        def fail(error: LinnetError) -> None:
            if machine == self.machine:
                failed(error)
            else:
                self.services.messages.error(error)

        self._jobs[name] = job = self.services.jobs.operate(
            tr("Change {setting} of '{machine}'", setting=title_of(name), machine=machine),
            "PATCH",
            hub.path("/settings", machine),
            {"settings": {name: value}, "restart": False},
            success=succeed,
            failure=fail,
        )
        job.ended.connect(self._on_job)

    def _on_job(self) -> None:
        """Forget jobs that are over; what was cancelled on the page of tasks has changed nothing."""
        for name, job in list(self._jobs.items()):
            if job.state is not JobState.running:
                del self._jobs[name]
                if job.state is JobState.cancelled:
                    self.rows[name].show_again()
