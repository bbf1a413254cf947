"""The page of images: what it shows, what each action asks of the engine, and what is said afterwards."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.registries import Credential, Credentials
from app.gui.guard import MainThreadGuard
from app.gui.pages.images.page import ImagesPage
from app.gui.pages.images.progress import TransferDialog
from app.gui.services import Services
from app.gui.window import MainWindow
from app.gui.work.jobs import JobState
from tests.gui.fake import FakeLinnet, Reply

NGINX = "sha256:" + "b" * 64
NAMELESS = "sha256:" + "c" * 64


@pytest.fixture
def page(fake: FakeLinnet, go: Callable[[str], Any], services: Services, qtbot: QtBot) -> ImagesPage:
    services.credentials = Credentials(_Nothing())
    extra = {"RepoDigests": [], "Created": 1790000000, "Size": 192_000_000, "Labels": None, "Containers": 0}
    fake.images += [
        {**extra, "Id": NGINX, "RepoTags": ["docker.io/library/nginx:1.27"]},
        {**extra, "Id": NAMELESS, "RepoTags": ["<none>:<none>"], "Size": 48_000_000},
    ]
    shown: ImagesPage = go("images")
    services.hub.images.touch()
    qtbot.waitUntil(lambda: shown.model.shown == 4 and bool(services.hub.containers.rows))
    return shown


class _Nothing:
    """A keychain without anything in it."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop(username)


def texts(page: ImagesPage, key: str) -> list[str]:
    return [column.cell(page.model.known[key]).text for column in page.model.columns]


def shop(page: ImagesPage) -> str:
    return next(key for key, row in page.model.known.items() if "localhost/hello:latest" in row["RepoTags"])


def press(dialog: QWidget | None, text: str) -> None:
    assert dialog is not None
    found = [one for one in dialog.findChildren(QPushButton) if one.text() == text and not one.isHidden()]
    assert len(found) == 1, [one.text() for one in dialog.findChildren(QPushButton)]
    found[0].click()


def said(dialog: QWidget | None) -> str:
    assert dialog is not None
    shown = [one.text() for one in dialog.findChildren(QLabel) if not one.isHidden()]
    return "\n".join([*shown, *(one.toPlainText() for one in dialog.findChildren(QPlainTextEdit))])


def test_rows_say_name_size_and_who_uses_them(page: ImagesPage) -> None:
    key = shop(page)
    assert texts(page, key)[0] == "example/shop:1.2  +1"
    assert texts(page, key)[1] == "7 containers"
    assert texts(page, NGINX)[:3] == ["nginx:1.27", "not in use", "183 MiB"]
    assert texts(page, NAMELESS)[0] == "without a name (cccccccccccc)"


def test_the_search_knows_all_names_and_the_containers(page: ImagesPage) -> None:
    for text, number in {"hello": 1, "shop-db-1": 1, "1.27": 1, "bbbbbb": 1, "no such": 0}.items():
        page.search.setText(text)
        assert page.model.shown == number, text


def test_a_container_that_goes_frees_its_image(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    pause = next(key for key, row in page.model.known.items() if "podman-pause" in row["RepoTags"][0])
    infra = next(one for one in fake.containers if one["ImageID"] == pause)
    assert texts(page, pause)[1].endswith("-infra")
    fake.containers.remove(infra)
    next(one for one in fake.images if one["Id"] == pause)["Containers"] = 0
    fake.tell("container", {"id": infra["Id"], "action": "remove"})
    fake.tell("image", {"id": pause, "action": "change"})
    qtbot.waitUntil(lambda: texts(page, pause)[1] == "not in use")


def test_the_detail_has_overview_layers_and_everything(page: ImagesPage, qtbot: QtBot) -> None:
    key = shop(page)
    page.view.select([key])
    qtbot.waitUntil(lambda: page.detail.layers.topLevelItemCount() == 1)
    facts = page.detail.facts.told
    assert facts["Names"] == "localhost/example/shop:1.2\nlocalhost/hello:latest"
    assert "shop-db-1" in facts["Used by"]
    assert "done (exited)" in facts["Used by"]
    assert facts["Command"] == "/bin/cat /etc/hello"
    assert facts["Platform"] == "linux/amd64"
    layer = page.detail.layers.topLevelItem(0)
    assert layer is not None
    assert [layer.text(0), layer.text(1)] == ["linnet image build", "1.9 MiB"]
    assert '"Architecture": "amd64"' in page.detail.everything.text.toPlainText()
    page.view.select([])
    assert not page.detail.isVisible()


def test_instructions_are_shown_as_they_were_written(page: ImagesPage, qtbot: QtBot) -> None:
    page.view.select([next(key for key, row in page.model.known.items() if "podman-pause" in row["RepoTags"][0])])
    layers = page.detail.layers
    qtbot.waitUntil(lambda: layers.topLevelItemCount() == 2)
    first = layers.topLevelItem(0)
    assert first is not None
    assert first.text(0) == 'ENTRYPOINT ["/catatonit", "-P"]'


def test_an_image_that_is_gone_meanwhile(page: ImagesPage, qtbot: QtBot) -> None:
    page.view.select([NGINX])
    layers = page.detail.layers
    qtbot.waitUntil(lambda: layers.topLevelItemCount() == 1)
    first = layers.topLevelItem(0)
    assert first is not None
    assert "No such object" in first.text(0)


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
    qtbot.waitUntil(lambda: "nginx:1.27 is here." in window(page).toasts)
    qtbot.waitUntil(lambda: len(fake.docker.asked("GET", "/images/json")) > loads)


def window(page: QWidget) -> MainWindow:
    found = page.window()
    assert isinstance(found, MainWindow)
    return found


def test_a_pull_that_fails_says_why_in_its_dialog(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    refused = "manifest unknown: no such tag"
    fake.docker.on("POST", "/images/create", lines(LAYERS[1], {"error": refused, "errorDetail": {"message": refused}}))
    dialog: Any = page.do.pull("nginx:none")
    qtbot.waitUntil(lambda: dialog.text == "Manifest unknown: no such tag.")
    assert dialog.isVisible()
    assert window(page).toasts == []
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
    qtbot.waitUntil(lambda: window(page).toasts == ["Connection reset."])


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
    assert window(page).toasts == []
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
    qtbot.waitUntil(lambda: "docker.io/library/nginx:1.27 is in its registry." in window(page).toasts)


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


def test_one_more_name(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/images/.+/tag", lambda _request: Reply(None, 201))
    page.do.tag(page.model.known[NGINX], "registry.example:5000/web:2")
    qtbot.waitUntil(lambda: "The image is called registry.example:5000/web:2 now." in window(page).toasts)
    (asked,) = fake.docker.asked("POST", "/images/.+/tag")
    assert asked.path == f"/images/{NGINX}/tag"
    assert asked.query == {"repo": "registry.example:5000/web", "tag": "2"}
    dialog = page.do.ask_tag(page.model.known[NGINX])
    assert "docker.io/library/nginx:1.27" in said(dialog)
    dialog.reject()


def test_an_image_in_use_is_not_removed_but_its_containers_are_named(page: ImagesPage, fake: FakeLinnet) -> None:
    page.view.select([shop(page)])
    dialog = page.do.ask_remove(page.chosen_rows())
    assert "localhost/example/shop:1.2 cannot be removed" in said(dialog)
    assert "shop-db-1" in said(dialog)
    assert "failed" in said(dialog)
    press(dialog, "Cancel")
    assert not fake.docker.asked("DELETE", ".*")


def test_removing_says_what_goes_and_what_stays(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    dialog = page.do.ask_remove(list(page.model.known.values()))
    text = said(dialog)
    assert "Remove 2 images?" in text
    assert "Up to 229 MiB become free" in text
    assert "docker.io/library/nginx:1.27  ·  183 MiB" in text
    assert "localhost/example/shop:1.2 stays, because containers use it" in text
    press(dialog, "Remove")
    qtbot.waitUntil(lambda: "2 images are removed." in window(page).toasts)
    assert [one.path for one in fake.docker.asked("DELETE", ".*")] == [
        "/images/docker.io/library/nginx:1.27",
        f"/images/{NAMELESS}",
    ]
    assert all(one.query == {} for one in fake.docker.asked("DELETE", ".*"))  # never by force


def test_what_the_engine_keeps_is_said(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    used = Reply({"message": "image is in use by container abc"}, 409)
    fake.docker.on("DELETE", f"/images/{NAMELESS}", lambda _request: used)
    press(page.do.ask_remove([page.model.known[NGINX], page.model.known[NAMELESS]]), "Remove")
    qtbot.waitUntil(lambda: len(window(page).toasts) == 2)
    assert window(page).toasts == [
        "1 image is removed.",
        "cccccccccccc stays: Image is in use by container abc.",
    ]


def test_an_image_that_is_gone_already_counts_as_removed(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    gone = Reply({"message": "no such image"}, 404)
    fake.docker.on("DELETE", "/images/.+", lambda _request: gone)
    press(page.do.ask_remove([page.model.known[NGINX]]), "Remove")
    qtbot.waitUntil(lambda: "1 image is removed." in window(page).toasts)


def test_one_of_several_names_can_be_taken_away(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    press(page.do.ask_untag("localhost/hello:latest"), "Take away")
    qtbot.waitUntil(lambda: len(fake.docker.asked("DELETE", "/images/localhost/hello:latest")) == 1)


def test_prune_shows_what_goes_and_spares_what_is_unticked(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    dialog: Any = page.do.ask_prune()
    assert [one.key for one in dialog.chosen()] == [NAMELESS]
    assert dialog.summary == "1 goes, up to 45.8 MiB."
    dialog.choose(1)
    assert [one.key for one in dialog.chosen()] == [NGINX, NAMELESS]
    assert dialog.summary == "2 go, up to 229 MiB."
    dialog.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.summary == "1 goes, up to 45.8 MiB."
    press(dialog, "Remove")
    qtbot.waitUntil(lambda: "1 image is removed." in window(page).toasts)
    assert [one.path for one in fake.docker.asked("DELETE", ".*")] == [f"/images/{NAMELESS}"]


def test_nothing_to_prune(page: ImagesPage, fake: FakeLinnet, services: Services, qtbot: QtBot) -> None:
    fake.images[:] = [one for one in fake.images if one["Containers"]]
    fake.tell("image", {"id": NGINX, "action": "remove"})
    qtbot.waitUntil(lambda: page.model.shown == 2)
    dialog: Any = page.do.ask_prune()
    assert dialog.summary == "There is nothing to remove."
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
    qtbot.waitUntil(lambda: len(window(page).toasts) == 2)
    assert "cannot be written" in window(page).toasts[1]


def test_load_sends_the_file_and_says_what_was_in_it(
    page: ImagesPage, fake: FakeLinnet, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 4000
    (tmp_path / "in.tar").write_bytes(content)
    fake.docker.on("POST", "/images/load", lines({"stream": "Loaded image: localhost/a:1\n"}))
    page.do.load(tmp_path / "in.tar")
    qtbot.waitUntil(lambda: "Loaded: localhost/a:1" in window(page).toasts)
    (asked,) = fake.docker.asked("POST", "/images/load")
    assert asked.body == content
    # As Podman 5.4 answers.
    wrong = "failed to load image: payload does not match any of the supported image formats:\n * oci: no\n * dir: no"
    fake.docker.on("POST", "/images/load", lambda _request: Reply({"message": wrong}, 500))
    page.do.load(tmp_path / "in.tar")
    said = "Failed to load image: payload does not match any of the supported image formats."
    qtbot.waitUntil(lambda: said in window(page).toasts)
    page.do.load(tmp_path / "none.tar")
    qtbot.waitUntil(lambda: services.jobs.all[-1].state is JobState.failed)


def test_files_are_asked_for_without_stopping_the_window(page: ImagesPage, guard: MainThreadGuard) -> None:
    page.view.select([NGINX])
    for asked in (page.do.ask_save(page.chosen_rows()), page.do.ask_load()):
        assert isinstance(asked, QFileDialog)
        assert asked.isVisible()
        asked.reject()
    # Qt's own dialog is made of Python nowhere; the systems' ones take none of our time.
    guard.forgive()
    guard.stalls.clear()


def test_run_opens_the_form_with_the_image(page: ImagesPage, guard: MainThreadGuard) -> None:
    from app.gui.pages.containers.runform import RunForm

    page.view.select([NGINX])
    page.run_image()
    form = page.window().findChild(RunForm)
    assert form is not None
    assert form.isVisible()
    form.reject()
    guard.forgive()
    guard.stalls.clear()


def test_the_menu_has_what_can_be_done(page: ImagesPage) -> None:
    def entries(keys: list[str]) -> list[str]:
        page.view.select(keys)
        menu = QMenu()
        page.fill_menu(menu)
        return [one.text() for one in menu.actions() if not one.isSeparator()]

    assert entries([]) == []
    assert entries([shop(page)])[:5] == [
        "Run …",
        "Name …",
        "Push …",
        "Pull localhost/example/shop:1.2 again",
        "Pull localhost/hello:latest again",
    ]
    assert "Take the name localhost/hello:latest away …" in entries([shop(page)])
    assert entries([NGINX, NAMELESS]) == ["Save …", "Remove 2 images …"]


def test_an_empty_list_says_what_to_do(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.images.clear()
    fake.tell("image", {"id": NGINX, "action": "remove"})
    qtbot.waitUntil(lambda: page.model.shown == 0)
    empty = page._none
    assert "There are no images yet" in empty.text
    empty.action.click()
    dialog = page.window().findChild(QDialog)
    assert dialog is not None
    assert dialog.windowTitle() == "Pull an image"


def test_odd_names_do_no_harm(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    odd = "<b>bold</b>/שלום/🐦" + "x" * 5000
    fake.images.append({**fake.images[-1], "Id": "sha256:" + "d" * 64, "RepoTags": [odd], "Labels": {"a": "\0\n" * 50}})
    fake.tell("image", {"id": "d", "action": "add"})
    qtbot.waitUntil(lambda: page.model.shown == 5)
    page.view.select(["sha256:" + "d" * 64])
    assert page.detail.facts.told["Names"].startswith("<b>bold</b>")
    dialog = page.do.ask_remove(page.chosen_rows())
    assert "<b>bold</b>" in said(dialog)
    assert dialog is not None
    dialog.reject()


def test_a_machine_that_stops_ends_what_goes_on_in_a_sentence(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    page.view.select([NGINX])
    row = page.chosen_rows()[0]
    fake.tell_state("stopped", engine=None)
    qtbot.waitUntil(lambda: not page.ready)
    page.do.tag(row, "x")
    page.do.pull("nginx")
    assert window(page).toasts == ["Machine 'default' is stopped."] * 2


def test_every_control_has_a_name(page: ImagesPage, qtbot: QtBot) -> None:
    page.view.select([NGINX])
    for kind in (QPushButton, QTabWidget, QPlainTextEdit):
        assert all(one.accessibleName() for one in page.findChildren(kind) if one.isVisible())


def test_icons_of_buttons_follow_the_theme(page: ImagesPage, services: Services, guard: MainThreadGuard) -> None:
    more = next(one for one in page.findChildren(QToolButton) if one.accessibleName() == "More about images")

    def lightness() -> int:
        image = more.icon().pixmap(16, 16).toImage()
        colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return max(colours, key=lambda colour: colour.alpha()).lightness()

    assert lightness() < 100
    services.theme.use("dark")
    assert lightness() > 150
    services.theme.use("light")
    assert lightness() < 100
    # The style sheet of the whole window is read anew, which takes Qt a while.
    guard.forgive()
    guard.stalls.clear()
