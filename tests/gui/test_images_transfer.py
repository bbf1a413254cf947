"""Images on their way: pulled, pushed, saved and loaded, with good and with bad luck."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import (
    QFileDialog,
)
from pytestqt.qtbot import QtBot

from app.core.registries import Credential
from app.gui.guard import MainThreadGuard
from app.gui.pages.images.page import ImagesPage
from app.gui.pages.images.progress import TransferDialog
from app.gui.services import Services
from app.gui.work.jobs import JobState
from tests.gui.acts import Go, excuse, press, toasts
from tests.gui.fake import FakeLinnet, Reply
from tests.gui.test_images import NAMELESS, NGINX, open_page, shop


@pytest.fixture
def page(fake: FakeLinnet, go: Go, services: Services, qtbot: QtBot) -> ImagesPage:
    return open_page(fake, go, services, qtbot)


def lines(*items: dict[str, Any], gate: threading.Event | None = None) -> Callable[[Any], Iterator[Any]]:
    def answer(_request: Any) -> Iterator[Any]:
        yield from items
        if gate is not None:
            gate.wait(5)

    return answer


LAYERS = (
    {"status": "Pulling from library/nginx", "id": "1.27"},
    {"status": "Pulling fs layer", "progressDetail": {}, "id": "a" * 12},
    {"status": "Already exists", "progressDetail": {}, "id": "e" * 12},
    {"status": "Downloading", "progressDetail": {"current": 30, "total": 120}, "id": "a" * 12},
)


def test_pull_shows_each_layer(page: ImagesPage, fake: FakeLinnet, services: Services, qtbot: QtBot) -> None:
    services.credentials.put(Credential("docker.io", "mia", "pw"))
    gate = threading.Event()
    fake.docker.on("POST", "/images/create", lines(*LAYERS, gate=gate))
    dialog: Any = page.do.ask_pull()
    dialog.field.setText("nginx 1.27")
    assert dialog.problem == "A name has no spaces."
    assert not dialog.yes.isEnabled()
    dialog.field.setText("nginx:1.27")
    qtbot.waitUntil(lambda: dialog.registry == "Registry docker.io, logged in as mia.")
    press(dialog, "Pull")
    qtbot.waitUntil(lambda: bool(services.jobs.running))
    job = services.jobs.running[0]
    follower: Any = page.window().findChild(TransferDialog)
    qtbot.waitUntil(lambda: follower.list.topLevelItemCount() == 2)
    qtbot.waitUntil(lambda: follower.list.topLevelItem(0).text(2) == "Downloading  30 B / 120 B")
    assert follower.list.topLevelItem(1).text(2) == "Already exists"
    qtbot.waitUntil(lambda: follower.text == "1 of 2 layers")
    assert job.fraction == 0.25
    (asked,) = fake.docker.asked("POST", "/images/create")
    assert (asked.query["fromImage"], asked.query["tag"]) == ("nginx", "1.27")
    sent = json.loads(base64.urlsafe_b64decode(asked.headers["X-Registry-Auth"]))
    assert (sent["username"], sent["password"]) == ("mia", "pw")
    loads = len(fake.docker.asked("GET", "/images/json"))
    gate.set()
    qtbot.waitUntil(lambda: job.state is JobState.done)
    qtbot.waitUntil(lambda: "nginx:1.27 is here." in toasts(page))
    qtbot.waitUntil(lambda: len(fake.docker.asked("GET", "/images/json")) > loads)


def test_a_pull_that_fails_says_why_in_its_dialog(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    refused = "manifest unknown: no such tag"
    fake.docker.on("POST", "/images/create", lines(LAYERS[1], {"error": refused, "errorDetail": {"message": refused}}))
    dialog: Any = page.do.pull("nginx:none")
    qtbot.waitUntil(lambda: dialog.text == "Manifest unknown: no such tag.")
    assert dialog.isVisible()
    assert toasts(page) == []
    press(dialog, "Close")


def test_a_pull_that_fails_after_its_dialog_was_closed_tells_in_the_window(
    page: ImagesPage, fake: FakeLinnet, qtbot: QtBot
) -> None:
    gate = threading.Event()

    def answer(_request: Any) -> Iterator[Any]:
        yield LAYERS[1]
        gate.wait(5)
        yield {"error": "connection reset"}

    fake.docker.on("POST", "/images/create", answer)
    dialog = page.do.pull("nginx")
    press(dialog, "Go on in the background")
    gate.set()
    qtbot.waitUntil(lambda: toasts(page) == ["Connection reset."])


@pytest.mark.parametrize("answers", [False, True])
def test_a_pull_can_be_cancelled_also_before_the_engine_answers(
    page: ImagesPage, fake: FakeLinnet, services: Services, qtbot: QtBot, answers: bool
) -> None:
    gate = threading.Event()

    def silent(_request: Any) -> Any:
        gate.wait(5)
        return Reply(None)

    fake.docker.on("POST", "/images/create", lines(*LAYERS, gate=gate) if answers else silent)
    dialog = page.do.pull("nginx")
    qtbot.waitUntil(lambda: len(fake.docker.asked("POST", "/images/create")) == 1)
    began = time.monotonic()
    press(dialog, "Cancel")
    qtbot.waitUntil(lambda: services.jobs.all[-1].state is JobState.cancelled)
    assert time.monotonic() - began < 3
    assert toasts(page) == []
    gate.set()


def test_push_sends_a_header_even_without_a_log_in(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/images/.+/push", lines({"status": "Pushed", "progressDetail": {}, "id": "a" * 12}))
    page.view.select([NGINX])
    dialog: Any = page.do.ask_push(page.chosen_rows()[0])
    qtbot.waitUntil(lambda: dialog.registry == "Registry docker.io, without a log-in.")
    press(dialog, "Push")
    qtbot.waitUntil(lambda: len(fake.docker.asked("POST", "/images/docker.io/library/nginx/push")) == 1)
    (asked,) = fake.docker.asked("POST", "/images/.+/push")
    assert asked.query == {"tag": "1.27"}
    assert asked.headers["X-Registry-Auth"] == "e30="
    qtbot.waitUntil(lambda: "docker.io/library/nginx:1.27 is in its registry." in toasts(page))


def test_a_push_that_is_not_let_in_says_where_to_log_in(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    # As Podman 5.4 answers.
    refused = "trying to reuse blob sha256:d610 at destination: authentication required"
    answer = Reply({"errorDetail": {"message": refused}, "error": refused}, 500)
    fake.docker.on("POST", "/images/.+/push", lambda _request: answer)
    dialog: Any = page.do.push("registry.example:5000/web:2")
    qtbot.waitUntil(lambda: "authentication required" in dialog.text)
    assert dialog.text.endswith("Log in to registry.example:5000 on the page Registries.")
    dialog.reject()


def test_a_name_of_no_registry_cannot_be_pushed(page: ImagesPage) -> None:
    dialog: Any = page.do.ask_push(page.model.known[shop(page)])
    assert "belongs to no registry" in dialog.problem
    assert not dialog.yes.isEnabled()
    dialog.reject()


def test_save_writes_the_whole_archive(
    page: ImagesPage, fake: FakeLinnet, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    fake.docker.on("GET", "/images/get", lambda _request: iter([b"tar" * 1000, b"end"]))
    page.do.save([page.model.known[shop(page)], page.model.known[NAMELESS]], tmp_path / "shop.tar")
    qtbot.waitUntil(lambda: services.jobs.all[-1].state is JobState.done)
    assert (tmp_path / "shop.tar").read_bytes() == b"tar" * 1000 + b"end"
    assert [one.name for one in tmp_path.iterdir()] == ["shop.tar"]
    (asked,) = fake.docker.asked("GET", "/images/get")
    assert asked.query["names"] == NAMELESS  # the last of three


def test_a_save_that_breaks_off_leaves_nothing(
    page: ImagesPage, fake: FakeLinnet, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    def broken(_request: Any) -> Iterator[bytes]:
        yield b"half"
        raise BrokenPipeError

    fake.docker.on("GET", "/images/get", broken)
    (tmp_path / "old.tar").write_bytes(b"old")
    page.do.save([page.model.known[NGINX]], tmp_path / "old.tar")
    qtbot.waitUntil(lambda: services.jobs.all[-1].state is JobState.failed)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"old.tar": b"old"}
    page.do.save([page.model.known[NGINX]], tmp_path / "none" / "x.tar")
    qtbot.waitUntil(lambda: len(toasts(page)) == 2)
    assert "cannot be written" in toasts(page)[1]


def test_load_sends_the_file_and_says_what_was_in_it(
    page: ImagesPage, fake: FakeLinnet, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 4000
    (tmp_path / "in.tar").write_bytes(content)
    fake.docker.on("POST", "/images/load", lines({"stream": "Loaded image: localhost/a:1\n"}))
    page.do.load(tmp_path / "in.tar")
    qtbot.waitUntil(lambda: "Loaded: localhost/a:1" in toasts(page))
    (asked,) = fake.docker.asked("POST", "/images/load")
    assert asked.body == content
    # As Podman 5.4 answers.
    wrong = "failed to load image: payload does not match any of the supported image formats:\n * oci: no\n * dir: no"
    fake.docker.on("POST", "/images/load", lambda _request: Reply({"message": wrong}, 500))
    page.do.load(tmp_path / "in.tar")
    said = "Failed to load image: payload does not match any of the supported image formats."
    qtbot.waitUntil(lambda: said in toasts(page))
    page.do.load(tmp_path / "none.tar")
    qtbot.waitUntil(lambda: services.jobs.all[-1].state is JobState.failed)


def test_files_are_asked_for_without_stopping_the_window(page: ImagesPage, guard: MainThreadGuard) -> None:
    page.view.select([NGINX])
    for asked in (page.do.ask_save(page.chosen_rows()), page.do.ask_load()):
        assert isinstance(asked, QFileDialog)
        assert asked.isVisible()
        asked.reject()
    # Qt's own dialog is made of Python nowhere; the systems' ones take none of our time.
    excuse(guard)
