"""What `linnet` prints: data on stdout, talk on stderr."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from vm.errors import LinnetError

BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"


def styled(text: str, style: str, stream: TextIO) -> str:
    """Return `text` in an ANSI style, if `stream` is a terminal that wants it."""
    return f"\x1b[{style}m{text}\x1b[0m" if wants_colour(stream) else text


def wants_colour(stream: TextIO) -> bool:
    """Return whether colours make sense on `stream` (no NO_COLOR, a terminal that knows them)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def data(text: str) -> None:
    """Print a result."""
    print(text)


def say(text: str) -> None:
    """Print talk."""
    print(text, file=sys.stderr)


def as_json(value: Any) -> None:
    """Print a result as JSON."""
    import json

    print(json.dumps(value, indent=2, ensure_ascii=False))


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print `rows` under `headers` in columns; the last column is as wide as it is."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[column]) for row in [list(headers), *cells]) for column in range(len(headers))]
    head = "  ".join(name.upper().ljust(width) for name, width in zip(headers, widths, strict=True)).rstrip()
    print(styled(head, BOLD, sys.stdout))
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def moment(seconds: float) -> str:
    """Return a moment (seconds since the epoch) in local time."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def pairs(items: Sequence[tuple[str, object]]) -> None:
    """Print names and values, one per line; a value of several lines is indented."""
    width = max((len(name) for name, _ in items), default=0) + 1
    for name, value in items:
        lines = str(value).splitlines() or [""]
        print(f"{(name + ':').ljust(width)} {lines[0]}".rstrip())
        for line in lines[1:]:
            print(f"{'':{width}} {line}")


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).split("\n"))


def error(failure: LinnetError, *, verbose: bool = False) -> None:
    """Print an error: the sentence, the hint, and with `verbose` the detail."""
    say(f"{styled('Error:', RED, sys.stderr)} {failure.message}")
    if failure.hint:
        say(f"{styled('Hint:', BOLD, sys.stderr)} {failure.hint}")
    if failure.detail and verbose:
        say(styled("Detail:", BOLD, sys.stderr))
        say("\n".join(f"  {line}" for line in failure.detail.splitlines()))
    elif failure.detail:
        say(styled("`linnet --verbose …` shows more.", DIM, sys.stderr))


class ProgressLine:
    """Shows how far long work is: one live line on a terminal, a line per step elsewhere."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._last = ""

    def show(self, text: str, done: int | None = None, total: int | None = None) -> None:
        """Show a step; `done` of `total` are bytes when they are large, else steps."""
        if not self._live:
            if text != self._last:
                print(f"{text} …", file=self._stream, flush=True)
            self._last = text
            return
        line = f"{text} …{_share(done, total)}"
        columns = _columns(self._stream)
        self._last = line[: columns - 1]
        self._stream.write(f"\r{self._last}\x1b[K")
        self._stream.flush()

    def clear(self) -> None:
        """Take the live line away."""
        if self._live and self._last:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        self._last = ""


def _share(done: int | None, total: int | None) -> str:
    if done is None or not total:
        return ""
    if total < 1000:
        return f" {done}/{total}"
    return f" {min(100, done * 100 // total)} %"


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
