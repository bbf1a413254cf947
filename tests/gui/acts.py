"""What a user does in the window, and what he sees there: goes to a page, presses a button, reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.gui.guard import MainThreadGuard
from app.gui.pages.base import Page
from app.gui.pages.containers import rows
from app.gui.pages.containers.page import ContainersPage
from app.gui.window import MainWindow
from app.gui.work.jobs import JobState

Go = Callable[[str], Any]
"""The fixture `go`: shows the page of a name and returns it."""

PATIENCE = 5.0
"""Seconds that `dialog` waits."""


def pause(seconds: float) -> None:
    """Have the window live on; QTest.qWait would keep all other threads from running meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def find_button(where: QWidget | None, name: str) -> QPushButton:
    """Return the one button that is shown with `name`, or that screen readers call so."""
    assert where is not None
    QApplication.processEvents()  # a button that was just made is shown when the layout has it
    shown = [one for one in where.findChildren(QPushButton) if one.isVisibleTo(where)]
    found = [one for one in shown if name in (one.text(), one.accessibleName())]
    assert len(found) == 1, [one.text() for one in shown]
    return found[0]


def press(where: QWidget | None, name: str) -> None:
    """Press a button, as `find_button` finds it."""
    find_button(where, name).click()


def dialog(where: QWidget, kind: type[QDialog] = QDialog) -> Any:
    """Wait until the window has a dialog, and return it: the newest of several."""
    ends = time.monotonic() + PATIENCE
    while not (found := [one for one in where.window().findChildren(kind) if one.isVisible()]):
        assert time.monotonic() < ends, f"no {kind.__name__} is shown"
        pause(0.01)
    return found[-1]


def said(where: QWidget | None) -> str:
    """Return the texts that a dialog or a tab shows."""
    assert where is not None
    shown = [one.text() for one in where.findChildren(QLabel) if one.isVisibleTo(where)]
    return "\n".join([*shown, *(one.toPlainText() for one in where.findChildren(QPlainTextEdit))])


def toasts(where: QWidget) -> list[str]:
    """Return the messages that the window shows."""
    window = where.window()
    assert isinstance(window, MainWindow)
    return window.toasts


def cells(page: Any, key: str) -> list[str]:
    """Return what a page's list shows of the row with this key."""
    return [column.cell(page.model.known[key]).text for column in page.model.columns]


def ended(page: Page, qtbot: QtBot) -> JobState:
    """Wait until the newest job is over, and return how it ended."""
    job = page.services.jobs.all[-1]
    qtbot.waitUntil(lambda: job.state is not JobState.running)
    return job.state


def open_containers(go: Go, qtbot: QtBot) -> ContainersPage:
    """Show the page of containers and wait for the recorded ones."""
    page = go("containers")
    assert isinstance(page, ContainersPage)
    qtbot.waitUntil(lambda: len(page.model.known) == 8)
    return page


def container_key(page: ContainersPage, name: str) -> str:
    """Return the id of a container that is listed."""
    return next(key for key, row in page.model.known.items() if rows.title(row) == name)


def excuse(guard: MainThreadGuard) -> None:
    """What was busy until now was meant to be: code that is loaded the first time, colours that are read anew."""
    guard.forgive()
    guard.stalls.clear()


def expose(widget: QWidget, size: tuple[int, int], qtbot: QtBot, guard: MainThreadGuard) -> None:
    """Show a widget without the window around it, which goes with the test."""
    qtbot.addWidget(widget)
    widget.resize(*size)
    widget.show()
    qtbot.waitExposed(widget)
    qtbot.wait(30)
    excuse(guard)
