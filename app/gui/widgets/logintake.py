"""The way of lines into a log: from feeds in threads into its store, in the order of their times."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.gui.widgets.logread import Batch, LogSource
from app.gui.widgets.logstore import LogStore
from app.gui.work.feed import Feed
from vm.errors import LinnetError

_PAUSE = 0.02
"""Seconds between two changes of what is seen, at least."""

_AT_ONCE = 6_000
"""Lines that are taken in at once; the rest waits until the window has painted."""

_SORTED = 20_000
"""Lines of several sources that are brought into the order of their times; more come as they come."""

_WAITING = 40_000
"""Lines of one source that may wait; then the engine has to."""

_SETTLE = 400
"""Milliseconds in which several sources that are opened together have brought their old lines."""

Ended = Callable[[LinnetError | None], object]


@dataclass
class _Inlet:
    source: int
    feed: Feed
    ended: Ended
    last_time: str = ""
    last_lines: int = 0
    """How many lines of that time came."""

    def note_times(self, times: list[str]) -> None:
        """Remember the time of the last line, and how many lines have it."""
        if not times:
            return
        if times[-1] != self.last_time:
            self.last_time, self.last_lines = times[-1], 0
        for time_ in reversed(times):
            if time_ != self.last_time:
                break
            self.last_lines += 1


class LogIntake(QObject):
    """Takes lines in.

    Signals:
        changed: the store has more lines.
    """

    changed = Signal()

    def __init__(self, parent: QObject, store: LogStore) -> None:
        super().__init__(parent)
        self._store = store
        self._inlets: list[_Inlet] = []
        self._drained = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._drain)

    def attach(self, source: int, opening: Callable[[], LogSource], ended: Ended) -> Feed:
        """Take the lines that a source brings; `ended` is called when it has no more."""
        feed = Feed(self, opening, limit=_WAITING)
        inlet = _Inlet(source, feed, ended)
        self._inlets.append(inlet)
        feed.ready.connect(self._on_ready)
        if (len({other.source for other in self._inlets}) > 1 or source) and not self._timer.isActive():
            self._timer.start(_SETTLE)
        feed.start()
        return feed

    def detach(self, feed: Feed) -> None:
        """Take nothing more from a feed."""
        feed.stop()
        self._inlets = [inlet for inlet in self._inlets if inlet.feed is not feed]
        feed.deleteLater()

    def last_time(self, feed: Feed) -> tuple[str, int]:
        """Return the time of the latest line that a feed brought, "" for none, and how many lines of that time came."""
        return next(((inlet.last_time, inlet.last_lines) for inlet in self._inlets if inlet.feed is feed), ("", 0))

    def stop(self) -> None:
        """Take nothing more."""
        for inlet in list(self._inlets):
            self.detach(inlet.feed)

    def add(self, batch: Batch, source: int = 0) -> None:
        """Add lines from elsewhere."""
        self._store.append(batch, source)
        self.changed.emit()

    def note(self, text: str, source: int = 0) -> None:
        """Add a line that is Linnet's own."""
        self.add(Batch([text], notes={0}), source)

    def _on_ready(self) -> None:
        if not self._timer.isActive():
            since = time.monotonic() - self._drained
            self._timer.start(0 if since >= _PAUSE else round((_PAUSE - since) * 1000))

    def _drain(self) -> None:
        self._drained = time.monotonic()
        taken: list[tuple[int, Batch]] = []
        share = max(500, _AT_ONCE // max(1, len(self._inlets)))
        for inlet in self._inlets:
            batches = inlet.feed.take(share)
            if batches:
                # Together: a store takes one large batch much faster than many small ones.
                whole = Batch()
                for batch in batches:
                    whole.extend(batch)
                taken.append((inlet.source, whole))
                inlet.note_times(whole.times)
        for source, batch in _in_order(taken):
            self._store.append(batch, source)
        if taken:
            self.changed.emit()
        if any(inlet.feed.waits for inlet in self._inlets):
            self._on_ready()
        for inlet in [inlet for inlet in self._inlets if inlet.feed.over]:
            # Left in place while its owner is told: the owner asks for its last time.
            inlet.ended(inlet.feed.error)
            if inlet in self._inlets:
                self.detach(inlet.feed)


def _in_order(taken: list[tuple[int, Batch]]) -> list[tuple[int, Batch]]:
    """Return the lines of several sources in the order of their times, as batches of one source each."""
    if len({source for source, _batch in taken}) < 2 or sum(len(batch) for _source, batch in taken) > _SORTED:
        return taken
    entries = []
    for source, batch in taken:
        last = ""
        for place in range(len(batch)):
            last = batch.times[place] if batch.times else last
            entries.append((last, source, batch, place))
    entries.sort(key=lambda entry: entry[0])
    ordered: list[tuple[int, Batch]] = []
    for _time, source, batch, place in entries:
        if not ordered or ordered[-1][0] != source:
            ordered.append((source, Batch()))
        made = ordered[-1][1]
        at = len(made.lines)
        made.lines.append(batch.lines[place])
        made.times.append(batch.times[place] if batch.times else "")
        if place in batch.errors:
            made.errors.add(at)
        if place in batch.styles:
            made.styles[at] = batch.styles[place]
    return ordered
