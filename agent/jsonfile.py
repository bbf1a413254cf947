"""Small JSON files that are there whole or not at all."""

from __future__ import annotations

import json
import os
from typing import Any


def write(path: str, content: object) -> None:
    """Write a file; what was there stays until the new one is on the disk."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def read(path: str) -> dict[str, Any]:
    """Return the object in a file; empty when there is none that can be read."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
