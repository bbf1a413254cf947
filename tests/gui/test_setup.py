"""The first-run assistant: choices, progress, cancel, failure, and a container in the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.gui import autostart
from app.gui.pages.setup import hello
from app.gui.pages.setup.page import SetupPage
from app.gui.pages.setup.plan import Progress, Step
from app.gui.services import Services
from app.gui.window import MainWindow
from app.gui.work.jobs import JobState
from tests.gui.acts import Go
from tests.gui.fake import FakeLinnet, Reply, recorded
from vm.image.hello import TEXT


class Host(FakeLinnet):
    """A computer without a machine: making and starting one works."""

    def __init__(self) -> None:
        super().__init__()
        self.machines.clear()
        self.over = threading.Event()
        service, docker = self.service, self.docker
        service.on("POST", "/machines", self.operation(self.machine, "Creating machine 'default'", change=self._make))
        service.on("POST", "/machines/default/start", self.operation(self.machine, "Waiting for the engine"))
        service.on("DELETE", "/machines/default", self.operation({}, change=self._delete))
        docker.on("POST", "/containers/create", lambda _request: Reply({"Id": "c0ffee", "Warnings": []}, 201))
        docker.on("GET", "/containers/c0ffee/logs", lambda _request: self.speak(TEXT.encode()))

    def speak(self, *texts: bytes) -> Iterator[bytes]:
        """Say something as a container that goes on running."""
        for text in texts:
            yield b"\x01\0\0\0" + len(text).to_bytes(4, "big") + text
        self.over.wait(10)

    def close(self) -> None:
        self.over.set()
        super().close()

    def _make(self) -> None:
        self.machines.append(self.machine)
        self.tell("list", {"exists": True})

    def _delete(self) -> None:
        self.machines.clear()
        self.tell("list", {"exists": False})


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(hello, "SILENCE", 0.1)
    made = Host()
    yield made
    made.close()


@pytest.fixture
def page(fake: Host, go: Go, qtbot: QtBot) -> SetupPage:
    """The assistant with its choices loaded."""
    shown: SetupPage = go("setup")
    shown.welcome.begin.click()
    qtbot.waitUntil(shown.choices.go_on.isEnabled)
    return shown


def state(page: SetupPage) -> JobState | None:
    return page.run.job.state if page.run is not None and page.run.job is not None else None


def over(page: SetupPage, qtbot: QtBot) -> None:
    """Wait for the end of a run."""
    qtbot.waitUntil(lambda: state(page) not in (None, JobState.running), timeout=10_000)


def test_without_a_machine_the_window_begins_with_the_assistant(window: MainWindow) -> None:
    assert window.page is not None
    assert window.page.name == "setup"


def test_it_does_not_come_back_by_itself(window: MainWindow, fake: Host, services: Services, qtbot: QtBot) -> None:
    window.go("dashboard")
    services.hub.connection_changed.emit()
    assert window.page is not None
    assert window.page.name == "dashboard"


def test_from_nothing_to_a_running_container(page: SetupPage, fake: Host, qtbot: QtBot) -> None:
    page.choices.go_on.click()
    assert page.view is page.progress
    qtbot.waitUntil(lambda: page.view is page.finish, timeout=10_000)
    assert fake.service.asked("POST", "/machines")[0].body == {
        "name": "default",
        "settings": {"engine": "podman", "home_share": "read-write"},
    }
    assert fake.service.asked("POST", "/machines/default/start")
    assert not fake.service.asked("POST", "/images/.*")  # there is an image
    created = fake.docker.asked("POST", "/containers/create")[0]
    assert (created.query, created.body["Image"]) == ({"name": "hello"}, "hello")
    assert fake.docker.asked("POST", "/containers/c0ffee/start")
    assert page.finish.output.toPlainText() == TEXT.rstrip()
    assert page.run is not None
    assert set(page.run.states.values()) == {Progress.done}
    gone: list[tuple[str, str]] = []
    page.go = lambda name, key: gone.append((name, key))
    page.finish.containers.click()
    assert gone == [("containers", "c0ffee")]


def test_choices_become_settings(page: SetupPage, fake: Host, qtbot: QtBot, tmp_path: Path) -> None:
    choices, shared = page.choices, tmp_path / "shared"
    shared.mkdir()
    choices.form.disk.slider.setValue(24)
    choices.engines["docker"].setChecked(True)
    choices.folders.home.setCurrentIndex(2)
    choices.folders.add({"path": str(shared), "mode": "read-only"})
    qtbot.waitUntil(lambda: choices.folders.list.count() == 1)
    choices.login.setChecked(True)
    choices.machine_too.setChecked(True)
    choices.go_on.click()
    qtbot.waitUntil(lambda: page.view is page.finish, timeout=10_000)
    assert fake.service.asked("POST", "/machines")[0].body["settings"] == {
        "disk": "24GiB",
        "engine": "docker",
        "home_share": "off",
        "shares": [{"path": str(shared), "mode": "read-only"}],
        "autostart": True,
    }
    assert autostart.for_this_system().enabled


def test_folder_that_is_not_there_is_refused(page: SetupPage, qtbot: QtBot) -> None:
    folders = page.choices.folders
    folders.add({"path": "/nowhere/at/all", "mode": "read-write"})
    qtbot.waitUntil(lambda: "does not exist" in folders.problem.text())
    assert folders.list.count() == 0
    assert folders.problem.isVisible()


def test_folder_is_taken_out_again(page: SetupPage, qtbot: QtBot, tmp_path: Path) -> None:
    folders = page.choices.folders
    folders.home.setCurrentIndex(2)
    folders.add({"path": str(tmp_path), "mode": "read-write"})
    qtbot.waitUntil(lambda: folders.list.count() == 1)
    folders.list.setCurrentRow(0)
    folders.remove_button.click()
    assert folders.settings == {"home_share": "off"}


@pytest.mark.parametrize(("catalogue", "verb"), [([], "build"), (["https://example.org/c.json"], "fetch")])
def test_missing_image_is_built_or_fetched(
    page: SetupPage, fake: Host, qtbot: QtBot, catalogue: list[str], verb: str
) -> None:
    settings = recorded("service_v1_settings")
    next(one for one in settings["values"] if one["name"] == "image_catalogue")["value"] = catalogue
    fake.service.on("GET", "/settings", lambda _request: settings)
    fake.service.on("GET", "/images", lambda _request: [])
    fake.service.on("POST", f"/images/{verb}", fake.operation({}, "Downloading packages"))
    page.choices.go_on.click()
    qtbot.waitUntil(lambda: page.view is page.finish, timeout=10_000)
    assert len(fake.service.asked("POST", "/images/.*")) == 1
    assert "Downloading packages" in page.progress.log.toPlainText()


def endless(fake: Host, operation: str) -> Callable[[Any], Iterator[Any]]:
    """Return a handler of an operation that goes on until it is cancelled."""

    def handle(_request: Any) -> Iterator[Any]:
        yield {"operation": operation}
        while not fake.service.asked("DELETE", f"/operations/{operation}"):
            yield {"progress": {"text": "Waiting for the guest", "done": 2, "total": 4}}
            time.sleep(0.02)
        yield {"error": {"code": "cancelled", "message": "Cancelled.", "hint": None, "detail": None}}

    return handle


def test_cancel_leaves_no_half_made_machine(page: SetupPage, fake: Host, window: MainWindow, qtbot: QtBot) -> None:
    fake.service.on("POST", "/machines/default/start", endless(fake, "op9"))
    page.choices.go_on.click()
    qtbot.waitUntil(lambda: page.progress.text.text() == "Waiting for the guest")
    assert page.run is not None
    assert page.run.step is Step.start
    page.progress.cancel.click()
    over(page, qtbot)
    assert state(page) is JobState.cancelled
    assert fake.service.asked("DELETE", "/machines/default")
    assert page.progress.left.text() == (
        "The unfinished machine was removed again. The guest image stays on this computer for the next time."
    )
    assert page.progress.again.isVisible()
    assert not page.progress.cancel.isVisible()
    assert window.toasts == []
    assert not fake.docker.asked("POST", "/containers/create")


def test_cancel_while_the_image_is_fetched_has_nothing_to_take_away(page: SetupPage, fake: Host, qtbot: QtBot) -> None:
    fake.service.on("GET", "/images", lambda _request: [])
    fake.service.on("POST", "/images/build", endless(fake, "op3"))
    page.choices.go_on.click()
    qtbot.waitUntil(lambda: page.progress.text.text() == "Waiting for the guest")
    page.progress.cancel.click()
    over(page, qtbot)
    assert page.progress.left.text().startswith("No machine was made.")
    assert not fake.service.asked("DELETE", "/machines/default")
    assert not fake.service.asked("POST", "/machines")


def test_failure_is_explained_and_tried_again(page: SetupPage, fake: Host, window: MainWindow, qtbot: QtBot) -> None:
    error = {"code": "unavailable", "message": "QEMU did not start.", "hint": "Install it.", "detail": "line 1\nline 2"}
    fake.service.on("POST", "/machines/default/start", lambda _request: iter([{"error": error}]))
    page.choices.go_on.click()
    over(page, qtbot)
    progress = page.progress
    assert (progress.text.text(), progress.hint.text()) == ("QEMU did not start.", "Install it.")
    assert "was made and is kept" in progress.left.text()
    assert "line 2" in progress.log.toPlainText()
    assert page.run is not None
    assert page.run.states[Step.start] is Progress.failed
    assert not progress.skip.isVisible()
    assert window.toasts == []  # it is said once
    fake.service.on("POST", "/machines/default/start", fake.operation(fake.machine))
    fake.service.on("PATCH", "/machines/default/settings", fake.operation({"changed": []}))
    progress.again.click()
    qtbot.waitUntil(lambda: page.view is page.finish, timeout=10_000)
    assert len(fake.service.asked("POST", "/machines")) == 1
    assert fake.service.asked("PATCH", "/machines/default/settings")[0].body["restart"] is False


def test_cancel_after_a_failure_removes_what_the_first_run_made(page: SetupPage, fake: Host, qtbot: QtBot) -> None:
    error = {"code": "unavailable", "message": "QEMU did not start.", "hint": None, "detail": None}
    fake.service.on("POST", "/machines/default/start", lambda _request: iter([{"error": error}]))
    fake.service.on("PATCH", "/machines/default/settings", fake.operation({"changed": []}))
    page.choices.go_on.click()
    over(page, qtbot)
    fake.service.on("POST", "/machines/default/start", endless(fake, "op9"))
    page.progress.again.click()
    qtbot.waitUntil(lambda: page.progress.text.text() == "Waiting for the guest")
    page.progress.cancel.click()
    over(page, qtbot)
    assert len(fake.service.asked("DELETE", "/machines/default")) == 1


def test_machine_that_was_there_before_is_not_removed(page: SetupPage, fake: Host, qtbot: QtBot) -> None:
    fake.machines.append(fake.machine)
    fake.service.on("PATCH", "/machines/default/settings", fake.operation({"changed": []}))
    fake.service.on("POST", "/machines/default/start", endless(fake, "op9"))
    page.choices.go_on.click()
    qtbot.waitUntil(lambda: page.progress.text.text() == "Waiting for the guest")
    page.progress.cancel.click()
    over(page, qtbot)
    assert not fake.service.asked("DELETE", "/machines/default")
    assert page.progress.left.text() == "Machine 'default' was there before, and is kept."


def test_machine_without_a_first_container_is_good_enough(page: SetupPage, fake: Host, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/containers/c0ffee/start", lambda _request: Reply({"message": "no such command"}, 500))
    page.choices.go_on.click()
    over(page, qtbot)
    assert page.progress.text.text() == "No such command."
    assert "is there and runs" in page.progress.left.text()
    assert fake.docker.asked("DELETE", "/containers/c0ffee")  # not left half-made
    page.progress.skip.click()
    assert page.view is page.finish
    assert not page.finish.output.isVisible()


def test_silent_container_is_no_success(
    page: SetupPage, fake: Host, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hello, "FIRST_WORD", 0.2)
    fake.docker.on("GET", "/containers/c0ffee/logs", lambda _request: fake.speak())
    page.choices.go_on.click()
    over(page, qtbot)
    assert page.progress.text.text() == "The first container has said nothing."


def test_name_that_is_taken_is_left_to_its_owner(page: SetupPage, fake: Host, qtbot: QtBot) -> None:
    def create(request: Any) -> Reply:
        taken = {"message": "the container name is in use"}
        return Reply(taken, 409) if "name" in request.query else Reply({"Id": "c0ffee"}, 201)

    fake.docker.on("POST", "/containers/create", create)
    page.choices.go_on.click()
    qtbot.waitUntil(lambda: page.view is page.finish, timeout=10_000)
    assert not fake.docker.asked("DELETE", ".*")


def test_cancel_while_the_container_speaks_keeps_the_machine(page: SetupPage, fake: Host, qtbot: QtBot) -> None:
    fake.docker.on("GET", "/containers/c0ffee/logs", lambda _request: fake.speak())
    page.choices.go_on.click()
    qtbot.waitUntil(lambda: bool(fake.docker.asked("GET", "/containers/c0ffee/logs")), timeout=10_000)
    page.progress.cancel.click()
    over(page, qtbot)
    assert state(page) is JobState.cancelled
    assert "is there and runs" in page.progress.left.text()
    assert not fake.service.asked("DELETE", "/machines/default")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("DELETE", "/containers/c0ffee")))


def test_service_that_dies_meanwhile_is_explained(page: SetupPage, fake: Host, qtbot: QtBot) -> None:
    fake.lose_service()
    page.choices.go_on.click()
    over(page, qtbot)
    assert state(page) is JobState.failed
    assert page.progress.text.text()
    assert page.progress.again.isVisible()


def test_who_has_a_machine_is_sent_to_machines(go: Go, fake: Host, qtbot: QtBot) -> None:
    shown = go("setup")
    fake.machines.append(fake.machine)
    fake.tell("list", {"exists": True})
    qtbot.waitUntil(shown.welcome.machines.isVisible)
    assert "default" in shown.welcome.there.text()
    assert not shown.welcome.begin.isVisible()


def test_who_went_elsewhere_is_told_and_finds_the_result(
    page: SetupPage, fake: Host, window: MainWindow, qtbot: QtBot
) -> None:
    page.choices.go_on.click()
    window.go("dashboard")
    over(page, qtbot)
    assert window.toasts == ["Linnet is ready"]
    window.go("setup")
    assert page.finish.isVisible()
    window.go("dashboard")
    window.go("setup")
    assert page.welcome.isVisible()


def test_failure_is_told_to_who_went_elsewhere(page: SetupPage, fake: Host, window: MainWindow, qtbot: QtBot) -> None:
    error = {"code": "unavailable", "message": "QEMU did not start.", "hint": None, "detail": None}
    fake.service.on("POST", "/machines/default/start", lambda _request: iter([{"error": error}]))
    page.choices.go_on.click()
    window.go("dashboard")
    over(page, qtbot)
    assert window.toasts == ["QEMU did not start."]
