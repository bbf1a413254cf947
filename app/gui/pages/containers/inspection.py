"""The tab with all that the engine says about a container."""

from __future__ import annotations

from typing import Any

from app.gui.model.collection import Row
from app.gui.pages.containers.tab import Tab
from app.gui.services import Services
from app.gui.theme import GRID
from app.gui.widgets.basics import column
from app.gui.widgets.jsontree import JsonView
from app.gui.work.runner import Op


class InspectTab(Tab):
    """The engine's own description, as tree and text."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.view = JsonView(services.icons, services.theme)
        self.setLayout(column(GRID, self.view, spacing=0))

    def begin(self, row: Row) -> None:
        """See Tab."""
        docker, key = self.services.hub.docker(), str(row["Id"])

        def show(found: Any) -> None:
            if key == self.key:
                self.view.show_value(found)

        Op(self, lambda: docker.get(f"/containers/{key}/json")).success(show).run(self.services.runner)

    def again(self, row: Row) -> None:
        """Some of it changes without an event."""
        self.begin(row)
