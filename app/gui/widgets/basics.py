"""Labels, buttons, lines and boxes as the whole window has them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.icons import Icons
from app.gui.theme import GRID


def label(text: str = "", kind: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """Return a text. `kind`: title, heading, muted, hint, good, warn or bad."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        made.setObjectName(kind)
    if wrap:
        made.setWordWrap(True)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def set_kind(widget: QWidget, kind: str) -> None:
    """Give a label another kind."""
    if widget.objectName() != kind:
        widget.setObjectName(kind)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(
    text: str,
    clicked: Callable[[], object] | None = None,
    *,
    primary: bool = False,
    danger: bool = False,
    flat: bool = False,
    tip: str = "",
) -> QPushButton:
    """Return a button with a text."""
    made = QPushButton(text)
    made.setAccessibleName(text)
    made.setProperty("primary", primary)
    made.setProperty("danger", danger)
    made.setProperty("flat", flat)
    made.setAutoDefault(False)
    if tip:
        made.setToolTip(tip)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def set_primary(made: QPushButton, *, primary: bool) -> None:
    """Have a button be the one that matters, or not."""
    if made.property("primary") != primary:
        made.setProperty("primary", primary)
        made.style().unpolish(made)
        made.style().polish(made)


def link(text: str, clicked: Callable[[], object], *, tip: str = "") -> QPushButton:
    """Return a text that leads somewhere."""
    made = button(text, clicked, tip=tip)
    made.setObjectName("link")
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def inset(spin: QAbstractSpinBox) -> None:
    """Have the number in a field begin where texts of other fields do; a style sheet cannot."""
    spin.lineEdit().setTextMargins(GRID - 2, 0, 0, 0)


def icon_button(
    icons: Icons,
    icon: str,
    name: str,
    clicked: Callable[[], object] | None = None,
    *,
    shortcut: str = "",
    checkable: bool = False,
    tone: str = "",
) -> QToolButton:
    """Return a flat button with an icon; `name` is its accessible name and tip."""
    made = QToolButton()
    icons.dress(made, icon, tone)
    made.setIconSize(QSize(18, 18))
    made.setAccessibleName(name)
    made.setProperty("flat", True)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    tip = name
    if shortcut:
        made.setShortcut(QKeySequence(shortcut))
        tip = f"{name} ({QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)})"
    made.setToolTip(tip)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def menu_button(icons: Icons, icon: str, name: str, menu: QMenu) -> QToolButton:
    """Return a flat button that opens a menu."""
    made = icon_button(icons, icon, name)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setMenu(menu)
    return made


def action(
    parent: QWidget, text: str, triggered: Callable[[], object], *, shortcut: str = "", enabled: bool = True
) -> QAction:
    """Return an action for menus; a shortcut works while `parent` or what is in it has the focus."""
    made = QAction(text, parent)
    made.setEnabled(enabled)
    if shortcut:
        made.setShortcut(QKeySequence(shortcut))
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.triggered.connect(lambda _checked=False: triggered())
    return made


def row(*items: QWidget | QLayout | int | None, spacing: int = GRID, margins: int = 0) -> QHBoxLayout:
    """Return a row of widgets and layouts; None is room that grows, a number that many pixels."""
    made = QHBoxLayout()
    _fill(made, items, spacing, margins)
    return made


def column(*items: QWidget | QLayout | int | None, spacing: int = GRID, margins: int = 0) -> QVBoxLayout:
    """Return a column of widgets and layouts; None is room that grows, a number that many pixels."""
    made = QVBoxLayout()
    _fill(made, items, spacing, margins)
    return made


def boxed(layout: QLayout, name: str = "") -> QWidget:
    """Return a widget with a layout. `name`: card for a frame with a background."""
    made: QWidget = QFrame() if name == "card" else QWidget()
    if name:
        made.setObjectName(name)
    made.setLayout(layout)
    return made


def card(*items: QWidget | QLayout | int | None, spacing: int = GRID) -> QWidget:
    """Return a framed column."""
    return boxed(column(*items, spacing=spacing, margins=2 * GRID), "card")


def scrolled(layout: QLayout, name: str = "") -> QScrollArea:
    """Return a layout in an area that is scrolled when there is too little room. `name`: for screen readers."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setAccessibleName(name)
    made.setWidget(boxed(layout))
    return made


def line() -> QFrame:
    """Return a horizontal line."""
    made = QFrame()
    made.setObjectName("line")
    return made


def clear(layout: QLayout) -> None:
    """Delete all that a layout holds."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def _fill(layout: QHBoxLayout | QVBoxLayout, items: tuple[object, ...], spacing: int, margins: int) -> None:
    layout.setSpacing(spacing)
    layout.setContentsMargins(margins, margins, margins, margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
