"""The window of `tests.bench.desktop_logs`: takes a log in, prints what it measured as JSON."""

from __future__ import annotations

import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.endpoint import UnixConnection
from app.core.flow import Flow
from app.gui.guard import MainThreadGuard
from app.gui.services import Services, make_services
from app.gui.widgets.logpane import LogPane
from app.gui.widgets.logread import Batch
from app.gui.widgets.logview import LogView
from tests.bench.desktop_logs import LINES
from tests.gui.fake import FakeLinnet

_PAGES = 40

frames: list[float] = []
"""When the log was painted."""


def main() -> None:
    """Measure and print."""
    app = QApplication([])
    services = make_services(app, FakeLinnet().layout)
    paint = LogPane.paintEvent

    def painted(pane: LogPane, event: QPaintEvent) -> None:
        paint(pane, event)
        frames.append(time.perf_counter())

    LogPane.paintEvent = painted  # type: ignore[method-assign, assignment]  # a stub of PySide has one self too many
    print(json.dumps({**_flood(services), **_million(app, services)}), flush=True)
    os._exit(0)  # threads of the recorded linnetd go on


def _flood(services: Services) -> dict[str, float]:
    """A log that another process writes as fast as it may."""
    view = _view(services)
    address = Path(tempfile.mkdtemp(prefix="lb"), "s")
    writer = subprocess.Popen([sys.executable, "-m", "tests.bench.desktop_logs", "writer", str(address)])
    _run(address.exists)

    def source() -> Flow[bytes]:
        connection = UnixConnection(str(address))
        return Flow(connection, iter(lambda: connection.recv(1 << 16), b""))

    before = _resident()
    view.follow(source, timed=True, multiplexed=True)
    _run(lambda: len(view.store) > 0)
    frames.clear()
    start = time.perf_counter()
    _run(lambda: view.store.end >= LINES)
    seconds = time.perf_counter() - start
    memory = _resident() - before
    writer.wait()
    gaps = [after - one for one, after in itertools.pairwise(frames)]
    view.deleteLater()
    return {"seconds": seconds, "frame": statistics.mean(gaps), "slowest_frame": max(gaps), "memory": memory}


def _million(app: QApplication, services: Services) -> dict[str, float]:
    """Paging through a million lines, and a search in them."""
    services.preferences.set("log_lines", LINES)
    view = _view(services)
    for start in range(0, LINES, 5_000):
        texts = [f"GET /api/v1/things/{number} 200 and some words" for number in range(start, start + 5_000)]
        view.store.append(Batch(texts))
    view.pane.lines_changed()
    _run(lambda: True)
    pages = [Qt.Key.Key_PageDown] * _PAGES, [Qt.Key.Key_PageUp] * _PAGES
    moves = [_move(view, key) for key in (Qt.Key.Key_Home, *pages[0], Qt.Key.Key_End, *pages[1])]
    guard = MainThreadGuard(app, told=lambda _text: None)
    guard.start()
    search = _timed(lambda: view.search.setText("things/99999"), lambda: re.match("11 ", view.status) is not None)
    guard.stop()
    stall = max((one for one, _stack in guard.stalls), default=0.0)
    return {"scroll": statistics.median(moves), "search": search, "search_stall": stall}


def _move(view: LogView, key: Qt.Key) -> float:
    seen = len(frames)
    return _timed(lambda: QTest.keyClick(view.pane, key), lambda: len(frames) > seen)


def _timed(work: Callable[[], object], done: Callable[[], bool]) -> float:
    start = time.perf_counter()
    work()
    _run(done)
    return time.perf_counter() - start


def _view(services: Services) -> LogView:
    view = LogView(services)
    view.resize(1200, 800)
    view.show()
    _run(lambda: bool(frames))
    return view


def _run(done: Callable[[], bool]) -> None:
    """Run the event loop until something is so."""
    while True:
        loop = QEventLoop()
        QTimer.singleShot(1, loop.quit)
        loop.exec()
        if done():
            return


def _resident() -> int:
    """Bytes of memory in use."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
