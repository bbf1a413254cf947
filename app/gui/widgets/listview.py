"""The list of a page: one line a row, columns that the user arranges, groups that fold."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QDesktopServices, QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.gui.icons import Icons
from app.gui.model.columns import Cell
from app.gui.model.table import CELL_ROLE, GROUP_ROLE, Group, TableModel
from app.gui.preferences import Preferences
from app.gui.text import tr
from app.gui.theme import GRID, ROW, Theme


class ListView(QTableView):
    """Shows a TableModel.

    Signals:
        chosen: the selection is another; the keys, a list.
        opened: a row was double-clicked or Enter pressed on it; its key.
        menu_wanted: a context menu is wanted; the point on the screen.
    """

    chosen = Signal(list)
    opened = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, name: str, model: TableModel, preferences: Preferences, icons: Icons, theme: Theme) -> None:
        """`name`: what its columns are remembered by."""
        super().__init__()
        self._name = name
        self._preferences = preferences
        self._model = model
        self._keys: list[str] = []
        self._restoring = False
        self.setModel(model)
        self.setItemDelegate(_Delegate(self, icons, theme))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at)))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._set_up_header()
        self.selectionModel().selectionChanged.connect(self._on_selection)
        model.rearranged.connect(self._restore)
        model.modelReset.connect(self._span_groups)
        self._span_groups()
        theme.changed.connect(lambda: model.refresh())

    @property
    def keys(self) -> list[str]:
        """Keys of the selected rows, from the top."""
        return list(self._keys)

    def select(self, keys: list[str]) -> None:
        """Select rows by key, and see to it that the first can be seen."""
        self._keys = list(keys)
        self._restore()
        place = self._model.place(keys[0]) if keys else None
        if place is not None:
            self.selectionModel().setCurrentIndex(
                self._model.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.scrollTo(self._model.index(place, 0))
        self.chosen.emit(self.keys)

    def save(self) -> None:
        """Remember columns and order."""
        self._preferences.remember(f"columns/{self._name}", self.horizontalHeader().saveState())

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(48)
        header.setStretchLastSection(False)
        for place, column in enumerate(self._model.columns):
            if column.width:
                header.resizeSection(place, column.width)
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
            header.setSectionHidden(place, column.hidden)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        state = self._preferences.recall(f"columns/{self._name}")
        if state is not None and header.restoreState(state):
            self.sortByColumn(header.sortIndicatorSection(), header.sortIndicatorOrder())
        for signal in (header.sectionMoved, header.sectionResized, header.sortIndicatorChanged):
            signal.connect(lambda *_: self.save())
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._column_menu)

    def _column_menu(self, at: QPoint) -> None:
        header = self.horizontalHeader()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, column in enumerate(self._model.columns[1:], 1):
            entry = menu.addAction(column.title)
            entry.setCheckable(True)
            entry.setChecked(not header.isSectionHidden(place))
            entry.toggled.connect(self._shower(place))
        menu.popup(header.mapToGlobal(at))

    def _shower(self, place: int) -> Callable[[bool], None]:
        def show(shown: bool) -> None:
            self.horizontalHeader().setSectionHidden(place, not shown)
            self.save()

        return show

    def _span_groups(self) -> None:
        self.clearSpans()
        for place in range(self._model.rowCount()):
            if self._model.group(place) is not None:
                self.setSpan(place, 0, 1, self._model.columnCount())

    def _restore(self) -> None:
        """Select again what was selected: a rearranged model has forgotten."""
        self._restoring = True
        selection = QItemSelection()
        last = self._model.columnCount() - 1
        for key in self._keys:
            place = self._model.place(key)
            if place is not None:
                selection.select(self._model.index(place, 0), self._model.index(place, last))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._restoring = False
        kept = [key for key in self._keys if key in self._model.known]
        if kept != self._keys:
            self._keys = kept
            self.chosen.emit(self.keys)

    def _on_selection(self, *_: object) -> None:
        if self._restoring:
            return
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        keys = [key for key in map(self._model.key, rows) if key is not None]
        if keys != self._keys:
            self._keys = keys
            self.chosen.emit(self.keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Enter opens; Left, Right and Space fold a group."""
        index = self.currentIndex()
        group = self._model.group(index.row()) if index.isValid() else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid() and group is None:
            key = self._model.key(index.row())
            if key is not None:
                self.opened.emit(key)
            return
        folding = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Left, Qt.Key.Key_Right)
        if group is not None and group.name and event.key() in folding:
            self._fold(group)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """A click on a group's heading folds it, one on a link opens that."""
        index = self.indexAt(event.position().toPoint())
        group = self._model.group(index.row()) if index.isValid() else None
        if group is not None and group.name:
            self._fold(group)
            return
        super().mousePressEvent(event)
        cell = index.data(CELL_ROLE) if index.isValid() else None
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and event.button() == Qt.MouseButton.LeftButton
        if isinstance(cell, Cell) and cell.link and plain:
            QDesktopServices.openUrl(cell.link)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's
        """A double click opens a row."""
        index = self.indexAt(event.position().toPoint())
        key = self._model.key(index.row()) if index.isValid() else None
        if key is not None:
            self.opened.emit(key)

    def _fold(self, group: Group) -> None:
        self._model.toggle_group(group.name)
        for place in range(self._model.rowCount()):
            found = self._model.group(place)
            if found is not None and found.name == group.name:
                self.setCurrentIndex(self._model.index(place, 0))


class _Delegate(QStyledItemDelegate):
    """Draws rows as Qt does, headings of groups with an arrow."""

    def __init__(self, parent: QTableView, icons: Icons, theme: Theme) -> None:
        super().__init__(parent)
        self._icons = icons
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]  # noqa: N802
        """Never draw the frame of the focus around one field: the whole row is the thing."""
        super().initStyleOption(option, index)
        option.state &= ~option.state.State_HasFocus

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        """Draw a field."""
        group = index.data(GROUP_ROLE)
        if not isinstance(group, Group):
            super().paint(painter, option, index)
            return
        rect: QRect = option.rect
        painter.save()
        painter.fillRect(rect, self._theme.colour("raised"))
        left = rect.left() + GRID
        if group.name:
            arrow = self._icons.get("right" if group.collapsed else "down", "muted").pixmap(16, 16)
            painter.drawPixmap(left, rect.center().y() - 8, arrow)
            left += 3 * GRID
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        room = QRect(left, rect.top(), rect.width() - left, rect.height())
        title = group.title or tr("Others")
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
        width = painter.fontMetrics().horizontalAdvance(title)
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(room.adjusted(width + GRID, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(group.count))
        painter.restore()
