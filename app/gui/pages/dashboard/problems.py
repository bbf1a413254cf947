"""What doctor found wrong, with the buttons that mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, clear, column, label, row
from app.gui.work.runner import Op

Check = dict[str, Any]

DISKS = frozenset({"space", "disk-space"})
"""Checks of disks: of a machine, and of this computer."""


class Problems(QWidget):
    """A banner for each check that found something; nothing at all when all is well."""

    def __init__(
        self, services: Services, go: Callable[[str, str], None], free_space: Callable[[], object] | None = None
    ) -> None:
        """`free_space` is offered beside a full disk."""
        super().__init__()
        self._free_space = free_space
        self._services = services
        self._go = go
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self.hide()

    def look(self) -> None:
        """Have the checks run, and show what they find."""

        def load() -> list[Check]:
            with self._services.hub.client() as client:
                return list(client.get("/v1/doctor"))

        Op(self, load).success(self.show_checks).failure(lambda _error: self.hide()).run(self._services.runner)

    def show_checks(self, checks: list[Check]) -> None:
        """Show what is wrong among `checks`."""
        clear(self._column)
        found = [check for check in checks if check["verdict"] in ("failed", "warning")]
        found.sort(key=lambda check: check["verdict"] != "failed")
        for check in found:
            self._column.addWidget(self._banner(check))
        self.setVisible(bool(found))

    def _banner(self, check: Check) -> QFrame:
        banner = QFrame()
        tone = "bad" if check["verdict"] == "failed" else "warn"
        banner.setObjectName("banner")
        banner.setProperty("tone", tone)
        picture = label()
        picture.setPixmap(self._services.icons.get("warning" if tone == "warn" else "error", tone).pixmap(18, 18))
        texts = column(label(check["text"], wrap=True, selectable=True), spacing=4)
        fix = check.get("fix") or {}
        if fix.get("text"):
            texts.addWidget(label(fix["text"], "hint", wrap=True, selectable=True))
        content = row(picture, texts, margins=GRID + 4, spacing=GRID + 4)
        content.setStretch(1, 1)
        content.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        if fix.get("automatic"):
            mend = button(tr("Mend"), lambda: self._mend(check))
            mend.setAccessibleName(tr("Mend: {what}", what=check["title"]))
            content.addWidget(boxed(column(mend, None)))
        elif self._free_space is not None and check["id"].partition(":")[0] in DISKS:
            room = button(tr("Free space …"), self._free_space)
            room.setEnabled(self._services.hub.engine_ready)
            content.addWidget(boxed(column(room, None)))
        banner.setLayout(content)
        return banner

    def _mend(self, check: Check) -> None:
        self._services.jobs.operate(
            tr("Mend: {what}", what=check["title"]),
            "POST",
            "/v1/doctor/fix",
            {"ids": [check["id"]]},
            success=lambda _checks: self.look(),
        )
