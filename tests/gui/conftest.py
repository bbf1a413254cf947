"""What tests of the window have: a fake linnetd, the shared parts, a window; and a guard over the main thread."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.gui.guard import MainThreadGuard
from app.gui.services import Services, make_services
from app.gui.window import MainWindow
from tests.gui.acts import Go, excuse
from tests.gui.fake import FakeLinnet

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

STALL = 0.05
"""Seconds that the main thread may be busy at once; LINNET_TEST_STALL raises it on a slow machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have a test run again when the main thread was busy.

    What the code does too slowly it does each time; what the computer does meanwhile, such as giving the processor to
    another virtual machine, nobody here can see or subtract.
    """
    again = pytest.mark.flaky(reruns=2, only_rerun=["the main thread was busy"])
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(again)


@pytest.fixture
def fake() -> Iterator[FakeLinnet]:
    """A linnetd with a machine that runs."""
    made = FakeLinnet()
    yield made
    made.close()


@pytest.fixture
def services(qapp: QApplication, fake: FakeLinnet, qtbot: QtBot) -> Iterator[Services]:
    """The shared parts, connected, with the machine's rows ready to be loaded."""
    made = make_services(qapp, fake.layout)
    made.preferences.set("language", "en")
    made.preferences.set("theme", "light")
    made.theme.use("light")
    made.hub.starts_service = False
    made.hub.start()
    qtbot.waitUntil(lambda: made.hub.loaded, timeout=5000)
    yield made
    made.hub.stop()
    made.runner.close()


@pytest.fixture
def window(services: Services, qtbot: QtBot, guard: MainThreadGuard) -> Iterator[MainWindow]:
    """The window, shown, on its first page."""
    made = MainWindow(services)
    made.show_first_page()
    made.show()
    qtbot.waitExposed(made)
    excuse(guard)
    yield made
    made.close_down()
    made.hide()
    made.deleteLater()


@pytest.fixture
def guard(qapp: QApplication) -> Iterator[MainThreadGuard]:
    """Fails the test when the main thread was busy for too long; loading a page's code the first time is forgiven."""
    limit = float(os.environ.get("LINNET_TEST_STALL", STALL))
    made = MainThreadGuard(qapp, limit=limit, told=lambda _text: None)
    # What a whole test run has piled up is no part of the window: going through it takes longer than the limit.
    gc.collect()
    gc.freeze()
    made.start()
    yield made
    made.stop()
    gc.unfreeze()
    worst = max(made.stalls, default=(0.0, ""))
    assert not made.stalls, f"the main thread was busy for {worst[0] * 1000:.0f} ms:\n{worst[1]}"


@pytest.fixture
def go(window: MainWindow, qtbot: QtBot, guard: MainThreadGuard) -> Go:
    """Show a page and return it."""

    def show(name: str) -> Any:
        window.go(name)
        qtbot.wait(20)
        excuse(guard)
        return window.page

    return show
