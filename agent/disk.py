"""The data disk of the guest. All of this blocks."""

from __future__ import annotations

import os
import re

from agent.process import check

DATA = "/data"


def status(folder: str = DATA) -> dict[str, int]:
    """Return the size of the file system, what is used and what is free, in bytes."""
    stat = os.statvfs(folder)
    size, free = stat.f_blocks * stat.f_frsize, stat.f_bavail * stat.f_frsize
    return {"size": size, "used": size - stat.f_bfree * stat.f_frsize, "free": free}


def grow() -> dict[str, int]:
    """Let the file system fill its disk and return the new status."""
    check("xfs_growfs", DATA)
    return status()


def trim() -> dict[str, int]:
    """Tell the host which blocks are free and return how many bytes those are."""
    return {"trimmed": trimmed(check("fstrim", "-v", DATA, timeout=600))}


def trimmed(output: str) -> int:
    """Return the number of bytes that fstrim speaks of."""
    match = re.search(r"\((\d+) bytes\)", output)
    return int(match.group(1)) if match else 0
