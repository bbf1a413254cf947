"""The list of containers: what it shows, what its buttons and dialogs ask of the engine."""

from __future__ import annotations

import copy
import time

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.gui.pages.containers import rows
from app.gui.pages.containers.actions import START, STOP
from app.gui.pages.containers.page import ContainersPage
from app.gui.window import MainWindow
from app.gui.work.jobs import JobState
from tests.gui.acts import Go, container_key, dialog, open_containers, press, said
from tests.gui.fake import FakeLinnet, Reply, later_sample


@pytest.fixture
def page(go: Go, qtbot: QtBot) -> ContainersPage:
    """The page, with its rows."""
    return open_containers(go, qtbot)


def text(page: ContainersPage, name: str, column: str) -> str:
    """Return what the list shows of a container."""
    place = page.model.place(container_key(page, name))
    assert place is not None
    number = [one.name for one in page.model.columns].index(column)
    return str(page.model.index(place, number).data())


def choose(page: ContainersPage, *names: str) -> None:
    """Select containers by name."""
    page.view.select([container_key(page, name) for name in names])


def test_rows_say_what_is_known(page: ContainersPage) -> None:
    assert text(page, "shop-db-1", "state") == "Running"
    assert text(page, "failed", "state") == "Failed (3)"
    assert text(page, "done", "state") == "Ended"
    assert text(page, "server", "ports") == "8099 → 80"
    assert text(page, "ticker", "image") == "hello"


def test_projects_and_pods_are_groups(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    infra, one = container_key(page, "78bc656551de-infra"), container_key(page, "duo-one")
    pods = [{"Id": "78bc656551de", "Name": "duo", "Containers": [{"Id": infra}, {"Id": one}]}]
    fake.docker.on("GET", r"/v5\.0\.0/libpod/pods/json", lambda _request: pods)
    page.services.hub.containers.reset.emit()

    def titles() -> list[str]:
        return [group.title for place in range(page.model.rowCount()) if (group := page.model.group(place))]

    qtbot.waitUntil(lambda: titles() == ["Pod duo", "shop", ""])
    page.search.setText("duo")
    assert page.model.shown == 2


def test_without_podman_nobody_asks_for_pods(fake: FakeLinnet, go: Go, qtbot: QtBot) -> None:
    fake.machine["engine"] = {**fake.machine["engine"], "kind": "docker"}
    fake.tell_state("running")
    open_containers(go, qtbot)
    qtbot.wait(100)
    asked = [one for one in fake.docker.requests if "libpod" in one.path]
    assert len(asked) <= 1  # the first look may have been before the engine was known to be another


def test_filters(page: ContainersPage) -> None:
    page.filter.setCurrentIndex(1)
    assert page.model.shown == 6
    page.filter.setCurrentIndex(2)
    assert page.model.shown == 2
    assert page.model.place(container_key(page, "done")) is not None
    page.search.setText("fail")
    assert page.model.shown == 1
    page.search.setText("nothing at all")
    assert page.model.shown == 0
    page.clear_filters()
    assert page.model.shown == 8
    assert page.filter.currentIndex() == 0


def test_use_is_live(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(fake.samplers))
    fake.sample(later_sample(0))
    qtbot.waitUntil(lambda: text(page, "ticker", "memory") == "372 KiB")
    assert text(page, "ticker", "cpu") == ""
    fake.sample(later_sample(2, cpu_ns=500_000_000))
    qtbot.waitUntil(lambda: text(page, "ticker", "cpu") == "25 %")
    idle = later_sample(4)
    idle["containers"] = []
    fake.sample(idle)
    qtbot.waitUntil(lambda: text(page, "ticker", "cpu") == "0.0 %")
    assert text(page, "ticker", "memory") == "372 KiB"


def test_nobody_is_measured_while_the_page_is_hidden(
    page: ContainersPage, window: MainWindow, fake: FakeLinnet, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bool(fake.samplers))
    watchers = page.services.hub._watchers
    assert page in watchers
    window.go("tasks")
    assert page not in watchers


def test_a_click_on_a_port_opens_the_browser(
    page: ContainersPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toString()))
    place = page.model.place(container_key(page, "server"))
    assert place is not None
    rect = page.view.visualRect(page.model.index(place, 3))
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert opened == ["http://localhost:8099/"]


def test_the_port_of_this_computer_counts(page: ContainersPage) -> None:
    row = page.model.known[container_key(page, "server")]
    ports = [{"protocol": "tcp", "guest_port": 8099, "host_port": 18099}]
    assert [one.text for one in rows.published(row, ports)] == ["18099 → 80"]


def test_buttons_follow_the_selection(page: ContainersPage) -> None:
    start, stop = page._buttons[START], page._buttons[STOP]
    assert not start.isEnabled()
    choose(page, "done")
    assert start.isEnabled()
    assert not stop.isEnabled()
    choose(page, "ticker", "done")
    assert start.isEnabled()
    assert stop.isEnabled()


def test_start_asks_the_engine_once(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    choose(page, "ticker", "done", "failed")
    page._buttons[START].click()
    qtbot.waitUntil(lambda: page.services.jobs.all[-1].state is JobState.done)
    asked = {one.path for one in fake.docker.asked("POST", "/containers/.*/start")}
    assert asked == {f"/containers/{container_key(page, name)}/start" for name in ("done", "failed")}
    assert page.services.jobs.all[-1].title == "Start 2 containers"


def test_what_is_being_done_is_said(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    def slowly(_request: object) -> Reply:
        time.sleep(0.3)
        return Reply(None, 204)

    fake.docker.on("POST", "/containers/.*/stop", slowly)
    choose(page, "ticker")
    page._verb_actions[STOP].trigger()
    qtbot.waitUntil(lambda: text(page, "ticker", "state") == "Stopping …")
    qtbot.waitUntil(lambda: text(page, "ticker", "state") == "Running")


@pytest.mark.parametrize(("name", "verb"), [("Restart", "restart"), ("Kill", "kill"), ("Pause", "pause")])
def test_verbs(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot, name: str, verb: str) -> None:
    choose(page, "ticker")
    menu = QMenu()
    page.fill_menu(menu)
    next(one for one in menu.actions() if one.text() == name).trigger()
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", f"/containers/{container_key(page, 'ticker')}/{verb}")))


def test_paused_containers_go_on(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    row = {**page.model.known[container_key(page, "ticker")], "State": "paused", "Status": "Paused"}
    page.services.hub.containers.put([row])
    choose(page, "ticker")
    assert text(page, "ticker", "state") == "Paused"
    assert page._pause_action.text() == "Continue"
    page._pause_action.trigger()
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", "/containers/.*/unpause")))


def test_one_failure_of_several_is_told(
    page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    bad = container_key(page, "server")
    fake.docker.on("POST", f"/containers/{bad}/stop", lambda _request: Reply({"message": "it will not die"}, 500))
    choose(page, "ticker", "server")
    page.do(STOP)
    qtbot.waitUntil(lambda: bool(window.toasts))
    assert window.toasts == ["1 of 2 could not be done."]
    assert fake.docker.asked("POST", f"/containers/{container_key(page, 'ticker')}/stop")
    assert "server: It will not die." in page.services.jobs.all[-1].log


def test_one_that_is_gone(page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/containers/.*/stop", lambda _request: Reply({"message": "no such container"}, 404))
    gone = container_key(page, "ticker")
    fake.containers = [one for one in fake.containers if one["Id"] != gone]
    choose(page, "ticker")
    page.do(STOP)
    qtbot.waitUntil(lambda: window.toasts == ["No such container."])
    qtbot.waitUntil(lambda: gone not in page.model.known)
    assert page.view.keys == []


def test_hidden_rows_are_left_alone(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    choose(page, "ticker", "server")
    page.search.setText("server")
    page.do(STOP)
    qtbot.waitUntil(lambda: page.services.jobs.all[-1].state is JobState.done)
    assert len(fake.docker.asked("POST", "/containers/.*/stop")) == 1


def test_removal_says_what_is_lost(page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    changed = container_key(page, "ticker")
    paths = [{"path": "/srv/data/", "bytes": 3 << 20}, {"path": "/etc/changed", "bytes": 9}]
    fake.trash.losses["ticker"] = {"bytes": 3 << 20, "paths": paths}
    choose(page, "ticker")
    page._verb_actions[list(page._verb_actions)[-1]].trigger()
    found = dialog(window)
    told = said(found)
    assert "Remove 'ticker'?" in told
    assert "It runs and is killed." in told
    assert "3 MiB that is in no volume goes with it." in told
    assert "3 MiB  /srv/data/" in told
    assert "/etc/changed" in told
    assert not fake.docker.asked("DELETE", ".*")
    press(found, "Remove")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("DELETE", f"/containers/{changed}")))
    assert fake.docker.asked("DELETE", ".*")[0].query == {"force": "1", "v": "0"}
    assert fake.trash.calls[0] == ("keep", {"containers": [changed], "volumes": [], "stop": "force"})
    qtbot.waitUntil(lambda: fake.trash.calls[-1] == ("settle", {"ids": ["0000aaaa"]}))


def test_removal_can_be_left(page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    choose(page, "ticker", "done")
    page.remove()
    found = dialog(window)
    assert "Remove 2 containers?" in said(found)
    press(found, "Cancel")
    qtbot.wait(50)
    assert not fake.docker.asked("DELETE", ".*")


def test_volumes_without_names_are_offered(
    page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    volume = {"name": "ab" * 32, "bytes": 5, "files": 1, "paths": [], "complete": True, "destination": "/cache"}
    fake.trash.losses["done"] = {"volumes": [volume]}
    choose(page, "done")
    page.remove()
    found = dialog(window)
    tick = found.findChild(QCheckBox)
    assert isinstance(tick, QCheckBox)
    assert tick.text() == f"Also delete a volume without a name: /cache ({'ab' * 6}, 5 B)"
    assert not tick.isChecked()
    tick.setChecked(True)
    press(found, "Remove")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("DELETE", ".*")))
    assert fake.docker.asked("DELETE", ".*")[0].query["v"] == "1"


def test_prune_names_what_goes(page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/containers/prune", lambda _request: {"ContainersDeleted": ["a", "b"]})
    page.prune()
    found = dialog(window)
    assert "2 stopped containers are removed." in said(found)
    assert "done:" in said(found)
    assert "failed:" in said(found)
    press(found, "Remove")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", "/containers/prune")))


def test_prune_without_any(page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    page.services.hub.containers.drop([container_key(page, "done"), container_key(page, "failed")])
    page.prune()
    assert window.toasts == ["There is no stopped container."]


def test_rename(page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    choose(page, "done")
    page._rename_action.trigger()
    found = dialog(window)
    field = found.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("über")
    assert "Letters, digits" in said(found)
    field.setText("finished")
    press(found, "Rename")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", "/containers/.*/rename")))
    assert fake.docker.asked("POST", "/containers/.*/rename")[0].query == {"name": "finished"}


def test_menu_of_one_offers_its_ports(page: ContainersPage) -> None:
    choose(page, "server")
    menu = QMenu()
    page.fill_menu(menu)
    assert "Open http://localhost:8099/" in [one.text() for one in menu.actions()]


def test_menu_without_a_selection(page: ContainersPage, qtbot: QtBot) -> None:
    page.view.select([])
    menu = QMenu()
    page.fill_menu(menu)
    assert [one.text() for one in menu.actions()] == ["Run …"]
    page.view.menu_wanted.emit(QPoint(0, 0))


def test_menu_of_a_project_is_for_all_of_it(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    page.model.toggle_group("project:shop")
    heading = page.view.visualRect(page.model.index(0, 0)).center()
    page.view.menu_wanted.emit(page.view.viewport().mapToGlobal(heading))
    assert sorted(page.view.keys) == sorted([container_key(page, "shop-db-1"), container_key(page, "shop-web-1")])
    menu = next(one for one in page.findChildren(QMenu) if one.isVisible())
    next(one for one in menu.actions() if one.text() == "Stop").trigger()
    qtbot.waitUntil(lambda: page.services.jobs.all[-1].state is JobState.done)
    assert len(fake.docker.asked("POST", "/containers/.*/stop")) == 2
    menu.close()


def test_commands(page: ContainersPage) -> None:
    assert [one.title for one in page.commands()] == ["Run a container …", "Remove stopped containers …"]
    choose(page, "ticker")
    titles = [one.title for one in page.commands()]
    assert "Stop: ticker" in titles
    assert "Start: ticker" not in titles
    show = next(one for one in page.commands() if one.title == "Show Limits of ticker")
    show.run()
    assert page.detail.current == "limits"


def test_keys_work_on_the_list(page: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    choose(page, "ticker")
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", "/containers/.*/stop")))
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert "Remove 'ticker'?" in said(dialog(window))


def test_events_change_one_row(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    changed = container_key(page, "ticker")
    row = next(one for one in fake.containers if one["Id"] == changed)
    choose(page, "ticker")
    row.update({"State": "exited", "Status": "Exited (137) 1 second ago"})
    resets: list[object] = []
    page.model.modelReset.connect(lambda: resets.append(1))
    fake.tell("container", {"id": changed, "action": "die"})
    qtbot.waitUntil(lambda: text(page, "ticker", "state") == "Failed (137)")
    assert resets == []
    assert page._buttons[START].isEnabled()
    assert page.view.keys == [changed]


def test_a_container_that_goes_closes_its_pane(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    choose(page, "ticker")
    assert page.detail.isVisible()
    fake.tell("container", {"id": container_key(page, "ticker"), "action": "remove"})
    qtbot.waitUntil(lambda: not page.detail.isVisible())


def test_one_that_is_about_to_come_is_selected(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    row = {**copy.deepcopy(fake.containers[0]), "Id": "f" * 64, "Names": ["/fresh"], "Labels": {}}
    page.select("f" * 64)
    assert page.view.keys == []
    fake.containers.append(row)
    fake.tell("container", {"id": "f" * 64, "action": "start"})
    qtbot.waitUntil(lambda: page.view.keys == ["f" * 64])


def test_empty_list_says_what_to_do(fake: FakeLinnet, go: Go, qtbot: QtBot) -> None:
    fake.containers = []
    shown = go("containers")
    assert isinstance(shown, ContainersPage)
    qtbot.waitUntil(lambda: "No containers yet" in shown._none.text)
    assert shown._none.action.text() == "Run …"


def test_an_engine_that_refuses(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("GET", "/containers/json", lambda _request: Reply({"message": "database is locked"}, 500))
    containers = page.services.hub.containers
    containers.set_available(available=False)
    containers.set_available(available=True)
    qtbot.waitUntil(lambda: "Database is locked." in page._none.text)
    fake.docker.on("GET", "/containers/json", lambda _request: fake.containers)
    page._none.action.click()
    qtbot.waitUntil(lambda: page.model.shown == 8)


def test_service_lost_and_found(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.lose_service()
    qtbot.waitUntil(lambda: not page.ready)
    assert "gone" in page.placeholder.text
    fake.restore_service()
    qtbot.waitUntil(lambda: page.ready and page.model.shown == 8, timeout=10_000)


def test_odd_names_do_no_harm(page: ContainersPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    odd = {**copy.deepcopy(fake.containers[0]), "Id": "e" * 64, "Labels": {rows.PROJECT: "مشروع 🚀<b>x</b>"}}
    odd.update({"Names": ["/" + "x" * 5000], "Image": "sha256:" + "a" * 64, "Ports": None, "Mounts": None})
    odd.update({"Status": "", "State": "never heard of", "NetworkSettings": None, "Command": "\x00\x1b[31m"})
    page.services.hub.containers.put([odd])
    page.select("e" * 64)
    place = page.model.place("e" * 64)
    assert place is not None
    assert page.model.index(place, 2).data() == "never heard of"
    assert page.model.index(place, 1).data() == "a" * 12
