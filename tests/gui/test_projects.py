"""Tests of the page of compose projects. What compose says was recorded from compose 2.26 under Podman 5.4."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.frames import FrameType, encode, encode_json
from app.gui.guard import MainThreadGuard
from app.gui.pages.projects.found import FoundDialog
from app.gui.pages.projects.page import ProjectsPage
from app.gui.window import MainWindow
from app.gui.work.jobs import JobState
from tests.gui.acts import Go, dialog, ended, press
from tests.gui.fake import FakeLinnet, Reply, Request

FILE = """# The shop.
services:
  web:
    image: hello
    ports: ["8088:80"]
  db:
    image: hello
"""

UP = """ Network shop_default  Creating
 Network shop_default  Created
 Container shop-db-1  Creating
 Container shop-db-1  Started
 Container shop-web-1  Started
"""

WRONG = """validating /home/mia/shop/compose.yaml: services.web Additional property imagee is not allowed
Error: executing /usr/libexec/docker/cli-plugins/docker-compose -f compose.yaml config: exit status 15
"""

HEAD = ["compose", "--ansi", "never", "--progress", "plain"]


class Guest:
    """Answers commands in the guest: `says` by the compose verb, output, errors and exit code."""

    def __init__(self, fake: FakeLinnet) -> None:
        self.says: dict[str, tuple[str, str, int]] = {}
        self.left = threading.Event()
        self._service = fake.service
        fake.service.on("POST", "/machines/default/exec", self._run)

    @property
    def commands(self) -> list[dict[str, Any]]:
        return [one.body for one in self._service.asked("POST", "/machines/default/exec")]

    def _run(self, request: Request) -> Reply:
        verb = next(one for one in self.says if one in request.body["argv"])
        return Reply(self._frames(*self.says[verb]), 101)

    def _frames(self, output: str, errors: str, code: int) -> Iterator[bytes]:
        data = errors.encode()
        for start in range(0, len(data), 7):  # cut anywhere, as a network does
            yield encode(FrameType.stderr, data[start : start + 7])
        yield encode(FrameType.stdout, output.encode())
        if code < 0:
            try:
                while not self.left.wait(0.02):
                    yield encode(FrameType.stderr, b"still pulling\n")
            finally:
                self.left.set()
        yield encode_json(FrameType.exit, {"code": code, "signal": None})


@pytest.fixture
def guest(fake: FakeLinnet) -> Iterator[Guest]:
    made = Guest(fake)
    yield made
    made.left.set()


@pytest.fixture
def folder(fake: FakeLinnet) -> Path:
    """A shared folder with the shop's file in it; the shop's containers say that they are of that file."""
    home = fake.base / "home"
    (home / "shop").mkdir(parents=True)
    file = home / "shop" / "compose.yaml"
    file.write_text(FILE)
    share = {"path": str(home), "guest_path": "/mnt/home", "read_only": False, "kind": "9p", "mounted": True}
    fake.machine["shares"] = [share]
    for container in fake.containers:
        labels = container["Labels"]
        if "com.docker.compose.project" in labels:
            labels["com.docker.compose.project.config_files"] = "/mnt/home/shop/compose.yaml"
            labels["com.docker.compose.project.working_dir"] = "/mnt/home/shop"
    return home


@pytest.fixture
def page(fake: FakeLinnet, folder: Path, go: Go, qtbot: QtBot) -> ProjectsPage:
    shown: ProjectsPage = go("projects")
    qtbot.waitUntil(lambda: shown.model.shown == 1)
    shown.select("shop")
    return shown


def texts(page: ProjectsPage, name: str) -> list[str]:
    row = next(one for one in page.model.known.values() if one["Name"] == name)
    return [column.cell(row).text for column in page.model.columns]


def services(page: ProjectsPage) -> list[list[str]]:
    tree = page.detail.services
    items = filter(None, (tree.topLevelItem(place) for place in range(tree.topLevelItemCount())))
    return [[item.text(place) for place in range(5)] for item in items]


def test_projects_are_read_from_labels(page: ProjectsPage, folder: Path) -> None:
    assert texts(page, "shop") == ["shop", "2 running", "db, web", str(folder / "shop" / "compose.yaml")]
    rows = services(page)
    assert rows[0] == ["db", "shop-db-1", "Running", "localhost/hello:latest", ""]
    assert rows[1][:2] == ["web", "shop-web-1"]


def test_state_follows_the_containers(page: ProjectsPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    web = next(one for one in fake.containers if one["Names"] == ["/shop-web-1"])
    web["State"], web["Status"] = "exited", "Exited (1) 2 seconds ago"
    fake.tell("container", {"action": "die", "id": web["Id"], "name": "shop-web-1"})
    qtbot.waitUntil(lambda: texts(page, "shop")[1] == "1 of 2 running")
    assert services(page)[1][2] == "Failed (1)"


def test_up_runs_compose_in_the_folder_with_a_live_log(page: ProjectsPage, guest: Guest, qtbot: QtBot) -> None:
    guest.says["up"] = ("", UP, 0)
    page.detail.buttons["up"].click()
    assert ended(page, qtbot) is JobState.done
    assert guest.commands == [
        {
            "argv": [
                *HEAD, "--project-name", "shop", "--project-directory", "/mnt/home/shop",
                "--file", "/mnt/home/shop/compose.yaml", "up", "--detach",
            ],
            "engine": True,
            "cwd": "/mnt/home/shop",
            "wake": False,
        }
    ]  # fmt: skip
    assert page.detail.log.isVisible()
    assert page.detail.log.text.toPlainText() == UP.rstrip("\n")
    assert page.detail.log.title == "Start project 'shop': done."


def test_restart_and_pull(page: ProjectsPage, guest: Guest, qtbot: QtBot) -> None:
    guest.says = {"restart": ("", "", 0), "pull": ("", "", 0)}
    for name in ("restart", "pull"):
        page.detail.buttons[name].click()
        assert ended(page, qtbot) is JobState.done
    assert [one["argv"][-1] for one in guest.commands] == ["restart", "pull"]


def test_what_compose_says_is_the_error(page: ProjectsPage, guest: Guest, window: MainWindow, qtbot: QtBot) -> None:
    guest.says["up"] = ("", WRONG, 15)
    page.act("up")
    assert ended(page, qtbot) is JobState.failed
    said = "Validating /home/mia/shop/compose.yaml: services.web Additional property imagee is not allowed."
    assert window.toasts == [said]
    assert page.detail.log.title == said


def test_cancel_ends_the_command(page: ProjectsPage, guest: Guest, window: MainWindow, qtbot: QtBot) -> None:
    guest.says["pull"] = ("", "pulling\n", -1)
    page.act("pull")
    qtbot.waitUntil(lambda: "still pulling" in page.detail.log.text.toPlainText())
    page.detail.log.cancel_button.click()
    assert ended(page, qtbot) is JobState.cancelled
    qtbot.waitUntil(guest.left.is_set)  # the connection ended, so linnetd ends the command
    assert window.toasts == []


def test_down_says_what_goes_and_keeps_volumes(
    page: ProjectsPage, guest: Guest, window: MainWindow, qtbot: QtBot
) -> None:
    guest.says["down"] = ("", "", 0)
    page.detail.buttons["down"].click()
    asked = dialog(window)
    assert asked.findChildren(QPlainTextEdit)[0].toPlainText() == "shop-db-1\nshop-web-1"
    assert not any(box.isChecked() for box in asked.findChildren(QCheckBox))
    assert not guest.commands
    press(asked, "Take down")
    assert ended(page, qtbot) is JobState.done
    assert guest.commands[0]["argv"][-1] == "down"


def test_down_with_volumes_and_images(page: ProjectsPage, guest: Guest, window: MainWindow, qtbot: QtBot) -> None:
    guest.says["down"] = ("", "", 0)
    page.take_down()
    asked = dialog(window)
    for box in asked.findChildren(QCheckBox):
        box.setChecked(True)
    press(asked, "Take down")
    ended(page, qtbot)
    assert guest.commands[0]["argv"][-4:] == ["down", "--volumes", "--rmi", "all"]


def test_down_works_when_the_file_is_gone(
    page: ProjectsPage, guest: Guest, folder: Path, window: MainWindow, qtbot: QtBot
) -> None:
    guest.says["down"] = ("", "", 0)
    (folder / "shop" / "compose.yaml").unlink()
    page.take_down()
    press(dialog(window), "Take down")
    assert ended(page, qtbot) is JobState.done
    assert guest.commands[0]["argv"] == [*HEAD, "--project-name", "shop", "down"]


def test_logs_are_a_step_away(page: ProjectsPage, fake: FakeLinnet, window: MainWindow, guard: MainThreadGuard) -> None:
    fake.docker.on("GET", "/containers/[^/]+/logs", lambda _request: Reply(iter([b""])))
    page.detail.buttons["logs"].click()
    guard.forgive()  # the page's code is loaded
    shown: Any = window.page
    assert shown.name == "logs"
    assert shown.project.currentData() == "shop"


def test_the_file_is_shown_and_checked(page: ProjectsPage, guest: Guest, qtbot: QtBot) -> None:
    guest.says["config"] = ("name: shop\nservices: {}\n", "", 0)
    page.detail.tabs.setCurrentWidget(page.detail.file)
    qtbot.waitUntil(lambda: page.detail.file.verdict.text() == "Compose finds nothing wrong.")
    assert page.detail.file.view.toPlainText() == FILE
    assert page.detail.file.resolved.toPlainText() == "name: shop\nservices: {}\n"
    assert guest.commands[0]["argv"][-1] == "config"


def test_a_wrong_property_is_found_in_the_file(page: ProjectsPage, guest: Guest, folder: Path, qtbot: QtBot) -> None:
    (folder / "shop" / "compose.yaml").write_text(FILE.replace("image: hello\n    ports", "imagee: hello\n    ports"))
    guest.says["config"] = ("", WRONG, 15)
    page.detail.file.check()
    qtbot.waitUntil(lambda: page.detail.file.verdict.text().startswith("Line 4: validating"))
    qtbot.waitUntil(lambda: "imagee" in page.detail.file.view.toPlainText())
    assert page.detail.file.resolved.toPlainText() == ""


def test_broken_yaml_needs_no_machine(page: ProjectsPage, guest: Guest, folder: Path, qtbot: QtBot) -> None:
    qtbot.wait(50)  # what the page asks when it is shown
    before = len(guest.commands)
    (folder / "shop" / "compose.yaml").write_text("services:\n  web:\n    image: hello\n   ports: [1]\n")
    page.detail.file.check()
    qtbot.waitUntil(lambda: page.detail.file.verdict.text().startswith("Line 4: "))
    qtbot.waitUntil(lambda: page.detail.file.view.marked == [4])
    assert len(guest.commands) == before


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 2_000_000])
def test_what_is_no_compose_file_is_refused(
    page: ProjectsPage, folder: Path, window: MainWindow, qtbot: QtBot, content: bytes
) -> None:
    (folder / "compose.yaml").write_bytes(content)
    page.add_file(folder / "compose.yaml")
    qtbot.waitUntil(lambda: bool(window.toasts))
    assert str(folder / "compose.yaml") in window.toasts[0]
    assert page.model.shown == 1


def test_add_a_file(page: ProjectsPage, folder: Path, window: MainWindow, qtbot: QtBot) -> None:
    (folder / "Blog 2").mkdir()
    (folder / "Blog 2" / "compose.yaml").write_text("services: {}\n")
    page.add_button.click()
    chooser = dialog(window, QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(folder / "Blog 2" / "compose.yaml"))
    chooser.reject()
    qtbot.waitUntil(lambda: page.model.shown == 2)
    assert texts(page, "blog2")[1] == "Not started"
    assert page.view.keys == ["/mnt/home/Blog 2/compose.yaml"]
    assert not page.detail.buttons["down"].isEnabled()
    page.forget()
    assert page.model.shown == 1
    assert (folder / "Blog 2" / "compose.yaml").exists()


def test_a_file_added_while_the_list_is_loaded_is_selected_then(
    page: ProjectsPage, fake: FakeLinnet, folder: Path, qtbot: QtBot
) -> None:
    (folder / "compose.yml").write_text("name: other\nservices: {}\n")
    answers: list[Any] = [Reply({"message": "not yet"}, 500), fake.containers]
    fake.docker.on("GET", "/containers/json", lambda _request: answers[0])
    page.projects.touch()
    qtbot.waitUntil(lambda: not page.model.shown)
    page.add_file(folder / "compose.yml")
    qtbot.waitUntil(lambda: bool(page.projects.added))
    assert not page.view.keys
    answers.pop(0)
    page.projects.touch()
    qtbot.waitUntil(lambda: page.view.keys == ["/mnt/home/compose.yml"])


def test_an_added_file_is_started_by_its_own_name(page: ProjectsPage, guest: Guest, folder: Path, qtbot: QtBot) -> None:
    (folder / "compose.yml").write_text("name: other\nservices: {}\n")
    page.add_file(folder / "compose.yml")
    qtbot.waitUntil(lambda: page.model.shown == 2)
    guest.says["up"] = ("", "", 0)
    page.act("up")
    ended(page, qtbot)
    assert texts(page, "other")[0] == "other"
    assert "--project-name" not in guest.commands[0]["argv"]  # compose takes it from the file
    assert guest.commands[0]["cwd"] == "/mnt/home"


def test_added_files_are_remembered_and_join_their_containers(page: ProjectsPage, folder: Path, qtbot: QtBot) -> None:
    page.projects.add({str(folder / "shop" / "compose.yaml"): "shop"})
    assert page.model.shown == 1
    assert page.services.preferences.recall_text("projects") == json.dumps(
        {str(folder / "shop" / "compose.yaml"): "shop"}
    )


def test_a_file_outside_the_shares(page: ProjectsPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    place = fake.base / "else where" / "compose.yaml"
    place.parent.mkdir()
    place.write_text("services: {}\n")
    page.add_file(place)
    qtbot.waitUntil(lambda: page.model.shown == 2)
    assert f'linnet share add "{place.parent}"' in page.detail._warning.text()
    assert not page.detail.buttons["up"].isEnabled()
    shares = [*fake.machine["shares"], {**fake.machine["shares"][0], "path": str(place.parent), "guest_path": "/mnt/e"}]

    def shared(_request: Request) -> Any:
        fake.machine["shares"] = shares
        fake.tell("share")
        return shares[-1]

    fake.service.on("POST", "/machines/default/shares", shared)
    page.detail.share_button.click()
    press(dialog(window), "Share")
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/shares")))
    assert fake.service.asked("POST", "/machines/default/shares")[0].body == {"path": str(place.parent)}
    qtbot.waitUntil(lambda: texts(page, "elsewhere")[1] == "Not started")


def test_find_in_the_shared_folders(page: ProjectsPage, folder: Path, window: MainWindow, qtbot: QtBot) -> None:
    for name in ("a", "b/node_modules/c", ".hidden", "d/e"):
        (folder / name).mkdir(parents=True)
        (folder / name / "docker-compose.yml").write_text("services: {}\n")
    page.find_button.click()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(FoundDialog)))
    found = dialog(window, FoundDialog)
    press(found, "Add")
    assert sorted(one["Name"] for one in page.model.known.values()) == ["a", "e", "shop"]


def test_finding_nothing_new_says_so(page: ProjectsPage, window: MainWindow, qtbot: QtBot) -> None:
    page.find_files()
    qtbot.waitUntil(lambda: window.toasts == ["No other compose file is in the shared folders."])


def test_the_machine_goes_away_while_compose_runs(
    page: ProjectsPage, guest: Guest, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.service.on("POST", "/machines/default/exec", lambda _request: Reply(iter([b""]), 101))
    page.act("pull")
    assert ended(page, qtbot) is JobState.failed
    assert window.toasts == ["The connection to the machine was lost while the command ran."]


def test_no_projects_say_what_to_do(fake: FakeLinnet, go: Go, qtbot: QtBot) -> None:
    fake.containers.clear()
    shown = go("projects")
    fake.tell("container", {"action": "remove", "id": "x"})
    shown.services.hub.containers.touch()
    qtbot.waitUntil(lambda: "There are no projects" in shown._none.text)
