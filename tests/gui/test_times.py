"""Ages and spans as people read them, in both languages."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QApplication

from app.gui import text
from app.gui.times import age, span


@pytest.mark.parametrize(
    ("language", "told", "old"),
    [
        ("en", ["850 ms", "4.2 s", "3 min 5 s", "6 h 13 min", "3 d 1 h"], "2 h"),
        ("ko", ["850밀리초", "4.2초", "3분 5초", "6시간 13분", "3일 1시간"], "2시간"),
    ],
)
def test_units_are_the_languages(qapp: QApplication, language: str, told: list[str], old: str) -> None:
    text.install(qapp, language)
    try:
        assert [span(seconds) for seconds in (0.85, 4.2, 185, 22380, 3 * 86400 + 3600)] == told
        assert age(time.time() - 7260) == old
    finally:
        text.install(qapp, "en")
