"""The folder of a build, as the tar archive that the engine wants, made while it is sent."""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.gui.pages.images.ignore import Ignore, ignore_file
from vm.errors import NotFoundError, UnavailableError, UsageError

PIECE = 256 * 1024
"""Bytes that are read at once."""

_BLOCK = tarfile.BLOCKSIZE

FILES = ("Dockerfile", "Containerfile")
"""What the file of a build is called when nobody says."""


@dataclass(frozen=True)
class Entry:
    """One thing in the archive: its name there, where it lies, and what the file system says of it."""

    name: str
    path: Path
    status: os.stat_result


def find_dockerfile(folder: Path) -> str:
    """Return the usual name that the folder has, "" when it has none."""
    return next((name for name in FILES if (folder / name).is_file()), "")


def scan(folder: Path, dockerfile: str, check: Callable[[], None] = lambda: None) -> list[Entry]:
    """Return what goes into the archive, folders before what is in them.

    Args:
        folder: the build's.
        dockerfile: relative to the folder, with slashes.
        check: called again and again; may raise to end it.

    Raises:
        NotFoundError: there is no such folder or Dockerfile.
        UsageError: the Dockerfile lies outside of the folder.
        UnavailableError: something cannot be read.
    """
    if not folder.is_dir():
        raise NotFoundError(f"There is no folder {folder}.")
    if not (folder / dockerfile).is_file():
        raise NotFoundError(f"There is no file {dockerfile or 'Dockerfile'} in {folder}.")
    if not (folder / dockerfile).resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"The file {dockerfile} lies outside of the folder.", hint="Move it into the folder.")
    rules = ignore_file(folder, dockerfile)
    try:
        ignore = Ignore(rules.read_text(encoding="utf-8", errors="replace").splitlines() if rules else [])
        # The engine reads both itself.
        always = {dockerfile} | ({rules.relative_to(folder).as_posix()} if rules else set())
        return list(_walk(folder, "", ignore, always, check))
    except OSError as error:
        raise _unreadable(error) from error


def total(entries: list[Entry]) -> int:
    """Return the bytes of all files."""
    return sum(entry.status.st_size for entry in entries if stat.S_ISREG(entry.status.st_mode))


def archive(entries: list[Entry], told: Callable[[int], None] = lambda _done: None) -> Iterator[bytes]:
    """Yield the archive in pieces; `told` hears how many bytes of files went in. Raises UnavailableError."""
    done = 0
    for entry in entries:
        try:
            info = _header(entry)
        except OSError as error:
            raise _unreadable(error) from error
        yield info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        if info.isreg():
            for piece in _content(entry, info.size):
                yield piece
                done += len(piece)
                told(done)
            yield b"\0" * (-info.size % _BLOCK)
    yield b"\0" * (2 * _BLOCK)


def _walk(folder: Path, inside: str, ignore: Ignore, always: set[str], check: Callable[[], None]) -> Iterator[Entry]:
    for found in sorted(os.scandir(folder / inside), key=lambda one: one.name):
        check()
        name = f"{inside}/{found.name}" if inside else found.name
        ignored = ignore.ignores(name) and name not in always
        is_folder = found.is_dir(follow_symlinks=False)
        wanted_inside = ignore.has_exceptions or any(one.startswith(f"{name}/") for one in always)
        if ignored and not (is_folder and wanted_inside):
            continue
        status = found.stat(follow_symlinks=False)
        inner = _walk(folder, name, ignore, always, check) if is_folder else iter(())
        if ignored:
            # The folder itself goes along only for what is taken back in it.
            below = list(inner)
            if below:
                yield Entry(name, folder / name, status)
            yield from below
        elif is_folder or stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
            yield Entry(name, folder / name, status)
            yield from inner


def _header(entry: Entry) -> tarfile.TarInfo:
    info = tarfile.TarInfo(entry.name)
    mode = entry.status.st_mode
    # Windows knows no execute bit: there everything may be executed, as with Docker's own client.
    info.mode = stat.S_IMODE(mode) if os.name != "nt" else stat.S_IMODE(mode) | 0o755
    info.mtime = int(entry.status.st_mtime)
    if stat.S_ISDIR(mode):
        info.type = tarfile.DIRTYPE
    elif stat.S_ISLNK(mode):
        info.type = tarfile.SYMTYPE
        info.linkname = entry.path.readlink().as_posix()
    else:
        info.size = entry.status.st_size
    return info


def _content(entry: Entry, size: int) -> Iterator[bytes]:
    """Yield exactly `size` bytes: a file that grows or shrinks meanwhile must not spoil the archive."""
    left = size
    try:
        with entry.path.open("rb") as file:
            while left and (piece := file.read(min(PIECE, left))):
                left -= len(piece)
                yield piece
    except OSError as error:
        raise _unreadable(error) from error
    while left:
        piece = b"\0" * min(PIECE, left)
        left -= len(piece)
        yield piece


def _unreadable(error: OSError) -> UnavailableError:
    name = error.filename if isinstance(error.filename, str | Path) else ""
    return UnavailableError(
        f"{name or 'A file of the folder'} cannot be read: {error.strerror or error}.",
        hint="List it in .dockerignore when the build does not need it.",
    )
