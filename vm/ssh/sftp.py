"""The SFTP server (version 3, with OpenSSH's extensions) for one host folder, on one SSH channel.

The guest's end is `sshfs … -o passive`. One thread serves one share: requests are answered in order, and waiting for
the host's disk holds up nobody else. What the requests do to files is `vm.ssh.folder`'s.
"""

from __future__ import annotations

import errno
import logging
import queue
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from vm.ssh.folder import Attributes, Folder, ListedEntry
from vm.ssh.transport import LinkChannel

log = logging.getLogger(__name__)

VERSION = 3
PACKET_LIMIT = 1024 * 1024
READ_LIMIT = 256 * 1024
NAMES_PER_ANSWER = 128

INIT, ANSWER_VERSION = 1, 2
OPEN, CLOSE, READ, WRITE, LSTAT, FSTAT, SETSTAT, FSETSTAT, OPENDIR, READDIR = range(3, 13)
REMOVE, MKDIR, RMDIR, REALPATH, STAT, RENAME, READLINK, SYMLINK = range(13, 21)
STATUS, HANDLE, DATA, NAME, ATTRS = range(101, 106)
EXTENDED, EXTENDED_REPLY = 200, 201

OK, EOF, NO_SUCH_FILE, PERMISSION_DENIED, FAILURE, BAD_MESSAGE, _, _, UNSUPPORTED = range(9)

HAS_SIZE, HAS_OWNER, HAS_MODE, HAS_TIMES = 1, 2, 4, 8
HAS_EXTENSIONS = 0x80000000

EXTENSIONS = {
    b"posix-rename@openssh.com": b"1",
    b"statvfs@openssh.com": b"2",
    b"hardlink@openssh.com": b"1",
    b"fsync@openssh.com": b"1",
}

_STATUS_OF = {
    errno.ENOENT: NO_SUCH_FILE,
    errno.ENOTDIR: NO_SUCH_FILE,
    errno.EACCES: PERMISSION_DENIED,
    errno.EPERM: PERMISSION_DENIED,
    errno.EROFS: PERMISSION_DENIED,
}

_INT = struct.Struct(">I")
_LONG = struct.Struct(">Q")


class ProtocolError(Exception):
    """The guest sent something that is no SFTP."""


class Reader:
    """Takes fields off the front of a packet."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def integer(self) -> int:
        """Take a 32-bit number."""
        return int(_INT.unpack(self._take(4))[0])

    def long(self) -> int:
        """Take a 64-bit number."""
        return int(_LONG.unpack(self._take(8))[0])

    def string(self) -> bytes:
        """Take a string."""
        return self._take(self.integer())

    def attributes(self) -> Attributes:
        """Take a file's attributes; owners are dropped: files belong to the user of the host."""
        flags = self.integer()
        size = self.long() if flags & HAS_SIZE else None
        if flags & HAS_OWNER:
            self._take(8)
        mode = self.integer() if flags & HAS_MODE else None
        times = (self.integer(), self.integer()) if flags & HAS_TIMES else None
        if flags & HAS_EXTENSIONS:
            for _ in range(self.integer()):
                self.string()
                self.string()
        return Attributes(size=size, mode=mode, times=times)

    def _take(self, count: int) -> bytes:
        piece = self._data[self._place : self._place + count]
        if len(piece) != count:
            raise ProtocolError("a packet ends too early")
        self._place += count
        return piece


class SftpSession:
    """Answers packets. Free of channels and threads: bytes in, bytes out."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._rest = b""
        self._questions: dict[int, Callable[[Reader], bytes]] = {
            OPEN: self._open,
            READ: self._read,
            LSTAT: lambda r: _attributes(folder.lstat(r.string())),
            STAT: lambda r: _attributes(folder.stat(r.string())),
            FSTAT: lambda r: _attributes(folder.fstat(_number(r))),
            OPENDIR: lambda r: _handle(folder.open_folder(r.string())),
            READDIR: self._readdir,
            REALPATH: lambda r: _names([ListedEntry(folder.canonical(r.string()), Attributes())]),
            READLINK: lambda r: _names([ListedEntry(folder.read_link(r.string()), Attributes())]),
        }
        self._orders: dict[int, Callable[[Reader], None]] = {
            CLOSE: lambda r: folder.close(_number(r)),
            WRITE: lambda r: folder.write(_number(r), r.long(), r.string()),
            SETSTAT: lambda r: folder.change(r.string(), r.attributes()),
            FSETSTAT: lambda r: folder.change_open(_number(r), r.attributes()),
            REMOVE: lambda r: folder.remove(r.string()),
            MKDIR: lambda r: folder.make_folder(r.string(), r.attributes()),
            RMDIR: lambda r: folder.remove_folder(r.string()),
            RENAME: lambda r: folder.rename(r.string(), r.string(), replace=False),
            # OpenSSH and sshfs send the target first, the other way round than the standard's draft.
            SYMLINK: lambda r: folder.make_link(r.string(), r.string()),
        }
        self._extended_questions: dict[bytes, Callable[[Reader], bytes]] = {
            b"statvfs@openssh.com": lambda r: _space(folder.space(r.string())),
        }
        self._extended_orders: dict[bytes, Callable[[Reader], None]] = {
            b"posix-rename@openssh.com": lambda r: folder.rename(r.string(), r.string(), replace=True),
            b"hardlink@openssh.com": lambda r: folder.make_hard_link(r.string(), r.string()),
            b"fsync@openssh.com": lambda r: folder.sync(_number(r)),
        }

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take what arrived, in pieces of any size; yield the answers to the packets that are complete.

        Raises:
            ProtocolError: this is no SFTP; the channel should be closed.
        """
        data = self._rest + data
        place = 0
        while len(data) - place >= _INT.size:
            (size,) = _INT.unpack_from(data, place)
            if not 1 <= size <= PACKET_LIMIT:
                raise ProtocolError(f"a packet of {size} bytes")
            end = place + _INT.size + size
            if end > len(data):
                break
            yield self.answer(data[place + _INT.size : end])
            place = end
        self._rest = data[place:]

    def answer(self, packet: bytes) -> bytes:
        """Return the answer to one packet (without its length), with its length."""
        kind, reader = packet[0], Reader(packet[1:])
        if kind == INIT:
            pairs = b"".join(_string(name) + _string(value) for name, value in EXTENSIONS.items())
            return _packet(ANSWER_VERSION, _INT.pack(VERSION), pairs)
        number = _INT.pack(reader.integer())
        try:
            body = self._body(kind, reader)
        except OSError as error:
            body = _status(_STATUS_OF.get(error.errno or 0, FAILURE), error.strerror or "")
        except UnicodeError:
            body = _status(NO_SUCH_FILE, "no file can have this name here")
        except ProtocolError as error:
            body = _status(BAD_MESSAGE, str(error))
        return _packet(body[0], number, body[1:])

    def close(self) -> None:
        """Close every open file."""
        self._folder.close_all()

    def _body(self, kind: int, reader: Reader) -> bytes:
        name = reader.string() if kind == EXTENDED else b""
        question = self._questions.get(kind) or self._extended_questions.get(name)
        if question is not None:
            return question(reader)
        order = self._orders.get(kind) or self._extended_orders.get(name)
        if order is None:
            return _status(UNSUPPORTED)
        order(reader)
        return _status(OK)

    def _open(self, reader: Reader) -> bytes:
        path, flags = reader.string(), reader.integer()
        return _handle(self._folder.open(path, flags, reader.attributes()))

    def _read(self, reader: Reader) -> bytes:
        number, offset, size = _number(reader), reader.long(), reader.integer()
        data = self._folder.read(number, offset, min(size, READ_LIMIT))
        return bytes([DATA]) + _string(data) if data else _status(EOF)

    def _readdir(self, reader: Reader) -> bytes:
        entries = self._folder.read_folder(_number(reader), NAMES_PER_ANSWER)
        return _names(entries) if entries else _status(EOF)


def serve(channel: LinkChannel, root: Path, read_only: bool) -> None:
    """Serve the folder `root` on the main stream of `channel` until it ends, in a thread of its own."""
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    channel.sink = arrived.put
    session = SftpSession(Folder(root, read_only=read_only))

    def run() -> None:
        try:
            while data := arrived.get():
                for answer in session.feed(data):
                    channel.sendall(answer)
                channel.consumed(len(data))
            channel.send_end()  # the guest's end has yet to tell how it ended
        except ProtocolError as error:
            log.warning("the guest's end of the share %s broke the protocol: %s", root, error)
            channel.close()
        except OSError as error:
            log.debug("the channel of the share %s is closed: %s", root, error)
        finally:
            session.close()

    threading.Thread(target=run, name="linnet-sftp", daemon=True).start()


def _packet(kind: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return _INT.pack(len(body) + 1) + bytes([kind]) + body


def _string(data: bytes) -> bytes:
    return _INT.pack(len(data)) + data


def _number(reader: Reader) -> int:
    handle = reader.string()
    if len(handle) != _INT.size:
        raise OSError(errno.EBADF, "no such handle")
    return int(_INT.unpack(handle)[0])


def _handle(number: int) -> bytes:
    return bytes([HANDLE]) + _string(_INT.pack(number))


def _status(code: int, text: str = "") -> bytes:
    return bytes([STATUS]) + _INT.pack(code) + _string(text.encode()) + _string(b"")


def _pack_attributes(found: Attributes) -> bytes:
    flags, fields = 0, []
    if found.size is not None:
        flags |= HAS_SIZE
        fields.append(_LONG.pack(found.size))
    if found.owner is not None:
        flags |= HAS_OWNER
        fields += [_INT.pack(number & 0xFFFFFFFF) for number in found.owner]
    if found.mode is not None:
        flags |= HAS_MODE
        fields.append(_INT.pack(found.mode))
    if found.times is not None:
        flags |= HAS_TIMES
        fields += [_INT.pack(min(max(seconds, 0), 0xFFFFFFFF)) for seconds in found.times]
    return _INT.pack(flags) + b"".join(fields)


def _attributes(found: Attributes) -> bytes:
    return bytes([ATTRS]) + _pack_attributes(found)


def _names(entries: list[ListedEntry]) -> bytes:
    parts = [bytes([NAME]), _INT.pack(len(entries))]
    for entry in entries:
        # The second one is for people, `ls -l`; sshfs does not look at it.
        parts += [_string(entry.name), _string(entry.name), _pack_attributes(entry.attributes)]
    return b"".join(parts)


def _space(numbers: tuple[int, ...]) -> bytes:
    return bytes([EXTENDED_REPLY]) + b"".join(_LONG.pack(number) for number in numbers)
