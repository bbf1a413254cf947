"""What goes on behind a terminal: output comes in a thread, input goes out in another, the screen is here."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.gui.text import explained
from app.gui.widgets.screen import Emulator, Screen
from app.gui.widgets.transport import Opener, Transport
from app.gui.work.feed import Feed
from app.gui.work.runner import Op, TaskRunner
from vm.errors import LinnetError

log = logging.getLogger(__name__)

_SLICE = 0.010
"""Seconds that output may keep the window from doing anything else."""

_PIECE = 2048
_PAUSE = 12
"""Milliseconds for the window between two slices."""

_AHEAD = 256 * 1024
"""Bytes of output that may wait; then the program has to."""


class TerminalSession(QObject):
    """One program and its screen.

    Attributes:
        emulator: the screen.
        running: whether the program goes on, as far as is known.
    Signals:
        opened: the program has been started.
        changed: the screen is another.
        ended: it is over; a sentence on how.
    """

    opened = Signal()
    changed = Signal()
    ended = Signal(str)

    def __init__(self, parent: QObject, runner: TaskRunner, opener: Opener, rows: int, columns: int) -> None:
        super().__init__(parent)
        self._runner = runner
        self._opener = opener
        self._transport: Transport | None = None
        self._orders: queue.SimpleQueue[Callable[[Transport], None] | None] = queue.SimpleQueue()
        self._pending = b""
        self.running = True
        self._size = rows, columns
        self.emulator = Emulator(columns, rows, self.write)
        self._feed = Feed(self, self._open, limit=_AHEAD)
        self._feed.ready.connect(self._drain)
        self._feed.opened.connect(self.opened)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._drain)
        self._feed.start()

    @property
    def screen(self) -> Screen:
        """What is to be seen."""
        return self.emulator.screen

    def write(self, data: bytes) -> None:
        """Send input."""
        if self.running:
            self._orders.put(lambda transport: transport.write(data))

    def resize(self, rows: int, columns: int) -> None:
        """Have another size."""
        if (rows, columns) == self._size:
            return
        self._size = rows, columns
        self.screen.resize(rows, columns)
        if self.running:
            self._orders.put(lambda transport: transport.resize(rows, columns))

    def close(self) -> None:
        """End the connection; the program gets a hang-up."""
        if self.running:
            self._orders.put(lambda transport: transport.hang_up())
        self.running = False
        self._timer.stop()
        self._orders.put(None)
        # The thread that sends lets go of the connection, when the hang-up is on its way.
        self._feed.stop(abort=False)

    def _open(self) -> Any:
        transport = self._transport = self._opener(*self._size)
        threading.Thread(target=_send, args=(transport, self._orders), name="terminal", daemon=True).start()
        return transport

    def _drain(self) -> None:
        end = time.perf_counter() + _SLICE
        while time.perf_counter() < end:
            if not self._pending:
                taken = self._feed.take(1)
                if not taken:
                    break
                self._pending = taken[0]
            piece, self._pending = self._pending[:_PIECE], self._pending[_PIECE:]
            self.emulator.feed(piece)
        self.changed.emit()
        if self._pending or self._feed.waits:
            self._timer.start(_PAUSE)
        elif self._feed.over and self.running:
            self._on_over()

    def _on_over(self) -> None:
        self.running = False
        self._orders.put(None)
        transport, error = self._transport, self._feed.error
        if transport is None:
            text = explained(error) if error is not None else ""
            self.ended.emit(text)
            return
        Op(self, transport.ending).success(self.ended.emit).run(self._runner)


def _send(transport: Transport, orders: queue.SimpleQueue[Callable[[Transport], None] | None]) -> None:
    """Carry out orders until there are no more; then let go of the connection."""
    while (order := orders.get()) is not None:
        try:
            order(transport)
        except LinnetError as error:
            log.info("a terminal's input could not be sent: %s", error.message)
            break
    transport.abort()
    transport.close()
