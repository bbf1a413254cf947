"""Snapshots of volumes on the data disk: where they lie, what is known of each, and the halves that a crash leaves.

::

    /data/linnet/volumes/<engine>/<volume>/<snapshot>/manifest.json    written last, then the folder gets its name
                                                     /data/            the files, sharing their blocks with the volume
                        /.work/<token>/                                what is being made; removed when an agent starts

All of this blocks.
"""

from __future__ import annotations

import os
import re
import stat
from typing import Any

from agent import jsonfile
from agent.errors import AgentError

BASE = "/data/linnet/volumes"

FORMAT = 1
"""Of manifests. What a newer Linnet wrote is left alone."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")

_MOST_ENTRIES = 10_000
"""Entries of a folder that are listed."""

_KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


def checked_name(name: str, what: str) -> str:
    """Return `name` if a volume or a snapshot can have it; AgentError if not."""
    if not _NAME.fullmatch(name):
        raise AgentError(
            "usage",
            f"'{name}' cannot be the name of a {what}: use letters, digits, dots, dashes and underscores, "
            "and begin with a letter or digit.",
        )
    return name


class Store:
    """The snapshots of all volumes of all engines. `work` is the folder below which something is made."""

    def __init__(self, base: str = BASE) -> None:
        self._base = base
        self.work = f"{base}/.work"

    def folder(self, kind: str, volume: str, snapshot: str) -> str:
        """Return where a snapshot lies, or would."""
        return f"{self._base}/{kind}/{volume}/{checked_name(snapshot, 'snapshot')}"

    def exists(self, kind: str, volume: str, snapshot: str) -> bool:
        """Tell whether there is such a snapshot."""
        return os.path.exists(self.folder(kind, volume, snapshot))

    def manifests(self, kind: str, volume: str | None = None) -> list[dict[str, Any]]:
        """Return the manifests of all snapshots of a volume, or of all volumes, oldest first."""
        volumes = [volume] if volume is not None else _names(f"{self._base}/{kind}")
        found = []
        for one in volumes:
            for name in _names(f"{self._base}/{kind}/{one}"):
                manifest = jsonfile.read(f"{self._base}/{kind}/{one}/{name}/manifest.json")
                if manifest:
                    found.append({**manifest, "name": name, "volume": one, "engine": kind})
        return sorted(found, key=lambda one: (one["volume"], one.get("created") or 0.0, one["name"]))

    def find(self, kind: str, volume: str, snapshot: str) -> dict[str, Any]:
        """Return the manifest of a snapshot; AgentError if there is none, or a newer Linnet made it."""
        folder = self.folder(kind, volume, snapshot)
        manifest = jsonfile.read(f"{folder}/manifest.json")
        if not manifest or not os.path.isdir(f"{folder}/data"):
            raise _no_snapshot(volume, snapshot)
        number = manifest.get("format")
        if not isinstance(number, int) or number > FORMAT:
            raise AgentError(
                "conflict",
                f"Snapshot '{snapshot}' of volume '{volume}' was made by a newer Linnet (format {number}; "
                f"this one knows {FORMAT}).",
                hint="Update Linnet.",
            )
        return manifest

    def keep(self, stage: str, kind: str, volume: str, manifest: dict[str, Any]) -> None:
        """Make the snapshot of what lies in `stage`; its name stands in the manifest. All of it, or nothing."""
        target = self.folder(kind, volume, str(manifest["name"]))
        if os.path.exists(target):
            raise taken(volume, manifest["name"])
        jsonfile.write(f"{stage}/manifest.json", {**manifest, "format": FORMAT})
        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        os.rename(stage, target)
        sync_folder(os.path.dirname(target))

    def take_out(self, kind: str, volume: str, snapshot: str, stage: str) -> None:
        """Have a snapshot vanish at once; its files wait in `stage` for being deleted."""
        folder = self.folder(kind, volume, snapshot)
        if not os.path.isdir(folder):
            raise _no_snapshot(volume, snapshot)
        os.rename(folder, f"{stage}/gone")
        try:
            os.rmdir(os.path.dirname(folder))
        except OSError:
            return  # there are others

    def leftovers(self) -> list[str]:
        """Return the folders that were being made when the agent ended."""
        return [f"{self.work}/{name}" for name in _names(self.work)]


def browse(root: str, path: str) -> dict[str, Any]:
    """Return what is in the folder `path` below `root`; no link is followed on the way.

    Returns `{path, entries: [{name, kind, size, mode, uid, gid, modified, target}], more}`; `more` says how many
    entries are left out.
    """
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise AgentError("usage", f"'{path}' leads out of the volume.")
    descriptor = _open_below(root, parts)
    try:
        names = sorted(os.listdir(descriptor))
        entries = [_entry(descriptor, name) for name in names[:_MOST_ENTRIES]]
    finally:
        os.close(descriptor)
    return {
        "path": "/" + "/".join(parts),
        "entries": [entry for entry in entries if entry is not None],
        "more": max(0, len(names) - _MOST_ENTRIES),
    }


def exchange(one: str, other: str) -> None:
    """Let two folders of one file system change their places, in one step."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), swap):
        number = ctypes.get_errno()
        raise OSError(number, f"{one} and {other} cannot change places: {os.strerror(number)}")
    sync_folder(os.path.dirname(one))
    sync_folder(os.path.dirname(other))


def sync_folder(path: str) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_below(root: str, parts: list[str]) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    descriptor = os.open(root, flags)
    for number, part in enumerate(parts, 1):
        try:
            deeper = os.open(part, flags | os.O_NOFOLLOW, dir_fd=descriptor)
        except OSError as error:
            code = "not-found" if isinstance(error, FileNotFoundError) else "usage"
            why = "does not exist" if code == "not-found" else "is no folder"
            raise AgentError(code, f"/{'/'.join(parts[:number])} {why} in the volume.") from error
        finally:
            os.close(descriptor)
        descriptor = deeper
    return descriptor


def _entry(folder: int, name: str) -> dict[str, Any] | None:
    try:
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
        target = os.readlink(name, dir_fd=folder) if stat.S_ISLNK(info.st_mode) else None
    except FileNotFoundError:
        return None  # removed meanwhile
    return {
        "name": name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        "kind": _KINDS.get(stat.S_IFMT(info.st_mode), "other"),
        "size": info.st_size,
        "mode": stat.S_IMODE(info.st_mode),
        "uid": info.st_uid,
        "gid": info.st_gid,
        "modified": info.st_mtime,
        "target": None if target is None else target.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
    }


def _names(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except FileNotFoundError:
        return []


def taken(volume: str, snapshot: object) -> AgentError:
    """Return what is said when a volume has a snapshot of that name."""
    text = f"Volume '{volume}' has a snapshot '{snapshot}' already."
    return AgentError("conflict", text, hint="Choose another name, or delete that one first.")


def _no_snapshot(volume: str, snapshot: str) -> AgentError:
    text = f"Volume '{volume}' has no snapshot '{snapshot}'."
    return AgentError("not-found", text, hint=f"`linnet volume snapshots {volume}` lists those that it has.")
