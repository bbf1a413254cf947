"""Builds: the form, the folder that is sent, the log while it goes on, and the history."""

from __future__ import annotations

import base64
import io
import json
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.core.registries import Credential, Credentials
from app.gui.guard import MainThreadGuard
from app.gui.pages.images.builddialog import BuildDialog
from app.gui.pages.images.building import BuildSpec
from app.gui.pages.images.history import KEPT, BuildHistory
from app.gui.pages.images.page import ImagesPage
from app.gui.services import Services
from tests.gui.acts import Go, excuse, toasts
from tests.gui.fake import FakeLinnet, Reply
from tests.gui.fakechain import FakeKeychain

STEPS = (
    {"stream": "[1/2] STEP 1/2: FROM localhost/hello\n"},
    {"stream": "[1/2] STEP 2/2: RUN echo "},
    {"stream": "hi\nhi\n"},
)


@pytest.fixture
def page(go: Go, services: Services, qtbot: QtBot) -> ImagesPage:
    services.credentials = Credentials(FakeKeychain())
    shown: ImagesPage = go("images")
    qtbot.waitUntil(lambda: shown.model.shown == 2)
    return shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    made.mkdir()
    (made / "Dockerfile").write_text("FROM localhost/hello AS base\nARG VERSION\nFROM base AS test\n", encoding="utf-8")
    (made / "main.c").write_text("int main;", encoding="utf-8")
    (made / "junk").write_text("junk", encoding="utf-8")
    (made / ".dockerignore").write_text("junk", encoding="utf-8")
    return made


def built(image: str, gate: threading.Event | None = None) -> Callable[[Any], Iterator[Any]]:
    def answer(_request: Any) -> Iterator[Any]:
        yield from STEPS
        if gate is not None:
            gate.wait(5)
        yield {"aux": {"ID": image}}
        yield {"stream": f"Successfully built {image.removeprefix('sha256:')[:12]}\n"}

    return answer


def key(page: ImagesPage) -> str:
    return next(one for one, row in page.model.known.items() if "localhost/hello:latest" in row["RepoTags"])


def test_the_form_knows_the_folder(page: ImagesPage, folder: Path, qtbot: QtBot) -> None:
    dialog: Any = page.ask_build()
    assert isinstance(dialog, BuildDialog)
    assert not dialog.yes.isEnabled()
    dialog.folder.setText(str(folder / "none"))
    qtbot.waitUntil(lambda: dialog.problem == "There is no such folder.")
    dialog.folder.setText(str(folder))
    qtbot.waitUntil(dialog.yes.isEnabled)
    assert dialog.dockerfile.placeholderText() == "Dockerfile"
    assert [dialog.target.itemText(place) for place in range(dialog.target.count())] == ["", "base", "test"]
    assert dialog._hint.text() == "The Dockerfile takes: VERSION"
    dialog.dockerfile.setText("Other")
    qtbot.waitUntil(lambda: dialog.problem == "There is no file Other in this folder.")
    dialog.dockerfile.clear()
    qtbot.waitUntil(dialog.yes.isEnabled)
    dialog.tag.setText("Shop")
    assert "capital" in dialog.problem
    dialog.tag.setText("shop:2")
    dialog.arguments.setPlainText("VERSION")
    assert dialog.problem == "Write build arguments as NAME=value, one a line, not as 'VERSION'."
    dialog.arguments.setPlainText("VERSION=1=2\n\nA=")
    assert dialog.problem == ""
    dialog.target.setCurrentText("test")
    dialog.no_cache.setChecked(True)
    assert dialog.spec() == BuildSpec(
        str(folder), "Dockerfile", "shop:2", "test", {"VERSION": "1=2", "A": ""}, "", no_cache=True
    )
    dialog.reject()


def test_a_build_is_sent_watched_and_remembered(
    page: ImagesPage, fake: FakeLinnet, services: Services, folder: Path, qtbot: QtBot
) -> None:
    services.credentials.put(Credential("registry.example", "mia", "pw"))
    gate = threading.Event()
    image = key(page)
    fake.docker.on("POST", "/build", built(image, gate))
    page.start_build(
        BuildSpec(str(folder), "Dockerfile", "shop:2", "test", {"VERSION": "2"}, "linux/arm64", True, True)
    )
    builds = page.builds
    qtbot.waitUntil(lambda: "hi" in builds.log.toPlainText().splitlines())
    assert builds.log.toPlainText().splitlines()[-3:] == [
        "[1/2] STEP 1/2: FROM localhost/hello",
        "[1/2] STEP 2/2: RUN echo hi",
        "hi",
    ]
    assert builds.build is not None
    assert builds.build.job is not None
    assert builds.build.job.fraction == 0.5
    assert builds.cancel.isVisible()
    assert not builds.again.isVisible()
    (asked,) = fake.docker.asked("POST", "/build")
    assert asked.query == {
        "dockerfile": "Dockerfile",
        "t": "shop:2",
        "target": "test",
        "buildargs": '{"VERSION": "2"}',
        "platform": "linux/arm64",
        "nocache": "1",
        "pull": "1",
        "rm": "1",
        "forcerm": "1",
    }
    with tarfile.open(fileobj=io.BytesIO(asked.body)) as tar:
        assert tar.getnames() == [".dockerignore", "Dockerfile", "main.c"]
    logins = json.loads(base64.urlsafe_b64decode(asked.headers["X-Registry-Config"]))
    assert logins["registry.example"]["username"] == "mia"
    gate.set()
    qtbot.waitUntil(lambda: builds.build is not None and builds.build.state == "done")
    assert builds.build is not None
    assert builds.build.image == image
    assert builds.image.isVisible()
    builds.image.click()
    assert page.view.keys == [image]
    assert not builds.isVisible()
    kept = BuildHistory(services.preferences, services.jobs).builds
    assert [(one.spec.tag, one.state, one.lines[-2]) for one in kept] == [("shop:2", "done", "hi")]


def test_a_build_that_fails_says_why_in_its_place(
    page: ImagesPage, fake: FakeLinnet, folder: Path, qtbot: QtBot
) -> None:
    error = 'building at STEP "RUN false": while running runtime: exit status 1'
    fake.docker.on("POST", "/build", lambda _request: iter([*STEPS, {"error": error}]))
    page.start_build(BuildSpec(str(folder), "Dockerfile"))
    builds = page.builds
    qtbot.waitUntil(lambda: builds.build is not None and builds.build.state == "failed")
    qtbot.waitUntil(lambda: "exit status 1" in builds.log.toPlainText())
    assert "exit status 1" in builds._state.text()
    assert toasts(page) == []
    assert builds.again.isVisible()
    builds.again.click()
    dialog = page.window().findChild(BuildDialog)
    assert dialog is not None
    assert dialog.folder.text() == str(folder)
    dialog.reject()
    builds.forget.click()
    assert builds.list.count() == 0
    assert "Nothing was built yet" in builds.empty.text


def test_a_refused_build_and_one_without_its_folder(
    page: ImagesPage, fake: FakeLinnet, folder: Path, qtbot: QtBot
) -> None:
    fake.docker.on("POST", "/build", lambda _request: Reply({"message": "invalid platform"}, 400))
    page.start_build(BuildSpec(str(folder), "Dockerfile"))
    qtbot.waitUntil(lambda: "Invalid platform." in page.builds._state.text())
    page.start_build(BuildSpec(str(folder / "gone"), "Dockerfile"))
    qtbot.waitUntil(lambda: "There is no folder" in page.builds._state.text())
    assert page.builds.list.count() == 2


def test_a_build_can_be_cancelled(page: ImagesPage, fake: FakeLinnet, folder: Path, qtbot: QtBot) -> None:
    gate = threading.Event()
    fake.docker.on("POST", "/build", built("sha256:x", gate))
    page.start_build(BuildSpec(str(folder), "Dockerfile"))
    qtbot.waitUntil(lambda: "hi" in page.builds.log.toPlainText())
    page.builds.cancel.click()
    qtbot.waitUntil(lambda: page.builds.build is not None and page.builds.build.state == "cancelled")
    gate.set()


def test_a_chatty_build_does_not_stop_the_window(
    page: ImagesPage, fake: FakeLinnet, folder: Path, qtbot: QtBot
) -> None:
    def chatty(_request: Any) -> Iterator[Any]:
        for number in range(300):
            yield {"stream": "".join(f"line {number} {part} 🐦 \x1b[31mשלום\n" for part in range(100))}

    fake.docker.on("POST", "/build", chatty)
    page.start_build(BuildSpec(str(folder), "Dockerfile"))
    qtbot.waitUntil(lambda: page.builds.build is not None and page.builds.build.state == "done", timeout=20_000)
    qtbot.waitUntil(lambda: "line 299 99" in page.builds.log.toPlainText())


def test_history_that_makes_no_sense_is_left_out(services: Services, page: ImagesPage) -> None:
    spec = BuildSpec("/x", tag="a").memory()
    good = {"spec": spec, "state": "running", "started": 1.0, "ended": 0.0, "image": "", "error": "", "lines": ["x"]}
    for text, number in {
        "": 0,
        "{": 0,
        "7": 0,
        json.dumps([good, {"spec": 7}, "x", {**good, "started": "never"}]): 1,
        json.dumps([{**good, "spec": {**spec, "new": 1}}]): 1,
    }.items():
        services.preferences.remember_text("builds", text)
        found = BuildHistory(services.preferences, services.jobs).builds
        assert len(found) == number, text
        # The window ended during it: nobody knows what became of it.
        assert [one.state for one in found] == ["interrupted"] * number


def test_no_more_builds_are_kept_than_meant(
    services: Services, page: ImagesPage, folder: Path, fake: FakeLinnet
) -> None:
    fake.docker.on("POST", "/build", lambda _request: iter(()))
    one = {"state": "done", "started": 1.0, "ended": 2.0, "image": "", "error": "", "lines": []}
    kept = [{**one, "spec": BuildSpec("/x", tag=f"a:{number}").memory()} for number in range(KEPT)]
    services.preferences.remember_text("builds", json.dumps(kept))
    history = BuildHistory(services.preferences, services.jobs)
    history.start(services.hub, services.credentials, BuildSpec(str(folder / "gone"), tag="newest"), int)
    assert [one.spec.tag for one in history.builds] == ["newest", *(f"a:{number}" for number in range(KEPT - 1))]


def test_a_build_goes_on_while_the_window_is_made_anew(
    page: ImagesPage, fake: FakeLinnet, services: Services, folder: Path, qtbot: QtBot, guard: MainThreadGuard
) -> None:
    gate = threading.Event()
    fake.docker.on("POST", "/build", built("sha256:" + "e" * 64, gate))
    page.start_build(BuildSpec(str(folder), "Dockerfile", "shop:3"))
    qtbot.waitUntil(lambda: "hi" in page.builds.log.toPlainText())
    other = ImagesPage(services, lambda _name, _key: None)
    qtbot.addWidget(other)
    page.deleteLater()
    qtbot.wait(20)
    # As everywhere, making a page is no stall.
    excuse(guard)
    assert other.builds.build is not None
    assert other.builds.build.state == "running"
    assert "hi" in other.builds.log.toPlainText()
    gate.set()
    qtbot.waitUntil(lambda: other.builds.build is not None and other.builds.build.state == "done")
