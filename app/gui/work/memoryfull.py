"""Tells when the kernel ended a process in a container because memory was full."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QObject

from app.gui.text import tr
from app.gui.widgets.messages import Messages
from vm.units import human_size

_PAUSE = 60.0
"""Seconds in which a container is not told of again: one that is restarted each time would fill the screen."""


class MemoryFull(QObject):
    """Makes a message of each `oom` event of a container."""

    def __init__(self, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages
        self._told: dict[str, float] = {}

    def on_event(self, event: dict[str, Any]) -> None:
        """Take an event of linnetd."""
        data = event["data"]
        if event["kind"] != "container" or data["action"] != "oom":
            return
        now = time.monotonic()
        self._told = {key: when for key, when in self._told.items() if now - when < _PAUSE}
        if data["id"] in self._told:
            return
        self._told[data["id"]] = now
        name = str(data["name"] or data["id"][:12])
        if data["guest"]:
            text = tr("The machine had no memory left; a process in container '{name}' was ended.", name=name)
        elif data["limit"]:
            text = tr(
                "Container '{name}' reached its memory limit of {size}; a process in it was ended.",
                name=name,
                size=human_size(data["limit"]),
            )
        else:
            text = tr("Container '{name}' reached its memory limit; a process in it was ended.", name=name)
        hint = (
            tr("Give the machine more memory, or the containers less.")
            if data["guest"]
            else tr("Its Limits tab gives it more memory.")
        )
        self._messages.warn(text, hint)
