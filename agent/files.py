"""Makes watchers in the guest see what was changed on the host: inotify knows only what the guest does. Blocks.

=========  ========================================================================================================
modified   the file is opened for writing and closed (CLOSE_WRITE) and gets the times that it has (ATTRIB)
created    the same, and a hidden folder comes and goes beside it (CREATE, DELETE in the folder: look again)
deleted    a folder of that name comes and goes (CREATE, DELETE with the right name)
=========  ========================================================================================================

Content is never touched. It is a folder because `rmdir` cannot remove anything that somebody else put there meanwhile.
"""

from __future__ import annotations

import os
import stat
from typing import Any

_MARK = ".linnet-changed"


def announce(changes: list[Any]) -> int:
    """Announce each of the `changes`, dictionaries with `path` and `kind`, and return how many could be."""
    count = 0
    marked: set[str] = set()
    for change in changes:
        path, kind = str(change["path"]), change["kind"]
        if not path.startswith("/") or "\0" in path:
            continue
        try:
            if kind == "deleted" and not os.path.lexists(path):
                _come_and_go(path)
            else:
                _touch(path)
                folder = os.path.dirname(path)
                if kind == "created" and folder not in marked:
                    marked.add(folder)
                    _come_and_go(f"{folder}/{_MARK}")
        except OSError:
            continue  # gone again, or on a read-only share: nothing that can be announced
        count += 1
    return count


def _touch(path: str) -> None:
    before = os.lstat(path)
    if stat.S_ISREG(before.st_mode):
        os.close(os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC))
    if not stat.S_ISLNK(before.st_mode):
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _come_and_go(path: str) -> None:
    os.mkdir(path, 0o700)
    os.rmdir(path)
