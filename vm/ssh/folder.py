"""What an SFTP client may do to the files below one host folder.

Paths come as the client sees them: the folder is its `/`. No path leads out of it: `..` stops at the top, and a
symbolic link that points outside is shown as a link but never followed. (The guest follows links itself, in its own
tree.) All names are bytes, so that every file of the host can be served; on Windows they are UTF-8.

New files belong to the user who runs Linnet; the owner that the guest wants is ignored, and so are the set-user-id and
set-group-id bits, which in the guest's hands would make its root a user of the host.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from vm.ssh.names import NameMap, name_map

READ, WRITE, APPEND, CREATE, TRUNCATE, EXCLUSIVE = 1, 2, 4, 8, 16, 32
"""Flags of `open`, as SFTP has them."""

OPEN_LIMIT = 4096
"""Files and folders that one client may have open."""

_MODE = 0o1777
_NEVER_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Attributes:
    """What is known of a file, or is to be changed of it; None: not that."""

    size: int | None = None
    mode: int | None = None
    times: tuple[int, int] | None = None
    """Last access and last change of content, seconds since the epoch."""
    owner: tuple[int, int] | None = None


@dataclass(frozen=True)
class ListedEntry:
    """One name of a folder."""

    name: bytes
    attributes: Attributes


class _Listing:
    """A folder that is being read."""

    def __init__(self, found: os._ScandirIterator[bytes], names: NameMap) -> None:
        self._found = found
        self._names = names

    def read(self, count: int) -> list[ListedEntry]:
        """Return the next entries, [] at the end."""
        entries: list[ListedEntry] = []
        for entry in self._found:
            # What is gone already, or has a name that cannot be sent, is left out.
            with contextlib.suppress(OSError, UnicodeError):
                attributes = _attributes(entry.stat(follow_symlinks=False))
                entries.append(ListedEntry(self._names.to_guest(entry.name), attributes))
            if len(entries) == count:
                break
        return entries

    def close(self) -> None:
        """Stop reading."""
        self._found.close()


@dataclass
class _File:
    descriptor: int
    append: bool
    writable: bool

    def close(self) -> None:
        os.close(self.descriptor)


class Folder:
    """Operations on the files below `root`. They raise OSError; not for several threads at once."""

    def __init__(self, root: Path, *, read_only: bool, names: NameMap | None = None) -> None:
        self._root = os.path.realpath(os.fsencode(root))
        self._read_only = read_only
        self._map = names or name_map()
        self._open: dict[int, _File | _Listing] = {}
        self._next = 0

    # Paths

    def canonical(self, path: bytes) -> bytes:
        """Return `path` without `.`, `..` and doubled slashes, starting with a slash."""
        parts: list[bytes] = []
        for part in path.split(b"/"):
            if part == b"..":
                del parts[-1:]
            elif part not in (b"", b"."):
                parts.append(part)
        return b"/" + b"/".join(parts)

    def _place(self, path: bytes) -> bytes:
        """Return the host's path of the entry itself; only its folder's links are followed, within the root."""
        if b"\0" in path:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        parts = [self._map.to_host(part) for part in self.canonical(path).split(b"/") if part]
        if not parts:
            return self._root
        parent = self._inside(os.path.realpath(os.path.join(self._root, *parts[:-1])))
        return os.path.join(parent, parts[-1])

    def _target(self, path: bytes) -> bytes:
        """Return the host's path of what the entry leads to, within the root."""
        return self._inside(os.path.realpath(self._place(path)))

    def _inside(self, place: bytes) -> bytes:
        top = self._root.rstrip(os.fsencode(os.sep)) + os.fsencode(os.sep)
        if place != self._root and not place.startswith(top):
            raise PermissionError(errno.EACCES, "the link leads out of the shared folder")
        return place

    def _writing(self) -> None:
        if self._read_only:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    # Files

    def open(self, path: bytes, flags: int, attributes: Attributes) -> int:
        """Open a file; return its handle."""
        writable = bool(flags & (WRITE | APPEND))
        if writable or flags & (CREATE | TRUNCATE):
            self._writing()
        mode = os.O_RDONLY if not writable else os.O_RDWR if flags & READ else os.O_WRONLY
        mode |= _BINARY | getattr(os, "O_NONBLOCK", 0)  # nothing that is no file may make us wait
        if flags & APPEND:
            mode |= os.O_APPEND
        if flags & TRUNCATE and writable:
            mode |= os.O_TRUNC
        self._room()
        descriptor = self._create(path, mode, flags, attributes) if flags & CREATE else self._existing(path, mode)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.EINVAL, "not a regular file")
        return self._add(_File(descriptor, bool(flags & APPEND), writable))

    def _create(self, path: bytes, mode: int, flags: int, attributes: Attributes) -> int:
        place = self._place(path)
        wanted = 0o666 if attributes.mode is None else attributes.mode & _MODE
        try:
            descriptor = os.open(place, mode | os.O_CREAT | os.O_EXCL | _NEVER_FOLLOW, wanted)
        except FileExistsError:
            if flags & EXCLUSIVE:
                raise
            return self._existing(path, mode)
        if attributes.mode is not None and hasattr(os, "fchmod"):
            os.fchmod(descriptor, wanted)  # the guest has applied its own umask; ours does not count
        return descriptor

    def _existing(self, path: bytes, mode: int) -> int:
        return os.open(self._target(path), mode | _NEVER_FOLLOW)

    def read(self, handle: int, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from `offset` on; b"" behind the end."""
        file = self._file(handle)
        if hasattr(os, "pread"):
            return os.pread(file.descriptor, size, offset)
        os.lseek(file.descriptor, offset, os.SEEK_SET)
        return os.read(file.descriptor, size)

    def write(self, handle: int, offset: int, data: bytes) -> None:
        """Write all of `data` at `offset`, or at the end of a file that was opened for appending."""
        self._writing()
        file = self._file(handle)
        rest = memoryview(data)
        while rest:
            if file.append:
                count = os.write(file.descriptor, rest)
            elif hasattr(os, "pwrite"):
                count = os.pwrite(file.descriptor, rest, offset)
            else:
                os.lseek(file.descriptor, offset, os.SEEK_SET)
                count = os.write(file.descriptor, rest)
            offset += count
            rest = rest[count:]

    def sync(self, handle: int) -> None:
        """Write a file's content through to the disk."""
        os.fsync(self._file(handle).descriptor)

    def fstat(self, handle: int) -> Attributes:
        """Return the attributes of an open file."""
        return _attributes(os.fstat(self._file(handle).descriptor))

    def change_open(self, handle: int, attributes: Attributes) -> None:
        """Change an open file."""
        self._writing()
        file = self._file(handle)
        if attributes.size is not None:
            if not file.writable:
                raise OSError(errno.EBADF, os.strerror(errno.EBADF))
            os.ftruncate(file.descriptor, attributes.size)
        if attributes.mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.descriptor, attributes.mode & _MODE)
        if attributes.times is not None and os.utime in os.supports_fd:
            os.utime(file.descriptor, attributes.times)

    # Folders

    def open_folder(self, path: bytes) -> int:
        """Open a folder for `read_folder`; return its handle."""
        self._room()
        place = self._target(path)
        return self._add(_Listing(os.scandir(place), self._map))

    def read_folder(self, handle: int, count: int) -> list[ListedEntry]:
        """Return the next up to `count` entries; [] at the end."""
        entries = self._open.get(handle)
        if entries is None or isinstance(entries, _File):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return entries.read(count)

    def make_folder(self, path: bytes, attributes: Attributes) -> None:
        """Make a folder."""
        self._writing()
        place = self._place(path)
        wanted = 0o777 if attributes.mode is None else attributes.mode & _MODE
        os.mkdir(place, wanted)
        if attributes.mode is not None:
            os.chmod(place, wanted)

    def remove_folder(self, path: bytes) -> None:
        """Remove an empty folder."""
        self._writing()
        os.rmdir(self._entry(path))

    # Entries

    def lstat(self, path: bytes) -> Attributes:
        """Return the attributes of the entry itself."""
        return _attributes(os.lstat(self._place(path)))

    def stat(self, path: bytes) -> Attributes:
        """Return the attributes of what the entry leads to."""
        return _attributes(os.stat(self._target(path)))

    def change(self, path: bytes, attributes: Attributes) -> None:
        """Change size, permissions or times."""
        self._writing()
        place = self._target(path)
        if attributes.size is not None:
            os.truncate(place, attributes.size)
        if attributes.mode is not None:
            os.chmod(place, attributes.mode & _MODE)
        if attributes.times is not None:
            os.utime(place, attributes.times)

    def remove(self, path: bytes) -> None:
        """Remove a file or link."""
        self._writing()
        os.unlink(self._entry(path))

    def rename(self, old: bytes, new: bytes, *, replace: bool) -> None:
        """Give an entry another path; with `replace`, one that has it already goes."""
        self._writing()
        source, place = self._entry(old), self._entry(new)
        if replace:
            os.replace(source, place)
            return
        if os.path.lexists(place) and not os.path.samefile(source, place):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        os.rename(source, place)

    def read_link(self, path: bytes) -> bytes:
        """Return what a symbolic link says."""
        return os.readlink(self._place(path)).replace(os.fsencode(os.sep), b"/")

    def make_link(self, target: bytes, path: bytes) -> None:
        """Make a symbolic link; where it leads is nobody's business until somebody follows it."""
        self._writing()
        os.symlink(target, self._entry(path))

    def make_hard_link(self, old: bytes, new: bytes) -> None:
        """Give a file a second path."""
        self._writing()
        os.link(self._entry(old), self._entry(new), follow_symlinks=False)

    def space(self, path: bytes) -> tuple[int, ...]:
        """Return the eleven numbers of statvfs(3)."""
        place = self._target(path)
        if hasattr(os, "statvfs"):
            found = os.statvfs(place)
            device = found.f_fsid & 0xFFFFFFFFFFFFFFFF
            return (*found[:8], device, found.f_flag, found.f_namemax)
        usage = shutil.disk_usage(os.fsdecode(place))
        block = 4096
        free = usage.free // block
        return (block, block, usage.total // block, free, free, 0, 0, 0, 0, 0, 255)

    # Handles

    def close(self, handle: int) -> None:
        """Close a handle."""
        entry = self._open.pop(handle, None)
        if entry is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        entry.close()

    def close_all(self) -> None:
        """Close every handle."""
        for handle in list(self._open):
            self.close(handle)

    def _entry(self, path: bytes) -> bytes:
        place = self._place(path)
        if place == self._root:
            raise PermissionError(errno.EACCES, "the shared folder itself stays")
        return place

    def _file(self, handle: int) -> _File:
        file = self._open.get(handle)
        if not isinstance(file, _File):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return file

    def _room(self) -> None:
        if len(self._open) >= OPEN_LIMIT:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    def _add(self, entry: _File | _Listing) -> int:
        self._next = (self._next + 1) & 0xFFFFFFFF
        self._open[self._next] = entry
        return self._next


def _attributes(found: os.stat_result) -> Attributes:
    return Attributes(
        size=found.st_size,
        mode=found.st_mode,
        times=(int(found.st_atime), int(found.st_mtime)),
        owner=(found.st_uid, found.st_gid),
    )
