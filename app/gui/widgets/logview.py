"""A log: followed, searched, filtered, saved; a million lines of it without a stutter."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QToolButton, QWidget

from app.core.docker import Frame
from app.core.flow import Flow
from app.gui.services import Services
from app.gui.text import count, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import action, column, icon_button, label, line, row, set_kind
from app.gui.widgets.logfollow import ContainerLog
from app.gui.widgets.logintake import LogIntake
from app.gui.widgets.logmatch import Match, Scan, compiled
from app.gui.widgets.logpane import LogPane
from app.gui.widgets.logread import Batch, opener
from app.gui.widgets.logsave import save_lines
from app.gui.widgets.logscroll import Source
from app.gui.widgets.logstore import LogStore
from app.gui.work.runner import Op

_SLICE = 0.008
"""Seconds that a search may keep the window from doing anything else."""

_COPIED_AT_ONCE = 5_000
"""Lines that are put together on the main thread; more are put together beside it."""


class LogView(QWidget):
    """Shows one log, or several merged.

    Attributes:
        store: the lines that are kept.
        pane: where they are painted.
        search: the field for what is looked for.
        intake: what brings lines.
    """

    def __init__(self, services: Services, tools: Sequence[QWidget] = (), margin: int = GRID) -> None:
        """`tools` stand left of the search field, `margin` is left and right of them, in pixels."""
        super().__init__()
        self._services = services
        preferences = services.preferences
        self.store = LogStore(preferences.number("log_lines"))
        self.pane = LogPane(self.store, services.theme)
        self.pane.setAccessibleName(tr("Log"))
        self.pane.margin = margin
        self.intake = LogIntake(self, self.store)
        self.intake.changed.connect(self._on_lines)
        self._container: ContainerLog | None = None
        self._sources: frozenset[int] | None = None
        self._found: Scan | None = None
        self._chosen: Scan | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._build(tools, margin)
        self.pane.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.pane.customContextMenuRequested.connect(self._on_menu)
        self.pane.end_left.connect(lambda: self._end.setChecked(self.pane.at_end))
        services.theme.changed.connect(self.pane.relayout)
        preferences.changed.connect(self._on_preference)
        self._on_preference("terminal_font")
        self._look()

    def follow(
        self, source: Callable[[], Flow[Frame] | Flow[bytes]], *, timed: bool = False, multiplexed: bool = False
    ) -> None:
        """Show what a flow brings instead of what was shown.

        Args:
            source: opens the flow, in a thread.
            timed: whether lines begin with the time at which they were written.
            multiplexed: whether bytes are frames as Docker sends them.
        """
        self.stop()
        self.clear()
        self.intake.attach(0, opener(source, timed=timed, multiplexed=multiplexed), self._on_end)

    def follow_container(self, container_id: str) -> None:
        """Show the log of a container, through its ends and starts; one that is shown already goes on."""
        if self._container is not None and self._container.id == container_id and self._container.active:
            return
        self.stop()
        self.clear()
        hub, runner = self._services.hub, self._services.runner
        self._container = ContainerLog(self, hub, runner, self.intake, container_id, tail=self.store.limit)
        self._container.start()

    def say(self, text: str) -> None:
        """Add a line that is Linnet's own."""
        self.intake.note(text)

    def add_text(self, text: str) -> None:
        """Add lines from elsewhere."""
        self.intake.add(Batch(text.rstrip("\n").split("\n")))

    def clear(self) -> None:
        """Show nothing; what comes is shown again."""
        self.store.clear()
        self._rescan()

    def stop(self) -> None:
        """Follow no longer; what is shown stays."""
        if self._container is not None:
            self._container.stop()
            self._container.deleteLater()
            self._container = None
        self.intake.stop()

    def show_sources(self, names: list[Source], wanted: frozenset[int] | None) -> None:
        """Show lines of several sources: their names, and which of them are wanted (None: all)."""
        self.pane.sources = names
        if wanted != self._sources:
            self._sources = wanted
            self._rescan()
        self.pane.relayout()

    def event(self, event: QEvent) -> bool:
        """Have the keys of this view come here, also those that the page around it has a shortcut for."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._of_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Search and copy by keys."""
        done = self._of_key(event)
        if done is not None:
            done()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy what is selected."""
        chosen = self.pane.selection
        clipboard = QGuiApplication.clipboard()
        if chosen is None:
            return
        if chosen[1].line - chosen[0].line <= _COPIED_AT_ONCE:
            clipboard.setText(self.pane.selected_text())
            return
        store = self.store.snapshot()
        lines = [number for number in self.pane.numbers if chosen[0].line <= number <= chosen[1].line]
        Op(self, lambda: "\n".join(store.text(number) for number in lines)).success(clipboard.setText).run(
            self._services.runner
        )

    def save(self) -> None:
        """Ask for a file and write the lines that are shown to it."""
        dialog = QFileDialog(self, tr("Save log"), "log.txt")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def save_to(self, path: str) -> None:
        """Write the lines that are shown to a file."""
        pane = self.pane
        names = [source.name for source in pane.sources]
        work = save_lines(self.store.snapshot(), list(pane.numbers), path, times=pane.times, names=names)
        self._services.jobs.start(
            tr("Save log"),
            work,
            success=lambda n: self._services.messages.tell(
                count("{n} line was saved to {path}.", "{n} lines were saved to {path}.", n, path=path), "good"
            ),
        )

    def find_line(self, *, forward: bool) -> None:
        """Go to the next line with what is looked for, or to the one before."""
        if self._found is None or not self._found.numbers:
            return
        numbers = self._found.numbers
        chosen = self.pane.selection
        here = chosen[0].line if chosen is not None else (numbers[0] - 1 if forward else self.store.end)
        place = bisect_right(numbers, here) if forward else bisect_right(numbers, here - 1) - 1
        self.pane.go_to(numbers[place % len(numbers)])
        self._show_count()

    @property
    def status(self) -> str:
        """What is said of the search."""
        return self._count.text()

    def _build(self, tools: Sequence[QWidget], margin: int) -> None:
        icons = self._services.icons
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search in the log"))
        self.search.setAccessibleName(tr("Search in the log"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(280)
        self.search.textChanged.connect(lambda _text: self._rescan())
        self.search.returnPressed.connect(lambda: self.find_line(forward=True))
        self._count = label("", "muted")
        self._count.setMinimumWidth(8 * GRID)
        self.expression = self._toggle("", tr("Regular expression"), self._rescan, text=".*")
        self.case = self._toggle("", tr("Upper and lower case matter"), self._rescan, text="Aa")
        self.only = self._toggle("filter", tr("Show only lines with it"), self._rescan)
        before = icon_button(icons, "up", tr("Line before"), lambda: self.find_line(forward=False))
        after = icon_button(icons, "down", tr("Next line"), lambda: self.find_line(forward=True))
        self.times = self._toggle("clock", tr("Show times"), self._on_look, remembered="log/times")
        self.wrap = self._toggle("wrap", tr("Wrap long lines"), self._on_look, remembered="log/wrap", default=True)
        self._end = self._toggle("end", tr("Go along with new lines (End)"), self._on_end_button)
        self._end.setChecked(True)
        save = icon_button(icons, "save", tr("Save log …"), self.save)
        erase = icon_button(icons, "erase", tr("Clear what is shown"), self.clear)
        search = row(self.search, self.expression, self.case, self.only, before, after, self._count, spacing=4)
        views = row(self.times, self.wrap, self._end, save, erase, spacing=4)
        head = row(*tools, search, None, views)
        head.setContentsMargins(margin, GRID, margin, GRID)
        self.setLayout(column(head, line(), self.pane, spacing=0))
        self._on_look()

    def _toggle(
        self,
        icon: str,
        name: str,
        changed: Callable[[], object],
        *,
        text: str = "",
        remembered: str = "",
        default: bool = False,
    ) -> QToolButton:
        made = icon_button(self._services.icons, icon or "filter", name, checkable=True)
        preferences = self._services.preferences
        if text:
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            made.setText(text)
        if remembered:
            made.setChecked(preferences.recall_text(remembered, "1" if default else "0") == "1")
            made.toggled.connect(lambda on: preferences.remember_text(remembered, "1" if on else "0"))
        made.clicked.connect(lambda _checked=False: changed())
        return made

    def _of_key(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Return what a key does here, None for nothing."""
        keys: dict[QKeySequence.StandardKey, Callable[[], object]] = {
            QKeySequence.StandardKey.Find: self._begin_search,
            QKeySequence.StandardKey.FindNext: lambda: self.find_line(forward=True),
            QKeySequence.StandardKey.FindPrevious: lambda: self.find_line(forward=False),
            QKeySequence.StandardKey.Copy: self.copy,
        }
        return next((done for key, done in keys.items() if event.matches(key)), None)

    def _begin_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_look(self) -> None:
        self.pane.times, self.pane.wrap = self.times.isChecked(), self.wrap.isChecked()
        self.pane.relayout()

    def _on_end_button(self) -> None:
        if self._end.isChecked():
            self.pane.go_to_end()
        else:
            self.pane.stay()

    def _on_preference(self, name: str) -> None:
        if name == "log_lines":
            self.store.limit = self._services.preferences.number(name)
        elif name == "terminal_font":
            self.pane.set_font_size(self._services.preferences.number(name))

    def _rescan(self) -> None:
        text = self.search.text()
        pattern = None
        problem = ""
        if text:
            try:
                pattern = compiled(text, expression=self.expression.isChecked(), case=self.case.isChecked())
            except re.error as error:
                problem = tr("This is no regular expression: {reason}", reason=str(error))
        self.search.setProperty("wrong", bool(problem))
        self.search.setToolTip(problem)
        self.search.style().unpolish(self.search)
        self.search.style().polish(self.search)
        literal = not self.expression.isChecked()
        self._found = Scan(self.store, Match(pattern, literal, self._sources)) if pattern is not None else None
        only = self._found if self.only.isChecked() else None
        if only is None and self._sources is not None:
            only = Scan(self.store, Match(None, True, self._sources))
        self._chosen = only
        self.pane.marked = self._found.match if self._found is not None else None
        self.pane.show_lines(only)
        self._look()

    def _on_lines(self) -> None:
        self._look()

    def _look(self) -> None:
        """Look through lines for a moment, show what is known, and go on soon when there are more."""
        scans = [scan for scan in {self._found, self._chosen} if scan is not None]
        for scan in scans:
            scan.step(_SLICE / len(scans))
        self.pane.empty = tr("No line has it.") if len(self.store) else tr("Nothing has been logged yet.")
        self.pane.lines_changed()
        self._show_count()
        if not all(scan.done for scan in scans):
            self._timer.start(0)

    def _show_count(self) -> None:
        found = self._found
        if found is None:
            self._count.setText("")
            return
        chosen, numbers = self.pane.selection, found.numbers
        place = bisect_right(numbers, chosen[0].line) if chosen is not None else 0
        if place and chosen is not None and numbers[place - 1] == chosen[0].line:
            self._count.setText(tr("{place} of {n}", place=place, n=len(numbers)))
        else:
            self._count.setText(count("{n} line", "{n} lines", len(numbers)))
        set_kind(self._count, "muted" if numbers else "bad")

    def _on_end(self, error: Any) -> None:
        if error is not None:
            self.say(error.message)

    def _on_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries: list[QAction] = [
            action(menu, tr("Copy"), self.copy, shortcut="Ctrl+C", enabled=self.pane.selection is not None),
            action(menu, tr("Select all"), self.pane.select_all, shortcut="Ctrl+A"),
            action(menu, tr("Save log …"), self.save),
            action(menu, tr("Clear what is shown"), self.clear),
        ]
        menu.addActions(entries)
        menu.popup(self.pane.mapToGlobal(at))
