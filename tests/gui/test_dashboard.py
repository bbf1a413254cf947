"""The dashboard: state, button, figures, counts, events, problems."""

from __future__ import annotations

import time

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.gui.pages.dashboard.page import DashboardPage
from tests.gui.acts import Go, press
from tests.gui.fake import FakeLinnet, recorded


def dashboard(go: Go) -> DashboardPage:
    """Show the page."""
    page = go("dashboard")
    assert isinstance(page, DashboardPage)
    return page


def test_machine_at_a_glance(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    assert page.machine.main.text() == "Suspend"
    assert page.machine.texts["engine"] == "Podman 5.4.2"
    assert page.machine.texts["machine"] == "2 CPUs, libvirt, tcg"
    qtbot.waitUntil(lambda: page.counts["containers"] == "6 of 8 containers run")
    assert page.counts["volumes"] == "2 volumes"


def test_the_button_that_matters(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    page.machine.main.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/suspend")))
    qtbot.waitUntil(lambda: page.machine.main.text() == "Resume")
    assert page.machine.main.property("primary")
    page.machine.main.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/start")))
    qtbot.waitUntil(lambda: page.machine.main.text() == "Suspend")


def test_socket_is_copied(go: Go, fake: FakeLinnet) -> None:
    page = dashboard(go)
    copy = next(one for one in page.machine.findChildren(QToolButton) if "socket" in one.accessibleName())
    copy.click()
    assert QGuiApplication.clipboard().text() == f"unix://{fake.machine['docker_socket']}"


def test_two_samples_make_figures(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    qtbot.waitUntil(lambda: bool(fake.samplers))
    first = recorded("service_v1_machines_default_stats")
    second = {**first, "time": first["time"] + 2, "guest": {**first["guest"]}}
    second["guest"]["cpu"] = {"busy_ns": first["guest"]["cpu"]["busy_ns"] + 1_000_000_000, "cpus": 2}
    second["guest"]["net_rx"] = first["guest"]["net_rx"] + 2048
    fake.sample(first)
    fake.sample(second)
    qtbot.waitUntil(lambda: bool(page.figures.processor.samples))
    assert page.figures.processor.samples[-1][1] == (25.0,)
    assert page.figures.network.samples[-1][1] == (1024.0, 0.0)
    assert len(page.figures.memory.samples) == 2


def test_counters_that_begin_anew_make_no_figures(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    qtbot.waitUntil(lambda: bool(fake.samplers))
    first = recorded("service_v1_machines_default_stats")
    fake.sample(first)
    restarted = {**first, "time": first["time"] + 2, "guest": {**first["guest"], "cpu": {"busy_ns": 5, "cpus": 2}}}
    fake.sample(restarted)
    qtbot.waitUntil(lambda: len(page.figures.memory.samples) == 2)
    assert page.figures.processor.samples == []


def test_nothing_is_sampled_for_a_page_that_nobody_sees(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    qtbot.waitUntil(lambda: bool(fake.samplers))
    page.hidden()
    assert page.services.hub._stats is None


def test_latest_events(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    fake.tell("container", {"action": "die", "id": "c0ffee", "name": "web", "exit_code": 3, "oom": True})
    qtbot.waitUntil(
        lambda: any("web has ended. Exit code 3. It ran out of memory." in text for text in page.feed.texts)
    )


def test_problems_with_their_cure(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = dashboard(go)
    qtbot.waitUntil(page.problems.isVisible)
    fixed = [{**check, "verdict": "ok"} for check in recorded("service_v1_doctor")]
    fake.service.on("POST", "/doctor/fix", fake.operation(fixed))
    fake.service.on("GET", "/doctor", lambda _request: fixed)
    press(page.problems, "Mend")
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/doctor/fix")))
    assert fake.service.asked("POST", "/doctor/fix")[0].body == {"ids": ["accelerator"]}
    qtbot.waitUntil(lambda: not page.problems.isVisible())


def test_idle_page_asks_nothing(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    dashboard(go)
    qtbot.wait(500)
    before = len(fake.service.requests) + len(fake.docker.requests)
    began = time.monotonic()
    qtbot.wait(1500)
    assert time.monotonic() - began >= 1.4  # the timer may come five in a hundred early
    assert len(fake.service.requests) + len(fake.docker.requests) == before
