"""The page of settings: three groups, search, editors, problems, undo, restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.core.settings import APP_SETTINGS
from app.gui.pages.settings.editors import (
    ChoiceEditor,
    Editor,
    ElsewhereEditor,
    FlagEditor,
    LinesEditor,
    NumberEditor,
    TextEditor,
)
from app.gui.pages.settings.field import Kind, field_of
from app.gui.pages.settings.page import SettingsPage
from app.gui.pages.settings.window import AT_LOGIN
from app.gui.pages.settings.words import TITLES, title_of, value_text
from app.gui.window import MainWindow
from tests.gui.acts import Go, dialog, press
from tests.gui.fake import FakeLinnet, Reply, Request, recorded
from vm.config.settings import MACHINE_SETTINGS


class Store:
    """The settings of a fake linnetd: takes changes as the real one does, and refuses what it is told to."""

    def __init__(self, fake: FakeLinnet) -> None:
        self._fake = fake
        self.machine: dict[str, Any] = recorded("service_v1_machines_default_settings")
        self.app: dict[str, Any] = recorded("service_v1_settings")
        self.refusal: dict[str, str] | None = None
        self.restart_needed: list[str] = []
        fake.service.on("GET", "/machines/default/settings", lambda _request: self.machine)
        fake.service.on("GET", "/settings", lambda _request: self.app)
        fake.service.on("PATCH", "/machines/default/settings", self._patch_machine)
        fake.service.on("PATCH", "/settings", self._patch_app)

    @property
    def asked(self) -> list[Any]:
        """What the machine's settings were asked to be."""
        return [one.body for one in self._fake.service.asked("PATCH", "/machines/default/settings")]

    def _patch_machine(self, request: Request) -> Iterator[Any]:
        yield {"operation": "op1"}
        if self.refusal is not None:
            yield {"error": self.refusal}
            return
        self._take(self.machine, request.body["settings"])
        self._fake.machine["restart_needed"] = self.restart_needed
        yield {"result": {"changed": list(request.body["settings"]), "restart_needed": self.restart_needed}}

    def _patch_app(self, request: Request) -> Any:
        if self.refusal is not None:
            return Reply(self.refusal, 400)
        self._take(self.app, request.body["settings"])
        return {"changed": list(request.body["settings"]), "restart_needed": []}

    @staticmethod
    def _take(answer: dict[str, Any], settings: dict[str, Any]) -> None:
        for one in answer["values"]:
            if one["name"] in settings:
                value = settings[one["name"]]
                one["value"] = one["default"] if value is None else value
                one["origin"] = "default" if value is None else "file"
                one["line"] = None if value is None else 9


@pytest.fixture
def store(fake: FakeLinnet) -> Store:
    """The settings of the fake linnetd."""
    return Store(fake)


@pytest.fixture(autouse=True)
def config_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a desktop would look for what starts at login."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def opened(go: Go, qtbot: QtBot) -> SettingsPage:
    """Show the page with its values."""
    page = go("settings")
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.machine.rows["ssh_port"].value is not None)
    qtbot.waitUntil(lambda: page.linnet.rows["log_level"].value is not None)
    qtbot.waitUntil(lambda: page.window_group.rows[AT_LOGIN].value is not None)
    return page


def choose(editor: Editor, value: object) -> None:
    """Choose as the user does."""
    assert isinstance(editor, ChoiceEditor)
    editor.box.setCurrentIndex(editor.box.findData(value))
    editor.box.activated.emit(editor.box.currentIndex())


def write(editor: Editor, text: str) -> None:
    """Write into a field of one line."""
    assert isinstance(editor, TextEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    QTest.keyClicks(editor.line, text)
    QTest.keyClick(editor.line, Qt.Key.Key_Return)


def test_every_setting_of_the_tables_is_there_with_a_title(go: Go, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    assert set(page.machine.rows) == {setting.name for setting in MACHINE_SETTINGS}
    assert set(page.linnet.rows) == {setting.name for setting in APP_SETTINGS}
    assert set(TITLES) == set(page.machine.rows) | set(page.linnet.rows)
    titles = [shown.field.title for group in (page.machine, page.linnet) for shown in group.rows.values()]
    assert len(set(titles)) == len(titles)


def test_a_setting_without_a_title_gets_one_from_its_name() -> None:
    assert title_of("proxy.idle_time") == "Proxy idle time"


def test_editors_by_type() -> None:
    kinds = {setting.name: field_of(setting).kind for setting in MACHINE_SETTINGS}
    assert kinds["engine"] is Kind.choice
    assert kinds["memory"] is Kind.text
    assert kinds["autostart"] is Kind.flag
    assert kinds["cpus"] is Kind.number
    assert kinds["registries.insecure"] is Kind.lines
    assert kinds["registries.mirrors"] is Kind.pairs
    assert kinds["proxy.http"] is Kind.text
    assert kinds["shares"] is Kind.elsewhere


def test_values_with_their_origin(go: Go, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    memory, engine = page.machine.rows["memory"], page.machine.rows["engine"]
    assert isinstance(memory.editor, TextEditor)
    assert memory.editor.line.text() == "2GiB"
    assert memory.note == "Back to the default: 5888MiB"
    assert memory.reset.toolTip() == "/home/mia/linnet/config/machines/default.yaml:3"
    assert isinstance(engine.editor, ChoiceEditor)
    assert engine.editor.box.currentText() == "Podman without root"
    assert engine.note == "Default"


def test_search_finds_by_name_title_and_help(go: Go, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    page.search.setText("ssh_port")
    assert page.machine.found == ["ssh_port"]
    assert page.linnet.isHidden()
    page.search.setText("emulation VIRTUALISED")
    assert page.machine.found == ["accelerator"]
    page.search.setText("appearance")
    assert page.window_group.found == ["theme"]
    assert page.machine.isHidden()


def test_search_that_finds_nothing_says_what_to_do(go: Go, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    page.search.setText("صندوق 🐦")
    assert not page.empty.isHidden()
    next(one for one in page.empty.findChildren(QPushButton) if one.isVisible()).click()
    assert page.search.text() == ""
    assert len(page.machine.found) == len(MACHINE_SETTINGS)


def test_a_size_is_changed_and_taken_back(go: Go, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    memory = page.machine.rows["memory"]
    write(memory.editor, "3GiB")
    qtbot.waitUntil(lambda: page.said == "Memory was changed.")
    assert store.asked == [{"settings": {"memory": "3GiB"}, "restart": False}]
    page.undo.click()
    qtbot.waitUntil(lambda: page.said == "Memory is as it was.")
    assert store.asked[1] == {"settings": {"memory": "2GiB"}, "restart": False}
    qtbot.waitUntil(lambda: memory.value is not None and memory.value.value == "2GiB")
    assert page.undo.isHidden()


def test_undo_of_a_first_change_goes_back_to_the_default(go: Go, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    write(page.machine.rows["proxy.http"].editor, "http://proxy.example:3128")
    qtbot.waitUntil(lambda: page.said == "HTTP proxy was changed.")
    page.take_back()
    qtbot.waitUntil(lambda: len(store.asked) == 2)
    assert store.asked[1]["settings"] == {"proxy.http": None}


def test_reset_to_the_default(go: Go, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    disk = page.machine.rows["disk"]
    disk.reset.click()
    qtbot.waitUntil(lambda: disk.note == "Default")
    assert store.asked == [{"settings": {"disk": None}, "restart": False}]
    assert isinstance(disk.editor, TextEditor)
    assert disk.editor.line.text() == "60GiB"


def test_a_number_is_asked_for_once_it_is_settled(go: Go, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    editor = page.machine.rows["cpus"].editor
    assert isinstance(editor, NumberEditor)
    for _ in range(3):
        editor.box.stepUp()
    qtbot.waitUntil(lambda: bool(store.asked), timeout=3000)
    assert store.asked == [{"settings": {"cpus": 5}, "restart": False}]


def test_a_flag(go: Go, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    editor = page.machine.rows["autostart"].editor
    assert isinstance(editor, FlagEditor)
    editor.box.click()
    qtbot.waitUntil(lambda: bool(store.asked))
    assert store.asked[0]["settings"] == {"autostart": True}


def test_lists_and_pairs_are_written_a_line_each(go: Go, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    insecure, mirrors = page.machine.rows["registries.insecure"].editor, page.machine.rows["registries.mirrors"].editor
    assert isinstance(insecure, LinesEditor)
    assert isinstance(mirrors, LinesEditor)
    insecure.text.setPlainText("one.example:5000\n\n two.example ")
    QTest.keyClick(insecure.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    mirrors.text.setPlainText("docker.io = https://mirror.example/a=b")
    mirrors.commit()
    qtbot.waitUntil(lambda: len(store.asked) == 2)
    wanted = {**store.asked[0]["settings"], **store.asked[1]["settings"]}
    assert wanted == {
        "registries.insecure": ["one.example:5000", "two.example"],
        "registries.mirrors": {"docker.io": "https://mirror.example/a=b"},
    }


def test_shares_are_edited_on_the_page_of_machines(
    go: Go, window: MainWindow, qtbot: QtBot, guard: Any, store: Store
) -> None:
    page = opened(go, qtbot)
    editor = page.machine.rows["shares"].editor
    assert isinstance(editor, ElsewhereEditor)
    seen: list[tuple[str, str]] = []
    page.go = lambda name, key: seen.append((name, key))
    editor.button.click()
    assert seen == [("machines", "default")]
    assert store.asked == []


def test_a_problem_stands_next_to_its_field_as_linnetd_said_it(go: Go, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    store.refusal = {
        "code": "usage",
        "message": "memory: 8MiB is too little; the least is 512MiB.",
        "hint": "4GiB is the default.",
    }
    memory = page.machine.rows["memory"]
    write(memory.editor, "8MiB")
    qtbot.waitUntil(lambda: bool(memory.problem))
    assert memory.problem == "memory: 8MiB is too little; the least is 512MiB. 4GiB is the default."
    assert isinstance(memory.editor, TextEditor)
    assert memory.editor.line.text() == "8MiB"
    assert page.said == ""
    # Another setting's change loads all values anew: what was refused goes on standing there.
    store.refusal = None
    write(page.machine.rows["image"].editor, "2026.11")
    qtbot.waitUntil(lambda: page.said == "Guest image was changed.")
    qtbot.wait(100)
    assert memory.editor.line.text() == "8MiB"
    assert memory.problem
    QTest.keyClick(memory.editor.line, Qt.Key.Key_Escape)
    assert memory.editor.line.text() == "2GiB"
    assert memory.problem == ""


def test_problems_of_the_file_are_shown(go: Go, store: Store, qtbot: QtBot) -> None:
    store.machine["problems"] = [
        {"field": "registries.certificates[0]", "message": "The file /a.pem does not exist.", "line": 7},
        {"field": "colour", "message": "Unknown setting; it is ignored.", "line": 9, "warning": True},
    ]
    page = opened(go, qtbot)
    qtbot.waitUntil(lambda: bool(page.machine.rows["registries.certificates"].problem))
    assert page.machine.rows["registries.certificates"].problem == "The file /a.pem does not exist."
    assert page.machine.remark == "line 9: colour: Unknown setting; it is ignored."


def test_a_broken_file_is_said(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    error = {"code": "config", "message": "The settings file cannot be read: line 1.", "hint": "Mend the file."}
    fake.service.on("GET", "/machines/default/settings", lambda _request: Reply(error, 422))
    page = go("settings")
    assert isinstance(page, SettingsPage)
    qtbot.waitUntil(lambda: page.machine.remark == "The settings file cannot be read: line 1. Mend the file.")
    assert not page.machine.rows["memory"].isEnabled()


def test_linnets_own_settings(go: Go, fake: FakeLinnet, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    choose(page.linnet.rows["log_level"].editor, "debug")
    qtbot.waitUntil(lambda: page.said == "Detail of the log was changed.")
    assert fake.service.asked("PATCH", "/settings")[0].body == {"settings": {"log_level": "debug"}}
    qtbot.waitUntil(lambda: page.linnet.rows["log_level"].note == "Back to the default: What happens")
    store.refusal = {"code": "usage", "message": "image_mirror: 'x' is not a URL.", "hint": ""}
    write(page.linnet.rows["image_mirror"].editor, "x")
    qtbot.waitUntil(lambda: page.linnet.rows["image_mirror"].problem == "image_mirror: 'x' is not a URL.")


def test_another_engine_is_asked_for_first(go: Go, window: MainWindow, store: Store, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    engine = page.machine.rows["engine"]
    choose(engine.editor, "docker")
    press(dialog(window), "Cancel")
    assert isinstance(engine.editor, ChoiceEditor)
    assert engine.editor.box.currentData() == "podman"
    assert engine.note == "Default"
    assert store.asked == []
    choose(engine.editor, "docker")
    press(dialog(window), "Switch")
    qtbot.waitUntil(lambda: bool(store.asked))
    assert store.asked[0]["settings"] == {"engine": "docker"}


def test_a_change_that_waits_for_a_restart(
    go: Go, window: MainWindow, fake: FakeLinnet, store: Store, qtbot: QtBot
) -> None:
    page = opened(go, qtbot)
    store.restart_needed = ["memory"]
    write(page.machine.rows["memory"].editor, "4GiB")
    qtbot.waitUntil(lambda: page.machine.waiting == "Wait for a restart of 'default': Memory.")
    fake.service.on("POST", "/machines/default/restart", fake.operation(fake.machine))
    page.machine.restart.click()
    press(dialog(window), "Restart")
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/restart")))


def test_a_change_that_is_cancelled_has_changed_nothing(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    release = threading.Event()

    def hang(_request: Request) -> Iterator[Any]:
        yield {"operation": "op7"}
        release.wait(20)
        yield {"error": {"code": "cancelled", "message": "Cancelled.", "hint": None, "detail": None}}

    def cancel(_request: Request) -> Any:
        release.set()
        return {}

    fake.service.on("PATCH", "/machines/default/settings", hang)
    fake.service.on("DELETE", "/operations/op7", cancel)
    memory = page.machine.rows["memory"]
    write(memory.editor, "3GiB")
    assert memory.note == "Changing …"
    # What is loaded while a change is made is older than it.
    page.machine.load()
    qtbot.wait(200)
    assert isinstance(memory.editor, TextEditor)
    assert memory.editor.line.text() == "3GiB"
    page.services.jobs.all[-1].cancel()
    field = memory.editor.line
    qtbot.waitUntil(lambda: field.text() == "2GiB")
    assert memory.note == "Back to the default: 5888MiB"
    assert page.said == ""


def test_choices_for_the_window(go: Go, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    preferences = page.services.preferences
    box = page.window_group.rows["notifications"].editor
    assert isinstance(box, FlagEditor)
    box.box.click()
    assert preferences.flag("notifications") is False
    assert page.said == "Notifications was changed."
    page.take_back()
    assert preferences.flag("notifications") is True
    preferences.set("log_lines", 5_000)
    lines = page.window_group.rows["log_lines"]
    assert isinstance(lines.editor, NumberEditor)
    assert lines.editor.box.value() == 5_000
    lines.reset.click()
    assert preferences.number("log_lines") == 200_000


def test_start_at_login(go: Go, config_home: Path, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    box = page.window_group.rows[AT_LOGIN].editor
    assert isinstance(box, FlagEditor)
    box.box.click()
    qtbot.waitUntil(lambda: any(config_home.rglob("*.desktop")))
    qtbot.waitUntil(lambda: page.said == "Start at login was changed.")
    page.take_back()
    qtbot.waitUntil(lambda: not any(config_home.rglob("*.desktop")))
    qtbot.waitUntil(lambda: not box.box.isChecked())


def test_start_at_login_that_cannot_be_written(go: Go, config_home: Path, qtbot: QtBot) -> None:
    config_home.write_text("a file where a folder should be", encoding="utf-8")
    page = opened(go, qtbot)
    at_login = page.window_group.rows[AT_LOGIN]
    assert isinstance(at_login.editor, FlagEditor)
    at_login.editor.box.click()
    qtbot.waitUntil(lambda: "Starting at login cannot be changed" in at_login.problem)


def test_without_a_machine(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    fake.machines.clear()
    fake.tell("list", {"exists": False})
    qtbot.waitUntil(lambda: "no machine yet" in page.machine.remark)


def test_service_lost_and_back(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    fake.lose_service()
    qtbot.waitUntil(lambda: not page.linnet.rows["log_level"].isEnabled())
    assert page.window_group.rows["theme"].isEnabled()
    fake.restore_service()
    qtbot.waitUntil(lambda: page.linnet.rows["log_level"].isEnabled(), timeout=10_000)


def test_loading_asks_nothing_more(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    opened(go, qtbot)
    qtbot.wait(200)
    before = len(fake.service.requests)
    until = time.monotonic() + 0.8
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.01)
    assert len(fake.service.requests) == before


def test_values_in_words() -> None:
    assert value_text("shares", [{"path": "/srv/a"}, "/srv/b"]) == "/srv/a, /srv/b"
    assert value_text("registries.mirrors", {}) == "none"
    assert value_text("autostart", False) == "off"
