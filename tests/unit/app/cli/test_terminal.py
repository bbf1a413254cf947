"""Tests of app.cli.terminal."""

from __future__ import annotations

import pytest

from app.cli import terminal

# What a Windows console has by default: processed, line, echo, mouse, insert, quick edit, extended flags.
CONSOLE_INPUT = 0x01F7
CONSOLE_OUTPUT = 0x0003


def test_raw_console_input_hands_over_every_key_as_sequences() -> None:
    mode = terminal.raw_input_mode(CONSOLE_INPUT)
    assert not mode & (terminal.ENABLE_PROCESSED_INPUT | terminal.ENABLE_LINE_INPUT | terminal.ENABLE_ECHO_INPUT)
    assert mode & terminal.ENABLE_VIRTUAL_TERMINAL_INPUT
    assert mode & 0x01F0 == CONSOLE_INPUT & 0x01F0


def test_raw_console_output_understands_sequences() -> None:
    assert terminal.raw_output_mode(CONSOLE_OUTPUT) == 0x000F


def test_no_terminal_has_the_usual_size(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_descriptor: int) -> object:
        raise OSError

    monkeypatch.setattr("os.get_terminal_size", none)
    assert terminal.size() == (24, 80)
