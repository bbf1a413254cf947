"""The builds of the past and the one that runs: what was asked for, what became of it, its log."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from app.gui.pages.images.building import BuildSpec
from app.gui.pages.images.history import STATES, Build, BuildHistory
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID, ROW
from app.gui.times import age, span, written
from app.gui.widgets.basics import boxed, button, column, label, row, set_kind
from app.gui.widgets.empty import EmptyState
from app.gui.work.jobs import LOG_LINES, Job, JobState

_LOOKS = {
    "running": ("clock", "accent"),
    "done": ("check", "good"),
    "failed": ("error", "bad"),
    "cancelled": ("close", "muted"),
    "interrupted": ("warning", "warn"),
}

_TOGETHER = 50
"""Milliseconds of a log that are shown at once: an engine can say thousands of lines a second."""


class BuildsView(QWidget):
    """A list of builds, and the chosen one beside it.

    Attributes:
        list: the builds, the newest first.
        log: what the chosen one said.
    """

    def __init__(
        self,
        services: Services,
        history: BuildHistory,
        *,
        back: Callable[[], object],
        again: Callable[[BuildSpec | None], object],
        show_image: Callable[[str], object],
    ) -> None:
        """`back` shows the images, `again` asks what to build, `show_image` selects an image by identifier."""
        super().__init__()
        self._services = services
        self._history = history
        self._again = again
        self._show_image = show_image
        self._job: Job | None = None
        self._shown = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TOGETHER)
        self._timer.timeout.connect(self._catch_up)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Builds"))
        self.list.setMinimumWidth(28 * GRID)
        self.list.currentItemChanged.connect(self._on_chosen)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.list)
        splitter.addWidget(self._make_detail())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([300, 600])
        self._empty = EmptyState(services.icons)
        self._empty.tell(
            "build",
            tr("Nothing was built yet"),
            tr("An image is built from a folder with a Dockerfile."),
            tr("Build …"),
            lambda: again(None),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(splitter)
        images = button(f"‹  {tr('Images')}", back)
        images.setAccessibleName(tr("Back to the images"))
        make = button(tr("Build …"), lambda: again(None), primary=True)
        head = row(images, label(tr("Builds"), "title"), None, make, spacing=2 * GRID)
        self.setLayout(column(head, self._stack, margins=2 * GRID, spacing=2 * GRID))
        history.changed.connect(self._on_history)
        services.theme.changed.connect(self._on_history)
        self._on_history()

    @property
    def build(self) -> Build | None:
        """The chosen build."""
        place = self.list.currentRow()
        return self._history.builds[place] if 0 <= place < len(self._history.builds) else None

    @property
    def empty(self) -> EmptyState:
        """What is said while there are no builds."""
        return self._empty

    def show_newest(self) -> None:
        """Choose the build that was begun last."""
        self.list.setCurrentRow(0)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_detail(self) -> QWidget:
        self._title = label("", "heading", selectable=True)
        self._title.setMinimumWidth(1)
        self._state = label("", "muted", wrap=True, selectable=True)
        self._spec = label("", "muted", wrap=True, selectable=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the build"))
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName(tr("Log of the build"))
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setFont(self._services.theme.fixed_font())
        self.cancel = button(tr("Cancel"), self._cancel, danger=True)
        self.again = button(tr("Build again …"), lambda: self._with(lambda one: self._again(one.spec)))
        self.image = button(tr("Show image"), lambda: self._with(lambda one: self._show_image(one.image)))
        self.copy = button(tr("Copy log"), lambda: QGuiApplication.clipboard().setText(self.log.toPlainText()))
        self.forget = button(tr("Forget"), lambda: self._with(self._history.forget))
        self.forget.setToolTip(tr("Takes the build off this list; its image stays."))
        buttons: list[QPushButton] = [self.image, self.again, self.copy, self.forget, self.cancel]
        head = row(self._title, *buttons)
        head.setStretch(0, 1)
        content = column(head, self._state, self._spec, self._bar, self.log)
        content.setContentsMargins(2 * GRID, 0, 0, 0)
        return boxed(content)

    def _with(self, done: Callable[[Build], object]) -> None:
        if self.build is not None:
            done(self.build)

    def _cancel(self) -> None:
        if self.build is not None and self.build.job is not None:
            self.build.job.cancel()

    def _on_history(self) -> None:
        builds = self._history.builds
        chosen = self.list.currentItem().data(Qt.ItemDataRole.UserRole) if self.list.currentItem() else None
        self.list.blockSignals(True)
        self.list.clear()
        for one in builds:
            icon, tone = _LOOKS[one.state]
            item = QListWidgetItem(self._services.icons.get(icon, tone), f"{one.spec.title}   {_when(one)}")
            item.setToolTip(f"{tr(STATES[one.state])}\n{one.spec.folder}")
            item.setSizeHint(QSize(0, ROW))
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.list.addItem(item)
        place = next((place for place, one in enumerate(builds) if one is chosen), 0)
        self.list.setCurrentRow(place if builds else -1)
        self.list.blockSignals(False)
        self._stack.setCurrentIndex(1 if builds else 0)
        self._on_chosen()

    def _on_chosen(self, *_: object) -> None:
        one = self.build
        job = one.job if one is not None else None
        if self._job is not None and self._job is not job:
            self._job.changed.disconnect(self._timer_start)
        if job is not None and job is not self._job:
            job.changed.connect(self._timer_start)
        self._job = job
        self.log.clear()
        self._shown = 0
        if one is None:
            return
        if job is None:
            self.log.setPlainText("\n".join(one.lines))
        self._tell(one)
        self._catch_up()

    def _timer_start(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _catch_up(self) -> None:
        """Show what was said since the last time."""
        one, job = self.build, self._job
        if one is None or job is None:
            return
        fresh = min(job.said - self._shown, len(job.log))
        if fresh:
            self.log.appendPlainText("\n".join(list(job.log)[len(job.log) - fresh :]))
        self._shown = job.said
        self._tell(one)

    def _tell(self, one: Build) -> None:
        running = one.state == "running"
        job = one.job
        self._title.setText(one.spec.title)
        self._title.setToolTip(one.spec.title)
        self._state.setText(_outcome(one))
        set_kind(self._state, {"failed": "bad", "done": "good", "interrupted": "warn"}.get(one.state, "muted"))
        self._spec.setText(_asked_for(one.spec))
        self._bar.setVisible(running)
        fraction = job.fraction if job is not None and job.state is JobState.running else None
        self._bar.setRange(0, 1000 if fraction is not None else 0)
        self._bar.setValue(round((fraction or 0) * 1000))
        self.cancel.setVisible(running)
        self.again.setVisible(not running)
        self.forget.setVisible(not running)
        self.image.setVisible(bool(one.image) and one.state == "done")


def _when(one: Build) -> str:
    return tr("now") if one.state == "running" else age(one.ended or one.started)


def _outcome(one: Build) -> str:
    if one.state == "running":
        return one.job.text if one.job is not None else ""
    took = span(max(0.0, one.ended - one.started)) if one.ended else ""
    parts = [tr(STATES[one.state]), written(one.started), took]
    text = "  ·  ".join(part for part in parts if part)
    return f"{text}\n{one.error}" if one.error else text


def _asked_for(spec: BuildSpec) -> str:
    """Return the choices of a build that are not the usual ones, a line each."""
    lines = [spec.folder if spec.dockerfile in ("", "Dockerfile") else f"{spec.folder}  ·  {spec.dockerfile}"]
    if spec.target:
        lines.append(tr("Stage: {name}", name=spec.target))
    if spec.platform:
        lines.append(tr("Platform: {name}", name=spec.platform))
    if spec.args:
        lines.append(tr("Arguments: {names}", names=", ".join(spec.args)))
    if spec.no_cache:
        lines.append(tr("Without the cache"))
    return "\n".join(lines)
