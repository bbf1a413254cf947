"""The page: state and main button, problems, figures of the last ten minutes, counts, events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QPushButton, QScrollArea, QStackedLayout

from app.gui.model.collection import Collection
from app.gui.model.hub import Connection
from app.gui.pages.base import Page, show_absence
from app.gui.pages.dashboard.feed import Feed
from app.gui.pages.dashboard.figures import Figures
from app.gui.pages.dashboard.freespace import FreeSpace
from app.gui.pages.dashboard.machine import MachineCard
from app.gui.pages.dashboard.problems import Problems
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, card, column, label, row
from app.gui.widgets.empty import EmptyState

MEMORY_STEP = 64 * 1024 * 1024
"""Bytes by which the free memory must have changed for the machine to be asked where its memory is."""


class DashboardPage(Page):
    """The machine in view at a glance.

    Attributes:
        machine: its card.
        space: makes room on its disk.
        figures: its charts.
        problems: what doctor found.
        feed: the latest events.
    """

    name = "dashboard"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        hub = services.hub
        self.space = FreeSpace(services, self, self._look)
        self.machine = MachineCard(services, go, self.space)
        self.problems = Problems(services, go, self.space.ask_prune)
        self.figures = Figures(services.theme, hub)
        self.feed = Feed(hub)
        self._counts = {name: self._count_button(name) for name in ("containers", "images", "volumes", "networks")}
        latest = card(label(tr("Latest"), "heading"), self.feed)
        content = column(
            row(label(self.title(), "title"), None),
            self.machine,
            self.problems,
            row(*self._counts.values(), spacing=2 * GRID),
            self.figures,
            latest,
            None,
            margins=2 * GRID,
            spacing=2 * GRID,
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(boxed(content))
        area.setAccessibleName(self.title())
        self._free: int | None = None
        self.placeholder = EmptyState(services.icons)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.placeholder)
        self._stack.addWidget(area)
        for signal in (hub.connection_changed, hub.machines_changed, hub.current_changed):
            signal.connect(self._show)
        for collection in self._collections().values():
            for signal in (collection.reset, collection.changed, collection.removed, collection.phase_changed):
                signal.connect(self._show_counts)
        hub.connection_changed.connect(self._look)
        hub.current_changed.connect(self._look)
        hub.containers.phase_changed.connect(self._look)
        hub.happened.connect(self._on_event)
        hub.sampled.connect(self._on_sample)
        self._show()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Dashboard")

    @property
    def ready(self) -> bool:
        """Whether there is a machine to show."""
        return self._stack.currentIndex() == 1

    def shown(self) -> None:
        """Sample what is used, and have an eye on the rest."""
        self.services.hub.watch_stats(self, watch=True)
        for collection in self._collections().values():
            collection.want(self)
        self._look()

    def _look(self) -> None:
        """What is not told by events: what doctor finds, and how much memory and disk the machine takes."""
        if self.isVisible() and self.services.hub.connection is Connection.connected:
            self.problems.look()
            self.services.hub.look_closely()

    def _on_event(self, event: dict[str, Any]) -> None:
        if event["kind"] == "space":
            self._look()

    def _on_sample(self, sample: dict[str, Any]) -> None:
        """Have the ledger brought up to date when the samples show that it is not any more."""
        free, before = int(sample["guest"]["memory"]["free"]), self._free
        if before is not None and abs(free - before) < MEMORY_STEP:
            return
        self._free = free
        if before is not None and self.isVisible() and self.services.hub.connection is Connection.connected:
            self.services.hub.look_closely()

    def hidden(self) -> None:
        """See Page."""
        self.services.hub.watch_stats(self, watch=False)
        for collection in self._collections().values():
            collection.unwant(self)

    def close_down(self) -> None:
        """See Page."""
        self.hidden()

    @property
    def counts(self) -> dict[str, str]:
        """What the buttons say."""
        return {name: made.text() for name, made in self._counts.items()}

    def _collections(self) -> dict[str, Collection]:
        hub = self.services.hub
        return {"containers": hub.containers, "images": hub.images, "volumes": hub.volumes, "networks": hub.networks}

    def _count_button(self, page: str) -> QPushButton:
        made = button("", lambda: self.go(page, ""))
        made.setMinimumHeight(5 * GRID)
        return made

    def _show(self, *_: object) -> None:
        hub = self.services.hub
        status = hub.status
        if status is None or hub.connection is Connection.lost:
            show_absence(self.placeholder, self.services, self.go)
            self._stack.setCurrentIndex(0)
            return
        self.machine.show_status(status)
        self._show_counts()
        self._stack.setCurrentIndex(1)

    def _show_counts(self, *_: object) -> None:
        hub = self.services.hub
        rows = hub.containers.rows.values()
        running = sum(row.get("State") == "running" for row in rows)
        texts = {
            "containers": tr("{running} of {total} containers run", running=running, total=len(rows)),
            "images": count("{n} image", "{n} images", len(hub.images.rows)),
            "volumes": count("{n} volume", "{n} volumes", len(hub.volumes.rows)),
            "networks": count("{n} network", "{n} networks", len(hub.networks.rows)),
        }
        for name, made in self._counts.items():
            made.setText(texts[name])
            made.setAccessibleName(texts[name])
            made.setEnabled(hub.engine_ready)
