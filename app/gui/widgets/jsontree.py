"""Shows what an engine answered: as a tree that unfolds, or as text; either can be searched and copied."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QStackedWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.gui.icons import Icons
from app.gui.text import count, tr
from app.gui.theme import GRID, Theme
from app.gui.widgets.basics import column, icon_button, row

_VALUE = Qt.ItemDataRole.UserRole
_LONGEST = 500
"""Characters of a value that the tree shows; all of it is copied."""


class _Held:
    """A value as it is: Qt would sort the names of a dictionary and cut large numbers."""

    def __init__(self, value: Any) -> None:
        self.value = value


class JsonTree(QTreeWidget):
    """Names and values; what is inside a value is added when it is unfolded."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderLabels([tr("Name"), tr("Value")])
        self.setAccessibleName(tr("Tree"))
        self.setUniformRowHeights(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.header().resizeSection(0, 280)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.itemExpanded.connect(_fill)
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, self, self.copy_value)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    def show_value(self, value: Any) -> None:
        """Show a value; what was unfolded stays so where it is still there."""
        unfolded = self._unfolded()
        self.clear()
        for name, inner in _members(value):
            self.addTopLevelItem(_item(name, inner))
        for path in sorted(unfolded, key=len):
            item = self._find(path)
            if item is not None:
                item.setExpanded(True)

    def seek(self, text: str) -> int:
        """Unfold and select the first name or value with `text` in it; return how many there are."""
        wanted = text.casefold()
        paths: list[tuple[str, ...]] = []
        for item in _children(self.invisibleRootItem()):
            _search(item.text(0), _value_of(item), wanted, (), paths)
        self.clearSelection()
        if paths and wanted:
            found = self._find(paths[0])
            if found is not None:
                self.setCurrentItem(found)
                self.scrollToItem(found)
        return len(paths)

    def copy_value(self) -> None:
        """Copy the selected value."""
        item = self.currentItem()
        if item is not None:
            QGuiApplication.clipboard().setText(_written(_value_of(item)))

    def copy_path(self) -> None:
        """Copy where the selected value stands, as engines' templates write it."""
        names: list[str] = []
        item = self.currentItem()
        while item is not None:
            names.insert(0, item.text(0))
            item = item.parent()
        QGuiApplication.clipboard().setText("." + ".".join(names))

    def _menu(self, at: QPoint) -> None:
        if self.currentItem() is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Copy value"), self.copy_value)
        menu.addAction(tr("Copy path"), self.copy_path)
        menu.popup(self.viewport().mapToGlobal(at))

    def _find(self, path: tuple[str, ...]) -> QTreeWidgetItem | None:
        item = self.invisibleRootItem()
        for name in path:
            _fill(item)
            found = next((child for child in _children(item) if child.text(0) == name), None)
            if found is None:
                return None
            item = found
        return item

    def _unfolded(self) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []

        def look(item: QTreeWidgetItem, path: tuple[str, ...]) -> None:
            for child in _children(item):
                if child.isExpanded():
                    found.append((*path, child.text(0)))
                    look(child, found[-1])

        look(self.invisibleRootItem(), ())
        return found


class JsonView(QWidget):
    """A value with the choice of tree or text, a search field and a button that copies everything."""

    def __init__(self, icons: Icons, theme: Theme) -> None:
        super().__init__()
        self.tree = JsonTree()
        self._theme = theme
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("JSON text"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(theme.fixed_font())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.tree)
        self._stack.addWidget(self.text)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find"))
        self.search.setAccessibleName(tr("Find in this data"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(280)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(lambda: self._find(self.search.text(), again=True))
        self._choice = QButtonGroup(self)
        buttons = []
        for place, (name, widget) in enumerate(((tr("Tree"), self.tree), (tr("JSON"), self.text))):
            made = QToolButton()
            made.setText(name)
            made.setAccessibleName(name)
            made.setCheckable(True)
            made.setProperty("flat", True)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.setChecked(place == 0)
            made.toggled.connect(lambda on, shown=widget: self._stack.setCurrentWidget(shown) if on else None)
            self._choice.addButton(made, place)
            buttons.append(made)
        copy = icon_button(icons, "copy", tr("Copy all as JSON"), self.copy_all)
        self.setLayout(column(row(*buttons, None, self.search, copy), self._stack, spacing=GRID))

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self.tree.show_value(value)
        self.text.setPlainText(json.dumps(value, indent=2, ensure_ascii=False))

    def copy_all(self) -> None:
        """Copy everything as JSON."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _find(self, text: str, *, again: bool = False) -> None:
        if self._stack.currentWidget() is self.tree:
            found = self.tree.seek(text) if text else 0
            self.search.setToolTip(count("{n} place", "{n} places", found) if text else "")
            return
        if not again:
            self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
        if text and not self.text.find(text):
            self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
            self.text.find(text)


def _value_of(item: QTreeWidgetItem) -> Any:
    held = item.data(0, _VALUE)
    return held.value if isinstance(held, _Held) else None


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [child for place in range(item.childCount()) if (child := item.child(place)) is not None]


def _members(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(str(name), inner) for name, inner in value.items()]
    if isinstance(value, list):
        return [(str(place), inner) for place, inner in enumerate(value)]
    return []


def _item(name: str, value: Any) -> QTreeWidgetItem:
    members = _members(value)
    if members:
        shown = count("{n} entry", "{n} entries", len(members))
    else:
        text = _written(value)
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
    item = QTreeWidgetItem([name, shown])
    item.setData(0, _VALUE, _Held(value))
    if members:
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
    else:
        item.setToolTip(1, shown if len(shown) > 40 else "")
    return item


def _fill(item: QTreeWidgetItem) -> None:
    if item.childCount() == 0:
        for name, inner in _members(_value_of(item)):
            item.addChild(_item(name, inner))


def _search(name: str, value: Any, wanted: str, path: tuple[str, ...], found: list[tuple[str, ...]]) -> None:
    here = (*path, name)
    members = _members(value)
    if wanted in name.casefold() or (not members and wanted in _written(value).casefold()):
        found.append(here)
    for inner_name, inner in members:
        _search(inner_name, inner, wanted, here, found)


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2 if isinstance(value, dict | list) else None, ensure_ascii=False)
