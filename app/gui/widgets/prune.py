"""The question before things that nobody uses are removed: exactly which, and how much room they take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QListWidget, QListWidgetItem, QRadioButton, QWidget

from app.gui.text import count, tr
from app.gui.theme import GRID, LINE
from app.gui.widgets.basics import button, column, label, row
from vm.units import human_size


@dataclass(frozen=True)
class Candidate:
    """One thing that may go.

    Attributes:
        key: what it is told apart by.
        title: what people call it.
        size: bytes that it takes; None when that is not known.
    """

    key: str
    title: str
    size: int | None


@dataclass(frozen=True)
class Choice:
    """One way to clear up: a phrase, and what would go."""

    title: str
    candidates: Sequence[Candidate]


class PruneDialog(QDialog):
    """Shows what goes for each choice; things can be spared by taking their tick away."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        choices: Sequence[Choice],
        accepted: Callable[[list[Candidate]], object],
        *,
        note: str = "",
    ) -> None:
        """`accepted` gets what shall go; `note` stands below the sum."""
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(560, 480)
        self._choices = choices
        self._group = QButtonGroup(self)
        content = column(label(title, "heading", wrap=True), label(text, wrap=True), margins=3 * GRID, spacing=GRID + 4)
        for place, choice in enumerate(choices):
            made = QRadioButton(f"{choice.title} ({len(choice.candidates)})")
            made.setAccessibleName(choice.title)
            self._group.addButton(made, place)
            content.addWidget(made)
            made.setVisible(len(choices) > 1)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("What will be lost"))
        self.list.itemChanged.connect(self._on_ticked)
        self._sum = label("")
        cancel = button(tr("Cancel"), self.reject)
        cancel.setDefault(True)
        cancel.setFocus()
        self.yes = button(tr("Remove"), self.accept, danger=True)
        content.addWidget(self.list, 1)
        content.addWidget(self._sum)
        if note:
            content.addWidget(label(note, "hint", wrap=True))
        content.addLayout(row(None, cancel, self.yes))
        self.setLayout(content)
        self._group.idClicked.connect(self._show)
        first = next((place for place, choice in enumerate(choices) if choice.candidates), 0)
        self._group.button(first).setChecked(True)
        self._show(first)
        self.accepted.connect(lambda: accepted(self.chosen()))

    def choose(self, place: int) -> None:
        """Take another of the choices."""
        self._group.button(place).setChecked(True)
        self._show(place)

    def chosen(self) -> list[Candidate]:
        """Return what goes as things are ticked now."""
        items = [self.list.item(place) for place in range(self.list.count())]
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked]

    @property
    def summary(self) -> str:
        """What is said about all that goes."""
        return self._sum.text()

    def _show(self, place: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for candidate in self._choices[place].candidates:
            size = "" if candidate.size is None else f"  ·  {human_size(candidate.size)}"
            item = QListWidgetItem(f"{candidate.title}{size}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(Qt.ItemDataRole.UserRole, candidate)
            item.setSizeHint(QSize(0, LINE))
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._on_ticked()

    def _on_ticked(self, *_: object) -> None:
        chosen = self.chosen()
        size = sum(one.size or 0 for one in chosen)
        self.yes.setEnabled(bool(chosen))
        if chosen:
            shown = human_size(size)
            known = all(one.size is not None for one in chosen)
            if known:
                text = count("{n} goes, up to {size}.", "{n} go, up to {size}.", len(chosen), size=shown)
            else:
                text = count(
                    "{n} goes; how much it takes is not known.", "{n} go; how much some take is not known.", len(chosen)
                )
            self._sum.setText(text)
        else:
            self._sum.setText(tr("There is nothing to remove."))
