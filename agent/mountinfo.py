"""The kernel's table of mounts."""

from __future__ import annotations

import re
from typing import NamedTuple

TABLE = "/proc/self/mountinfo"


class Mount(NamedTuple):
    """One line of the table."""

    device: str
    """major:minor of the file system, the same in every mount namespace."""
    path: str
    read_only: bool
    kind: str
    source: str


def read(table: str = TABLE) -> list[Mount]:
    """Return all mounts in the order in which they were made; none if the process whose table it is has ended."""
    try:
        with open(table, encoding="utf-8", errors="surrogateescape") as file:
            return [parse(line) for line in file]
    except (FileNotFoundError, ProcessLookupError):
        return []


def parse(line: str) -> Mount:
    """Return what a line of the table says."""
    fields = line.split(" ")
    rest = fields[fields.index("-", 6) + 1 :]
    read_only = "ro" in fields[5].split(",") or "ro" in rest[2].strip().split(",")
    return Mount(fields[2], unescape(fields[4]), read_only, rest[0], unescape(rest[1]))


def unescape(text: str) -> str:
    r"""Return a field as it was before the kernel wrote its blanks, line ends and backslashes as \ooo."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), text)
