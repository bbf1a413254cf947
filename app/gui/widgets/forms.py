"""Forms: names left, fields right, in one line with each other; and the dialogs that have them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QLayout, QWidget

from app.gui.text import tr
from app.gui.theme import GRID
from app.gui.widgets.basics import button, column, label, row, set_kind

_LINE = 4 * GRID
"""Height of a field of one line, pixels."""


def form() -> QFormLayout:
    """Return an empty form."""
    made = QFormLayout()
    made.setHorizontalSpacing(2 * GRID)
    made.setVerticalSpacing(GRID + 4)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return made


def add_field(to: QFormLayout, text: str, field: QWidget | QLayout) -> None:
    """Add a field; one that is a widget is called `text` by screen readers, unless it has a name already."""
    title = label(text)
    title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    title.setMinimumHeight(_LINE)
    if isinstance(field, QLayout):
        to.addRow(title, field)
        return
    title.setBuddy(field)
    if not field.accessibleName():
        field.setAccessibleName(text)
    to.addRow(title, field)


class Remark(QLabel):
    """A sentence that is there only while there is something to say; a dialog grows for it."""

    def __init__(self, kind: str, *, selectable: bool = False) -> None:
        """`kind`, `selectable`: as of `label`."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()
        set_kind(self, kind)

    def say(self, text: str, kind: str = "") -> None:
        """Say something, "" for nothing. `kind`: as of `label`; "" for the one that it has."""
        if kind:
            set_kind(self, kind)
        if text == self.text():
            return
        self.setText(text)
        self.setVisible(bool(text))
        window = self.window()
        layout = window.layout()
        if isinstance(window, QDialog) and layout is not None and window.isVisible():
            # A wrapped text knows its height only once its width is set.
            layout.activate()
            window.resize(window.width(), max(window.height(), window.heightForWidth(window.width())))


class FormDialog(QDialog):
    """A dialog that asks for something: fields, what is wrong with them, Cancel and the button that does it.

    A subclass makes its fields, lays them out with `lay_out`, and says with `tell` what it thinks of them.

    Attributes:
        yes: the button that does it.
        remark: what is wrong.
    """

    def __init__(self, parent: QWidget, title: str, verb: str, *, width: int = 520) -> None:
        """`parent`: whose window is asked; `verb`: what `yes` says; `width`: pixels at least."""
        super().__init__(parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.remark = Remark("bad")
        self.yes = button(verb, self.accept, primary=True)
        self.yes.setDefault(True)

    @property
    def problem(self) -> str:
        """What is wrong, "" when nothing."""
        return self.remark.text()

    def lay_out(self, *items: QWidget | QLayout | int, spacing: int = GRID) -> None:
        """Put items below the title, as `column` does; what is wrong is said below them unless it is one of them."""
        below = () if self.remark in items else (self.remark,)
        self.setLayout(
            column(
                label(self.windowTitle(), "heading", wrap=True),
                *items,
                *below,
                row(None, button(tr("Cancel"), self.reject), self.yes),
                margins=3 * GRID,
                spacing=spacing,
            )
        )

    def tell(self, wrong: str, *, complete: bool = True) -> None:
        """Say what is wrong, "" for nothing. `complete`: whether all is there that is needed."""
        self.remark.say(wrong)
        self.yes.setEnabled(complete and not wrong)
