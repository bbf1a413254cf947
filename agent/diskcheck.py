"""How the data disk is: what the check before it was mounted said, and what the kernel says of it since."""

from __future__ import annotations

import os
from typing import Any

FOLDER = "/run/linnet/check"
"""Where the check that the host may order in the seed leaves `code` and `text`."""

_TEXT_LIMIT = 8192
_ERROR = 3
"""Kernel messages of this level and below are failures."""


def status(folder: str = FOLDER, kernel_log: str = "/dev/kmsg") -> dict[str, Any]:
    """Return `code` of the check (None: there was none), its `text`, and the kernel's complaints of the file system."""
    code, text = None, ""
    try:
        with open(f"{folder}/code", encoding="ascii") as file:
            code = int(file.read())
        with open(f"{folder}/text", encoding="utf-8", errors="replace") as file:
            text = file.read()[-_TEXT_LIMIT:]
    except (OSError, ValueError):
        pass  # the check was not ordered, or did not come to its end
    return {"code": code, "text": text, "kernel": complaints(_records(kernel_log))}


def complaints(records: list[str]) -> list[str]:
    """Return what the kernel's records (`priority,number,time,…;text`) say of failures of XFS."""
    found = []
    for record in records:
        head, _, text = record.partition(";")
        priority = head.partition(",")[0]
        if "XFS (" in text and priority.isdigit() and int(priority) & 7 <= _ERROR:
            found.append(text.partition("\n")[0])
    return found


def _records(path: str) -> list[str]:
    found = []
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return []
    try:
        while record := os.read(handle, 8192):
            found.append(record.decode(errors="replace"))
    except BlockingIOError:
        pass  # all that there is
    except OSError:
        pass  # the oldest ones were overwritten while they were read
    finally:
        os.close(handle)
    return found
