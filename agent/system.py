"""What the guest is."""

from __future__ import annotations

import os
import time
from typing import Any

from agent import memory


def boot_id() -> str:
    """Return the kernel's name of this boot."""
    return _read("/proc/sys/kernel/random/boot_id")


def info(uid: int) -> dict[str, Any]:
    """Return what the host wants to know once; uptime in seconds, memory in bytes. `uid` is the user's number."""
    return {
        "boot_id": boot_id(),
        "kernel": os.uname().release,
        "uptime": time.clock_gettime(time.CLOCK_BOOTTIME),
        "cpus": os.cpu_count() or 1,
        "memory": memory.status()["total"],
        "uid": uid,
        "image": os.environ.get("LINNET_IMAGE"),
    }


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""
