"""The types that a setting can have: how a value is read from YAML, JSON or a command line, and how it is shown.

A type's `check` takes what a YAML or JSON file holds and returns the value that the program works with; `from_text`
takes what a user types after `linnet config set`; `plain` turns a value back into what a file holds.
All raise InvalidValueError with a sentence for the user.
"""

from __future__ import annotations

import ipaddress
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from vm import units


class InvalidValueError(ValueError):
    """A setting cannot have this value; the text is a sentence for the user.

    Attributes:
        hint: what the user can do, or None.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class SettingType(ABC):
    """What values a setting takes."""

    syntax: str = ""
    """For the documentation: how a value is written."""

    @abstractmethod
    def check(self, value: Any) -> Any:
        """Return the value that `value`, from a file, stands for."""

    def from_text(self, text: str) -> Any:
        """Return the value that the user typed."""
        return self.check(text)

    def plain(self, value: Any) -> Any:
        """Return `value` as a file holds it: text, number, boolean, list or mapping of these."""
        return value


class Boolean(SettingType):
    """Yes or no."""

    syntax = "true or false"
    _words: ClassVar = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }

    def check(self, value: Any) -> bool:
        """See SettingType."""
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in self._words:
            return self._words[value.strip().lower()]
        raise InvalidValueError(f"{_quote(value)} is neither true nor false.")


class Integer(SettingType):
    """A whole number."""

    syntax = "number"

    def check(self, value: Any) -> int:
        """See SettingType."""
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise InvalidValueError(f"{_quote(value)} is not a whole number.")
        try:
            return int(value)
        except ValueError:
            raise InvalidValueError(f"{_quote(value)} is not a whole number.") from None


class Size(SettingType):
    """A number of bytes."""

    syntax = "size, such as 4GiB or 512MiB"

    def check(self, value: Any) -> int:
        """See SettingType."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            return units.parse_size(value)
        raise InvalidValueError(f"{_quote(value)} is not a size; write it like 2GiB or 512MiB.")

    def plain(self, value: Any) -> Any:
        """See SettingType."""
        return units.format_size(value)


@dataclass(frozen=True)
class Duration(SettingType):
    """A time, in seconds; 0, written `off`, means never."""

    shortest: float = 0.0
    longest: float = 3650 * 86400.0
    syntax: str = "off, or a time such as 15m or 1h30m"

    def check(self, value: Any) -> float:
        """See SettingType."""
        if (
            value is None
            or value is False
            or (isinstance(value, str) and value.strip().lower() in ("off", "never", ""))
        ):
            return 0.0
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise InvalidValueError(f"{_quote(value)} is neither off nor a time; write it like 15m or 1h30m.")
        try:
            seconds = units.parse_duration(str(value))
        except ValueError as error:
            raise InvalidValueError(f"{error} `off` is possible too.") from None
        if seconds == 0:
            return 0.0
        if seconds < self.shortest:
            least = units.format_duration(self.shortest)
            raise InvalidValueError(f"{_quote(value)} is too short; the least is {least}, and `off` means never.")
        if seconds > self.longest:
            most = units.format_duration(self.longest)
            raise InvalidValueError(f"{_quote(value)} is too long; the most is {most}, and `off` means never.")
        return seconds

    def plain(self, value: Any) -> Any:
        """See SettingType."""
        return units.format_duration(value) if value else "off"


@dataclass(frozen=True)
class Text(SettingType):
    """A text; empty only when `optional`, and then it means: none."""

    optional: bool = False
    syntax: str = "text"

    def check(self, value: Any) -> str:
        """See SettingType."""
        if value is None and self.optional:
            return ""
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise InvalidValueError(f"{_quote(value)} is not a text.")
        text = str(value).strip()
        if not text and not self.optional:
            raise InvalidValueError("It must not be empty.")
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
            raise InvalidValueError("It must not hold control characters or more than one line.")
        return text


@dataclass(frozen=True)
class Url(Text):
    """A web address, or none."""

    optional: bool = True
    schemes: tuple[str, ...] = ("http", "https")
    syntax: str = "URL"

    def check(self, value: Any) -> str:
        """See SettingType."""
        text = super().check(value)
        if text:
            parts = urlsplit(text)
            if parts.scheme not in self.schemes or not (parts.netloc or parts.scheme == "file"):
                raise InvalidValueError(
                    f"'{text}' is not a URL; it begins with {' or '.join(s + '://' for s in self.schemes)}."
                )
        return text


class Address(SettingType):
    """An IP address."""

    syntax = "IP address"

    def check(self, value: Any) -> str:
        """See SettingType."""
        try:
            return str(ipaddress.ip_address(value if isinstance(value, str) else ""))
        except ValueError:
            raise InvalidValueError(f"{_quote(value)} is not an IP address.") from None


class Choice(SettingType):
    """One of the setting's choices."""

    syntax = "choice"

    def check(self, value: Any) -> str:
        """See SettingType; the setting itself checks that it is among its choices."""
        if value is False:
            return "off"
        if not isinstance(value, str):
            raise InvalidValueError(f"{_quote(value)} is not a text.")
        return value.strip().lower()


@dataclass(frozen=True)
class ListOf(SettingType):
    """Several values of one type."""

    item: SettingType

    @property
    def syntax(self) -> str:  # type: ignore[override]
        """See SettingType."""
        return f"list of {self.item.syntax}"

    def check(self, value: Any) -> tuple[Any, ...]:
        """See SettingType."""
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise InvalidValueError(f"{_quote(value)} is not a list.")
        return tuple(self.item.check(part) for part in value)

    def from_text(self, text: str) -> tuple[Any, ...]:
        """Take a JSON list, or values between commas."""
        if text.strip().startswith("["):
            return self.check(_json(text))
        return tuple(self.item.from_text(part) for part in text.split(",") if part.strip())

    def plain(self, value: Any) -> Any:
        """See SettingType."""
        return [self.item.plain(part) for part in value]


@dataclass(frozen=True)
class MapOf(SettingType):
    """Values of one type by name."""

    item: SettingType

    @property
    def syntax(self) -> str:  # type: ignore[override]
        """See SettingType."""
        return f"name: {self.item.syntax}"

    def check(self, value: Any) -> dict[str, Any]:
        """See SettingType."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise InvalidValueError(f"{_quote(value)} is not a mapping of names to values.")
        return {str(key): self.item.check(part) for key, part in value.items()}

    def from_text(self, text: str) -> dict[str, Any]:
        """Take a JSON object, or NAME=VALUE pairs between commas."""
        if text.strip().startswith("{"):
            return self.check(_json(text))
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        if not all(sign for _, sign, _ in pairs):
            raise InvalidValueError(f"'{text}' is not a list of NAME=VALUE pairs.")
        return {name.strip(): self.item.from_text(value) for name, _, value in pairs}

    def plain(self, value: Any) -> Any:
        """See SettingType."""
        return {key: self.item.plain(part) for key, part in value.items()}


def _quote(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}…'"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidValueError(f"This is not valid JSON: {error}.") from None
