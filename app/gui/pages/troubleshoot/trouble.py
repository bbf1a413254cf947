"""Why linnetd is not there: its reason and the end of its log."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy

from app.gui.model.hub import Connection
from app.gui.pages.troubleshoot.servicelog import read_end
from app.gui.services import Services
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.work.runner import Op
from vm.errors import LinnetError

LINES = 40
"""Lines of the log's end that are shown."""

_READ = 16 * 1024
_HEIGHT = 20 * GRID


class ServiceTrouble(QFrame):
    """There only while linnetd is not.

    Attributes:
        retry: tries to start it.
        log: the details and the end of the log.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.setObjectName("banner")
        self.setProperty("tone", "bad")
        self._detail = ""
        picture = label()
        picture.setPixmap(services.icons.get("error", "bad").pixmap(18, 18))
        self._text = label(wrap=True, selectable=True)
        self._hint = label("", "hint", wrap=True, selectable=True)
        self.retry = button(tr("Try again"), self.try_again)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setAccessibleName(tr("End of the log of Linnet's service"))
        self.log.setFont(services.theme.fixed_font())
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setTabChangesFocus(True)
        self.log.setFixedHeight(_HEIGHT)
        texts = column(self._text, self._hint, None, spacing=GRID // 2)
        head = row(picture, texts, self.retry, spacing=GRID + 4)
        head.setStretch(1, 1)
        for part in (picture, self.retry):
            head.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setLayout(column(head, self.log, margins=GRID + 4))
        self.hide()

    @property
    def texts(self) -> tuple[str, str]:
        """What is said: why, and what to do."""
        return self._text.text(), self._hint.text()

    def look(self) -> None:
        """Show what is known, or nothing when linnetd is there."""
        hub = self._services.hub
        lost = hub.connection is Connection.lost
        self.setVisible(lost)
        if lost:
            self._show(hub.error)

    def try_again(self) -> None:
        """Have linnetd started, and show why it does not."""
        hub = self._services.hub
        self.retry.setEnabled(False)

        def start() -> Any:
            with hub.client() as client:
                return client.get("/v1/version")

        (
            Op(self, start)
            .finished(lambda: self.retry.setEnabled(True))
            .success(lambda _: hub.start())
            .failure(self._show)
            .run(self._services.runner)
        )

    def _show(self, error: LinnetError | None) -> None:
        self._text.setText(error.message if error is not None else tr("Linnet's service is gone."))
        hint = (error.hint if error is not None else "") or tr("Linnet goes on trying to reach it.")
        self._hint.setText(hint)
        self._detail = (error.detail if error is not None else "") or ""
        file = self._services.layout.service_log
        (
            Op(self, lambda: read_end(file, _READ))
            .success(self._show_log)
            .failure(lambda unread: self._show_log(unread.message))
            .run(self._services.runner)
        )

    def _show_log(self, text: str) -> None:
        lines = "\n".join(line[:2000] for line in text.splitlines()[-LINES:])
        parts = [part for part in (self._detail, lines) if part]
        self.log.setPlainText("\n\n".join(parts) or tr("There is no log yet."))
        bar = self.log.verticalScrollBar()
        bar.setValue(bar.maximum())
