"""The tab with the processes of a container."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableWidget, QTableWidgetItem

from app.gui.model.collection import Row
from app.gui.pages.containers.tab import Tab
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column, icon_button, label, row
from app.gui.widgets.empty import EmptyState
from app.gui.work.runner import Op
from vm.errors import LinnetError

_SOONEST = 4.0
"""Seconds between two looks while samples say that the container does something."""

_ROW = 4 * GRID
_MOST = 2_000
"""Processes that are shown."""


class ProcessesTab(Tab):
    """What `top` of the engine says; looked at again while the container is busy and the tab is seen."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._seen = False
        self._asking = False
        self._asked = 0.0
        self._count = label("", "muted")
        self.table = QTableWidget()
        self.table.setAccessibleName(tr("Processes"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._none = EmptyState(services.icons)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._none)
        refresh = icon_button(services.icons, "restart", tr("Look again"), self.refresh, shortcut="F5")
        self.setLayout(column(row(self._count, None, refresh), self._stack))
        services.hub.sampled.connect(self._on_sample)

    def begin(self, row: Row) -> None:
        """See Tab."""
        self._seen = True
        if row.get("State") not in ("running", "paused"):
            self._none.tell("list", tr("The container does not run"), tr("There are no processes to show."))
            self._stack.setCurrentWidget(self._none)
            self._count.setText("")
            return
        self.refresh()

    def again(self, row: Row) -> None:
        """See Tab."""
        self.begin(row)

    def leave(self) -> None:
        """See Tab."""
        self._seen = False

    def refresh(self) -> None:
        """Ask the engine."""
        if self._asking or self.row is None:
            return
        docker, key = self.services.hub.docker(), self.key
        self._asking, self._asked = True, time.monotonic()

        def finished() -> None:
            self._asking = False

        (
            Op(self, lambda: docker.get(f"/containers/{key}/top"))
            .finished(finished)
            .success(lambda found: self._show(key, found))
            .failure(lambda error: self._fail(key, error))
            .run(self.services.runner)
        )

    def _on_sample(self, sample: Mapping[str, Any]) -> None:
        if not self._seen or self.row is None or time.monotonic() - self._asked < _SOONEST:
            return
        if any(one["id"] == self.key for one in sample["containers"]):
            self.refresh()

    def _fail(self, key: str, error: LinnetError) -> None:
        if key == self.key:
            self._none.tell("error", tr("The processes cannot be shown"), error.message, tr("Try again"), self.refresh)
            self._stack.setCurrentWidget(self._none)
            self._count.setText("")

    def _show(self, key: str, found: Mapping[str, Any]) -> None:
        if key != self.key:
            return
        titles = [str(title) for title in found.get("Titles") or []]
        processes = (found.get("Processes") or [])[:_MOST]
        if titles != [self._heading(place) for place in range(self.table.columnCount())]:
            self.table.setColumnCount(len(titles))
            self.table.setHorizontalHeaderLabels(titles)
            for place, title in enumerate(titles):
                self.table.horizontalHeader().resizeSection(place, 11 * GRID)
                if title in ("CMD", "COMMAND"):
                    self.table.horizontalHeader().setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.table.setRowCount(len(processes))
        for line, process in enumerate(processes):
            for place, text in enumerate(map(str, process)):
                item = self.table.item(line, place)
                if item is None:
                    self.table.setItem(line, place, QTableWidgetItem(text))
                elif item.text() != text:
                    item.setText(text)
        self._count.setText(count("{n} process", "{n} processes", len(processes)))
        self._stack.setCurrentWidget(self.table)

    def _heading(self, place: int) -> str:
        item = self.table.horizontalHeaderItem(place)
        return item.text() if item is not None else ""
