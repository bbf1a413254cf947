"""Follows a tar stream of a volume as it passes: checks each entry, translates owners, and digests what the file has.

An export is one tar: `linnet-volume.json` (the manifest), everything below `data/`, `linnet-checksum.json`. What passes
are whole entries, byte by byte as GNU tar wrote them (pax format: sparse files, ACLs and extended attributes included),
but for the owners' numbers: files of rootless Podman belong to shifted numbers on the machine's disk, and to the
container's own in an export, so that it fits every engine.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vm.errors import UsageError

MANIFEST = "linnet-volume.json"
CHECKSUM = "linnet-checksum.json"
ROOT = "data"
"""The folder in an export that holds the volume's files."""

SUFFIX = ".tar.zst"
"""What the name of an export ends with, unless the user wants another."""

BLOCK = 512
END = bytes(2 * BLOCK)
"""What a tar ends with."""

_NOBODY = 65534
_OCTAL_LIMIT = 0o7777777
_HEADER_LIMIT = 1024 * 1024
"""Bytes that a pax header or one of our own members may have."""

_TYPES = b"0\x00123456"
"""Files, hard links, links, devices, folders, pipes."""

Ranges = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Owners:
    """Which numbers of users and groups in a container stand for which on the disk: `[in, on the disk, how many]`."""

    users: Ranges
    groups: Ranges

    @classmethod
    def read(cls, ids: Mapping[str, Ranges] | None) -> Owners | None:
        """Return what the agent tells; None when the numbers are the same."""
        return None if ids is None else cls(ids["uid"], ids["gid"])

    def to_container(self, user: int, group: int) -> tuple[int, int]:
        """Return the numbers that the container sees; what it cannot see belongs to nobody."""
        return _shift(self.users, user, 1, 0, _NOBODY), _shift(self.groups, group, 1, 0, _NOBODY)

    def to_disk(self, user: int, group: int) -> tuple[int, int]:
        """Return the numbers on the disk for those of a container."""
        nobody = _shift(self.users, _NOBODY, 0, 1, 0), _shift(self.groups, _NOBODY, 0, 1, 0)
        return _shift(self.users, user, 0, 1, nobody[0]), _shift(self.groups, group, 0, 1, nobody[1])


@dataclass
class _Pending:
    """A pax header that belongs to the entry after it."""

    raw: bytes = b""
    head: bytes = b""
    records: list[tuple[bytes, bytes]] = field(default_factory=list)

    def get(self, name: bytes) -> bytes | None:
        return next((value for key, value in reversed(self.records) if key == name), None)


class TarStream:
    """Takes the pieces of a tar and gives back the same for the other side.

    Attributes:
        manifest, checksum: content of our own members, None before they came.
        ended: whether the end of the tar was seen.
        files: entries of the volume so far, its root not counted.
    """

    def __init__(self, owners: Owners | None = None, *, importing: bool) -> None:
        """`importing`: an export comes in, its members of ours are taken out; else the guest's tar goes out."""
        self.manifest: bytes | None = None
        self.checksum: bytes | None = None
        self.ended = False
        self.files = 0
        self._owners = owners
        self._importing = importing
        self._digest = hashlib.sha256()
        self._buffer = bytearray()
        self._pass = 0
        self._begun = False
        self._links: set[str] = set()
        self._pending: _Pending | None = None
        self._out: list[bytes] = []

    @property
    def sha256(self) -> str:
        """Digest of all entries of the volume, as the export file has them."""
        return self._digest.hexdigest()

    def use(self, owners: Owners | None) -> None:
        """Translate owners from now on. Must be said before entries have passed."""
        assert not self.files
        self._owners = owners

    def feed(self, data: bytes) -> bytes:
        """Take a piece and return what is to be passed on.

        Raises:
            UsageError: this is no tar of a volume, or an entry would leave it.
        """
        self._buffer += data
        while self._step():
            if self.manifest is not None and not self._begun:
                self._begun = True
                break  # the rest waits: who reads learns now whose files these are
        out, self._out = b"".join(self._out), []
        return out

    def _step(self) -> bool:
        """Deal with what is at the beginning of the buffer; whether there was enough of it."""
        if self._pass:
            piece = bytes(self._buffer[: self._pass])
            del self._buffer[: len(piece)]
            self._pass -= len(piece)
            self._emit(piece, piece)
            return bool(piece)
        if self.ended:
            if self._buffer.strip(b"\0"):
                raise _broken("there is something behind its end")
            self._buffer.clear()
            return False
        if len(self._buffer) < BLOCK:
            return False
        head = bytes(self._buffer[:BLOCK])
        if not head.strip(b"\0"):
            if self._pending is not None:
                raise _broken("it ends in the middle of an entry")
            self.ended = True
            return True
        _check_sum(head)
        kind = head[156:157]
        if kind == b"x" or self._is_ours(head):
            size = _number(head[124:136])
            if size > _HEADER_LIMIT:
                raise _broken("a header is too long")
            whole = BLOCK + _padded(size)
            if len(self._buffer) < whole:
                return False
            raw = bytes(self._buffer[:whole])
            del self._buffer[:whole]
            if kind == b"x":
                self._pending = _Pending(raw, head, _records(raw[BLOCK : BLOCK + size]))
            else:
                self._take_ours(_text(head[:100]), raw[BLOCK : BLOCK + size])
            return True
        del self._buffer[:BLOCK]
        self._entry(head, kind)
        return True

    def _is_ours(self, head: bytes) -> bool:
        return self._importing and self._pending is None and _text(head[:100]) in (MANIFEST, CHECKSUM)

    def _take_ours(self, name: str, content: bytes) -> None:
        if name == MANIFEST and self.manifest is None and not self.files:
            self.manifest = content
        elif name == CHECKSUM and self.manifest is not None and self.checksum is None:
            self.checksum = content
        else:
            raise _broken(f"{name} is at the wrong place")

    def _entry(self, head: bytes, kind: bytes) -> None:
        if self._importing and (self.manifest is None or self.checksum is not None):
            raise _broken(f"it does not begin with {MANIFEST}" if self.manifest is None else "entries follow its end")
        if kind not in _TYPES or not kind:
            raise _broken(f"an entry has the unknown type {kind!r}")
        pending = self._pending or _Pending()
        self._pending = None
        prefix, name = _text(head[345:500]), _text(head[:100])
        path = _given(pending, b"path") or (f"{prefix}/{name}" if prefix else name)
        real = self._checked(_given(pending, b"GNU.sparse.name") or path)
        self._checked(path)
        if kind == b"1":
            self._checked(_given(pending, b"linkpath") or _text(head[157:257]))
        if kind == b"2":
            self._links.add(real)
        if real != ROOT:
            self.files += 1
        size = pending.get(b"size")
        self._pass = _padded(int(size) if size is not None else _number(head[124:136])) if kind in b"0\x00" else 0
        raw = pending.raw + head
        self._emit(raw, raw if self._owners is None else self._with_owners(pending, head))

    def _checked(self, path: str) -> str:
        """Return a path without its ornaments; UsageError if it leads out of the volume."""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if path.startswith("/") or ".." in parts or not parts or parts[0] != ROOT:
            raise UsageError(f"The archive has an entry that leads out of the volume: {path[:200]!r}.")
        for length in range(2, len(parts)):
            if "/".join(parts[:length]) in self._links:
                raise UsageError(f"The archive has an entry that leads out through a link: {path[:200]!r}.")
        return "/".join(parts)

    def _with_owners(self, pending: _Pending, head: bytes) -> bytes:
        owners = self._owners
        assert owners is not None
        user, group = pending.get(b"uid"), pending.get(b"gid")
        before = (
            int(user) if user is not None else _number(head[108:116]),
            int(group) if group is not None else _number(head[116:124]),
        )
        after = owners.to_disk(*before) if self._importing else owners.to_container(*before)
        extended = pending.raw
        if user is not None or group is not None:
            extended = _extended(pending, [pair for pair in pending.records if pair[0] not in (b"uid", b"gid")])
        return extended + _signed(head[:108] + _field(after[0], 8) + _field(after[1], 8) + head[124:])

    def _emit(self, raw: bytes, out: bytes) -> None:
        self._digest.update(raw if self._importing else out)
        self._out.append(out)


def member(name: str, content: bytes, time: float) -> bytes:
    """Return a file as an entry of a tar."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mtime = int(time)
    return info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % BLOCK)


def _shift(ranges: Ranges, number: int, source: int, target: int, otherwise: int) -> int:
    for one in ranges:
        if one[source] <= number < one[source] + one[2]:
            return one[target] + number - one[source]
    return otherwise


def _broken(why: str) -> UsageError:
    return UsageError(f"This is no whole export of a volume: {why}.")


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _given(pending: _Pending, name: bytes) -> str:
    value = pending.get(name)
    return "" if value is None else value.decode("utf-8", "surrogateescape")


def _padded(size: int) -> int:
    return size + -size % BLOCK


def _number(raw: bytes) -> int:
    try:
        if raw[0] & 0x80:
            return int.from_bytes(bytes([raw[0] & 0x7F]) + raw[1:], "big")
        return int(raw.strip(b" \0") or b"0", 8)
    except ValueError:
        raise _broken("a number in it is none") from None


def _field(number: int, width: int) -> bytes:
    if number <= _OCTAL_LIMIT:
        return b"%0*o\0" % (width - 1, number)
    return bytes([0x80]) + number.to_bytes(width - 1, "big")


def _signed(head: bytes) -> bytes:
    """Return a header with the right sum in it."""
    total = sum(head[:148]) + 8 * ord(" ") + sum(head[156:BLOCK])
    return head[:148] + b"%06o\0 " % total + head[156:]


def _check_sum(head: bytes) -> None:
    total = sum(head[:148]) + 8 * ord(" ") + sum(head[156:BLOCK])
    if _number(head[148:156]) != total:
        raise _broken("a header is damaged")


def _records(body: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    while body:
        length, _, rest = body.partition(b" ")
        if not length.isdigit() or not len(length) < int(length) <= len(body):
            raise _broken("a header is damaged")
        key, separator, value = rest[: int(length) - len(length) - 2].partition(b"=")
        if not separator:
            raise _broken("a header is damaged")
        found.append((key, value))
        body = body[int(length) :]
    return found


def _extended(pending: _Pending, records: list[tuple[bytes, bytes]]) -> bytes:
    """Return a pax header with these records, nothing when there are none."""
    body = b"".join(_record(key, value) for key, value in records)
    if not body:
        return b""
    head = _signed(pending.head[:124] + b"%011o\0" % len(body) + pending.head[136:])
    return head + body + bytes(-len(body) % BLOCK)


def _record(key: bytes, value: bytes) -> bytes:
    length = len(key) + len(value) + 3
    total = length + len(str(length))
    if len(str(total)) != len(str(length)):
        total = length + len(str(total))
    return b"%d %s=%s\n" % (total, key, value)


def plain(content: bytes | None, what: str) -> dict[str, Any]:
    """Return a member of ours as what it says; UsageError when it says nothing sensible."""
    import json

    try:
        found = json.loads(content or b"")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _broken(f"{what} is missing or damaged")
    return found
