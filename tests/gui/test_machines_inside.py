"""What a machine has inside, on the machines page: its shares and its engines."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.gui.pages.machines.addshare import AddShareDialog
from app.gui.pages.machines.page import MachinesPage
from app.gui.window import MainWindow
from tests.gui.acts import Go, dialog, press
from tests.gui.fake import FakeLinnet, Reply, recorded
from tests.gui.test_machines import open_page


@pytest.fixture
def page(fake: FakeLinnet, go: Go, qtbot: QtBot) -> MachinesPage:
    return open_page(fake, go, qtbot)


def shares(page: MachinesPage, qtbot: QtBot) -> Any:
    page.detail.tabs.setCurrentWidget(page.detail.shares)
    qtbot.waitUntil(lambda: bool(page.detail.shares.list.texts))
    return page.detail.shares


def test_shares_are_listed(page: MachinesPage, qtbot: QtBot) -> None:
    tab = shares(page, qtbot)
    assert tab.list.texts == [["/home/mia/linneth", "/home/mia/linneth", "read and write", "9p", "mounted"]]
    tab.list.topLevelItem(0).setSelected(True)
    assert "virtiofsd is not installed" in tab.note.text()


def test_share_is_added(page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    both = [*recorded("service_v1_machines_default_shares")]
    tab = shares(page, qtbot)

    def add(request: Any) -> Any:
        both.append({**both[0], "path": request.body["path"], "read_only": True, "guest_path": "/mnt/data"})
        return both[-1]

    fake.service.on("POST", "/machines/default/shares", add)
    fake.service.on("GET", "/machines/default/shares", lambda _request: both)
    tab.add.click()
    asked = dialog(window, AddShareDialog)
    asked.path.setText("data")
    assert "absolute" in asked.problem
    asked.path.setText("/srv/data")
    assert asked.guest_path.placeholderText() == "/srv/data"
    asked.guest_path.setText("/etc/x")
    assert "needs its own" in asked.problem
    asked.guest_path.setText("/mnt/data")
    asked.read_only.setChecked(True)
    asked.yes.click()
    qtbot.waitUntil(lambda: len(tab.list.texts) == 2)
    assert fake.service.asked("POST", "/machines/default/shares")[0].body == {
        "path": "/srv/data",
        "mode": "read-only",
        "guest_path": "/mnt/data",
    }
    assert tab.list.texts[1][2] == "read only"


def test_share_that_cannot_be_added_is_explained(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    error = Reply({"code": "not-found", "message": "The folder /nowhere does not exist."}, 404)
    fake.service.on("POST", "/machines/default/shares", lambda _request: error)
    tab = shares(page, qtbot)
    tab.add.click()
    asked = dialog(window, AddShareDialog)
    asked.path.setText("/nowhere")
    asked.yes.click()
    qtbot.waitUntil(lambda: tab.problem.text() == "The folder /nowhere does not exist.")
    assert tab.problem.isVisible()


def test_share_is_removed_after_a_question(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.service.on("DELETE", "/machines/default/shares", lambda _request: {})
    tab = shares(page, qtbot)
    tab.list.topLevelItem(0).setSelected(True)
    tab.remove.click()
    press(dialog(window), "Remove")
    qtbot.waitUntil(lambda: bool(fake.service.asked("DELETE", "/machines/default/shares")))
    assert fake.service.asked("DELETE", "/machines/default/shares")[0].query == {"path": "/home/mia/linneth"}


def test_home_share_of_a_running_machine_restarts_it(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.service.on("PATCH", "/machines/default/settings", fake.operation({"changed": ["home_share"]}))
    tab = shares(page, qtbot)
    tab.home.setCurrentIndex(2)
    tab.home.activated.emit(2)
    asked = dialog(window)
    assert tab.home.currentData() == "read-write"
    press(asked, "Change and restart")
    qtbot.waitUntil(lambda: bool(fake.service.asked("PATCH", "/machines/default/settings")))
    body = fake.service.asked("PATCH", "/machines/default/settings")[0].body
    assert body == {"settings": {"home_share": "off"}, "restart": True}


def engine(page: MachinesPage, qtbot: QtBot) -> Any:
    page.detail.tabs.setCurrentWidget(page.detail.engine)
    qtbot.waitUntil(lambda: bool(page.detail.engine._active_kind))
    return page.detail.engine


def test_engine_is_switched_after_a_question(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    engines = recorded("service_v1_machines_default_engines")

    def switch() -> None:
        for one in engines:
            one["active"] = one["kind"] == "docker"

    fake.service.on("GET", "/machines/default/engines", lambda _request: engines)
    fake.service.on("POST", "/machines/default/engine", fake.operation({}, "Starting Moby", change=switch))
    tab = engine(page, qtbot)
    assert tab._versions["podman"].text() == "5.4.2 · in use"
    assert not tab.use.isEnabled()
    tab.choices["docker"].setChecked(True)
    tab.use.click()
    press(dialog(window), "Switch")
    qtbot.waitUntil(lambda: tab._active_kind == "docker")
    assert fake.service.asked("POST", "/machines/default/engine")[0].body == {"kind": "docker"}
    assert "'default' runs Moby now." in window.toasts


def test_engine_of_a_stopped_machine_is_for_its_next_start(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.service.on("GET", "/machines/work/engines", lambda _request: recorded("service_v1_machines_default_engines"))
    fake.service.on("POST", "/machines/work/engine", fake.operation({}))
    page.view.select(["work"])
    tab = engine(page, qtbot)
    tab.choices["docker"].setChecked(True)
    tab.use.click()
    press(dialog(window), "Switch")
    qtbot.waitUntil(lambda: "'work' will run Moby at its next start." in window.toasts)


def test_engine_that_does_not_start_is_explained(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    error = {"code": "guest", "message": "Moby did not start.", "hint": None, "detail": None}
    fake.service.on("POST", "/machines/default/engine", lambda _request: iter([{"error": error}]))
    tab = engine(page, qtbot)
    tab.choices["docker"].setChecked(True)
    tab.use.click()
    press(dialog(window), "Switch")
    qtbot.waitUntil(lambda: tab.problem.text() == "Moby did not start.")
    assert tab.choices["podman"].isChecked()


def test_engines_of_a_lost_machine_are_explained(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    error = Reply({"code": "unavailable", "message": "The agent does not answer."}, 503)
    fake.service.on("GET", "/machines/default/engines", lambda _request: error)
    page.detail.tabs.setCurrentWidget(page.detail.engine)
    qtbot.waitUntil(lambda: page.detail.engine.problem.text() == "The agent does not answer.")
