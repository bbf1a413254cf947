"""`python -m tests.bench`: measures every figure of the table "How fast and how small" in one run, and prints it.

A figure that cannot be measured is reported with the reason, and the run goes on. Exit code 1 when a target is missed
or a figure failed.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import platformdirs

from tests.bench import api, boot, commands, desktop, desktop_logs, idle, memory, ports, shares, virtiofsd, volumes
from tests.bench.measure import BenchError, Result
from tests.bench.product import Product, product
from vm.errors import LinnetError
from vm.layout import Layout

FIGURES: dict[str, Callable[[Product], Iterator[Result]]] = {
    "version": commands.version,
    "start": boot.start,
    "resume": boot.resume,
    "ps": commands.ps,
    "ping": api.ping,
    "load": api.load,
    "cp": api.copy,
    "idle": idle.idle,
    "memory": memory.memory,
    "shares": shares.shares,
    "volumes": volumes.volumes,
    "port": ports.published,
    "image": idle.image,
    "desktop": desktop.desktop,
    "desktop-logs": desktop_logs.logs,
}


def main() -> int:
    """Run the benchmark; return the exit code."""
    # So that an ended run takes its machines with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = _arguments()
    chosen = arguments.only or list(FIGURES)
    results: list[Result] = []
    cache = platformdirs.user_cache_path("linnet-tests")
    settings = {"home_share": "off", **dict(pair.split("=", 1) for pair in arguments.set)}
    if "shares" in chosen and "virtiofsd" not in settings:
        found = asyncio.run(virtiofsd.command(cache))
        if found is not None:
            settings["virtiofsd"] = found
    try:
        with product(settings, arguments.images) as linnet:
            for name in chosen:
                print(f"measuring {name} …", file=sys.stderr, flush=True)
                for result in _measured(name, linnet):
                    print(_line(result), file=sys.stderr, flush=True)
                    results.append(result)
    except BenchError as error:
        print(f"The benchmark cannot run: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps([{**dataclasses.asdict(one), "met": one.met} for one in results], indent=1))
    else:
        print(_table(results))
    return 1 if any(one.met is False or one.error for one in results) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", choices=list(FIGURES), help=", ".join(FIGURES))
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="a setting of the machine")
    parser.add_argument("--images", type=Path, default=Layout.default().images, help="folder of guest images")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


def _measured(name: str, linnet: Product) -> Iterator[Result]:
    began = time.monotonic()
    try:
        yield from FIGURES[name](linnet)
    except (BenchError, LinnetError, OSError, ValueError, KeyError) as error:
        yield Result(
            name, error=f"{type(error).__name__}: {error}" if not isinstance(error, BenchError) else str(error)
        )
    print(f"  {name} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _cells(result: Result) -> tuple[str, str, str, str, str]:
    if result.error is not None:
        return result.figure, f"error: {result.error}", "", _number(result.target), "error"
    parts = ", ".join(f"{name} {_number(value)} {result.unit}" for name, value in result.parts.items())
    met = {True: "yes", False: "NO", None: "reported"}[result.met]
    value = _number(result.value) + ("" if len(result.parts) > 1 else f" {result.unit}")
    return result.figure, parts, value, _number(result.target), met


def _line(result: Result) -> str:
    return "  " + " | ".join(_cells(result))


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _table(results: Iterable[Result]) -> str:
    rows = [("figure", "measured", "value", "target", "met"), *(_cells(one) for one in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-+-".join("-" * width for width in widths))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
