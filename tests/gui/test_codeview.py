"""Tests of the view of text files and of the log of a job."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.gui.services import Services
from app.gui.widgets.codeview import LONGEST, CodeView
from app.gui.widgets.joblog import JobLog
from app.gui.work.jobs import Control, JobState
from vm.errors import GuestError


@pytest.fixture
def view(services: Services, qtbot: QtBot) -> CodeView:
    made = CodeView(services.theme, "File")
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def test_lines_are_marked_and_the_first_is_shown(view: CodeView) -> None:
    view.show_text("".join(f"key{number}: x\n" for number in range(500)))
    view.mark([400, 410, 99999, 0])
    assert view.marked == [400, 410]
    assert view.textCursor().blockNumber() == 399
    view.show_text("other")
    assert view.marked == []


@pytest.mark.parametrize(
    "text", ["", "\0\x1b[31m\ufffe", "שלום: 🦜 # ملاحظة", "x: " + "y" * 300_000, "a: b\n" * 20_000]
)
def test_any_text_is_shown(view: CodeView, services: Services, text: str) -> None:
    view.show_text(text)
    services.theme.use("dark")
    view.grab()
    services.theme.use("light")


def test_what_is_too_long_is_cut(view: CodeView) -> None:
    view.show_text("z" * (LONGEST + 5))
    assert len(view.toPlainText()) == LONGEST


def test_numbers_get_the_room_that_they_need(view: CodeView) -> None:
    before = view.margin_width()
    view.show_text("\n" * 12_000)
    assert view.margin_width() > before


def test_a_log_follows_one_job_after_another(services: Services, qtbot: QtBot) -> None:
    log = JobLog(services.theme, "Nothing yet.")
    qtbot.addWidget(log)
    assert log.title == "Nothing yet."

    def work(control: Control) -> None:
        control.log("one")
        control.log("two")

    job = services.jobs.start("First", work)
    log.follow(job)
    qtbot.waitUntil(lambda: log.title == "First: done.")
    assert log.text.toPlainText() == "one\ntwo"

    def fail(_control: Control) -> None:
        raise GuestError("It broke.")

    second = services.jobs.start("Second", fail, failure=lambda _error: None)
    log.follow(second)
    qtbot.waitUntil(lambda: second.state is JobState.failed)
    assert log.title == "It broke."
    services.jobs.clear()
    qtbot.waitUntil(lambda: log.job is None)
    log.follow(None)
    assert log.title == "Nothing yet."
