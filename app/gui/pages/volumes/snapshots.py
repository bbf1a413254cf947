"""The tab of a volume's snapshots and backups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from app.gui.pages.volumes.backing import aged, described
from app.gui.pages.volumes.copies import Copies
from app.gui.services import Services
from app.gui.text import explained, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.forms import Remark
from app.gui.widgets.shortlist import ShortList, list_row
from app.gui.work.runner import Op
from vm.errors import LinnetError
from vm.units import human_size


class SnapshotTab(QWidget):
    """The list, newest first, and what can be done.

    Attributes:
        list: the snapshots.
        backup: how the volume is backed up, None when it is not.
        problem: why the snapshots cannot be shown.
    """

    def __init__(self, services: Services, copies: Copies, running: Callable[[str], list[str]]) -> None:
        """`running` returns the names of the containers that have a volume and run."""
        super().__init__()
        self._services = services
        self._copies = copies
        self._running = running
        self._volume = ""
        self.backup: dict[str, Any] | None = None
        self.list = ShortList(
            tr("Snapshots of the volume"), [tr("Snapshot"), tr("Taken"), tr("Size"), tr("Remark")], (240, 240, 96)
        )
        self.list.itemSelectionChanged.connect(self._on_selected)
        self.problem = Remark("bad", selectable=True)
        self._take = button(tr("Take a snapshot"), lambda: copies.ask_snapshot(self._volume))
        self._roll = button(tr("Roll back …"), self.ask_rollback)
        self._clone = button(tr("Clone …"), lambda: copies.ask_clone(self._volume, self.chosen))
        self._delete = button(tr("Delete …"), lambda: copies.ask_remove(self._volume, self.chosen), danger=True)
        self._backup = label("", wrap=True)
        self._add = button(tr("Back up …"), lambda: copies.ask_backup(self._volume))
        self._now = button(tr("Back up now"), lambda: copies.back_up(self._volume))
        self._stop = button(tr("Stop backups …"), lambda: copies.ask_stop_backup(self._volume))
        tools = row(self._take, None, self._roll, self._clone, self._delete)
        backups = row(self._backup, self._add, self._now, self._stop)
        backups.setStretch(0, 1)
        content = column(self.list, self.problem, tools, backups, spacing=GRID)
        content.setContentsMargins(0, GRID, 0, 0)
        self.setLayout(content)
        copies.changed.connect(self._on_changed)
        self._tell(None, None)

    @property
    def chosen(self) -> str:
        """The snapshot that is selected, "" for none."""
        return self.list.key

    def show_volume(self, volume: str) -> None:
        """Show the snapshots of a volume."""
        if volume != self._volume:
            self._volume = volume
            self._tell(None, None)
        self.load()

    def load(self) -> None:
        """Ask again."""
        volume = self._volume
        if not volume or not self._services.hub.engine_ready:
            return
        work = Op(self, lambda: self._copies.load(volume))
        work.success(lambda found: self._tell(*found) if volume == self._volume else None)
        work.failure(self._on_failure).run(self._services.runner)

    def ask_rollback(self) -> None:
        """Ask whether the volume is put back to the chosen snapshot."""
        if self.chosen:
            self._copies.ask_rollback(self._volume, self.chosen, self._running(self._volume))

    def _tell(self, snapshots: list[dict[str, Any]] | None, backup: dict[str, Any] | None) -> None:
        """Show what is known; `snapshots`: None when that is nothing yet."""
        nothing = tr(
            "There are no snapshots. One takes no space until the volume is changed, and stays when it is removed."
        )
        rows = (list_row(one["name"], _cells(one)) for one in snapshots or ())
        self.list.show_rows(rows, "" if snapshots is None else nothing)
        self.problem.say("")
        self.backup = backup
        self._backup.setText(described(backup))
        self._add.setVisible(backup is None)
        self._now.setVisible(backup is not None)
        self._stop.setVisible(backup is not None)
        self._on_selected()

    def _on_failure(self, error: LinnetError) -> None:
        self._tell(None, None)
        self.problem.say(explained(error))

    def _on_selected(self) -> None:
        for one in (self._roll, self._clone, self._delete):
            one.setEnabled(bool(self.chosen))

    def _on_changed(self, volume: str) -> None:
        if volume == self._volume and self.isVisible():
            self.load()


def _cells(snapshot: dict[str, Any]) -> list[str]:
    return [
        snapshot["name"], aged(snapshot["created"]), human_size(snapshot["size"]), snapshot["note"] or "",
    ]  # fmt: skip
