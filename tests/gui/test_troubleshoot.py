"""The page of troubles: checks, bundle, log, ways to start over, and a service that is gone."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core.client import Client
from app.core.endpoint import NotListeningError
from app.gui.pages.dashboard.page import DashboardPage
from app.gui.pages.troubleshoot.page import TroubleshootPage
from app.gui.pages.troubleshoot.restart import restart_service
from app.gui.pages.troubleshoot.servicelog import read_end
from app.gui.services import Services
from app.gui.window import MainWindow
from app.gui.work.jobs import Control, JobState
from tests.gui.acts import Go, dialog, find_button, press
from tests.gui.fake import FakeLinnet, Reply, recorded
from vm.errors import CancelledByUserError, UnavailableError

BROKEN: dict[str, Any] = {
    "id": "sockets",
    "title": "Sockets",
    "verdict": "failed",
    "text": "A socket can be used by everybody.",
    "fix": {"text": "`linnet doctor --fix` mends it.", "automatic": True},
}


def opened(go: Go, qtbot: QtBot) -> TroubleshootPage:
    """Show the page with its checks."""
    page = go("troubleshoot")
    assert isinstance(page, TroubleshootPage)
    qtbot.waitUntil(lambda: len(page.checks.texts) == len(recorded("service_v1_doctor")))
    return page


def losses(asked: QDialog) -> list[str]:
    """Return what a dialog says is lost."""
    return asked.findChildren(QPlainTextEdit)[0].toPlainText().split("\n")


def test_checks_with_what_is_wrong_first(go: Go, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    verdict, title, text, hint = page.checks.texts[0]
    assert (verdict, title) == ("Warning", "Accelerator")
    assert text.startswith("Guests are emulated (tcg)")
    assert "nesting" in hint
    assert [one[0] for one in page.checks.texts].count("Fine") == 14
    assert page.checks.texts[-1][0] == "Skipped"
    assert page.checks.summary == "1 check found something. 14 are fine."
    assert page.checks.rows["accelerator"].mend.isVisible()
    assert not page.checks.rows["qemu"].mend.isVisible()


def test_one_check_is_mended(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    mended = [{**check, "verdict": "ok", "fix": None} for check in recorded("service_v1_doctor")]
    fake.service.on(
        "POST",
        "/doctor/fix",
        fake.operation(mended, change=lambda: fake.service.on("GET", "/doctor", lambda _request: mended)),
    )
    page.checks.rows["accelerator"].mend.click()
    assert not page.checks.again.isEnabled()
    qtbot.waitUntil(lambda: page.checks.summary == "No check found anything wrong.")
    assert fake.service.asked("POST", "/doctor/fix")[0].body == {"ids": ["accelerator"]}
    qtbot.waitUntil(page.checks.again.isEnabled)


def test_all_are_mended_at_once(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    assert page.checks.mend_all.isHidden()
    checks = [BROKEN if check["id"] == "sockets" else check for check in recorded("service_v1_doctor")]
    fake.service.on("GET", "/doctor", lambda _request: checks)
    page.checks.again.click()
    qtbot.waitUntil(lambda: page.checks.texts[:1] == [("Failed", "Sockets", BROKEN["text"], BROKEN["fix"]["text"])])
    qtbot.waitUntil(page.checks.mend_all.isEnabled)
    fake.service.on("POST", "/doctor/fix", fake.operation(checks))
    page.checks.mend_all.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/doctor/fix")))
    assert fake.service.asked("POST", "/doctor/fix")[0].body == {"ids": ["sockets", "accelerator"]}


def test_a_mend_that_fails_is_said_and_the_checks_run_again(
    go: Go, window: MainWindow, fake: FakeLinnet, qtbot: QtBot
) -> None:
    page = opened(go, qtbot)
    error = {"code": "unavailable", "message": "The accelerators could not be tried.", "hint": None, "detail": None}
    fake.service.on("POST", "/doctor/fix", lambda _request: iter([{"operation": "op1"}, {"error": error}]))
    before = len(fake.service.asked("GET", "/doctor"))
    page.checks.rows["accelerator"].mend.click()
    qtbot.waitUntil(lambda: "The accelerators could not be tried." in window.toasts)
    qtbot.waitUntil(lambda: len(fake.service.asked("GET", "/doctor")) > before)
    qtbot.waitUntil(page.checks.again.isEnabled)


def test_checks_that_cannot_run(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    error = {"code": "timeout", "message": "The checks took too long.", "hint": "Try again."}
    fake.service.on("GET", "/doctor", lambda _request: Reply(error, 504))
    page = go("troubleshoot")
    assert isinstance(page, TroubleshootPage)
    qtbot.waitUntil(lambda: page.checks.summary == "The checks took too long. Try again.")
    assert page.checks.again.isEnabled()


def test_gone_checks_and_strange_texts(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    strange = {"id": "machine:x", "title": "حالة 🐦", "verdict": "unheard-of", "text": "<b>ä</b>" * 200, "fix": None}
    fake.service.on("GET", "/doctor", lambda _request: [strange])
    page.checks.again.click()
    qtbot.waitUntil(lambda: page.checks.texts == [("Skipped", "حالة 🐦", "<b>ä</b>" * 200, "")])


def test_bundle(
    go: Go, window: MainWindow, fake: FakeLinnet, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(go, qtbot)
    page.select("bundle")
    path = tmp_path / "bundle.tar.gz"
    fake.service.on("POST", "/support-bundle", fake.operation({"path": str(path), "size": 2048}, "Collecting"))
    chooser = page.bundle.choose()
    assert chooser.selectedFiles()[0].endswith(".tar.gz")
    chooser.fileSelected.emit(str(path))
    chooser.reject()
    assert not page.bundle.save.isEnabled()
    qtbot.waitUntil(lambda: page.bundle.said == f"{path} was written, 2 KiB.")
    assert fake.service.asked("POST", "/support-bundle")[0].body == {"path": str(path)}
    qtbot.waitUntil(page.bundle.save.isEnabled)
    folders: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: folders.append(url.toLocalFile()))
    page.bundle.show_folder.click()
    assert folders == [str(tmp_path)]


def test_bundle_that_cannot_be_written(go: Go, window: MainWindow, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    error = {"code": "disk-full", "message": "There is no room for the bundle.", "hint": None, "detail": None}
    fake.service.on("POST", "/support-bundle", lambda _request: iter([{"operation": "op1"}, {"error": error}]))
    page.bundle.write(Path("/full/bundle.tar.gz"))
    qtbot.waitUntil(lambda: "There is no room for the bundle." in window.toasts)
    assert page.bundle.said == ""
    qtbot.waitUntil(page.bundle.save.isEnabled)


def test_log_is_followed_while_it_is_seen(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    fake.service.on("GET", "/machines/default/logs", lambda _request: iter([b"first\nsecond\n"]))
    page.select("log")
    qtbot.waitUntil(lambda: page.log.view.pane.seen[:2] == ["first", "second"])
    assert fake.service.asked("GET", "/machines/default/logs")[0].query == {
        "source": "service",
        "follow": "1",
        "tail": "5000",
    }
    assert page.log.again.isHidden()


def test_log_without_a_machine_is_read_from_its_file(
    go: Go, fake: FakeLinnet, services: Services, qtbot: QtBot
) -> None:
    fake.machines.clear()
    fake.tell("list", {"exists": False})
    qtbot.waitUntil(lambda: services.hub.current is None)
    page = go("troubleshoot")
    assert isinstance(page, TroubleshootPage)
    fake.layout.service_log.parent.mkdir(parents=True, exist_ok=True)
    fake.layout.service_log.write_bytes(b"one\n\xff\xfe two\n")
    page.select("log")
    qtbot.waitUntil(lambda: page.log.view.pane.seen[:2] == ["one", "\ufffd\ufffd two"])
    fake.layout.service_log.write_text("three\n", encoding="utf-8")
    page.log.again.click()
    qtbot.waitUntil(lambda: page.log.view.pane.seen[:1] == ["three"])


def test_end_of_a_log_begins_with_a_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert read_end(path) == ""
    path.write_text("".join(f"line {number}\n" for number in range(100)), encoding="utf-8")
    assert read_end(path, 20) == "line 98\nline 99\n"
    with pytest.raises(UnavailableError, match="cannot be read"):
        read_end(tmp_path)


def test_lost_service_says_why_with_the_end_of_its_log(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    assert page.trouble.isHidden()
    fake.layout.service_log.parent.mkdir(parents=True, exist_ok=True)
    fake.layout.service_log.write_text("".join(f"line {number}\n" for number in range(99)), encoding="utf-8")
    fake.lose_service()
    qtbot.waitUntil(page.trouble.isVisible)
    qtbot.waitUntil(lambda: page.trouble.log.toPlainText().endswith("line 98"))
    assert page.trouble.log.toPlainText().startswith("line 59")
    assert not page.bundle.save.isEnabled()
    assert page.checks.summary == "These are from before: checks need Linnet's service."
    # Told by the attempts to reach it that nobody asked for.
    qtbot.waitUntil(lambda: page.trouble.texts[0] == "linnetd is not running.")
    page.trouble.retry.click()
    assert not page.trouble.retry.isEnabled()
    qtbot.waitUntil(page.trouble.retry.isEnabled)
    fake.restore_service()
    page.trouble.retry.click()
    qtbot.waitUntil(page.trouble.isHidden, timeout=10_000)
    assert page.bundle.save.isEnabled()


def test_other_pages_lead_here_when_the_service_is_gone(
    go: Go, window: MainWindow, fake: FakeLinnet, qtbot: QtBot
) -> None:
    go("troubleshoot")
    page = go("dashboard")
    assert isinstance(page, DashboardPage)
    fake.lose_service()
    qtbot.waitUntil(page.placeholder.action.isVisible)
    page.placeholder.action.click()
    assert isinstance(window.page, TroubleshootPage)
    qtbot.waitUntil(window.page.trouble.isVisible)


def test_reset_of_the_window(go: Go, window: MainWindow, services: Services, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    services.preferences.set("notifications", False)
    services.preferences.remember_text("page", "images")
    page.select("reset")
    page.resets.window_button.click()
    asked = dialog(window)
    assert "Size and place of the window" in losses(asked)
    with qtbot.waitSignal(services.preferences.started_over):
        press(asked, "Reset window")
    assert services.preferences.flag("notifications") is True
    assert services.preferences.recall_text("page") == ""


def test_restart_of_the_service(go: Go, window: MainWindow, fake: FakeLinnet, services: Services, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    page.select("reset")

    def quit_service(_request: Any) -> Reply:
        threading.Timer(0.1, fake.lose_service).start()
        return Reply({"process_id": 1}, 200, {"Connection": "close"})

    fake.service.on("POST", "/quit", quit_service)
    page.resets.service_button.click()
    asked = dialog(window)
    assert "Terminals and followed logs that are open, here and elsewhere" in losses(asked)
    press(asked, "Restart service")
    qtbot.waitUntil(lambda: bool(services.jobs.all) and services.jobs.all[-1].state is JobState.done)
    qtbot.waitUntil(page.trouble.isVisible)
    fake.restore_service()
    qtbot.waitUntil(page.trouble.isHidden, timeout=10_000)
    assert page.resets.service_button.isEnabled()


def test_restart_of_the_machine(go: Go, window: MainWindow, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    qtbot.waitUntil(lambda: bool(page.services.hub.containers.rows))
    fake.service.on("POST", "/machines/default/restart", fake.operation(fake.machine))
    page.resets.machine_button.click()
    asked = dialog(window)
    assert losses(asked)[0].startswith("6 containers end: ")
    press(asked, "Cancel")
    page.resets.machine_button.click()
    press(dialog(window), "Restart machine")
    qtbot.waitUntil(lambda: len(fake.service.asked("POST", "/machines/default/restart")) == 1)
    assert fake.service.asked("POST", "/machines/default/stop") == []


def test_a_machine_that_hangs_is_switched_off_first(go: Go, window: MainWindow, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    page.resets.machine_button.click()
    asked = dialog(window)
    asked.findChildren(QCheckBox)[0].setChecked(True)
    press(asked, "Restart machine")
    qtbot.waitUntil(lambda: bool(fake.service.asked("POST", "/machines/default/start")))
    assert fake.service.asked("POST", "/machines/default/stop")[0].body == {"force": True}


def test_deletion_of_the_machine_says_what_is_lost(go: Go, window: MainWindow, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    fake.service.on("DELETE", "/machines/default", fake.operation({}, change=fake.machines.clear))
    page.resets.delete_button.click()
    asked = dialog(window)
    assert any(line.startswith("8 containers: ") for line in losses(asked))
    delete = find_button(asked, "Delete machine")
    assert not delete.isEnabled()
    asked.findChildren(QCheckBox)[0].setChecked(True)
    delete.click()
    qtbot.waitUntil(lambda: bool(fake.service.asked("DELETE", "/machines/default")))
    qtbot.waitUntil(lambda: not page.resets.delete_button.isEnabled())
    assert not page.resets.machine_button.isEnabled()


def test_commands_of_the_palette(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    page = opened(go, qtbot)
    page.select("reset")
    before = len(fake.service.asked("GET", "/doctor"))
    qtbot.waitUntil(page.checks.again.isEnabled)
    next(one for one in page.commands() if one.title == "Run the checks again").run()
    assert page.tab == "checks"
    qtbot.waitUntil(lambda: len(fake.service.asked("GET", "/doctor")) == before + 1)


def a_control() -> Control:
    """Return what a job's work has."""
    return Control(lambda _text, _done, _total: None, lambda _line: None)


def hanging(fake: FakeLinnet) -> threading.Event:
    """Have linnetd not answer when it is asked to end; setting the event lets it go."""
    release = threading.Event()

    def wait(_request: Any) -> Reply:
        release.wait(20)
        return Reply({}, 200, {"Connection": "close"})

    fake.service.on("POST", "/quit", wait)
    return release


def test_a_service_that_hangs_is_ended(fake: FakeLinnet) -> None:
    release = hanging(fake)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "linnetd"])
    try:
        fake.layout.service_lock.write_text(f"{process.pid}\n", encoding="ascii")
        restart_service(fake.layout, a_control(), start=False, patience=0.3)
        # Whoever is not ended sleeps for longer: that fails by TimeoutExpired.
        process.wait(5)
    finally:
        process.kill()
        release.set()


def test_no_other_process_is_ended(fake: FakeLinnet) -> None:
    release = hanging(fake)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        fake.layout.service_lock.write_text(f"{process.pid}\n", encoding="ascii")
        with pytest.raises(UnavailableError, match="is not Linnet's service"):
            restart_service(fake.layout, a_control(), start=False, patience=0.3)
        assert process.poll() is None
        fake.layout.service_lock.write_text("", encoding="ascii")
        with pytest.raises(UnavailableError, match="its process is not known"):
            restart_service(fake.layout, a_control(), start=False, patience=0.3)
    finally:
        process.kill()
        process.wait()
        release.set()


def test_restart_may_be_cancelled_while_it_waits(fake: FakeLinnet) -> None:
    release = hanging(fake)
    control = a_control()
    threading.Timer(0.3, control.cancel).start()
    try:
        with pytest.raises(CancelledByUserError):
            restart_service(fake.layout, control, start=False)
    finally:
        release.set()


def test_a_service_that_does_not_run_needs_no_ending(fake: FakeLinnet) -> None:
    fake.lose_service()
    assert not Path(fake.layout.service_address).exists()
    restart_service(fake.layout, a_control(), start=False)
    with pytest.raises(NotListeningError):
        Client(fake.layout, start=False).version()
