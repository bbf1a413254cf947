"""Files and folders chosen by the user, without a loop of its own: the window goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def pick_folder(parent: QWidget, title: str, chosen: Callable[[Path], object], start: str = "") -> QFileDialog:
    """Have a folder chosen; `start`: where to begin."""
    dialog = _dialog(parent, title, chosen, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()
    return dialog


def pick_file(
    parent: QWidget, title: str, chosen: Callable[[Path], object], start: str = "", *, kinds: str = ""
) -> QFileDialog:
    """Have a file chosen that is there; `kinds` as Qt writes filters."""
    dialog = _dialog(parent, title, chosen, start)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if kinds:
        dialog.setNameFilter(kinds)
    dialog.open()
    return dialog


def pick_new_file(
    parent: QWidget, title: str, chosen: Callable[[Path], object], name: str, *, kinds: str = ""
) -> QFileDialog:
    """Have a file chosen to write; the system asks before one is overwritten. `name`: a proposal."""
    dialog = _dialog(parent, title, chosen, "")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if kinds:
        dialog.setNameFilter(kinds)
    dialog.selectFile(name)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, chosen: Callable[[Path], object], start: str) -> QFileDialog:
    dialog = QFileDialog(parent.window(), title, start or str(Path.home()))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    return dialog
