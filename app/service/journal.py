"""linnetd's log: a file that stays bounded, and the last records in memory for reports."""

from __future__ import annotations

import asyncio
import logging
import logging.handlers
from collections import deque

from vm.layout import Layout

FILE_LIMIT = 2 * 1024 * 1024
"""Bytes of one log file; with the older ones it is five times as much at most."""

FILES_KEPT = 4

RECORDS_KEPT = 10_000

LINE_LIMIT = 8 * 1024
"""Characters of one record at most: a guest must not fill the log with one message."""

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class Ring(logging.Handler):
    """Keeps the last records as lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=RECORDS_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        self.lines.append(self.format(record))


class _Bounded(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text if len(text) <= LINE_LIMIT else f"{text[:LINE_LIMIT]}… ({len(text)} characters)"


def begin(layout: Layout, level: str = "info") -> Ring:
    """Send everything that is logged into the log file and a ring; return the ring."""
    layout.service_log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ring = Ring()
    file = logging.handlers.RotatingFileHandler(
        layout.service_log, maxBytes=FILE_LIMIT, backupCount=FILES_KEPT, encoding="utf-8"
    )
    root = logging.getLogger()
    for handler in (file, ring):
        handler.setFormatter(_Bounded(_FORMAT))
        root.addHandler(handler)
    set_level(level)
    # A full disk must not stop the service; logging would write a traceback to nowhere for each record.
    logging.raiseExceptions = False
    return ring


def set_level(level: str) -> None:
    """Log messages of `level` (debug, info, warning, error) and above."""
    logging.getLogger().setLevel(level.upper())
    # paramiko logs each packet and each connection that ends; asyncio its selector.
    logging.getLogger("paramiko").setLevel(logging.WARNING)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)


def log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Take what asyncio reports about callbacks that failed."""
    error = context.get("exception")
    logging.getLogger(__name__).error(
        "event loop: %s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None
    )
