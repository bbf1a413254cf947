"""The lines of a log, bounded, in little memory: text in large blocks, the rest in arrays beside it."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from app.gui.widgets.ansi import Span
from app.gui.widgets.logread import Batch

MEMORY = 160 * 1024 * 1024
"""Bytes that a log may take, however long its lines are."""

_BLOCK_LINES = 4096
_BLOCK_TEXT = 256 * 1024

_ERROR, _NOTE, _SOURCE_SHIFT = 1, 2, 2


class Block:
    """Some thousand lines.

    Attributes:
        first: number of the first.
        text: all of them, each followed by a newline.
        starts: where each begins in `text`, and the end.
    """

    def __init__(self, first: int) -> None:
        self.first = first
        self.text = ""
        self.starts = array("I", [0])
        self.kinds = array("H")
        self._times = ""
        self._width = 0
        self._styles: dict[int, tuple[Span, ...]] = {}

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def memory(self) -> int:
        """Bytes that it takes, about."""
        return sys.getsizeof(self.text) + len(self._times) + 6 * len(self) + 300 * len(self._styles)

    @property
    def full(self) -> bool:
        """Whether lines go into another block now."""
        return len(self) >= _BLOCK_LINES or len(self.text) >= _BLOCK_TEXT

    def add(self, batch: Batch, source: int) -> None:
        """Add lines."""
        place, position = len(self), len(self.text)
        lengths = (len(line) + 1 for line in batch.lines)
        self.starts.extend(list(accumulate(lengths, initial=position))[1:])
        self.text += "\n".join(batch.lines) + "\n"
        kinds = array("H", [source << _SOURCE_SHIFT]) * len(batch.lines)
        for at in batch.errors:
            kinds[at] |= _ERROR
        for at in batch.notes:
            kinds[at] |= _NOTE
        self.kinds += kinds
        self._add_times(place, batch.times)
        for at, spans in batch.styles.items():
            self._styles[place + at] = spans

    def line(self, place: int) -> str:
        """Return the text of a line."""
        return self.text[self.starts[place] : self.starts[place + 1] - 1]

    def time(self, place: int) -> str:
        """Return the time of a line, "" when it is not known."""
        return self._times[place * self._width : (place + 1) * self._width].rstrip()

    def spans(self, place: int) -> tuple[Span, ...]:
        """Return the coloured parts of a line."""
        return self._styles.get(place, ())

    def _add_times(self, place: int, times: list[str]) -> None:
        width = max(map(len, times), default=0)
        if width > self._width:
            old = [self.time(at).ljust(width) for at in range(place)]
            self._times, self._width = "".join(old), width
        self._times = self._times.ljust(place * self._width)
        self._times += "".join([time.ljust(self._width) for time in times])


class LogStore:
    """Lines with numbers that never change; the oldest go when there are too many.

    Attributes:
        limit: lines that are kept at least.
        first, end: numbers of the first line and behind the last.
    """

    def __init__(self, limit: int, memory: int = MEMORY) -> None:
        self.limit = limit
        self._most = memory
        self._blocks: list[Block] = []
        self._firsts: list[int] = []
        self._used = 0
        self.end = 0

    def __len__(self) -> int:
        return self.end - self.first

    @property
    def first(self) -> int:
        """Number of the oldest line."""
        return self._firsts[0] if self._firsts else self.end

    @property
    def memory(self) -> int:
        """Bytes that all lines take, about."""
        return self._used + (self._blocks[-1].memory if self._blocks else 0)

    def append(self, batch: Batch, source: int = 0) -> None:
        """Add lines of a source (a number of the caller's, up to 16,383)."""
        if not batch.lines:
            return
        if not self._blocks or self._blocks[-1].full:
            if self._blocks:
                self._used += self._blocks[-1].memory
            self._blocks.append(Block(self.end))
            self._firsts.append(self.end)
        self._blocks[-1].add(batch, source)
        self.end += len(batch.lines)
        drop = 0
        while drop < len(self._blocks) - 1 and (
            self.end - self._firsts[drop] - len(self._blocks[drop]) >= self.limit or self.memory > self._most
        ):
            self._used -= self._blocks[drop].memory
            drop += 1
        if drop:
            del self._blocks[:drop], self._firsts[:drop]

    def clear(self) -> None:
        """Forget all lines; numbers go on."""
        self._blocks, self._firsts, self._used = [], [], 0

    def snapshot(self) -> LogStore:
        """Return a store with the lines of now, which another thread may read while this one goes on."""
        made = LogStore(self.limit, self._most)
        made._blocks, made._firsts, made.end = list(self._blocks), list(self._firsts), self.end
        return made

    def text(self, number: int) -> str:
        """Return the text of a line. Raises IndexError when it is gone."""
        block = self._block(number)
        return block.line(number - block.first)

    def time(self, number: int) -> str:
        """Return the time of a line as it was given."""
        block = self._block(number)
        return block.time(number - block.first)

    def spans(self, number: int) -> tuple[Span, ...]:
        """Return the coloured parts of a line."""
        block = self._block(number)
        return block.spans(number - block.first)

    def source(self, number: int) -> int:
        """Return the source of a line."""
        block = self._block(number)
        return block.kinds[number - block.first] >> _SOURCE_SHIFT

    def is_error(self, number: int) -> bool:
        """Return whether a line came from standard error."""
        block = self._block(number)
        return bool(block.kinds[number - block.first] & _ERROR)

    def is_note(self, number: int) -> bool:
        """Return whether a line is Linnet's own."""
        block = self._block(number)
        return bool(block.kinds[number - block.first] & _NOTE)

    def blocks(self, start: int) -> Iterator[Block]:
        """Yield the blocks from that of line `start` on."""
        yield from self._blocks[max(0, bisect_right(self._firsts, start) - 1) :]

    def _block(self, number: int) -> Block:
        if not self.first <= number < self.end:
            raise IndexError(number)
        return self._blocks[bisect_right(self._firsts, number) - 1]


def source_of(kind: int) -> int:
    """Return the source that an entry of `Block.kinds` tells of."""
    return kind >> _SOURCE_SHIFT
