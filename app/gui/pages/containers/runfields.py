"""Fields of the form: a title, the field, what is wrong below it; and lists of such lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.gui.icons import Icons
from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, icon_button, label
from app.gui.widgets.forms import Remark

Check = Callable[[str], str]


def mark_wrong(field: QLineEdit, *, wrong: bool) -> None:
    """Draw a field as wrong, or as right again."""
    if bool(field.property("wrong")) != wrong:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)


class TextField(QWidget):
    """A line of text with a title above and a problem below.

    Signals:
        edited: the text is another.
    """

    edited = Signal()

    def __init__(self, title: str, hint: str = "", check: Check | None = None) -> None:
        """`hint`: shown while the field is empty."""
        super().__init__()
        self._check = check
        self._touched = False
        self.field = QLineEdit()
        self.field.setAccessibleName(title)
        self.field.setPlaceholderText(hint)
        self.problem = Remark("bad")
        name = label(title)
        name.setBuddy(self.field)
        self.setLayout(column(name, self.field, self.problem, spacing=GRID // 2))
        self.field.textChanged.connect(self._on_text)
        self.field.editingFinished.connect(self._on_left)

    @property
    def text(self) -> str:
        """What was typed, without spaces around it."""
        return self.field.text().strip()

    def judge(self, *, show: bool = False) -> str:
        """Return what is wrong. `show`: say so below the field too, also when the user was not there yet."""
        self._touched = self._touched or show
        wrong = self._check(self.text) if self._check is not None else ""
        shown = wrong if self._touched else ""
        self.problem.say(shown)
        self.field.setAccessibleDescription(shown)
        mark_wrong(self.field, wrong=bool(shown))
        return wrong

    def _on_text(self, _text: str) -> None:
        self.judge()
        self.edited.emit()

    def _on_left(self) -> None:
        if self.text:
            self._touched = True
        self.judge()


@dataclass(frozen=True)
class Part:
    """One field of a line of a list.

    Attributes:
        name: for screen readers and, unless there is a hint, as the placeholder.
        hint: shown while the field is empty.
        choices: value and text of each, for a choice instead of a text.
        tick: whether it is a tick.
        width: pixels, 0 for the room that is left.
    """

    name: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    tick: bool = False
    width: int = 0


Values = tuple[str, ...]


class Line(QWidget):
    """One line: its fields and a button that removes it.

    Signals:
        edited: a value is another.
        gone: it shall be removed.
    """

    edited = Signal()
    gone = Signal()

    def __init__(self, parts: Sequence[Part], icons: Icons, check: Callable[[Values], str]) -> None:
        super().__init__()
        self._check = check
        self._touched = False
        self.fields: list[QLineEdit | QComboBox | QCheckBox] = [self._make(part) for part in parts]
        self.problem = Remark("bad")
        fields = QHBoxLayout()
        fields.setSpacing(GRID)
        for field, part in zip(self.fields, parts, strict=True):
            fields.addWidget(field, 0 if part.width or part.tick else 1)
        fields.addWidget(icon_button(icons, "close", tr("Remove this line"), self.gone.emit))
        self.extra = fields
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(fields)
        layout.addWidget(self.problem)

    @property
    def values(self) -> Values:
        """Texts of the fields; "1" or "" for a tick."""
        found = []
        for field in self.fields:
            if isinstance(field, QLineEdit):
                found.append(field.text().strip())
            elif isinstance(field, QComboBox):
                found.append(str(field.currentData()))
            else:
                found.append("1" if field.isChecked() else "")
        return tuple(found)

    def set_values(self, values: Values) -> None:
        """Fill the fields."""
        for field, value in zip(self.fields, values, strict=True):
            if isinstance(field, QLineEdit):
                field.setText(value)
            elif isinstance(field, QComboBox):
                field.setCurrentIndex(max(0, field.findData(value)))
            else:
                field.setChecked(bool(value))

    @property
    def empty(self) -> bool:
        """Whether nothing was typed: then the line means nothing."""
        texts = [field.text().strip() for field in self.fields if isinstance(field, QLineEdit)]
        return not any(texts)

    def judge(self, *, show: bool = False) -> str:
        """Return what is wrong; see TextField."""
        self._touched = self._touched or show
        wrong = "" if self.empty else self._check(self.values)
        shown = wrong if self._touched else ""
        self.problem.say(shown)
        return wrong

    def _make(self, part: Part) -> QLineEdit | QComboBox | QCheckBox:
        made: QLineEdit | QComboBox | QCheckBox
        if part.tick:
            made = QCheckBox(part.name)
            made.toggled.connect(self._on_edited)
        elif part.choices:
            made = QComboBox()
            for value, text in part.choices:
                made.addItem(text, value)
            made.currentIndexChanged.connect(self._on_edited)
        else:
            made = QLineEdit()
            made.setPlaceholderText(part.hint or part.name)
            made.textChanged.connect(self._on_edited)
            made.editingFinished.connect(self._on_left)
        made.setAccessibleName(part.name)
        made.setToolTip(part.name)
        if part.width:
            made.setFixedWidth(part.width)
        return made

    def _on_edited(self, *_: object) -> None:
        self.judge()
        self.edited.emit()

    def _on_left(self) -> None:
        if all(field.text().strip() for field in self.fields if isinstance(field, QLineEdit)):
            self._touched = True
        self.judge()


class Lines(QWidget):
    """A list of lines, to which the user adds.

    Signals:
        edited: a line is another, came or went.
        added: a Line came.
    """

    edited = Signal()
    added = Signal(object)

    def __init__(self, parts: Sequence[Part], icons: Icons, add: str, check: Callable[[Values], str]) -> None:
        """`add`: what stands on the button that adds a line."""
        super().__init__()
        self._parts = parts
        self._icons = icons
        self._check = check
        self.lines: list[Line] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(GRID)
        self.add_button = button(add, lambda: self.add().fields[0].setFocus())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(self._column)
        bottom = QHBoxLayout()
        bottom.addWidget(self.add_button)
        bottom.addStretch(1)
        layout.addLayout(bottom)

    @property
    def values(self) -> list[Values]:
        """Values of all lines that mean something."""
        return [line.values for line in self.lines if not line.empty]

    def add(self, values: Values | None = None) -> Line:
        """Add a line and return it."""
        line = Line(self._parts, self._icons, self._check)
        if values is not None:
            line.set_values(values)
        self.lines.append(line)
        self._column.addWidget(line)
        line.edited.connect(self.edited)
        line.gone.connect(lambda: self._remove(line))
        self.added.emit(line)
        self.edited.emit()
        return line

    def judge(self, *, show: bool = False) -> str:
        """Return what is wrong with the first line that has something wrong."""
        problems = [line.judge(show=show) for line in self.lines]
        return next(filter(None, problems), "")

    def _remove(self, line: Line) -> None:
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.add_button.setFocus()
        self.edited.emit()
