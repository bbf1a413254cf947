"""Forms: names left, fields right, in one line with each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QLayout, QWidget

from app.gui.theme import GRID
from app.gui.widgets.basics import label, set_kind

_LINE = 4 * GRID
"""Height of a field of one line, pixels."""


def form() -> QFormLayout:
    """Return an empty form."""
    made = QFormLayout()
    made.setHorizontalSpacing(2 * GRID)
    made.setVerticalSpacing(GRID + 4)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return made


def add_field(to: QFormLayout, text: str, field: QWidget | QLayout) -> None:
    """Add a field; one that is a widget is called `text` by screen readers, unless it has a name already."""
    title = label(text)
    title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    title.setMinimumHeight(_LINE)
    if isinstance(field, QLayout):
        to.addRow(title, field)
        return
    title.setBuddy(field)
    if not field.accessibleName():
        field.setAccessibleName(text)
    to.addRow(title, field)


class Remark(QLabel):
    """A sentence that is there only while there is something to say; a dialog grows for it."""

    def __init__(self, kind: str, *, selectable: bool = False) -> None:
        """`kind`, `selectable`: as of `label`."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()
        set_kind(self, kind)

    def say(self, text: str, kind: str = "") -> None:
        """Say something, "" for nothing. `kind`: as of `label`; "" for the one that it has."""
        if kind:
            set_kind(self, kind)
        if text == self.text():
            return
        self.setText(text)
        self.setVisible(bool(text))
        window = self.window()
        layout = window.layout()
        if isinstance(window, QDialog) and layout is not None and window.isVisible():
            # A wrapped text knows its height only once its width is set.
            layout.activate()
            window.resize(window.width(), max(window.height(), window.heightForWidth(window.width())))
