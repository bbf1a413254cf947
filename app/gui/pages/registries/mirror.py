"""The form that gives a registry a mirror."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.core.registries import HUB, server_name
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.forms import Remark, add_field, form


class MirrorDialog(QDialog):
    """Registry and URL.

    Attributes:
        registry, url: the fields.
        yes: the button that saves.
    """

    def __init__(self, parent: QWidget, registry: str, url: str, accepted: Callable[[str, str], object]) -> None:
        """`registry` and `url` stand in the fields at first."""
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = tr("Mirror of a registry")
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.registry = QLineEdit(registry)
        self.registry.setPlaceholderText(HUB)
        self.registry.setReadOnly(bool(registry))
        self.url = QLineEdit(url)
        self.url.setPlaceholderText("https://mirror.example")
        fields = form()
        add_field(fields, tr("Registry"), self.registry)
        add_field(fields, tr("Address of the mirror"), self.url)
        self._problem = Remark("bad")
        cancel = button(tr("Cancel"), self.reject)
        self.yes = button(tr("Save"), self.accept, primary=True)
        self.yes.setDefault(True)
        self.setLayout(
            column(
                label(title, "heading"),
                fields,
                self._problem,
                row(None, cancel, self.yes),
                margins=3 * GRID,
                spacing=2 * GRID,
            )
        )
        self.url.textChanged.connect(self._judge)
        self.accepted.connect(lambda: accepted(server_name(self.registry.text() or HUB), self.url.text().strip()))
        if registry:
            self.url.setFocus()
        self._judge()

    @property
    def problem(self) -> str:
        """What is wrong, "" when nothing."""
        return self._problem.text()

    def _judge(self) -> None:
        text = self.url.text().strip()
        wrong = "" if not text or _is_address(text) else tr("Write an address that begins with https:// or http://.")
        self._problem.say(wrong)
        self.yes.setEnabled(bool(text) and not wrong)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(sign.isspace() for sign in text)
