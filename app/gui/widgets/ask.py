"""Questions before something is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QWidget

from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row
from app.gui.widgets.forms import FormDialog


def confirm(
    parent: QWidget,
    title: str,
    text: str,
    verb: str,
    accepted: Callable[[], object],
    *,
    losses: Sequence[str] = (),
    danger: bool = True,
    options: Sequence[QWidget] = (),
) -> QDialog:
    """Ask whether something shall be done; `accepted` is called when yes.

    Args:
        parent: whose window is asked.
        title: the question, short.
        text: what will happen, in sentences.
        verb: the button that does it.
        accepted: does it.
        losses: what will be lost, one thing a line.
        danger: whether something is lost; then Cancel is the default.
        options: ticks that change what is done (their owner reads them in `accepted`), or other ways out.
    """
    dialog = QDialog(parent.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setMinimumWidth(440)
    content = column(label(title, "heading", wrap=True), label(text, wrap=True), margins=3 * GRID, spacing=GRID + 4)
    if losses:
        shown = QPlainTextEdit("\n".join(losses))
        shown.setReadOnly(True)
        shown.setAccessibleName(tr("What will be lost"))
        shown.setFixedHeight(min(180, 24 * len(losses) + 24))
        content.addWidget(shown)
    for option in options:
        content.addWidget(option)
    cancel = button(tr("Cancel"), dialog.reject)
    yes = button(verb, dialog.accept, primary=not danger, danger=danger)
    (cancel if danger else yes).setDefault(True)
    content.addLayout(row(None, cancel, yes))
    dialog.setLayout(content)
    dialog.accepted.connect(lambda: accepted())
    dialog.open()
    return dialog


def ask_text(
    parent: QWidget,
    title: str,
    prompt: str,
    verb: str,
    accepted: Callable[[str], object],
    *,
    value: str = "",
    check: Callable[[str], str] | None = None,
) -> QDialog:
    """Ask for a text. `check` returns what is wrong with it, "" when nothing is; `accepted` gets it."""
    dialog = FormDialog(parent, title, verb, width=440)
    field = QLineEdit(value)
    field.setAccessibleName(prompt)

    def judge(text: str) -> None:
        given = text.strip()
        dialog.tell(check(given) if check is not None and given else "", complete=bool(given))

    field.textChanged.connect(judge)
    judge(value)
    dialog.lay_out(label(prompt, wrap=True), field)
    dialog.accepted.connect(lambda: accepted(field.text().strip()))
    field.selectAll()
    dialog.open()
    return dialog
