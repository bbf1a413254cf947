"""A short list: rows of texts with a key each, such as a machine's snapshots or the containers of a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.gui.theme import GRID
from app.gui.widgets.basics import label

_KEY = Qt.ItemDataRole.UserRole

_NARROW = 20 * GRID
"""Up to this width (pixels) a column is for dates and figures, and keeps it; wider ones have texts that can be cut."""


class ShortList(QTreeWidget):
    """Rows of which one can be selected; it stays so when they are shown anew.

    Signals:
        opened: the key of a row that was double-clicked, or on which Return was pressed.

    Attributes:
        nothing: what is said while there are no rows.
    """

    opened = Signal(str)

    def __init__(self, name: str, titles: Sequence[str], widths: Sequence[int]) -> None:
        """`name`: for screen readers; `widths`: pixels that the columns want; the last one takes what is left."""
        super().__init__()
        self._widths = list(widths)
        self._fitting = False
        self.setAccessibleName(name)
        self.setHeaderLabels(titles)
        self.setRootIsDecorated(False)
        self.header().setStretchLastSection(False)  # that keeps it at 100 pixels or more
        self.header().setSectionResizeMode(len(titles) - 1, QHeaderView.ResizeMode.Stretch)
        self.header().sectionResized.connect(self._on_resized)
        self.itemActivated.connect(lambda item, _column: self.opened.emit(item.data(0, _KEY)))
        self.nothing = label("", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.nothing.setParent(self.viewport())

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

    def show_rows(self, rows: Iterable[QTreeWidgetItem], nothing: str = "") -> None:
        """Show these rows, as `list_row` makes them, or `nothing` when there are none."""
        chosen = self.key
        self.clear()
        for made in rows:
            self.addTopLevelItem(made)
            if chosen and made.data(0, _KEY) == chosen:
                made.setSelected(True)
        self.nothing.setText("" if self.topLevelItemCount() else nothing)
        self._place_nothing()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Have the wide columns give way, rather than the last one be out of sight."""
        super().resizeEvent(event)
        wide = sum(width for width in self._widths if width > _NARROW)
        room = self.viewport().width() - (sum(self._widths) - wide)
        part = min(1.0, room / (wide + _NARROW))
        self._fitting = True
        for place, width in enumerate(self._widths):
            self.setColumnWidth(place, int(width * part) if width > _NARROW else width)
        self._fitting = False
        self._place_nothing()

    def _place_nothing(self) -> None:
        """Keep it in the middle: a list that is scrolled takes it along."""
        self.nothing.setGeometry(self.viewport().rect().adjusted(3 * GRID, 0, -3 * GRID, 0))

    def _on_resized(self, place: int, _before: int, width: int) -> None:
        """Keep what the user drew."""
        if place < len(self._widths) and not self._fitting:
            self._widths[place] = width


def list_row(key: str, texts: Sequence[str]) -> QTreeWidgetItem:
    """Return a row with its texts, whose icons and colours are its owner's."""
    made = QTreeWidgetItem(texts)
    made.setData(0, _KEY, key)
    made.setSizeHint(0, QSize(0, 4 * GRID))
    return made
