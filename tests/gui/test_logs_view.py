"""The log view: what it asks the engine for, what it shows, how it is searched, filtered, copied, saved."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.gui.guard import MainThreadGuard
from app.gui.services import Services
from app.gui.widgets.logview import LogView
from tests.gui.acts import expose
from tests.gui.fake import FakeLinnet, Reply, Request
from tests.gui.test_logs_parts import frame


class Log:
    """A container's log that the test writes."""

    def __init__(self, fake: FakeLinnet, *, terminal: bool = False) -> None:
        self.fake = fake
        self.row = fake.containers[0]
        self.id: str = self.row["Id"]
        self.terminal = terminal
        self.lines = 0
        self.live: list[queue.Queue[bytes | None]] = []
        fake.details[self.id]["inspect"]["Config"]["Tty"] = terminal
        fake.docker.on("GET", f"/containers/{self.id}/logs", self._answer)

    def _answer(self, _request: Request) -> Iterator[bytes]:
        mine: queue.Queue[bytes | None] = queue.Queue()
        self.live.append(mine)
        while (data := mine.get()) is not None:
            yield data

    def write(self, *texts: str | bytes, stream: int = 1) -> None:
        """Have lines written."""
        sent = []
        for text in texts:
            data = text if isinstance(text, bytes) else text.encode()
            stamp = f"2026-11-21T14:00:{self.lines % 60:02}.{self.lines:09}Z "
            self.lines += 1
            line = stamp.encode() + data + b"\n"
            sent.append(line if self.terminal else frame(line, stream))
        self.live[-1].put(b"".join(sent))

    def end(self, code: int = 0) -> None:
        """Have the container end."""
        self.row["State"] = "exited"
        self.fake.details[self.id]["inspect"]["State"].update(Running=False, Status="exited", ExitCode=code)
        self.live[-1].put(None)
        self.fake.tell("container", {"id": self.id, "action": "die"})

    def start(self) -> None:
        """Have it run again."""
        self.row["State"] = "running"
        self.fake.details[self.id]["inspect"]["State"].update(Running=True, Status="running")
        self.fake.tell("container", {"id": self.id, "action": "start"})

    def close(self) -> None:
        """End the streams."""
        for one in self.live:
            one.put(None)


@pytest.fixture
def log(fake: FakeLinnet) -> Iterator[Log]:
    """A log."""
    made = Log(fake)
    yield made
    made.close()


@pytest.fixture
def view(services: Services, qtbot: QtBot, guard: MainThreadGuard) -> Iterator[LogView]:
    """A view, shown."""
    made = LogView(services)
    expose(made, (900, 500), qtbot, guard)
    yield made
    made.stop()


Follow = Callable[..., None]


@pytest.fixture
def follow(view: LogView, log: Log, qtbot: QtBot) -> Follow:
    """Follow the log, write lines, and wait until they are there."""

    def begin(*texts: str | bytes) -> None:
        if not log.live:
            view.follow_container(log.id)
            qtbot.waitUntil(lambda: bool(log.live))
        before = view.store.end
        log.write(*texts)
        qtbot.waitUntil(lambda: view.store.end >= before + len(texts))

    return begin


def shown(view: LogView) -> list[str]:
    """All lines that are shown, seen or not."""
    return [view.store.text(number) for number in view.pane.numbers]


def test_a_container_is_asked_for_all_with_times_and_told_apart(
    view: LogView, follow: Follow, fake: FakeLinnet, qtbot: QtBot, log: Log
) -> None:
    follow("hello", "\x1b[31mred\x1b[0m 한국어 😀")
    log.write("problem", stream=2)
    qtbot.waitUntil(lambda: view.store.end == 3)
    (request,) = fake.docker.asked("GET", "/containers/[^/]+/logs")
    assert request.query == {"follow": "1", "stdout": "1", "stderr": "1", "timestamps": "1", "tail": "200000"}
    assert view.pane.seen == ["hello", "red 한국어 😀", "problem"]
    assert [view.store.is_error(number) for number in range(3)] == [False, False, True]


def test_a_container_with_a_terminal_sends_bytes_as_they_are(view: LogView, fake: FakeLinnet, qtbot: QtBot) -> None:
    log = Log(fake, terminal=True)
    view.follow_container(log.id)
    qtbot.waitUntil(lambda: bool(log.live))
    log.write("one\r", "two\r")
    qtbot.waitUntil(lambda: view.pane.seen == ["one", "two"])
    log.close()


def test_the_end_is_told_and_a_new_start_followed_without_a_line_twice(
    view: LogView, follow: Follow, log: Log, fake: FakeLinnet, qtbot: QtBot
) -> None:
    follow("before")
    log.end(code=3)
    qtbot.waitUntil(lambda: "exit code 3" in shown(view)[-1])
    log.start()
    qtbot.waitUntil(lambda: len(log.live) == 2)
    again = fake.docker.asked("GET", "/containers/[^/]+/logs")[1]
    assert float(again.query["since"]) > 1_790_000_000
    log.live[-1].put(frame(b"2026-11-21T14:00:00.000000000Z before\n"))
    follow("after")
    assert shown(view)[0] == "before"
    assert shown(view)[2:] == ["after"]


def test_a_container_that_is_removed_is_told(
    view: LogView, follow: Follow, log: Log, fake: FakeLinnet, qtbot: QtBot
) -> None:
    follow("last words")
    fake.docker.on("GET", f"/containers/{log.id}/json", lambda _request: Reply({"message": "no such container"}, 404))
    log.live[-1].put(None)
    qtbot.waitUntil(lambda: "removed" in shown(view)[-1])


def test_an_engine_that_refuses_is_told(view: LogView, log: Log, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on(
        "GET", f"/containers/{log.id}/logs", lambda _request: Reply({"message": "cannot read the journal"}, 500)
    )
    view.follow_container(log.id)
    qtbot.waitUntil(lambda: "Cannot read the journal." in shown(view))


def test_a_machine_that_stops_is_told(view: LogView, follow: Follow, fake: FakeLinnet, qtbot: QtBot, log: Log) -> None:
    follow("running")
    fake.tell_state("stopped")
    qtbot.waitUntil(lambda: not view._services.hub.engine_ready)
    view.follow_container(fake.containers[1]["Id"])
    assert "stopped" in shown(view)[-1]


def test_a_stopped_view_takes_nothing_more(view: LogView, follow: Follow, log: Log, qtbot: QtBot) -> None:
    follow("one")
    view.stop()
    log.write("two")
    qtbot.wait(100)
    assert shown(view) == ["one"]


def test_search_counts_and_goes_round(view: LogView, follow: Follow) -> None:
    follow(*(f"line {n}" for n in range(100)))
    view.search.setText("LINE 5")
    assert view.status == "11 lines"
    view.find_line(forward=True)
    assert view.status == "1 of 11"
    assert view.pane.selected_text() == "line 5"
    view.find_line(forward=False)
    assert view.pane.selected_text() == "line 59"
    view.find_line(forward=True)
    assert view.pane.selected_text() == "line 5"
    assert not view.pane.at_end
    view.case.click()
    assert view.status == "0 lines"


def test_a_wrong_expression_is_marked_and_the_window_goes_on(view: LogView, follow: Follow) -> None:
    follow("a(b", "ab")
    view.search.setText("a(b")
    assert view.status == "1 line"
    view.expression.click()
    assert view.search.property("wrong")
    assert "no regular expression" in view.search.toolTip()
    view.search.setText("a.*b$")
    assert not view.search.property("wrong")
    assert view.status == "2 lines"


def test_only_matching_lines_are_shown_also_of_those_that_come(view: LogView, follow: Follow) -> None:
    follow("error one", "fine", "error two")
    view.search.setText("error")
    view.only.click()
    assert view.pane.seen == ["error one", "error two"]
    follow("fine again", "error three")
    assert view.pane.seen == ["error one", "error two", "error three"]
    view.search.setText("nothing like it")
    assert view.pane.seen == []
    assert "No line" in view.pane.empty
    view.search.clear()
    assert len(view.pane.seen) == 5


def test_the_view_goes_along_until_the_user_looks_further_up(view: LogView, follow: Follow) -> None:
    follow(*(f"line {n}" for n in range(500)))
    assert view.pane.seen[-1] == "line 499"
    QTest.keyClick(view.pane, Qt.Key.Key_PageUp)
    first = view.pane.seen[0]
    follow(*(f"more {n}" for n in range(500)))
    assert view.pane.seen[0] == first
    assert not view._end.isChecked()
    QTest.keyClick(view.pane, Qt.Key.Key_Home)
    assert view.pane.seen[0] == "line 0"
    QTest.keyClick(view.pane, Qt.Key.Key_End)
    assert view.pane.seen[-1] == "more 499"
    assert view._end.isChecked()


def test_what_is_seen_stays_when_old_lines_go(view: LogView, follow: Follow, services: Services) -> None:
    services.preferences.set("log_lines", 5_000)
    for start in range(0, 6_000, 500):
        follow(*(f"line {n}" for n in range(start, start + 500)))
    view.pane.go_to(5_500)
    first = view.pane.seen[0]
    for start in range(0, 4_000, 500):
        follow(*(f"more {n}" for n in range(start, start + 500)))
    assert view.store.first > 0
    assert view.pane.seen[0] == first


def test_long_lines_wrap_or_scroll(view: LogView, follow: Follow) -> None:
    follow("x" * 1000, "한" * 500, "end")
    assert view.wrap.isChecked()
    assert view.pane.horizontalScrollBar().maximum() == 0
    wrapped = [laid.rows for _number, _y, laid in view.pane._visible()]
    assert wrapped[0] > 5
    assert wrapped[1] > 5
    view.wrap.click()
    assert [laid.rows for _number, _y, laid in view.pane._visible()] == [1, 1, 1]
    assert view.pane.horizontalScrollBar().maximum() > 1000


def test_choices_are_remembered(view: LogView, services: Services, qtbot: QtBot) -> None:
    view.times.click()
    view.wrap.click()
    other = LogView(services)
    qtbot.addWidget(other)
    assert (other.times.isChecked(), other.wrap.isChecked()) == (True, False)


def test_selecting_with_the_mouse_and_copying(view: LogView, follow: Follow) -> None:
    follow("first line", "tab\there", "third 한국어 line")
    pane = view.pane
    row = pane._metrics.row
    start = QPoint(round(pane._edge()), row // 2 + 4)
    QTest.mousePress(pane.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(pane.viewport(), QPoint(800, row * 2 + row // 2))
    QTest.mouseRelease(pane.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(800, row * 2 + row // 2))
    pane._caret = pane._hit(QPoint(800, row * 2 + row // 2).toPointF())
    view.copy()
    assert QGuiApplication.clipboard().text() == "first line\ntab     here\nthird 한국어 line"
    QTest.mouseDClick(pane.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(5, 0))
    assert pane.selected_text() == "first"


def test_copying_very_much_happens_beside_the_window(view: LogView, follow: Follow, qtbot: QtBot) -> None:
    follow(*(f"line {n}" for n in range(8_000)))
    view.pane.select_all()
    view.copy()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().count("\n") == 7_999)


def test_saving_writes_what_is_shown(view: LogView, follow: Follow, tmp_path: Path, qtbot: QtBot) -> None:
    follow("keep 1", "drop", "keep 2")
    view.search.setText("keep")
    view.only.click()
    view.times.click()
    view.save_to(str(tmp_path / "out.txt"))
    qtbot.waitUntil((tmp_path / "out.txt").exists)
    saved = (tmp_path / "out.txt").read_text(encoding="utf-8").splitlines()
    assert [text[23:] for text in saved] == ["  keep 1", "  keep 2"]


def test_saving_where_nothing_can_be_written_is_told(
    view: LogView, follow: Follow, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    follow("one")
    told: list[Any] = []
    services.messages.listen()
    services.messages.told.connect(told.append)
    view.save_to(str(tmp_path / "none" / "out.txt"))
    qtbot.waitUntil(lambda: bool(told))
    assert "cannot be written" in told[0].text


def test_clear_forgets_and_goes_on(view: LogView, follow: Follow) -> None:
    follow("old")
    view.clear()
    assert "Nothing" in view.pane.empty
    follow("new")
    assert shown(view) == ["new"]


def test_the_menu_offers_what_can_be_done(view: LogView, follow: Follow) -> None:
    follow("one")
    view._on_menu(QPoint(10, 10))
    (menu,) = view.findChildren(QMenu)
    assert [entry.text() for entry in menu.actions()] == ["Copy", "Select all", "Save log …", "Clear what is shown"]
    menu.close()


def test_binary_and_right_to_left_are_painted(view: LogView, follow: Follow) -> None:
    follow(
        bytes(range(11, 256)) * 20,
        "שלום עולם",
        "e\u0301\u200d\u202e",
        "\x1b[7;38;2;1;2;3;48;5;99mcolour\x1b[0m",
        "\t\t",
    )
    view.search.setText(".")
    view.expression.click()
    view.pane.select_all()
    for wrap in (True, False):
        view.pane.wrap = wrap
        view.pane.relayout()
        assert not view.pane.grab().isNull()


def test_a_flood_is_taken_in_without_a_stutter(view: LogView, log: Log, qtbot: QtBot) -> None:
    view.follow_container(log.id)
    qtbot.waitUntil(lambda: bool(log.live))
    block = b"".join(
        frame(b"2026-11-21T14:00:00.%09dZ GET /things/%d 200 OK and some more text\n" % (n, n)) for n in range(10_000)
    )
    for _ in range(10):
        log.live[-1].put(block)
    qtbot.waitUntil(lambda: view.store.end == 100_000, timeout=20_000)
    view.search.setText("things/9999 ")
    qtbot.waitUntil(lambda: view.status == "10 lines", timeout=10_000)


def test_a_line_without_end_does_not_stop_the_rest(view: LogView, log: Log, qtbot: QtBot) -> None:
    view.follow_container(log.id)
    qtbot.waitUntil(lambda: bool(log.live))
    for _ in range(200):
        log.live[-1].put(frame(b"y" * 100_000))
    log.live[-1].put(frame(b"\n"))
    log.write("after")
    qtbot.waitUntil(lambda: shown(view)[-1:] == ["after"], timeout=20_000)
    assert "more bytes of this line are not kept" in shown(view)[0]


def test_everything_can_be_reached_and_is_named(view: LogView) -> None:
    for child in view.findChildren(type(view.times)):
        if child.isVisible():
            assert child.accessibleName() or child.parent() is view.search
    assert view.pane.accessibleName()
    assert view.pane.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_another_scheme_and_font_size_are_taken_up(view: LogView, follow: Follow, services: Services) -> None:
    follow("one")
    light = view.pane.grab().toImage().pixelColor(5, 300)
    services.theme.use("dark")
    assert view.pane.grab().toImage().pixelColor(5, 300) != light
    before = view.pane._metrics.row
    services.preferences.set("terminal_font", 20)
    assert view.pane._metrics.row > before


def test_a_search_that_matches_everywhere_is_painted_at_once(view: LogView, follow: Follow, qtbot: QtBot) -> None:
    follow(*["x" * 8000] * 60, *["한" * 2000] * 60, *["\x1b[31m#\x1b[32m#" * 300] * 30)
    view.wrap.click()
    view.expression.click()
    view.search.setText("x.|한|#$")
    view.pane.select_all()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_End):
        QTest.keyClick(view.pane, key)
        qtbot.wait(30)


def test_keys_search_and_copy_though_the_page_has_shortcuts_of_its_own(
    view: LogView, follow: Follow, qtbot: QtBot
) -> None:
    follow("one", "two", "one again")
    elsewhere: list[int] = []
    QShortcut(QKeySequence.StandardKey.Find, view.window(), lambda: elsewhere.append(1))
    view.activateWindow()
    view.pane.setFocus()
    QTest.keyClick(view.pane, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert not elsewhere
    qtbot.waitUntil(view.search.hasFocus)
    QTest.keyClicks(view.search, "one")
    QTest.keyClick(view.search, Qt.Key.Key_Return)
    assert view.pane.selected_text() == "one"
    QTest.keyClick(view.pane, Qt.Key.Key_F3)
    assert view.pane.selected_text() == "one again"
    QTest.keyClick(view.pane, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view.pane, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "one"
