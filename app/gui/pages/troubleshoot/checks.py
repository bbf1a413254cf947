"""What doctor looked at: verdict, words, cure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.gui.icons import Icons
from app.gui.services import Services
from app.gui.text import count, explained, mark, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, column, label, row, scrolled
from app.gui.work.runner import Op
from vm.errors import LinnetError

Check = dict[str, Any]

VERDICTS = {
    "failed": ("error", "bad", mark("Failed")),
    "warning": ("warning", "warn", mark("Warning")),
    "ok": ("check", "good", mark("Fine")),
    "skipped": ("info", "muted", mark("Skipped")),
}
"""Icon, tone and word of each verdict, the worst first."""

_TITLE_WIDTH = 25 * GRID

_AT_ONCE = 3
"""Rows that are made in one go; the window does other things before the next ones."""


class CheckRow(QWidget):
    """One check.

    Attributes:
        check: as the local API has it.
        mend: the button that mends; shown when that can be done.
    """

    def __init__(self, icons: Icons, mend: Callable[[Check], object]) -> None:
        super().__init__()
        self._icons = icons
        self.check: Check = {}
        self._picture = label()
        self._title = label(wrap=True)
        self._title.setFixedWidth(_TITLE_WIDTH)
        self._text = label(wrap=True, selectable=True)
        self._hint = label("", "hint", wrap=True, selectable=True)
        self.mend = button(tr("Mend"), lambda: mend(self.check))
        texts = column(self._text, self._hint, None, spacing=GRID // 2)
        content = row(self._picture, self._title, texts, boxed(column(self.mend, None)), spacing=GRID + 4)
        content.setContentsMargins(0, GRID, 0, GRID)
        content.setStretch(2, 1)
        for part in (self._picture, self._title):
            content.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.setLayout(content)

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """What is shown: verdict, title, text, hint."""
        return self._picture.accessibleName(), self._title.text(), self._text.text(), self._hint.text()

    def show_check(self, check: Check) -> None:
        """Show a check."""
        self.check = check
        icon, tone, word = VERDICTS.get(check["verdict"], VERDICTS["skipped"])
        self._picture.setPixmap(self._icons.get(icon, tone).pixmap(18, 18))
        self._picture.setAccessibleName(tr(word))
        self._picture.setToolTip(tr(word))
        self._title.setText(check["title"])
        self._text.setText(check["text"])
        fix = check.get("fix") or {}
        wrong = check["verdict"] in ("failed", "warning")
        self._hint.setText(fix.get("text") or "")
        self._hint.setVisible(bool(fix.get("text")))
        self.mend.setAccessibleName(tr("Mend: {what}", what=check["title"]))
        self.mend.setVisible(wrong and bool(fix.get("automatic")))


class Checks(QWidget):
    """All checks, what is wrong first.

    Attributes:
        again: runs them anew.
        mend_all: mends whatever can be mended.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._rows: dict[str, CheckRow] = {}
        self._order: list[str] = []
        self._pending: list[Check] = []
        self._running = False
        self._mending = False
        self._summary = label("", "muted", wrap=True, selectable=True)
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(120)
        self._progress.hide()
        self.again = button(tr("Run again"), self.look)
        self.mend_all = button(tr("Mend all"), self._mend_all, primary=True)
        self.mend_all.hide()
        head = row(self._summary, self._progress, self.again, self.mend_all)
        head.setStretch(0, 1)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 2 * GRID, GRID)
        self._column.addStretch(1)
        area = scrolled(self._column, tr("Checks"))
        self.setLayout(column(head, area, spacing=GRID))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_some)
        services.theme.changed.connect(self._draw)

    @property
    def texts(self) -> list[tuple[str, str, str, str]]:
        """What the rows show, from the top."""
        return [self._rows[key].texts for key in self._order]

    @property
    def rows(self) -> dict[str, CheckRow]:
        """The rows by the check's id."""
        return self._rows

    @property
    def summary(self) -> str:
        """What is said over the rows."""
        return self._summary.text()

    def look(self) -> None:
        """Have the checks run, and show what they find."""
        if self._running:
            return
        self._running = True
        self._tell_busy()
        self._summary.setText(tr("Checking …"))

        def load() -> list[Check]:
            with self._services.hub.client() as client:
                return list(client.get("/v1/doctor"))

        (
            Op(self, load)
            .finished(self._on_looked)
            .success(self.show_checks)
            .failure(self._on_failed)
            .run(self._services.runner)
        )

    def tell_gone(self) -> None:
        """Say that linnetd, which runs the checks, is not there."""
        text = tr("These are from before: checks need Linnet's service.") if self._rows else ""
        self._summary.setText(text or tr("Checks need Linnet's service."))

    def show_checks(self, checks: list[Check]) -> None:
        """Show checks instead of those that were shown."""
        order = list(VERDICTS)
        found = sorted(checks, key=lambda one: order.index(one["verdict"]) if one["verdict"] in order else len(order))
        wanted = [one["id"] for one in found]
        for key in [key for key in self._rows if key not in wanted]:
            gone = self._rows.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._order = []
        self._pending = found
        self._summary.setText(_summary_of(found))
        mendable = [one for one in found if _is_mendable(one)]
        self.mend_all.setVisible(len(mendable) > 1)
        self._show_some()

    def _show_some(self) -> None:
        some, self._pending = self._pending[:_AT_ONCE], self._pending[_AT_ONCE:]
        for check in some:
            key = check["id"]
            shown = self._rows.get(key)
            if shown is None:
                shown = self._rows[key] = CheckRow(self._services.icons, self._mend)
            else:
                self._column.removeWidget(shown)
            shown.show_check(check)
            self._column.insertWidget(len(self._order), shown)
            self._order.append(key)
        if self._pending:
            self._timer.start(0)
        else:
            self._tell_busy()

    def _mend(self, check: Check) -> None:
        self._fix([check["id"]], tr("Mend: {what}", what=check["title"]))

    def _mend_all(self) -> None:
        ids = [key for key in self._order if _is_mendable(self._rows[key].check)]
        self._fix(ids, tr("Mend what the checks found"))

    def _fix(self, ids: list[str], title: str) -> None:
        self._mending = True
        self._tell_busy()
        job = self._services.jobs.operate(title, "POST", "/v1/doctor/fix", {"ids": ids})
        job.ended.connect(self._on_mended)

    def _on_mended(self) -> None:
        self._mending = False
        self.look()

    def _on_looked(self) -> None:
        self._running = False
        self._tell_busy()

    def _on_failed(self, error: LinnetError) -> None:
        self._summary.setText(explained(error))

    def _tell_busy(self) -> None:
        busy = self._running or self._mending
        self._progress.setVisible(busy)
        self.again.setEnabled(not busy)
        self.mend_all.setEnabled(not busy)
        for shown in self._rows.values():
            shown.mend.setEnabled(not busy)

    def _draw(self) -> None:
        for shown in self._rows.values():
            shown.show_check(shown.check)


def _is_mendable(check: Check) -> bool:
    return check["verdict"] in ("failed", "warning") and bool((check.get("fix") or {}).get("automatic"))


def _summary_of(checks: list[Check]) -> str:
    wrong = sum(one["verdict"] in ("failed", "warning") for one in checks)
    fine = sum(one["verdict"] == "ok" for one in checks)
    if not wrong:
        return tr("No check found anything wrong.")
    problems = count("{n} check found something.", "{n} checks found something.", wrong)
    return f"{problems} {count('{n} is fine.', '{n} are fine.', fine)}"
