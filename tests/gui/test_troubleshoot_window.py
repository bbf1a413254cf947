"""A window that starts over: made anew, with nothing remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.application import Application
from tests.gui.fake import FakeLinnet


@pytest.fixture
def application(qapp: QApplication, fake: FakeLinnet) -> Iterator[Application]:
    """The desktop app with its window."""
    made = Application(qapp, fake.layout)
    made.services.preferences.set("language", "en")
    made.services.hub.starts_service = False
    made.start()
    yield made
    if made.window is not None:
        made.window.close_down()
        made.window.hide()
        made.window.deleteLater()
    made.services.hub.stop()
    made.services.runner.close()


def test_window_is_made_anew_without_memory(application: Application, qtbot: QtBot) -> None:
    first = application.window
    assert first is not None
    preferences = application.services.preferences
    qtbot.waitUntil(lambda: application.services.hub.loaded)
    usual = first.size()
    first.resize(QSize(1000, 650))
    first.go("images")
    preferences.set("theme", "dark")
    assert application.services.theme.dark
    preferences.set("terminal_font", 20)
    preferences.start_over()
    qtbot.waitUntil(lambda: application.window not in (None, first))
    second = application.window
    assert second is not None
    assert second.size() == usual
    assert second.page is not None
    assert second.page.name == "images"
    assert preferences.number("terminal_font") == 0
    assert preferences.text("theme") == "system"
    assert not application.services.theme.dark
