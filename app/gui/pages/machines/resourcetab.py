"""The tab that changes what a machine has: processors, memory, disk, and whether it starts by itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QDialog

from app.gui.model.hub import UP
from app.gui.pages.machines.host import Room, measure
from app.gui.pages.machines.resources import NAMES, ResourceForm
from app.gui.pages.machines.tab import AskingTab
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import button, column, row, scrolled
from app.gui.widgets.forms import Remark
from vm.errors import LinnetError
from vm.machine.status import MachineState, MachineStatus
from vm.units import parse_size


class ResourceTab(AskingTab):
    """Sliders, and buttons that save.

    Attributes:
        form: the sliders.
        autostart: whether it starts together with Linnet's service.
        save: changes the settings; what needs a restart waits for it.
        save_now: changes them and restarts the machine.
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._autostart_before = False
        self._loaded = ""
        self.form = ResourceForm(wide=True)
        self.form.changed.connect(self._on_changed)
        self.autostart = QCheckBox(tr("Start it together with Linnet's service"))
        self.autostart.toggled.connect(self._on_changed)
        self.hint = Remark("muted")
        self.save = button(tr("Save"), lambda: self._save(restart=False), primary=True)
        self.save_now = button(tr("Save and restart …"), self._ask_restart)
        self.undo = button(tr("Undo"), self._undo)
        content = column(
            self.form,
            self.autostart,
            self.problem,
            self.hint,
            row(self.save, self.save_now, self.undo, None),
            None,
            spacing=2 * GRID,
        )
        content.setContentsMargins(0, GRID, GRID, GRID)
        area = scrolled(content, tr("Resources"))
        self.setLayout(column(area, spacing=0))
        self._on_changed()

    def machine_changed(self) -> None:
        """See MachineTab."""
        self._loaded = ""
        self.form.setEnabled(False)
        super().machine_changed()

    def updated(self, before: MachineStatus | None) -> None:
        """See MachineTab."""
        if before is None or self.status is None or before.state is not self.status.state:
            self._on_changed()

    def seen(self) -> None:
        """Load the settings, unless the user is about to change them."""
        if self.status is None or (self._loaded == self.machine and self._changes()):
            return
        name, hub, layout = self.machine, self.services.hub, self.services.layout

        def load() -> tuple[Room, dict[str, Any]]:
            with hub.client() as client:
                values = client.get(hub.path("/settings", name))["values"]
            return measure(layout), {one["name"]: one["value"] for one in values}

        self.ask(load, lambda found: self._show(*found))

    def _show(self, room: Room, values: dict[str, Any]) -> None:
        name = self.machine
        if self._loaded == name and self._changes():
            return  # what the user is about to change is not overwritten
        sizes = {key: parse_size(str(values[key])) for key in NAMES}
        self._loaded = name
        self.problem.say("")
        self.form.load(room, sizes, exists=True)
        self.form.setEnabled(True)
        self._autostart_before = bool(values["autostart"])
        self.autostart.setChecked(self._autostart_before)
        self._on_changed()

    def _changes(self) -> dict[str, Any]:
        changes = self.form.changes
        if self.autostart.isChecked() != self._autostart_before:
            changes["autostart"] = self.autostart.isChecked()
        return changes

    def _on_changed(self, *_: object) -> None:
        ready = bool(self._loaded)
        changes = self._changes() if ready else {}
        waiting = self._needs_restart(changes)
        self.autostart.setEnabled(ready)
        self.save.setEnabled(bool(changes))
        self.save_now.setVisible(waiting)
        self.undo.setEnabled(bool(changes))
        if waiting and self.status is not None and self.status.state is MachineState.suspended:
            self.save_now.hide()
            text = tr("It takes effect when the machine has been stopped and started; a resume keeps what it has.")
        elif waiting:
            text = tr("The running machine takes this at its next start. Save now, or save and restart it.")
        else:
            text = ""
        self.hint.say(text)

    def _needs_restart(self, changes: dict[str, Any]) -> bool:
        if self.status is None or not changes.keys() & set(NAMES):
            return False
        return self.status.state is not MachineState.stopped

    def _ask_restart(self) -> QDialog:
        return confirm(
            self,
            tr("Restart machine '{name}'?", name=self.machine),
            tr("Its containers are stopped; those with a restart policy come back by themselves."),
            tr("Save and restart"),
            lambda: self._save(restart=True),
            danger=False,
        )

    def _save(self, *, restart: bool) -> None:
        changes, name = self._changes(), self.machine
        if not changes or self.status is None:
            return
        restart = restart and self.status.state in UP
        self.save.setEnabled(False)
        self.services.jobs.operate(
            tr("Change machine '{name}'", name=name),
            "PATCH",
            self.services.hub.path("/settings", name),
            {"settings": changes, "restart": restart},
            success=lambda result: self._on_saved(name, result),
            failure=lambda error: self._on_refused(name, error),
        )

    def _on_saved(self, name: str, result: dict[str, Any]) -> None:
        self.services.hub.look_again(name)
        waiting = bool(result.get("restart_needed"))
        text = tr("Saved; it takes effect at the next start.") if waiting else tr("Saved.")
        self.services.messages.tell(text, "good")
        if name == self.machine:
            self._loaded = ""
            if self.active:
                self.seen()

    def _on_refused(self, name: str, error: LinnetError) -> None:
        self.fail(name, error)
        self._on_changed()

    def _undo(self) -> None:
        self.autostart.setChecked(self._autostart_before)
        self.form.reset()
