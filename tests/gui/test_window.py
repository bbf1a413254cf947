"""The window itself: pages, palette, messages, losing and finding the service."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.gui.model.hub import Connection
from app.gui.pages.base import MachinePage
from app.gui.services import Services
from app.gui.window import MainWindow
from tests.gui.fake import FakeLinnet, Reply
from vm.errors import ConflictError, GuestError


class Plain(MachinePage):
    """A page that needs an engine."""

    name = "plain"

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window.services, window.go)
        self.set_content(QLabel("content"))

    @classmethod
    def title(cls) -> str:
        """See Page."""
        return "Plain"


def test_the_machine_that_runs_is_in_view(window: MainWindow, services: Services, fake: FakeLinnet) -> None:
    assert services.hub.current == "default"
    assert services.hub.engine_ready
    assert window.page is not None
    assert window.page.name == "dashboard"
    assert fake.service.asked("GET", "/events")


def test_stopped_machine_offers_to_start(window: MainWindow, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = Plain(window)
    assert page.ready
    fake.tell_state("stopped", engine=None)
    qtbot.waitUntil(lambda: "is stopped" in page.placeholder.text)
    assert page.placeholder.action.text() == "Start"
    page.placeholder.action.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/start")))


def test_a_machine_on_its_way_down_is_asked_nothing(services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    hub = services.hub
    # linnetd may take its time to say more than the event does.
    fake.service.on("GET", "/machines/default", lambda _request: Reply({"message": "Later.", "code": "timeout"}, 504))
    fake.tell("state", {"state": "suspending"})
    qtbot.waitUntil(lambda: not hub.engine_ready)
    asked = len(fake.docker.requests)
    hub.watch_stats("a page", watch=True)
    hub.containers.touch()
    with pytest.raises(ConflictError, match="suspending"):
        hub.docker()
    qtbot.wait(200)
    assert len(fake.docker.requests) == asked
    assert not fake.service.asked("GET", "/machines/default/stats")


def test_a_look_from_before_does_not_bring_a_machine_back(services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    hub, late = services.hub, threading.Event()
    stale = dict(fake.machine)

    def look(_request: object) -> dict[str, Any]:
        late.wait(5)
        return stale

    fake.service.on("GET", "/machines/default", look)
    hub.look_again("default")
    qtbot.waitUntil(lambda: bool(fake.service.asked("GET", "/machines/default")))
    fake.tell("state", {"state": "suspending"})
    qtbot.waitUntil(lambda: not hub.engine_ready)
    asked = len(fake.docker.requests)
    with qtbot.waitSignal(hub.machines_changed):
        late.set()
    assert not hub.engine_ready
    assert len(fake.docker.requests) == asked


def test_service_gone_and_back(window: MainWindow, services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = Plain(window)
    fake.lose_service()
    qtbot.waitUntil(lambda: services.hub.connection is Connection.lost)
    assert "service is gone" in page.placeholder.text
    fake.restore_service()
    qtbot.waitUntil(lambda: services.hub.connection is Connection.connected, timeout=10_000)
    assert page.ready


def test_machine_deleted_under_the_window(
    services: Services, window: MainWindow, fake: FakeLinnet, qtbot: QtBot
) -> None:
    fake.machines.clear()
    fake.tell("state", {"state": "deleted"})
    qtbot.waitUntil(lambda: services.hub.current is None)
    page = Plain(window)
    assert "There is no machine yet" in page.placeholder.text


def test_palette_finds_by_letters_and_runs(window: MainWindow, qtbot: QtBot) -> None:
    palette = window.open_palette()
    assert "Suspend machine 'default'" in palette.offered
    QTest.keyClicks(palette.field, "go to setti")
    assert palette.offered[0] == "Go to Settings"
    palette.field.clear()
    QTest.keyClicks(palette.field, "gtdash")
    assert palette.offered[0] == "Go to Dashboard"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.page is not None
    assert window.page.name == "dashboard"


def test_error_is_a_sentence_with_hint_and_detail(window: MainWindow, services: Services) -> None:
    services.messages.error(GuestError("The engine refused.", hint="Try again.", detail="line 1\nline 2"))
    assert window.toasts == ["The engine refused."]
    services.messages.tell("Saved.", "good")
    assert window.toasts == ["The engine refused.", "Saved."]


def test_long_work_is_shown_and_cancelled(
    window: MainWindow, services: Services, fake: FakeLinnet, qtbot: QtBot
) -> None:
    def endless(_request: object) -> object:
        yield {"operation": "op7"}
        yield {"progress": {"text": "Waiting for the guest", "done": 1, "total": 4}}
        while not fake.service.asked("DELETE", "/operations/op7"):
            yield {"progress": {"text": "Waiting for the guest", "done": 2, "total": 4}}
            time.sleep(0.02)
        yield {"error": {"code": "cancelled", "message": "Cancelled.", "hint": None, "detail": None}}

    fake.service.on("POST", "/machines/default/restart", endless)
    job = services.jobs.operate("Restart", "POST", "/v1/machines/default/restart")
    qtbot.waitUntil(lambda: job.fraction == 0.5)
    with qtbot.waitSignal(job.ended, timeout=5000):
        job.cancel()
    assert job.state == "cancelled"
    assert window.toasts == []


def test_first_choice_survives_a_restart_of_the_window(services: Services, window: MainWindow) -> None:
    services.preferences.remember_text("page", "dashboard")
    again = MainWindow(services)
    again.show_first_page()
    assert again.page is not None
    assert again.page.name == "dashboard"
    again.close_down()
    again.deleteLater()
