"""What would be lost with a folder: its size, and the paths that make it up, biggest first.

The upper folder of a container's layer holds only what differs from the image, so nothing of the image is walked. All
of this blocks.
"""

from __future__ import annotations

import heapq
import os
import re
import stat
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

SECONDS = 3.0
"""How long a folder is looked at; what is found by then is told as "at least"."""

SHOWN = 8
"""How many paths are named."""

_DEEPEST = 200
"""Folders within each other that are looked into; Python itself ends at a thousand calls."""

ANONYMOUS = re.compile(r"[0-9a-f]{64}")
"""What the engines call a volume to which nobody gave a name."""

_ENGINES_OWN = frozenset(
    {
        "/.dockerenv",
        "/dev",
        "/etc/hostname",
        "/etc/hosts",
        "/etc/mtab",
        "/etc/resolv.conf",
        "/proc",
        "/run",
        "/sys",
        "/var/run",
    }
)
"""What engines make in a container, and folders of which nothing lasts."""

_CACHES = frozenset({"/var/cache", "/var/lib/apt/lists"})
_CACHE_NAMES = frozenset({".cache", "__pycache__"})
_NOTHING = (".pid", ".pyc")


class Measure(NamedTuple):
    """What a folder holds.

    Attributes:
        bytes: what its files take; caches, pid files and what engines make are left out.
        files: how many there are.
        deleted: files of the image that are deleted (whiteouts).
        paths: path and bytes of the biggest, biggest first; a path that ends with a slash is a folder with all in it.
        complete: False when time was up: it is more then.
    """

    bytes: int
    files: int
    deleted: int
    paths: tuple[tuple[str, int], ...]
    complete: bool

    def to_json(self) -> dict[str, Any]:
        """Return it as the host gets it."""
        return {**self._asdict(), "paths": [{"path": path, "bytes": size} for path, size in self.paths]}


EMPTY = Measure(0, 0, 0, (), complete=True)


class _Folder:
    """The sum of a folder, its biggest files, and its folders."""

    __slots__ = ("big", "bytes", "folders", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.bytes = 0
        self.big: list[tuple[int, str]] = []
        self.folders: list[_Folder] = []

    def add(self, path: str, size: int) -> None:
        if len(self.big) < SHOWN:
            heapq.heappush(self.big, (size, path))
        else:
            heapq.heappushpop(self.big, (size, path))


class _Walk:
    """One look at a folder."""

    def __init__(self, skipped: frozenset[str], *, layer: bool, seconds: float) -> None:
        self._skipped = skipped
        self._layer = layer
        self._until = time.monotonic() + seconds
        self._linked: set[tuple[int, int]] = set()
        self.files = self.deleted = 0
        self.complete = True

    def look(self, folder: str, path: str, depth: int = 0) -> _Folder:
        """Return the sums of `folder`, which people know as `path`."""
        found = _Folder(path)
        if depth > _DEEPEST:
            self.complete = False
            return found
        try:
            entries = list(os.scandir(folder))
        except OSError:
            return found  # it has just gone
        for entry in entries:
            if time.monotonic() > self._until:
                self.complete = False
                break
            inner = f"{path}/{entry.name}"
            if inner in self._skipped or (self._layer and is_noise(inner, entry.name)):
                continue
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISDIR(info.st_mode):
                below = self.look(entry.path, inner, depth + 1)
                found.bytes += below.bytes
                if below.bytes:
                    found.folders.append(below)
            elif self._layer and is_whiteout(info):
                self.deleted += 1
            elif stat.S_ISREG(info.st_mode) and self._is_new(info):
                size = min(info.st_size, info.st_blocks * 512)  # holes hold nothing
                self.files += 1
                found.bytes += size
                if size:
                    found.add(inner, size)
        return found

    def _is_new(self, info: os.stat_result) -> bool:
        if info.st_nlink == 1:
            return True
        key = (info.st_dev, info.st_ino)
        if key in self._linked:
            return False
        self._linked.add(key)
        return True


def is_whiteout(info: os.stat_result) -> bool:
    """Return whether a file of an upper folder says that the image's file of that name is deleted."""
    return stat.S_ISCHR(info.st_mode) and info.st_rdev == 0


def is_noise(path: str, name: str) -> bool:
    """Return whether nobody misses what is at `path` of a container: caches, pid files, what engines make."""
    return path in _ENGINES_OWN or path in _CACHES or name in _CACHE_NAMES or name.endswith(_NOTHING)


def measure(folder: str, skipped: Iterable[str] = (), *, layer: bool = True, seconds: float = SECONDS) -> Measure:
    """Look at a folder.

    Args:
        folder: the upper folder of a layer, or the folder of a volume; one that is missing is empty.
        skipped: paths in it that do not count, where something else is mounted.
        layer: whether it is a layer: caches and the like do not count then.
        seconds: how long it may take.
    """
    walk = _Walk(frozenset(skipped), layer=layer, seconds=seconds)
    root = walk.look(folder, "")
    return Measure(root.bytes, walk.files, walk.deleted, _biggest(root), walk.complete)


def _biggest(root: _Folder) -> tuple[tuple[str, int], ...]:
    """Open the biggest folder again and again, as long as there is room for what is in it."""
    closed = [(-one.bytes, one.path, one) for one in root.folders]
    heapq.heapify(closed)
    shown = [(size, path) for size, path in root.big]
    while closed:
        size, path, folder = heapq.heappop(closed)
        inside = len(folder.folders) + len(folder.big)
        if inside == 1 or len(shown) + len(closed) + inside <= SHOWN:
            shown += folder.big
            for one in folder.folders:
                heapq.heappush(closed, (-one.bytes, one.path, one))
        else:
            shown.append((-size, f"{path}/"))
    return tuple((path, size) for size, path in sorted(shown, key=lambda one: (-one[0], one[1]))[:SHOWN])


def upper_folder(inspected: dict[str, Any]) -> str | None:
    """Return where an engine keeps what a container wrote, from its inspect answer; None when it does not say."""
    data = (inspected.get("GraphDriver") or {}).get("Data") or {}
    path = data.get("UpperDir")
    return str(path) if path else None


def mount_points(inspected: dict[str, Any]) -> list[str]:
    """Return the paths of a container at which something is mounted."""
    return [str(mount.get("Destination") or "") for mount in inspected.get("Mounts") or []]


def anonymous_volumes(inspected: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the mounts of a container that are volumes without a name."""
    return [
        mount
        for mount in inspected.get("Mounts") or []
        if mount.get("Type") == "volume" and ANONYMOUS.fullmatch(str(mount.get("Name") or ""))
    ]
