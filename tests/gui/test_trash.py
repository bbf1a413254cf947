"""The page of the trash, and the ways to keep what a removal would lose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.gui.pages.containers.keeping import VolumeDialog
from app.gui.pages.containers.page import ContainersPage
from app.gui.pages.trash.page import TrashPage
from app.gui.window import MainWindow
from app.gui.work.jobs import JobState
from tests.gui.acts import Go, cells, container_key, dialog, find_button, open_containers, press
from tests.gui.fake import FakeLinnet

WROTE = {
    "bytes": 300_006,
    "paths": [{"path": "/srv/app/", "bytes": 300_000}, {"path": "/srv/notes", "bytes": 6}],
    "volumes": [{"name": "ab" * 32, "bytes": 5, "files": 1, "paths": [], "complete": True, "destination": "/anon"}],
}


@pytest.fixture
def page(go: Go, qtbot: QtBot) -> TrashPage:
    shown = go("trash")
    assert isinstance(shown, TrashPage)
    qtbot.waitUntil(lambda: shown.model.shown == 2)
    return shown


@pytest.fixture
def containers(go: Go, fake: FakeLinnet, qtbot: QtBot) -> ContainersPage:
    """The page of containers, with one chosen that wrote something."""
    fake.trash.losses["done"] = WROTE
    shown = open_containers(go, qtbot)
    shown.view.select([container_key(shown, "done")])
    return shown


def key(page: TrashPage, name: str) -> str:
    return next(one for one, row in page.model.known.items() if row["name"] == name)


def choose(page: TrashPage, *names: str) -> None:
    page.view.select([key(page, name) for name in names])


def keep_menu(found: QDialog) -> QMenu:
    return next(one for one in found.findChildren(QToolButton) if one.menu() is not None).menu()


def test_rows_tell_what_was_removed(page: TrashPage) -> None:
    texts = cells(page, key(page, "web"))
    assert texts[:3] == ["web", "Container", "293 KiB"]
    assert texts[5:8] == ["podman", "localhost/hello:latest", "9e57c01a"]


def test_the_detail_names_paths(page: TrashPage) -> None:
    choose(page, "web")
    told = page.told.toPlainText()
    assert "293 KiB  /srv/app/zero" in told
    assert "Volume without a name at /anon:" in told
    assert "/anon/file" in told


def test_restoring_brings_volumes_first(page: TrashPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    choose(page, "web", "named")
    page.restore()
    qtbot.waitUntil(lambda: page.model.shown == 0)
    assert fake.trash.calls == [
        ("restore", {"id": "9026055e", "name": None}),
        ("restore", {"id": "9e57c01a", "name": None}),
    ]
    qtbot.waitUntil(lambda: "2 things are back." in window.toasts)


def test_restoring_under_another_name(page: TrashPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    choose(page, "web")
    page.restore_as()
    found = dialog(window)
    field = found.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("web2")
    press(found, "Restore")
    qtbot.waitUntil(lambda: "web2 is back." in window.toasts)
    assert fake.trash.calls == [("restore", {"id": "9e57c01a", "name": "web2"})]


def test_what_cannot_be_restored_stays(page: TrashPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.trash.refusal = {"code": "conflict", "message": "There is a container web already.", "hint": None}
    choose(page, "web")
    page.restore()
    jobs = page.services.jobs
    qtbot.waitUntil(lambda: bool(jobs.all) and jobs.all[-1].state is JobState.failed)
    assert jobs.all[-1].error is not None
    assert "web already" in jobs.all[-1].error.message
    assert page.model.shown == 2


def test_removing_for_good_asks(page: TrashPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    choose(page, "web")
    page.ask_discard()
    press(dialog(window), "Cancel")
    assert fake.trash.calls == []
    page.ask_empty()
    found = dialog(window)
    press(found, "Empty the trash")
    qtbot.waitUntil(lambda: page.model.shown == 0)
    assert sorted(fake.trash.calls) == [("remove", "9026055e"), ("remove", "9e57c01a")]
    assert not page._empty_button.isEnabled()


def test_the_menu_and_the_palette_offer_it(page: TrashPage) -> None:
    menu = QMenu()
    page.fill_menu(menu)
    assert menu.isEmpty()
    choose(page, "web")
    page.fill_menu(menu)
    assert [one.text() for one in menu.actions() if one.text()] == ["Restore", "Restore as …", "Remove for good …"]
    assert [one.title for one in page.commands()] == ["Restore web", "Remove web for good", "Empty the trash"]


def test_the_trash_can_be_left_out(
    containers: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    containers.remove()
    found = dialog(window)
    ticks = found.findChildren(QCheckBox)
    assert [(tick.text().partition(" (")[0], tick.isChecked()) for tick in ticks] == [
        ("Also delete a volume without a name: /anon", False),
        ("Keep it in the trash for 7 days", True),
    ]
    ticks[1].setChecked(False)
    press(found, "Remove")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("DELETE", ".*")))
    assert fake.trash.calls == []


def test_what_cannot_be_kept_is_not_removed(
    containers: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.trash.refusal = {"code": "disk-full", "message": "The data disk is full.", "hint": None}
    containers.remove()
    press(dialog(window), "Remove")
    jobs = containers.services.jobs
    qtbot.waitUntil(lambda: bool(jobs.all) and jobs.all[-1].state is JobState.failed)
    assert not fake.docker.asked("DELETE", ".*")


def test_kept_as_an_image(containers: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/commit", lambda _request: {"Id": "sha256:" + "1" * 64})
    containers.remove()
    first = dialog(window)
    keep_menu(first).actions()[0].trigger()
    qtbot.waitUntil(lambda: not first.isVisible())
    found = dialog(window)
    press(found, "Keep")
    qtbot.waitUntil(lambda: "done is kept as the image done:kept." in window.toasts)
    assert fake.docker.asked("POST", "/commit")[0].query["repo"] == "done"
    assert fake.docker.asked("POST", "/commit")[0].query["tag"] == "kept"
    assert not fake.docker.asked("DELETE", ".*")


def test_kept_as_a_file(
    containers: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    fake.docker.on("GET", "/containers/[^/]+/export", lambda _request: b"tar" * 1000)
    containers.remove()
    keep_menu(dialog(window)).actions()[1].trigger()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(QFileDialog)))
    picker = next(one for one in window.findChildren(QFileDialog) if one.isVisible())
    target = tmp_path / "done.tar"
    picker.fileSelected.emit(str(target))
    picker.reject()
    qtbot.waitUntil(target.exists)
    assert target.read_bytes() == b"tar" * 1000
    assert list(tmp_path.iterdir()) == [target]


def test_kept_as_a_volume(containers: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    containers.remove()
    keep_menu(dialog(window)).actions()[2].trigger()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(VolumeDialog)))
    found = next(one for one in window.findChildren(VolumeDialog) if one.isVisible())
    assert [found.folder.itemText(place) for place in range(found.folder.count())] == ["/anon", "/srv/app", "/srv"]
    keep = find_button(found, "Keep")
    assert not keep.isEnabled()
    found.folder.setCurrentText("/srv")
    found.name.setText("srv")
    keep.click()
    qtbot.waitUntil(lambda: "/srv of done is kept as the volume srv." in window.toasts)
    (what, body) = fake.trash.calls[0]
    assert (what, body["source"], body["name"]) == ("save", "/srv", "srv")


def test_nothing_to_keep_offers_nothing(containers: ContainersPage, fake: FakeLinnet, window: MainWindow) -> None:
    del fake.trash.losses["done"]
    containers.remove()
    found = dialog(window)
    assert found.findChildren(QCheckBox) == []
    assert found.findChildren(QToolButton) == []
    press(found, "Cancel")
    assert fake.trash.calls == []


def test_pruning_keeps_what_is_lost(
    containers: ContainersPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot
) -> None:
    fake.docker.on("POST", "/containers/prune", lambda _request: {"ContainersDeleted": ["a"]})
    containers.prune()
    found = dialog(window)
    press(found, "Remove")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", "/containers/prune")))
    kept: Any = fake.trash.calls[0][1]
    assert len(kept["containers"]) == 1
