"""The screen of a terminal and what keys send, without a window."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt

from app.gui.widgets import termkeys
from app.gui.widgets.screen import HISTORY, Emulator

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def answers() -> list[bytes]:
    """What the terminal answered."""
    return []


@pytest.fixture
def terminal(answers: list[bytes]) -> Emulator:
    """A small terminal."""
    return Emulator(20, 5, answers.append)


def rows(terminal: Emulator) -> list[str]:
    """What stands on the screen."""
    return [terminal.screen.text(y) for y in range(terminal.screen.lines)]


def test_lines_that_scroll_out_are_kept(terminal: Emulator) -> None:
    terminal.feed(b"".join(b"line %d\r\n" % n for n in range(10)))
    assert rows(terminal) == ["line 6", "line 7", "line 8", "line 9", ""]
    assert [terminal.screen.text(-n) for n in (1, 6)] == ["line 5", "line 0"]
    assert terminal.screen.scrolled == 6


def test_the_history_is_bounded(terminal: Emulator) -> None:
    terminal.feed(b"x\r\n" * (HISTORY + 500))
    assert len(terminal.screen.history) == HISTORY


def test_a_full_screen_program_leaves_the_screen_as_it_was(terminal: Emulator) -> None:
    terminal.feed(b"before\r\n$ ")
    terminal.feed(b"\x1b[?1049h\x1b[2J\x1b[Hediting" + b"\r\n" * 20)
    assert terminal.screen.alternate
    assert not terminal.screen.history
    terminal.feed(b"\x1b[?1049l")
    assert rows(terminal)[:2] == ["before", "$"]
    terminal.feed(b"x")
    assert rows(terminal)[1] == "$ x"


def test_wide_letters_take_two_cells(terminal: Emulator) -> None:
    terminal.feed("한국\r\n".encode())
    assert rows(terminal)[0] == "한국"
    assert [terminal.screen.line(0)[x].data for x in range(4)] == ["한", "", "국", ""]
    terminal.feed("1234567890123456789한".encode())
    assert rows(terminal)[1:3] == ["1234567890123456789", "한"]


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_letters_and_sequences_survive_any_cut(terminal: Emulator, cut: int) -> None:
    sent = "é 한 😀 \x1b[1;31mred\x1b[0m \x1b[>4;2mok".encode()
    for start in range(0, len(sent), cut):
        terminal.feed(sent[start : start + cut])
    assert rows(terminal)[0] == "é 한 😀 red ok"
    assert terminal.screen.line(0)[8].fg == "red"


def test_joined_characters_do_not_swallow_what_follows(terminal: Emulator) -> None:
    terminal.feed("e\u0301a\u200b\u200eb\ufe0fc\u0301\u0301".encode() + b"\xc2\x9bd")
    assert rows(terminal)[0].replace("\ufe0f", "").startswith("éabć")
    assert "d" in rows(terminal)[0]


@pytest.mark.parametrize(
    "sequence",
    [
        b"\x1b[>4;2m", b"\x1b[>c", b"\x1b[=1;2u", b"\x1b[<u", b"\x1b[4:3m\x1b[4:0m", b"\x1b[38:2::1:2:3m\x1b[m",
        b"\x1b[?1;2n", b"\x1bP+q544e\x1b\\", b"\x1b_Gi=1\x1b\\", b"\x1b]8;;http://x\x1b\\\x1b]8;;\x1b\\",
        b"\x1b]0;title\x07", b"\x1b[!p", b"\x1b[2 q", b"\x1b[?25$p", b"\x1b[?1A", b"\x1b[1;2;3;4;5H", b"\x1b[?3h",
        b"\x1b[22;0;0t", b"\x1b[\xc2\xb2m",
    ],
)  # fmt: skip
def test_sequences_of_other_terminals_leave_nothing_behind(terminal: Emulator, sequence: bytes) -> None:
    terminal.feed(sequence)
    terminal.feed(b"\x1b[HZ")
    assert rows(terminal)[0] in ("Z", "Zm")
    assert terminal.screen.columns == 20


def test_line_drawing_works_without_a_locale(terminal: Emulator) -> None:
    terminal.feed(b"\x1b(0lqk\x1b(B lqk")
    assert rows(terminal)[0] == "┌─┐ lqk"


def test_regions_scroll(terminal: Emulator) -> None:
    terminal.feed(b"a\r\nb\r\nc\r\nd\r\ne\x1b[2;4r\x1b[S")
    assert rows(terminal) == ["a", "c", "d", "", "e"]
    terminal.feed(b"\x1b[2T")
    assert rows(terminal) == ["a", "", "", "c", "e"]


def test_questions_are_answered(terminal: Emulator, answers: list[bytes]) -> None:
    terminal.feed(b"ab\x1b[6n\x1b[5n\x1b[c\x1b[?6n\x1b[>c")
    assert answers == [b"\x1b[1;3R", b"\x1b[0n", b"\x1b[?6c"]


def test_growing_and_shrinking_keeps_the_cursors_line(terminal: Emulator) -> None:
    terminal.feed(b"1\r\n2\r\n3\r\n4\r\n5")
    terminal.screen.resize(2, 10)
    assert rows(terminal) == ["4", "5"]
    assert [terminal.screen.text(-n) for n in (1, 2, 3)] == ["3", "2", "1"]
    terminal.screen.resize(6, 40)
    terminal.feed(b"!\r\nnext")
    assert rows(terminal)[:3] == ["4", "5!", "next"]


@pytest.mark.parametrize("seed", range(8))
def test_any_bytes_whatever_are_survived(seed: int) -> None:
    chance = random.Random(seed)
    terminal = Emulator(30, 8, lambda _data: None)
    for _ in range(40):
        terminal.feed(bytes(chance.randrange(256) for _ in range(200)))
        terminal.feed(
            b"\x1b[" + bytes(chance.choice(b"0123456789;:?>ABCDEFGHJKLMPSTXmhlrnqpu$! \x1b[") for _ in range(40))
        )
        terminal.screen.resize(chance.randrange(2, 20), chance.randrange(10, 60))
        assert 0 <= terminal.screen.cursor.y < terminal.screen.lines
        assert 0 <= terminal.screen.cursor.x <= terminal.screen.columns
    terminal.feed(b"\x18\x1b\\\x07\x1bcalive")
    assert "alive" in "".join(rows(terminal))


@pytest.mark.parametrize(
    ("key", "modifiers", "text", "application", "expected"),
    [
        (Key.Key_A, Modifier.NoModifier, "a", False, b"a"),
        (Key.Key_A, Modifier.AltModifier, "a", False, b"\x1ba"),
        (Key.Key_C, termkeys.CONTROL, "\x03", False, b"\x03"),
        (Key.Key_Space, termkeys.CONTROL, " ", False, b"\0"),
        (Key.Key_BracketLeft, termkeys.CONTROL, "", False, b"\x1b"),
        (Key.Key_Return, Modifier.NoModifier, "\r", False, b"\r"),
        (Key.Key_Backspace, Modifier.NoModifier, "\b", False, b"\x7f"),
        (Key.Key_Backtab, Modifier.ShiftModifier, "", False, b"\x1b[Z"),
        (Key.Key_Up, Modifier.NoModifier, "", False, b"\x1b[A"),
        (Key.Key_Up, Modifier.NoModifier, "", True, b"\x1bOA"),
        (Key.Key_Up, termkeys.CONTROL, "", True, b"\x1b[1;5A"),
        (Key.Key_Home, Modifier.ShiftModifier, "", False, b"\x1b[1;2H"),
        (Key.Key_F1, Modifier.NoModifier, "", False, b"\x1bOP"),
        (Key.Key_F5, Modifier.NoModifier, "", False, b"\x1b[15~"),
        (Key.Key_F12, Modifier.AltModifier, "", False, b"\x1b[24;3~"),
        (Key.Key_Delete, Modifier.NoModifier, "\x7f", False, b"\x1b[3~"),
        (Key.Key_unknown, Modifier.NoModifier, "한", False, "한".encode()),
        (Key.Key_Shift, Modifier.ShiftModifier, "", False, b""),
    ],
)
def test_keys(key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str, application: bool, expected: bytes) -> None:
    assert termkeys.encode(key, modifiers, text, application=application) == expected


def test_pasting_is_told_apart_from_typing() -> None:
    assert termkeys.paste("a\r\nb\nc", bracketed=False) == b"a\rb\rc"
    # Whoever made the text cannot end the brackets.
    assert termkeys.paste("a\x1b[201~rm -rf /", bracketed=True) == b"\x1b[200~a[201~rm -rf /\x1b[201~"
