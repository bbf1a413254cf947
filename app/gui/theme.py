"""Colours, spacing and the style sheet, light and dark."""

from __future__ import annotations

import string
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

GRID = 8
"""Pixels; every distance is a multiple, or half, of it."""

ROW = 40
"""Height of a row of a list, pixels."""

LINE = 28
"""Height of a row of a small list, in dialogs and tabs, pixels."""

RADIUS = 6


@dataclass(frozen=True)
class Colours:
    """One scheme. All values are CSS colours."""

    window: str
    """Behind everything."""
    sidebar: str
    surface: str
    """Lists, cards, fields."""
    raised: str
    """Hovered rows, buttons."""
    line: str
    """Separators and outlines."""
    text: str
    muted: str
    accent: str
    accent_text: str
    """On the accent colour."""
    selection: str
    good: str
    warn: str
    bad: str
    terminal: str
    terminal_text: str


LIGHT = Colours(
    window="#f6f6f7",
    sidebar="#ececef",
    surface="#ffffff",
    raised="#f0f0f3",
    line="#dcdce1",
    text="#1c1d22",
    muted="#62656f",
    accent="#b3402b",
    accent_text="#ffffff",
    selection="#f7dfd9",
    good="#1f7a3f",
    warn="#8a5a00",
    bad="#b3261e",
    terminal="#fbfbfc",
    terminal_text="#1c1d22",
)

DARK = Colours(
    window="#1b1c20",
    sidebar="#16171a",
    surface="#222328",
    raised="#2c2e34",
    line="#36383f",
    text="#ececf0",
    muted="#9ea1ac",
    accent="#e8755c",
    accent_text="#1b1c20",
    selection="#4a2d27",
    good="#58c27d",
    warn="#e0a83e",
    bad="#f2766b",
    terminal="#141518",
    terminal_text="#e6e6ea",
)

_SHEET = string.Template("""
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog, QWidget#page, QStackedWidget, QScrollArea, QWidget#form { background: $window; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QWidget#sidebar { background: $sidebar; border-right: 1px solid $line; }
QLabel { background: transparent; }
QLabel#title { font-size: 20px; font-weight: 600; }
QLabel#heading { font-size: 15px; font-weight: 600; }
QLabel#muted, QLabel#hint { color: $muted; }
QLabel#good { color: $good; } QLabel#warn { color: $warn; } QLabel#bad { color: $bad; }
QFrame#card { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame#banner { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame#banner[tone="bad"] { border-color: $bad; } QFrame#banner[tone="warn"] { border-color: $warn; }
QFrame#line { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame#toast { background: $surface; border: 1px solid $line; border-radius: 8px; }
QPushButton, QToolButton {
  background: $surface; border: 1px solid $line; border-radius: 6px; padding: 5px 12px; min-height: 20px; }
QPushButton:hover, QToolButton:hover { background: $raised; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: $window; }
QPushButton[primary="true"] { background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton[primary="true"]:hover { border-color: $text; }
QPushButton[primary="true"]:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton[danger="true"] { color: $bad; }
QPushButton[danger="true"]:disabled { color: $muted; }
QToolButton[flat="true"], QPushButton[flat="true"] {
  background: transparent; border-color: transparent; padding: 5px 8px; }
QToolButton[flat="true"]:hover, QPushButton[flat="true"]:hover { background: $raised; }
QToolButton[flat="true"]:focus, QPushButton[flat="true"]:focus { border-color: $accent; }
QToolButton[flat="true"]:checked { background: $selection; }
QToolButton::menu-indicator { image: none; }
QPushButton#nav { text-align: left; border: 1px solid transparent; background: transparent; padding: 6px 10px; }
QPushButton#nav:hover { background: $raised; }
QPushButton#nav:checked { background: $selection; font-weight: 600; }
QPushButton#nav:focus { border-color: $accent; }
QPushButton#link { background: transparent; border: none; border-bottom: 1px solid transparent; color: $accent;
  padding: 0; min-height: 0; text-align: left; }
QPushButton#link:hover, QPushButton#link:focus { border-bottom-color: $accent; }
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
  background: $surface; border: 1px solid $line; border-radius: 6px; padding: 5px 8px; min-height: 20px;
  selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
  border-color: $accent; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border-color: $bad; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($arrow_down); width: 14px; height: 14px; }
QSpinBox, QDoubleSpinBox { padding-right: 24px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
  background: transparent; border: none; width: 22px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($arrow_up); width: 12px; height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($arrow_down); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line; selection-background-color: $selection;
  selection-color: $text; }
QTableView, QTreeView, QListView { background: $surface; border: 1px solid $line; border-radius: 8px;
  selection-background-color: $selection; selection-color: $text; alternate-background-color: $surface; }
QTableView::item, QTreeView::item, QListView::item { padding: 0 8px; border: none; }
QTreeView::item, QListView::item { min-height: 26px; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: $raised; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: $selection; color: $text; }
QTableView:focus, QTreeView:focus, QListView:focus { border-color: $accent; }
QHeaderView { background: $surface; border: none; border-top-left-radius: 8px; border-top-right-radius: 8px; }
QHeaderView::section { background: transparent; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 6px 11px; font-weight: 500; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
  padding: 6px 10px; margin-right: 4px; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; top: -1px; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; } QSplitter::handle:vertical { height: 1px; }
QMenu { background: $surface; border: 1px solid $line; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selection; } QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenuBar { background: $window; } QMenuBar::item { padding: 4px 8px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px 6px; }
QProgressBar { background: $raised; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; padding: 2px; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
  width: 14px; height: 14px; border: 1px solid $muted; border-radius: 4px; background: $surface; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
  background: $accent; border-color: $accent; image: url("$tick"); }
QRadioButton::indicator { border-radius: 8px; }
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $window; }
QSlider { min-height: 24px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $surface; border: 2px solid $accent; width: 14px; margin: -7px 0;
  border-radius: 9px; }
QScrollBar:vertical { width: 10px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 10px; background: transparent; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QStatusBar { background: $sidebar; color: $muted; border-top: 1px solid $line; }
""")


_ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"
_TICKS = {False: _ICONS / "tick-light.svg", True: _ICONS / "tick-dark.svg"}
"""What stands in a ticked box, in the colour that can be seen on the accent."""


class Theme(QObject):
    """The scheme in use.

    Signals:
        changed: another scheme is in use; what paints by itself paints anew.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._wanted = "system"
        self.colours = LIGHT
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply)

    @property
    def dark(self) -> bool:
        """Whether the dark scheme is in use."""
        return self.colours is DARK

    def use(self, wanted: str) -> None:
        """Use a scheme: `system`, `light` or `dark`."""
        self._wanted = wanted
        self._apply()

    def colour(self, tone: str) -> QColor:
        """Return the colour of a tone, the text's for an unknown one."""
        return QColor(getattr(self.colours, tone or "text", self.colours.text))

    def fixed_font(self, size: int = 0) -> QFont:
        """Return the font of logs and terminals; `size` in points, 0 for the application's own."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSize(size or max(9, self._app.font().pointSize()))
        return font

    def _apply(self) -> None:
        dark = self._wanted == "dark"
        if self._wanted == "system":
            dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        self.colours = DARK if dark else LIGHT
        self._app.setPalette(_palette(self.colours))
        self._app.setStyleSheet(
            _SHEET.substitute(asdict(self.colours), tick=_TICKS[dark].as_posix(), **_arrows(dark=dark))
        )
        self.changed.emit()


def _arrows(*, dark: bool) -> dict[str, str]:
    # A style sheet takes pictures only from files.
    scheme = "dark" if dark else "light"
    return {f"arrow_{way}": (_ICONS / f"arrow-{way}-{scheme}.svg").as_posix() for way in ("up", "down")}


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.raised,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.bad,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.accent_text,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.PlaceholderText: colours.muted,
        role.Mid: colours.line,
        role.Dark: colours.line,
        role.Light: colours.raised,
    }.items():
        palette.setColor(name, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, name, QColor(colours.muted))
    return palette
