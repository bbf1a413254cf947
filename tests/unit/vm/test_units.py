"""Tests of vm.units."""

from __future__ import annotations

import pytest

from vm import units


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2GiB", 2 * units.GIB),
        ("2G", 2 * units.GIB),
        ("2gb", 2 * units.GIB),
        ("512M", 512 * units.MIB),
        ("1.5g", 1536 * units.MIB),
        (" 3 TiB ", 3 * units.TIB),
        ("4096", 4096),
        ("10b", 10),
        ("0", 0),
    ],
)
def test_sizes_are_powers_of_1024_in_every_spelling(text: str, size: int) -> None:
    assert units.parse_size(text) == size


@pytest.mark.parametrize("text", ["", "G", "-1G", "2 GiB RAM", "1e3", "2XB", "1.2.3", "nan"])
def test_what_is_not_a_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2GiB"):
        units.parse_size(text)


@pytest.mark.parametrize("size", [0, 1, 1000, 1024, 1536 * units.MIB, 60 * units.GIB, 6174015488, 3 * units.TIB + 1])
def test_formatted_sizes_are_exact(size: int) -> None:
    assert units.parse_size(units.format_size(size)) == size


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1024, "1 KiB"), (1.5 * units.GIB, "1.5 GiB"), (812 * units.MIB, "812 MiB")],
)
def test_sizes_for_reading(size: float, text: str) -> None:
    assert units.human_size(size) == text


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("1h30m", 5400), ("250ms", 0.25), ("2d", 172800), ("1.5 h", 5400)]
)
def test_durations(text: str, seconds: float) -> None:
    assert units.parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 parsecs", "-3", "inf", "nan", "1h soon"])
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        units.parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.85, "850 ms"), (4.21, "4.2 s"), (42, "42 s"), (185, "3 min 5 s"), (180, "3 min"), (7440, "2 h 4 min"),
     (262800, "3 d 1 h")],
)  # fmt: skip
def test_durations_for_reading(seconds: float, text: str) -> None:
    assert units.human_duration(seconds) == text
