"""The page with the logs of all containers."""

from __future__ import annotations

import copy
import queue
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.gui.guard import MainThreadGuard
from app.gui.pages.logs.page import LogsPage
from app.gui.services import Services
from tests.gui.acts import Go
from tests.gui.fake import FakeLinnet, Request
from tests.gui.test_logs_parts import frame


class Logs:
    """The logs of all containers of the fake, written by the test."""

    def __init__(self, fake: FakeLinnet) -> None:
        self.fake = fake
        self.live: dict[str, list[queue.Queue[bytes | None]]] = {}
        fake.docker.on("GET", "/containers/[^/]+/logs", self._answer)
        for found in fake.details.values():
            found["inspect"]["Config"]["Tty"] = False

    def _answer(self, request: Request) -> Iterator[bytes]:
        mine: queue.Queue[bytes | None] = queue.Queue()
        self.live.setdefault(request.path.split("/")[2], []).append(mine)
        while (data := mine.get()) is not None:
            yield data

    def key(self, name: str) -> str:
        """Id of a container."""
        return str(next(row["Id"] for row in self.fake.containers if f"/{name}" in row["Names"]))

    def write(self, name: str, second: int, text: str) -> None:
        """Have a container write a line."""
        stamp = f"2026-11-21T14:00:{second:02}.000000000Z {text}\n"
        self.live[self.key(name)][-1].put(frame(stamp.encode()))

    def close(self) -> None:
        """End all."""
        for queues in self.live.values():
            for one in queues:
                one.put(None)


@pytest.fixture
def logs(fake: FakeLinnet) -> Iterator[Logs]:
    """The logs."""
    made = Logs(fake)
    yield made
    made.close()


RUNNING = {"shop-db-1", "shop-web-1", "ticker", "server", "duo-one"}


@pytest.fixture
def page(logs: Logs, go: Go, qtbot: QtBot) -> LogsPage:
    """The page, following."""
    shown: LogsPage = go("logs")
    qtbot.waitUntil(lambda: set(logs.live) == {logs.key(name) for name in RUNNING})
    return shown


def lines(page: LogsPage) -> list[tuple[str, str]]:
    """Name and text of all lines that are shown."""
    pane = page.view.pane
    return [(pane.sources[pane.store.source(n)].name, pane.store.text(n)) for n in pane.numbers]


def test_all_that_run_are_followed_and_the_infrastructure_of_pods_is_not(page: LogsPage, fake: FakeLinnet) -> None:
    asked = fake.docker.asked("GET", "/containers/[^/]+/logs")
    assert len(asked) == len(RUNNING)
    assert {request.query["tail"] for request in asked} == {"200"}


def test_lines_stand_in_the_order_of_their_times(page: LogsPage, logs: Logs, qtbot: QtBot) -> None:
    logs.write("ticker", 5, "third")
    logs.write("shop-db-1", 1, "first")
    logs.write("shop-web-1", 3, "second")
    qtbot.waitUntil(lambda: len(lines(page)) == 3)
    assert lines(page) == [("shop-db-1", "first"), ("shop-web-1", "second"), ("ticker", "third")]
    assert len({source.colour for source in page.view.pane.sources}) > 1


def test_a_project_or_a_container_is_chosen(page: LogsPage, logs: Logs, qtbot: QtBot) -> None:
    for second, name in enumerate(sorted(RUNNING)):
        logs.write(name, second, f"from {name}")
    qtbot.waitUntil(lambda: len(lines(page)) == 5)
    assert [page.project.itemText(place) for place in range(page.project.count())] == ["All projects", "shop"]
    page.project.setCurrentIndex(1)
    page.project.activated.emit(1)
    assert {name for name, _text in lines(page)} == {"shop-db-1", "shop-web-1"}
    assert page.container.count() == 3
    page.container.setCurrentIndex(1)
    page.container.activated.emit(1)
    assert {name for name, _text in lines(page)} == {"shop-db-1"}
    logs.write("shop-db-1", 10, "more")
    logs.write("ticker", 11, "elsewhere")
    qtbot.waitUntil(lambda: page.view.store.end == 7)
    assert lines(page)[-1] == ("shop-db-1", "more")
    page.view.search.setText("more")
    page.view.only.click()
    assert lines(page) == [("shop-db-1", "more")]
    page.project.setCurrentIndex(0)
    page.project.activated.emit(0)
    page.view.search.clear()
    assert len(lines(page)) == 7


def test_a_container_that_starts_later_is_followed(page: LogsPage, logs: Logs, fake: FakeLinnet, qtbot: QtBot) -> None:
    row = copy.deepcopy(fake.containers[2])
    row.update(Id="f" * 64, Names=["/newcomer"], Labels={"com.docker.compose.project": "other"})
    fake.containers.append(row)
    fake.details["f" * 64] = copy.deepcopy(fake.details[fake.containers[2]["Id"]])
    fake.tell("container", {"id": "f" * 64, "action": "start"})
    qtbot.waitUntil(lambda: "f" * 64 in logs.live)
    logs.write("newcomer", 1, "here I am")
    qtbot.waitUntil(lambda: lines(page) == [("newcomer", "here I am")])
    assert page.project.findData("other") > 0


def test_a_container_that_goes_leaves_its_lines(page: LogsPage, logs: Logs, fake: FakeLinnet, qtbot: QtBot) -> None:
    logs.write("ticker", 1, "last words")
    qtbot.waitUntil(lambda: len(lines(page)) == 1)
    key = logs.key("ticker")
    fake.containers = [row for row in fake.containers if row["Id"] != key]
    del fake.details[key]
    logs.live[key][-1].put(None)
    fake.tell("container", {"id": key, "action": "remove"})
    qtbot.waitUntil(lambda: key not in page.services.hub.containers.rows)
    assert lines(page)[0] == ("ticker", "last words")
    logs.write("server", 2, "goes on")
    qtbot.waitUntil(lambda: ("server", "goes on") in lines(page))


def test_nothing_is_followed_behind_another_page_and_nothing_is_lost(
    page: LogsPage, logs: Logs, go: Go, fake: FakeLinnet, qtbot: QtBot
) -> None:
    logs.write("ticker", 1, "one")
    qtbot.waitUntil(lambda: len(lines(page)) == 1)
    go("tasks")
    assert not page.view.intake._inlets
    go("logs")
    qtbot.waitUntil(lambda: len(logs.live[logs.key("ticker")]) == 2)
    again = [one for one in fake.docker.asked("GET", f"/containers/{logs.key('ticker')}/logs") if "since" in one.query]
    assert len(again) == 1
    logs.write("ticker", 1, "one")
    logs.write("ticker", 2, "two")
    qtbot.waitUntil(lambda: lines(page) == [("ticker", "one"), ("ticker", "two")])


def test_a_machine_that_stops_and_comes_back(page: LogsPage, logs: Logs, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.tell_state("stopped")
    qtbot.waitUntil(lambda: not page.ready)
    assert "stopped" in page.placeholder.text
    for queues in logs.live.values():
        queues[-1].put(None)
    qtbot.wait(50)
    fake.tell_state("running")
    qtbot.waitUntil(lambda: page.ready)
    qtbot.waitUntil(lambda: len(logs.live[logs.key("ticker")]) == 2)
    logs.write("ticker", 9, "back")
    qtbot.waitUntil(lambda: ("ticker", "back") in lines(page))


def test_one_container_can_be_asked_for(page: LogsPage, logs: Logs, qtbot: QtBot) -> None:
    logs.write("ticker", 1, "mine")
    logs.write("server", 2, "not mine")
    qtbot.waitUntil(lambda: len(lines(page)) == 2)
    page.select(logs.key("ticker"))
    assert lines(page) == [("ticker", "mine")]


def test_names_keep_their_colours_in_both_schemes(page: LogsPage, services: Services, guard: MainThreadGuard) -> None:
    light = [source.colour for source in page.view.pane.sources]
    services.theme.use("dark")
    guard.forgive()  # all pages and icons of the window are coloured anew
    dark = [source.colour for source in page.view.pane.sources]
    assert len(light) == len(dark) == 5
    assert light != dark


def test_the_palette_offers_what_the_page_can(page: LogsPage) -> None:
    assert [command.title for command in page.commands()] == ["Save log …", "Clear what is shown"]


def test_an_end_is_told_once_however_often_the_page_is_shown(
    page: LogsPage, logs: Logs, fake: FakeLinnet, go: Go, qtbot: QtBot
) -> None:
    key = logs.key("ticker")
    next(row for row in fake.containers if row["Id"] == key)["State"] = "exited"
    fake.details[key]["inspect"]["State"].update(Running=False, Status="exited", ExitCode=0)
    fake.tell("container", {"id": key, "action": "die"})
    qtbot.waitUntil(lambda: page.services.hub.containers.rows[key]["State"] == "exited")
    logs.live[key][-1].put(None)
    qtbot.waitUntil(lambda: len(lines(page)) == 1)
    for _ in range(2):
        go("tasks")
        go("logs")
        qtbot.wait(100)
    assert len(logs.live[key]) == 1
    assert len(lines(page)) == 1


def test_lines_of_one_second_are_not_lost_behind_another_page(page: LogsPage, logs: Logs, go: Go, qtbot: QtBot) -> None:
    def sent(*texts: str) -> bytes:
        # Podman tells whole seconds.
        return b"".join(frame(f"2026-11-21T14:00:01Z {text}\n".encode()) for text in texts)

    key = logs.key("ticker")

    def opened(times: int) -> None:
        qtbot.waitUntil(lambda: len(logs.live[key]) == times)

    def seen(*texts: str) -> None:
        qtbot.waitUntil(lambda: [text for _name, text in lines(page)] == list(texts))

    for number, texts in enumerate((("a", "b"), ("a", "b", "c"), ("a", "b", "c", "d"))):
        opened(number + 1)
        logs.live[key][-1].put(sent(*texts))
        seen(*texts)
        go("tasks")
        go("logs")
