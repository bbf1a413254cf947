"""Files and folders of a container as the file browser has them."""

from __future__ import annotations

import re
import stat
import tarfile
from dataclasses import dataclass, field

_LINE = re.compile(r"([0-9a-f]+) (\d+) (-?\d+) (\d+) (\d+) (.*)", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """One file or folder.

    Attributes:
        name: without its folder.
        mode: kind and permissions, as POSIX has them.
        size: bytes.
        modified: seconds since 1970.
        owner, group: numbers in the container.
        leads_to_folder: of a link: what it leads to is a folder.
    """

    name: str
    mode: int
    size: int = 0
    modified: int = 0
    owner: int = 0
    group: int = 0
    leads_to_folder: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether it can be entered."""
        return stat.S_ISDIR(self.mode) or self.leads_to_folder

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return stat.S_ISLNK(self.mode)

    @property
    def is_file(self) -> bool:
        """Whether it has content that can be read: a file, or a link that may lead to one."""
        return stat.S_ISREG(self.mode) or (self.is_link and not self.leads_to_folder)

    @property
    def permissions(self) -> str:
        """Kind and permissions as `ls` writes them."""
        return stat.filemode(self.mode)


@dataclass
class Listing:
    """A folder.

    Attributes:
        folder: itself.
        entries: what is in it, in no particular order.
        partial: whether there may be more than could be found out in reasonable time.
    """

    folder: Entry
    entries: list[Entry] = field(default_factory=list)
    partial: bool = False


def parse_listing(text: str) -> Listing | None:
    """Return what LISTING has written, None when that makes no sense."""
    head, _, links = text.partition("\n///\n")
    found: list[list[str]] = []
    for line in head.split("\n"):
        if match := _LINE.fullmatch(line):
            found.append(list(match.groups()))
        elif found:
            found[-1][5] += f"\n{line}"  # a name with a line's end in it
    folders = set(links.split("\n"))
    entries = [
        Entry(name, int(mode, 16), int(size), int(modified), int(owner), int(group), name in folders)
        for mode, size, modified, owner, group, name in found
    ]
    itself = next((entry for entry in entries if entry.name == "."), None)
    if itself is None:
        return None
    return Listing(itself, [entry for entry in entries if entry.name not in (".", "..")])


def parse_status(text: str, name: str) -> Entry | None:
    """Return what STATUS has written as an entry of a name, None when that makes no sense."""
    match = _LINE.fullmatch(text.rstrip("\n"))
    if match is None:
        return None
    mode, size, modified, owner, group, _path = match.groups()
    return Entry(name, int(mode, 16), int(size), int(modified), int(owner), int(group))


def entry_of(member: tarfile.TarInfo, name: str) -> Entry:
    """Return a member of an archive as an entry."""
    kinds = {
        tarfile.DIRTYPE: stat.S_IFDIR,
        tarfile.SYMTYPE: stat.S_IFLNK,
        tarfile.CHRTYPE: stat.S_IFCHR,
        tarfile.BLKTYPE: stat.S_IFBLK,
        tarfile.FIFOTYPE: stat.S_IFIFO,
    }
    mode = kinds.get(member.type, stat.S_IFREG) | stat.S_IMODE(member.mode)
    return Entry(name, mode, member.size, int(member.mtime), member.uid, member.gid)


LISTING = """\
cd -- "$1" || exit 9
if command -v stat >/dev/null 2>&1; then s=stat; else s='busybox stat'; fi
set -- . * .[!.]* ..?*
$s -c '%f %s %Y %u %g %n' -- "$@" 2>/dev/null
echo ///
for f; do if [ -L "$f" ] && [ -d "$f" ]; then echo "$f"; fi; done
"""
"""Run by sh with the folder as its first argument: a line for each entry, then the links that lead to folders."""

STATUS = """\
if command -v stat >/dev/null 2>&1; then s=stat; else s='busybox stat'; fi
$s -c '%f %s %Y %u %g %n' -- "$1"
"""
"""Run by sh with a path as its first argument: one line as those of LISTING."""

REMOVAL = """\
if command -v rm >/dev/null 2>&1; then rm -rf -- "$@"; else busybox rm -rf -- "$@"; fi
"""
