"""That the installed PySide6 is one that Linnet can live on; see the extra `desktop` in pyproject.toml."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal


class Bell(QObject):
    """Has a signal."""

    rung = Signal()


def test_signals_and_returned_nothing_cost_no_references() -> None:
    bell = Bell()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(100):
        bell.rung.emit()
        bell.parent()
    after = sys.getrefcount(True), sys.getrefcount(None)
    # Other threads of the tests may take or drop a few.
    assert all(abs(new - old) < 50 for new, old in zip(after, before, strict=True))
