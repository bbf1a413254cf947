"""The dialog that shares one more folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.gui.text import tr
from app.gui.widgets.basics import button, label, row
from app.gui.widgets.forms import FormDialog
from app.gui.widgets.pickers import pick_folder
from vm.config.shares import Share, default_guest_path


class AddShareDialog(FormDialog):
    """Asks which folder, where the machine has it, and whether containers may write; `accepted_body` gets the body."""

    def __init__(self, parent: QWidget, accepted_body: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(parent, tr("Add shared folder"), tr("Add"))
        self.path = QLineEdit()
        self.path.setAccessibleName(tr("Folder on this computer"))
        self.path.textChanged.connect(self._judge)
        choose = button(tr("Choose …"), self._choose)
        self.guest_path = QLineEdit()
        self.guest_path.setAccessibleName(tr("Path in the machine"))
        self.guest_path.textChanged.connect(self._judge)
        self.read_only = QCheckBox(tr("Read only: containers can change nothing in it"))
        self.lay_out(
            label(tr("Folder on this computer"), "muted"),
            row(self.path, choose),
            label(tr("Path in the machine"), "muted"),
            self.guest_path,
            self.read_only,
        )
        self.accepted.connect(lambda: accepted_body(self.body()))
        self._judge()

    def body(self) -> dict[str, Any]:
        """Return what the local API wants."""
        body: dict[str, Any] = {
            "path": self.path.text().strip(),
            "mode": "read-only" if self.read_only.isChecked() else "read-write",
        }
        if guest_path := self.guest_path.text().strip():
            body["guest_path"] = guest_path
        return body

    def _choose(self) -> None:
        pick_folder(self, tr("Folder to share"), lambda path: self.path.setText(str(path)), self.path.text().strip())

    def _judge(self, *_: object) -> None:
        path = self.path.text().strip()
        absolute = Path(path).is_absolute()
        self.guest_path.setPlaceholderText(default_guest_path(Path(path)) if absolute else tr("the same path"))
        self.tell(mistake(self.body()) if path else "", complete=bool(path))


def mistake(body: dict[str, Any]) -> str:
    """Return what is wrong with a share's paths as such, "" when nothing is; folders are not looked at."""
    try:
        Share().check(body)
    except ValueError as error:
        return str(error)
    return ""
