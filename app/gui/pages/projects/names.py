"""Compose files on this computer: what they are called, how they name their project, where they are. Free of Qt."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from vm.errors import NotFoundError, UsageError

FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""What compose files are called, best first."""

LARGEST = 1024 * 1024
"""Bytes; no compose file is larger."""

DEPTH = 4
"""Folders below a shared one that are looked into."""

MOST = 200
"""Files that a search finds."""

PATIENCE = 20.0
"""Seconds that a search takes at most."""

_UNFIT = re.compile(r"[^a-z0-9_-]")
_NAME = re.compile(r"""^name:\s*["']?([a-z0-9][a-z0-9_-]*)["']?\s*(?:#.*)?$""", re.MULTILINE)
_SKIPPED = frozenset(
    {"node_modules", "vendor", "venv", "site-packages", "__pycache__", "target", "Library", "AppData", "snap"}
)


def read(file: str) -> str:
    """Return the text of a compose file.

    Raises:
        NotFoundError: it is not there.
        UsageError: it cannot be read, or is no text that compose could read.
    """
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {file}.") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST:
        raise UsageError(f"{file} is too large for a compose file.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is no text in UTF-8.") from error


def project_name(file: str) -> str:
    """Return the name of a file's project: what it says itself, else its folder's. Raises as `read` does."""
    said = _NAME.search(read(file))
    return said.group(1) if said else default_name(file)


def default_name(file: str) -> str:
    """Return the name that compose gives to a project whose file says none: its folder's, in small letters."""
    folder = Path(file).parent.name
    return _UNFIT.sub("", folder.lower()).lstrip("_-") or folder or "project"


def find(folders: Iterable[str], progress: Callable[[str, int], object] = lambda _folder, _found: None) -> list[str]:
    """Return the compose files in folders, a few levels deep; one, the best, of each folder.

    Args:
        folders: where to look.
        progress: told each folder and how many were found; may raise to end the search.
    """
    until = time.monotonic() + PATIENCE
    found: list[str] = []
    for top in folders:
        for folder, inner, files in os.walk(top):
            depth = len(Path(folder).relative_to(top).parts)
            inner[:] = [] if depth >= DEPTH else sorted(name for name in inner if _worth(name))
            progress(folder, len(found))
            best = next((name for name in FILES if name in files), None)
            if best is not None:
                found.append(str(Path(folder, best)))
            if len(found) >= MOST or time.monotonic() > until:
                return found
    return found


def _worth(name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED
