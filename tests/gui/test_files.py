"""The file browser: what it asks the engine for, and what it shows."""

from __future__ import annotations

import io
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.gui.guard import MainThreadGuard
from app.gui.services import Services
from app.gui.widgets import filestore
from app.gui.widgets.filebrowser import FileBrowser
from app.gui.widgets.fileedit import FileEditor
from app.gui.widgets.fileentry import LISTING, REMOVAL, Entry
from tests.gui.acts import dialog, expose, press
from tests.gui.fake import FakeLinnet, Reply, Request
from tests.gui.fakedisk import Disk


@pytest.fixture
def disk(fake: FakeLinnet) -> Disk:
    """A container with some files."""
    return Disk(
        fake, {"etc": None, "etc/hosts": b"127.0.0.1 localhost\n", "etc/deep": None, "hello.txt": "안녕\n".encode()}
    )


@pytest.fixture
def browser(services: Services, qtbot: QtBot, guard: MainThreadGuard) -> Iterator[FileBrowser]:
    """A browser, shown."""
    made = FileBrowser(services)
    expose(made, (800, 500), qtbot, guard)
    yield made
    made.close_session()


@pytest.fixture
def opened(browser: FileBrowser, disk: Disk, qtbot: QtBot) -> FileBrowser:
    """A browser that shows the container's root."""
    browser.open(disk.id)
    qtbot.waitUntil(lambda: names(browser) == ["etc", "hello.txt"])
    return browser


def names(browser: FileBrowser) -> list[str]:
    """What is listed."""
    return [entry.name for entry in browser.model.entries]


def choose(browser: FileBrowser, *wanted: str) -> None:
    """Select entries."""
    browser.table.clearSelection()
    for place, name in enumerate(names(browser)):
        if name in wanted:
            browser.table.selectionModel().select(
                browser.model.index(place, 0),
                browser.table.selectionModel().SelectionFlag.Select | browser.table.selectionModel().SelectionFlag.Rows,
            )


def edit(opened: FileBrowser, place: int, qtbot: QtBot) -> FileEditor:
    """Open a file that is listed, and wait until it can be changed."""
    opened.table.opened.emit(place)
    editor = dialog(opened, FileEditor)
    assert isinstance(editor, FileEditor)
    qtbot.waitUntil(lambda: not editor.field.isReadOnly())
    return editor


def watch(services: Services) -> list[Any]:
    """All messages from now on."""
    told: list[Any] = []
    services.messages.listen()
    services.messages.told.connect(told.append)
    return told


def test_a_folder_is_listed_by_a_command_and_entered(opened: FileBrowser, disk: Disk, qtbot: QtBot) -> None:
    assert disk.commands == [["sh", "-c", LISTING, "sh", "/"]]
    assert opened.note.text() == "2 entries"
    opened.table.setCurrentIndex(opened.model.index(0, 0))
    QTest.keyClick(opened.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(opened) == ["deep", "hosts"])
    assert opened.field.text() == "/etc"
    opened._up.click()
    qtbot.waitUntil(lambda: names(opened) == ["etc", "hello.txt"])
    assert not opened._up.isEnabled()


def test_a_path_can_be_typed_and_a_wrong_one_is_told(
    opened: FileBrowser, disk: Disk, services: Services, qtbot: QtBot
) -> None:
    told = watch(services)
    opened.field.setText("etc/../etc")
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.folder == "/etc")
    opened.field.setText("/none")
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(told))
    assert "No such file" in told[0].text
    assert opened.folder == "/etc"
    assert opened.field.text() == "/etc"


def test_an_empty_folder_says_what_to_do(opened: FileBrowser, qtbot: QtBot) -> None:
    opened.go("/etc/deep")
    qtbot.waitUntil(lambda: opened._stack.currentWidget() is opened._empty)
    assert "empty" in opened._empty.text
    assert opened._empty.action.text() == "Upload …"


def test_a_container_that_does_not_run_is_listed_by_its_archive(
    browser: FileBrowser, disk: Disk, fake: FakeLinnet, qtbot: QtBot
) -> None:
    fake.details[disk.id]["inspect"]["State"].update(Running=False, Status="exited")
    disk.files[".hidden"] = b""
    browser.open(disk.id)
    qtbot.waitUntil(lambda: names(browser) == ["etc", ".hidden", "hello.txt"])
    assert not disk.commands
    browser.go("/etc")
    qtbot.waitUntil(lambda: names(browser) == ["deep", "hosts"])
    assert browser.model.entries[1].permissions == "-rw-r-----"


def test_a_container_without_a_shell_is_listed_by_its_archive(
    browser: FileBrowser, disk: Disk, fake: FakeLinnet, qtbot: QtBot
) -> None:
    fake.docker.on("POST", "/exec/f1/start", lambda _request: Reply({"message": "sh not found"}, 500))
    browser.open(disk.id)
    qtbot.waitUntil(lambda: names(browser) == ["etc", "hello.txt"])


def test_a_folder_that_is_too_much_is_listed_in_part(
    browser: FileBrowser, disk: Disk, fake: FakeLinnet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filestore, "_ARCHIVE_LIMIT", 10_000)
    disk.files.update({f"etc/big{n}": bytes(5000) for n in range(20)})
    fake.details[disk.id]["inspect"]["State"].update(Running=False)
    browser.open(disk.id)
    qtbot.waitUntil(lambda: "There may be more" in browser.note.text())


def test_a_file_is_edited_and_keeps_mode_and_owner(
    opened: FileBrowser, disk: Disk, services: Services, qtbot: QtBot
) -> None:
    told = watch(services)
    editor = edit(opened, 1, qtbot)
    assert editor.field.toPlainText() == "안녕\n"
    assert not editor.save_button.isEnabled()
    QTest.keyClicks(editor.field, "new ")
    assert editor.changed
    editor.save_button.click()
    qtbot.waitUntil(lambda: bool(told))
    folder, (member,), contents = disk.put[0]
    assert (folder, member.name, contents) == ("/", "hello.txt", {"hello.txt": "new 안녕\n".encode()})
    assert (member.mode, member.uid, member.gid) == (0o640, 12, 34)
    assert not editor.changed
    editor.close()


def test_a_file_whose_owner_is_not_known_is_not_changed(
    browser: FileBrowser, disk: Disk, fake: FakeLinnet, qtbot: QtBot
) -> None:
    fake.details[disk.id]["inspect"]["State"].update(Running=False)
    browser.open(disk.id)
    qtbot.waitUntil(lambda: names(browser) == ["etc", "hello.txt"])
    browser.table.opened.emit(1)
    qtbot.waitUntil(lambda: bool(browser.window().findChildren(FileEditor)))
    editor = dialog(browser, FileEditor)
    assert isinstance(editor, FileEditor)
    qtbot.waitUntil(lambda: editor.field.toPlainText() == "안녕\n")
    assert editor.field.isReadOnly()
    assert not editor.save_button.isVisible()
    editor.close()


def test_what_is_no_folder_is_not_listed(browser: FileBrowser, disk: Disk, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.details[disk.id]["inspect"]["State"].update(Running=False)
    browser.open(disk.id, "/hello.txt")
    qtbot.waitUntil(lambda: "is not a folder" in browser._empty.text)


def test_changes_are_not_lost_without_asking(opened: FileBrowser, qtbot: QtBot) -> None:
    editor = edit(opened, 1, qtbot)
    QTest.keyClicks(editor.field, "x")
    editor.close()
    assert editor.isVisible()
    press(dialog(editor), "Close without saving")
    qtbot.waitUntil(lambda: not opened.window().findChildren(FileEditor))


def test_a_file_that_cannot_be_written_is_told_and_stays_changed(
    opened: FileBrowser, disk: Disk, fake: FakeLinnet, services: Services, qtbot: QtBot
) -> None:
    told = watch(services)
    refuse = Reply({"message": "read-only file system"}, 500)
    fake.docker.on("PUT", f"/containers/{disk.id}/archive", lambda _request: refuse)
    editor = edit(opened, 1, qtbot)
    QTest.keyClicks(editor.field, "x")
    editor.save_button.click()
    qtbot.waitUntil(lambda: bool(told))
    assert "Read-only" in told[0].text
    assert editor.changed
    assert editor.save_button.isEnabled()
    editor._discard()


def test_files_are_uploaded_as_a_task(
    opened: FileBrowser, disk: Disk, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "site" / "css").mkdir(parents=True)
    (tmp_path / "site" / "css" / "a 한.css").write_bytes(b"c" * 300_000)
    (tmp_path / "site" / "link").symlink_to("css")
    opened.upload([str(tmp_path / "site")], opened.folder)
    qtbot.waitUntil(lambda: bool(disk.put))
    folder, members, contents = disk.put[0]
    assert folder == "/"
    assert {one.name for one in members} == {"site", "site/css", "site/css/a 한.css", "site/link"}
    assert contents["site/css/a 한.css"] == b"c" * 300_000
    assert {(one.uid, one.gid) for one in members} == {(1000, 1000)}
    assert services.jobs.all[-1].title == "Upload 1 entry"
    qtbot.waitUntil(lambda: "site" in names(opened))


def test_replacing_is_asked_for(opened: FileBrowser, disk: Disk, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "hello.txt").write_text("mine")
    opened.upload([str(tmp_path / "hello.txt")], opened.folder)
    assert not disk.put
    press(dialog(opened), "Replace")
    qtbot.waitUntil(lambda: bool(disk.put))


def test_files_dropped_on_a_folder_go_into_it(opened: FileBrowser, disk: Disk, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "dropped").write_text("x")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped"))])
    at = opened.table.visualRect(opened.model.index(0, 0)).center()
    event = QDropEvent(
        QPointF(at), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    opened.table.dropEvent(event)
    qtbot.waitUntil(lambda: bool(disk.put))
    assert disk.put[0][0] == "/etc"


def test_a_file_that_cannot_be_read_is_told(
    opened: FileBrowser, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    told = watch(services)
    opened.upload([str(tmp_path / "gone")], opened.folder)
    qtbot.waitUntil(lambda: bool(told))
    assert services.jobs.all[-1].state == "failed"


def test_files_are_downloaded_and_none_is_replaced(
    opened: FileBrowser, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "hello.txt").write_text("mine")
    choose(opened, "etc", "hello.txt")
    opened.download(str(tmp_path))
    qtbot.waitUntil(lambda: services.jobs.all[-1].state == "done")
    assert (tmp_path / "hello.txt").read_text() == "mine"
    assert (tmp_path / "hello (2).txt").read_text(encoding="utf-8") == "안녕\n"
    assert (tmp_path / "etc" / "hosts").read_bytes() == b"127.0.0.1 localhost\n"


def test_an_archive_cannot_write_elsewhere(
    opened: FileBrowser, disk: Disk, fake: FakeLinnet, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    def evil(_request: Request) -> Reply:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for name, link in (("etc", ""), ("etc/../../escaped", ""), ("etc/out", "/tmp"), ("etc/good", "")):
                info = tarfile.TarInfo(name)
                if name == "etc":
                    info.type, info.mode = tarfile.DIRTYPE, 0o755
                if link:
                    info.type, info.linkname = tarfile.SYMTYPE, link
                archive.addfile(info)
        return Reply(buffer.getvalue())

    fake.docker.on("GET", f"/containers/{disk.id}/archive", evil)
    target = tmp_path / "in"
    target.mkdir()
    choose(opened, "etc")
    opened.download(str(target))
    qtbot.waitUntil(lambda: services.jobs.all[-1].state == "done")
    assert sorted(path.name for path in target.rglob("*")) == ["etc", "good"]
    assert list(tmp_path.iterdir()) == [target]
    assert [line for line in services.jobs.all[-1].log if "out" in line]


def test_a_folder_is_made_with_the_owner_of_the_one_it_is_in(opened: FileBrowser, disk: Disk, qtbot: QtBot) -> None:
    opened._new.click()
    field = dialog(opened).findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("etc")
    assert any("already" in one.text() for one in dialog(opened).findChildren(type(opened.note)))
    field.setText("new one")
    press(dialog(opened), "Make")
    qtbot.waitUntil(lambda: "new one" in names(opened))
    _folder, (member,), _contents = disk.put[0]
    assert (member.isdir(), member.mode, member.uid) == (True, 0o755, 1000)


def test_removing_says_what_is_lost_and_asks(opened: FileBrowser, disk: Disk, qtbot: QtBot) -> None:
    choose(opened, "etc")
    opened._remove_button.click()
    asked = dialog(opened)
    losses = asked.findChild(QPlainTextEdit)
    assert isinstance(losses, QPlainTextEdit)
    assert losses.toPlainText() == "/etc"
    press(asked, "Cancel")
    assert all(command[2] == LISTING for command in disk.commands)
    opened._remove_button.click()
    press(dialog(opened), "Remove")
    qtbot.waitUntil(lambda: names(opened) == ["hello.txt"])
    assert ["sh", "-c", REMOVAL, "sh", "/etc"] in disk.commands


def test_removing_in_a_container_that_does_not_run_says_why_not(
    opened: FileBrowser, disk: Disk, fake: FakeLinnet, services: Services, qtbot: QtBot
) -> None:
    told = watch(services)
    fake.details[disk.id]["inspect"]["State"].update(Running=False)
    choose(opened, "hello.txt")
    QTest.keyClick(opened.table, Qt.Key.Key_Delete)
    press(dialog(opened), "Remove")
    qtbot.waitUntil(lambda: bool(told))
    assert "only while the container runs" in told[0].text
    assert "Start" in told[0].hint


def test_a_volume_is_browsed_through_a_container_that_goes_again(
    browser: FileBrowser, fake: FakeLinnet, qtbot: QtBot
) -> None:
    key = "a" * 64
    fake.details[key] = {"inspect": {"State": {"Running": True, "Paused": False}}}
    fake.docker.on("POST", "/containers/create", lambda _request: Reply({"Id": key}, 201))
    Disk(fake, {"volume": None, "volume/data.db": b"123"}, key)
    browser.open_volume("shop_data")
    qtbot.waitUntil(lambda: names(browser) == ["data.db"])
    (created,) = fake.docker.asked("POST", "/containers/create")
    assert created.body["HostConfig"]["Binds"] == ["shop_data:/volume"]
    # Podman would remove an anonymous volume with a container of that kind.
    assert "AutoRemove" not in created.body["HostConfig"]
    assert created.body["Labels"] == {"io.linnet.helper": "files"}
    assert browser.field.text() == "/"
    browser.go("/etc")
    qtbot.waitUntil(lambda: browser.folder == "/volume")
    browser.close_session()
    qtbot.waitUntil(lambda: bool(fake.docker.asked("DELETE", f"/containers/{key}")))
    # Podman would wait ten seconds for it to end by itself.
    assert fake.docker.asked("POST", f"/containers/{key}/kill")
    (removed,) = fake.docker.asked("DELETE", f"/containers/{key}")
    assert removed.query == {"force": "1", "v": "0"}


def test_the_container_for_a_volume_is_in_no_list(services: Services, fake: FakeLinnet, qtbot: QtBot) -> None:
    containers = services.hub.containers
    containers.want(qtbot)
    qtbot.waitUntil(lambda: bool(containers.rows))
    known = set(containers.rows)
    fake.containers.append({**fake.containers[0], "Id": "b" * 64, "Labels": {"io.linnet.helper": "files"}})
    fake.containers.append({**fake.containers[0], "Id": "c" * 64, "Labels": None})
    for key in ("b" * 64, "c" * 64):
        fake.tell("container", {"id": key, "action": "start"})
    qtbot.waitUntil(lambda: set(containers.rows) == {*known, "c" * 64})
    containers.touch()
    qtbot.wait(300)
    assert set(containers.rows) == {*known, "c" * 64}


def test_a_volume_without_the_image_says_so(browser: FileBrowser, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/containers/create", lambda _request: Reply({"message": "no such image: hello"}, 404))
    browser.open_volume("shop_data")
    qtbot.waitUntil(lambda: "image 'hello'" in browser._empty.text)
    assert browser._empty.action.text() == "Try again"


def test_a_machine_that_is_stopped_says_so(
    browser: FileBrowser, fake: FakeLinnet, services: Services, qtbot: QtBot
) -> None:
    fake.tell_state("stopped")
    qtbot.waitUntil(lambda: not services.hub.engine_ready)
    browser.open(fake.containers[0]["Id"])
    assert "stopped" in browser._empty.text


def test_a_slow_answer_does_not_overtake_a_later_one(
    opened: FileBrowser, disk: Disk, fake: FakeLinnet, qtbot: QtBot
) -> None:
    held = threading.Event()
    state = fake.details[disk.id]["inspect"]

    def slow(_request: Request) -> Any:
        held.wait(5)
        return state

    fake.docker.on("GET", f"/containers/{disk.id}/json", slow)
    opened.go("/etc")
    qtbot.wait(50)
    fake.docker.on("GET", f"/containers/{disk.id}/json", lambda _request: state)
    opened.go("/etc/deep")
    qtbot.waitUntil(lambda: opened.folder == "/etc/deep")
    held.set()
    qtbot.wait(100)
    assert opened.folder == "/etc/deep"


def test_what_is_dragged_out_is_fetched_first(
    opened: FileBrowser, services: Services, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[list[Path]] = []
    monkeypatch.setattr(opened, "_drag", dragged.append)
    choose(opened, "hello.txt")
    opened.table.startDrag(Qt.DropAction.CopyAction)
    qtbot.waitUntil(lambda: bool(dragged))
    (file,) = dragged[0]
    assert file.read_text(encoding="utf-8") == "안녕\n"
    opened.table.startDrag(Qt.DropAction.CopyAction)
    assert len(dragged) == 2
    opened.close_session()
    qtbot.waitUntil(lambda: not file.exists())


def test_the_menu_offers_what_can_be_done(opened: FileBrowser) -> None:
    choose(opened, "hello.txt")
    opened._on_menu(opened.table.rect().center())
    menu = next(one for one in opened.findChildren(QMenu) if one.isVisible())
    texts = [entry.text() for entry in menu.actions() if entry.text()]
    assert texts == ["Open", "Copy path", "Download …", "Remove …", "New folder …", "Upload …"]
    menu.close()


def test_odd_names_are_painted(browser: FileBrowser) -> None:
    browser.model.show(
        [Entry(name, 0o100644, 1, 99999999999999) for name in ("a\nb", "\udcff", "שלום", "😀" * 300, "\u202e")]
    )
    browser._stack.setCurrentWidget(browser.table)
    assert not browser.grab().isNull()


def test_every_control_is_named(browser: FileBrowser) -> None:
    assert all(one.accessibleName() for one in browser.findChildren(type(browser._up)) if one.parent() is browser)
    assert browser.field.accessibleName()
    assert browser.table.accessibleName()
