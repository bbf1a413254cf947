"""Says when the main thread was busy for too long: then the window stood still. For tests and LINNET_DEBUG_GUARD=1."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger(__name__)

LIMIT = 0.05
"""Seconds that the main thread may be busy."""

_PATIENCE = 5
"""How many times the limit may pass while the thread computes little: on a busy computer it waits for other threads."""

_BEAT = 0.01


class MainThreadGuard(QObject):
    """Watches the event loop by a timer in it and a thread beside it.

    Attributes:
        stalls: how long each stall was, seconds, and what ran during it.
    """

    def __init__(
        self, parent: QObject | None = None, *, limit: float = LIMIT, told: Callable[[str], None] = log.warning
    ) -> None:
        super().__init__(parent)
        self.stalls: list[tuple[float, str]] = []
        self._limit = limit
        self._told = told
        self._main = threading.main_thread().ident or 0
        self._queue = _Queue()
        self.forgive()
        self._ended = threading.Event()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Watch from now on."""
        self.forgive()
        self._timer.start(int(_BEAT * 1000))
        threading.Thread(target=self._watch, name="guard", daemon=True).start()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        self._ended.set()

    def forgive(self) -> None:
        """What was busy until now was meant to be (a test that waits without the event loop)."""
        self._last, self._used, self._waited = time.perf_counter(), time.thread_time(), self._queue.waited()
        self._stack = ""

    def _beat(self) -> None:
        now, used = time.perf_counter(), time.thread_time() - self._used
        busy = now - self._last - _BEAT - (self._queue.waited() - self._waited)
        if self._stack and busy > self._limit and (used > self._limit or busy > _PATIENCE * self._limit):
            self.stalls.append((busy, self._stack))
            self._told(f"the main thread was busy for {busy * 1000:.0f} ms:\n{self._stack}")
        self.forgive()

    def _watch(self) -> None:
        while not self._ended.wait(_BEAT):
            if time.perf_counter() - self._last > self._limit and not self._stack:
                frame = sys._current_frames().get(self._main)  # noqa: SLF001 - the only way to see another thread's
                self._stack = "".join(traceback.format_stack(frame)[-12:]) if frame else ""


class _Queue:
    """How long the thread that made it has stood in line for a processor, which is no fault of its own."""

    def __init__(self) -> None:
        try:
            self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        except OSError:  # not Linux: nobody says
            self._file = -1

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)

    def waited(self) -> float:
        """Return the seconds so far; 0 where nobody says."""
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9 if self._file >= 0 else 0.0
