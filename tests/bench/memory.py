"""Whether memory that a container used comes back to the host."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import psutil

from tests.bench.measure import BenchError, Result
from tests.bench.product import MACHINE, Product

SETTLE = 60
"""Seconds after a restart until the VM takes what it takes when nobody uses it."""

LIMIT = 60
"""Seconds after the container's end in which its memory has to be back."""

TARGET = 1.10
"""Host memory after that time, divided by what it was when idle before."""

TOUCHED_MIB = 1024

LEAST_RISE = 0.8
"""Part of what is touched by which QEMU must have grown; otherwise nothing would have been measured."""

MIB = 2**20


def memory(product: Product) -> Iterator[Result]:
    """A container touches 1 GiB and exits; resident memory of QEMU 60 s later, divided by that of the idle machine."""
    product.ensure_running()
    product.linnet("machine", "restart", MACHINE)
    _touch(product, 1)  # what a first container needs stays needed: engine, network helper, their translated code
    time.sleep(SETTLE)
    process = psutil.Process(product.status()["process_id"])
    idle = process.memory_info().rss
    peak = _touch_watched(product, process)
    ended = time.monotonic()
    if peak - idle < LEAST_RISE * TOUCHED_MIB * MIB:
        raise BenchError(f"QEMU grew by {(peak - idle) / MIB:.0f} MiB only while {TOUCHED_MIB} MiB were touched")
    within = _seconds_until(process, idle * TARGET, ended)
    time.sleep(max(0.0, ended + LIMIT - time.monotonic()))
    after = process.memory_info().rss
    parts = {"idle": idle / MIB, "while touched": peak / MIB, "after 60 s": after / MIB}
    yield Result("memory of a container back on the host, after 60 s / idle", parts, "MiB", after / idle, TARGET)
    if within is not None:
        yield Result("seconds until it is back", {"measured": within}, "s", within)


def _touch(product: Product, mib: int) -> None:
    # dd's buffer is memory of its process, all of which it writes to.
    product.linnet("run", "--rm", "hello", "sh", "-c", f"dd if=/dev/zero of=/dev/null bs={mib}M count=1")


def _touch_watched(product: Product, process: psutil.Process) -> int:
    """Have a container touch the memory; return the most that QEMU had resident meanwhile, bytes."""
    highest = process.memory_info().rss
    over = threading.Event()

    def watch() -> None:
        nonlocal highest
        while not over.wait(0.1):
            highest = max(highest, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        _touch(product, TOUCHED_MIB)
    finally:
        over.set()
        watcher.join()
    return max(highest, process.memory_info().rss)


def _seconds_until(process: psutil.Process, wanted: float, began: float) -> float | None:
    while time.monotonic() < began + LIMIT:
        if process.memory_info().rss <= wanted:
            return time.monotonic() - began
        time.sleep(0.2)
    return None
