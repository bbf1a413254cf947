"""Names and values under each other: what is known of one thing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget

from app.gui.theme import GRID
from app.gui.widgets.basics import label

LONGEST = 2000
"""Characters of a value that are shown: a label lays all of its text out at once."""


class Facts(QScrollArea):
    """A table of names and values; the values can be selected and copied."""

    def __init__(self, name: str) -> None:
        """`name`: what it is called by screen readers."""
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self._content = QWidget()
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, GRID, GRID, GRID)
        self._grid.setHorizontalSpacing(3 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(1000, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self.setWidget(self._content)

    def tell(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts; those without a value are left out."""
        wanted = [(name, value) for name, value in facts if value]
        while len(self._rows) < len(wanted):
            self._add()
        for place, (name, value) in enumerate(self._rows):
            there = place < len(wanted)
            name.setVisible(there)
            value.setVisible(there)
            if there:
                title, text = wanted[place]
                name.setText(title)
                value.setText(text if len(text) <= LONGEST else text[:LONGEST] + " …")
                value.setAccessibleName(f"{title}: {text[:LONGEST]}")

    @property
    def told(self) -> dict[str, str]:
        """What is shown, by name."""
        return {name.text(): value.text() for name, value in self._rows if not name.isHidden()}

    def _add(self) -> None:
        name, value = label("", "muted"), label("", wrap=True, selectable=True)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        place = len(self._rows)
        self._grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, place, 1)
        self._rows.append((name, value))
