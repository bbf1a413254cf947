"""The status item in the tray."""

from __future__ import annotations

import functools

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.gui.services import Services
from app.tray.item import StatusItem, status_icon
from tests.gui.fake import FakeLinnet


def entries(item: StatusItem) -> dict[str, QAction]:
    """Open the menu and return what it has."""
    item.menu.aboutToShow.emit()
    return {action.text(): action for action in item.menu.actions() if action.text()}


def test_icon_follows_the_machine(services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    item = StatusItem(services)
    assert item.state == "running"
    for state, shown in (
        ("suspending", "busy"),
        ("suspended", "suspended"),
        ("broken", "problem"),
        ("stopped", "stopped"),
    ):
        fake.tell_state(state)
        qtbot.waitUntil(functools.partial(_shows, item, shown))
        assert not status_icon(shown).isNull()


def test_switches_send_what_they_say(services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    item = StatusItem(services)
    menu = entries(item)
    assert not menu["Start"].isEnabled()
    menu["Suspend"].trigger()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/suspend")))
    qtbot.waitUntil(lambda: item.state == "suspended")
    menu = entries(item)
    assert menu["Resume"].isEnabled()
    assert not menu["Stop"].isEnabled()


def test_containers_with_their_ports_and_stop(services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    item = StatusItem(services)
    entries(item)
    qtbot.waitUntil(lambda: bool(services.hub.containers.rows))
    menu = entries(item)
    server = next(action for text, action in menu.items() if text.startswith("server"))
    assert ":8099" in server.text()
    submenu = server.menu()
    assert isinstance(submenu, QMenu)
    inner = {action.text(): action for action in submenu.actions()}
    assert "Open http://localhost:8099" in inner
    inner["Stop"].trigger()
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", "/containers/[^/]+/stop")))


def test_quit_asks_whether_the_machine_goes_on(services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    item = StatusItem(services)
    quits: list[None] = []
    item.quit_wanted.connect(lambda: quits.append(None))
    entries(item)["Quit …"].trigger()
    dialog = _dialog()
    next(box for box in dialog.findChildren(QCheckBox)).setChecked(True)
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Quit").click()
    qtbot.waitUntil(lambda: bool(quits))
    assert fake.service.asked("POST", "/machines/default/stop")


def _dialog() -> QDialog:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    assert len(found) == 1
    return found[0]


def _shows(item: StatusItem, state: str) -> bool:
    return item.state == state
