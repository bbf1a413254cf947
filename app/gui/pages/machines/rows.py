"""All machines as rows of a list."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.gui.model.collection import Collection
from app.gui.model.hub import Hub
from app.gui.work.runner import TaskRunner


class MachineRows(Collection):
    """One row a machine: `name`, `status` (a MachineStatus), `current` (whether it is in view). The hub feeds it."""

    def __init__(self, parent: QObject, hub: Hub, runner: TaskRunner) -> None:
        super().__init__(parent, runner, list, lambda row: str(row["name"]))
        self._hub = hub
        hub.machines_changed.connect(self._follow)
        hub.current_changed.connect(self._follow)
        self._follow()

    def _follow(self, *_: object) -> None:
        hub = self._hub
        self.drop([name for name in self.rows if name not in hub.machines])
        self.put(
            [{"name": name, "status": status, "current": name == hub.current} for name, status in hub.machines.items()]
        )
