"""The form that gives a registry a mirror."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.registries import HUB, server_name
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.forms import FormDialog, add_field, form


class MirrorDialog(FormDialog):
    """Registry and URL.

    Attributes:
        registry, url: the fields.
    """

    def __init__(self, parent: QWidget, registry: str, url: str, accepted: Callable[[str, str], object]) -> None:
        """`registry` and `url` stand in the fields at first."""
        super().__init__(parent, tr("Mirror of a registry"), tr("Save"), width=480)
        self.registry = QLineEdit(registry)
        self.registry.setPlaceholderText(HUB)
        self.registry.setReadOnly(bool(registry))
        self.url = QLineEdit(url)
        self.url.setPlaceholderText("https://mirror.example")
        fields = form()
        add_field(fields, tr("Registry"), self.registry)
        add_field(fields, tr("Address of the mirror"), self.url)
        self.lay_out(fields, spacing=2 * GRID)
        self.url.textChanged.connect(self._judge)
        self.accepted.connect(lambda: accepted(server_name(self.registry.text() or HUB), self.url.text().strip()))
        if registry:
            self.url.setFocus()
        self._judge()

    def _judge(self) -> None:
        text = self.url.text().strip()
        wrong = "" if not text or _is_address(text) else tr("Write an address that begins with https:// or http://.")
        self.tell(wrong, complete=bool(text))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(sign.isspace() for sign in text)
