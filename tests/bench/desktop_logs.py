"""Figures of the log view, offscreen: 100,000 lines a second for ten seconds, then moving through a million lines.

`python -m tests.bench.desktop_logs` prints them; with `writer` and a path it is the process that writes the log.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator

from tests.bench.desktop import window_process
from tests.bench.measure import Result
from tests.bench.product import Product

RATE = 100_000
"""Lines a second."""

LINES = 1_000_000

_LIMIT = 180


def logs(_linnet: Product | None = None) -> Iterator[Result]:
    """How a flood of lines is taken in, and how a million lines are moved through."""
    found = window_process("desktop_logs_child", limit=_LIMIT)
    seconds = found["seconds"]
    yield Result(
        f"logs: {LINES:,} lines sent in {LINES // RATE} s", {"taken in": seconds}, "s", seconds, LINES / RATE * 1.1
    )
    frame = found["frame"] * 1000
    yield Result("logs: one frame meanwhile", {"mean": frame}, "ms", frame, 1000 / 30)
    worst = found["slowest_frame"] * 1000
    yield Result("logs: the slowest frame meanwhile", {"slowest": worst}, "ms", worst, None)
    grown = found["memory"] / 1e6
    yield Result("logs: memory of 200,000 lines", {"more": grown}, "MB", grown, 160)
    moved = found["scroll"] * 1000
    yield Result("logs: a page of a million lines", {"median": moved}, "ms", moved, 1000 / 30)
    searched = found["search_stall"] * 1000
    yield Result("logs: longest stall of a search in a million lines", {"longest": searched}, "ms", searched, 50)
    yield Result("logs: a search in a million lines", {"whole": found["search"]}, "s", found["search"], None)


def _write_log(address: str) -> None:
    """Send frames as Docker does, at the rate, to whoever connects."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        connection, _ = server.accept()
    part = RATE // 50
    block = bytearray()
    for number in range(part):
        text = (
            f'2026-11-21T14:00:00.{number:09}Z GET /api/v1/things/{number} HTTP/1.1 200 {number * 7} "agent"\n'.encode()
        )
        block += b"\1\0\0\0" + len(text).to_bytes(4, "big") + text
    start = time.perf_counter()
    for piece in range(LINES // part):
        delay = start + piece * part / RATE - time.perf_counter()
        if delay > 0:
            time.sleep(delay)
        connection.sendall(block)
    connection.close()


def main() -> int:
    """Print the figures, or write a log; return the exit code."""
    match sys.argv[1:]:
        case ["writer", address]:
            _write_log(address)
        case _:
            for result in logs():
                print(f"{result.figure}: {result.value:.1f} {result.unit} (target {result.target}) {result.met}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
