"""A text file of a container, shown and edited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.ask import confirm
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.filestore import VIEW_LIMIT, FileContent
from app.gui.widgets.filetable import size_text

_PIECE = 16 * 1024
"""Characters that are put into the field at once."""

_LINE_LIMIT = 10_000
"""Characters of a line that can be shown without the window standing still."""

Save = Callable[[bytes, Callable[[bool], None]], None]
"""Writes the content back, and calls back with whether that went well."""


class FileEditor(QDialog):
    """Shows a file; it can be changed when it is text and all of it is there.

    Attributes:
        field: the text.
        save_button: writes it back.
    """

    def __init__(self, parent: QWidget, services: Services, content: FileContent, save: Save) -> None:
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(content.path)
        self.resize(860, 600)
        self._save = save
        text, why_not = readable(content)
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self.field = QPlainTextEdit()
        self.field.setAccessibleName(tr("Content of {path}", path=content.path))
        self.field.setFont(services.theme.fixed_font(services.preferences.number("terminal_font")))
        self.field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.field.setReadOnly(True)
        self._editable = not why_not
        hint = label(why_not, "warn", wrap=True)
        hint.setVisible(bool(why_not))
        about = label(f"{size_text(content.entry.size)} · {content.entry.permissions}", "muted")
        self.save_button = button(tr("Save"), self._on_save, primary=True)
        self.save_button.setVisible(self._editable)
        self.save_button.setEnabled(False)
        close = button(tr("Close"), self.close)
        self.setLayout(column(hint, self.field, row(about, None, close, self.save_button), margins=2 * GRID))
        QShortcut(QKeySequence.StandardKey.Save, self, self._on_save)
        self.save_button.setToolTip(QKeySequence(QKeySequence.StandardKey.Save).toString())
        text = text.replace("\r\n", "\n")
        self._pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
        self._filling = QTimer(self)
        self._filling.timeout.connect(self._fill)
        self._filling.start(0)

    @property
    def changed(self) -> bool:
        """Whether there is something that was not saved."""
        return self._editable and self.field.document().isModified()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Ask before changes are lost."""
        if not self.changed:
            event.accept()
            return
        event.ignore()
        self._ask()

    def reject(self) -> None:
        """Escape: as closing."""
        if self.changed:
            self._ask()
        else:
            super().reject()

    def _ask(self) -> None:
        confirm(
            self,
            tr("Close without saving?"),
            tr("What you have changed in this file will be lost."),
            tr("Close without saving"),
            self._discard,
        )

    def _discard(self) -> None:
        self.field.document().setModified(False)
        self.close()

    def _fill(self) -> None:
        piece = next(self._pieces, None)
        if piece is not None:
            cursor = self.field.textCursor()
            cursor.movePosition(cursor.MoveOperation.End)
            cursor.insertText(piece)
            return
        self._filling.stop()
        cursor = self.field.textCursor()
        cursor.movePosition(cursor.MoveOperation.Start)
        self.field.setTextCursor(cursor)
        document = self.field.document()
        document.clearUndoRedoStacks()
        document.setModified(False)
        document.modificationChanged.connect(self.save_button.setEnabled)
        self.field.setReadOnly(not self._editable)
        self.field.setFocus()

    def _on_save(self) -> None:
        if self.changed:
            self.save_button.setEnabled(False)
            text = self.field.toPlainText()
            self._save(text.replace("\n", self._newline).encode(), lambda well: self._on_saved(text, well=well))

    def _on_saved(self, text: str, *, well: bool) -> None:
        # What was typed while it was being saved is a change again.
        self.field.document().setModified(not well or self.field.toPlainText() != text)
        self.save_button.setEnabled(self.changed)


def readable(content: FileContent) -> tuple[str, str]:
    """Return a file's text, and why it cannot be changed, "" when it can."""
    data = content.data
    why_not = ""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        cut = not content.whole and error.start >= len(data) - 4
        text = data[: error.start].decode() if cut else data.decode(errors="replace")
        why_not = "" if cut else tr("This file is not UTF-8 text. It is shown as well as it can be.")
    if "\0" in text:
        why_not = tr("This file is not text. It is shown as well as it can be.")
        text = text.replace("\0", "\N{MIDDLE DOT}")
    if not content.whole:
        size = size_text(VIEW_LIMIT)
        why_not = tr("Only the first {size} are shown. Download the file to see all of it.", size=size)
    if not content.owner_known:
        why_not = why_not or tr("Start the container to change this file: until then nobody knows whose it is.")
    lines = text.split("\n")
    if max(map(len, lines)) > _LINE_LIMIT:
        why_not = tr("Some lines are too long and are cut. Download the file to see all of it.")
        text = "\n".join(line[:_LINE_LIMIT] for line in lines)
    if "\r\n" in text and text.count("\r\n") != text.count("\n"):
        why_not = why_not or tr("The lines of this file end in different ways; saving it would change them.")
    return text, why_not
