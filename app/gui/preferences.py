"""What the window remembers: the user's choices for it, sizes, columns, sort order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from app.gui.text import mark


@dataclass(frozen=True)
class Preference:
    """A choice that the user has.

    Attributes:
        name: in the file.
        title, help: English; translated where they are shown.
        default: its type is the choice's type.
        choices: value and title of each, for a choice among several.
    """

    name: str
    title: str
    help: str
    default: str | bool | int
    choices: tuple[tuple[str, str], ...] = ()


PREFERENCES = (
    Preference(
        "language",
        mark("Language"),
        mark("The language of the window."),
        "",
        (("", mark("The system's")), ("en", "English"), ("ko", "한국어")),
    ),
    Preference(
        "theme",
        mark("Appearance"),
        mark("Light or dark."),
        "system",
        (("system", mark("The system's")), ("light", mark("Light")), ("dark", mark("Dark"))),
    ),
    Preference("start_hidden", mark("Start hidden"), mark("Show only the status item at the start."), False),
    Preference(
        "close_to_tray",
        mark("Keep the status item when the window is closed"),
        mark("Linnet goes on in the menu bar or tray. Machines go on either way."),
        True,
    ),
    Preference("notifications", mark("Notifications"), mark("Say when long work has ended or a machine fails."), True),
    Preference("log_lines", mark("Lines kept of a log"), mark("Older lines are let go of."), 200_000),
    Preference("terminal_font", mark("Font size of terminals and logs"), mark("In points; 0 is the system's."), 0),
)

_TABLE = {preference.name: preference for preference in PREFERENCES}


class Preferences(QObject):
    """The choices and memories of one user.

    Signals:
        changed: a choice has another value; its name.
        started_over: nothing is remembered any more; the window has to be made anew.
    """

    changed = Signal(str)
    started_over = Signal()

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def get(self, name: str) -> str | bool | int:
        """Return a choice; a value that makes no sense counts as the default."""
        preference = _TABLE[name]
        value = self._settings.value(f"choices/{name}", preference.default)
        kind = type(preference.default)
        try:
            if kind is bool:
                return value in (True, "true", "1")
            value = kind(str(value))
        except ValueError:
            return preference.default
        if preference.choices and value not in dict(preference.choices):
            return preference.default
        return value

    def set(self, name: str, value: str | bool | int) -> None:
        """Make a choice."""
        if self.get(name) != value:
            self._settings.setValue(f"choices/{name}", value)
            self._settings.sync()
            self.changed.emit(name)

    def text(self, name: str) -> str:
        """Return a choice that is a text."""
        return str(self.get(name))

    def flag(self, name: str) -> bool:
        """Return a choice that is yes or no."""
        return bool(self.get(name))

    def number(self, name: str) -> int:
        """Return a choice that is a number."""
        return int(self.get(name))

    def recall(self, name: str) -> QByteArray | None:
        """Return what was remembered as `name`: a state that a widget gave."""
        value = self._settings.value(f"memory/{name}")
        return value if isinstance(value, QByteArray) else None

    def remember(self, name: str, state: QByteArray) -> None:
        """Remember a state."""
        self._settings.setValue(f"memory/{name}", state)

    def recall_text(self, name: str, default: str = "") -> str:
        """Return a text that was remembered."""
        return str(self._settings.value(f"notes/{name}", default))

    def remember_text(self, name: str, text: str) -> None:
        """Remember a text."""
        self._settings.setValue(f"notes/{name}", text)

    def start_over(self) -> None:
        """Forget all choices and memories, and say so."""
        self.clear()
        self.started_over.emit()

    def clear(self) -> None:
        """Forget all choices and memories."""
        self._settings.clear()
        self._settings.sync()

    def flush(self) -> None:
        """Write everything to the file."""
        self._settings.sync()
