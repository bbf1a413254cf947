"""Something that goes on arriving (events, logs, stats), read in a thread and told in batches on the main thread."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.flow import Flow
from vm.errors import LinnetError, UnavailableError

log = logging.getLogger(__name__)

LIMIT = 50_000
"""Items that may wait for the main thread; then the source has to wait."""


class Stream(QObject):
    """Reads a flow until its end, or until it is stopped.

    Signals:
        opened: the flow answers.
        received: a list of items, all that arrived since the last time.
        ended: the flow is over; a LinnetError, or None when it ended by itself. Not sent after `stop`.
    """

    opened = Signal()
    received = Signal(list)
    ended = Signal(object)
    _wake = Signal()

    def __init__(self, parent: QObject | None, source: Callable[[], Flow[Any]]) -> None:
        """`source` opens the flow; it is called in the thread."""
        super().__init__(parent)
        self._source = source
        self._flow: Flow[Any] | None = None
        self._items: deque[Any] = deque()
        self._lock = threading.Condition()
        self._stopped = False
        self._over: list[LinnetError | None] = []
        self._told = False
        self._wake.connect(self._drain)
        self.destroyed.connect(self._stopper())

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._read, name="stream", daemon=True).start()

    def stop(self) -> None:
        """End; nothing is told any more."""
        with self._lock:
            self._stopped = True
            flow = self._flow
            self._lock.notify_all()
        if flow is not None:
            flow.abort()

    def _stopper(self) -> Callable[[], None]:
        # The slot of `destroyed` must not touch the QObject that is going.
        state = self.__dict__

        def stop() -> None:
            state["_stopped"] = True
            flow = state["_flow"]
            if flow is not None:
                flow.abort()

        return stop

    def _read(self) -> None:
        error: LinnetError | None = None
        try:
            flow = self._source()
            with self._lock:
                self._flow = flow
                if self._stopped:
                    flow.close()
                    return
            self._emit(self.opened)
            for item in flow:
                if not self._put(item):
                    return
        except LinnetError as caught:
            error = caught
        except Exception as caught:
            log.exception("a stream broke")
            error = UnavailableError("What was being followed could not be read.", detail=repr(caught))
        with self._lock:
            self._over.append(error)
            self._flow = None
        self._poke()

    def _put(self, item: Any) -> bool:
        with self._lock:
            while len(self._items) >= LIMIT and not self._stopped:
                self._lock.wait()
            if self._stopped:
                return False
            self._items.append(item)
        self._poke()
        return True

    def _poke(self) -> None:
        with self._lock:
            if self._told or self._stopped:
                return
            self._told = True
        self._emit(self._wake)

    def _emit(self, signal: Any) -> None:
        try:
            if not self._stopped:
                signal.emit()
        except RuntimeError:
            self._stopped = True  # the object was deleted meanwhile

    def _drain(self) -> None:
        with self._lock:
            self._told = False
            items = list(self._items)
            self._items.clear()
            over = list(self._over)
            self._over.clear()
            self._lock.notify_all()
        if items and not self._stopped:
            self.received.emit(items)
        if over and not self._stopped:
            self.ended.emit(over[0])
