"""A short list: rows of texts with a key each, such as a machine's snapshots or the containers of a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.gui.theme import GRID

_KEY = Qt.ItemDataRole.UserRole


class ShortList(QTreeWidget):
    """Rows of which one can be selected; it stays so when they are shown anew.

    Signals:
        opened: the key of a row that was double-clicked, or on which Return was pressed.
    """

    opened = Signal(str)

    def __init__(self, name: str, titles: Sequence[str], widths: Sequence[int]) -> None:
        """`name`: for screen readers; `widths`: pixels of all columns but the last, which takes what is left."""
        super().__init__()
        self.setAccessibleName(name)
        self.setHeaderLabels(titles)
        self.setRootIsDecorated(False)
        for place, width in enumerate(widths):
            self.setColumnWidth(place, width)
        self.header().setSectionResizeMode(len(titles) - 1, QHeaderView.ResizeMode.Stretch)
        self.itemActivated.connect(lambda item, _column: self.opened.emit(item.data(0, _KEY)))

    @property
    def key(self) -> str:
        """The key of the selected row, "" for none."""
        chosen = self.selectedItems()
        return str(chosen[0].data(0, _KEY)) if chosen else ""

    @property
    def texts(self) -> list[list[str]]:
        """What is shown, a row each."""
        items = [self.topLevelItem(place) for place in range(self.topLevelItemCount())]
        return [[item.text(place) for place in range(self.columnCount())] for item in items if item is not None]

    def show_rows(self, rows: Iterable[QTreeWidgetItem]) -> None:
        """Show these rows, as `list_row` makes them, instead of what is there."""
        chosen = self.key
        self.clear()
        for made in rows:
            self.addTopLevelItem(made)
            if chosen and made.data(0, _KEY) == chosen:
                made.setSelected(True)


def list_row(key: str, texts: Sequence[str]) -> QTreeWidgetItem:
    """Return a row with its texts, whose icons and colours are its owner's."""
    made = QTreeWidgetItem(texts)
    made.setData(0, _KEY, key)
    made.setSizeHint(0, QSize(0, 4 * GRID))
    return made
