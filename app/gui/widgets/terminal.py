"""A terminal: a shell in a container, or in a machine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.gui.services import Services


class TerminalView(QWidget):
    """One terminal."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    def open(self, container_id: str, argv: Sequence[str] = ()) -> None:
        """Run a command in a container; without any its shell. What ran before in this view is ended."""

    def open_machine(self, machine: str, argv: Sequence[str] = ()) -> None:
        """Run a command in a machine; without any its shell."""

    def close_session(self) -> None:
        """End what runs."""
