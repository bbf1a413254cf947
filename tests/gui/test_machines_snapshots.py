"""Snapshots and upgrades on the machines page."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.gui.pages.machines.page import MachinesPage
from app.gui.pages.machines.snapshottab import SnapshotTab
from app.gui.pages.machines.takesnapshot import TakeSnapshotDialog
from app.gui.window import MainWindow
from tests.gui.acts import Go, dialog, press
from tests.gui.fake import FakeLinnet, Reply, recorded
from tests.gui.test_machines import open_page

PATH = "/machines/default/snapshots"


@pytest.fixture
def page(fake: FakeLinnet, go: Go, qtbot: QtBot) -> MachinesPage:
    return open_page(fake, go, qtbot)


def snapshots(page: MachinesPage, qtbot: QtBot) -> SnapshotTab:
    page.detail.tabs.setCurrentWidget(page.detail.snapshots)
    qtbot.waitUntil(lambda: page.detail.snapshots._known is not None)
    return page.detail.snapshots


def choose(tab: SnapshotTab, name: str) -> None:
    place = next(place for place, row in enumerate(tab.list.texts) if row[0] == name)
    item = tab.list.topLevelItem(place)
    assert item is not None
    item.setSelected(True)


def test_they_are_listed_newest_first(page: MachinesPage, qtbot: QtBot) -> None:
    found = recorded("service_v1_machines_default_snapshots")
    tab = snapshots(page, qtbot)
    assert [row[0] for row in tab.list.texts] == [one["name"] for one in reversed(found)]
    rows = {row[0]: row for row in tab.list.texts}
    assert rows["first"][2:] == ["running", "no", "Podman: 1 image, 1 container, 1 volume", "while it writes"]
    assert rows["warm"][3].endswith("MiB")
    assert not tab.back.isEnabled()
    choose(tab, "first")
    assert tab.back.isEnabled()
    assert tab.delete.isEnabled()
    assert tab.note.text().startswith("Guest image 2026.11-")


def test_one_that_cannot_be_used_says_so(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    broken = {"name": "broken", "problem": "The record of the snapshot 'broken' is damaged."}
    fake.service.on("GET", PATH, lambda _request: [broken])
    tab = snapshots(page, qtbot)
    assert tab.list.texts == [["broken", "", "", "no", "not known", broken["problem"]]]
    choose(tab, "broken")
    assert not tab.back.isEnabled()
    assert tab.delete.isEnabled()


def test_none_yet(page: MachinesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.service.on("GET", PATH, lambda _request: [])
    tab = snapshots(page, qtbot)
    assert "by itself before each upgrade" in tab.list.nothing.text()


def test_one_is_taken(page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    found = recorded("service_v1_machines_default_snapshots")
    fake.service.on("GET", PATH, lambda _request: found)
    made = {**found[0], "name": "new"}
    fake.service.on("POST", PATH, fake.operation(made, "Taking the snapshot", change=lambda: found.append(made)))
    tab = snapshots(page, qtbot)
    tab.take.click()
    asked = dialog(window, TakeSnapshotDialog)
    asked.name.setText("first")
    assert "already" in asked.problem
    assert not asked.yes.isEnabled()
    asked.name.setText("not this/one")
    assert "hyphens" in asked.problem
    asked.name.setText("new")
    asked.note.setText("before the move")
    asked.memory.setChecked(True)
    asked.yes.click()
    qtbot.waitUntil(lambda: tab.list.texts[0][0] == "new")
    assert fake.service.asked("POST", PATH)[0].body == {"name": "new", "note": "before the move", "memory": True}
    assert "The snapshot is taken." in window.toasts


def test_name_and_memory_may_be_left_out(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.service.on("GET", "/machines/work/snapshots", lambda _request: [])
    fake.service.on("POST", "/machines/work/snapshots", fake.operation({}))
    page.view.select(["work"])
    tab = snapshots(page, qtbot)
    tab.take.click()
    asked = dialog(window, TakeSnapshotDialog)
    assert not asked.memory.isEnabled()  # it is stopped
    asked.yes.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/work/snapshots")))
    body = fake.service.asked("POST", "/machines/work/snapshots")[0].body
    assert body == {"name": None, "note": "", "memory": False}


def test_going_back_says_what_becomes_of_the_present(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.service.on("POST", f"{PATH}/warm/restore", fake.operation({"undo": "before-restore-1", "state": "running"}))
    tab = snapshots(page, qtbot)
    choose(tab, "warm")
    tab.back.click()
    asked = dialog(window)
    told = asked.findChild(QPlainTextEdit).toPlainText().splitlines()
    assert any(line.startswith("Now: ") and "container" in line for line in told)
    asked.findChild(QCheckBox).setChecked(True)
    press(asked, "Go back")
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", f"{PATH}/warm/restore")))
    assert fake.service.asked("POST", f"{PATH}/warm/restore")[0].body == {"disk_only": True}
    qtbot.waitUntil(lambda: "'default' is as it was in the snapshot 'warm'." in window.toasts)


def test_failure_is_explained_beside_the_list(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    error = Reply({"code": "disk-full", "message": "Only 5 MiB are free.", "hint": "Free some."}, 507)
    fake.service.on("POST", f"{PATH}/first/restore", lambda _request: error)
    tab = snapshots(page, qtbot)
    choose(tab, "first")
    tab.back.click()
    asked = dialog(window)
    assert asked.findChild(QPlainTextEdit).toPlainText().startswith("Then: Podman: 1 image, 1 container, 1 volume\n")
    assert asked.findChild(QCheckBox) is None  # it has no memory
    press(asked, "Go back")
    qtbot.waitUntil(lambda: tab.problem.text() == "Only 5 MiB are free. Free some.")


def test_one_is_deleted_after_a_question(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.service.on("DELETE", f"{PATH}/first", fake.operation(None))
    tab = snapshots(page, qtbot)
    choose(tab, "first")
    tab.delete.click()
    press(dialog(window), "Delete")
    qtbot.waitUntil(lambda: bool(fake.service.asked("DELETE", f"{PATH}/first")))
    qtbot.waitUntil(lambda: "The snapshot 'first' is deleted." in window.toasts)


def test_upgrade_is_offered_and_done(page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    notice = page.detail.upgrade
    assert not notice.isVisible()
    fake.tell_state("running", upgrade="2026.12-9876543210")
    qtbot.waitUntil(notice.isVisible)
    assert "2026.12-9876543210, after a snapshot" in notice.text.text()
    done = fake.operation({"image": "2026.12-9876543210"}, change=lambda: fake.machine.update(upgrade=None))
    fake.service.on("POST", "/machines/default/upgrade", done)
    notice.now.click()
    press(dialog(window), "Upgrade")
    qtbot.waitUntil(lambda: "'default' runs with the guest image 2026.12-9876543210." in window.toasts)
    qtbot.waitUntil(lambda: not notice.isVisible())


def test_upgrade_that_went_back_says_why(
    page: MachinesPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.tell_state("running", upgrade_refused="2026.12-9876543210: the engine did not answer")
    notice = page.detail.upgrade
    qtbot.waitUntil(notice.isVisible)
    assert "the engine did not answer" in notice.text.text()
    assert notice.now.text() == "Try again …"
    error = Reply({"code": "guest", "message": "The upgrade failed again."}, 502)
    fake.service.on("POST", "/machines/default/upgrade", lambda _request: error)
    notice.now.click()
    press(dialog(window), "Upgrade")
    qtbot.waitUntil(lambda: "The upgrade failed again." in window.toasts)
