"""What holds for every page: names for all controls, reachable by Tab, nothing cut off in either language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.gui import text
from app.gui.pages.table import PAGES
from app.gui.services import Services
from app.gui.window import MainWindow
from tests.gui.fake import FakeLinnet
from tests.screenshots import select_first

NAMES = [entry.name for entry in PAGES]

_PARTS = (QHeaderView, QScrollBar)
"""Belong to a control that has a name."""

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractItemView, QAbstractSlider)


@pytest.fixture
def settled(services: Services, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window without the guard: what is looked at here is not speed."""
    window = MainWindow(services)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close_down()
    window.hide()
    window.deleteLater()


def controls(page: QWidget) -> list[QWidget]:
    """Return what the user can work with, as far as it is shown."""
    return [
        one
        for kind in CONTROLS
        for one in page.findChildren(kind)
        if one.isVisible() and not one.objectName().startswith("qt_") and not isinstance(one, _PARTS)
    ]


def called(widget: QWidget) -> str:
    """Return the name under which assistive technology knows a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


@pytest.mark.parametrize("name", NAMES)
def test_every_control_has_a_name(settled: MainWindow, qtbot: QtBot, name: str) -> None:
    settled.go(name)
    qtbot.wait(300)
    select_first(settled)
    qtbot.wait(200)
    page = settled.page
    assert page is not None
    nameless = [f"{type(one).__name__} in {type(one.parent()).__name__}" for one in controls(page) if not called(one)]
    assert nameless == []


@pytest.mark.parametrize("name", NAMES)
def test_every_control_is_reached_by_the_keyboard(settled: MainWindow, qtbot: QtBot, name: str) -> None:
    settled.go(name)
    qtbot.wait(300)
    page = settled.page
    assert page is not None
    unreachable = [
        called(one)
        for one in controls(page)
        if one.isEnabled()
        and not one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(one.parent(), QComboBox | QAbstractItemView)
        and not (isinstance(one, QAbstractButton) and isinstance(one.parent(), QLineEdit))
    ]
    assert unreachable == []


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_off(
    qapp: QApplication, services: Services, fake: FakeLinnet, qtbot: QtBot, name: str, language: str
) -> None:
    text.install(qapp, language)
    window = MainWindow(services)
    try:
        window.resize(*_SMALL)
        window.show()
        window.go(name)
        qtbot.wait(300)
        select_first(window)
        qtbot.wait(100)
        assert window.page is not None
        texts: list[QPushButton | QLabel] = [*window.page.findChildren(QPushButton)]
        texts += window.page.findChildren(QLabel)
        cut = [
            f"{one.text()!r}: {one.width()} of {needed}"
            for one in texts
            if one.isVisible() and one.text() and (needed := _needed(one)) > one.width() + 1
        ]
        assert cut == []
    finally:
        window.close_down()
        window.hide()
        window.deleteLater()
        text.install(qapp, "en")


_SMALL = (1100, 700)


def _needed(widget: QPushButton | QLabel) -> int:
    if isinstance(widget, QLabel) and (widget.wordWrap() or widget.textFormat() is not Qt.TextFormat.PlainText):
        return 0
    lines = widget.text().replace("&&", "&").split("\n")
    return max(widget.fontMetrics().horizontalAdvance(line) for line in lines)
