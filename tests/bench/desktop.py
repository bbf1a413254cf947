"""Figures of the window, offscreen, each beside a bare PySide6 window in the same run; a recorded linnetd answers."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.measure import BenchError, Result, pairs, ratio
from tests.bench.product import Product

ROWS = 5_000

_ROOT = Path(__file__).resolve().parents[2]

_LIMIT = 120


def desktop(_linnet: Product | None = None) -> Iterator[Result]:
    """First paint, a list of 5,000 containers, and what an open and a hidden window cost."""
    yield from first_paint()
    yield from rows()
    yield from idle()


def first_paint() -> Iterator[Result]:
    """Process start to first painted window, with Linnet and with PySide6 alone."""
    for name in ("linnet", "bare"):  # so that both find their files in memory
        child("paint", name)
    ours, bare = pairs(lambda: child("paint", "linnet")["seconds"], lambda: child("paint", "bare")["seconds"], 7)
    yield ratio("first paint / a bare window", ours, bare, 1.5, ("Linnet", "bare"))


def rows() -> Iterator[Result]:
    """A keystroke in the search field of 5,000 containers, and one container's event."""
    measured = child("rows", str(ROWS))
    value = statistics.median(measured["keystrokes"]) * 1000
    yield Result("5,000 containers: keystroke to painted", {"median": value}, "ms", value, 50)
    worst = max(measured["keystrokes"]) * 1000
    yield Result("5,000 containers: slowest keystroke", {"slowest": worst}, "ms", worst, None)
    yield Result("5,000 containers: rebuilds for one event", {"resets": measured["resets"]}, "", measured["resets"], 0)


def idle() -> Iterator[Result]:
    """CPU and memory of an open window that nobody touches, and wake-ups of a hidden one."""
    ours, bare = child("idle", "linnet"), child("idle", "bare")
    percent = {"Linnet": ours["percent"], "bare": bare["percent"]}
    yield Result("idle window: CPU", percent, "%", ours["percent"], 0.5)
    memory = {"Linnet": ours["memory"] / 1e6, "bare": bare["memory"] / 1e6}
    yield Result("idle window: memory", memory, "MB", memory["Linnet"], 150)
    hidden = child("hidden", "linnet")
    yield Result("hidden window: wake-ups a second", {"Linnet": hidden["switches"]}, "/s", hidden["switches"], 1)


def child(mode: str, argument: str) -> dict[str, Any]:
    """Run `tests.bench.desktop_child` and return what it measured. BenchError when it fails."""
    return window_process("desktop_child", mode, argument, limit=_LIMIT)


def window_process(module: str, *arguments: str, limit: float) -> dict[str, Any]:
    """Run a module of this package that shows a window, and return the JSON that it prints.

    BenchError when it fails; `limit`: seconds that it may take.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=limit,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise BenchError(f"the window ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    found: dict[str, Any] = json.loads(lines[-1])
    return found
