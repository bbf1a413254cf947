"""Which lines of a log are wanted: by text and by source; looked through in pieces."""

from __future__ import annotations

import re
import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from app.gui.widgets.logstore import Block, LogStore, source_of

_PIECE = 1000
"""Lines between two looks at the clock."""


@dataclass(frozen=True)
class Match:
    """What is wanted of a line.

    Attributes:
        pattern: found in its text; None for any text.
        literal: whether the pattern is plain text, which no line's end can be part of.
        sources: it came from one of these; None for any.
    """

    pattern: re.Pattern[str] | None = None
    literal: bool = True
    sources: frozenset[int] | None = None

    def places(self, block: Block, start: int, end: int) -> Iterator[int]:
        """Yield the places of wanted lines in a part of a block."""
        found = range(start, end) if self.pattern is None else self._found(self.pattern, block, start, end)
        if self.sources is None:
            yield from found
        else:
            kinds, sources = block.kinds, self.sources
            yield from (place for place in found if source_of(kinds[place]) in sources)

    def _found(self, pattern: re.Pattern[str], block: Block, start: int, end: int) -> Iterator[int]:
        text, starts = block.text, block.starts
        place = start
        while place < end:
            # One call over many lines when the text can stand in one only, else a call a line.
            limit = starts[end] if self.literal else starts[place + 1] - 1
            found = pattern.search(text, starts[place], limit)
            if found is None:
                if self.literal:
                    return
                place += 1
                continue
            if self.literal:
                while starts[place + 1] <= found.start():
                    place += 1
            yield place
            place += 1


def compiled(text: str, *, expression: bool, case: bool) -> re.Pattern[str]:
    """Return a pattern of what the user typed. Raises re.error when that is no regular expression."""
    flags = re.MULTILINE | (re.NOFLAG if case else re.IGNORECASE)
    return re.compile(text if expression else re.escape(text), flags)


class Scan:
    """The numbers of all lines that match, found bit by bit as lines arrive.

    Attributes:
        numbers: in order.
        next: the first line that was not looked at.
    """

    def __init__(self, store: LogStore, match: Match) -> None:
        self._store = store
        self.match = match
        self.numbers: list[int] = []
        self.next = store.first

    @property
    def done(self) -> bool:
        """Whether all lines were looked at."""
        return self.next >= self._store.end

    def step(self, seconds: float) -> None:
        """Look at lines for about that long."""
        store = self._store
        self.next = max(self.next, store.first)
        if self.numbers and self.numbers[0] < store.first:
            del self.numbers[: bisect_left(self.numbers, store.first)]
        end = time.perf_counter() + seconds
        for block in store.blocks(self.next):
            while (start := self.next - block.first) < len(block):
                last = min(start + _PIECE, len(block))
                self.numbers += [block.first + place for place in self.match.places(block, start, last)]
                self.next = block.first + last
                if time.perf_counter() > end:
                    return
