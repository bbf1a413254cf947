"""Short work off the main thread, and its result on it.

    Op(page, lambda: client.get("/v1/machines")).success(self._show).failure(self._say).run(runner)

The callbacks run on the main thread, and not at all when the parent is gone by then.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

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
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(THREADS)
        self._courier = _Courier()
        self._closing = False

    def start(self, work: Callable[[], None]) -> None:
        """Run `work` in a thread; it must not raise."""
        if not self._closing:
            self._pool.start(QRunnable.create(work))

    def post(self, callback: Callable[[], None]) -> None:
        """Have `callback` run on the main thread; from any thread."""
        if not self._closing:
            self._courier.arrived.emit(callback)

    def close(self, milliseconds: int = 2000) -> None:
        """Drop what has not begun and wait a little for what has."""
        self._closing = True
        self._pool.clear()
        self._pool.waitForDone(milliseconds)


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
