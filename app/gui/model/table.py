"""A Qt model over a collection: filters, sorts and groups by itself, fast enough for thousands of rows.

Qt's own proxy asks Python once for each row and column; here a keystroke is one pass over prepared texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QIcon

from app.gui.model.collection import Collection, Row
from app.gui.model.columns import Cell, Column

Index = QModelIndex | QPersistentModelIndex

KEY_ROLE = Qt.ItemDataRole.UserRole
CELL_ROLE = Qt.ItemDataRole.UserRole + 1
GROUP_ROLE = Qt.ItemDataRole.UserRole + 2

_RESORT = 1000
"""Milliseconds between two sortings by a column that changes with every sample."""


@dataclass(frozen=True)
class Group:
    """A heading over rows that belong together.

    Attributes:
        name: what it is told apart by.
        title: what is written.
        count: how many rows it has.
        collapsed: whether they are hidden.
    """

    name: str
    title: str
    count: int
    collapsed: bool


class TableModel(QAbstractTableModel):
    """Rows of a collection as a list shows them.

    Signals:
        rearranged: rows came, went or moved; who shows a selection restores it by key.
    """

    rearranged = Signal()

    def __init__(
        self,
        parent: QObject,
        collection: Collection,
        columns: Sequence[Column],
        *,
        text: Callable[[Row], str],
        group: Callable[[Row], tuple[str, str]] | None = None,
        colour: Callable[[str], QColor] | None = None,
        icon: Callable[[str, str], QIcon] | None = None,
    ) -> None:
        """Show `collection`.

        Args:
            parent: its owner.
            collection: the rows.
            columns: what is shown of each.
            text: all that a search looks through, of one row.
            group: name and title of the group of a row, ("", "") for none; groups come first, by title.
            colour: the colour of a tone.
            icon: the icon of a name in a tone.
        """
        super().__init__(parent)
        self.columns = tuple(columns)
        self._collection = collection
        self._text = text
        self._group = group
        self._colour = colour
        self._icon = icon
        self._texts: dict[str, str] = {}
        self._cells: dict[str, list[Cell | None]] = {}
        self._entries: list[str | Group] = []
        self._places: dict[str, int] = {}
        self._orders: dict[str, tuple[int, Any]] = {}
        self._members: dict[str, tuple[str, str]] = {}
        self._collapsed: set[str] = set()
        self._words: list[str] = []
        self._accept: Callable[[Row], bool] | None = None
        self._sort_column = 0
        self._sort_order = Qt.SortOrder.AscendingOrder
        self._resort = QTimer(self)
        self._resort.setSingleShot(True)
        self._resort.setInterval(_RESORT)
        self._resort.timeout.connect(self.rearrange)
        collection.reset.connect(self._on_reset)
        collection.changed.connect(self._on_changed)
        collection.removed.connect(self._on_removed)
        self._on_reset()

    def set_search(self, text: str) -> None:
        """Show only rows that have all words of `text`."""
        self._words = text.casefold().split()
        self.rearrange()

    def set_filter(self, accept: Callable[[Row], bool] | None) -> None:
        """Show only rows that `accept` takes."""
        self._accept = accept
        self.rearrange()

    def toggle_group(self, name: str) -> None:
        """Hide the rows of a group, or show them."""
        self._collapsed.symmetric_difference_update({name})
        self.rearrange()

    def key(self, row: int) -> str | None:
        """Return the key of the row at a place; None for a group's heading."""
        entry = self._entries[row] if 0 <= row < len(self._entries) else None
        return entry if isinstance(entry, str) else None

    def group(self, row: int) -> Group | None:
        """Return the group whose heading is at a place."""
        entry = self._entries[row] if 0 <= row < len(self._entries) else None
        return entry if isinstance(entry, Group) else None

    def members(self, name: str) -> list[str]:
        """Return the keys of the rows of a group, in their order."""
        return [key for key, (group, _title) in self._members.items() if group == name]

    def place(self, key: str) -> int | None:
        """Return the place of a row, None while it is not shown."""
        return self._places.get(key)

    @property
    def known(self) -> Mapping[str, Row]:
        """All rows of the collection by key, shown or not."""
        return self._collection.rows

    @property
    def shown(self) -> int:
        """How many rows are shown, or would be if no group were collapsed."""
        collapsed = sum(entry.count for entry in self._entries if isinstance(entry, Group) and entry.collapsed)
        return len(self._places) + collapsed

    def refresh(self, keys: Sequence[str] | None = None) -> None:
        """Draw rows anew whose cells depend on more than the collection (a sample came); all when None."""
        live = self.columns[self._sort_column].live
        for key in keys if keys is not None else list(self._cells):
            self._cells.pop(key, None)
        if keys is None:
            if self._entries:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._entries) - 1, len(self.columns) - 1))
        else:
            self._emit_changed(keys)
        if live and not self._resort.isActive():
            self._resort.start()

    def reread(self) -> None:
        """Make searched texts, cells and groups anew, since they depend on something else that changed."""
        self._on_reset()

    def forget_texts(self) -> None:
        """Ask anew for what a search looks through: it depends on more than the collection, which is different now."""
        self._texts = {}
        if self._words:
            self.rearrange()

    def rearrange(self) -> bool:
        """Filter, sort and group anew; return whether anything came to stand elsewhere."""
        entries = self._arranged()
        if entries == self._entries:
            return False
        self.beginResetModel()
        self._entries = entries
        self._places = {entry: place for place, entry in enumerate(entries) if isinstance(entry, str)}
        self.endResetModel()
        self.rearranged.emit()
        return True

    def _arranged(self) -> list[str | Group]:
        rows, words, accept, texts = self._collection.rows, self._words, self._accept, self._texts
        for key in rows.keys() - texts.keys():
            texts[key] = self._text(rows[key]).casefold()
        keys = [key for key in rows if all(word in texts[key] for word in words)] if words else list(rows)
        if accept is not None:
            keys = [key for key in keys if accept(rows[key])]
        column = self._sort_column
        orders = self._orders = {key: _order(self._cell(key, column)) for key in keys}
        keys.sort(key=lambda key: (orders[key], key), reverse=self._sort_order is Qt.SortOrder.DescendingOrder)
        return list(keys) if self._group is None else self._grouped(keys)

    def _grouped(self, keys: list[str]) -> list[str | Group]:
        assert self._group is not None
        rows, group = self._collection.rows, self._group
        members_of = self._members = {key: group(rows[key]) for key in keys}
        groups: dict[tuple[str, str], list[str]] = {}
        for key, found in members_of.items():
            groups.setdefault(found, []).append(key)
        entries: list[str | Group] = []
        for (name, title), members in sorted(groups.items(), key=lambda item: (not item[0][0], item[0][1].casefold())):
            if name:
                collapsed = name in self._collapsed
                entries.append(Group(name, title, len(members), collapsed))
                if collapsed:
                    continue
            elif entries:
                entries.append(Group("", title, len(members), False))
            entries.extend(members)
        return entries

    def _cell(self, key: str, column: int) -> Cell:
        cells = self._cells.get(key)
        if cells is None:
            cells = self._cells[key] = [None] * len(self.columns)
        cell = cells[column]
        if cell is None:
            cell = cells[column] = self.columns[column].cell(self._collection.rows[key])
        return cell

    def _on_reset(self) -> None:
        self._texts, self._cells = {}, {}
        self.rearrange()

    def _on_changed(self, keys: list[str]) -> None:
        for key in keys:
            self._texts.pop(key, None)
            self._cells.pop(key, None)
        if all(map(self._stays, keys)) or not self.rearrange():
            self._emit_changed(keys)

    def _stays(self, key: str) -> bool:
        """Return whether a row that changed is shown where it was: then nobody needs to look at the others."""
        row = self._collection.rows.get(key)
        if row is None:
            return False
        text = self._texts[key] = self._text(row).casefold()
        if not all(word in text for word in self._words) or (self._accept is not None and not self._accept(row)):
            return key not in self._orders
        same_group = self._group is None or self._members.get(key) == self._group(row)
        return same_group and self._orders.get(key) == _order(self._cell(key, self._sort_column))

    def _on_removed(self, keys: list[str]) -> None:
        for key in keys:
            self._texts.pop(key, None)
            self._cells.pop(key, None)
        self.rearrange()

    def _emit_changed(self, keys: Sequence[str]) -> None:
        last = len(self.columns) - 1
        for key in keys:
            place = self._places.get(key)
            if place is not None:
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """See QAbstractItemModel."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel; KEY_ROLE, CELL_ROLE and GROUP_ROLE give what they say."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if isinstance(entry, Group):
            return _group_data(entry, index.column(), role)
        cell = self._cell(entry, index.column())
        if role == KEY_ROLE:
            return entry
        if role == CELL_ROLE:
            return cell
        return self._cell_data(cell, index.column(), role)

    def _cell_data(self, cell: Cell, column: int, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.columns[column].title}: {cell.text}"
            case Qt.ItemDataRole.ToolTipRole:
                return cell.tip or None
            case Qt.ItemDataRole.DecorationRole if cell.icon and self._icon:
                return self._icon(cell.icon, cell.tone)
            case Qt.ItemDataRole.ForegroundRole if cell.tone and self._colour:
                return QBrush(self._colour(cell.tone))
            case Qt.ItemDataRole.TextAlignmentRole if self.columns[column].right:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """See QAbstractItemModel; headings of groups cannot be selected."""
        if not index.isValid() or isinstance(self._entries[index.row()], Group):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """See QAbstractItemModel."""
        if 0 <= column < len(self.columns):
            self._sort_column, self._sort_order = column, order
            self.rearrange()


def _group_data(group: Group, column: int, role: int) -> Any:
    if role == GROUP_ROLE:
        return group
    if column == 0 and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return f"{group.title}  {group.count}"
    return None


def _order(cell: Cell) -> tuple[int, Any]:
    """Figures before texts, so that a column may have both."""
    value = cell.text.casefold() if cell.sort is None else cell.sort
    return (0, value) if isinstance(value, int | float) else (1, value)
