"""A short list in a card: what it is about, a line for each entry, a button that adds one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import boxed, button, card, clear, column, label, line, row
from app.gui.widgets.forms import Remark


@dataclass(frozen=True)
class Entry:
    """One line.

    Attributes:
        title: what stands out.
        text: what stands behind it.
        actions: name of each button, what it is to a screen reader, what it does.
    """

    title: str
    text: str
    actions: Sequence[tuple[str, str, Callable[[], object]]]


class EntryCard(QWidget):
    """The card.

    Attributes:
        add: the button that adds an entry.
        entries: what is shown.
    """

    def __init__(self, title: str, hint: str, add: str, clicked: Callable[[], object]) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.add = button(add, clicked)
        self._hint = label(hint, "hint", wrap=True)
        self._said = Remark("muted")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        head = row(column(label(title, "heading"), self._hint, spacing=4), self.add)
        head.setStretch(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card(head, self._said, self._lines))

    @property
    def said(self) -> str:
        """What stands in place of, or above, the entries."""
        return "" if self._said.isHidden() else self._said.text()

    def say_hint(self, text: str) -> None:
        """Explain something else."""
        self._hint.setText(text)

    def show_entries(self, entries: Sequence[Entry], none: str) -> None:
        """Show entries; `none` is said when there are none."""
        self.entries = list(entries)
        clear(self._lines)
        for entry in entries:
            self._lines.addWidget(line())
            self._lines.addWidget(_line(entry))
        self.say("" if entries else none)

    def say(self, text: str, kind: str = "muted") -> None:
        """Say something above the entries, "" for nothing."""
        self._said.say(text, kind)


def _line(entry: Entry) -> QWidget:
    title, text = label(entry.title, selectable=True), label(entry.text, "muted", selectable=True)
    title.setMinimumWidth(24 * GRID)
    text.setMinimumWidth(1)
    buttons = []
    for name, spoken, done in entry.actions:
        made = button(name, done, flat=True)
        made.setAccessibleName(spoken or tr("{action}: {what}", action=name, what=entry.title))
        buttons.append(made)
    content = row(title, text, *buttons)
    content.setStretch(1, 1)
    content.setContentsMargins(0, GRID // 2, 0, GRID // 2)
    return boxed(content)
