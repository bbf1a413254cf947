"""The files of a container or a volume: browse, view, edit, upload, download, remove."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.gui.services import Services


class FileBrowser(QWidget):
    """Shows one folder at a time."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    def open(self, container_id: str, path: str = "/") -> None:
        """Show a folder of a container."""

    def open_volume(self, name: str) -> None:
        """Show the files of a volume."""

    def close_session(self) -> None:
        """Let go of what was made for browsing."""
