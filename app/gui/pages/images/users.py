"""Which containers use which image, as far as the list of containers tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.gui.model.collection import Collection, Row
from app.gui.text import count


class ImageUsers(QObject):
    """Containers by the identifier of their image.

    Signals:
        changed: another container uses an image, or none does any more.
    """

    changed = Signal()

    def __init__(self, containers: Collection, parent: QObject) -> None:
        super().__init__(parent)
        self._containers = containers
        self._found: dict[str, list[Row]] | None = None
        for signal in (containers.reset, containers.changed, containers.removed):
            signal.connect(self._forget)

    def of(self, image: Mapping[str, Any]) -> list[Row]:
        """Return the containers that were made of an image, those that run first, then by name."""
        if self._found is None:
            self._found = {}
            for row in self._containers.rows.values():
                self._found.setdefault(str(row.get("ImageID")), []).append(row)
            for rows in self._found.values():
                rows.sort(key=lambda row: (row.get("State") != "running", name_of(row)))
        return self._found.get(str(image["Id"]), [])

    def blocks(self, image: Mapping[str, Any]) -> bool:
        """Whether a container keeps the image from being removed."""
        # Podman also counts containers that it does not list here, such as those of builds.
        return bool(self.of(image)) or int(image.get("Containers") or 0) > 0

    def named(self, image: Mapping[str, Any]) -> str:
        """Return what uses an image as a phrase: up to three names, or a number."""
        names = [name_of(row) for row in self.of(image)]
        if not names and self.blocks(image):
            return count("{n} container", "{n} containers", int(image["Containers"]))
        return ", ".join(names) if len(names) <= 3 else count("{n} container", "{n} containers", len(names))

    def _forget(self, *_: object) -> None:
        self._found = None
        self.changed.emit()


def name_of(container: Mapping[str, Any]) -> str:
    """Return the name of a container of the engine's list."""
    names = container.get("Names") or [str(container.get("Id", ""))[:12]]
    return str(names[0]).removeprefix("/")
