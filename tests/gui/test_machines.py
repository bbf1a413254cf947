"""The machines page: the list, what can be done, resources, shares, engines, shell and logs."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.gui.pages.machines.create import CreateDialog, mistake
from app.gui.pages.machines.page import MachinesPage
from app.gui.widgets.terminal import TerminalView
from app.gui.window import MainWindow
from tests.gui.acts import Go, cells, dialog, press
from tests.gui.fake import FakeLinnet

GIB = 1024**3


@pytest.fixture
def page(fake: FakeLinnet, go: Go, qtbot: QtBot) -> MachinesPage:
    return open_page(fake, go, qtbot)


def open_page(fake: FakeLinnet, go: Go, qtbot: QtBot) -> MachinesPage:
    """The page, with a second machine that is stopped and one that is suspended."""
    off: dict[str, Any] = {"engine": None, "process_id": None, "memory_use": None, "disk_use": None, "shares": []}
    fake.machines.append({**fake.machine, **off, "name": "work", "state": "stopped"})
    fake.machines.append({**fake.machine, **off, "name": "lab", "state": "suspended"})
    fake.tell("list", {"exists": True}, machine="work")
    shown: MachinesPage = go("machines")
    qtbot.waitUntil(lambda: shown.model.shown == 3)
    return shown


def entries(page: MachinesPage) -> dict[str, bool]:
    menu = QMenu()
    page.detail.fill_menu(menu)
    return {entry.text(): entry.isEnabled() for entry in menu.actions() if not entry.isSeparator()}


def do(page: MachinesPage, title: str) -> None:
    menu = QMenu()
    page.detail.fill_menu(menu)
    next(entry for entry in menu.actions() if entry.text() == title).trigger()


def test_all_machines_at_a_glance(page: MachinesPage) -> None:
    assert cells(page, "default")[:7] == [
        "default (in view)",
        "running",
        "Podman 5.4.2",
        "2",
        "2 GiB",
        "10 GiB",
        "libvirt, tcg",
    ]
    assert cells(page, "work")[:3] == ["work", "stopped", "–"]
    assert page.chosen == "default"
    assert page._count.text() == "3 machines, 1 running"


def test_what_is_chosen_at_the_start_is_said_so(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.machines[1].update({"driver": "auto", "accelerator": "auto"})
    fake.tell("state", {"state": "stopped"}, machine="work")
    qtbot.waitUntil(lambda: cells(page, "work")[6] == "chosen at the start")


def test_overview_has_the_figures_of_a_look(page: MachinesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Memory it takes here" in page.detail.overview.told)
    told = page.detail.overview.told
    assert told["Disk"] == "231 MiB used of 9.9 GiB; takes 6.8 MiB on this computer"
    assert told["Runs on"].startswith("libvirt, tcg (kvm does not work")
    assert told["Clock"] == "0.011 s behind this computer"


def test_what_makes_sense_depends_on_the_state(page: MachinesPage) -> None:
    able = {title for title, enabled in entries(page).items() if enabled}
    assert able == {"Suspend", "Stop", "Restart", "Force stop …", "Delete …"}
    page.view.select(["lab"])
    assert page.detail.main.text() == "Resume"
    able = {title for title, enabled in entries(page).items() if enabled}
    assert able == {"Resume", "Discard suspended state …", "Have in view", "Delete …"}
    page.view.select(["work"])
    assert page.detail.main.text() == "Start"
    assert not page.detail.stop.isEnabled()


@pytest.mark.parametrize(("title", "verb"), [("Suspend", "suspend"), ("Stop", "stop"), ("Restart", "restart")])
def test_changes_of_state(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot, title: str, verb: str) -> None:
    fake.service.on("POST", "/machines/default/restart", fake.operation(fake.machine))
    do(page, title)
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", f"/machines/default/{verb}")))


def test_start_and_events_change_the_row(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    page.detail.main.click()
    qtbot.waitUntil(lambda: cells(page, "default")[1] == "suspended")
    assert page.detail.main.text() == "Resume"
    page.detail.main.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/start")))
    qtbot.waitUntil(lambda: cells(page, "default")[1] == "running")


def test_force_stop_asks_first(page: MachinesPage, window: MainWindow, fake: FakeLinnet, qtbot: QtBot) -> None:
    do(page, "Force stop …")
    press(dialog(window), "Force stop")
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/stop")))
    assert fake.service.asked("POST", "/machines/default/stop")[0].body == {"force": True}


def test_discarding_a_suspended_state_asks_first(
    page: MachinesPage, window: MainWindow, fake: FakeLinnet, qtbot: QtBot
) -> None:
    fake.service.on("POST", "/machines/lab/stop", fake.operation(fake.machine))
    page.view.select(["lab"])
    do(page, "Discard suspended state …")
    press(dialog(window), "Discard")
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/lab/stop")))
    assert fake.service.asked("POST", "/machines/lab/stop")[0].body == {"force": False}


def test_delete_says_what_is_lost_and_wants_a_tick(
    page: MachinesPage, window: MainWindow, fake: FakeLinnet, qtbot: QtBot
) -> None:
    def gone() -> None:
        fake.machines.remove(fake.machine)
        fake.tell("list", {"exists": False})

    fake.service.on("DELETE", "/machines/default", fake.operation({}, change=gone))
    do(page, "Delete …")
    asked = dialog(window)
    lost = asked.findChild(QPlainTextEdit).toPlainText()
    assert "8 containers: shop-db-1" in lost
    assert "2 volumes:" in lost
    assert "231 MiB of data on its disk" in lost
    press(asked, "Delete machine")
    assert not fake.service.asked("DELETE", "/machines/default")
    asked.findChild(QCheckBox).setChecked(True)
    press(asked, "Delete machine")
    qtbot.waitUntil(lambda: page.model.shown == 2)
    assert page.chosen in ("lab", "work")
    qtbot.waitUntil(lambda: "Machine 'default' is deleted." in window.toasts)


def test_losses_of_a_machine_that_cannot_be_looked_into(
    page: MachinesPage, window: MainWindow, fake: FakeLinnet
) -> None:
    page.view.select(["work"])
    do(page, "Delete …")
    lost = dialog(window).findChild(QPlainTextEdit).toPlainText()
    assert lost == "all images, containers and volumes on its disk"


def test_double_click_has_a_machine_in_view(page: MachinesPage, qtbot: QtBot) -> None:
    page.view.opened.emit("work")
    assert page.services.hub.current == "work"
    assert cells(page, "work")[0] == "work (in view)"
    assert cells(page, "default")[0] == "default"


def test_create(page: MachinesPage, window: MainWindow, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.service.on("POST", "/machines", fake.operation(fake.machine, "Creating machine 'box'"))
    fake.service.on("POST", "/machines/box/start", fake.operation(fake.machine))
    page.create_button.click()
    asked = dialog(window, CreateDialog)
    assert asked.name.text() == "machine2"
    qtbot.waitUntil(asked.form.isEnabled)
    asked.name.setText("work")
    assert "already" in asked.problem
    assert not asked.yes.isEnabled()
    asked.name.setText("box")
    asked.form.disk.slider.setValue(20)
    asked.engine.setCurrentIndex(2)
    asked.home.setCurrentIndex(1)
    asked.yes.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/box/start")))
    assert fake.service.asked("POST", "/machines")[0].body == {
        "name": "box",
        "settings": {"disk": "20GiB", "engine": "docker", "home_share": "read-only"},
    }


@pytest.mark.parametrize("name", ["Big", "-a", "a-", "ä", "a" * 33, "a b", "../x"])
def test_names_that_no_machine_has(name: str) -> None:
    assert mistake(name, [])


def resources(page: MachinesPage, qtbot: QtBot) -> Any:
    page.detail.tabs.setCurrentWidget(page.detail.resources)
    qtbot.waitUntil(page.detail.resources.form.isEnabled)
    return page.detail.resources


def test_sliders_know_machine_and_host(page: MachinesPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = resources(page, qtbot)
    room = tab.form._room
    assert tab.form.settings == {"cpus": 2, "memory": "2GiB", "disk": "10GiB"}
    assert tab.form.memory.slider.maximum() * 256 * 1024**2 <= room.host.memory
    assert tab.form.disk.slider.minimum() == 10
    assert not tab.save.isEnabled()
    tab.form.memory.slider.setValue(tab.form.memory.slider.maximum())
    assert "which may become slow" in tab.form.memory.note.text()


def test_save_waits_for_a_restart(page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.service.on(
        "PATCH",
        "/machines/default/settings",
        fake.operation({"changed": ["disk"], "restart_needed": ["disk"]}, change=lambda: fake.machine.update({
            "restart_needed": ["disk"]})),
    )  # fmt: skip
    tab = resources(page, qtbot)
    tab.form.disk.slider.setValue(12)
    assert "at its next start" in tab.hint.text()
    assert tab.save_now.isVisible()
    tab.save.click()
    qtbot.waitUntil(lambda: "Saved; it takes effect at the next start." in window.toasts)
    body = fake.service.asked("PATCH", "/machines/default/settings")[0].body
    assert body == {"settings": {"disk": "12GiB"}, "restart": False}
    qtbot.waitUntil(page.detail.banner.isVisible)
    assert page.detail._waiting.text() == "Changed, and waits for a restart: Disk."
    fake.service.on("POST", "/machines/default/restart", fake.operation(fake.machine))
    press(page.detail.banner, "Restart now …")
    press(dialog(window), "Restart")
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/restart")))


def test_save_and_restart(page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.service.on("PATCH", "/machines/default/settings", fake.operation({"changed": ["cpus"]}))
    tab = resources(page, qtbot)
    tab.form.cpus.slider.setValue(1)
    tab.save_now.click()
    press(dialog(window), "Save and restart")
    qtbot.waitUntil(lambda: bool(fake.service.asked("PATCH", "/machines/default/settings")))
    body = fake.service.asked("PATCH", "/machines/default/settings")[0].body
    assert body == {"settings": {"cpus": 1}, "restart": True}


def test_starting_by_itself_needs_no_restart(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.service.on("PATCH", "/machines/default/settings", fake.operation({"changed": ["autostart"]}))
    tab = resources(page, qtbot)
    tab.autostart.setChecked(True)
    assert not tab.save_now.isVisible()
    tab.undo.click()
    assert not tab.save.isEnabled()
    tab.autostart.setChecked(True)
    tab.save.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("PATCH", "/machines/default/settings")))
    assert fake.service.asked("PATCH", "/machines/default/settings")[0].body["settings"] == {"autostart": True}


def test_settings_that_are_refused_are_explained(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    error = {"code": "usage", "message": "1 is too little.", "hint": "2 is the default.", "detail": None}
    fake.service.on("PATCH", "/machines/default/settings", lambda _request: iter([{"error": error}]))
    tab = resources(page, qtbot)
    tab.form.cpus.slider.setValue(1)
    tab.save.click()
    qtbot.waitUntil(lambda: tab.problem.text() == "1 is too little. 2 is the default.")
    assert tab.save.isEnabled()
    assert tab.form.cpus.value == 1


def test_shell_is_opened_once_and_ends_with_the_machine(
    page: MachinesPage, fake: FakeLinnet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(TerminalView, "open_machine", lambda _self, machine, argv=(): done.append(f"open {machine}"))
    monkeypatch.setattr(TerminalView, "close_session", lambda _self: done.append("close"))
    shell = page.detail.shell
    page.detail.tabs.setCurrentWidget(shell)
    page.detail.tabs.setCurrentIndex(0)
    page.detail.tabs.setCurrentWidget(shell)
    page.view.select(["work"])
    assert "needs a running machine" in shell.empty.text
    page.view.select(["default"])
    assert done == ["open default"]
    fake.tell_state("stopped", engine=None, process_id=None)
    qtbot.waitUntil(lambda: done == ["open default", "close"])
    assert shell.empty.isVisible()
    shell.empty.action.click()
    qtbot.waitUntil(lambda: done == ["open default", "close", "open default"])


def test_logs_are_followed_while_they_are_seen(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.service.on("GET", "/machines/default/logs", lambda _request: iter([b"Linux version 6\n", b"\xff\x00 odd\n"]))
    logs = page.detail.logs
    page.detail.tabs.setCurrentWidget(logs)
    qtbot.waitUntil(lambda: len(logs.view.store) == 2)
    assert fake.service.asked("GET", "/machines/default/logs")[0].query == {
        "source": "serial",
        "follow": "1",
        "tail": "5000",
    }
    logs.source.setCurrentIndex(3)
    qtbot.waitUntil(lambda: len(fake.service.asked("GET", "/machines/default/logs")) == 2)
    assert fake.service.asked("GET", "/machines/default/logs")[1].query["source"] == "agent"


def test_nobody_asks_for_tabs_that_nobody_sees(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    page.view.select(["work"])
    page.view.select(["default"])
    qtbot.wait(100)
    for part in ("settings", "shares", "engines", "logs"):
        assert not fake.service.asked("GET", f"/machines/[^/]+/{part}")


def test_hidden_page_probes_nothing(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    qtbot.wait(100)
    page.hidden()
    before = len(fake.service.asked("GET", "/machines/work"))
    page.view.select(["work"])
    qtbot.wait(100)
    assert len(fake.service.asked("GET", "/machines/work")) == before


def test_odd_texts_are_only_texts(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.machine["errors"] = ["<b>שלום</b> 🐦 " + "x" * 5000]
    fake.tell("problem", {"text": "x"})
    qtbot.waitUntil(lambda: "Problems" in page.detail.overview.told)
    assert page.detail.overview.told["Problems"].startswith("<b>שלום</b> 🐦")


def test_service_lost_and_found(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.lose_service()
    qtbot.waitUntil(lambda: not page.ready)
    assert "service is gone" in page.placeholder.text
    fake.restore_service()
    qtbot.waitUntil(lambda: page.ready, timeout=10_000)


def test_no_machine_offers_the_assistant(fake: FakeLinnet, go: Go, qtbot: QtBot) -> None:
    page = go("machines")
    fake.machines.clear()
    fake.tell("list", {"exists": False})
    qtbot.waitUntil(lambda: "There is no machine yet" in page.placeholder.text)
    assert page.placeholder.action.text() == "Set up Linnet …"


def test_palette_has_the_actions_of_the_chosen_machine(page: MachinesPage) -> None:
    titles = [command.title for command in page.commands()]
    assert "New machine" in titles
    assert "default: Suspend" in titles
    assert "default: Resume" not in titles
