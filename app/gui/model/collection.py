"""A set of rows of one kind (containers, images …) that is loaded once and then kept right by events."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.gui.work.runner import Op, TaskRunner
from vm.errors import LinnetError

Row = Mapping[str, Any]

_SETTLE = 150
"""Milliseconds in which several reasons to load again become one."""


class Phase(enum.Enum):
    """How far a collection is."""

    absent = "absent"
    """Nothing can be known: no machine runs."""
    loading = "loading"
    ready = "ready"
    failed = "failed"


class Collection(QObject):
    """Rows by key.

    Attributes:
        rows: in no particular order.
        error: why the last loading failed.
    Signals:
        reset: everything may be different.
        changed: rows with these keys are new or different, a list.
        removed: rows with these keys are gone, a list.
        phase_changed: `phase` is another.
    """

    reset = Signal()
    changed = Signal(list)
    removed = Signal(list)
    phase_changed = Signal()

    def __init__(
        self,
        parent: QObject,
        runner: TaskRunner,
        load: Callable[[], Iterable[Row]],
        key: Callable[[Row], str],
    ) -> None:
        """`load` gets all rows, in a thread; `key` tells them apart."""
        super().__init__(parent)
        self.rows: dict[str, Row] = {}
        self.phase = Phase.absent
        self.error: LinnetError | None = None
        self._runner = runner
        self._load = load
        self._key = key
        self._available = False
        self._stale = True
        self._loading = False
        self._wanted: set[object] = set()
        self._generation = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE)
        self._timer.timeout.connect(self._refresh)

    def want(self, who: object) -> None:
        """Keep the rows right while `who` shows them; loads them when they are out of date."""
        self._wanted.add(who)
        if self._stale:
            self._refresh()

    def unwant(self, who: object) -> None:
        """`who` shows them no longer; they may grow out of date until somebody wants them."""
        self._wanted.discard(who)

    def set_available(self, *, available: bool) -> None:
        """Say whether rows can be had at all; when not, there are none."""
        if available == self._available:
            return
        self._available = available
        self._generation += 1
        self._stale = True
        self._loading = False
        if available:
            self._set_phase(Phase.loading)
            if self._wanted:
                self._refresh()
            return
        self.rows = {}
        self._set_phase(Phase.absent)
        self.reset.emit()

    def touch(self) -> None:
        """Say that something is different, it is not known what: they are loaded again when somebody wants them."""
        self._stale = True
        if self._wanted and self._available:
            self._timer.start()

    def put(self, rows: Iterable[Row]) -> None:
        """Add or replace rows."""
        fresh = {self._key(row): row for row in rows}
        keys = [key for key, row in fresh.items() if self.rows.get(key) != row]
        self.rows.update(fresh)
        if keys:
            self.changed.emit(keys)

    def drop(self, keys: Iterable[str]) -> None:
        """Remove rows."""
        gone = [key for key in keys if self.rows.pop(key, None) is not None]
        if gone:
            self.removed.emit(gone)

    def _refresh(self) -> None:
        if self._loading or not self._available:
            return
        self._loading, self._stale = True, False
        generation = self._generation
        (
            Op(self, lambda: list(self._load()))
            .success(lambda rows: self._on_loaded(generation, rows))
            .failure(lambda error: self._on_failed(generation, error))
            .run(self._runner)
        )

    def _on_loaded(self, generation: int, rows: list[Row]) -> None:
        if generation != self._generation:
            return
        self._loading = False
        fresh = {self._key(row): row for row in rows}
        if self.phase is not Phase.ready:
            self.rows = fresh
            self.error = None
            self._set_phase(Phase.ready)
            self.reset.emit()
        else:
            self.drop([key for key in self.rows if key not in fresh])
            self.put(rows)
        if self._stale and self._wanted:
            self._timer.start()

    def _on_failed(self, generation: int, error: LinnetError) -> None:
        if generation != self._generation:
            return
        self._loading, self._stale = False, True
        self.error = error
        self._set_phase(Phase.failed)

    def _set_phase(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self.phase_changed.emit()
