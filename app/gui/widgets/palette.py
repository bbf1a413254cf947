"""The command palette: type a few letters, press Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.gui.pages.base import Command
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column

_WIDTH, _HEIGHT = 560, 400


class CommandPalette(QDialog):
    """Offers commands that match what is typed."""

    def __init__(self, parent: QWidget, commands: Sequence[Command]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Commands"))
        self._commands = list(commands)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What do you want to do?"))
        self.field.setAccessibleName(tr("Command"))
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Commands"))
        self.list.itemActivated.connect(lambda _item: self._run())
        self.list.itemClicked.connect(lambda _item: self._run())
        self.setLayout(column(self.field, self.list, margins=GRID))
        self.resize(_WIDTH, _HEIGHT)
        self.move(parent.mapToGlobal(QPoint((parent.width() - _WIDTH) // 2, 10 * GRID)))
        self._filter("")
        self.field.setFocus()

    @property
    def offered(self) -> list[str]:
        """Titles of what is offered now, best first."""
        return [self.list.item(place).data(Qt.ItemDataRole.UserRole).title for place in range(self.list.count())]

    def _filter(self, text: str) -> None:
        self.list.clear()
        for command in sorted(filter(None, (_ranked(one, text) for one in self._commands)), key=lambda one: one[0]):
            keys = QKeySequence(command[1].shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            item = QListWidgetItem(f"{command[1].title}   {keys}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, command[1])
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            command: Command = item.data(Qt.ItemDataRole.UserRole)
            self.close()
            command.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Up, Down and Enter in the field move and choose in the list."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return False


def _ranked(command: Command, text: str) -> tuple[tuple[int, int, str], Command] | None:
    """Return a command with its rank for `text`: whole words first, then letters in order; None when it has neither."""
    title, wanted = command.title.casefold(), text.casefold().strip()
    if not wanted:
        return (0, 0, ""), command
    place = title.find(wanted)
    if place >= 0:
        return (0, place, title), command
    letters = iter(title)
    if all(letter in letters for letter in wanted if letter != " "):
        return (1, len(title), title), command
    return None
