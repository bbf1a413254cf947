"""Tests of app.cli.output."""

from __future__ import annotations

import io

import pytest

from app.cli import output
from app.cli.exits import Exit, exit_code
from vm import errors
from vm.errors import LinnetError, UsageError


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_tables_line_up(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("name", "on"), [("a", True), ("long name", None), ("ü", "two\nlines")])
    assert capsys.readouterr().out == "NAME       ON\na          yes\nlong name  -\nü          two lines\n"


def test_pairs_indent_further_lines(capsys: pytest.CaptureFixture[str]) -> None:
    output.pairs([("A", 1), ("Long", "x\ny"), ("E", "")])
    assert capsys.readouterr().out == "A:    1\nLong: x\n      y\nE:\n"


def test_colours_only_on_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert output.styled("x", output.RED, Screen()) == "\x1b[31mx\x1b[0m"
    assert output.styled("x", output.RED, io.StringIO()) == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert output.styled("x", output.RED, Screen()) == "x"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert output.styled("x", output.RED, Screen()) == "x"


def test_errors_show_detail_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    failure = LinnetError("It broke.", hint="Mend it.", detail="a\nb")
    output.error(failure)
    assert capsys.readouterr().err == "Error: It broke.\nHint: Mend it.\n`linnet --verbose …` shows more.\n"
    output.error(failure, verbose=True)
    assert capsys.readouterr().err == "Error: It broke.\nHint: Mend it.\nDetail:\n  a\n  b\n"
    output.error(LinnetError("It broke."))
    assert capsys.readouterr() == ("", "Error: It broke.\n")


def test_progress_is_one_live_line_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    line = output.ProgressLine(screen)
    line.show("Downloading", 50_000, 100_000)
    line.show("Waiting", 2, 5)
    line.clear()
    assert screen.getvalue() == "\rDownloading … 50 %\x1b[K\rWaiting … 2/5\x1b[K\r\x1b[K"


def test_progress_is_a_line_per_step_elsewhere() -> None:
    stream = io.StringIO()
    line = output.ProgressLine(stream)
    for done in range(3):
        line.show("Downloading", done, 3)
    line.show("Waiting")
    line.clear()
    assert stream.getvalue() == "Downloading …\nWaiting …\n"


def test_every_error_code_has_an_exit_code_and_every_exit_code_a_meaning() -> None:
    codes = {cls.code for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, LinnetError)}
    assert {exit_code(code) for code in codes} == {
        Exit.error, Exit.usage, Exit.config, Exit.not_found, Exit.conflict, Exit.unavailable, Exit.timeout, Exit.image,
        Exit.disk_full, Exit.guest, Exit.cancelled,
    }  # fmt: skip
    assert all(code.meaning for code in Exit)
    assert exit_code(UsageError.code) == 2
    assert exit_code("from-the-future") == 1
