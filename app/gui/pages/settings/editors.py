"""The fields in which values are edited, one class a kind of value."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from app.gui.pages.settings.field import Field, Kind
from app.gui.pages.settings.words import value_text
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column, link

_SETTLE = 600
"""Milliseconds after which a number that is being stepped counts as chosen."""

_LINES_HEIGHT = 9 * GRID


class Editor(QWidget):
    """A field.

    Attributes:
        field: what is edited.
        inner: the widget of Qt that takes the keys.
        value: what the setting is.
    Signals:
        wanted: the user has chosen a value.
        typed: what stands in the field is not the value any more, or is it again (False).
    """

    wanted = Signal(object)
    typed = Signal(bool)

    def __init__(self, field: Field, inner: QWidget) -> None:
        super().__init__()
        self.field = field
        self.inner = inner
        self.value: Any = None
        self._asked: Any = None
        inner.setAccessibleName(field.title)
        inner.setAccessibleDescription(field.help)
        self.setFocusProxy(inner)
        self.setLayout(column(inner))
        inner.installEventFilter(self)

    def show_value(self, value: Any) -> None:
        """Show what the setting is."""
        self.value, self._asked = value, None

    def _ask(self, value: Any) -> None:
        """Have a value taken unless it is the setting's, or was asked for already and refused."""
        if value not in (self.value, self._asked):
            self._asked = value
            self.wanted.emit(value)

    @property
    def changing(self) -> bool:
        """Whether the user is in the middle of writing something else."""
        return False

    def settle(self) -> None:
        """What was asked for is what the setting is."""
        if self._asked is not None:
            self.value, self._asked = self._asked, None

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the field as one with a problem, or not."""
        # Only on a change: polishing a field of numbers anew takes the room left of its text.
        if bool(self.inner.property("wrong")) != wrong:
            self.inner.setProperty("wrong", wrong)
            self.inner.style().unpolish(self.inner)
            self.inner.style().polish(self.inner)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Leave the wheel to the page: nothing shall change because somebody scrolls by."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QComboBox | QSpinBox):
            event.ignore()
            return True
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if event.type() is QEvent.Type.FocusOut:
            self._on_left()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 - for those who need it
        return False

    def _on_left(self) -> None:
        """The user went to another field."""


class ChoiceEditor(Editor):
    """One of several."""

    def __init__(self, field: Field) -> None:
        self.box = QComboBox()
        super().__init__(field, self.box)
        for value, text in field.choices:
            self.box.addItem(text, value)
        self.box.activated.connect(lambda _place: self.wanted.emit(self.box.currentData()))

    def show_value(self, value: Any) -> None:
        """See Editor."""
        super().show_value(value)
        self.box.setCurrentIndex(self.box.findData(value))


class FlagEditor(Editor):
    """Yes or no."""

    def __init__(self, field: Field) -> None:
        self.box = QCheckBox()
        super().__init__(field, self.box)
        self.box.clicked.connect(self._on_clicked)

    def show_value(self, value: Any) -> None:
        """See Editor."""
        super().show_value(value)
        self.box.setChecked(bool(value))
        self._say(checked=bool(value))

    def _on_clicked(self) -> None:
        self._say(checked=self.box.isChecked())
        self.wanted.emit(self.box.isChecked())

    def _say(self, *, checked: bool) -> None:
        self.box.setText(tr("on") if checked else tr("off"))
        self.box.setAccessibleName(self.field.title)


class NumberEditor(Editor):
    """A whole number."""

    @property
    def changing(self) -> bool:
        """See Editor."""
        return self._timer.isActive()

    def __init__(self, field: Field) -> None:
        self.box = QSpinBox()
        super().__init__(field, self.box)
        # The style sheet's padding of a field of numbers does not reach its text.
        self.box.lineEdit().setTextMargins(GRID - 1, 0, 0, 0)
        self.box.setRange(field.low, field.high)
        self.box.setSingleStep(field.step)
        self.box.setGroupSeparatorShown(field.high > 100_000)
        self.box.setKeyboardTracking(False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE)
        self._timer.timeout.connect(self.commit)
        self.box.valueChanged.connect(lambda _value: self._timer.start())
        self.box.editingFinished.connect(self.commit)

    def show_value(self, value: Any) -> None:
        """See Editor."""
        super().show_value(value)
        self.box.blockSignals(True)
        self.box.setValue(int(value))
        self.box.blockSignals(False)
        self._timer.stop()

    def commit(self) -> None:
        """Have the number taken."""
        self._timer.stop()
        self._ask(self.box.value())


class TextEditor(Editor):
    """A text of one line, a size, an address."""

    @property
    def changing(self) -> bool:
        """See Editor."""
        return self.line.hasFocus() and self.line.text().strip() != str(self.value)

    def __init__(self, field: Field) -> None:
        self.line = QLineEdit()
        super().__init__(field, self.line)
        self.line.setPlaceholderText(field.example)
        self.line.setMaxLength(4096)
        self.line.editingFinished.connect(self.commit)
        self.line.textChanged.connect(lambda text: self.typed.emit(text.strip() != str(self.value)))

    def show_value(self, value: Any) -> None:
        """See Editor."""
        super().show_value(value)
        self.line.setText(str(value))
        self.line.setCursorPosition(0)
        self.typed.emit(False)

    def commit(self) -> None:
        """Have the text taken."""
        self._ask(self.line.text().strip())

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self.line.text() != str(self.value):
            self.show_value(self.value)
            return True
        return False


class LinesEditor(Editor):
    """Several texts, one a line; or pairs `name = value`."""

    @property
    def changing(self) -> bool:
        """See Editor."""
        return self.text.hasFocus() and self._lines() != _to_lines(self.value)

    def __init__(self, field: Field) -> None:
        self.text = QPlainTextEdit()
        super().__init__(field, self.text)
        self.text.setPlaceholderText(field.example)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFixedHeight(_LINES_HEIGHT)
        self.text.textChanged.connect(lambda: self.typed.emit(self._lines() != _to_lines(self.value)))

    def show_value(self, value: Any) -> None:
        """See Editor."""
        super().show_value(value)
        self.text.setPlainText("\n".join(_to_lines(value)))
        self.typed.emit(False)

    def commit(self) -> None:
        """Have the lines taken."""
        lines = self._lines()
        self._ask(_to_pairs(lines) if self.field.kind is Kind.pairs else lines)

    def _lines(self) -> list[str]:
        return [line.strip() for line in self.text.toPlainText().splitlines() if line.strip()]

    def _on_left(self) -> None:
        self.commit()

    def _on_key(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.commit()
            return True
        if event.key() == Qt.Key.Key_Escape and self._lines() != _to_lines(self.value):
            self.show_value(self.value)
            return True
        return False


class ElsewhereEditor(Editor):
    """Says the value and leads to the page where it is edited; `wanted` brings the name of that page."""

    def __init__(self, field: Field) -> None:
        self.button = link("", lambda: self.wanted.emit(field.page))
        super().__init__(field, self.button)
        self.button.setMinimumHeight(3 * GRID)

    def show_value(self, value: Any) -> None:
        """See Editor."""
        super().show_value(value)
        known = value_text(self.field.name, value)
        text = f"{known} …" if value else tr("Choose …")
        self.button.setText(self.button.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 260))
        self.button.setToolTip(known)
        self.button.setAccessibleName(f"{self.field.title}: {known}")


_EDITORS: dict[Kind, type[ChoiceEditor | FlagEditor | NumberEditor | TextEditor | LinesEditor | ElsewhereEditor]] = {
    Kind.choice: ChoiceEditor,
    Kind.flag: FlagEditor,
    Kind.number: NumberEditor,
    Kind.text: TextEditor,
    Kind.lines: LinesEditor,
    Kind.pairs: LinesEditor,
    Kind.elsewhere: ElsewhereEditor,
}


def make_editor(field: Field) -> Editor:
    """Return an editor for a field."""
    return _EDITORS[field.kind](field)


def _to_lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name} = {part}" for name, part in value.items()]
    return [str(part) for part in value or ()]


def _to_pairs(lines: list[str]) -> dict[str, str]:
    # A line without a sign goes as a name without a value: linnetd says what is wrong with it.
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}
