"""The form that makes a volume."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.forms import FormDialog, add_field, form

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class CreateDialog(FormDialog):
    """Name, driver, options, labels.

    Attributes:
        name, driver, options, labels: the fields.
    """

    def __init__(
        self, parent: QWidget, known: Callable[[str], bool], accepted: Callable[[dict[str, Any]], object]
    ) -> None:
        """`known`: whether there is a volume of a name; `accepted` gets the body of the request."""
        super().__init__(parent, tr("Create a volume"), tr("Create"))
        self._known = known
        self.name = QLineEdit()
        self.name.setPlaceholderText("data")
        self.driver = QLineEdit()
        self.driver.setPlaceholderText("local")
        self.options = _lines("type=tmpfs")
        self.labels = _lines("project=shop")
        fields = form()
        for text, field in (
            (tr("Name"), self.name),
            (tr("Driver"), self.driver),
            (tr("Options of the driver"), self.options),
            (tr("Labels"), self.labels),
        ):
            add_field(fields, text, field)
            field.textChanged.connect(self._judge)
        self.lay_out(fields, spacing=2 * GRID)
        self.accepted.connect(lambda: accepted(self.body()))
        self._judge()

    def body(self) -> dict[str, Any]:
        """Return what the engine is asked for."""
        return {
            "Name": self.name.text().strip(),
            "Driver": self.driver.text().strip() or "local",
            "DriverOpts": dict(_pairs(self.options.toPlainText())),
            "Labels": dict(_pairs(self.labels.toPlainText())),
        }

    def _judge(self) -> None:
        name = self.name.text().strip()
        wrong = ""
        if name and not _NAME.fullmatch(name):
            wrong = tr("A name has letters, digits, dots, dashes and underscores, and begins with a letter or digit.")
        elif name and self._known(name):
            wrong = tr("There is a volume of this name already.")
        elif bad := next((line for line in _given(self.options.toPlainText()) if "=" not in line), ""):
            wrong = tr("Write options as name=value, one a line, not as '{line}'.", line=bad[:60])
        self.tell(wrong, complete=bool(name))


def _lines(placeholder: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setPlaceholderText(placeholder)
    made.setFixedHeight(8 * GRID)
    made.setTabChangesFocus(True)
    return made


def _given(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition("=") for line in _given(text))
    return [(name.strip(), value) for name, _, value in pairs]
