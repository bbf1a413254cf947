"""How the bytes of a log become lines, and how lines are kept and found, without a window."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from app.gui.widgets.ansi import TRUE_COLOUR, Parser, Span, Style, colour_name, restyled
from app.gui.widgets.logmatch import Match, Scan, compiled
from app.gui.widgets.logread import LINE_LIMIT, Batch, Frames, LineReader
from app.gui.widgets.logstore import LogStore
from app.gui.widgets.logtime import local_time, moment


def frame(data: bytes, stream: int = 1) -> bytes:
    """A frame as Docker sends it."""
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


def read(*pieces: bytes, timed: bool = False) -> Batch:
    """All lines of what arrives in pieces."""
    reader = LineReader(timed=timed)
    for piece in pieces:
        reader.add(piece)
    reader.end()
    return reader.take()


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_frames_are_found_however_they_are_cut(size: int) -> None:
    sent = frame(b"one\n") + frame(b"bad\n", 2) + frame(b"") + frame(b"two\nthr") + frame(b"ee\n")
    frames = Frames()
    found: dict[int, bytes] = {1: b"", 2: b""}
    for start in range(0, len(sent), size):
        for stream, data in frames.feed(sent[start : start + size]):
            found[stream] += data
    assert found == {1: b"one\ntwo\nthree\n", 2: b"bad\n"}


def test_lines_are_completed_over_pieces_and_the_last_needs_no_end() -> None:
    assert read(b"on", b"e\ntw", b"o\n\nthree").lines == ["one", "two", "", "three"]


def test_the_two_streams_do_not_mix_their_halves() -> None:
    reader = LineReader()
    reader.add(b"out")
    reader.add(b"err\n", error=True)
    reader.add(b"put\n")
    batch = reader.take()
    assert batch.lines == ["err", "output"]
    assert batch.errors == {0}


def test_times_are_taken_off_and_those_of_later_pieces_dropped() -> None:
    batch = read(b"2026-11-21T14:00:00.000000001Z hel", b"2026-11-21T14:00:00.000000002Z lo\n", timed=True)
    assert batch.lines == ["hello"]
    assert batch.times == ["2026-11-21T14:00:00.000000001Z"]


def test_lines_that_are_known_already_are_left_out() -> None:
    sent = b"".join(b"2026-11-21T14:00:0%d.000000000Z line %d\n" % (n, n) for n in range(5))
    reader = LineReader(timed=True, after="2026-11-21T14:00:02.000000000Z", known=1)
    reader.add(sent)
    assert reader.take().lines == ["line 3", "line 4"]


def test_of_lines_with_the_same_time_as_many_are_left_out_as_are_known() -> None:
    sent = b"".join(b"2026-11-21T14:00:0%dZ line %d\n" % (n // 3, n) for n in range(9))
    reader = LineReader(timed=True, after="2026-11-21T14:00:01Z", known=2)
    reader.add(sent)
    assert reader.take().lines == ["line 5", "line 6", "line 7", "line 8"]


def test_the_second_time_that_podman_puts_at_the_end_of_a_terminals_line_is_taken_off() -> None:
    sent = b"2026-11-21T15:35:55Z tty 0\r\n2026-11-21T15:35:56Z tty 12026-11-21T15:35:56Z \r\n"
    assert read(sent, timed=True).lines == ["tty 0", "tty 1"]


def test_a_line_of_100_megabytes_is_cut_and_says_so_and_takes_no_memory() -> None:
    reader = LineReader()
    piece = b"x" * 1_000_000
    for _ in range(100):
        reader.add(piece)
        assert len(reader._streams[0].pending) < 2 * LINE_LIMIT
    reader.add(b"\nnext\n")
    batch = reader.take()
    assert batch.lines[1] == "next"
    assert len(batch.lines[0]) < 2 * LINE_LIMIT
    assert re.search(r"99[89]\d* more bytes", batch.lines[0])


def test_binary_output_becomes_text_without_control_characters() -> None:
    batch = read(bytes(range(256)) + b"\n", b"\xff\xfe\0\n")
    assert not any(sign < " " and sign != "\t" for line in batch.lines for sign in line)


def test_a_progress_bar_shows_its_last_state() -> None:
    assert read(b"10%\r20%\r100%\r\n").lines == ["100%"]


def test_colours_are_taken_out_of_the_text() -> None:
    batch = read(b"\x1b[31mred\x1b[0m plain \x1b[1;38;5;208mbold\x1b[m\n")
    assert batch.lines == ["red plain bold"]
    assert batch.styles[0] == (Span(0, 3, Style(1)), Span(10, 14, Style(208, bold=True)))


def test_a_colour_goes_on_in_the_next_line_until_it_is_ended() -> None:
    batch = read(b"\x1b[32mgreen\nstill\x1b[0m\nplain\n")
    assert set(batch.styles) == {0, 1}


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("38;2;10;20;30", Style(TRUE_COLOUR + 0x0A141E)),
        ("38:5:12", Style(12)),
        ("97;44", Style(15, 4)),
        ("1;3;4;7;9", Style(bold=True, italic=True, underline=True, reverse=True, strike=True)),
        ("38;5", Style()),
        ("999;;0", Style()),
        ("1;22;39", Style()),
    ],
)
def test_sequences_are_understood(sequence: str, expected: Style) -> None:
    assert restyled(Style(), sequence) == expected


def test_titles_and_other_sequences_leave_nothing_behind() -> None:
    assert Parser().line("a\x1b]0;title\x07b\x1b[2Kc\x1b(Bd\x1b[?25le\x1b") == ("abcde", ())


def test_the_palette_has_256_colours_in_both_schemes() -> None:
    for number, dark in itertools.product(range(256), (False, True)):
        assert re.fullmatch("#[0-9a-f]{6}", colour_name(number, dark=dark))


def lines(start: int, end: int) -> Batch:
    """A batch of numbered lines."""
    texts = [f"line {number}" for number in range(start, end)]
    return Batch(texts, [f"2026-11-21T14:00:00.{number:09}Z" for number in range(start, end)])


def filled(limit: int, total: int, step: int = 100) -> LogStore:
    """A store that got numbered lines."""
    store = LogStore(limit)
    for start in range(0, total, step):
        store.append(lines(start, start + step))
    return store


def test_a_store_keeps_its_limit_and_a_little_more() -> None:
    store = filled(10_000, 50_000)
    assert 10_000 <= len(store) <= 10_000 + 5_000
    assert store.end == 50_000
    assert store.text(store.first) == f"line {store.first}"
    assert store.text(49_999) == "line 49999"
    assert store.time(45_678).endswith("45678Z")
    with pytest.raises(IndexError):
        store.text(store.first - 1)


def test_a_store_of_long_lines_is_bounded_by_memory() -> None:
    store = LogStore(1_000_000, memory=10_000_000)
    for _ in range(200):
        store.append(Batch(["한" * 1000] * 100))
    assert store.memory <= 10_000_000 + 1_000_000
    assert len(store) < 20_000


def test_lines_know_their_source_and_stream() -> None:
    store = LogStore(100)
    store.append(Batch(["a", "b"], errors={1}), 7)
    store.append(Batch(["c"], notes={0}), 9)
    assert [store.source(number) for number in range(3)] == [7, 7, 9]
    assert [store.is_error(number) for number in range(3)] == [False, True, False]
    assert [store.is_note(number) for number in range(3)] == [False, False, True]


def test_lines_without_a_time_stand_among_those_with_one() -> None:
    store = LogStore(100)
    store.append(Batch(["no time"]))
    store.append(Batch(["time"], ["2026-11-21T14:00:00Z"]))
    store.append(Batch(["later"], ["2026-11-21T14:00:00.123456789Z"]))
    store.append(Batch(["none"]))
    assert [store.time(n) for n in range(4)] == ["", "2026-11-21T14:00:00Z", "2026-11-21T14:00:00.123456789Z", ""]


def test_a_snapshot_does_not_change() -> None:
    store = filled(1000, 500)
    before = store.snapshot()
    store.append(lines(500, 6000))
    store.clear()
    assert (before.first, before.end, before.text(499)) == (0, 500, "line 499")


def scanned(store: LogStore, match: Match) -> list[int]:
    """All lines that match, found in small steps."""
    scan = Scan(store, match)
    while not scan.done:
        scan.step(0)
    return scan.numbers


@pytest.mark.parametrize("expression", [False, True])
@pytest.mark.parametrize("text", ["7", "line 12", "LINE 4", "e 1", "99"])
def test_a_search_finds_what_looking_at_each_line_finds(text: str, expression: bool) -> None:
    store = filled(20_000, 10_000, 1000)
    found = scanned(store, Match(compiled(text, expression=expression, case=False), literal=not expression))
    assert found == [n for n in range(10_000) if text.lower() in f"line {n}"]


@pytest.mark.parametrize("expression", ["^line 5$", "[^x]*", r"\s9", "5$", "(?<=1)0$"])
def test_expressions_see_one_line_at_a_time(expression: str) -> None:
    store = filled(20_000, 3_000)
    found = scanned(store, Match(compiled(expression, expression=True, case=True), literal=False))
    assert found == [n for n in range(3_000) if re.search(expression, f"line {n}")]


def test_a_search_in_some_sources_and_after_old_lines_went() -> None:
    store = LogStore(5_000)
    for start in range(0, 20_000, 100):
        store.append(lines(start, start + 100), start // 100 % 3)
    scan = Scan(store, Match(compiled("5", expression=False, case=True), True, frozenset({1})))
    scan.step(1)
    for start in range(20_000, 30_000, 100):
        store.append(lines(start, start + 100), start // 100 % 3)
        scan.step(1)
    wanted = [n for n in range(store.first, 30_000) if "5" in str(n) and n // 100 % 3 == 1]
    assert scan.numbers == wanted


def test_text_is_no_expression_and_case_may_matter() -> None:
    store = LogStore(100)
    store.append(Batch(["a.b", "axb", "A.B"]))
    assert scanned(store, Match(compiled("a.b", expression=False, case=True))) == [0]
    assert scanned(store, Match(compiled("a.b", expression=False, case=False))) == [0, 2]
    assert scanned(store, Match(compiled("a.b", expression=True, case=True), literal=False)) == [0, 1]


def pieces(text: bytes, size: int) -> Iterator[bytes]:
    """Cut."""
    for start in range(0, len(text), size):
        yield text[start : start + size]


@pytest.mark.parametrize("size", [1, 5, 64])
def test_letters_of_several_bytes_survive_any_cut(size: int) -> None:
    text = "한국어 😀 שלום\nzweite\n"
    assert read(*pieces(text.encode(), size)).lines == ["한국어 😀 שלום", "zweite"]


def test_times_for_people_and_for_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert local_time("no time") == "no time"
    assert local_time("") == ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.123", local_time("2026-11-21T14:00:00.123456789Z"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", local_time("2026-11-21T14:00:00Z"))
    assert moment("1970-01-01T00:00:10.500000123Z") == "10.499999"
    assert moment("1970-01-01T02:00:10.500000000+02:00") == "10.499999"


def test_a_line_with_a_colour_for_each_letter_stays_small() -> None:
    batch = read(b"".join(b"\x1b[3%dmx" % (n % 8) for n in range(1000)) + b"\n")
    assert batch.lines == ["x" * 1000]
    assert len(batch.styles[0]) <= 400
