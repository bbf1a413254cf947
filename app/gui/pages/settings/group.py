"""A group of settings: where they come from, and how they are changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.gui.pages.settings.field import Field, Kind, Value
from app.gui.pages.settings.settingrow import SettingRow
from app.gui.services import Services
from app.gui.text import explained, tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, column, label, line
from app.gui.widgets.forms import Remark
from vm.errors import LinnetError


@dataclass(frozen=True)
class Change:
    """A change that was made.

    Attributes:
        group: of the setting.
        title: of the setting.
        undo: takes it back.
        back: whether the change itself took another back.
    """

    group: Group
    title: str
    undo: Callable[[], None]
    back: bool


class Group(QWidget):
    """A heading and its rows; a subclass knows the values.

    Attributes:
        rows: by name.
    Signals:
        changed: a Change was made.
        elsewhere: a setting is edited on another page; its name.
    """

    changed = Signal(object)
    elsewhere = Signal(str)

    def __init__(self, services: Services, title: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self.services = services
        self.rows: dict[str, SettingRow] = {}
        self._heading = label(title, "heading")
        self._remark = Remark("muted", selectable=True)
        self._lines: dict[str, QWidget] = {}
        inner = column(spacing=0)
        inner.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        for field in fields:
            shown = self.rows[field.name] = SettingRow(field)
            shown.wanted.connect(self._wisher(field))
            if self._lines or len(self.rows) > 1:
                self._lines[field.name] = line()
                inner.addWidget(self._lines[field.name])
            inner.addWidget(shown)
        self._card = boxed(inner, "card")
        self._layout = column(self._heading, self._remark, self._card, spacing=GRID)
        self.setLayout(self._layout)
        self._card.setEnabled(False)
        self._search: list[str] = []

    @property
    def remark(self) -> str:
        """What is said about all of the group, "" when nothing."""
        return self._remark.text()

    @property
    def found(self) -> list[str]:
        """The names of the settings that the search leaves."""
        return [name for name, shown in self.rows.items() if not shown.isHidden()]

    def load(self) -> None:
        """Ask for the values and show them."""
        raise NotImplementedError

    def apply(self, name: str, value: Any, done: Callable[[], None], failed: Callable[[LinnetError], None]) -> None:
        """Have a value taken, None for the default; then call `done` or `failed`."""
        raise NotImplementedError

    def search(self, words: list[str]) -> int:
        """Show only what all words are found in; return how many settings that is."""
        self._search = words
        first = True
        for name, shown in self.rows.items():
            match = shown.matches(words)
            shown.setVisible(match)
            if (above := self._lines.get(name)) is not None:
                above.setVisible(match and not first)
            first = first and not match
        found = len(self.found)
        self.setVisible(bool(found))
        return found

    def change(self, name: str, value: Any, *, back: bool = False) -> None:
        """Have the user's wish be done, and say what came of it. `back`: it takes another change back."""
        shown = self.rows[name]
        before = shown.value
        if before is None:
            return
        shown.tell_busy()

        def done() -> None:
            shown.accept()
            old = before.value if before.changed else None
            self.changed.emit(Change(self, shown.field.title, lambda: self.change(name, old, back=True), back))
            self.load()

        def failed(error: LinnetError) -> None:
            shown.refuse(explained(error))

        self.apply(name, value, done, failed)

    def say(self, text: str, kind: str = "muted") -> None:
        """Say something about all of the group, "" for nothing."""
        self._remark.say(text, kind)

    def show_title(self, title: str) -> None:
        """Call the group something else."""
        self._heading.setText(title)

    def show_values(self, answer: dict[str, Any]) -> None:
        """Show what the local API told of settings."""
        problems: dict[str, str] = {}
        others: list[str] = []
        for problem in answer["problems"]:
            name = problem["field"].partition("[")[0]
            if name in self.rows:
                problems[name] = f"{problems.get(name, '')} {problem['message']}".strip()
            else:
                place = tr("line {number}: ", number=problem["line"]) if problem["line"] else ""
                others.append(f"{place}{problem['field']}: {problem['message']}")
        for one in answer["values"]:
            shown = self.rows.get(one["name"])
            if shown is not None:
                changed = one["origin"] != "default"
                place = f"{answer['path']}:{one['line']}" if one["line"] else ""
                shown.show_value(Value(one["value"], one["default"], changed, place), problems.get(one["name"], ""))
        self.say("\n".join(others), "warn")
        self._card.setEnabled(True)
        self._card.show()

    def show_failure(self, error: LinnetError) -> None:
        """Say why there are no values."""
        self.say(explained(error), "bad")
        self._card.setEnabled(False)

    def show_nothing(self, why: str) -> None:
        """Say why there is nothing to set."""
        self.say(why)
        self._card.hide()

    def _wisher(self, field: Field) -> Callable[[Any], None]:
        def wish(value: Any) -> None:
            if field.kind is Kind.elsewhere and value is not None:
                self.elsewhere.emit(field.page)
            else:
                self.change(field.name, value)

        return wish
