"""From the bytes of a log to lines: told apart by stream, cut where they are too long, their colours taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.core.docker import STDERR, Frame
from app.core.flow import Flow
from app.gui.text import tr
from app.gui.widgets.ansi import SPECIAL, Parser, Span

LINE_LIMIT = 8 * 1024
"""Bytes of a line that are kept; what a line has beyond them is counted, not shown."""

_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* ")
_LAST_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* (?=\r?$)")
_TIME_LIMIT = 64
_HEAD = 8


@dataclass
class Batch:
    """Lines that arrived together.

    Attributes:
        lines: what is shown of each.
        times: when each was written, RFC 3339, "" when that is not known; empty when it is known of none.
        errors: places of the lines that came from standard error.
        styles: coloured parts, by place.
        notes: places of the lines that are Linnet's own.
    """

    lines: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    errors: set[int] = field(default_factory=set)
    styles: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    notes: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.lines)

    def extend(self, other: Batch) -> None:
        """Add the lines of another."""
        start = len(self.lines)
        if other.times or self.times:
            self.times += [""] * (start - len(self.times))
            self.times += other.times or [""] * len(other.lines)
        self.lines += other.lines
        self.errors.update(start + place for place in other.errors)
        self.notes.update(start + place for place in other.notes)
        for place, spans in other.styles.items():
            self.styles[start + place] = spans


class _Stream:
    """One of the two streams of a log: a line that is not complete yet, and the colours in use."""

    def __init__(self, *, error: bool) -> None:
        self.error = error
        self.parser = Parser()
        self.pending = b""
        self.lost = 0

    def add(self, data: bytes) -> None:
        """Add to the line that is not complete."""
        room = max(0, LINE_LIMIT + _TIME_LIMIT - len(self.pending))
        self.pending += data[:room]
        self.lost += max(0, len(data) - room)

    def finish(self, data: bytes) -> tuple[bytes, int]:
        """Complete the line; return it and how many bytes of it are lost."""
        self.add(data)
        line, lost = self.pending, self.lost
        self.pending, self.lost = b"", 0
        return line, lost


class LineReader:
    """Makes batches of what arrives."""

    def __init__(self, *, timed: bool = False, after: str = "", known: int = 0) -> None:
        """`timed`: lines begin with a time. Lines before `after`, and the first `known` of that time, are left out."""
        self._timed = timed
        self._after = after
        # Podman writes times in whole seconds: many lines have the same.
        self._known = known
        self._streams = (_Stream(error=False), _Stream(error=True))
        self._batch = Batch()

    def take(self) -> Batch:
        """Return the lines that are complete."""
        batch, self._batch = self._batch, Batch()
        return batch

    def end(self) -> None:
        """Nothing more comes: complete what is not."""
        for stream in self._streams:
            if stream.pending:
                self._long(stream, *stream.finish(b""))

    def add(self, data: bytes, *, error: bool = False) -> None:
        """Take bytes of a stream in."""
        stream = self._streams[error]
        if self._timed and stream.pending and (found := _TIME.match(data)):
            # A long line comes in pieces, each with a time of its own.
            data = data[found.end() :]
        first, newline, rest = data.partition(b"\n")
        if not newline:
            stream.add(first)
            return
        if stream.pending or len(first) > LINE_LIMIT:
            self._long(stream, *stream.finish(first))
        else:
            rest = data
        *whole, last = rest.split(b"\n")
        if whole:
            self._whole(stream, whole)
        if last:
            stream.add(last)

    def _whole(self, stream: _Stream, lines: list[bytes]) -> None:
        if max(map(len, lines)) > LINE_LIMIT + _TIME_LIMIT:
            for line in lines:
                limit = LINE_LIMIT + _TIME_LIMIT
                self._long(stream, line[:limit], max(0, len(line) - limit))
            return
        text = b"\n".join(lines).decode("utf-8", "replace")
        self._lines(stream, text.split("\n"), plain=not SPECIAL.search(text))

    def _long(self, stream: _Stream, line: bytes, lost: int) -> None:
        text = line.decode("utf-8", "replace")
        if lost:
            text += " " + tr("… ({n} more bytes of this line are not kept)", n=lost)
        self._lines(stream, [text], plain=False)

    def _lines(self, stream: _Stream, lines: list[str], *, plain: bool) -> None:
        times: list[str] = []
        if self._timed:
            lines, times = self._split_times(lines)
        batch = self._batch
        start = len(batch.lines)
        if not plain or stream.parser.style != Parser.style:
            for place, line in enumerate(lines):
                lines[place], spans = stream.parser.line(line)
                if spans:
                    batch.styles[start + place] = spans
        batch.lines += lines
        batch.times += times
        if stream.error:
            batch.errors.update(range(start, start + len(lines)))

    def _split_times(self, lines: list[str]) -> tuple[list[str], list[str]]:
        texts: list[str] = []
        times: list[str] = []
        for line in lines:
            time, _, text = line.partition(" ")
            if self._after and self._is_known(time):
                continue
            if text.endswith((" ", " \r")):
                # Of a terminal the end of a line may come as a piece of its own, with a time of its own.
                text = _LAST_TIME.sub("", text)
            texts.append(text)
            times.append(time)
        return texts, times

    def _is_known(self, time: str) -> bool:
        if time < self._after:
            return True
        if time == self._after and self._known:
            self._known -= 1
            return True
        self._after = ""
        return False


class Frames:
    """Finds the frames of Docker's multiplexed logs in what arrives, without keeping what is not complete."""

    def __init__(self) -> None:
        self._head = b""
        self._stream = 0
        self._left = 0

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield stream and bytes; frames that follow each other in one stream and end with a line come as one."""
        run: list[bytes] = []
        run_stream = 0
        position, size = 0, len(data)
        while position < size:
            if not self._left:
                take = _HEAD - len(self._head)
                self._head += data[position : position + take]
                position += take
                if len(self._head) < _HEAD:
                    break
                self._stream, self._left = self._head[0], int.from_bytes(self._head[4:8], "big")
                self._head = b""
                continue
            piece = data[position : position + self._left]
            position += len(piece)
            self._left -= len(piece)
            if run and self._stream != run_stream:
                yield run_stream, b"".join(run)
                run = []
            run_stream = self._stream
            run.append(piece)
            if piece[-1] != 10:
                yield run_stream, b"".join(run)
                run = []
        if run:
            yield run_stream, b"".join(run)


class LogSource:
    """A flow as batches of lines, for a Feed."""

    def __init__(self, flow: Flow[Any], reader: LineReader, *, multiplexed: bool) -> None:
        """`flow` brings Frames, or bytes; those are frames as they are sent when `multiplexed`."""
        self._flow = flow
        self._reader = reader
        self._frames = Frames() if multiplexed else None
        self.abort = flow.abort
        self.close = flow.close

    def __iter__(self) -> Iterator[Batch]:
        for item in self._flow:
            for stream, data in self._pieces(item):
                self._reader.add(data, error=stream == STDERR)
            batch = self._reader.take()
            if batch:
                yield batch
        self._reader.end()
        batch = self._reader.take()
        if batch:
            yield batch

    def _pieces(self, item: Any) -> Iterable[tuple[int, bytes]]:
        if isinstance(item, Frame):
            return [(item.stream, item.data)]
        return self._frames.feed(item) if self._frames is not None else [(0, item)]


def opener(
    source: Callable[[], Flow[Any]], *, timed: bool = False, after: str = "", multiplexed: bool = False
) -> Callable[[], LogSource]:
    """Return what a Feed opens: the flow of `source` as batches."""
    return lambda: LogSource(source(), LineReader(timed=timed, after=after), multiplexed=multiplexed)
