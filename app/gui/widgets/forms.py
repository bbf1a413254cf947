"""Forms: names left, fields right, in one line with each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLayout, QWidget

from app.gui.theme import GRID
from app.gui.widgets.basics import label

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
