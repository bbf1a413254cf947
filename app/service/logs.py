"""Logs as streams: the end of a file, and what is added to it while somebody follows."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import BinaryIO

from app.service.contract import Machine
from vm.errors import UsageError
from vm.layout import Layout

SOURCES = ("serial", "vmm", "service", "agent")

LOOK_EVERY = 0.25
"""Seconds between two looks at a file that is followed; nothing runs when nobody follows."""

PIECE = 64 * 1024

AGENT_UNIT = "linnet-agent.service"


async def stream(
    machine: Machine, layout: Layout, source: str, *, tail: int | None, follow: bool
) -> AsyncGenerator[bytes, None]:
    """Yield a log of a machine.

    Raises:
        UsageError: there is no such log.
        LinnetError: the guest's log cannot be reached.
    """
    files = {"serial": machine.files.serial_log, "vmm": machine.files.vmm_log, "service": layout.service_log}
    if source == "agent":
        chunks = _agent_log(machine, tail=tail, follow=follow)
    elif source in files:
        chunks = file_log(files[source], tail=tail, follow=follow)
    else:
        raise UsageError(f"There is no log '{source}'.", hint=f"Logs: {', '.join(SOURCES)}.")
    async with contextlib.aclosing(chunks):
        async for chunk in chunks:
            yield chunk


async def file_log(path: Path, *, tail: int | None, follow: bool) -> AsyncGenerator[bytes, None]:
    """Yield the last `tail` lines of a file (all when None), then what is added to it if `follow`.

    A missing file is an empty one. A file that is replaced or cut while it is followed is read from its new start.
    """
    yield b""
    opened = _open(path)
    try:
        if opened is not None and tail is not None:
            opened.seek(_tail_position(opened, tail))
        while True:
            while opened is not None and (data := opened.read(PIECE)):
                yield data
            if not follow:
                return
            await asyncio.sleep(LOOK_EVERY)
            if opened is None or _replaced(opened, path):
                if opened is not None:
                    # What was written between the last look and the replacement.
                    yield opened.read()
                    opened.close()
                opened = _open(path)
    finally:
        if opened is not None:
            opened.close()


async def _agent_log(machine: Machine, *, tail: int | None, follow: bool) -> AsyncGenerator[bytes, None]:
    lines = "all" if tail is None else str(tail)
    command = ["journalctl", "--no-pager", "-o", "short-iso", "-u", AGENT_UNIT, "-n", lines]
    process = await machine.control_link().spawn([*command, "-f"] if follow else command)
    try:
        while data := await process.read_stdout(PIECE):
            yield data
    finally:
        await process.close()


def _open(path: Path) -> BinaryIO | None:
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None


def _replaced(opened: BinaryIO, path: Path) -> bool:
    mine = os.fstat(opened.fileno())
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return (there.st_ino, there.st_dev) != (mine.st_ino, mine.st_dev) or there.st_size < opened.tell()


def _tail_position(opened: BinaryIO, lines: int) -> int:
    """Return where the last `lines` lines begin."""
    position = opened.seek(0, os.SEEK_END)
    if lines <= 0:
        return position
    found = b""
    while position > 0 and found.count(b"\n", 0, -1) < lines:
        step = min(PIECE, position)
        position -= step
        opened.seek(position)
        found = opened.read(step) + found
    start = len(found)
    for _ in range(lines):
        start = found.rfind(b"\n", 0, max(0, start - 1)) + 1
        if start == 0:
            break
    return position + start
