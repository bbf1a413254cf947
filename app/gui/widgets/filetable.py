"""The list of a file browser: one row for each file or folder, folders first; rows can be dragged in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.gui.icons import Icons
from app.gui.text import tr
from app.gui.widgets.fileentry import Entry

_Index = QModelIndex | QPersistentModelIndex

_COLUMNS = 5
_NAME, _SIZE, _MODIFIED, _PERMISSIONS, _OWNER = range(_COLUMNS)

_UNITS = ("B", "kB", "MB", "GB", "TB")


def size_text(size: int) -> str:
    """Return a number of bytes as people read it."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if unit == 0 or value >= 100 else f"{value:.1f} {_UNITS[unit]}"


class FileModel(QAbstractTableModel):
    """Entries of a folder, sorted.

    Attributes:
        entries: as they are shown.
    """

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.entries: list[Entry] = []
        self._sort = _NAME, False

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = self._sorted(entries)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; folders stay first."""
        self._sort = column, order is Qt.SortOrder.DescendingOrder
        self.show(self.entries)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """See Qt."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """See Qt."""
        return 0 if parent.isValid() else _COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802 - Qt's
        """See Qt."""
        if role == Qt.ItemDataRole.TextAlignmentRole and section == _SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Name"), tr("Size"), tr("Modified"), tr("Permissions"), tr("Owner"))[section]
        return None

    def data(self, index: _Index, role: int = 0) -> Any:
        """See Qt."""
        entry = self.entries[index.row()]
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _text(entry, column)
        if role == Qt.ItemDataRole.DecorationRole and column == _NAME:
            name = "folder" if entry.is_folder else "link" if entry.is_link else "file"
            return self._icons.get(name, "accent" if entry.is_folder else "muted")
        if role == Qt.ItemDataRole.TextAlignmentRole and column == _SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and column == _NAME:
            return None if len(entry.name) < 40 else entry.name
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """See Qt."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def _sorted(self, entries: Sequence[Entry]) -> list[Entry]:
        column, backwards = self._sort
        keys: dict[int, Callable[[Entry], Any]] = {
            _NAME: lambda entry: entry.name.casefold(),
            _SIZE: lambda entry: entry.size,
            _MODIFIED: lambda entry: entry.modified,
            _PERMISSIONS: lambda entry: entry.permissions,
            _OWNER: lambda entry: (entry.owner, entry.group),
        }
        ordered = sorted(entries, key=keys[_NAME])
        ordered.sort(key=keys[column], reverse=backwards)
        return [entry for entry in ordered if entry.is_folder] + [entry for entry in ordered if not entry.is_folder]


class FileTable(QTableView):
    """Shows a FileModel.

    Signals:
        opened: a row was double-clicked, or Enter pressed on it; its place.
        dropped: files of this computer were dropped; their paths, and the place of the row under them or -1.
        dragged: rows shall be dragged out.
        removal_wanted: Delete was pressed.
    """

    opened = Signal(int)
    dropped = Signal(list, int)
    dragged = Signal()
    removal_wanted = Signal()

    def __init__(self, model: FileModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setSortingEnabled(True)
        self.sortByColumn(_NAME, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in ((_SIZE, 96), (_MODIFIED, 144), (_PERMISSIONS, 112), (_OWNER, 88)):
            self.setColumnWidth(column, width)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    @property
    def chosen(self) -> list[int]:
        """Places of the selected rows."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Enter opens, Delete removes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)

    def startDrag(self, _actions: Qt.DropAction) -> None:  # noqa: N802 - Qt's
        """Have the owner fetch what is dragged."""
        self.dragged.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's
        """Take files of this computer."""
        if event.mimeData().hasUrls() and event.source() is None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's
        """Take files of this computer."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's
        """Hand them to the owner."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.dropped.emit(paths, self.indexAt(event.position().toPoint()).row())
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()


def _text(entry: Entry, column: int) -> str:
    if column == _NAME:
        return entry.name.encode(errors="replace").decode().replace("\n", "\N{RETURN SYMBOL}")
    if column == _SIZE:
        return "" if entry.is_folder else size_text(entry.size)
    if column == _MODIFIED:
        if not entry.modified:
            return ""
        try:
            return datetime.fromtimestamp(entry.modified).strftime("%Y-%m-%d %H:%M")  # noqa: DTZ006 - the user's zone
        except (ValueError, OverflowError, OSError):
            return str(entry.modified)
    return entry.permissions if column == _PERMISSIONS else f"{entry.owner}:{entry.group}"
