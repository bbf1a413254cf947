"""Changes that are made on the host, told to the guest, whose kernel does not hear of them.

The watched folders are listed by name on Linux, where each one costs a watch, so that `.git` and `node_modules` cost
nothing; elsewhere the system watches whole trees. What the agent does to announce a change comes back as a change of
the host: it is recognised by the file being exactly as it was when it was announced.
"""

from __future__ import annotations

import asyncio
import fnmatch
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from vm import tasks
from vm.errors import LinnetError
from vm.shares.base import Share

log = logging.getLogger(__name__)

IGNORED = (
    *(".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache", ".pytest_cache", ".cache"),
    *("*.swp", "*.swx", "*~", ".#*", "4913", ".DS_Store", ".linnet-changed"),
)
"""Names, of folders as of files, that nobody is told about. `.linnet-changed` is the agent's own."""

DEBOUNCE = 400
"""Milliseconds for which a burst of changes is gathered at most."""

STEP = 200
"""Milliseconds without a change that end a burst."""

ECHO = 1.5
"""Seconds in which a file that is as it was announced is taken for an echo."""

GUEST_CACHE = 1.2
"""Seconds for which the guest may go on seeing a file that was deleted on the host; only then can it be told."""

MOST_CHANGES = 500
"""A larger batch becomes one of folders."""

MOST_FOLDERS = 10_000
"""Folders that are watched at most, those nearest to the root first."""

MOST_WATCHES = 8
"""Watches side by side before they are merged into one."""

WHOLE_TREES = not sys.platform.startswith("linux")

Tell = Callable[[list[dict[str, str]]], Awaitable[None]]
"""Sends one batch, as the agent's `files.changed` takes it."""

Signature = tuple[int, int] | None
"""Modification time in nanoseconds and size; None for what is not there."""


@dataclass(frozen=True)
class Change:
    """Something happened to a file of the host: `kind` is created, modified or deleted."""

    path: str
    kind: str


class Watcher:
    """Watches the shares of one machine."""

    def __init__(self, tell: Tell, clock: Callable[[], float] = time.monotonic) -> None:
        self.problem: str | None = None
        self._tell = tell
        self._echoes = Echoes(clock)
        self._shares: tuple[Share, ...] = ()
        self._watched: set[str] = set()
        self._watches: list[asyncio.Task[None]] = []
        self._jobs = tasks.Group()

    def watch(self, shares: Iterable[Share]) -> None:
        """Watch exactly these shares from now on."""
        wanted = tuple(shares)
        if wanted != self._shares:
            self._shares = wanted
            self._restart()

    def stop(self) -> None:
        """Watch nothing any more."""
        self.watch(())

    def _restart(self) -> None:
        for watch in self._watches:
            watch.cancel()
        self._watches.clear()
        self._watched.clear()
        self.problem = None
        if self._shares:
            roots = [share.path for share in self._shares]
            self._watches.append(self._jobs.start(self._begin(roots), name="watch-shares"))

    async def _begin(self, roots: list[Path]) -> None:
        folders = list(map(str, roots)) if WHOLE_TREES else await asyncio.to_thread(folders_below, roots, MOST_FOLDERS)
        self._watched.update(folders)
        await self._follow(folders)

    async def _follow(self, folders: Sequence[str]) -> None:
        """Watch `folders` for ever."""
        import watchfiles  # costs memory and time, and many machines never get here

        try:
            async for batch in watchfiles.awatch(
                *[folder for folder in folders if Path(folder).is_dir()],
                watch_filter=None,
                debounce=DEBOUNCE,
                step=STEP,
                recursive=WHOLE_TREES,
                ignore_permission_denied=True,
            ):
                names = {1: "created", 2: "modified", 3: "deleted"}
                await self._take([Change(path, names[int(change)]) for change, path in batch])
        except FileNotFoundError:
            log.debug("a watched folder went away while its watch was set up")
        except OSError as error:
            self.problem = f"Changes on the host are not reported to the guest: {error}."
            log.warning("%s", self.problem)

    async def _take(self, batch: list[Change]) -> None:
        changes = [change for change in batch if not ignored(change.path, self._roots_of(change.path))]
        if not WHOLE_TREES:
            changes += await self._watch_new_folders(changes)
        news = summarised(self._echoes.strip(changes))
        gone = [change for change in news if change.kind == "deleted"]
        if gone:
            self._jobs.start(self._tell_of_deleted(gone), name="watch-deleted")
        await self._announce([change for change in news if change.kind != "deleted"])

    async def _tell_of_deleted(self, changes: list[Change]) -> None:
        await asyncio.sleep(GUEST_CACHE)
        still = [change for change in changes if signature_of(change.path) is None]
        self._echoes.remember(still)
        await self._announce(still)

    async def _announce(self, changes: list[Change]) -> None:
        told = [
            {"path": guest_path, "kind": change.kind}
            for change in changes
            if (guest_path := self._in_guest(change.path)) is not None
        ]
        if not told:
            return
        try:
            await self._tell(told)
        except LinnetError as error:
            log.info("%d changes were not told to the guest: %s", len(told), error.message)

    async def _watch_new_folders(self, changes: Iterable[Change]) -> list[Change]:
        """Watch folders that have appeared; return what is in them already."""
        self._watched.difference_update(change.path for change in changes if change.kind == "deleted")
        made = [
            Path(change.path) for change in changes if change.kind == "created" and change.path not in self._watched
        ]
        folders = await asyncio.to_thread(
            folders_below, [path for path in made if path.is_dir() and not path.is_symlink()], MOST_FOLDERS
        )
        folders = [folder for folder in folders if folder not in self._watched]
        room = MOST_FOLDERS - len(self._watched)
        if not folders or room <= 0:
            return []
        self._watched.update(folders[:room])
        if len(self._watches) < MOST_WATCHES:
            self._watches.append(self._jobs.start(self._follow(folders[:room]), name="watch-shares"))
        else:
            # The caller runs in one of those that end here; it must finish its batch first.
            mine = asyncio.current_task()
            for watch in self._watches:
                if watch is not mine:
                    watch.cancel()
            merged = self._jobs.start(self._follow(sorted(self._watched)), name="watch-shares")
            self._watches = [merged] + ([mine] if mine in self._watches else [])
        return [Change(path, "created") for folder in folders for path in _entries(folder)]

    def _roots_of(self, path: str) -> Path | None:
        pure = Path(path)
        found = [share.path for share in self._shares if pure.is_relative_to(share.path)]
        return max(found, key=lambda root: len(root.parts), default=None)

    def _in_guest(self, path: str) -> str | None:
        pure = Path(path)
        root = self._roots_of(path)
        share = next((share for share in self._shares if share.path == root), None)
        if share is None:
            return None
        return str(PurePosixPath(share.guest_path, *pure.relative_to(share.path).parts))


class Echoes:
    """Remembers for a moment what was announced."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._told: dict[str, tuple[Signature, float]] = {}

    def strip(self, changes: Iterable[Change]) -> list[Change]:
        """Return the changes, each path once and as it is now, without those that were announced a moment ago."""
        now = self._clock()
        self._told = {path: told for path, told in self._told.items() if now - told[1] < ECHO}
        result: dict[str, Change] = {}
        for change in changes:
            signature = signature_of(change.path)
            before = self._told.get(change.path)
            if before is not None and before[0] == signature:
                continue
            kind = "deleted" if signature is None else change.kind if change.kind != "deleted" else "modified"
            earlier = result.get(change.path)
            if earlier is not None and earlier.kind == "created" and kind == "modified":
                kind = "created"
            result[change.path] = Change(change.path, kind)
        self.remember(result.values())
        return list(result.values())

    def remember(self, changes: Iterable[Change]) -> None:
        """Take what these files are now for announced."""
        for change in changes:
            self._told[change.path] = (signature_of(change.path), self._clock())


def signature_of(path: str) -> Signature:
    """Return what tells one state of a file from another. Folders have only one: what is in them speaks for itself."""
    try:
        info = os.lstat(path)
    except OSError:
        return None
    return (0, -1) if os.path.isdir(path) else (info.st_mtime_ns, info.st_size)  # noqa: PTH112 - hot


def ignored(path: str, root: PurePath | None) -> bool:
    """Return whether nobody wants to hear of `path`; only its parts below `root` count."""
    if root is None:
        return True
    return any(_ignored_name(part) for part in Path(path).relative_to(root).parts)


def summarised(changes: list[Change], most: int = MOST_CHANGES) -> list[Change]:
    """Return at most `most` changes: instead of more, their folders as modified, as deep as possible."""
    while len(changes) > most:
        folders = dict.fromkeys(os.path.dirname(change.path) for change in changes)  # noqa: PTH120 - hot
        if len(folders) >= len(changes):
            common = os.path.commonpath(list(folders))
            return [Change(common, "modified")]
        changes = [Change(folder, "modified") for folder in folders]
    return changes


def folders_below(roots: Iterable[Path], most: int) -> list[str]:
    """Return `roots` and the folders below them that are not ignored, level by level, at most `most`."""
    found: list[str] = []
    level = [str(root) for root in roots]
    while level and len(found) < most:
        found += level
        below = []
        for folder in level:
            try:
                with os.scandir(folder) as entries:
                    below += [e.path for e in entries if e.is_dir(follow_symlinks=False) and not _ignored_name(e.name)]
            except OSError:
                continue
        level = below
    return found[:most]


def _entries(folder: str) -> list[str]:
    try:
        return [entry.path for entry in os.scandir(folder) if not _ignored_name(entry.name)]
    except OSError:
        return []


def _ignored_name(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in IGNORED)
