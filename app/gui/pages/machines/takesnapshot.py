"""The dialog that takes a snapshot of a machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.gui.text import tr
from app.gui.widgets.basics import label
from app.gui.widgets.forms import FormDialog
from vm.errors import UsageError
from vm.machine.snapshotstore import NOTE_LIMIT, check_name


class TakeSnapshotDialog(FormDialog):
    """Asks what to call it, what it is for, and whether memory is kept; `accepted_body` gets the body."""

    def __init__(
        self,
        parent: QWidget,
        accepted_body: Callable[[dict[str, Any]], None],
        *,
        taken: frozenset[str],
        memory: bool,
    ) -> None:
        """`taken`: names that are in use; `memory`: whether the machine has any that could be kept."""
        super().__init__(parent, tr("Take snapshot"), tr("Take snapshot"))
        self._taken = taken
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name"))
        self.name.setPlaceholderText(tr("date and time"))
        self.name.textChanged.connect(self._judge)
        self.note = QLineEdit()
        self.note.setAccessibleName(tr("Note"))
        self.note.setMaxLength(NOTE_LIMIT)
        self.memory = QCheckBox(tr("Keep the memory too: running containers will go on where they were"))
        self.memory.setEnabled(memory)
        text = tr(
            "The machine's disk is kept as it is now: images, containers and volumes. A snapshot takes no room at "
            "first, and later as much as has changed since. With the memory, the machine is suspended for a moment."
        )
        self.lay_out(
            label(text, wrap=True),
            label(tr("Name"), "muted"),
            self.name,
            label(tr("Note"), "muted"),
            self.note,
            self.memory,
        )
        self.accepted.connect(lambda: accepted_body(self.body()))
        self._judge()

    def body(self) -> dict[str, Any]:
        """Return what the local API wants."""
        name = self.name.text().strip()
        return {"name": name or None, "note": self.note.text().strip(), "memory": self.memory.isChecked()}

    def _judge(self, *_: object) -> None:
        self.tell(self._mistake(self.name.text().strip()))

    def _mistake(self, name: str) -> str:
        if name in self._taken:
            return tr("There is a snapshot of this name already.")
        try:
            if name:
                check_name(name)
        except UsageError:
            return tr("Use up to 64 letters, digits, points, hyphens and underscores.")
        return ""
