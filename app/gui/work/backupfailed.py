"""Tells when the backup of a volume failed that linnetd made by itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.gui.text import tr
from app.gui.widgets.messages import Messages


class BackupFailed(QObject):
    """Makes a message of each `backup` event with an error."""

    def __init__(self, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages

    def on_event(self, event: dict[str, Any]) -> None:
        """Take an event of linnetd."""
        data = event["data"]
        if event["kind"] == "backup" and data["error"]:
            self._messages.warn(
                tr("The backup of volume {name} failed: {reason}", name=data["volume"], reason=data["error"]),
                tr("Older backups are kept; it is tried again within an hour."),
            )
