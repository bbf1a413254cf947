"""What one job says, as it says it, with the way to cancel it."""

from __future__ import annotations

import shiboken6
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QWidget

from app.gui.text import tr
from app.gui.theme import Theme
from app.gui.widgets.basics import button, column, label, row, set_kind
from app.gui.work.jobs import LOG_LINES, Job, JobState


class JobLog(QWidget):
    """Follows a job."""

    def __init__(self, theme: Theme, nothing: str) -> None:
        """`nothing`: what is said while there is no job."""
        super().__init__()
        self._nothing = nothing
        self._job: Job | None = None
        self._lines = 0
        self._title = label("", wrap=True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 0)
        self.cancel_button = button(tr("Cancel"), self._cancel)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(LOG_LINES)
        self.text.setAccessibleName(tr("Log of the task"))
        self.text.setFont(theme.fixed_font())
        theme.changed.connect(lambda: self.text.setFont(theme.fixed_font()))
        head = row(self._title, self._progress, self.cancel_button)
        head.setStretch(0, 1)
        self._progress.setFixedWidth(120)
        self.setLayout(column(head, self.text))
        self.follow(None)

    @property
    def job(self) -> Job | None:
        """The job that is shown; None when there is none, or it was forgotten."""
        return self._job if self._job is not None and shiboken6.isValid(self._job) else None

    @property
    def title(self) -> str:
        """What is said over the log."""
        return self._title.text()

    def follow(self, job: Job | None) -> None:
        """Show a job from its first line on."""
        before = self.job
        if before is not job:
            if before is not None:
                before.changed.disconnect(self._show)
            if job is not None:
                job.changed.connect(self._show)
        self._job = job
        self._lines = 0
        self.text.clear()
        self._show()

    def _show(self) -> None:
        job = self.job
        running = job is not None and job.state is JobState.running
        self._progress.setVisible(running)
        self.cancel_button.setVisible(running)
        if job is None:
            self._title.setText(self._nothing)
            set_kind(self._title, "muted")
            return
        fresh = min(job.said - self._lines, len(job.log))
        lines = list(job.log)[len(job.log) - fresh :]
        self._lines = job.said
        if lines:
            self.text.appendPlainText("\n".join(lines))
        texts = {
            JobState.running: tr("{title} …", title=job.title),
            JobState.done: tr("{title}: done.", title=job.title),
            JobState.cancelled: tr("{title}: cancelled.", title=job.title),
            JobState.failed: job.error.message if job.error is not None else "",
        }
        self._title.setText(texts[job.state])
        set_kind(self._title, "bad" if job.state is JobState.failed else "")

    def _cancel(self) -> None:
        if (job := self.job) is not None:
            job.cancel()
