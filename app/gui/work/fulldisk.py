"""Tells when a disk becomes nearly full: a machine's data disk, or the disk of this computer that it is on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.gui.text import tr
from app.gui.widgets.messages import Messages


class FullDisk(QObject):
    """Makes a message of each `space` event that reaches a higher level than the one before."""

    def __init__(self, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages
        self._levels: dict[tuple[str, str], int] = {}

    def on_event(self, event: dict[str, Any]) -> None:
        """Take an event of linnetd."""
        if event["kind"] != "space":
            return
        for disk, level in event["data"].items():
            # All machines are on the same disk of this computer: one of them tells for all.
            key = ("" if disk == "host" else str(event["machine"]), disk)
            before = self._levels.get(key, 0)
            self._levels[key] = level
            if level > before:
                self._tell(disk, str(event["machine"]), level)

    def _tell(self, disk: str, machine: str, level: int) -> None:
        if disk == "host":
            text = tr("The disk of this computer that holds Linnet's machines is over {percent} % full.", percent=level)
        else:
            text = tr("The data disk of machine '{name}' is over {percent} % full.", name=machine, percent=level)
        self._messages.warn(text, tr("The dashboard tells what could be removed."))
