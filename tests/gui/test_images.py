"""The page of images: what it shows, what each action asks of the engine, and what is said afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from app.core.registries import Credentials
from app.gui.guard import MainThreadGuard
from app.gui.pages.images.page import ImagesPage
from app.gui.services import Services
from tests.gui.acts import Go, cells, excuse, press, said, toasts
from tests.gui.fake import FakeLinnet, Reply
from tests.gui.fakechain import FakeKeychain

NGINX = "sha256:" + "b" * 64
NAMELESS = "sha256:" + "c" * 64


def open_page(fake: FakeLinnet, go: Go, services: Services, qtbot: QtBot) -> ImagesPage:
    """Show the page with two images more than were recorded, and an empty keychain."""
    services.credentials = Credentials(FakeKeychain())
    extra = {"RepoDigests": [], "Created": 1790000000, "Size": 192_000_000, "Labels": None, "Containers": 0}
    fake.images += [
        {**extra, "Id": NGINX, "RepoTags": ["docker.io/library/nginx:1.27"]},
        {**extra, "Id": NAMELESS, "RepoTags": ["<none>:<none>"], "Size": 48_000_000},
    ]
    shown: ImagesPage = go("images")
    services.hub.images.touch()
    qtbot.waitUntil(lambda: shown.model.shown == 4 and bool(services.hub.containers.rows))
    return shown


@pytest.fixture
def page(fake: FakeLinnet, go: Go, services: Services, qtbot: QtBot) -> ImagesPage:
    return open_page(fake, go, services, qtbot)


def shop(page: ImagesPage) -> str:
    return next(key for key, row in page.model.known.items() if "localhost/hello:latest" in row["RepoTags"])


def test_rows_say_name_size_and_who_uses_them(page: ImagesPage) -> None:
    key = shop(page)
    assert cells(page, key)[0] == "example/shop:1.2  +1"
    assert cells(page, key)[1] == "7 containers"
    assert cells(page, NGINX)[:3] == ["nginx:1.27", "not in use", "183 MiB"]
    assert cells(page, NAMELESS)[0] == "without a name (cccccccccccc)"


def test_the_search_knows_all_names_and_the_containers(page: ImagesPage) -> None:
    for text, number in {"hello": 1, "shop-db-1": 1, "1.27": 1, "bbbbbb": 1, "no such": 0}.items():
        page.search.setText(text)
        assert page.model.shown == number, text


def test_a_container_that_goes_frees_its_image(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    pause = next(key for key, row in page.model.known.items() if "podman-pause" in row["RepoTags"][0])
    infra = next(one for one in fake.containers if one["ImageID"] == pause)
    assert cells(page, pause)[1].endswith("-infra")
    fake.containers.remove(infra)
    next(one for one in fake.images if one["Id"] == pause)["Containers"] = 0
    fake.tell("container", {"id": infra["Id"], "action": "remove"})
    fake.tell("image", {"id": pause, "action": "change"})
    qtbot.waitUntil(lambda: cells(page, pause)[1] == "not in use")


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


def test_one_more_name(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/images/.+/tag", lambda _request: Reply(None, 201))
    page.do.tag(page.model.known[NGINX], "registry.example:5000/web:2")
    qtbot.waitUntil(lambda: "The image is called registry.example:5000/web:2 now." in toasts(page))
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
    qtbot.waitUntil(lambda: "2 images are removed." in toasts(page))
    assert [one.path for one in fake.docker.asked("DELETE", ".*")] == [
        "/images/docker.io/library/nginx:1.27",
        f"/images/{NAMELESS}",
    ]
    assert all(one.query == {} for one in fake.docker.asked("DELETE", ".*"))  # never by force


def test_what_the_engine_keeps_is_said(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    used = Reply({"message": "image is in use by container abc"}, 409)
    fake.docker.on("DELETE", f"/images/{NAMELESS}", lambda _request: used)
    press(page.do.ask_remove([page.model.known[NGINX], page.model.known[NAMELESS]]), "Remove")
    qtbot.waitUntil(lambda: len(toasts(page)) == 2)
    assert toasts(page) == [
        "1 image is removed.",
        "cccccccccccc stays: Image is in use by container abc.",
    ]


def test_an_image_that_is_gone_already_counts_as_removed(page: ImagesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    gone = Reply({"message": "no such image"}, 404)
    fake.docker.on("DELETE", "/images/.+", lambda _request: gone)
    press(page.do.ask_remove([page.model.known[NGINX]]), "Remove")
    qtbot.waitUntil(lambda: "1 image is removed." in toasts(page))


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
    qtbot.waitUntil(lambda: "1 image is removed." in toasts(page))
    assert [one.path for one in fake.docker.asked("DELETE", ".*")] == [f"/images/{NAMELESS}"]


def test_nothing_to_prune(page: ImagesPage, fake: FakeLinnet, services: Services, qtbot: QtBot) -> None:
    fake.images[:] = [one for one in fake.images if one["Containers"]]
    fake.tell("image", {"id": NGINX, "action": "remove"})
    qtbot.waitUntil(lambda: page.model.shown == 2)
    dialog: Any = page.do.ask_prune()
    assert dialog.summary == "There is nothing to remove."
    assert not dialog.yes.isEnabled()
    dialog.reject()


def test_run_opens_the_form_with_the_image(page: ImagesPage, guard: MainThreadGuard) -> None:
    from app.gui.pages.containers.runform import RunForm

    page.view.select([NGINX])
    page.run_image()
    form = page.window().findChild(RunForm)
    assert form is not None
    assert form.isVisible()
    form.reject()
    excuse(guard)


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
    assert toasts(page) == ["Machine 'default' is stopped."] * 2


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
    excuse(guard)
