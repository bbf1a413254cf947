"""The tabs of one container: what they ask, what they show, what they do when things go wrong."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.gui.pages.containers.changes import ChangesTab
from app.gui.pages.containers.inspection import InspectTab
from app.gui.pages.containers.losses import Change, telling
from app.gui.pages.containers.overview import OverviewTab
from app.gui.pages.containers.page import ContainersPage
from app.gui.pages.containers.processes import ProcessesTab
from app.gui.pages.containers.stats import StatsTab
from app.gui.pages.containers.usage import history_of
from app.gui.window import MainWindow
from tests.gui.acts import Go, container_key, open_containers, press
from tests.gui.fake import FakeLinnet, Reply, later_sample, recorded


@pytest.fixture
def page(go: Go, qtbot: QtBot) -> ContainersPage:
    """The page with one container selected."""
    return open_containers(go, qtbot)


def show(page: ContainersPage, name: str, tab: str) -> Any:
    """Show a tab of a container."""
    key = container_key(page, name)
    page.detail.bring(tab)
    page.view.select([key])
    return page.detail.tab(tab)


def texts(tab: OverviewTab) -> str:
    """Return all that the overview says."""
    parts = [one.text() for one in tab.findChildren(QLabel)]
    return "\n".join(parts + [one.text() for one in tab.findChildren(QPushButton)])


def test_only_the_tab_in_front_is_made(page: ContainersPage) -> None:
    show(page, "ticker", "overview")
    assert list(page.detail._made) == ["overview"]


def test_overview(page: ContainersPage, qtbot: QtBot) -> None:
    tab = show(page, "shop-db-1", "overview")
    qtbot.waitUntil(lambda: "shop_data" in texts(tab))
    told = texts(tab)
    for part in ("while true; do date; sleep 5; done", "shop · db", "/data", "PATH", "com.docker.compose.project"):
        assert part in told


def test_overview_leads_to_volumes(page: ContainersPage, window: MainWindow, qtbot: QtBot) -> None:
    tab = show(page, "shop-db-1", "overview")
    qtbot.waitUntil(lambda: "shop_data" in texts(tab))
    gone: list[tuple[str, str]] = []
    tab._go = lambda name, select: gone.append((name, select))
    press(tab, "shop_data")
    assert gone == [("volumes", "shop_data")]


def test_overview_of_one_that_is_gone(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("GET", "/containers/.*/json", lambda _request: Reply({"message": "no such container"}, 404))
    tab = show(page, "ticker", "overview")
    qtbot.waitUntil(lambda: "No such container." in texts(tab))


def test_another_container_while_an_answer_is_on_its_way(page: ContainersPage, qtbot: QtBot) -> None:
    tab = show(page, "shop-db-1", "overview")
    show(page, "ticker", "overview")
    qtbot.waitUntil(lambda: "tick $i" in texts(tab))
    qtbot.wait(100)
    assert "shop_data" not in texts(tab)


def test_inspect(page: ContainersPage, qtbot: QtBot) -> None:
    tab = show(page, "ticker", "inspect")
    assert isinstance(tab, InspectTab)
    qtbot.waitUntil(lambda: tab.view.tree.topLevelItemCount() > 10)
    tab.view.search.setText("RestartPolicy")
    item = tab.view.tree.currentItem()
    assert item is not None
    assert item.text(0) == "RestartPolicy"
    tab.view.copy_all()
    assert '"RestartPolicy"' in QGuiApplication.clipboard().text()


def test_processes(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    tab = show(page, "ticker", "processes")
    assert isinstance(tab, ProcessesTab)
    qtbot.waitUntil(lambda: tab.table.rowCount() == 2)
    assert tab._count.text() == "2 processes"
    command = tab.table.item(1, tab.table.columnCount() - 1)
    assert command is not None
    assert command.text() == "sleep 2"
    before = len(fake.docker.asked("GET", "/containers/.*/top"))
    tab.refresh()
    qtbot.waitUntil(lambda: len(fake.docker.asked("GET", "/containers/.*/top")) == before + 1)


def test_processes_are_looked_at_again_when_something_is_done(
    page: ContainersPage, fake: FakeLinnet, qtbot: QtBot
) -> None:
    tab = show(page, "ticker", "processes")
    qtbot.waitUntil(lambda: tab.table.rowCount() == 2 and bool(fake.samplers))
    before = len(fake.docker.asked("GET", "/containers/.*/top"))
    tab._asked -= 60
    fake.sample()
    qtbot.waitUntil(lambda: len(fake.docker.asked("GET", "/containers/.*/top")) == before + 1)
    tab._asked -= 60
    fake.sample({**recorded("service_v1_machines_default_stats"), "containers": []})
    qtbot.wait(100)
    assert len(fake.docker.asked("GET", "/containers/.*/top")) == before + 1


def test_processes_of_one_that_ended(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    tab = show(page, "done", "processes")
    assert "does not run" in tab._none.text
    assert not fake.docker.asked("GET", "/containers/.*/top")


def test_processes_that_cannot_be_listed(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("GET", "/containers/.*/top", lambda _request: Reply({"message": "ps is missing"}, 500))
    tab = show(page, "ticker", "processes")
    qtbot.waitUntil(lambda: "Ps is missing." in tab._none.text)


def archive(name: str, size: int) -> bytes:
    """Return a tar archive with one file."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        info = tarfile.TarInfo(name)
        info.size = size
        made.addfile(info, io.BytesIO(b"x" * size))
    return stream.getvalue()


def test_changes(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("GET", "/containers/.*/archive", lambda _request: Reply(archive("changed", 2048)))
    tab = show(page, "ticker", "changes")
    assert isinstance(tab, ChangesTab)
    qtbot.waitUntil(lambda: tab.tree.topLevelItemCount() == 1)
    group = tab.tree.topLevelItem(0)
    assert group is not None
    assert group.text(0) == "Added  2"
    item = group.child(0)
    assert item is not None
    assert item.text(0) == "/etc/changed"
    qtbot.waitUntil(lambda: item.text(1) == "2 KiB")
    assert fake.docker.asked("GET", "/containers/.*/archive")[0].query == {"path": "/etc/changed"}


def test_changes_of_one_without_any(page: ContainersPage, qtbot: QtBot) -> None:
    tab = show(page, "shop-db-1", "changes")
    qtbot.waitUntil(lambda: "Nothing would be lost" in tab._none.text)


def test_what_changes_tell() -> None:
    changes = [Change(*one) for one in (("/etc", "changed"), ("/etc/hosts", "changed"), ("/var", "changed"),
                                        ("/var/lib", "changed"), ("/var/lib/x", "added"), ("/data", "added"),
                                        ("/bin/sh", "deleted"))]  # fmt: skip
    assert telling(changes, ["/data"]) == ["/var/lib/x", "/bin/sh"]


def test_stats_begin_with_what_is_known(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(fake.samplers))
    for second in range(3):
        fake.sample(later_sample(second * 2, cpu_ns=second * 1_000_000_000))
    qtbot.waitUntil(lambda: len(page.services.hub.history) == 3)
    tab = show(page, "ticker", "stats")
    assert isinstance(tab, StatsTab)
    qtbot.waitUntil(lambda: len(tab.memory.samples) == 3)
    assert tab.cpu.text == "50 %"
    fake.sample(later_sample(6, cpu_ns=2_000_000_000, net_rx=4096))
    qtbot.waitUntil(lambda: len(tab.memory.samples) == 4)
    assert tab.cpu.text == "0.0 %"
    assert tab.network.text == "↓ 2 KiB/s   ↑ 0 B/s"
    assert "no memory limit" in tab._note.text()
    page.detail.bring("overview")
    fake.sample(later_sample(8))
    qtbot.wait(50)
    assert len(tab.memory.samples) == 4


def test_kills_and_waits_are_told(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(fake.samplers))
    sample = later_sample(0, oom_kills=2)
    for one in sample["containers"]:
        one["pressure"] = {name: {"some": 12.4, "full": 0.0, "total": 5.0} for name in ("cpu", "memory", "io")}
    fake.sample(sample)
    qtbot.waitUntil(lambda: len(page.services.hub.history) == 1)
    stats = show(page, "ticker", "stats")
    qtbot.waitUntil(lambda: "Waits for CPU 12 %, memory 12 %, disk 12 % of the time" in stats._note.text())
    assert "2 processes were ended because memory was full" in stats._note.text()
    overview = show(page, "ticker", "overview")
    qtbot.waitUntil(lambda: "2 processes were ended because memory was full" in texts(overview))


def test_history_leaves_out_when_it_did_not_run() -> None:
    key = recorded("service_v1_machines_default_stats")["containers"][0]["id"]
    none = {**later_sample(0), "containers": []}
    found = history_of(
        [none, later_sample(2), {**later_sample(4), "containers": []}, later_sample(6, cpu_ns=1_000_000_000)], key
    )
    assert [use.cpu for _, use in found] == [None, 0.0, 0.5]


def test_logs_stop_with_the_page(page: ContainersPage, window: MainWindow, qtbot: QtBot) -> None:
    tab = show(page, "ticker", "logs")
    calls: list[str] = []
    tab.view.stop = lambda: calls.append("stop")
    tab.view.follow_container = lambda key: calls.append(key[:4])
    page.detail.bring("overview")
    assert calls == []
    window.go("tasks")
    assert calls == ["stop"]
    window.go("containers")
    page.detail.bring("logs")
    assert calls == ["stop", page.view.keys[0][:4]]


def test_each_container_keeps_its_terminal(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    tab = show(page, "ticker", "terminal")
    first = tab.view
    assert first is not None
    show(page, "server", "terminal")
    assert tab.view is not None
    assert tab.view is not first
    show(page, "ticker", "terminal")
    assert tab.view is first
    show(page, "done", "terminal")
    assert tab.view is None
    assert "does not run" in tab._none.text
    page.close_down()
    assert tab._views == {}
