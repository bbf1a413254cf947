"""The guard over the main thread: what it takes for a stall and what not."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.gui import guard
from app.gui.guard import MainThreadGuard


@pytest.fixture
def watch(qapp: QApplication, qtbot: QtBot) -> Iterator[MainThreadGuard]:
    made = MainThreadGuard(qapp, told=lambda _text: None)
    made.start()
    qtbot.wait(30)
    yield made
    made.stop()


def compute(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_waiting_for_something_else_is_a_stall(watch: MainThreadGuard, qtbot: QtBot) -> None:
    QTimer.singleShot(0, lambda: time.sleep(0.4))
    qtbot.waitUntil(lambda: bool(watch.stalls))
    length, stack = watch.stalls[0]
    assert length > 0.3
    assert "time.sleep(0.4)" in stack


def test_computing_is_a_stall(watch: MainThreadGuard, qtbot: QtBot) -> None:
    QTimer.singleShot(0, lambda: compute(0.15))
    qtbot.waitUntil(lambda: bool(watch.stalls))
    assert watch.stalls[0][0] > 0.1


def test_little_work_is_none(watch: MainThreadGuard, qtbot: QtBot) -> None:
    QTimer.singleShot(0, lambda: compute(0.01))
    qtbot.wait(60)
    assert not watch.stalls


def test_standing_in_line_for_a_processor_is_none(
    watch: MainThreadGuard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = watch._queue.waited()
    monkeypatch.setattr(guard._Queue, "waited", lambda _self: waited)
    watch.forgive()

    def wait() -> None:
        nonlocal waited
        time.sleep(0.4)
        waited += 0.4

    QTimer.singleShot(0, wait)
    qtbot.wait(500)
    assert not watch.stalls
