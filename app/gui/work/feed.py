"""A flow that brings much (logs, terminals): read in a thread, taken by the main thread as fast as it can."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from vm.errors import LinnetError, UnavailableError

log = logging.getLogger(__name__)

LIMIT = 1024 * 1024
"""Weight of what may wait for the main thread; then the source has to wait."""


class Source(Protocol):
    """What is read: iterated in the thread, ended from another."""

    def __iter__(self) -> Iterator[Any]:
        """Yield items."""

    def abort(self) -> None:
        """Have the iteration end."""

    def close(self) -> None:
        """Let go of it."""


class Feed(QObject):
    """Reads a source until its end or `stop`; unlike a Stream it waits for whoever takes.

    Signals:
        opened: the source answers.
        ready: something waits, or the end does; told once until `take` is called.
    """

    opened = Signal()
    ready = Signal()

    def __init__(
        self,
        parent: QObject | None,
        source: Callable[[], Source],
        weight: Callable[[Any], int] = len,
        limit: int = LIMIT,
    ) -> None:
        """`source` opens it, in the thread; items may wait until the sum of their `weight` reaches `limit`."""
        super().__init__(parent)
        self._open = source
        self._weight = weight
        self._limit = limit
        self._source: Source | None = None
        self._items: deque[Any] = deque()
        self._waiting = 0
        self._lock = threading.Condition()
        self._stopped = False
        self._told = False
        self._over = False
        self.error: LinnetError | None = None
        state = self.__dict__
        self.destroyed.connect(lambda: _stop(state))

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._read, name="feed", daemon=True).start()

    def stop(self, *, abort: bool = True) -> None:
        """End; nothing is told any more. Without `abort` the source is left to whoever else has it."""
        _stop(self.__dict__, abort=abort)

    @property
    def over(self) -> bool:
        """Whether the source has ended and all that it brought was taken; `error` says why it ended."""
        with self._lock:
            return self._over and not self._items

    @property
    def waits(self) -> bool:
        """Whether there is something to take."""
        with self._lock:
            return bool(self._items)

    def take(self, weight: int) -> list[Any]:
        """Return items that wait, at least one if there is any, and no more than of that weight."""
        taken: list[Any] = []
        with self._lock:
            self._told = False
            sum_of_taken = 0
            while self._items and sum_of_taken < weight:
                item = self._items.popleft()
                sum_of_taken += self._weight(item)
                taken.append(item)
            self._waiting -= sum_of_taken
            self._lock.notify_all()
        return taken

    def _read(self) -> None:
        try:
            source = self._open()
            with self._lock:
                self._source = source
                if self._stopped:
                    source.close()
                    return
            self._emit(self.opened)
            for item in source:
                if not self._put(item):
                    return
        except LinnetError as caught:
            self.error = caught
        except Exception as caught:
            if not self._stopped:
                log.exception("a feed broke")
            self.error = UnavailableError("What was being followed could not be read.", detail=repr(caught))
        with self._lock:
            self._over = True
            self._source = None
        self._tell()

    def _put(self, item: Any) -> bool:
        with self._lock:
            while self._waiting >= self._limit and not self._stopped:
                self._lock.wait()
            if self._stopped:
                return False
            self._items.append(item)
            self._waiting += self._weight(item)
        self._tell()
        return True

    def _tell(self) -> None:
        with self._lock:
            if self._told or self._stopped:
                return
            self._told = True
        self._emit(self.ready)

    def _emit(self, signal: Any) -> None:
        try:
            if not self._stopped:
                signal.emit()
        except RuntimeError:
            self._stopped = True  # the object was deleted meanwhile


def _stop(state: dict[str, Any], *, abort: bool = True) -> None:
    # A function over the attributes: the slot of `destroyed` must not touch the QObject that is going.
    with state["_lock"]:
        state["_stopped"] = True
        source, state["_source"] = state["_source"], None
        state["_lock"].notify_all()
    if source is not None and abort:
        source.abort()
