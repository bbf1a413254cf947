"""A log: followed, searched, filtered, saved; a million lines of it without a stutter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.docker import Frame
from app.core.flow import Flow
from app.gui.services import Services


class LogView(QWidget):
    """Shows one log, or several merged."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    def follow(self, source: Callable[[], Flow[Frame] | Flow[bytes]]) -> None:
        """Show what a flow brings; `source` opens it, in a thread. What was shown is cleared."""

    def follow_container(self, container_id: str) -> None:
        """Show the log of a container; go on when it ends and starts again."""

    def say(self, text: str) -> None:
        """Add a line that is Linnet's own."""

    def clear(self) -> None:
        """Show nothing."""

    def stop(self) -> None:
        """Follow no longer; what is shown stays."""
