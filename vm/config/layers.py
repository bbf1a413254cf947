"""Settings of any table: defaults, then a file, then overrides; loaded first, validated as a whole afterwards."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vm.config.document import Document, Entry
from vm.config.settings import Host, Setting, find, nearest
from vm.config.types import InvalidValueError, MapOf
from vm.errors import ConfigError, UsageError


class Origin(enum.StrEnum):
    """Where a value comes from."""

    default = "default"
    file = "file"
    override = "override"


@dataclass(frozen=True)
class Value:
    """The value of a setting.

    Attributes:
        setting: whose value it is.
        value: checked.
        origin: where it comes from.
        line: in the file, or None.
    """

    setting: Setting
    value: Any
    origin: Origin
    line: int | None = None

    @property
    def plain(self) -> Any:
        """The value as JSON and YAML have it."""
        return self.setting.type.plain(self.value)


@dataclass(frozen=True)
class Problem:
    """Something wrong in a description.

    Attributes:
        field: dotted name, with an index for an item of a list (`shares[1]`).
        message: a sentence.
        line: in the file, or None when the value is not from there.
        warning: it does no harm; the value is ignored.
    """

    field: str
    message: str
    line: int | None = None
    warning: bool = False

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.field}: {self.message}"


class Description:
    """Settings of one table: defaults ← file ← overrides."""

    def __init__(
        self,
        document: Document,
        table: Sequence[Setting],
        host: Host,
        overrides: Mapping[str, Any] | None = None,
        header: str = "",
    ) -> None:
        self.document = document
        self.table = table
        self.host = host
        self.overrides = dict(overrides or {})
        self._header = header
        self._values: dict[str, Value] = {}
        self._problems: list[Problem] = []
        self._merge()

    @classmethod
    def load(
        cls, path: Path, table: Sequence[Setting], host: Host, overrides: Mapping[str, Any] | None = None
    ) -> Description:
        """Read the file `path`, which may be missing.

        Args:
            path: the YAML file.
            table: the settings that it may hold.
            host: this computer.
            overrides: values by dotted name that beat the file.

        Raises:
            ConfigError: the file is broken. Wrong values are no error here, see `validate`.
        """
        return cls(Document.load(path), table, host, overrides)

    @property
    def path(self) -> Path:
        """The file."""
        return self.document.path

    def values(self) -> list[Value]:
        """Return all settings, in the table's order; a wrong value counts as not set."""
        return [self._values[setting.name] for setting in self.table]

    def get(self, name: str) -> Value:
        """Return the setting called `name`.

        Raises:
            UsageError: there is no such setting.
        """
        return self._values[self.setting(name).name]

    def setting(self, name: str) -> Setting:
        """Return the table's row of `name`. Raises UsageError with the nearest name when there is none."""
        setting = find(self.table, name)
        if setting is None:
            near = nearest(self.table, name)
            hint = f"Did you mean '{near}'?" if near else "`linnet config get` lists all settings."
            raise UsageError(f"There is no setting '{name}'.", hint=hint)
        return setting

    def change(self, changes: Mapping[str, Any]) -> list[str]:
        """Take new values by dotted name into the document, without writing it; None goes back to the default.

        A value may be text as a user types it. An entry of a mapping can be named alone, as in
        `registries.mirrors.docker.io`. Either all changes are taken, or none.

        Returns:
            The names of the settings whose value is different now.

        Raises:
            UsageError: a name or a value is wrong; names all of them.
        """
        checked: dict[str, tuple[Setting, Any]] = {}
        wrong: list[str] = []
        for name, value in changes.items():
            try:
                setting, new = self._checked(name, value, checked)
            except UsageError as error:
                if len(changes) == 1:
                    raise
                wrong.append(f"{error.message} {error.hint or ''}".strip())
            else:
                checked[setting.name] = (setting, new)
        if wrong:
            raise UsageError(" ".join(wrong))
        before = {name: self._values[name].value for name in checked}
        for setting, new in checked.values():
            for old in setting.renamed_from:
                self.document.unset(old)
            if new is None:
                self.document.unset(setting.name)
            elif self._values[setting.name].origin is not Origin.file or new != before[setting.name]:
                self.document.set(setting.name, setting.type.plain(new))
            self.overrides.pop(setting.name, None)
        self._merge()
        return [name for name, old in before.items() if self._values[name].value != old]

    def save(self) -> None:
        """Write the file. Raises DiskFullError or UnavailableError."""
        self.document.save(self._header)

    def validate(self) -> list[Problem]:
        """Return everything that is wrong, errors and warnings, in the file's order."""
        return sorted(self._problems, key=lambda problem: (problem.line or 0, problem.field))

    def check(self) -> None:
        """Raise ConfigError with all problems unless there are none but warnings."""
        raise_problems(self.path, self.validate())

    def _checked(self, name: str, value: Any, pending: Mapping[str, tuple[Setting, Any]]) -> tuple[Setting, Any]:
        setting, key = self._resolve(name)
        if key is not None:
            earlier = pending.get(setting.name)
            whole = dict((earlier[1] if earlier else self._values[setting.name].value) or {})
            whole.pop(key, None)
            if value is not None:
                assert isinstance(setting.type, MapOf)
                whole[key] = _say(name, lambda: setting.type.item.from_text(str(value)))
            return setting, whole or None
        if value is None:
            return setting, None
        return setting, _say(name, lambda: setting.check(value, self.host))

    def _resolve(self, name: str) -> tuple[Setting, str | None]:
        for setting in self.table:
            if isinstance(setting.type, MapOf) and name.startswith(f"{setting.name}."):
                return setting, name[len(setting.name) + 1 :]
        return self.setting(name), None

    def _merge(self) -> None:
        self._problems = []
        self._values = {
            setting.name: Value(setting, setting.default_for(self.host), Origin.default) for setting in self.table
        }
        groups = {
            ".".join(parts[:depth])
            for setting in self.table
            for name in (setting.name, *setting.renamed_from)
            for parts in [name.split(".")]
            for depth in range(1, len(parts))
        }
        for entry in self.document.entries(groups):
            self._take(entry, groups)
        for name, value in self.overrides.items():
            setting = find(self.table, name)
            if setting is None:
                self._problems.append(Problem(name, self._unknown(name)))
                continue
            try:
                self._values[setting.name] = Value(setting, setting.check(value, self.host), Origin.override)
            except ValueError as error:
                self._problems.append(Problem(name, str(error)))

    def _take(self, entry: Entry, groups: set[str]) -> None:
        setting = find(self.table, entry.name)
        if setting is None and entry.name in groups:
            if entry.value is not None:
                self._problems.append(Problem(entry.name, "It must hold 'name: value' lines.", entry.line))
            return
        if setting is None:
            self._problems.append(Problem(entry.name, self._unknown(entry.name), entry.line, warning=True))
            return
        if entry.name != setting.name:
            message = f"This setting is called {setting.name} now."
            self._problems.append(Problem(entry.name, message, entry.line, warning=True))
        if entry.value is None:
            return
        try:
            value = setting.check(entry.value, self.host)
        except ValueError as error:
            self._problems.append(self._wrong(setting, entry, str(error)))
        else:
            self._values[setting.name] = Value(setting, value, Origin.file, entry.line)

    def _wrong(self, setting: Setting, entry: Entry, message: str) -> Problem:
        for index, line in enumerate(entry.item_lines):
            try:
                setting.check([entry.value[index]], self.host)
            except ValueError:
                return Problem(f"{entry.name}[{index}]", message, line)
        return Problem(entry.name, message, entry.line)

    def _unknown(self, name: str) -> str:
        near = nearest(self.table, name)
        return f"Unknown setting; it is ignored. Did you mean '{near}'?" if near else "Unknown setting; it is ignored."


def raise_problems(path: Path, problems: Sequence[Problem]) -> None:
    """Raise ConfigError that names all of `problems` that are no warnings, if there are any."""
    errors = [problem for problem in problems if not problem.warning]
    if not errors:
        return
    hint = "Mend the file in an editor (`linnet config edit`), or use `linnet config set`."
    if len(errors) == 1:
        raise ConfigError(f"{path}: {errors[0]}", hint=hint)
    lines = "\n".join(f"  {problem}" for problem in errors)
    raise ConfigError(f"{path} has {len(errors)} problems:\n{lines}", hint=hint)


def _say(name: str, check: Any) -> Any:
    try:
        return check()
    except InvalidValueError as error:
        raise UsageError(f"{name}: {error}", hint=error.hint) from None
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None
