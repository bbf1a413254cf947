"""What a setting is for the page: its words, how it is edited, what it is now."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from app.gui.pages.settings.words import choice_text, title_of
from app.gui.preferences import Preference
from app.gui.text import tr
from vm.config.settings import Setting
from vm.config.types import Boolean, Choice, Integer, ListOf, MapOf, Size

HIGHEST = 2_147_483_647
"""The largest number that a field for numbers takes."""


class Kind(enum.Enum):
    """How a value is edited."""

    choice = "choice"
    flag = "flag"
    number = "number"
    text = "text"
    lines = "lines"
    pairs = "pairs"
    elsewhere = "elsewhere"
    """On another page, because it takes more than a field."""


@dataclass(frozen=True)
class Field:
    """One setting.

    Attributes:
        name: in its file.
        title, help: in the user's language.
        kind: how it is edited.
        choices: value and words of each.
        low, high, step: of a number.
        example: what stands in an empty field.
        restart: whether a running machine takes a change at its next start only.
        page: where it is edited, when that is elsewhere.
        words: what a search looks at.
    """

    name: str
    title: str
    help: str
    kind: Kind
    choices: tuple[tuple[Any, str], ...] = ()
    low: int = 0
    high: int = HIGHEST
    step: int = 1
    example: str = ""
    restart: bool = False
    page: str = ""
    words: str = ""


@dataclass(frozen=True)
class Value:
    """What a setting is now.

    Attributes:
        value, default: as the local API has them.
        changed: whether it is said somewhere, or only the default.
        place: where it is said, for people.
    """

    value: Any
    default: Any
    changed: bool
    place: str = ""


_ELSEWHERE = {"shares": "machines"}

_EXAMPLES = {
    "memory": "4GiB",
    "disk": "60GiB",
    "image": "latest",
    "ports.address": "127.0.0.1",
    "proxy.http": "http://proxy.example:3128",
    "proxy.https": "http://proxy.example:3128",
    "proxy.no_proxy": "intranet.example",
    "registries.mirrors": "docker.io = https://mirror.example",
    "registries.insecure": "registry.example:5000",
    "registries.certificates": "/etc/ssl/company.pem",
    "image_catalogue": "https://images.example/catalogue.json",
    "image_mirror": "https://mirror.example/images",
    "virtiofsd": "/usr/libexec/virtiofsd",
}

_NUMBERS = {"log_lines": (1_000, 5_000_000, 10_000), "terminal_font": (0, 72, 1)}
"""Lowest, highest and step of the window's numbers."""


def field_of(setting: Setting) -> Field:
    """Return the field of a row of the settings tables."""
    title, text = title_of(setting.name), tr(setting.help)
    kind = _kind(setting)
    fixed = {
        limit: value
        for limit, value in (("low", setting.minimum), ("high", setting.maximum))
        if kind is Kind.number and isinstance(value, int)
    }
    return Field(
        setting.name,
        title,
        text.replace("`", ""),
        kind,
        tuple((value, choice_text(setting.name, value)) for value in setting.choices),
        example=_EXAMPLES.get(setting.name, ""),
        restart=setting.restart,
        page=_ELSEWHERE.get(setting.name, ""),
        words=_words(title, text, setting.name, setting.help),
        **fixed,
    )


def field_of_preference(preference: Preference) -> Field:
    """Return the field of a choice for the window."""
    title, text = tr(preference.title), tr(preference.help)
    low, high, step = _NUMBERS.get(preference.name, (0, HIGHEST, 1))
    if preference.choices:
        kind = Kind.choice
    else:
        kind = {bool: Kind.flag, int: Kind.number}.get(type(preference.default), Kind.text)
    return Field(
        preference.name,
        title,
        text,
        kind,
        tuple((value, tr(words)) for value, words in preference.choices),
        low,
        high,
        step,
        words=_words(title, text, preference.name, preference.title, preference.help),
    )


def _kind(setting: Setting) -> Kind:
    if setting.name in _ELSEWHERE:
        return Kind.elsewhere
    kinds = ((Choice, Kind.choice), (Boolean, Kind.flag), (Integer, Kind.number), (Size, Kind.text))
    more = ((ListOf, Kind.lines), (MapOf, Kind.pairs))
    return next((kind for type_, kind in (*kinds, *more) if isinstance(setting.type, type_)), Kind.text)


def _words(*texts: str) -> str:
    return "\n".join(texts).casefold()
