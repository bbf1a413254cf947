"""Tests of the page of pods. Podman's answers were recorded from Podman 5.4."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.gui.pages.pods.page import PodsPage
from app.gui.window import MainWindow
from app.gui.work.jobs import JobState
from tests.gui.acts import Go, cells, dialog, ended, press
from tests.gui.fake import FakeLinnet, Reply, Request

API = "/v5.0.0/libpod"

POD: dict[str, Any] = {
    "Cgroup": "user.slice",
    "Containers": [
        {"Id": "6d02", "Names": "ba51accd1528-infra", "Status": "running", "RestartCount": 0},
        {"Id": "5565", "Names": "duo-one", "Status": "running", "RestartCount": 0},
    ],
    "Created": "2026-11-21T14:43:46.416611643Z",
    "Id": "ba51",
    "InfraId": "6d02",
    "Name": "duo",
    "Namespace": "",
    "Networks": ["podman-default-kube-network"],
    "Status": "Running",
    "Labels": {},
}

YAML = """# Save the output of this file and use kubectl create -f to import
# it into Kubernetes.
#
# Created with podman-5.4.2
apiVersion: v1
kind: Pod
metadata:
  name: duo
spec:
  containers:
  - image: localhost/hello:latest
    name: duo-one
"""

PLAYED: dict[str, Any] = {
    "Pods": [{"ID": "3601", "Containers": ["3bf7"], "InitContainers": None, "Logs": None, "ContainerErrors": None}],
    "Volumes": None, "StopReport": None, "RmReport": None, "VolumeRmReport": None, "ExitCode": None,
}  # fmt: skip

IN_USE = {
    "cause": "pod already exists",
    "message": 'playing YAML file: adding pod to state: name "duo" is in use: pod already exists',
    "response": 500,
}


@pytest.fixture
def pods(fake: FakeLinnet) -> list[dict[str, Any]]:
    """The pods that Podman has."""
    rows = [copy.deepcopy(POD), {**copy.deepcopy(POD), "Id": "cafe", "Name": "פוד 🦜", "Status": "Exited"}]
    on = fake.docker.on
    on("GET", f"{API}/pods/json", lambda _request: rows)
    on("POST", f"{API}/pods/[^/]+/(start|stop|restart)", lambda _request: {"Errs": None, "Id": "ba51"})
    on("DELETE", f"{API}/pods/.+", lambda _request: {"RemovedCtrs": {"5565": None}, "Err": None, "Id": "ba51"})
    on("GET", f"{API}/generate/kube", lambda _request: Reply(YAML.encode()))
    on("POST", f"{API}/play/kube", lambda _request: PLAYED)
    return rows


@pytest.fixture
def page(fake: FakeLinnet, pods: list[dict[str, Any]], go: Go, qtbot: QtBot) -> PodsPage:
    shown: PodsPage = go("pods")
    qtbot.waitUntil(lambda: shown.model.shown == 2)
    shown.select("duo")
    return shown


def test_rows(page: PodsPage) -> None:
    texts = cells(page, "ba51")
    assert texts[:4] == ["duo", "Running", "duo-one", "podman-default-kube-network"]
    assert texts[4].startswith("2026-11-2")
    assert page.members.topLevelItemCount() == 1  # the one that holds the pod together is nobody's business


@pytest.mark.parametrize("verb", ["stop", "restart"])
def test_verbs(page: PodsPage, fake: FakeLinnet, qtbot: QtBot, verb: str) -> None:
    page.buttons[verb].click()
    assert ended(page, qtbot) is JobState.done
    assert [one.path for one in fake.docker.asked("POST", f"{API}/pods/.+")] == [f"{API}/pods/ba51/{verb}"]


def test_a_stopped_pod_can_be_started(
    page: PodsPage, pods: list[dict[str, Any]], fake: FakeLinnet, qtbot: QtBot
) -> None:
    page.select("cafe")
    assert not page.buttons["stop"].isEnabled()
    pods[1]["Status"] = "Running"
    page.buttons["start"].click()
    qtbot.waitUntil(lambda: page.model.known["cafe"]["Status"] == "Running")
    assert page.buttons["stop"].isEnabled()


def test_what_stands_still_already_is_no_error(
    page: PodsPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.docker.on("POST", f"{API}/pods/[^/]+/stop", lambda _request: Reply(b"", 304))
    page.act("stop")
    assert ended(page, qtbot) is JobState.done
    assert window.toasts == []


def test_errors_of_single_containers_are_told(
    page: PodsPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    answer = {"Errs": ["container 5565 cannot be stopped"], "Id": "ba51"}
    fake.docker.on("POST", f"{API}/pods/[^/]+/stop", lambda _request: answer)
    page.act("stop")
    assert ended(page, qtbot) is JobState.failed
    assert window.toasts == ["Container 5565 cannot be stopped."]


def test_remove_says_what_is_lost(
    page: PodsPage, pods: list[dict[str, Any]], fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    page.buttons["remove"].click()
    asked = dialog(window)
    assert asked.findChildren(QPlainTextEdit)[0].toPlainText() == "duo-one"
    assert not fake.docker.asked("DELETE", ".*")
    pods.pop(0)
    press(asked, "Remove")
    qtbot.waitUntil(lambda: page.model.shown == 1)
    request = fake.docker.asked("DELETE", f"{API}/pods/.+")[0]
    assert (request.path, request.query) == (f"{API}/pods/ba51", {"force": "1"})


def test_an_event_of_a_container_looks_at_the_pods(
    page: PodsPage, pods: list[dict[str, Any]], fake: FakeLinnet, qtbot: QtBot
) -> None:
    pods.append({**copy.deepcopy(POD), "Id": "new", "Name": "third"})
    fake.tell("container", {"action": "create", "id": "x", "name": "y"})
    qtbot.waitUntil(lambda: page.model.shown == 3)


def test_play(page: PodsPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    made = page.play()
    assert made is not None
    made.view.setPlainText(YAML)
    made.replace.setChecked(True)
    made.play_button.click()
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", f"{API}/play/kube")))
    request = fake.docker.asked("POST", f"{API}/play/kube")[0]
    assert request.body == YAML.encode()
    assert request.query == {"start": "true", "replace": "true"}
    qtbot.waitUntil(lambda: window.toasts == ["1 pod runs."])


def test_play_from_a_file(page: PodsPage, window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "pod.yaml"
    file.write_text(YAML)
    made = page.play()
    assert made is not None
    made.file_button.click()
    chooser = dialog(window, QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(file))
    chooser.reject()
    qtbot.waitUntil(lambda: made.view.toPlainText() == YAML)
    made.load(tmp_path / "gone.yaml")
    qtbot.waitUntil(lambda: "gone.yaml" in made.problem.text())
    made.reject()


def test_play_finds_broken_yaml_before_podman_does(page: PodsPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    made = page.play()
    assert made is not None
    made.view.setPlainText("kind: Pod\nspec:\n  x: [\n")
    made.play_button.click()
    qtbot.waitUntil(lambda: made.problem.text().startswith("Line "))
    assert made.view.marked
    made.view.setPlainText(YAML)
    assert not made.view.marked
    assert made.problem.text() == ""
    assert not fake.docker.asked("POST", f"{API}/play/kube")
    made.reject()


def test_what_podman_refuses_is_told(page: PodsPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.docker.on("POST", f"{API}/play/kube", lambda _request: Reply(IN_USE, 500))
    page._play(YAML, False)
    assert ended(page, qtbot) is JobState.failed
    assert window.toasts == [f"P{IN_USE['message'][1:]}."]  # type: ignore[index]


def test_a_container_that_does_not_start_is_told(
    page: PodsPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    answer = copy.deepcopy(PLAYED)
    answer["Pods"][0].update({"Logs": ["trying to pull"], "ContainerErrors": ["a: no such program"]})
    fake.docker.on("POST", f"{API}/play/kube", lambda _request: answer)
    page._play(YAML, False)
    assert ended(page, qtbot) is JobState.failed
    assert window.toasts == ["A: no such program."]
    assert "trying to pull" in page.services.jobs.all[-1].log


def test_generate(page: PodsPage, fake: FakeLinnet, window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    page.buttons["generate"].click()
    made = dialog(window)
    view = made.findChildren(QPlainTextEdit)[0]
    qtbot.waitUntil(lambda: view.toPlainText() == YAML)
    press(made, "Copy")
    assert QGuiApplication.clipboard().text() == YAML
    press(made, "Save …")
    chooser = dialog(window, QFileDialog)
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "duo.yaml"))
    chooser.reject()
    qtbot.waitUntil(lambda: bool(window.toasts))
    assert (tmp_path / "duo.yaml").read_text() == YAML


def test_generate_with_a_service(page: PodsPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    def answer(request: Request) -> Reply:
        return Reply((("kind: Service\n---\n" if "service" in request.query else "") + YAML).encode())

    fake.docker.on("GET", f"{API}/generate/kube", answer)
    made = page.generate()
    assert made is not None
    made.service.setChecked(True)
    qtbot.waitUntil(lambda: made.view.toPlainText().startswith("kind: Service"))
    queries = [one.query for one in fake.docker.asked("GET", f"{API}/generate/kube")]
    assert {"names": "duo", "service": "true"} in queries
    made.reject()


def test_moby_has_no_pods(page: PodsPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    before = len(fake.docker.asked("GET", f"{API}/pods/json"))
    fake.tell_state("running", engine={"kind": "docker", "healthy": True, "version": "26.1", "error": None})
    qtbot.waitUntil(lambda: page.body.currentWidget() is page.absence)
    assert "Podman" in page.absence.text
    assert page.play() is None
    assert len(fake.docker.asked("GET", f"{API}/pods/json")) == before
    fake.tell_state("running", engine={"kind": "podman", "healthy": True, "version": "5.4", "error": None})
    qtbot.waitUntil(lambda: page.model.shown == 2)


def test_no_pods_say_what_to_do(fake: FakeLinnet, pods: list[dict[str, Any]], go: Go, qtbot: QtBot) -> None:
    pods.clear()
    shown = go("pods")
    qtbot.waitUntil(lambda: "There are no pods" in shown._none.text)
