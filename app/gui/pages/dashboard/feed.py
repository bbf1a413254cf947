"""The latest events of the machine in view."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.gui.model.hub import Hub
from app.gui.text import tr
from app.gui.widgets.basics import label

SHOWN = 8
"""Events that are shown."""


class Feed(QWidget):
    """A few lines, newest first."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._events: deque[tuple[float, str]] = deque(maxlen=SHOWN)
        self._lines: list[QLabel] = [label("", "muted") for _ in range(SHOWN)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for one in self._lines:
            column.addWidget(one)
        column.addStretch(1)
        hub.happened.connect(self._on_event)
        hub.current_changed.connect(self._clear)
        self._show()

    @property
    def texts(self) -> list[str]:
        """What is shown, newest first."""
        return [line.text() for line in self._lines if line.text()]

    def _on_event(self, event: dict[str, Any]) -> None:
        text = describe(event)
        if text and event["machine"] == self._hub.current:
            self._events.appendleft((float(event["time"]), text))
            self._show()

    def _clear(self) -> None:
        self._events.clear()
        self._show()

    def _show(self) -> None:
        for place, line in enumerate(self._lines):
            if place < len(self._events):
                when, text = self._events[place]
                line.setText(f"{time.strftime('%H:%M:%S', time.localtime(when))}  {text}")
            else:
                line.setText(tr("Nothing has happened since the window was opened.") if not place else "")


def describe(event: dict[str, Any]) -> str:
    """Return an event of linnetd as a sentence, "" for one that says nothing to people."""
    kind, data = event["kind"], event["data"]
    match kind:
        case "container":
            return _container(data)
        case "state":
            return tr("The machine is {state}.", state=data.get("state", ""))
        case "problem":
            return str(data.get("text") or data.get("message") or "")
        case "image" | "volume" | "network":
            what = {"image": tr("Image"), "volume": tr("Volume"), "network": tr("Network")}[kind]
            return f"{what} {data.get('name') or str(data.get('id', ''))[:19]}: {data.get('action', '')}"
        case "port":
            action = {"opened": tr("open"), "closed": tr("closed"), "failed": tr("cannot be opened")}
            where = f"{data.get('host_address', '')}:{data.get('host_port', '')}"
            return tr("Port {address}: {what}", address=where, what=action.get(str(data.get("action")), ""))
    return ""


def _container(data: dict[str, Any]) -> str:
    texts = {
        "create": tr("{name} was created."),
        "start": tr("{name} was started."),
        "pause": tr("{name} was paused."),
        "unpause": tr("{name} goes on."),
        "die": tr("{name} has ended."),
        "remove": tr("{name} was removed."),
        "rename": tr("{name} has this name now."),
        "health": tr("{name} is {health}."),
    }
    text = texts.get(data.get("action", ""))
    if text is None:
        return ""
    said = text.format(name=data.get("name") or data["id"][:12], health=data.get("health", ""))
    if data.get("action") == "die" and data.get("exit_code"):
        said = f"{said} {tr('Exit code {code}.', code=data['exit_code'])}"
    if data.get("oom"):
        said = f"{said} {tr('It ran out of memory.')}"
    return said
