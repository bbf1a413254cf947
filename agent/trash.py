"""The trash: what was removed, on the data disk, until it is too old, too much, or brought back. All of this blocks.

One folder each below `/data/linnet/trash`: `manifest.json`, `layer` (the upper folder of a container, whiteouts and
overlay attributes included), `volumes/0`, `volumes/1` … It is made under a name that begins with a dot and moved in
place when it is whole; what a crash left under such a name is removed at the next start of the agent.
"""

from __future__ import annotations

import errno
import json
import os
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from agent.errors import AgentError
from agent.treecopy import copy_tree, remove_tree

FORMAT = 1
"""Of manifests; a larger one is of a newer Linnet."""

DAY = 86400.0

_ID = re.compile(r"[0-9a-f]{8}")
_HALF = ".new-"
_GONE = ".gone-"

Manifest = dict[str, Any]
"""As `manifest.json` has it; `docs/removal.md` tells the keys."""

_INTERNAL = frozenset({"inspect", "labels", "driver", "options"})
"""What the list of entries does without."""


class Trash:
    """The entries of one trash. `root` is its folder."""

    def __init__(self, root: str) -> None:
        self.root = root

    def clear(self, names: Sequence[str]) -> None:
        """Remove what was left half made or half removed under these names."""
        for name in names:
            if name.startswith((_HALF, _GONE)):
                path = os.path.join(self.root, name)
                if os.path.isdir(path):
                    remove_tree(path)
                else:
                    os.unlink(path)

    def add(self, manifest: Manifest, sources: dict[str, str], stopped: Callable[[], bool] = lambda: False) -> Manifest:
        """Keep copies of folders.

        Args:
            manifest: what is kept; gets `format`, `id`, `removed_at` and `size`.
            sources: the folders to copy, by their path in the entry.
            stopped: asked again and again whether to give up.

        Raises:
            AgentError: `disk-full`; nothing is kept then.
            Stopped: `stopped` said so; nothing is kept then.
        """
        os.makedirs(self.root, mode=0o700, exist_ok=True)
        identifier = os.urandom(4).hex()
        half = os.path.join(self.root, _HALF + identifier)
        os.mkdir(half, 0o700)
        try:
            size = 0
            for place, source in sources.items():
                target = os.path.join(half, place)
                os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
                size += copy_tree(source, target, stopped).bytes
            whole = {**manifest, "format": FORMAT, "id": identifier, "removed_at": time.time(), "size": size}
            write_json(os.path.join(half, "manifest.json"), whole)
            # What the engine removes next may be the only other copy.
            os.sync()
            os.rename(half, os.path.join(self.root, identifier))
        except OSError as error:
            remove_tree(half)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise AgentError("disk-full", "The data disk is full, so nothing can be kept in the trash.") from error
            raise
        except BaseException:
            remove_tree(half)
            raise
        return whole

    def entries(self) -> list[Manifest]:
        """Return all entries, newest first; what cannot be read is left out."""
        found = []
        for name in self._names():
            if _ID.fullmatch(name):
                try:
                    found.append(self._load(name))
                except (OSError, ValueError, KeyError, TypeError):
                    continue
        return sorted(found, key=lambda one: -float(one.get("removed_at") or 0))

    def find(self, wanted: str) -> Manifest:
        """Return the entry with that identifier, or the newest one of that name.

        Raises:
            AgentError: `not-found`, or `conflict` when a newer Linnet made it.
        """
        entries = self.entries()
        for manifest in entries:
            if wanted == manifest["id"] or wanted == manifest.get("name"):
                if int(manifest["format"]) > FORMAT:
                    raise AgentError(
                        "conflict", f"{wanted} was kept by a newer version of Linnet, which can restore it."
                    )
                return manifest
        raise AgentError(
            "not-found", f"There is no {wanted!r} in the trash.", hint="`linnet trash list` shows what is there."
        )

    def folder(self, manifest: Manifest, place: str) -> str | None:
        """Return where an entry keeps the folder `place`, None if it does not keep it."""
        path = os.path.join(self.root, manifest["id"], place)
        return path if os.path.isdir(path) else None

    def update(self, manifest: Manifest) -> None:
        """Write a changed manifest."""
        write_json(os.path.join(self.root, manifest["id"], "manifest.json"), manifest)

    def drop(self, manifest: Manifest, place: str = "") -> None:
        """Remove an entry, or the folder `place` of it, for good."""
        path = os.path.join(self.root, manifest["id"], place) if place else os.path.join(self.root, manifest["id"])
        gone = os.path.join(self.root, f"{_GONE}{os.urandom(4).hex()}")
        try:
            os.rename(path, gone)  # at once: what is cut off here is no entry any more
        except FileNotFoundError:
            return
        remove_tree(gone)

    def expire(self, days: float, limit: int, busy: Sequence[str] = (), now: float | None = None) -> list[str]:
        """Remove what is older than `days`, then the oldest until all take `limit` bytes; return the identifiers.

        With 0 days nothing new is kept, and what is there stays. Entries in `busy` stay as well.
        """
        if days <= 0:
            return []
        entries = self.entries()
        oldest = (time.time() if now is None else now) - days * DAY
        total = sum(int(one.get("size") or 0) for one in entries)
        removed = []
        for manifest in reversed(entries):
            old = float(manifest.get("removed_at") or 0) < oldest
            if (old or total > limit) and manifest["id"] not in busy:
                self.drop(manifest)
                total -= int(manifest.get("size") or 0)
                removed.append(str(manifest["id"]))
        return removed

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.root)
        except FileNotFoundError:
            return []

    def _load(self, name: str) -> Manifest:
        with open(os.path.join(self.root, name, "manifest.json"), encoding="utf-8") as file:
            manifest = json.load(file)
        return {**manifest, "format": int(manifest["format"]), "id": name}


def summary(manifest: Manifest) -> Manifest:
    """Return an entry as lists of them have it: without what only its restoring needs."""
    return {key: value for key, value in manifest.items() if key not in _INTERNAL}


def write_json(path: str, content: object) -> None:
    """Write a file so that it is there whole or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def read_json(path: str) -> dict[str, Any]:
    """Return what `write_json` wrote; empty when there is nothing that can be read."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
