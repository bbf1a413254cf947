"""Writers for tar and cpio archives whose bytes depend on nothing but their content."""

from __future__ import annotations

import io
import stat
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass

CPIO_MAGIC = "070701"
"""The "newc" format, the one the kernel reads."""


@dataclass(frozen=True)
class Entry:
    """One thing in an archive, owned by root.

    Attributes:
        name: path without a leading slash.
        mode: type and permissions, as in `st_mode`.
        data: a file's content, or a link's target.
        device: major and minor number of a device node.
    """

    name: str
    mode: int
    data: bytes = b""
    device: tuple[int, int] = (0, 0)

    @classmethod
    def file(cls, name: str, data: bytes, *, executable: bool = False) -> Entry:
        """Return a regular file."""
        return cls(name, stat.S_IFREG | (0o755 if executable else 0o644), data)

    @classmethod
    def folder(cls, name: str, mode: int = 0o755) -> Entry:
        """Return a directory."""
        return cls(name, stat.S_IFDIR | mode)

    @classmethod
    def link(cls, name: str, target: str) -> Entry:
        """Return a symbolic link."""
        return cls(name, stat.S_IFLNK | 0o777, target.encode())

    @classmethod
    def console(cls) -> Entry:
        """Return /dev/console, which the kernel opens before anything is mounted."""
        return cls("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))


def cpio(entries: Iterable[Entry], *, time: int = 0) -> bytes:
    """Return the entries, in their order, as a cpio archive for the kernel; `time` in seconds since 1970."""
    out = io.BytesIO()
    for number, entry in enumerate((*entries, Entry("TRAILER!!!", 0)), start=1):
        name = entry.name.encode() + b"\0"
        links = 2 if stat.S_ISDIR(entry.mode) else 1
        fields = (
            number,
            entry.mode,
            0,
            0,
            links,
            time if entry.mode else 0,
            len(entry.data),
            0,
            0,
            *entry.device,
            len(name),
            0,
        )
        out.write((CPIO_MAGIC + "".join(f"{value:08x}" for value in fields)).encode() + name)
        _pad(out, 4)
        out.write(entry.data)
        _pad(out, 4)
    _pad(out, 512)
    return out.getvalue()


def tar(entries: Iterable[Entry], *, time: int = 0) -> bytes:
    """Return the entries, in their order, as a tar archive padded to whole sectors; `time` in seconds since 1970."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            info = tarfile.TarInfo(entry.name)
            info.mode = stat.S_IMODE(entry.mode)
            info.mtime = time
            if stat.S_ISDIR(entry.mode):
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            elif stat.S_ISLNK(entry.mode):
                info.type = tarfile.SYMTYPE
                info.linkname = entry.data.decode()
                archive.addfile(info)
            else:
                info.size = len(entry.data)
                archive.addfile(info, io.BytesIO(entry.data))
    return out.getvalue()


def _pad(out: io.BytesIO, size: int) -> None:
    out.write(b"\0" * (-out.tell() % size))
