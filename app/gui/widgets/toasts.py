"""Messages in the corner of the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from app.gui.icons import Icons
from app.gui.text import tr
from app.gui.theme import GRID, Theme
from app.gui.widgets.basics import button, column, icon_button, label, row
from app.gui.widgets.messages import Message

_STAYS = 6000
"""Milliseconds that a message without a problem stays; others stay until they are closed."""

_WIDTH = 380

_MOST = 4
"""Messages at once; the oldest goes."""

_ICONS = {"good": "check", "warn": "warning", "bad": "error", "": "info"}


class Toasts(QWidget):
    """A column of messages over the lower right corner of a window."""

    def __init__(self, window: QWidget, icons: Icons, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._icons = icons
        self._theme = theme
        self._shown: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        window.installEventFilter(self)
        self.hide()

    def show_message(self, message: Message) -> None:
        """Show a message."""
        while len(self._shown) >= _MOST:
            self._remove(self._shown[0])
        toast = self._toast(message)
        self._column.addWidget(toast)
        self._shown.append(toast)
        if message.tone not in ("bad", "warn"):
            QTimer.singleShot(_STAYS, toast, lambda: self._remove(toast))
        self._place()
        QAccessible.updateAccessibility(QAccessibleEvent(toast, QAccessible.Event.Alert))

    @property
    def texts(self) -> list[str]:
        """What is shown now, oldest first."""
        return [toast.accessibleName() for toast in self._shown]

    def _toast(self, message: Message) -> QFrame:
        toast = QFrame(self)
        toast.setObjectName("toast")
        toast.setAccessibleName(message.text)
        toast.setFixedWidth(_WIDTH)
        picture = label()
        picture.setPixmap(self._icons.get(_ICONS[message.tone], message.tone).pixmap(18, 18))
        close = icon_button(self._icons, "close", tr("Close message"), lambda: self._remove(toast))
        texts = column(label(message.text, wrap=True, selectable=True), spacing=4)
        if message.hint:
            texts.addWidget(label(message.hint, "hint", wrap=True, selectable=True))
        if message.detail:
            show = button(tr("Details"), lambda: self._details(message), flat=True)
            texts.addLayout(row(show, None))
        content = row(picture, texts, close, margins=GRID + 4)
        content.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        content.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        content.setStretch(1, 1)
        toast.setLayout(content)
        return toast

    def _details(self, message: Message) -> None:
        dialog = QDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Details"))
        dialog.resize(720, 440)
        text = QPlainTextEdit("\n\n".join(part for part in (message.text, message.hint, message.detail) if part))
        text.setReadOnly(True)
        text.setAccessibleName(tr("Details"))
        text.setFont(self._theme.fixed_font())
        copy = button(tr("Copy"), lambda: QGuiApplication.clipboard().setText(text.toPlainText()))
        close = button(tr("Close"), dialog.accept, primary=True)
        dialog.setLayout(column(text, row(None, copy, close), margins=2 * GRID))
        dialog.open()

    def _remove(self, toast: QWidget) -> None:
        if toast not in self._shown:
            return
        self._shown.remove(toast)
        self._column.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        self._place()

    def _place(self) -> None:
        if not self._shown:
            self.hide()
            return
        self.show()
        self.raise_()
        self.adjustSize()
        height = min(self.sizeHint().height(), self._window.height() - 6 * GRID)
        self.setGeometry(
            self._window.width() - _WIDTH - 2 * GRID, self._window.height() - height - 4 * GRID, _WIDTH, height
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Stay in the corner when the window changes its size."""
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self._place()
        return False
