"""A terminal's screen: what the program in it has written, with the lines that have scrolled out at the top."""

from __future__ import annotations

import codecs
import copy
import logging
import re
import unicodedata
from collections import deque
from collections.abc import Callable
from typing import Any

import pyte
from pyte.modes import DECAWM, IRM
from pyte.screens import Char, Cursor, Margins
from wcwidth import wcwidth

log = logging.getLogger(__name__)

HISTORY = 10_000
"""Lines above the screen that are kept."""

_PRIVATE = 5
"""pyte shifts the numbers of private modes by that many bits."""

APPLICATION_CURSOR = 1 << _PRIVATE
BRACKETED_PASTE = 2004 << _PRIVATE
MOUSE = frozenset(mode << _PRIVATE for mode in (1000, 1002, 1003))
"""The program wants to know of the mouse."""

MOUSE_SGR = 1006 << _PRIVATE
"""It understands places beyond column 223; nothing else is spoken here."""

_ALTERNATE = frozenset(mode << _PRIVATE for mode in (47, 1047, 1049))

_COLUMN_MODE = 3
"""DECCOLM: 80 or 132 columns."""

_SAVEPOINTS, _CELLS, _JOINED = 8, 4096, 8

_JOINERS = frozenset("\u200d\ufe0e\ufe0f")

Line = dict[int, Char]


class Screen(pyte.Screen):
    """pyte's screen, with history and the alternate screen that full-screen programs use.

    Attributes:
        history: lines that scrolled out, oldest first.
        scrolled: how many have, ever.
        alternate: whether a full-screen program has the screen.
    """

    def __init__(self, columns: int, lines: int, answer: Callable[[bytes], None]) -> None:
        """`answer` sends what the program asked the terminal for."""
        self.history: deque[Line] = deque(maxlen=HISTORY)
        self.scrolled = 0
        self._answer = answer
        self._saved: tuple[dict[int, Any], Cursor] | None = None
        self._cells: dict[tuple[Char, str], Char] = {}
        super().__init__(columns, lines)

    @property
    def alternate(self) -> bool:
        """Whether a full-screen program has the screen."""
        return self._saved is not None

    def draw(self, data: str) -> None:
        """Write text at the cursor; characters without a width of their own join the one before them."""
        data = data.translate(self.g1_charset if self.charset else self.g0_charset)
        cursor, columns = self.cursor, self.columns
        for sign in data:
            width = 1 if " " <= sign <= "~" else wcwidth(sign)
            if width <= 0:
                self._join(sign)
                continue
            if cursor.x + width > columns:
                if DECAWM in self.mode:
                    self.dirty.add(cursor.y)
                    self.carriage_return()
                    self.linefeed()
                else:
                    cursor.x = max(0, columns - width)
            if IRM in self.mode:
                self.insert_characters(width)
            line = self.buffer[cursor.y]
            line[cursor.x] = self._cell(sign)
            if width == 2 and cursor.x + 1 < columns:
                line[cursor.x + 1] = self._cell("")
            cursor.x = min(cursor.x + width, columns)
        self.dirty.add(cursor.y)

    def save_cursor(self) -> None:
        """See pyte; a few are remembered."""
        super().save_cursor()
        del self.savepoints[:-_SAVEPOINTS]

    def scroll_up(self, count: int = 1, **_kwargs: Any) -> None:
        """Move what is between the margins up."""
        self._scroll(self.delete_lines, count)

    def scroll_down(self, count: int = 1, **_kwargs: Any) -> None:
        """Move what is between the margins down."""
        self._scroll(self.insert_lines, count)

    def index(self) -> None:
        """Move down a line; at the lower edge the uppermost goes into the history."""
        top, bottom = self.margins or Margins(0, self.lines - 1)
        if self.cursor.y == bottom and top == 0 and not self.alternate:
            self.history.append(dict(self.buffer[0]))
            self.scrolled += 1
        super().index()

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        """See pyte; knows the alternate screen. The width is the user's to choose, not the program's."""
        modes = tuple(mode for mode in modes if mode != _COLUMN_MODE or not kwargs.get("private"))
        super().set_mode(*modes, **kwargs)
        if self._switches(modes, kwargs) and self._saved is None:
            self._saved = dict(self.buffer), copy.copy(self.cursor)
            self.buffer.clear()
            self.dirty.update(range(self.lines))

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        """See pyte; knows the alternate screen."""
        modes = tuple(mode for mode in modes if mode != _COLUMN_MODE or not kwargs.get("private"))
        super().reset_mode(*modes, **kwargs)
        if self._switches(modes, kwargs) and self._saved is not None:
            lines, cursor = self._saved
            self._saved = None
            self.buffer.clear()
            self.buffer.update(lines)
            self.cursor = cursor
            self.margins = None
            self.ensure_hbounds()
            self.ensure_vbounds()
            self.dirty.update(range(self.lines))

    def reset(self) -> None:
        """See pyte."""
        self._saved = None
        super().reset()

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Have another size; lines that no longer fit go into the history, as the cursor is kept in sight."""
        wanted = lines or self.lines
        surplus = self.cursor.y + 1 - wanted
        if surplus > 0:
            for y in range(self.lines):
                if y < surplus and not self.alternate:
                    self.history.append(dict(self.buffer[y]))
                    self.scrolled += 1
                self._take_line(y, y + surplus)
            self.cursor.y -= surplus
        columns = columns or self.columns
        for y in [y for y in self.buffer if y >= wanted]:
            del self.buffer[y]
        self.lines, self.columns = wanted, columns
        self.margins = None
        self.tabstops = set(range(8, columns, 8))
        self.ensure_hbounds()
        self.ensure_vbounds()
        self.dirty.update(range(wanted))

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        """See pyte; 3 forgets the history."""
        if how == 3:
            self.history.clear()
            self.dirty.update(range(self.lines))
            return
        super().erase_in_display(how, *args, **kwargs)

    def report_device_status(self, mode: int = 0, **kwargs: Any) -> None:
        """See pyte; private questions have no answer."""
        if not kwargs.get("private"):
            super().report_device_status(mode)

    def write_process_input(self, data: str) -> None:
        """Send an answer to the program."""
        self._answer(data.encode())

    def line(self, place: int) -> Line:
        """Return a line: those of the screen from 0, of the history before it, -1 the latest."""
        if place >= 0:
            return self.buffer.get(place, {})
        return self.history[place] if -place <= len(self.history) else {}

    def text(self, place: int) -> str:
        """Return the text of a line, wide characters once, without the blanks at its end."""
        found = self.line(place)
        return "".join(found[x].data if x in found else " " for x in range(self.columns)).rstrip()

    @staticmethod
    def _switches(modes: tuple[int, ...], kwargs: dict[str, Any]) -> bool:
        return bool(kwargs.get("private")) and any(mode << _PRIVATE in _ALTERNATE for mode in modes)

    def _cell(self, sign: str) -> Char:
        key = (self.cursor.attrs, sign)
        found = self._cells.get(key)
        if found is None:
            if len(self._cells) >= _CELLS:
                self._cells.clear()
            found = self._cells[key] = self.cursor.attrs._replace(data=sign)
        return found

    def _join(self, sign: str) -> None:
        cursor = self.cursor
        line = self.buffer[cursor.y]
        place = cursor.x - 1
        if place > 0 and place in line and not line[place].data:
            place -= 1  # the second cell of a wide character
        if place >= 0 and len(line[place].data) < _JOINED and (unicodedata.combining(sign) or sign in _JOINERS):
            line[place] = line[place]._replace(data=unicodedata.normalize("NFC", line[place].data + sign))

    def _scroll(self, move: Callable[[int], None], count: int) -> None:
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        move(count or 1)
        self.cursor.x, self.cursor.y = x, y

    def _take_line(self, y: int, source: int) -> None:
        if source in self.buffer:
            self.buffer[y] = self.buffer.pop(source)
        else:
            self.buffer.pop(y, None)


class Emulator:
    """Turns the bytes of a program into a screen; whatever they are, it goes on."""

    def __init__(self, columns: int, lines: int, answer: Callable[[bytes], None]) -> None:
        self.screen = Screen(columns, lines, answer)
        self._stream = self._reader()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""

    def feed(self, data: bytes) -> None:
        """Take output in."""
        text = self._pending + self._decoder.decode(data)
        self._pending = ""
        if "\x1b" in text:
            text = self._without_foreign(text)
        if not text.isascii():
            text = _C1.sub("", text)
        try:
            self._stream.feed(text)
        except Exception:
            log.debug("a terminal's output could not be read", exc_info=True)
            self._stream = self._reader()

    def _reader(self) -> _Stream:
        made = _Stream(_Tolerant(self.screen))  # type: ignore[arg-type]  # it has all that a screen has
        # pyte leaves line-drawing characters alone in UTF-8; programs without a locale need them all the same.
        made.use_utf8 = False
        return made

    def _without_foreign(self, text: str) -> str:
        """Take out sequences that pyte would write as text; one that is not complete waits for its rest."""
        open_end = _INCOMPLETE.search(text)
        if open_end is not None and len(text) - open_end.start() < _SEQUENCE_LIMIT:
            text, self._pending = text[: open_end.start()], text[open_end.start() :]
        text = _FOREIGN.sub("", text)
        return _COLONS.sub(_with_semicolons, text)


_SEQUENCE_LIMIT = 4096
"""Characters that a sequence may have; a longer one is text."""

_FOREIGN = re.compile(
    r"\x1b\[[<=>][0-9;:]*[ -/]*[@-~]|\x1b\[[0-9;:?]*[ -/]+[@-~]|\x1b[PX^_][^\x1b\x07]*(?:\x1b\\|\x07)"
)

_INCOMPLETE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[PX^_][^\x1b\x07]*\x1b?)?$")

_COLONS = re.compile(r"\x1b\[([0-9;]*:[0-9;:]*)m")

_C1 = re.compile("[\x80-\x9f]")


def _with_semicolons(found: re.Match[str]) -> str:
    parts: list[str] = []
    for part in found.group(1).split(";"):
        numbers = part.split(":")
        if numbers[0] in ("38", "48"):
            # ISO 8613-6 has the number of a colour space before red, green and blue; many leave it out.
            parts += numbers[:2] + numbers[-3:] if numbers[1:2] == ["2"] else numbers
        else:
            parts.append(numbers[0] if numbers[1:2] != ["0"] else "24")
    return f"\x1b[{';'.join(parts)}m"


class _Tolerant:
    """A screen that takes every call: binary output holds sequences with parameters that make no sense."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def __getattr__(self, name: str) -> Any:
        handler = getattr(self._screen, name)
        if name == "draw":
            return handler

        def call(*args: Any, **kwargs: Any) -> None:
            try:
                handler(*args, **kwargs)
            except Exception:
                log.debug("a sequence of a terminal's output was not understood: %s", name, exc_info=True)

        return call


class _Stream(pyte.Stream):
    """pyte's reader, with scrolling of the region."""

    csi = {**pyte.Stream.csi, "S": "scroll_up", "T": "scroll_down"}  # noqa: RUF012 - pyte has it so
    events = pyte.Stream.events | {"scroll_up", "scroll_down"}
