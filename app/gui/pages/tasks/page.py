"""The page: all long work of this window, running first, with what it said."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QSplitter,
    QStackedLayout,
    QWidget,
)

from app.gui.pages.base import Command, Page
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID, ROW
from app.gui.times import span
from app.gui.widgets.basics import boxed, button, column, label, row
from app.gui.widgets.empty import EmptyState
from app.gui.work.jobs import LOG_LINES, Job, JobState

_ICONS = {
    JobState.running: ("clock", "accent"),
    JobState.done: ("check", "good"),
    JobState.failed: ("error", "bad"),
    JobState.cancelled: ("close", "muted"),
}


class TasksPage(Page):
    """Jobs and their logs.

    Attributes:
        list: one entry a job, newest first.
        log: what the chosen one said.
    """

    name = "tasks"

    def __init__(self, services: Services, go: Callable[[str, str], None]) -> None:
        super().__init__(services, go)
        self._entries: dict[Job, QListWidgetItem] = {}
        self._shown_lines = 0
        self._detailed = False
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Tasks"))
        self.list.currentItemChanged.connect(self._show_job)
        self._title = label("", "heading", wrap=True)
        self._step = label("", "muted", wrap=True, selectable=True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName(tr("Log of the task"))
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setFont(services.theme.fixed_font())
        self.cancel = button(tr("Cancel"), self._cancel, danger=True)
        copy = button(tr("Copy log"), lambda: QGuiApplication.clipboard().setText(self.log.toPlainText()))
        head = row(self._title, None, self.cancel, copy)
        detail = boxed(column(head, self._step, self._progress, self.log, margins=GRID))
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.list)
        splitter.addWidget(detail)
        splitter.setSizes([300, 300])
        self.clear = button(tr("Clear finished"), self._clear)
        self._empty = EmptyState(services.icons)
        self._empty.tell("tasks", tr("Nothing is going on"), tr("Pulls, builds and other long work appear here."))
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(splitter)
        self.setLayout(column(row(label(self.title(), "title"), None, self.clear), body, margins=2 * GRID))
        services.jobs.added.connect(self._add)
        services.jobs.changed.connect(self._change)
        for job in services.jobs.all:
            self._add(job)
        self._update()

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return tr("Tasks")

    def commands(self) -> list[Command]:
        """See Page."""
        return [Command(tr("Clear finished"), self._clear)]

    @property
    def job(self) -> Job | None:
        """The chosen job."""
        chosen = self.list.currentItem()
        return next((job for job, entry in self._entries.items() if entry is chosen), None)

    def _add(self, job: Job) -> None:
        entry = QListWidgetItem()
        entry.setSizeHint(QSize(0, ROW))
        self._entries[job] = entry
        self.list.insertItem(0, entry)
        self._write(job)
        if self.list.currentItem() is None or (self.job is not None and self.job.state is not JobState.running):
            self.list.setCurrentItem(entry)
        self._update()

    def _change(self, job: Job) -> None:
        if job in self._entries:
            self._write(job)
            if job is self.job:
                self._show_progress(job)
            self._update()

    def _write(self, job: Job) -> None:
        icon, tone = _ICONS[job.state]
        entry = self._entries[job]
        text = f"{job.title}   {_told(job)}"
        if entry.text() != text:
            entry.setText(text)
            entry.setIcon(self.services.icons.get(icon, tone))

    def _show_job(self, *_: object) -> None:
        self.log.clear()
        self._shown_lines, self._detailed = 0, False
        if self.job is not None:
            self._show_progress(self.job)

    def _show_progress(self, job: Job) -> None:
        self._title.setText(job.title)
        self._step.setText(job.error.hint or "" if job.error is not None else job.text)
        running = job.state is JobState.running
        self._progress.setVisible(running)
        self._progress.setRange(0, 100 if job.fraction is not None else 0)
        self._progress.setValue(round((job.fraction or 0) * 100))
        self.cancel.setVisible(running)
        fresh = min(job.said - self._shown_lines, len(job.log))
        lines = list(job.log)[len(job.log) - fresh :]
        if job.error is not None and job.error.detail and not self._detailed:
            self._detailed = True
            lines += job.error.detail.splitlines()
        if lines:
            self.log.appendPlainText("\n".join(lines))
        self._shown_lines = job.said

    def _cancel(self) -> None:
        if self.job is not None:
            self.job.cancel()

    def _clear(self) -> None:
        for job, entry in list(self._entries.items()):
            if job.state is not JobState.running:
                self.list.takeItem(self.list.row(entry))
                del self._entries[job]
        self.services.jobs.clear()
        self._update()

    def _update(self) -> None:
        self._stack.setCurrentIndex(1 if self._entries else 0)
        self.clear.setEnabled(any(job.state is not JobState.running for job in self._entries))


def _told(job: Job) -> str:
    if job.state is JobState.running:
        part = f" {job.fraction:.0%}" if job.fraction is not None else ""
        return f"{job.text}{part}"
    took = span((job.ended_at or time.time()) - job.started_at)
    texts = {
        JobState.done: tr("done, took {time}", time=took),
        JobState.failed: job.error.message if job.error is not None else tr("failed"),
        JobState.cancelled: tr("cancelled after {time}", time=took),
    }
    return texts[job.state]
