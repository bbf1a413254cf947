"""Short work off the main thread, and its result on it.

    Op(page, lambda: client.get("/v1/machines")).success(self._show).failure(self._say).run(runner)

The callbacks run on the main thread, and not at all when the parent is gone by then.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from vm.errors import LinnetError

log = logging.getLogger(__name__)

T = TypeVar("T")

THREADS = 12
"""Requests at once; they wait for linnetd, they do not compute."""


class _Courier(QObject):
    """Carries results to the main thread."""

    arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._deliver)

    def _deliver(self, callback: Callable[[], None]) -> None:
        callback()


class TaskRunner(QObject):
    """Runs work in threads.

    Signals:
        failed: an error that nobody dealt with, a LinnetError.
        broken: a bug: any other exception.
    """

    failed = Signal(object)
    broken = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Not QThreadPool: PySide takes an object at the address of a finished QRunnable for that QRunnable.
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._threads = 0
        self._idle = 0
        self._lock = threading.Lock()
        self._courier = _Courier()
        self._closing = False

    def start(self, work: Callable[[], None]) -> None:
        """Run `work` in a thread; it must not raise."""
        if self._closing:
            return
        with self._lock:
            more = self._idle <= self._waiting.qsize() and self._threads < THREADS
            self._threads += more
        self._waiting.put(work)
        if more:
            threading.Thread(target=self._serve, name="runner", daemon=True).start()

    def post(self, callback: Callable[[], None]) -> None:
        """Have `callback` run on the main thread; from any thread."""
        if not self._closing:
            self._courier.arrived.emit(callback)

    def close(self) -> None:
        """Begin nothing more and tell nothing more; what waits for an answer ends with the process."""
        self._closing = True

    def _serve(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            work = self._waiting.get()
            with self._lock:
                self._idle -= 1
            if not self._closing:
                work()


class Op(Generic[T]):
    """One piece of work and what becomes of its result."""

    def __init__(self, parent: QObject, work: Callable[[], T]) -> None:
        self._parent = parent
        self._work = work
        self._success: Callable[[T], None] | None = None
        self._failure: Callable[[LinnetError], None] | None = None
        self._finished: Callable[[], None] | None = None

    def success(self, callback: Callable[[T], None]) -> Op[T]:
        """Have `callback` called with the result."""
        self._success = callback
        return self

    def failure(self, callback: Callable[[LinnetError], None]) -> Op[T]:
        """Have `callback` called with an expected error instead of its being shown."""
        self._failure = callback
        return self

    def finished(self, callback: Callable[[], None]) -> Op[T]:
        """Have `callback` called in the end, before success or failure."""
        self._finished = callback
        return self

    def run(self, runner: TaskRunner) -> None:
        """Begin."""
        assert threading.current_thread() is threading.main_thread()
        runner.start(lambda: self._run(runner))

    def _run(self, runner: TaskRunner) -> None:
        try:
            result = self._work()
        except LinnetError as caught:
            expected = caught
            runner.post(lambda: self._end(lambda: self._fail(runner, expected)))
        except Exception as caught:
            bug = caught
            log.exception("work in the background failed")
            runner.post(lambda: self._end(lambda: runner.broken.emit(bug)))
        else:
            runner.post(lambda: self._end(lambda: self._succeed(result)))

    def _end(self, callback: Callable[[], None]) -> None:
        if shiboken6.isValid(self._parent):
            if self._finished is not None:
                self._finished()
            callback()

    def _succeed(self, result: T) -> None:
        if self._success is not None:
            self._success(result)

    def _fail(self, runner: TaskRunner, error: LinnetError) -> None:
        if self._failure is not None:
            self._failure(error)
        else:
            runner.failed.emit(error)


Work = Callable[[], Any]
