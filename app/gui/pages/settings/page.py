"""The page: three groups of settings, a search over all of them, and the way back from the last change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea

from app.gui.pages.base import Command, Page
from app.gui.pages.settings.group import Change, Group
from app.gui.pages.settings.linnet import LinnetGroup, MachineGroup
from app.gui.pages.settings.window import WindowGroup
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, column, icon_button, label, row
from app.gui.widgets.empty import EmptyState

_WIDTH = 110 * GRID
"""Widest that the settings get; longer lines are hard to read."""


class SettingsPage(Page):
    """All settings.

    Attributes:
        window_group, linnet, machine: the groups.
        search: finds settings.
        undo: takes the last change back.
        empty: what is said when the search finds nothing.
    """

    name = "settings"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._changes: list[Change] = []
        self.window_group = WindowGroup(services)
        self.linnet = LinnetGroup(services)
        self.machine = MachineGroup(services)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search in settings"))
        self.search.setAccessibleName(tr("Search in settings"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(35 * GRID)
        self.search.textChanged.connect(self._search)
        self.empty = EmptyState(services.icons)
        self.empty.hide()
        for group in self._groups():
            group.changed.connect(self._on_changed)
            group.elsewhere.connect(lambda page: self.go(page, self.machine.machine))
        self.machine.left.connect(self._forget)
        self._build()
        hub = services.hub
        hub.connection_changed.connect(self._on_connection)
        hub.current_changed.connect(self._on_connection)
        hub.machines_changed.connect(lambda _name: self.machine.show_state())
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._begin_search)
        QShortcut(QKeySequence("Ctrl+Z"), self, self.take_back)

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Settings")

    @property
    def said(self) -> str:
        """What is said of the last change, "" when nothing."""
        return "" if self._bar.isHidden() else self._said.text()

    def shown(self) -> None:
        """See Page: others may have changed settings meanwhile."""
        self.machine.show_state()
        for group in self._groups():
            group.load()

    def select(self, key: str) -> None:
        """Have a setting found."""
        self.search.setText(key)

    def commands(self) -> list[Command]:
        """See Page."""
        search = Command(tr("Search in settings"), self._begin_search, "Ctrl+F")
        undo = Command(tr("Undo the last change of a setting"), self.take_back, "Ctrl+Z")
        return [search, undo] if self._changes else [search]

    def take_back(self) -> None:
        """Undo the last change."""
        if self._changes:
            self._changes.pop().undo()

    def _groups(self) -> tuple[Group, ...]:
        return self.window_group, self.linnet, self.machine

    def _build(self) -> None:
        self._said = label("", wrap=True)
        self.undo = button(tr("Undo"), self.take_back, tip=tr("Undo the last change of a setting (Ctrl+Z)"))
        close = icon_button(self.services.icons, "close", tr("Close message"), lambda: self._bar.hide())
        self._bar = QFrame()
        self._bar.setObjectName("banner")
        content = row(self._said, self.undo, close, margins=GRID)
        content.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        content.setStretch(0, 1)
        self._bar.setLayout(content)
        self._bar.hide()
        groups = column(*self._groups(), self.empty, None, spacing=3 * GRID)
        inside = boxed(groups)
        inside.setMaximumWidth(_WIDTH)
        holder = row(inside, None)
        # The settings first, up to their widest; only then the room beside them.
        holder.setStretch(0, 1000)
        holder.setContentsMargins(2 * GRID, 0, 2 * GRID, 2 * GRID)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(boxed(holder))
        self._area.setAccessibleName(self.title())
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = row(label(self.title(), "title"), None, self.search)
        head.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
        foot = row(self._bar)
        foot.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        self.setLayout(column(head, 2 * GRID, self._area, foot, spacing=0))

    def _search(self, text: str) -> None:
        words = text.casefold().split()
        found = sum([group.search(words) for group in self._groups()])
        self.empty.setVisible(not found)
        if not found:
            self.empty.tell(
                "search",
                tr("No setting is called like that"),
                tr("The search looks at names, titles and descriptions."),
                tr("Show all settings"),
                self.search.clear,
            )
        self._area.verticalScrollBar().setValue(0)

    def _begin_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_changed(self, change: Change) -> None:
        if change.back:
            self._said.setText(tr("{setting} is as it was.", setting=change.title))
        else:
            self._changes.append(change)
            self._said.setText(tr("{setting} was changed.", setting=change.title))
        self.undo.setVisible(bool(self._changes))
        self._bar.show()

    def _forget(self) -> None:
        self._changes = [change for change in self._changes if change.group is not self.machine]
        self._bar.hide()

    def _on_connection(self) -> None:
        self.machine.show_state()
        if self.isVisible():
            self.linnet.load()
            self.machine.load()
