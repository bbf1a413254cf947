"""Copying a folder bit for bit: owners, modes, times, links, extended attributes, whiteouts; blocks are shared.

On a file system that can (the data disk can), a file's copy takes no space until one of the two is changed. All of
this blocks.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from fcntl import ioctl
from typing import NamedTuple

_FICLONE = 0x40049409
_PIECE = 8 * 1024 * 1024

_CANNOT_SHARE = frozenset({errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS})


class Stopped(Exception):  # noqa: N818 - not an error: somebody wanted it
    """The copying was stopped."""


class Copied(NamedTuple):
    """What was copied: `files` of whatever kind, folders included, and what they take in `bytes`."""

    files: int
    bytes: int


def copy_tree(source: str, target: str, stopped: Callable[[], bool] = lambda: False) -> Copied:
    """Copy the folder `source` to `target`, which must not exist or be an empty folder; returns what was copied.

    What was begun is left to the caller when it fails.

    Raises:
        OSError: it could not be copied; ENOSPC when the disk is full.
        Stopped: `stopped` said so.
    """
    return _Copy(source, target, stopped).run()


def remove_tree(folder: str) -> None:
    """Remove a folder and all in it; one that is not there is removed."""
    folders = [folder]
    while folders:
        inner = _remove_files(folders[-1])
        if inner:
            folders += inner
            continue
        try:
            os.rmdir(folders.pop())
        except FileNotFoundError:
            continue


def empty_folder(folder: str) -> None:
    """Remove all that is in a folder."""
    for path in _remove_files(folder):
        remove_tree(path)


def _remove_files(folder: str) -> list[str]:
    """Remove the files of a folder and return its folders."""
    inner = []
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return []
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            inner.append(entry.path)
        else:
            try:
                os.unlink(entry.path)
            except FileNotFoundError:
                continue
    return inner


class _Copy:
    """One copying."""

    def __init__(self, source: str, target: str, stopped: Callable[[], bool]) -> None:
        self._source = source
        self._target = target
        self._stopped = stopped
        self._linked: dict[tuple[int, int], str] = {}
        self._files = self._bytes = 0

    def run(self) -> Copied:
        # Folders get their times last: what is put into them changes those.
        open_folders: list[tuple[str, str, list[str], os.stat_result]] = []
        self._open(self._source, self._target, open_folders)
        while open_folders:
            source, target, names, info = open_folders[-1]
            if not names:
                open_folders.pop()
                _dress(source, target, info)
                continue
            if self._stopped():
                raise Stopped
            name = names.pop()
            below = os.path.join(source, name)
            if stat.S_ISDIR(os.lstat(below).st_mode):
                self._open(below, os.path.join(target, name), open_folders)
            else:
                self._one(below, os.path.join(target, name))
        return Copied(self._files, self._bytes)

    def _open(self, source: str, target: str, folders: list[tuple[str, str, list[str], os.stat_result]]) -> None:
        info = os.lstat(source)
        if not os.path.isdir(target):
            os.mkdir(target, 0o700)
        folders.append((source, target, os.listdir(source), info))
        self._files += 1

    def _one(self, source: str, target: str) -> None:
        info = os.lstat(source)
        self._files += 1
        if info.st_nlink > 1:
            key = (info.st_dev, info.st_ino)
            if key in self._linked:
                os.link(self._linked[key], target, follow_symlinks=False)
                return
            self._linked[key] = target
        if stat.S_ISLNK(info.st_mode):
            os.symlink(os.readlink(source), target)
        elif stat.S_ISREG(info.st_mode):
            self._content(source, target, info)
            self._bytes += info.st_blocks * 512
        else:
            os.mknod(target, info.st_mode, info.st_rdev)
        _dress(source, target, info)

    def _content(self, source: str, target: str, info: os.stat_result) -> None:
        reading = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                if info.st_size and not _share(reading, writing):
                    self._pieces(reading, writing, info.st_size)
            finally:
                os.close(writing)
        finally:
            os.close(reading)

    def _pieces(self, reading: int, writing: int, size: int) -> None:
        """Copy what is not a hole."""
        os.ftruncate(writing, size)
        at = 0
        while at < size:
            try:
                at = os.lseek(reading, at, os.SEEK_DATA)
            except OSError as error:
                if error.errno == errno.ENXIO:
                    return  # nothing but a hole follows
                raise
            end = os.lseek(reading, at, os.SEEK_HOLE)
            while at < end:
                if self._stopped():
                    raise Stopped
                piece = os.pread(reading, min(_PIECE, end - at), at)
                if not piece:
                    return
                os.pwrite(writing, piece, at)
                at += len(piece)


def _share(reading: int, writing: int) -> bool:
    """Let both files have the same blocks; False where the file system cannot."""
    try:
        ioctl(writing, _FICLONE, reading)
    except OSError as error:
        if error.errno in _CANNOT_SHARE:
            return False
        raise
    return True


def _dress(source: str, target: str, info: os.stat_result) -> None:
    """Give `target` the owner, mode, extended attributes and times of `source`."""
    os.chown(target, info.st_uid, info.st_gid, follow_symlinks=False)
    if not stat.S_ISLNK(info.st_mode):
        os.chmod(target, stat.S_IMODE(info.st_mode))
    # After the owner: a change of that takes a program's capabilities away.
    for name in os.listxattr(source, follow_symlinks=False):
        os.setxattr(target, name, os.getxattr(source, name, follow_symlinks=False), follow_symlinks=False)
    os.utime(target, ns=(info.st_atime_ns, info.st_mtime_ns), follow_symlinks=False)
