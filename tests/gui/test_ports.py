"""Tests of the page of ports."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.gui.pages.ports import columns
from app.gui.pages.ports.page import PortsPage
from app.gui.window import MainWindow
from tests.gui.acts import Go, cells
from tests.gui.fake import FakeLinnet

HELD = "Port 5432 on 127.0.0.1 is in use by postgres (process 812)."


@pytest.fixture
def page(fake: FakeLinnet, go: Go, qtbot: QtBot) -> PortsPage:
    first = fake.ports[0]
    fake.ports += [
        {**first, "host_port": 5432, "container": "shop-db-1", "reachable": None, "error": HELD},
        {**first, "host_address": "::1", "host_port": 9000, "container": None, "reachable": False, "via": "ssh"},
        {**first, "protocol": "udp", "host_address": "0.0.0.0", "host_port": 53, "container": "שרת", "reachable": None},
    ]
    shown: PortsPage = go("ports")
    qtbot.waitUntil(lambda: shown.model.shown == 5)
    return shown


def key(page: PortsPage, port: int) -> str:
    return next(key for key, one in page.model.known.items() if one["host_port"] == port)


def texts(page: PortsPage, port: int) -> list[str]:
    return cells(page, key(page, port))


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    urls: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(url))
    return urls


def test_rows_say_where_who_and_whether(page: PortsPage) -> None:
    assert texts(page, 8088)[:4] == ["127.0.0.1:8088", "Reachable", "shop-web-1", "0.0.0.0:8088/tcp"]
    assert texts(page, 5432)[1] == "Not open"
    assert texts(page, 5432)[-1] == HELD
    assert texts(page, 9000)[:3] == ["[::1]:9000", "No answer", "A service in the machine"]
    assert texts(page, 53)[1] == "Open"


def test_double_click_opens_the_browser(page: PortsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = opened(monkeypatch)
    for port in (8088, 9000, 53, 5432):
        page.view.opened.emit(key(page, port))
    assert urls == ["http://localhost:8088", "http://localhost:9000"]  # no browser speaks UDP, nor to what is not open


def test_a_click_on_the_address_is_a_link(page: PortsPage) -> None:
    row = page.model.known[key(page, 8088)]
    assert columns.here_cell(row).link == "http://localhost:8088"
    assert columns.here_cell({**row, "guest_port": 443}).link == "https://localhost:8088"
    assert columns.here_cell({**row, "host_address": "192.168.1.5"}).link == "http://192.168.1.5:8088"


def test_copy(page: PortsPage, qtbot: QtBot, window: MainWindow) -> None:
    page.view.select([key(page, 8088)])
    page.copy()
    assert QGuiApplication.clipboard().text() == "127.0.0.1:8088"
    assert window.toasts == ["Copied: 127.0.0.1:8088"]


def test_problems_are_filtered_and_explained(page: PortsPage, qtbot: QtBot) -> None:
    page._which.setCurrentIndex(2)
    assert page.model.shown == 2
    page.view.select([key(page, 5432)])
    assert HELD in page._explanation.text()
    assert "another port" in page._explanation.text()
    assert not page._open.isEnabled()
    page.clear_filters()
    assert page.model.shown == 5


def test_who_can_reach_it_is_said(page: PortsPage) -> None:
    page.view.select([key(page, 8088)])
    assert "Only this computer" in page._explanation.text()
    page.view.select([key(page, 53)])
    assert "Other computers" in page._explanation.text()


def test_try_again_asks_linnetd(page: PortsPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    before = len(fake.service.asked("GET", "/machines/default/ports"))
    fake.ports[0]["reachable"] = False
    page._again.click()
    qtbot.waitUntil(lambda: texts(page, 8088)[1] == "No answer")
    assert len(fake.service.asked("GET", "/machines/default/ports")) > before


def test_a_port_that_is_opened_appears(page: PortsPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.ports.append({**fake.ports[0], "host_port": 7000})
    fake.tell("port", {"action": "opened"})
    qtbot.waitUntil(lambda: page.model.shown == 6)


def test_the_container_is_a_step_away(page: PortsPage, fake: FakeLinnet, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[tuple[str, str]] = []
    page.go = lambda name, select: gone.append((name, select))
    page.services.hub.containers.put(fake.containers)
    page.view.select([key(page, 8088)])
    menu = QMenu()
    page.fill_menu(menu)
    next(one for one in menu.actions() if one.text() == "Show container").trigger()
    assert gone == [("containers", next(one["Id"] for one in fake.containers if one["Names"] == ["/shop-web-1"]))]


def test_no_ports_say_what_to_do(fake: FakeLinnet, go: Go, qtbot: QtBot) -> None:
    fake.ports.clear()
    shown = go("ports")
    qtbot.waitUntil(lambda: "No port is open" in shown._none.text)


def test_an_error_is_shown_with_a_way_on(fake: FakeLinnet, go: Go, qtbot: QtBot) -> None:
    fake.service.on("GET", "/machines/default/ports", lambda _request: _broken())
    shown = go("ports")
    qtbot.waitUntil(lambda: "This list cannot be shown" in shown._none.text)


def _broken() -> Any:
    from tests.gui.fake import Reply

    return Reply({"code": "unavailable", "message": "The agent does not answer."}, 503)
