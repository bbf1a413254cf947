"""Tests of vm.config.types."""

from __future__ import annotations

from typing import Any

import pytest

from vm.config.types import (
    Address,
    Boolean,
    Choice,
    Duration,
    Integer,
    InvalidValueError,
    ListOf,
    MapOf,
    SettingType,
    Size,
    Text,
    Url,
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Boolean(), "yes", True),
        (Boolean(), "OFF", False),
        (Integer(), "7", 7),
        (Size(), "2G", 2 << 30),
        (Text(), " a ", "a"),
        (Url(), "", ""),
        (Url(), "http://proxy:3128", "http://proxy:3128"),
        (Url(schemes=("file",)), "file:///srv/images.json", "file:///srv/images.json"),
        (Address(), "::1", "::1"),
        (ListOf(Text()), "a, b,,c", ("a", "b", "c")),
        (ListOf(Text()), '["a,b"]', ("a,b",)),
        (ListOf(Integer()), "1,2", (1, 2)),
        (MapOf(Text()), "a=1,b=x=y", {"a": "1", "b": "x=y"}),
        (MapOf(Text()), '{"a": "1,2"}', {"a": "1,2"}),
    ],
)
def test_values_are_read_from_what_a_user_types(kind: SettingType, text: str, value: Any) -> None:
    assert kind.from_text(text) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Boolean(), "maybe"),
        (Boolean(), 2),
        (Integer(), True),
        (Integer(), 1.5),
        (Integer(), "1.5"),
        (Size(), True),
        (Size(), "a lot"),
        (Text(), ""),
        (Text(), "two\nlines"),
        (Text(), True),
        (Url(), "ftp://x"),
        (Url(), "proxy:3128"),
        (Address(), "localhost"),
        (Address(), 5),
        (Choice(), 5),
        (ListOf(Text()), "a"),
        (ListOf(Text()), {"a": 1}),
        (MapOf(Text()), ["a"]),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(kind: SettingType, value: Any) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        kind.check(value)


@pytest.mark.parametrize(("kind", "text"), [(MapOf(Text()), "a"), (ListOf(Text()), "[1"), (MapOf(Text()), "{")])
def test_wrong_text_is_refused(kind: SettingType, text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        kind.from_text(text)


def test_yaml_that_says_off_without_quotes_is_off() -> None:
    assert Choice().check(False) == "off"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("off", 0), (False, 0), (None, 0), ("never", 0), (0, 0), ("15m", 900), ("1h30m", 5400), (90, 90), ("30s", 30)],
)
def test_times_and_never(value: Any, seconds: float) -> None:
    kind = Duration(shortest=30, longest=86400)
    assert kind.check(value) == seconds
    assert kind.check(kind.plain(kind.check(value))) == seconds


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("soon", "not a duration"),
        ("-5m", "not a duration"),
        ("5 parsecs", "not a duration"),
        ("nan", "not a duration"),
        (True, "neither off nor a time"),
        ([5], "neither off nor a time"),
        ("29s", "too short; the least is 30s"),
        ("2d", "too long; the most is 1d"),
        ("9" * 400 + "d", "too long"),
    ],
)
def test_times_that_make_no_sense(value: Any, words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        Duration(shortest=30, longest=86400).check(value)
