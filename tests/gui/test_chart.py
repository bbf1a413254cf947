"""Charts and the JSON view: what they keep, say and paint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.gui.icons import Icons
from app.gui.theme import Theme
from app.gui.widgets.chart import Chart, Series
from app.gui.widgets.jsontree import JsonView


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light scheme."""
    made = Theme(qapp)
    made.use("light")
    yield made
    made.deleteLater()


def chart(theme: Theme, qtbot: QtBot, *series: Series, **options: float) -> Chart:
    """Return a chart of 200 by 104."""
    made = Chart(theme, "CPU", series or [Series("")], lambda value: f"{value:.0f} %", span=100, **options)
    qtbot.addWidget(made)
    made.resize(200, 104)
    return made


def highest(image: QImage, x: int, colour: QColor) -> int | None:
    """Return where a column is first painted in a colour, from the top."""
    for y in range(30, image.height()):
        found = image.pixelColor(x, y)
        if (
            abs(found.red() - colour.red()) + abs(found.green() - colour.green()) + abs(found.blue() - colour.blue())
            < 160
        ):
            return y
    return None


def test_newest_values_are_said(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot, Series("in"), Series("out", "muted"))
    made.add(1, [10, None])
    assert made.accessibleDescription() == "in 10 %"
    made.add(2, [20, 5])
    assert made.text == "in 20 %   out 5 %"
    assert made.accessibleName() == "CPU"


def test_old_samples_go(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot)
    for second in range(0, 1000, 2):
        made.add(second, [1])
    assert made.samples[0][0] >= 998 - 100 - 8
    made.clear()
    assert made.samples == []
    assert made.text == ""


def test_line_is_where_the_values_are(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot, ceiling=100.0)
    made.set_samples([(second, [25 if second < 50 else 75]) for second in range(0, 101, 2)])
    image = made.grab().toImage()
    colour = theme.colour("accent")
    low, high = highest(image, 50, colour), highest(image, 150, colour)
    assert low is not None
    assert high is not None
    area = 104 - 32 - 4
    assert low == pytest.approx(32 + 0.75 * area, abs=2)
    assert high == pytest.approx(32 + 0.25 * area, abs=2)


def test_no_line_where_samples_are_missing(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot, ceiling=100.0)
    made.set_samples([(0, [50]), (2, [50]), (40, [None]), (90, [50]), (100, [50])])
    image = made.grab().toImage()
    assert highest(image, 60, theme.colour("accent")) is None
    assert highest(image, 2, theme.colour("accent")) is not None


def test_pointer_tells_a_moment(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot)
    made.set_samples([(0, [5]), (50, [7]), (100, [9])])
    at = QPointF(101, 60)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QMouseEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    made.mouseMoveEvent(event)
    pointed = made._pointed(made.rect().toRectF())
    assert pointed == (50, [7])
    made.grab()
    made.leaveEvent(event)
    assert made._pointed(made.rect().toRectF()) is None


def test_an_empty_chart_can_be_painted(theme: Theme, qtbot: QtBot) -> None:
    made = chart(theme, qtbot)
    assert not made.grab().isNull()
    theme.use("dark")
    assert not made.grab().isNull()


def view(theme: Theme, qtbot: QtBot) -> JsonView:
    """Return a view of nested data."""
    made = JsonView(Icons(theme), theme)
    qtbot.addWidget(made)
    made.show_value({"Name": "x", "State": {"Pid": 7, "Deep": [{"Key": "나무"}]}, "Long": "y" * 10_000, "No": None})
    return made


def test_tree_unfolds_when_asked(theme: Theme, qtbot: QtBot) -> None:
    made = view(theme, qtbot)
    state = made.tree.topLevelItem(1)
    assert state is not None
    assert state.text(1) == "2 entries"
    assert state.childCount() == 0
    state.setExpanded(True)
    assert state.childCount() == 2


def test_what_was_unfolded_stays_so(theme: Theme, qtbot: QtBot) -> None:
    made = view(theme, qtbot)
    state = made.tree.topLevelItem(1)
    assert state is not None
    state.setExpanded(True)
    made.show_value({"State": {"Pid": 8, "Deep": []}, "Other": 1})
    again = made.tree.topLevelItem(0)
    assert again is not None
    assert again.isExpanded()
    child = again.child(0)
    assert child is not None
    assert child.text(1) == "8"


def test_search_unfolds_what_it_finds(theme: Theme, qtbot: QtBot) -> None:
    made = view(theme, qtbot)
    made.search.setText("나무")
    item = made.tree.currentItem()
    assert item is not None
    assert item.text(0) == "Key"
    made.tree.copy_path()
    assert QGuiApplication.clipboard().text() == ".State.Deep.0.Key"
    made.tree.copy_value()
    assert QGuiApplication.clipboard().text() == "나무"


def test_long_values_are_cut_but_copied_whole(theme: Theme, qtbot: QtBot) -> None:
    made = view(theme, qtbot)
    item = made.tree.topLevelItem(2)
    assert item is not None
    assert len(item.text(1)) < 1600
    made.tree.setCurrentItem(item)
    made.tree.copy_value()
    assert QGuiApplication.clipboard().text() == "y" * 10_000


def test_text_of_it(theme: Theme, qtbot: QtBot) -> None:
    made = view(theme, qtbot)
    made._choice.button(1).click()
    assert '"Pid": 7' in made.text.toPlainText()
    made.search.setText("나무")
    assert made.text.textCursor().selectedText() == "나무"
    made.copy_all()
    assert '"No": null' in QGuiApplication.clipboard().text()
