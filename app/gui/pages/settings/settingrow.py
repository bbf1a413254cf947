"""One setting on the page: its words left, its field right, its default, its problem."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.gui.pages.settings.editors import make_editor
from app.gui.pages.settings.field import Field, Kind, Value
from app.gui.pages.settings.words import value_text
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import column, label, link, row, set_kind
from app.gui.widgets.forms import Remark

EDITOR_WIDTH = 37 * GRID


class SettingRow(QWidget):
    """One setting.

    Attributes:
        field: what it is.
        value: what it is now, None before that is known.
        editor: its field.
        reset: the way back to the default; shown while there is one.
    Signals:
        wanted: the user wants a value, None for the default.
    """

    wanted = Signal(object)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.value: Value | None = None
        self._refused = False
        self._busy = False
        self.editor = make_editor(field)
        self.editor.setFixedWidth(EDITOR_WIDTH)
        self.editor.wanted.connect(self.wanted.emit)
        self.editor.typed.connect(self._on_typed)
        self._title = label(field.title)
        font = self._title.font()
        font.setWeight(font.Weight.DemiBold)
        self._title.setFont(font)
        self._title.setToolTip(field.name)
        self._waits = label("", "muted")
        self._note = label("", "muted")
        self.reset = link("", lambda: self.wanted.emit(None))
        self._problem = Remark("bad", selectable=True)
        words = column(
            row(self._title, self._waits, None), label(field.help, "muted", wrap=True), None, spacing=GRID // 2
        )
        layout = QGridLayout(self)
        layout.setContentsMargins(0, GRID + 4, 0, GRID + 4)
        layout.setHorizontalSpacing(4 * GRID)
        layout.setVerticalSpacing(GRID // 2)
        layout.setColumnStretch(0, 1)
        layout.addLayout(words, 0, 0)
        layout.addLayout(column(self.editor, row(self._note, self.reset, None, spacing=0), None, spacing=4), 0, 1)
        layout.addWidget(self._problem, 1, 0, 1, 2)
        self.set_waiting(waiting=False)
        self._show_default()

    @property
    def problem(self) -> str:
        """What is said to be wrong, "" when nothing."""
        return self._problem.text()

    @property
    def note(self) -> str:
        """What is said under the field."""
        return self._note.text() or self.reset.text()

    def show_value(self, value: Value, problem: str = "") -> None:
        """Show what the setting is now, and what is wrong with what its file says.

        What the user wrote and linnetd refused goes on standing there, so that it can be mended.
        """
        if self._busy:
            return
        before, self.value = self.value, value
        if self._refused and before is not None and before.value == value.value:
            return
        self._refused = False
        if not self.editor.changing:
            self.editor.show_value(value.value)
            self._show_default()
        self._tell_problem(problem)

    def refuse(self, text: str) -> None:
        """Say why what the user wants cannot be."""
        self._refused, self._busy = True, False
        self._show_default()
        self._tell_problem(text)

    def accept(self) -> None:
        """What the user wanted is so now."""
        self._refused = self._busy = False
        self.editor.settle()

    def show_again(self) -> None:
        """Show the value instead of what the user has begun to change."""
        self._refused = self._busy = False
        self._tell_problem("")
        if self.value is not None:
            self.editor.show_value(self.value.value)
            self._show_default()

    def tell_busy(self) -> None:
        """Say that the change is being made; what is loaded meanwhile may be older than it and is not shown."""
        self._busy = True
        self._say(tr("Changing …"))

    def set_waiting(self, *, waiting: bool) -> None:
        """Say whether a change of it waits for a restart of the machine."""
        set_kind(self._waits, "warn" if waiting else "muted")
        self._waits.setText(tr("waits for a restart") if waiting else tr("needs a restart"))
        self._waits.setVisible(self.field.restart)

    def matches(self, words: list[str]) -> bool:
        """Tell whether all words of a search are found here."""
        return all(word in self.field.words for word in words)

    def _show_default(self) -> None:
        value = self.value
        if value is None:
            self._say("")
            return
        if not value.changed:
            self._say(tr("Default"))
            return
        default = value_text(self.field.name, value.default)
        if self.field.choices:
            default = dict(self.field.choices).get(value.default, default)
        text = tr("Back to the default: {value}", value=default)
        self._note.setText("")
        self._note.hide()
        self.reset.setText(
            self.reset.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, EDITOR_WIDTH - 2 * GRID)
        )
        self.reset.setAccessibleName(f"{self.field.title}: {text}")
        self.reset.setToolTip(value.place or text)
        self.reset.show()

    def _say(self, text: str) -> None:
        self.reset.hide()
        self.reset.setText("")
        self._note.setText(text)
        self._note.show()

    def _tell_problem(self, text: str) -> None:
        self._problem.say(text)
        self.editor.set_wrong(wrong=bool(text))

    def _on_typed(self, different: Any) -> None:
        if not different:
            self._show_default()
            if self._refused:
                self._refused = False
                self._tell_problem("")
        elif self.field.kind in (Kind.lines, Kind.pairs):
            self._say(tr("Ctrl+Enter applies it, Esc takes it back."))
        else:
            self._say(tr("Enter applies it, Esc takes it back."))
