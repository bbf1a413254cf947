"""The choices for the window, and whether it starts at login."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.gui import autostart
from app.gui.pages.settings.field import Field, Kind, Value, field_of_preference
from app.gui.pages.settings.group import Group
from app.gui.preferences import PREFERENCES
from app.gui.services import Services
from app.gui.text import tr
from app.gui.work.runner import Op
from vm.errors import LinnetError

AT_LOGIN = "start_at_login"


class WindowGroup(Group):
    """Values of this window."""

    def __init__(self, services: Services) -> None:
        title, text = tr("Start at login"), tr("Have the status item there as soon as you log in, without the window.")
        at_login = Field(AT_LOGIN, title, text, Kind.flag, words=f"{title}\n{text}\n{AT_LOGIN}".casefold())
        super().__init__(services, tr("This window"), [*map(field_of_preference, PREFERENCES), at_login])
        self._defaults = {preference.name: preference.default for preference in PREFERENCES}
        self._at_login = autostart.for_this_system()
        self._card.setEnabled(True)
        services.preferences.changed.connect(self._show)
        for name in self._defaults:
            self._show(name)

    def load(self) -> None:
        """See Group: only the start at login is not known already."""
        Op(self, lambda: self._at_login.enabled).success(self._show_login).run(self.services.runner)

    def apply(self, name: str, value: Any, done: Callable[[], None], failed: Callable[[LinnetError], None]) -> None:
        """See Group."""
        if name == AT_LOGIN:
            work = self._at_login.enable if value else self._at_login.disable
            Op(self, work).success(lambda _: done()).failure(failed).run(self.services.runner)
            return
        self.services.preferences.set(name, self._defaults[name] if value is None else value)
        done()

    def _show(self, name: str) -> None:
        value, default = self.services.preferences.get(name), self._defaults[name]
        self.rows[name].show_value(Value(value, default, value != default))

    def _show_login(self, enabled: bool) -> None:
        self.rows[AT_LOGIN].show_value(Value(enabled, False, enabled))
