"""The first run: the window of somebody who has no machine yet, to a container that has run."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.gui.pages.setup.page import SetupPage
from app.gui.work.jobs import JobState
from tests.vm.desktop import PATIENCE, shown
from tests.vm.product import Product


def test_first_run_ends_in_a_container(
    qapp: QApplication, fresh: Product, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    with shown(qapp, fresh, monkeypatch) as window:
        qtbot.waitUntil(lambda: isinstance(window.page, SetupPage), timeout=PATIENCE)
        page = window.page
        assert isinstance(page, SetupPage)
        page.welcome.begin.click()
        assert page.choices.isVisible()
        qtbot.waitUntil(lambda: page.choices.go_on.isEnabled(), timeout=PATIENCE)
        page.choices.go_on.click()
        assert page.run is not None
        run = page.run
        qtbot.waitUntil(lambda: run.job is not None and run.job.state is not JobState.running, timeout=4 * PATIENCE)
        assert run.error is None
        assert page.finish.isVisible()
        assert page.finish.output.toPlainText().strip()
    assert fresh.status()["state"] == "running"
