"""The guest's memory."""

from __future__ import annotations

import re

from agent.process import check

RECLAIM_LIMIT = 120.0
"""Seconds that emptying the caches may take; what was written lately has to be on the disk before."""

_RECLAIM = "sync && echo 3 > /proc/sys/vm/drop_caches && echo 1 > /proc/sys/vm/compact_memory"


def fields(meminfo: str) -> dict[str, int]:
    """Return the fields of /proc/meminfo by name, in bytes."""
    return {name: int(value) * 1024 for name, value in re.findall(r"^(\w+): +(\d+) kB", meminfo, re.MULTILINE)}


def parse(meminfo: str) -> dict[str, int]:
    """Return bytes in total, in use (not to be had for a new program), in caches, and free, from /proc/meminfo."""
    values = fields(meminfo)
    total, free = values["MemTotal"], values["MemFree"]
    cache = values["Buffers"] + values["Cached"] + values["SReclaimable"]
    return {"total": total, "used": total - values["MemAvailable"], "cache": cache, "free": free}


def swap(meminfo: str) -> int:
    """Return the bytes of swap that the guest has, from /proc/meminfo."""
    found = re.search(r"^SwapTotal: +(\d+) kB", meminfo, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def status() -> dict[str, int]:
    """Return the memory's use in bytes."""
    with open("/proc/meminfo", encoding="ascii") as file:
        return parse(file.read())


def reclaim() -> dict[str, int]:
    """Empty the caches, so that free page reporting can give the memory to the host; return the new status. Blocks.

    Compacting comes last: only whole blocks of 2 MiB are reported, and what was freed lies scattered. It is done by a
    program of its own, which gives way to all others and can be ended when it takes too long.

    Raises:
        AgentError: it failed.
    """
    check("nice", "-n", "19", "sh", "-c", _RECLAIM, timeout=RECLAIM_LIMIT)
    return status()
