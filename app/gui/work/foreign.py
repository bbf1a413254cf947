"""Long work that another front end has linnetd do (`linnet machine start` in a terminal), shown here as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.gui.work.jobs import Jobs

_PATIENCE = 700
"""Milliseconds after which an operation that none of our jobs has named is somebody else's."""


class ForeignJobs(QObject):
    """Makes a job of every operation that begins elsewhere."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._seen: set[str] = set()

    def on_event(self, event: dict[str, Any]) -> None:
        """Take an event of linnetd."""
        if event["kind"] != "operation":
            return
        operation = event["data"]
        key = str(operation["id"])
        if operation["state"] != "running":
            self._seen.discard(key)
            self._jobs.operations.discard(key)
        elif key not in self._seen and key not in self._jobs.operations:
            self._seen.add(key)
            QTimer.singleShot(_PATIENCE, self, self._taker(key, str(operation["title"])))

    def _taker(self, key: str, title: str) -> Callable[[], None]:
        def take() -> None:
            if key in self._seen and key not in self._jobs.operations:
                self._jobs.operations.add(key)
                # Whoever began it is told of its failure there; here it stands on the Tasks page.
                self._jobs.start(
                    title[:1].upper() + title[1:],
                    lambda control: self._jobs.perform(control, "GET", f"/v1/operations/{key}/follow"),
                    failure=lambda _error: None,
                )

        return take
