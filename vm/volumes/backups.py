"""Backups of volumes that are made by themselves: what is wanted, when it is due, and which files are kept.

One small JSON file per machine, written whole. A file of a backup is deleted only if it was written by the same entry,
and only after a newer one has been written well.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from vm.errors import ConfigError, ConflictError, NotFoundError, UsageError
from vm.files import write_atomic
from vm.volumes.backup import Backup
from vm.volumes.tarstream import SUFFIX

log = logging.getLogger(__name__)

MIN_EVERY = 60.0
"""Seconds; more often makes no sense."""

MAX_EVERY = 366 * 86400.0

MAX_KEEP = 1000

HALF_AGE = 86400.0
"""Seconds after which what a killed linnetd left of a backup is deleted."""

RETRY = 3600.0
"""Seconds after which a backup that failed is tried again, unless it is due earlier."""

FORMAT = 1


class _Content(msgspec.Struct):
    backups: list[Backup]
    format: int = FORMAT


class Backups:
    """The backups of one machine."""

    def __init__(self, path: Path, folder: Path) -> None:
        """`path`: the file of all this; `folder`: where backups go that name no folder."""
        self._path = path
        self._folder = folder

    def all(self) -> list[Backup]:
        """Return all, by volume. ConfigError when the file is damaged or from a newer Linnet: it is left alone."""
        try:
            content = msgspec.json.decode(self._path.read_bytes(), type=_Content)
        except FileNotFoundError:
            return []
        except (msgspec.DecodeError, OSError) as error:
            raise ConfigError(
                f"The backups of volumes cannot be read from {self._path}.",
                hint="Move the file away and add the backups again; those that were made are not touched.",
                detail=str(error),
            ) from error
        if content.format > FORMAT:
            raise ConfigError(
                f"{self._path} was written by a newer Linnet (format {content.format}; this one knows {FORMAT}).",
                hint="Update Linnet.",
            )
        return sorted(content.backups, key=lambda one: (one.volume, one.engine))

    def find(self, volume: str, engine: str) -> Backup:
        """Return the one of a volume. Raises NotFoundError."""
        found = next((one for one in self.all() if (one.volume, one.engine) == (volume, engine)), None)
        if found is None:
            raise NotFoundError(
                f"Volume '{volume}' ({engine}) is not backed up.", hint="`linnet volume backup list` shows what is."
            )
        return found

    def add(self, volume: str, engine: str, every: float, keep: int, folder: str | None) -> Backup:
        """Have a volume backed up. Raises ConflictError when it is already, UsageError for impossible figures."""
        if not MIN_EVERY <= every <= MAX_EVERY:
            raise UsageError("A backup can be made every minute at most and every year at least, such as 6h, 1d or 1w.")
        if not 1 <= keep <= MAX_KEEP:
            raise UsageError(f"Between 1 and {MAX_KEEP} backups can be kept, not {keep}.")
        all_of_them = self.all()
        if any((one.volume, one.engine) == (volume, engine) for one in all_of_them):
            raise ConflictError(
                f"Volume '{volume}' is backed up already.",
                hint=f"`linnet volume backup remove {volume}` ends that; its files stay.",
            )
        place = Path(folder) if folder else self._folder
        if not place.is_absolute():
            raise UsageError(f"{place} is no absolute path.", hint="Write its whole path.")
        if folder and not place.is_dir():
            raise NotFoundError(f"There is no folder {place}.", hint="Make it first.")
        made = Backup(volume=volume, engine=engine, every=every, keep=keep, folder=str(place))
        self._save([*all_of_them, made])
        return made

    def remove(self, volume: str, engine: str) -> Backup:
        """Back a volume up no more; the files stay. Raises NotFoundError."""
        gone = self.find(volume, engine)
        self._save(one for one in self.all() if (one.volume, one.engine) != (volume, engine))
        return gone

    def due(self, engine: str, now: float) -> list[Backup]:
        """Return those that are to be made now with the engine in use."""
        return [one for one in self.all() if one.engine == engine and one.due(now)]

    def prepare(self, backup: Backup, now: float) -> Path:
        """Return the file to write; its folder is there if it is ours. NotFoundError when a folder of the user's is
        not: a disk that is not plugged in must not get a folder of its name."""
        folder = Path(backup.folder)
        if folder == self._folder:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not folder.is_dir():
            raise NotFoundError(
                f"There is no folder {folder} for the backup of volume '{backup.volume}'.",
                hint="Bring it back, or plug in its disk; it is tried again by itself.",
            )
        for half in folder.glob(f".{backup.volume}-*{SUFFIX}.*"):  # as `vm.files.replacing` calls them
            with contextlib.suppress(OSError):
                if now - half.stat().st_mtime > HALF_AGE:
                    half.unlink()
        return _target(backup, now)

    def succeeded(self, backup: Backup, path: Path, now: float) -> list[str]:
        """Take note of a backup that was written well; return the older files that were deleted for it."""
        present = self._present(backup)
        if present is None:
            return []  # removed meanwhile: the file stays
        files = [one for one in present.files if Path(one).exists()] + [str(path)]
        surplus = files[: max(0, len(files) - present.keep)]
        deleted = []
        for old in surplus:
            with contextlib.suppress(OSError):
                Path(old).unlink(missing_ok=True)
                deleted.append(old)
        kept = [one for one in files if one not in deleted]
        self._replace(msgspec.structs.replace(present, last=now, next=now + present.every, error=None, files=kept))
        return deleted

    def failed(self, backup: Backup, why: str, now: float) -> None:
        """Take note of a backup that failed; nothing is deleted."""
        present = self._present(backup)
        if present is not None:
            again = now + min(present.every, RETRY)
            self._replace(msgspec.structs.replace(present, next=again, error=why))

    def _present(self, backup: Backup) -> Backup | None:
        try:
            return self.find(backup.volume, backup.engine)
        except NotFoundError:
            return None

    def _replace(self, changed: Backup) -> None:
        same = (changed.volume, changed.engine)
        self._save([*(one for one in self.all() if (one.volume, one.engine) != same), changed])

    def _save(self, backups: Iterable[Backup]) -> None:
        data = msgspec.json.format(msgspec.json.encode(_Content(backups=[*backups])), indent=1)
        write_atomic(self._path, data + b"\n")


def _target(backup: Backup, now: float) -> Path:
    """Return the file that the next one is written to."""
    base = f"{backup.volume}-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}"
    path = Path(backup.folder) / f"{base}{SUFFIX}"
    number = 1
    while path.exists():
        number += 1
        path = Path(backup.folder) / f"{base}-{number}{SUFFIX}"
    return path
