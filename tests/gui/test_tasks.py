"""The tasks page."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from pytestqt.qtbot import QtBot

from app.gui.pages.tasks.page import TasksPage
from app.gui.services import Services
from app.gui.work.jobs import Control
from tests.gui.acts import Go
from tests.gui.fake import FakeLinnet
from vm.errors import GuestError


def tasks(go: Go) -> TasksPage:
    """Show the page."""
    page = go("tasks")
    assert isinstance(page, TasksPage)
    return page


def test_progress_and_log_of_long_work(go: Go, services: Services, qtbot: QtBot) -> None:
    page, going = tasks(go), threading.Event()

    def work(control: Control) -> str:
        control.log("layer one")
        control.progress("Pulling", 1, 2)
        going.wait(5)
        control.log("layer two")
        return "done"

    job = services.jobs.start("Pull nginx", work)
    qtbot.waitUntil(lambda: "Pulling 50%" in page.list.item(0).text())
    assert page.log.toPlainText() == "layer one"
    assert page.cancel.isVisible()
    with qtbot.waitSignal(job.ended):
        going.set()
    assert page.log.toPlainText() == "layer one\nlayer two"
    assert "done, took" in page.list.item(0).text()
    assert not page.cancel.isVisible()


def test_failure_is_told_with_its_detail(go: Go, services: Services, window: object, qtbot: QtBot) -> None:
    page = tasks(go)

    def work(_control: Control) -> None:
        raise GuestError("The build failed.", hint="Look at line 3.", detail="step 3: RUN false")

    job = services.jobs.start("Build shop", work)
    qtbot.waitUntil(lambda: job.error is not None)
    assert "The build failed." in page.list.item(0).text()
    assert "step 3: RUN false" in page.log.toPlainText()


def test_cancel_and_clear(go: Go, services: Services, qtbot: QtBot) -> None:
    page = tasks(go)

    def work(control: Control) -> None:
        ended = threading.Event()
        control.on_cancel(ended.set)
        ended.wait(5)
        control.check()

    job = services.jobs.start("Wait", work)
    with qtbot.waitSignal(job.ended):
        page.cancel.click()
    assert "cancelled" in page.list.item(0).text()
    page.clear.click()
    assert page.list.count() == 0
    assert not page.clear.isEnabled()


def test_a_thousand_lines_a_moment(go: Go, services: Services, qtbot: QtBot) -> None:
    page = tasks(go)

    def work(control: Control) -> None:
        for number in range(3000):
            control.log(f"line {number}")

    job = services.jobs.start("Talk", work)
    qtbot.waitUntil(lambda: job.ended_at is not None, timeout=10_000)
    assert page.log.toPlainText().endswith("line 2999")


def test_work_that_another_front_end_began(go: Go, services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    page, going = tasks(go), threading.Event()

    def follow(_request: object) -> Iterator[object]:
        yield {"operation": "op9"}
        yield {"progress": {"text": "Booting", "done": None, "total": None}}
        going.wait(5)
        yield {"result": {}}

    fake.service.on("GET", "/operations/op9/follow", follow)
    running = {"id": "op9", "title": "start default", "machine": "default", "state": "running"}
    fake.tell("operation", running)
    qtbot.waitUntil(lambda: page.list.count() == 1 and "Booting" in page.list.item(0).text())
    assert page.list.item(0).text().startswith("Start default")
    going.set()
    fake.tell("operation", {**running, "state": "done"})
    qtbot.waitUntil(lambda: "done, took" in page.list.item(0).text())


def test_our_own_work_is_listed_once(go: Go, services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    page, going = tasks(go), threading.Event()

    def restart(_request: object) -> Iterator[object]:
        yield {"operation": "op5"}
        going.wait(5)
        yield {"result": {}}

    fake.service.on("POST", "/machines/default/restart", restart)
    fake.tell("operation", {"id": "op5", "title": "restart default", "machine": "default", "state": "running"})
    services.jobs.operate("Restart", "POST", "/v1/machines/default/restart")
    qtbot.wait(1000)
    assert page.list.count() == 1
    going.set()
    qtbot.waitUntil(lambda: not services.jobs.running)
