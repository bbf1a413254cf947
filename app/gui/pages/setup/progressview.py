"""The third view of the assistant: what is being done, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QProgressBar, QWidget

from app.gui.pages.setup.plan import Progress, Step, step_title
from app.gui.pages.setup.run import SetupRun
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row, set_kind
from app.gui.widgets.forms import Remark
from app.gui.work.jobs import LOG_LINES, JobState

WIDTH = 640

_ICONS = {
    Progress.waiting: ("ring", "muted"),
    Progress.running: ("clock", "accent"),
    Progress.done: ("check", "good"),
    Progress.failed: ("error", "bad"),
}


class ProgressView(QWidget):
    """The steps with how far they are, what is being done now, and the log on demand.

    Attributes:
        cancel, again, back, skip: its buttons; `skip` goes on without the first container.
        text: what is being done, or what went wrong.
        left: what is there after a failure or a cancel.
        log: what was said.
    """

    def __init__(
        self,
        services: Services,
        cancel: Callable[[], object],
        again: Callable[[], object],
        back: Callable[[], object],
        skip: Callable[[], object],
    ) -> None:
        super().__init__()
        self._services = services
        self._said = 0
        self._title = label("", "title")
        self._pictures: dict[Step, QLabel] = {}
        self._titles: dict[Step, QLabel] = {}
        steps = column(spacing=GRID)
        for step in Step:
            picture = self._pictures[step] = label()
            title = self._titles[step] = label(step_title(step), wrap=True)
            line = row(picture, title)
            line.setStretch(1, 1)
            steps.addLayout(line)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.text = Remark("", selectable=True)
        self.hint = Remark("muted", selectable=True)
        self.left = Remark("muted")
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setAccessibleName(tr("What was said"))
        self.log.setFont(services.theme.fixed_font())
        self.log.setFixedHeight(24 * GRID)
        self.log.hide()
        self.details = button(tr("Details"), self._toggle, flat=True)
        self.cancel = button(tr("Cancel"), cancel)
        self.again = button(tr("Try again"), again, primary=True)
        self.back = button(tr("Back"), back)
        self.skip = button(tr("Go on without it"), skip)
        body = QWidget()
        body.setLayout(
            column(
                self._title,
                GRID,
                steps,
                GRID,
                self.bar,
                self.text,
                self.hint,
                self.left,
                self.log,
                GRID,
                row(self.details, None, self.cancel, self.back, self.skip, self.again),
            )
        )
        body.setFixedWidth(WIDTH)
        self.setLayout(column(None, row(None, body, None), None, None, margins=4 * GRID))

    def restart(self) -> None:
        """A new run begins."""
        self._said = 0
        self.log.clear()

    def show_run(self, run: SetupRun) -> None:
        """Show how far a run is."""
        job = run.job
        if job is None:
            return
        for step in Step:
            state = run.states[step]
            icon, tone = _ICONS[state]
            self._pictures[step].setPixmap(self._services.icons.get(icon, tone).pixmap(18, 18))
            set_kind(self._titles[step], "muted" if state is Progress.waiting else "")
            self._titles[step].setAccessibleName(f"{step_title(step)}: {_state_text(state)}")
        running = job.state is JobState.running
        cancelled = job.state is JobState.cancelled
        failed = job.state is JobState.failed
        stopping = running and job.control is not None and job.control.cancelled
        self._title.setText(
            tr("Setting up Linnet") if running else tr("Cancelled") if cancelled else tr("That did not work")
        )
        self.bar.setVisible(running)
        self.bar.setRange(0, 100 if job.fraction is not None else 0)
        self.bar.setValue(round((job.fraction or 0) * 100))
        self.text.say(tr("Cancelling …") if stopping else job.text if running else _error_text(run))
        self.hint.say((run.error.hint or "") if failed and run.error is not None else "")
        self.left.say(run.left if not running else "")
        self.cancel.setVisible(running)
        self.cancel.setEnabled(not stopping)
        self.again.setVisible(not running)
        self.back.setVisible(not running)
        self.skip.setVisible(not running and run.step is Step.hello)
        self._show_log(run)

    def _show_log(self, run: SetupRun) -> None:
        job = run.job
        assert job is not None
        fresh = min(job.said - self._said, len(job.log))
        lines = list(job.log)[len(job.log) - fresh :]
        self._said = job.said
        if job.state is JobState.failed and job.error is not None and job.error.detail:
            lines += job.error.detail.splitlines()
        if lines:
            self.log.appendPlainText("\n".join(lines))

    def _toggle(self) -> None:
        self.log.setVisible(self.log.isHidden())


def _error_text(run: SetupRun) -> str:
    if run.job is None or run.error is None or run.job.state is not JobState.failed:
        return ""
    return run.error.message


def _state_text(state: Progress) -> str:
    return {
        Progress.waiting: tr("waits"),
        Progress.running: tr("under way"),
        Progress.done: tr("done"),
        Progress.failed: tr("failed"),
    }[state]
