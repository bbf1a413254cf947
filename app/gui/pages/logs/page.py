"""The logs of all containers, in one stream."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox

from app.gui.pages.base import Command, MachinePage
from app.gui.pages.logs.sources import Writer, is_followed, writer_of
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, column, label, row
from app.gui.widgets.logfollow import ContainerLog
from app.gui.widgets.logview import LogView

MOST = 100
"""Containers that are followed at once: each takes a connection to the engine and a thread."""

TAIL = 200
"""Old lines of each container that are shown at first."""

_NUMBERS = 16_000
"""Containers that can be told apart in one log; after so many it begins anew."""


class LogsPage(MachinePage):
    """Follows every container that runs, and those that start later.

    Attributes:
        view: the log.
        project, container: what it is narrowed down to.
    """

    name = "logs"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._writers: dict[str, Writer] = {}
        self._logs: dict[str, ContainerLog] = {}
        self._seen = False
        self.project = _choice(tr("Project"))
        self.container = _choice(tr("Container"))
        self.project.activated.connect(lambda _place: self._on_project())
        self.container.activated.connect(lambda _place: self._show_sources())
        self.view = LogView(services, margin=2 * GRID)
        self._note = label("", "muted")
        head = row(label(self.title(), "title"), self._note, None, self.project, self.container)
        head.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
        self.set_content(boxed(column(head, self.view, spacing=0)))
        hub = services.hub
        for signal in (hub.containers.reset, hub.containers.changed, hub.containers.removed):
            signal.connect(self._on_rows)
        hub.current_changed.connect(self._begin_anew)
        services.theme.changed.connect(self._show_sources)
        self._fill()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Logs")

    def shown(self) -> None:
        """Follow, from where it was left."""
        self._seen = True
        self.services.hub.containers.want(self)
        for log in self._logs.values():
            log.start()
        self._on_rows()

    def hidden(self) -> None:
        """Follow nothing while nobody looks; what was shown is kept."""
        self._seen = False
        self.services.hub.containers.unwant(self)
        for log in self._logs.values():
            log.stop()

    def close_down(self) -> None:
        """See Page."""
        self.hidden()
        self.view.stop()

    def select(self, key: str) -> None:
        """Show the lines of one container only, or those of a project: `project:` and its name."""
        kind, _, name = key.partition(":")
        if kind == "project":
            self.project.setCurrentIndex(max(0, self.project.findData(name)))
            self._on_project()
            return
        writer = self._writers.get(key)
        if writer is not None:
            self.project.setCurrentIndex(0)
            self._fill()
            self.container.setCurrentIndex(max(0, self.container.findData(key)))
            self._show_sources()

    def commands(self) -> list[Command]:
        """See Page."""
        return [
            Command(tr("Save log …"), self.view.save),
            Command(tr("Clear what is shown"), self.view.clear),
        ]

    def engine_came(self) -> None:
        """See MachinePage."""
        self._on_rows()

    def _on_rows(self, *_: object) -> None:
        if not self._seen or not self.services.hub.engine_ready:
            return
        rows = self.services.hub.containers.rows
        for key in [key for key in self._logs if key not in rows or not self._logs[key].active]:
            # Its lines stay, and its name beside them.
            self._logs.pop(key).deleteLater()
        wanted = [row for key, row in rows.items() if key not in self._logs and is_followed(row)]
        room = MOST - len(self._logs)
        if len(self._writers) + len(wanted) > _NUMBERS:
            self._begin_anew()
        for found in wanted[:room]:
            self._follow(found["Id"])
        left_out = max(0, len(wanted) - room)
        self._note.setText(
            count("{n} container is not followed", "{n} containers are not followed", left_out) if left_out else ""
        )
        if wanted or set(self._writers) - set(rows):
            self._fill()

    def _follow(self, key: str) -> None:
        writer = self._writers.get(key)
        if writer is None:
            writer = writer_of(self.services.hub.containers.rows[key], len(self._writers))
            self._writers[key] = writer
        services = self.services
        log = ContainerLog(self, services.hub, services.runner, self.view.intake, key, source=writer.number, tail=TAIL)
        self._logs[key] = log
        self._show_sources()
        log.start()

    def _begin_anew(self) -> None:
        for log in self._logs.values():
            log.stop()
            log.deleteLater()
        self._logs.clear()
        self._writers.clear()
        self.view.clear()
        self._fill()

    def _fill(self) -> None:
        """Offer the projects and containers that there are lines of."""
        _offer(
            self.project,
            tr("All projects"),
            [(project, project) for project in sorted({writer.project for writer in self._writers.values()} - {""})],
        )
        project = self.project.currentData()
        writers = [one for one in self._writers.values() if not project or one.project == project]
        _offer(
            self.container,
            tr("All containers"),
            sorted(((one.name, one.key) for one in writers), key=lambda pair: pair[0].casefold()),
        )
        self._show_sources()

    def _on_project(self) -> None:
        self.container.setCurrentIndex(0)
        self._fill()

    def _show_sources(self) -> None:
        dark = self.services.theme.dark
        writers = list(self._writers.values())
        project, key = self.project.currentData(), self.container.currentData()
        wanted: frozenset[int] | None = None
        if project or key:
            wanted = frozenset(
                one.number for one in writers if (not project or one.project == project) and (not key or one.key == key)
            )
        self.view.show_sources([one.source(dark=dark) for one in writers], wanted)


def _choice(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setMinimumWidth(20 * GRID)
    made.setMaximumWidth(32 * GRID)
    return made


def _offer(box: QComboBox, everything: str, entries: list[tuple[str, str]]) -> None:
    """Have a box offer everything, or one of the entries (text, data); what was chosen stays if it is there."""
    chosen = box.currentData()
    if [box.itemData(place) for place in range(box.count())] == ["", *(data for _text, data in entries)]:
        return
    box.clear()
    box.addItem(everything, "")
    for text, data in entries:
        box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(chosen or "")))
