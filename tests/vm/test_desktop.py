"""Journeys through the window with a real machine behind it; nothing is faked."""

from __future__ import annotations

import functools
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.gui.model.hub import Connection
from app.gui.pages.containers.embedded import FilesTab, LogsTab, TerminalTab
from app.gui.pages.containers.limits import LimitsTab
from app.gui.pages.containers.page import ContainersPage
from app.gui.pages.dashboard.page import DashboardPage
from app.gui.pages.images.building import BuildSpec
from app.gui.pages.images.page import ImagesPage
from app.gui.pages.projects.page import ProjectsPage
from app.gui.widgets.fileedit import FileEditor
from app.gui.window import MainWindow
from app.gui.work.jobs import Job, JobState
from tests.vm.desktop import PATIENCE, find, shown
from tests.vm.faults import kill_service
from tests.vm.product import Product
from vm import ports

MEMORY = 64
"""MiB to which a container is limited while it runs."""

pytestmark = pytest.mark.parametrize("product", ["libvirt"], indirect=True)


@pytest.fixture
def window(qapp: QApplication, product: Product, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window of the product's user."""
    with shown(qapp, product, monkeypatch) as made:
        qtbot.waitUntil(lambda: made.services.hub.engine_ready, timeout=PATIENCE)
        made.go("containers")
        yield made


@pytest.fixture
def page(window: MainWindow) -> ContainersPage:
    """The page of the containers."""
    assert isinstance(window.page, ContainersPage)
    return window.page


def test_what_the_command_line_does_is_seen(product: Product, window: MainWindow, qtbot: QtBot) -> None:
    services, port = window.services, ports.free_port()
    product.ok(
        "run", "-d", "--name", "web", "-p", f"{port}:80", "hello", "busybox", "httpd", "-f", "-p", "80", "-h", "/etc"
    )
    try:
        qtbot.waitUntil(lambda: (find(services, "web") or {}).get("State") == "running", timeout=PATIENCE)
        window.go("ports")
        qtbot.waitUntil(
            lambda: any(row["host_port"] == port and row["reachable"] for row in services.hub.ports.rows.values()),
            timeout=PATIENCE,
        )
        with urllib.request.urlopen(f"http://localhost:{port}/hostname", timeout=20) as answer:
            assert answer.status == 200
    finally:
        product.ok("rm", "-f", "-t", "0", "web")
    qtbot.waitUntil(lambda: find(services, "web") is None, timeout=PATIENCE)


def test_log_terminal_and_limits_of_a_container(product: Product, page: ContainersPage, qtbot: QtBot) -> None:
    count = "i=0; while :; do i=$((i+1)); echo line $i; sleep 1; done"
    container = product.ok("run", "-d", "--name", "counter", "hello", "sh", "-c", count).strip()
    services = page.services
    try:
        qtbot.waitUntil(lambda: container in services.hub.containers.rows, timeout=PATIENCE)
        page.view.select([container])
        page.detail.bring("logs")
        logs = page.detail.tab("logs")
        assert isinstance(logs, LogsTab)
        store = logs.view.store
        qtbot.waitUntil(lambda: len(store) > 2, timeout=PATIENCE)
        assert store.text(store.first).startswith("line ")
        page.detail.bring("terminal")
        terminal = page.detail.tab("terminal")
        assert isinstance(terminal, TerminalTab)
        qtbot.waitUntil(lambda: bool(_typed(terminal).strip()), timeout=PATIENCE)
        assert terminal.view is not None
        QTest.keyClicks(terminal.view.pane, "echo $((6*7))")
        QTest.keyClick(terminal.view.pane, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "42" in _typed(terminal).split(), timeout=PATIENCE)
        page.detail.bring("limits")
        limits = page.detail.tab("limits")
        assert isinstance(limits, LimitsTab)
        qtbot.waitUntil(lambda: limits.memory.maximum() > MEMORY, timeout=PATIENCE)
        limits.memory.setValue(MEMORY)
        limits.apply()
        qtbot.waitUntil(lambda: "took it" in limits.said.text(), timeout=PATIENCE)
        assert product.ok("exec", "counter", "cat", "/sys/fs/cgroup/memory.max").strip() == str(MEMORY << 20)
    finally:
        product.ok("rm", "-f", "-t", "0", "counter")


def test_suspend_and_resume_with_the_window_open(product: Product, window: MainWindow, qtbot: QtBot) -> None:
    window.go("dashboard")
    dashboard = window.page
    assert isinstance(dashboard, DashboardPage)
    dashboard.machine.main.click()
    qtbot.waitUntil(lambda: dashboard.machine.main.text() == "Resume", timeout=PATIENCE)
    assert product.status()["state"] == "suspended"
    dashboard.machine.main.click()
    qtbot.waitUntil(lambda: dashboard.machine.main.text() == "Suspend", timeout=PATIENCE)
    qtbot.waitUntil(lambda: bool(window.services.hub.history), timeout=PATIENCE)
    assert product.status()["state"] == "running"


def test_linnetd_is_killed_under_the_window(product: Product, window: MainWindow, qtbot: QtBot) -> None:
    hub = window.services.hub
    kill_service(product)
    qtbot.waitUntil(lambda: hub.connection is not Connection.connected, timeout=PATIENCE)
    qtbot.waitUntil(lambda: hub.connection is Connection.connected and hub.engine_ready, timeout=PATIENCE)
    assert QGuiApplication.instance() is not None
    product.ok("run", "-d", "--name", "after", "hello", "sleep", "1000")
    try:
        qtbot.waitUntil(lambda: find(window.services, "after") is not None, timeout=PATIENCE)
    finally:
        product.ok("rm", "-f", "-t", "0", "after")


def test_a_file_is_edited_in_a_container(product: Product, page: ContainersPage, qtbot: QtBot) -> None:
    product.ok("run", "-d", "--name", "edited", "hello", "sh", "-c", "echo before > /note; sleep 100000")
    try:
        qtbot.waitUntil(lambda: find(page.services, "edited") is not None, timeout=PATIENCE)
        page.view.select([str((find(page.services, "edited") or {})["Id"])])
        page.detail.bring("files")
        files = page.detail.tab("files")
        assert isinstance(files, FilesTab)
        browser = files.view
        qtbot.waitUntil(lambda: "note" in [one.name for one in browser.model.entries], timeout=PATIENCE)
        browser.view(next(one for one in browser.model.entries if one.name == "note"))
        qtbot.waitUntil(lambda: bool(_editors()) and _editors()[0].field.toPlainText() == "before\n", timeout=PATIENCE)
        editor = _editors()[0]
        editor.field.setPlainText("after\n")
        editor.field.document().setModified(True)
        editor.save_button.setEnabled(True)
        editor.save_button.click()
        qtbot.waitUntil(lambda: product.ok("exec", "edited", "cat", "/note") == "after\n", timeout=PATIENCE)
    finally:
        product.ok("rm", "-f", "-t", "0", "edited")


def test_an_image_is_built(product: Product, window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    (folder / "Dockerfile").write_text("FROM localhost/hello\nCOPY message /message\nRUN cat /message\n")
    (folder / "message").write_text("built in a window\n")
    window.go("images")
    page = window.page
    assert isinstance(page, ImagesPage)
    page.start_build(BuildSpec(str(folder), tag="localhost/windowed:1"))
    job = window.services.jobs.all[-1]
    qtbot.waitUntil(lambda: job.state is not JobState.running, timeout=4 * PATIENCE)
    assert job.state is JobState.done, list(job.log)
    try:
        assert any("built in a window" in line for line in job.log)
        assert product.ok("run", "--rm", "localhost/windowed:1", "cat", "/message") == "built in a window\n"
    finally:
        product.ok("rmi", "-f", "localhost/windowed:1")


def test_a_project_goes_up_and_down(product: Product, window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    project = folder / "shop"
    project.mkdir()
    file = project / "compose.yaml"
    file.write_text("services:\n  till:\n    image: localhost/hello\n    command: sleep 100000\n")
    window.go("projects")
    page = window.page
    assert isinstance(page, ProjectsPage)
    page.add_file(file)
    qtbot.waitUntil(lambda: bool(page.view.keys), timeout=PATIENCE)
    for verb, there in (("up", True), ("down", False)):
        job = page.act(verb)
        assert job is not None
        qtbot.waitUntil(functools.partial(_is_over, job), timeout=4 * PATIENCE)
        assert job.state is JobState.done, list(job.log)
        qtbot.waitUntil(
            functools.partial(lambda wanted: (find(window.services, "shop-till-1") is not None) is wanted, there),
            timeout=PATIENCE,
        )


def _is_over(job: Job) -> bool:
    return job.state is not JobState.running


def _editors() -> list[FileEditor]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, FileEditor) and one.isVisible()]


def _typed(tab: TerminalTab) -> str:
    return tab.view.pane.text if tab.view is not None and tab.view.session is not None else ""
