"""The short list: what it says when it is empty, which row stays selected, how its columns share the room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.gui.guard import MainThreadGuard
from app.gui.services import Services
from app.gui.widgets.shortlist import ShortList, list_row
from tests.gui.acts import expose

WIDTHS = (232, 152, 264)


@pytest.fixture
def shown(services: Services, qtbot: QtBot, guard: MainThreadGuard) -> ShortList:
    """A list, dressed as in the window."""
    made = ShortList("Snapshots", ["Name", "Taken", "Held", "Note"], WIDTHS)
    expose(made, (1000, 300), qtbot, guard)
    return made


def choose(shown: ShortList, place: int) -> None:
    """Choose a row."""
    item = shown.topLevelItem(place)
    assert item is not None
    shown.setCurrentItem(item)


def test_an_empty_list_says_so(shown: ShortList) -> None:
    shown.show_rows((), "There is nothing.")
    assert shown.nothing.text() == "There is nothing."
    assert shown.nothing.isVisible()
    assert shown.viewport().rect().contains(shown.nothing.geometry())
    shown.show_rows([list_row("a", ["a", "1", "2", "3"])], "There is nothing.")
    assert shown.nothing.text() == ""
    assert shown.texts == [["a", "1", "2", "3"]]


def test_what_is_selected_stays_so(shown: ShortList) -> None:
    shown.show_rows(list_row(key, [key.upper()]) for key in ("a", "b"))
    choose(shown, 1)
    assert shown.key == "b"
    shown.show_rows(list_row(key, [key.upper()]) for key in ("b", "c"))
    assert shown.key == "b"
    shown.show_rows(list_row(key, [key.upper()]) for key in ("c",))
    assert shown.key == ""


def test_return_opens_a_row(shown: ShortList) -> None:
    opened: list[str] = []
    shown.opened.connect(opened.append)
    shown.show_rows([list_row("a", ["A"])])
    choose(shown, 0)
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert opened == ["a"]


@pytest.mark.parametrize("width", [700, 500])
def test_all_columns_are_seen_in_little_room(shown: ShortList, qtbot: QtBot, width: int) -> None:
    assert [shown.columnWidth(place) for place in range(3)] == list(WIDTHS)
    shown.resize(width, 300)
    qtbot.wait(20)
    assert not shown.horizontalScrollBar().isVisible()
    assert shown.columnWidth(1) == 152  # a date is no shorter for it
    assert shown.columnWidth(3) > 50
    shown.resize(1000, 300)
    qtbot.wait(20)
    assert [shown.columnWidth(place) for place in range(3)] == list(WIDTHS)


def test_a_column_keeps_the_width_that_the_user_gave_it(shown: ShortList, qtbot: QtBot) -> None:
    shown.header().resizeSection(0, 100)
    shown.resize(1100, 300)
    qtbot.wait(20)
    assert shown.columnWidth(0) == 100
