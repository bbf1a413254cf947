"""Files in tar archives, piece by piece, between this computer and a container."""

from __future__ import annotations

import io
import os
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from app.gui.widgets.fileentry import Entry
from vm.errors import UsageError

_PIECE = 256 * 1024

Tell = Callable[[int], None]
"""Called with the bytes that are done; may raise to end the work."""


class Reader(io.RawIOBase):
    """What arrives in pieces as a file that `tarfile` reads.

    Attributes:
        done: bytes that have been read.
    """

    def __init__(self, pieces: Iterable[bytes], tell: Tell | None = None) -> None:
        self._pieces = iter(pieces)
        self._rest = b""
        self._tell = tell
        self.done = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; fewer only at the end, as `tarfile` wants it."""
        parts = [self._rest]
        have = len(self._rest)
        while size < 0 or have < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            parts.append(piece)
            have += len(piece)
        data = b"".join(parts)
        if size < 0:
            size = len(data)
        data, self._rest = data[:size], data[size:]
        self.done += len(data)
        if self._tell is not None:
            self._tell(self.done)
        return data


def archive_of(data: bytes, name: str, like: Entry) -> list[bytes]:
    """Return an archive with one file, with mode and owner of another entry."""
    info = tarfile.TarInfo(name)
    info.mode, info.uid, info.gid = like.mode & 0o7777, like.owner, like.group
    info.size, info.mtime = len(data), int(time.time())
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(data))
    return [buffer.getvalue()]


def archive_of_folder(name: str, like: Entry) -> list[bytes]:
    """Return an archive with one empty folder, with the owner of another."""
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime = tarfile.DIRTYPE, 0o755, int(time.time())
    info.uid, info.gid = like.owner, like.group
    return [info.tobuf(tarfile.PAX_FORMAT), bytes(2 * tarfile.BLOCKSIZE)]


def size_of(paths: Iterable[Path]) -> int:
    """Return the bytes of all files in and below paths."""
    total = 0
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            total += size_of(path.iterdir())
        else:
            total += path.lstat().st_size
    return total


def archive_from_disk(paths: Iterable[Path], like: Entry, tell: Tell) -> Iterator[bytes]:
    """Yield an archive with files and folders of this computer, owned as `like` is. Raises UsageError."""
    done = 0
    for path, name in _walk(paths):
        try:
            info = _info(path, name, like)
            yield info.tobuf(tarfile.PAX_FORMAT)
            if info.isreg():
                for piece in _content(path, info.size):
                    done += len(piece)
                    tell(done)
                    yield piece
                yield bytes(-info.size % tarfile.BLOCKSIZE)
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    yield bytes(2 * tarfile.BLOCKSIZE)


def unpack(pieces: Iterable[bytes], target: Path, tell: Tell, left_out: Callable[[str], None]) -> Path:
    """Write an archive with one thing below the folder `target`; return where that is now.

    Args:
        pieces: the archive.
        target: a folder of this computer; what it has is kept, a second of a name gets a number.
        tell: told of progress.
        left_out: told of what cannot be on this computer: devices, links that lead out.
    """
    final: Path | None = None
    top = ""
    with tarfile.open(fileobj=Reader(pieces, tell), mode="r|") as archive:
        for member in archive:
            name = member.name.strip("/")
            if final is None:
                top = name.split("/")[0]
                final = _free(target / (top if top not in ("", ".") else "root"))
            member.name = "/".join([final.name, *name.split("/")[1:]])
            if member.islnk():
                member.linkname = "/".join([final.name, *member.linkname.strip("/").split("/")[1:]])
            try:
                archive.extract(member, target, filter="data", set_attrs=not member.isdir())
            except (tarfile.FilterError, OSError, KeyError):
                left_out(name)
    if final is None:
        raise UsageError("There was nothing to download.")
    return final


def _free(path: Path) -> Path:
    """Return the path, or one with a number when there is something already."""
    found, number = path, 1
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return found


def _walk(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        yield path, path.name
        if path.is_dir() and not path.is_symlink():
            for inner, name in _walk(sorted(path.iterdir())):
                yield inner, f"{path.name}/{name}"


def _info(path: Path, name: str, like: Entry) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    found = path.lstat()
    info.mode, info.mtime = found.st_mode & 0o777, int(found.st_mtime)
    info.uid, info.gid = like.owner, like.group
    if path.is_symlink():
        info.type, info.linkname = tarfile.SYMTYPE, str(path.readlink())
    elif path.is_dir():
        info.type = tarfile.DIRTYPE
    elif path.is_file():
        info.size = found.st_size
    else:
        raise UsageError(f"{path} is neither a file nor a folder.")
    return info


def _content(path: Path, size: int) -> Iterator[bytes]:
    """Yield exactly `size` bytes, whatever happens to the file meanwhile."""
    with path.open("rb") as file:
        while size:
            piece = file.read(min(size, _PIECE))
            if not piece:
                raise UsageError(f"{path} has become shorter while it was read.")
            size -= len(piece)
            yield piece
