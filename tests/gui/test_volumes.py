"""The page of volumes: what it shows, what each action asks of the engine, and what is said afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QDialog, QMenu
from pytestqt.qtbot import QtBot

from app.gui.pages.volumes.page import VolumesPage
from app.gui.services import Services
from app.gui.widgets.filebrowser import FileBrowser
from tests.gui.acts import Go, cells, press, said, toasts
from tests.gui.fake import FakeLinnet, Reply

NAMELESS = "f" * 64


@pytest.fixture
def page(fake: FakeLinnet, go: Go, services: Services, qtbot: QtBot) -> VolumesPage:
    fake.volumes.append({**fake.volumes[1], "Name": NAMELESS})
    sizes = {"shop_data": 5_000_000, "notes": 1200, NAMELESS: -1}
    answer = {"Volumes": [{"Name": name, "UsageData": {"Size": size}} for name, size in sizes.items()]}
    fake.docker.on("GET", "/system/df", lambda _request: answer)
    shown: VolumesPage = go("volumes")
    services.hub.volumes.touch()
    qtbot.waitUntil(lambda: shown.model.shown == 3 and bool(services.hub.containers.rows))
    qtbot.waitUntil(lambda: shown.sizes.of("notes") == 1200)
    qtbot.waitUntil(lambda: "…" not in cells(shown, NAMELESS))
    return shown


def test_rows_say_who_uses_them_and_what_they_take(page: VolumesPage) -> None:
    assert cells(page, "shop_data")[:4] == ["shop_data", "shop-db-1", "4.8 MiB", "local"]
    assert cells(page, "notes")[1:3] == ["not in use", "1.2 KiB"]
    assert cells(page, NAMELESS)[:3] == ["without a name (ffffffffffff)", "not in use", ""]


def test_the_search_knows_containers_and_labels(page: VolumesPage) -> None:
    for text, number in {"shop-db": 1, "compose.project=shop": 1, "notes": 1, "none": 0}.items():
        page.search.setText(text)
        assert page.model.shown == number, text


def test_the_detail_says_what_is_known(page: VolumesPage) -> None:
    page.view.select(["shop_data"])
    facts = page.detail.facts.told
    assert facts["Used by"] == "shop-db-1"
    assert facts["Size"] == "4.8 MiB"
    assert "com.docker.compose.volume=data" in facts["Labels"]
    assert facts["In the machine at"].endswith("/shop_data/_data")


def test_files_are_opened_when_they_are_looked_at(
    page: VolumesPage, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    opened: list[str] = []
    closed: list[bool] = []
    monkeypatch.setattr(FileBrowser, "open_volume", lambda _self, name: opened.append(name))
    monkeypatch.setattr(FileBrowser, "close_session", lambda _self: closed.append(True))
    page.view.select(["shop_data"])
    assert page.detail.files is None
    page.view.opened.emit("shop_data")
    assert opened == ["shop_data"]
    page.view.select(["notes"])
    assert opened == ["shop_data", "notes"]
    page.window().go("dashboard")  # type: ignore[attr-defined]
    assert closed
    page.window().go("volumes")  # type: ignore[attr-defined]
    assert opened == ["shop_data", "notes", "notes"]


def test_a_volume_is_made(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/volumes/create", lambda request: Reply({**fake.volumes[0], **request.body}, 201))
    dialog: Any = page.ask_create()
    assert not dialog.yes.isEnabled()
    dialog.name.setText("-x")
    assert "begins with a letter or digit" in dialog.problem
    dialog.name.setText("notes")
    assert dialog.problem == "There is a volume of this name already."
    dialog.name.setText("data")
    dialog.options.setPlainText("type")
    assert "name=value" in dialog.problem
    dialog.options.setPlainText("type=tmpfs\ndevice=tmpfs")
    dialog.labels.setPlainText("project=shop\nalone")
    press(dialog, "Create")
    qtbot.waitUntil(lambda: toasts(page) == ["The volume data is made."])
    (asked,) = fake.docker.asked("POST", "/volumes/create")
    assert asked.body == {
        "Name": "data",
        "Driver": "local",
        "DriverOpts": {"type": "tmpfs", "device": "tmpfs"},
        "Labels": {"project": "shop", "alone": ""},
    }


def test_what_the_engine_refuses_is_said(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    refused = Reply({"message": "plugin nfs not found"}, 404)
    fake.docker.on("POST", "/volumes/create", lambda _request: refused)
    page.make({"Name": "x", "Driver": "nfs"})
    qtbot.waitUntil(lambda: toasts(page) == ["Plugin nfs not found."])


def test_a_volume_in_use_stays_and_its_containers_are_named(page: VolumesPage, fake: FakeLinnet) -> None:
    page.view.select(["shop_data"])
    dialog = page.ask_remove()
    assert "shop_data cannot be removed" in said(dialog)
    assert "containers use it: shop-db-1" in said(dialog)
    press(dialog, "Cancel")
    assert not fake.docker.asked("DELETE", ".*")


def test_removing_says_what_is_lost(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    page.view.select(["notes", "shop_data", NAMELESS])
    dialog = page.ask_remove()
    text = said(dialog)
    assert "Remove 2 volumes?" in text
    assert "All files in it go." in text
    assert "notes  ·  1.2 KiB" in text
    assert "shop_data stays, because containers use it: shop-db-1." in text
    press(dialog, "Remove")
    qtbot.waitUntil(lambda: toasts(page) == ["2 volumes are removed."])
    assert sorted(one.path for one in fake.docker.asked("DELETE", ".*")) == [f"/volumes/{NAMELESS}", "/volumes/notes"]
    assert all(one.query == {} for one in fake.docker.asked("DELETE", ".*"))  # never by force: that takes containers


def test_a_volume_that_a_container_got_meanwhile_stays(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("DELETE", "/volumes/.+", lambda _request: Reply({"message": "volume is being used"}, 409))
    page.view.select(["notes"])
    press(page.ask_remove(), "Remove")
    qtbot.waitUntil(lambda: toasts(page) == ["notes stays: Volume is being used."])


def test_prune_shows_what_goes(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    dialog: Any = page.ask_prune()
    assert [one.key for one in dialog.chosen()] == [NAMELESS]
    assert dialog.summary == "1 goes; how much it takes is not known."
    dialog.choose(1)
    assert [one.key for one in dialog.chosen()] == ["notes", NAMELESS]
    dialog.choose(0)
    press(dialog, "Remove")
    qtbot.waitUntil(lambda: toasts(page) == ["1 volume is removed."])
    assert [one.path for one in fake.docker.asked("DELETE", ".*")] == [f"/volumes/{NAMELESS}"]


def test_a_new_volume_is_measured(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    asked = len(fake.docker.asked("GET", "/system/df"))
    fake.volumes.append({**fake.volumes[1], "Name": "fresh"})
    fake.tell("volume", {"name": "fresh", "action": "create"})
    qtbot.waitUntil(lambda: page.model.shown == 4)
    qtbot.waitUntil(lambda: len(fake.docker.asked("GET", "/system/df")) > asked)


def test_without_sizes_the_list_is_there_all_the_same(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("GET", "/system/df", lambda _request: Reply({"message": "busy"}, 500))
    page.sizes.measure()
    qtbot.waitUntil(lambda: not page.sizes.measuring)
    assert page.model.shown == 3
    assert toasts(page) == []


def test_the_menu_and_the_palette(page: VolumesPage) -> None:
    page.view.select(["shop_data"])
    menu = QMenu()
    page.fill_menu(menu)
    assert [one.text() for one in menu.actions() if not one.isSeparator()] == [
        "Browse files",
        "Snapshots",
        "Take a snapshot",
        "Clone …",
        "Export …",
        "Back up …",
        "Show container",
        "Remove shop_data …",
    ]
    assert "Remove shop_data" in [one.title for one in page.commands()]


def test_an_empty_list_says_what_to_do(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.volumes.clear()
    fake.tell("volume", {"name": "notes", "action": "remove"})
    qtbot.waitUntil(lambda: page.model.shown == 0)
    page._none.action.click()
    dialog = page.window().findChild(QDialog)
    assert dialog is not None
    assert dialog.windowTitle() == "Create a volume"


def test_a_machine_that_is_gone(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.lose_service()
    qtbot.waitUntil(lambda: not page.ready)
    assert "service is gone" in page.placeholder.text
