"""Long work that the user may watch and cancel: what runs, what is done, with what was said meanwhile."""

from __future__ import annotations

import enum
import functools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.client import Client
from app.core.flow import Flow
from app.gui.work.runner import TaskRunner
from vm.errors import CancelledByUserError, LinnetError, from_dict

log = logging.getLogger(__name__)

KEPT = 200
"""Jobs that are remembered."""

LOG_LINES = 5_000
"""Lines of a job's log that are kept."""

_TELL_EVERY = 0.05
"""Seconds between two tellings of progress."""


class JobState(enum.StrEnum):
    """What became of a job."""

    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


class Control:
    """What the work of a job has in its thread: ways to tell how far it is, and to hear that it shall end."""

    def __init__(self, tell: Callable[[str, int | None, int | None], None], say: Callable[[str], None]) -> None:
        self._tell = tell
        self._say = say
        self._lock = threading.Lock()
        self._flow: Flow[Any] | None = None
        self._ending: list[Callable[[], None]] = []
        self.cancelled = False

    def progress(self, text: str, done: int | None = None, total: int | None = None) -> None:
        """Tell what is being done, and how much of it. Raises CancelledByUserError when the user has enough."""
        self._tell(text, done, total)
        self.check()

    def log(self, line: str) -> None:
        """Add a line to the job's log."""
        self._say(line)

    def check(self) -> None:
        """Raise CancelledByUserError when the job was cancelled."""
        if self.cancelled:
            raise CancelledByUserError("Cancelled.")

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Have `callback` called when the user cancels; at once if that has happened."""
        with self._lock:
            if not self.cancelled:
                self._ending.append(callback)
                return
        callback()

    def watch(self, flow: Flow[Any]) -> Flow[Any]:
        """Have `flow` end when the user cancels; returns it."""
        self.on_cancel(flow.abort)
        return flow

    def cancel(self) -> None:
        """Say that the user has enough; from any thread."""
        with self._lock:
            self.cancelled = True
            callbacks, self._ending = self._ending, []
        for callback in callbacks:
            callback()


class Job(QObject):
    """One piece of long work.

    Attributes:
        title: a phrase, such as "Pull nginx".
        text, done, total: the latest progress.
        error: of a job that failed.
        result: of one that is done.
        said: how many lines were logged in all; `log` keeps the last ones.
    Signals:
        changed: progress, state or log.
        ended: it is over.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.state = JobState.running
        self.text = ""
        self.done: int | None = None
        self.total: int | None = None
        self.error: LinnetError | None = None
        self.result: Any = None
        self.started_at = time.time()
        self.ended_at: float | None = None
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self.said = 0
        self.control: Control | None = None

    @property
    def fraction(self) -> float | None:
        """How much is done, 0 to 1; None when that is not known."""
        return min(1.0, (self.done or 0) / self.total) if self.total else None

    def say(self, lines: Sequence[str]) -> None:
        """Add lines to the log."""
        self.log.extend(lines)
        self.said += len(lines)

    def cancel(self) -> None:
        """Have it end; `ended` says when it has."""
        if self.control is not None and self.state is JobState.running:
            threading.Thread(target=self.control.cancel, daemon=True).start()


Work = Callable[[Control], Any]


class Jobs(QObject):
    """All long work of this window.

    Attributes:
        all: oldest first.
        operations: ids of linnetd's operations that jobs follow or followed.

    Signals:
        added: a Job began.
        changed: a Job told progress or ended.
        ended: a Job is over.
    """

    added = Signal(object)
    changed = Signal(object)
    ended = Signal(object)

    def __init__(self, runner: TaskRunner, client: Callable[[], Client], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._client = client
        self.all: list[Job] = []
        self.operations: set[str] = set()

    @property
    def running(self) -> list[Job]:
        """Those that are not over."""
        return [job for job in self.all if job.state is JobState.running]

    def start(
        self,
        title: str,
        work: Work,
        *,
        success: Callable[[Any], None] | None = None,
        failure: Callable[[LinnetError], None] | None = None,
    ) -> Job:
        """Begin `work` in a thread of its own.

        Args:
            title: what the user calls it.
            work: called with a Control; its result is the job's.
            success: called on the main thread with the result.
            failure: called on the main thread instead of the error's being shown.
        """
        job = Job(title, self)
        job.control = Control(self._teller(job), self._sayer(job))
        if success is not None:
            job.ended.connect(lambda: success(job.result) if job.state is JobState.done else None)
        self.all.append(job)
        while len(self.all) > KEPT and self.all[0].state is not JobState.running:
            self.all.pop(0).deleteLater()
        self.added.emit(job)
        threading.Thread(target=self._run, args=(job, work, failure), name="job", daemon=True).start()
        return job

    def operate(
        self,
        title: str,
        method: str,
        path: str,
        body: object = None,
        *,
        success: Callable[[Any], None] | None = None,
        failure: Callable[[LinnetError], None] | None = None,
    ) -> Job:
        """Have linnetd do something long; cancelling cancels it there."""

        def work(control: Control) -> Any:
            return self.perform(control, method, path, body)

        return self.start(title, work, success=success, failure=failure)

    def perform(self, control: Control, method: str, path: str, body: object = None) -> Any:
        """Have linnetd do something long as a part of a job's work, and return its result.

        Cancelling the job cancels it there; linnetd then says so, which is raised as CancelledByUserError.
        """
        with self._client() as client, client.stream(method, path, body) as flow:
            for line in flow:
                if "operation" in line:
                    self.operations.add(line["operation"])
                    control.on_cancel(functools.partial(self._cancel, line["operation"]))
                elif "progress" in line:
                    step = line["progress"]
                    control.log(step["text"])
                    self._teller_of(control)(step["text"], step["done"], step["total"])
                elif "error" in line:
                    raise from_dict(line["error"])
                elif "result" in line:
                    return line["result"]
        return None

    def clear(self) -> None:
        """Forget those that are over."""
        for job in [job for job in self.all if job.state is not JobState.running]:
            self.all.remove(job)
            job.deleteLater()

    @staticmethod
    def _teller_of(control: Control) -> Callable[[str, int | None, int | None], None]:
        # linnetd ends a cancelled operation itself and says so; until then its progress is told as ever.
        return control._tell  # noqa: SLF001 - the same module

    def _cancel(self, operation: str) -> None:
        try:
            with self._client() as client:
                client.delete(f"/v1/operations/{operation}")
        except LinnetError as error:
            log.info("an operation could not be cancelled: %s", error.message)

    def _teller(self, job: Job) -> Callable[[str, int | None, int | None], None]:
        last = [0.0]

        def tell(text: str, done: int | None = None, total: int | None = None) -> None:
            now = time.monotonic()
            if now - last[0] < _TELL_EVERY and text == job.text and done != total:
                return
            last[0] = now
            self._runner.post(lambda: self._on_progress(job, text, done, total))

        return tell

    def _run(self, job: Job, work: Work, failure: Callable[[LinnetError], None] | None) -> None:
        control = job.control
        assert control is not None
        error: LinnetError | None = None
        result: Any = None
        try:
            result = work(control)
        except LinnetError as caught:
            error = CancelledByUserError("Cancelled.") if control.cancelled else caught
        except Exception as caught:
            log.exception("a job failed")
            bug = caught
            error = LinnetError("Something went wrong in Linnet itself.", detail=repr(caught))
            self._runner.post(lambda: self._runner.broken.emit(bug))
        self._runner.post(lambda: self._on_end(job, result, error, failure))

    def _on_progress(self, job: Job, text: str, done: int | None, total: int | None) -> None:
        if job.state is JobState.running:
            job.text, job.done, job.total = text, done, total
            self._tell(job)

    def _sayer(self, job: Job) -> Callable[[str], None]:
        """Return what takes lines in any thread; the main thread gets them in batches."""
        waiting: list[str] = []
        lock = threading.Lock()

        def flush() -> None:
            with lock:
                lines = waiting[:]
                waiting.clear()
            job.say(lines)
            self._tell(job)

        def say(line: str) -> None:
            with lock:
                waiting.append(line)
                first = len(waiting) == 1
            if first:
                self._runner.post(flush)

        return say

    def _on_end(
        self, job: Job, result: Any, error: LinnetError | None, failure: Callable[[LinnetError], None] | None
    ) -> None:
        job.result, job.error, job.ended_at = result, error, time.time()
        if error is None:
            job.state = JobState.done
        else:
            job.state = JobState.cancelled if isinstance(error, CancelledByUserError) else JobState.failed
            job.say([error.message])
        self._tell(job)
        job.ended.emit()
        self.ended.emit(job)
        if job.state is JobState.failed and error is not None:
            (failure or self._runner.failed.emit)(error)

    def _tell(self, job: Job) -> None:
        job.changed.emit()
        self.changed.emit(job)
