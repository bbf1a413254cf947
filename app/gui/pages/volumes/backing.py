"""The form that has a volume backed up by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.times import age, written
from app.gui.widgets.basics import button, inset, label, row
from app.gui.widgets.forms import FormDialog, add_field, form
from app.gui.widgets.pickers import pick_folder
from vm.units import format_duration

_HOUR, _DAY = 3600.0, 86400.0

_FIRST_EVERY, _FIRST_KEEP = _DAY, 7


class BackupDialog(FormDialog):
    """How often, how many, where.

    Attributes:
        every, keep, folder: the fields; `folder` is empty for Linnet's own.
    """

    def __init__(self, parent: QWidget, volume: str, accepted: Callable[[dict[str, Any]], object]) -> None:
        """`accepted` gets the body of the request."""
        super().__init__(parent, tr("Back up {volume}", volume=volume), tr("Back up"), width=480)
        self._volume = volume
        self.every = QComboBox()
        for text, seconds in (
            (tr("every hour"), _HOUR),
            (tr("every 6 hours"), 6 * _HOUR),
            (tr("every day"), _DAY),
            (tr("every week"), 7 * _DAY),
        ):
            self.every.addItem(text, seconds)
        self.every.setCurrentIndex(self.every.findData(_FIRST_EVERY))
        self.keep = QSpinBox()
        self.keep.setRange(1, 1000)
        self.keep.setValue(_FIRST_KEEP)
        inset(self.keep)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(tr("a folder of Linnet's own"))
        self.folder.setAccessibleName(tr("Folder"))
        choose = button(tr("Choose …"), self._choose)
        fields = form()
        add_field(fields, tr("How often"), self.every)
        add_field(fields, tr("How many are kept"), self.keep)
        add_field(fields, tr("Folder"), row(self.folder, choose))
        text = tr("Backups are made while the machine runs; what was missed is made up for by one.")
        self.lay_out(label(text, wrap=True), fields, spacing=2 * GRID)
        self.accepted.connect(lambda: accepted(self.body()))

    def body(self) -> dict[str, Any]:
        """Return what linnetd is asked for."""
        return {
            "volume": self._volume,
            "every": self.every.currentData(),
            "keep": self.keep.value(),
            "folder": self.folder.text().strip() or None,
        }

    def _choose(self) -> None:
        def chosen(folder: Path) -> None:
            self.folder.setText(str(folder))

        pick_folder(self, tr("Where backups go"), chosen, self.folder.text())


def described(backup: Mapping[str, Any] | None) -> str:
    """Return in a sentence or two how a volume is backed up."""
    if backup is None:
        return tr("This volume is not backed up.")
    kept = tr("{n} of {keep} kept in {folder}.", n=len(backup["files"]), keep=backup["keep"], folder=backup["folder"])
    last = tr("last {when}", when=written(backup["last"])) if backup["last"] else tr("none yet")
    text = tr("Backed up every {time}, {last}; {kept}", time=format_duration(backup["every"]), last=last, kept=kept)
    if backup["error"]:
        text += " " + tr("The last try failed: {reason}", reason=backup["error"])
    return text


def aged(seconds: float) -> str:
    """Return a moment with how long ago that was."""
    return f"{written(seconds)} ({age(seconds)})"
