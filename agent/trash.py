"""The trash: what was removed, on the data disk, until it is too old, too much, or brought back. Most of this blocks.

One folder each below `/data/linnet/trash`: `manifest.json`, `layer` (the upper folder of a container, whiteouts and
overlay attributes included), `volumes/0`, `volumes/1` … It is made under a name that begins with a dot and moved in
place when it is whole; what a crash left under such a name is removed at the next start of the agent.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Sequence
from typing import Any

from agent import folders, jsonfile
from agent.errors import AgentError
from agent.folders import disk_full
from agent.jobs import Job
from agent.loop import Loop

FORMAT = 1
"""Of manifests; a larger one is of a newer Linnet."""

DAY = 86400.0

_ID = re.compile(r"[0-9a-f]{8}")
HALF = ".new-"
"""How the names of folders begin in which something is made."""

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
            if name.startswith((HALF, _GONE)):
                folders.remove(os.path.join(self.root, name))

    async def copy(self, loop: Loop, job: Job, manifest: Manifest, sources: dict[str, str]) -> Manifest:
        """Copy folders to what becomes an entry by `put`; until then it goes when the job is over.

        Args:
            loop: the agent's.
            job: what hears how far it is.
            manifest: what is kept.
            sources: the folders to copy, by their path in the entry.

        Returns:
            The manifest with `format`, `id`, `removed_at` and `size`.

        Raises:
            AgentError: `disk-full`, `cancelled`.
        """
        with disk_full("The data disk is full, so nothing can be kept in the trash."):
            half = job.stage(self.root, HALF)
            for place, source in sources.items():
                target = os.path.join(half, place)
                os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
                await job.interruptible(folders.copy(loop, source, target, job.count))
            found = await loop.in_thread(folders.measure, half)
            own = {"id": half.rpartition("-")[2], "removed_at": time.time(), "size": found.room}
            whole = {**manifest, "format": FORMAT, **own}
            jsonfile.write(os.path.join(half, "manifest.json"), whole)
        return whole

    def put(self, manifests: Sequence[Manifest]) -> None:
        """Make entries of what was copied."""
        if manifests:
            # What the engine removes next may be the only other copy.
            os.sync()
        for manifest in manifests:
            name = str(manifest["id"])
            os.rename(os.path.join(self.root, HALF + name), os.path.join(self.root, name))

    def entries(self) -> list[Manifest]:
        """Return all entries, newest first; what cannot be read is left out."""
        found = []
        for name in self._names():
            if _ID.fullmatch(name):
                try:
                    found.append(self._load(name))
                except (ValueError, KeyError, TypeError):
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
        jsonfile.write(os.path.join(self.root, manifest["id"], "manifest.json"), manifest)

    def drop(self, manifest: Manifest, place: str = "") -> None:
        """Remove an entry, or the folder `place` of it, for good."""
        path = os.path.join(self.root, manifest["id"], place) if place else os.path.join(self.root, manifest["id"])
        gone = os.path.join(self.root, f"{_GONE}{os.urandom(4).hex()}")
        try:
            os.rename(path, gone)  # at once: what is cut off here is no entry any more
        except FileNotFoundError:
            return
        folders.remove(gone)

    def expire(self, days: float, limit: int, busy: Collection[object] = (), now: float | None = None) -> list[str]:
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
        manifest = jsonfile.read(os.path.join(self.root, name, "manifest.json"))
        return {**manifest, "format": int(manifest["format"]), "id": name}


def summary(manifest: Manifest) -> Manifest:
    """Return an entry as lists of them have it: without what only its restoring needs."""
    return {key: value for key, value in manifest.items() if key not in _INTERNAL}
