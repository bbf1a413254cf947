"""Snapshots, clones, exports, imports and backups in the window: what is asked of linnetd, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QMenu
from pytestqt.qtbot import QtBot

from app.gui.pages.volumes import copies as copies_module
from app.gui.pages.volumes.page import VolumesPage
from app.gui.services import Services
from app.gui.work.jobs import JobState
from tests.gui.acts import Go, press, said, toasts
from tests.gui.fake import FakeLinnet, Reply

SNAPSHOT: dict[str, Any] = {
    "volume": "shop_data", "name": "20261121-160000", "engine": "podman", "created": 1795276800.0, "size": 5_000_000,
    "files": 12, "labels": {}, "note": None, "paused": ["shop-db-1"], "paused_for": 0.31, "not_paused": [],
}  # fmt: skip
"""As linnetd on a real machine tells it."""

EXPORTED: dict[str, Any] = {
    "name": "shop_data", "engine": "podman", "path": "/out/shop_data.tar.zst", "file_size": 1024, "sha256": "00",
    "size": 5_000_000, "files": 12, "paused": [], "paused_for": 0.0, "not_paused": [], "deleted": [],
}  # fmt: skip

BACKUP: dict[str, Any] = {
    "volume": "shop_data", "engine": "podman", "every": 86400.0, "keep": 7, "folder": "/backups", "last": None,
    "next": None, "error": None, "files": [],
}  # fmt: skip

OF = "/machines/default/volumes/shop_data"


class Held:
    """What the fake linnetd holds."""

    def __init__(self) -> None:
        self.snapshots: list[dict[str, Any]] = [SNAPSHOT, {**SNAPSHOT, "name": "older", "created": 1795000000.0}]
        self.backups: list[dict[str, Any]] = []


@pytest.fixture
def held(fake: FakeLinnet) -> Held:
    made = Held()
    fake.service.on("GET", f"{OF}/snapshots", lambda _request: made.snapshots)
    fake.service.on("GET", "/machines/default/backups", lambda _request: made.backups)
    fake.service.on("POST", f"{OF}/snapshots", fake.operation(SNAPSHOT, "Pausing shop-db-1", "Copying"))
    made_volume = {**SNAPSHOT, "name": "shop_data-copy"}
    fake.service.on("POST", f"{OF}/clone", fake.operation(made_volume, "Copying"))
    fake.service.on("POST", f"{OF}/rollback", fake.operation({"before": "before-1", "stopped": ["shop-db-1"]}))
    fake.service.on("DELETE", f"{OF}/snapshots/.*", fake.operation({}))
    fake.service.on("POST", f"{OF}/export", fake.operation(EXPORTED, "Exporting"))
    fake.service.on("POST", "/machines/default/volumes", fake.operation({**made_volume, "paused": []}, "Importing"))
    return made


@pytest.fixture
def page(fake: FakeLinnet, held: Held, go: Go, services: Services, qtbot: QtBot) -> VolumesPage:
    shown: VolumesPage = go("volumes")
    services.hub.volumes.touch()
    qtbot.waitUntil(lambda: shown.model.shown == 2 and bool(services.hub.containers.rows))
    shown.view.select(["shop_data"])
    return shown


@pytest.fixture
def tab(page: VolumesPage, qtbot: QtBot) -> Any:
    page.show_snapshots()
    shown = page.detail.snapshots
    qtbot.waitUntil(lambda: shown.list.topLevelItemCount() == 2)
    return shown


def choose(tab: Any, place: int) -> None:
    tab.list.setCurrentItem(tab.list.topLevelItem(place))


def test_snapshots_are_asked_for_when_they_are_looked_at(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    assert not fake.service.asked("GET", f"{OF}/snapshots")
    page.show_snapshots()
    tab = page.detail.snapshots
    qtbot.waitUntil(lambda: tab.list.topLevelItemCount() == 2)
    item: Any = tab.list.topLevelItem(0)
    assert (item.text(0), item.text(2)) == ("20261121-160000", "4.8 MiB")
    assert not tab._roll.isEnabled()
    choose(tab, 1)
    assert tab.chosen == "older"
    assert tab._roll.isEnabled()


def test_a_snapshot_is_taken_and_says_what_was_paused(
    tab: Any, page: VolumesPage, fake: FakeLinnet, held: Held, qtbot: QtBot
) -> None:
    held.snapshots.append({**SNAPSHOT, "name": "third"})
    tab._take.click()
    text = "Snapshot 20261121-160000 of shop_data is taken. Paused for 0.3 s: shop-db-1."
    qtbot.waitUntil(lambda: toasts(page) == [text])
    qtbot.waitUntil(lambda: tab.list.topLevelItemCount() == 3)
    assert fake.service.asked("POST", f"{OF}/snapshots")[0].body == {"name": None}


def test_what_could_not_be_paused_is_a_warning(tab: Any, page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    made = {**SNAPSHOT, "paused": [], "not_paused": ["shop-db-1: cgroups cannot"]}
    fake.service.on("POST", f"{OF}/snapshots", fake.operation(made))
    tab._take.click()
    qtbot.waitUntil(lambda: len(toasts(page)) == 1)
    assert "Not paused, so what it was writing may be there by halves: shop-db-1: cgroups cannot" in toasts(page)[0]


def test_a_refusal_is_said(tab: Any, page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    error = {"code": "conflict", "message": "Volume 'shop_data' is busy: it is being exported.", "hint": None}

    def busy(_request: Any) -> Any:
        yield {"operation": "op1"}
        yield {"error": {**error, "detail": None}}

    fake.service.on("POST", f"{OF}/snapshots", busy)
    tab._take.click()
    qtbot.waitUntil(lambda: toasts(page) == ["Volume 'shop_data' is busy: it is being exported."])


def test_a_clone_has_a_new_name(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    dialog: Any = page.copies.ask_clone("shop_data")
    field = next(one for one in dialog.children() if hasattr(one, "selectAll"))
    assert field.text() == "shop_data-copy"
    for text, words in (("notes", "a volume of this name already"), ("-x", "begins with a letter or digit")):
        field.setText(text)
        assert words in said(dialog)
    field.setText("shop_data-copy")
    press(dialog, "Clone")
    qtbot.waitUntil(lambda: len(toasts(page)) == 1)
    assert toasts(page)[0].startswith("The volume shop_data-copy is made.")
    assert fake.service.asked("POST", f"{OF}/clone")[0].body == {"name": "shop_data-copy", "snapshot": None}


def test_rolling_back_asks_about_containers_that_run(
    tab: Any, page: VolumesPage, fake: FakeLinnet, qtbot: QtBot
) -> None:
    choose(tab, 1)
    dialog = page.copies.ask_rollback("shop_data", tab.chosen, tab._running("shop_data"))
    assert "These containers have the volume: shop-db-1." in said(dialog)
    dialog.findChildren(QCheckBox)[0].setChecked(True)
    press(dialog, "Roll back")
    qtbot.waitUntil(lambda: len(toasts(page)) == 1)
    assert toasts(page) == ["shop_data is as it was at older; what was there is the snapshot before-1."]
    assert fake.service.asked("POST", f"{OF}/rollback")[0].body == {"snapshot": "older", "stop": True}


def test_deleting_a_snapshot_asks_first(tab: Any, page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    dialog = page.copies.ask_remove("shop_data", "older")
    assert "Nothing can bring the snapshot back" in said(dialog)
    press(dialog, "Delete")
    qtbot.waitUntil(lambda: toasts(page) == ["Snapshot older is deleted."])
    assert fake.service.asked("DELETE", f"{OF}/snapshots/older")


def test_an_export_can_be_cancelled(
    page: VolumesPage, fake: FakeLinnet, services: Services, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    picked: list[tuple[Callable[[Path], object], str]] = []
    monkeypatch.setattr(
        copies_module, "pick_new_file", lambda _parent, _title, chosen, name: picked.append((chosen, name))
    )
    page.copies.ask_export("shop_data")
    assert picked[0][1] == "shop_data.tar.zst"
    picked[0][0](Path("/out/shop_data.tar.zst"))
    qtbot.waitUntil(lambda: toasts(page) == ["/out/shop_data.tar.zst is written: 1 KiB."])
    body = {"path": "/out/shop_data.tar.zst", "snapshot": None, "overwrite": True}
    assert fake.service.asked("POST", f"{OF}/export")[0].body == body

    import queue

    ended: queue.Queue[None] = queue.Queue()

    def slow(_request: Any) -> Any:
        yield {"operation": "op7"}
        yield {"progress": {"text": "Exporting", "done": 1, "total": 4}}
        ended.get(timeout=5)
        yield {"error": {"code": "cancelled", "message": "Cancelled.", "hint": None, "detail": None}}

    def cancel(_request: Any) -> Any:
        ended.put(None)
        return {}

    fake.service.on("POST", f"{OF}/export", slow)
    fake.service.on("DELETE", "/operations/op7", cancel)
    picked[0][0](Path("/out/again.tar.zst"))
    job = services.jobs.all[-1]
    qtbot.waitUntil(lambda: job.fraction == 0.25)
    job.cancel()
    qtbot.waitUntil(lambda: job.state is JobState.cancelled)
    assert len(toasts(page)) == 1


def test_an_import_proposes_the_name_of_its_file(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    dialog: Any = page.copies.ask_import_name(Path("/out/data-20261121-160000.tar.zst"))
    field = next(one for one in dialog.children() if hasattr(one, "selectAll"))
    assert field.text() == "data"
    press(dialog, "Import")
    qtbot.waitUntil(lambda: toasts(page) == ["The volume shop_data-copy is made."])
    body = {"path": "/out/data-20261121-160000.tar.zst", "name": "data"}
    assert fake.service.asked("POST", "/machines/default/volumes")[0].body == body


def test_backups_are_begun_made_and_ended(
    tab: Any, page: VolumesPage, fake: FakeLinnet, held: Held, qtbot: QtBot
) -> None:
    assert tab._backup.text() == "This volume is not backed up."

    def add(request: Any) -> Any:
        held.backups = [{**BACKUP, **request.body, "folder": "/backups"}]
        return held.backups[0]

    def remove(_request: Any) -> Any:
        return held.backups.pop()

    fake.service.on("POST", "/machines/default/backups", add)
    fake.service.on("DELETE", "/machines/default/backups/shop_data", remove)
    fake.service.on("POST", "/machines/default/backups/shop_data/run", fake.operation(EXPORTED))
    dialog: Any = page.copies.ask_backup("shop_data")
    dialog.every.setCurrentIndex(0)
    dialog.keep.setValue(3)
    press(dialog, "Back up")
    qtbot.waitUntil(lambda: tab.backup is not None)
    body = {"volume": "shop_data", "every": 3600.0, "keep": 3, "folder": None}
    assert fake.service.asked("POST", "/machines/default/backups")[0].body == body
    assert tab._backup.text() == "Backed up every 1h, none yet; 0 of 3 kept in /backups."
    tab._now.click()
    qtbot.waitUntil(lambda: "/out/shop_data.tar.zst is written." in toasts(page))
    press(page.copies.ask_stop_backup("shop_data"), "Stop backups")
    qtbot.waitUntil(lambda: tab.backup is None)


def test_a_backup_that_failed_by_itself_is_told(page: VolumesPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.tell("backup", {"volume": "shop_data", "path": "/backups/one", "error": None})
    fake.tell("backup", {"volume": "shop_data", "path": None, "error": "There is no folder /backups."})
    qtbot.waitUntil(lambda: toasts(page) == ["The backup of volume shop_data failed: There is no folder /backups."])


def test_what_cannot_be_loaded_is_said_in_the_tab(
    page: VolumesPage, fake: FakeLinnet, held: Held, qtbot: QtBot
) -> None:
    refused = {"code": "usage", "message": "The files of volume 'shop_data' are elsewhere.", "hint": None}
    fake.service.on("GET", f"{OF}/snapshots", lambda _request: Reply({**refused, "detail": None}, 400))
    page.show_snapshots()
    qtbot.waitUntil(lambda: page.detail.snapshots.problem.text() == refused["message"])
    assert toasts(page) == []


def test_the_menu_has_it_all(page: VolumesPage) -> None:
    menu = QMenu()
    page._fill_more(menu)
    assert [one.text() for one in menu.actions()] == ["Take a snapshot", "Clone …", "Export …", "Back up …"]
    titles = [one.title for one in page.commands()]
    assert {"Import a volume", "Clone shop_data", "Snapshot of shop_data", "Export shop_data"} <= set(titles)
    page.view.select(["shop_data", "notes"])
    page._fill_more(menu)
    assert menu.actions() == []
