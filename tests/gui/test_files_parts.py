"""What a file's text may be, and what is read of a folder, without a window."""

from __future__ import annotations

import re

import pytest

from app.gui.widgets.fileedit import readable
from app.gui.widgets.fileentry import Entry, parse_listing
from app.gui.widgets.filestore import FileContent
from app.gui.widgets.filetable import size_text


@pytest.mark.parametrize(
    ("data", "whole", "text", "reason"),
    [
        (b"plain\n", True, "plain\n", ""),
        (b"a\r\nb\r\n", True, "a\r\nb\r\n", ""),
        (b"a\r\nb\n", True, "a\r\nb\n", "end in different ways"),
        (b"\xff\xfe", True, "\ufffd\ufffd", "not UTF-8"),
        (b"a\0b", True, "a·b", "not text"),
        ("한".encode()[:2], False, "", "Only the first"),
        (b"x" * 20_000, True, "x" * 10_000, "too long"),
    ],
)
def test_what_can_be_edited(data: bytes, whole: bool, text: str, reason: str) -> None:
    found, why_not = readable(FileContent(data, Entry("f", 0o100644), "/f", whole=whole))
    assert found == text
    assert reason in why_not
    assert bool(reason) is bool(why_not)


def test_odd_names_and_figures_are_shown() -> None:
    odd = "81a4 5 -5 0 0 two\nlines\na1ff 3 99999999999999 0 0 link\n81a4 1 1 0 0 \udcff.bin"
    listing = parse_listing(f"41ed 0 1 0 0 .\n{odd}\n///\nlink\n")
    assert listing is not None
    assert [entry.name for entry in listing.entries] == ["two\nlines", "link", "\udcff.bin"]
    assert [entry.is_folder for entry in listing.entries] == [False, True, False]
    assert parse_listing("sh: stat: not found") is None
    assert [size_text(size) for size in (0, 999, 1000, 123_456, 5_000_000_000)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "123 kB",
        "5.0 GB",
    ]
    assert re.fullmatch(r"l.*", listing.entries[1].permissions)
