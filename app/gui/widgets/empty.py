"""What stands where a list would be: why there is nothing, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from app.gui.icons import Icons
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row


class EmptyState(QWidget):
    """A picture, a sentence, an explanation and at most one button."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._clicked: Callable[[], object] | None = None
        self._picture = label()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label("", "heading", wrap=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = label("", "muted", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setMinimumWidth(440)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 0)
        self._progress.setFixedWidth(200)
        self._button: QPushButton = button("", self._on_clicked, primary=True)
        self.setLayout(
            column(
                None,
                self._picture,
                self._title,
                row(None, self._text, None),
                GRID,
                row(None, self._progress, None),
                row(None, self._button, None),
                None,
                None,
                margins=4 * GRID,
            )
        )
        self.tell("info", "")

    def tell(
        self,
        icon: str,
        title: str,
        text: str = "",
        action: str = "",
        clicked: Callable[[], object] | None = None,
        *,
        busy: bool = False,
    ) -> None:
        """Say something else. `busy`: something is going on, shown as a moving bar."""
        self._picture.setPixmap(self._icons.get(icon, "muted").pixmap(48, 48))
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._progress.setVisible(busy)
        self._button.setText(action)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action))
        self._clicked = clicked

    @property
    def text(self) -> str:
        """What is said."""
        return f"{self._title.text()} {self._text.text()}".strip()

    @property
    def action(self) -> QPushButton:
        """The button."""
        return self._button

    def _on_clicked(self) -> None:
        if self._clicked is not None:
            self._clicked()
