"""What a Dockerfile tells before it is built: its stages and the arguments that it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from app.gui.pages.images.context import find_dockerfile

_STAGE = re.compile(r"^\s*FROM\s+.*?\s+AS\s+(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_ARGUMENT = re.compile(r"^\s*ARG\s+([A-Za-z_][A-Za-z0-9_]*)", re.IGNORECASE | re.MULTILINE)

_LARGEST = 1024 * 1024
"""Bytes that are read; no Dockerfile has more."""


@dataclass(frozen=True)
class Facts:
    """What was found in a folder.

    Attributes:
        folder: which.
        exists: whether there is such a folder.
        dockerfile: the usual name, "" when the folder has none.
        stages: names of stages of the file that was asked for.
        arguments: names of build arguments in it.
        found: whether the file that was asked for is there.
    """

    folder: str
    exists: bool
    dockerfile: str
    stages: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    found: bool = False


def look(folder: str, dockerfile: str) -> Facts:
    """Look into a folder; `dockerfile` "" takes the usual one. Never fails: what cannot be read is not there."""
    path = Path(folder).expanduser()
    if not folder.strip() or not path.is_dir():
        return Facts(folder, exists=False, dockerfile="")
    usual = find_dockerfile(path)
    try:
        with (path / (dockerfile or usual)).open(encoding="utf-8", errors="replace") as file:
            text = file.read(_LARGEST)
    except OSError:
        return Facts(folder, exists=True, dockerfile=usual)
    arguments = tuple(dict.fromkeys(_ARGUMENT.findall(text)))
    return Facts(folder, True, usual, tuple(_STAGE.findall(text)), arguments, True)
