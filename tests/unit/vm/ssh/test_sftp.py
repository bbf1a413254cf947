"""The SFTP server: its operations, its limits, and over a real channel with paramiko's own client."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import socket
import stat
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from tests.unit.vm.ssh.conftest import Server
from vm.ssh import sftp
from vm.ssh.folder import CREATE, EXCLUSIVE, READ, TRUNCATE, WRITE, Attributes, Folder
from vm.ssh.link import SshLink
from vm.ssh.names import POSIX_NAMES, WINDOWS_NAMES, name_map
from vm.ssh.sftp import ProtocolError, SftpSession


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "shared"
    root.mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "shared-too").mkdir()
    (root / "out").symlink_to(tmp_path / "secret")
    (root / "up").symlink_to("..")
    (root / "sibling").symlink_to("../shared-too")
    (root / "folder").mkdir()
    (root / "in").symlink_to("folder")
    return root


@pytest.fixture
def folder(root: Path) -> Iterator[Folder]:
    folder = Folder(root, read_only=False)
    yield folder
    folder.close_all()


def put(folder: Folder, path: bytes, data: bytes, mode: int | None = None) -> None:
    handle = folder.open(path, WRITE | CREATE | TRUNCATE, Attributes(mode=mode))
    folder.write(handle, 0, data)
    folder.close(handle)


def get(folder: Folder, path: bytes) -> bytes:
    handle = folder.open(path, READ, Attributes())
    data = folder.read(handle, 0, 1 << 20)
    folder.close(handle)
    return data


def names(folder: Folder, path: bytes) -> set[bytes]:
    handle = folder.open_folder(path)
    found: set[bytes] = set()
    while entries := folder.read_folder(handle, 2):
        found |= {entry.name for entry in entries}
    folder.close(handle)
    return found


@pytest.mark.parametrize("path", [b"/out", b"/up/secret", b"/up", b"/sibling", b"/sibling/x", b"/in/../out"])
def test_links_out_of_the_folder_are_not_followed(folder: Folder, path: bytes) -> None:
    for attempt in (
        lambda: folder.open(path, READ, Attributes()),
        lambda: folder.open(path, WRITE | CREATE, Attributes()),
        lambda: folder.stat(path),
        lambda: folder.change(path, Attributes(mode=0o777)),
        lambda: folder.open_folder(path),
    ):
        with pytest.raises(OSError) as caught:
            attempt()
        assert caught.value.errno in (errno.EACCES, errno.ENOENT, errno.EINVAL)


@pytest.mark.parametrize("path", [b"/../../etc/passwd", b"../secret", b"/folder/../../secret", b"//..//secret"])
def test_dots_stop_at_the_top(folder: Folder, path: bytes) -> None:
    assert not folder.canonical(path).startswith(b"/..")
    with pytest.raises(FileNotFoundError):
        folder.stat(path)


def test_links_are_served_as_links(folder: Folder, root: Path, tmp_path: Path) -> None:
    assert folder.read_link(b"/out") == os.fsencode(tmp_path / "secret")
    assert stat.S_ISLNK(folder.lstat(b"/out").mode or 0)
    folder.make_link(b"/anywhere/at all", b"/new")
    assert (root / "new").readlink() == Path("/anywhere/at all")
    put(folder, b"/in/file", b"through a link inside")
    assert (root / "folder" / "file").read_bytes() == b"through a link inside"
    folder.remove(b"/out")
    assert (tmp_path / "secret").exists()


def test_nothing_can_be_written_to_a_read_only_share(root: Path) -> None:
    (root / "file").write_text("x")
    folder = Folder(root, read_only=True)
    for attempt in (
        lambda: folder.open(b"/file", WRITE, Attributes()),
        lambda: folder.open(b"/file", READ | TRUNCATE, Attributes()),
        lambda: folder.open(b"/new", CREATE | READ, Attributes()),
        lambda: folder.remove(b"/file"),
        lambda: folder.rename(b"/file", b"/f", replace=True),
        lambda: folder.make_folder(b"/d", Attributes()),
        lambda: folder.remove_folder(b"/folder"),
        lambda: folder.make_link(b"x", b"/l"),
        lambda: folder.make_hard_link(b"/file", b"/h"),
        lambda: folder.change(b"/file", Attributes(mode=0o600)),
    ):
        with pytest.raises(OSError) as caught:
            attempt()
        assert caught.value.errno == errno.EROFS
    assert get(folder, b"/file") == b"x"


@pytest.mark.parametrize("name", ["with space", "new\nline", "ünïcödé 日本", "quote'\"$x", "-rf", "a" * 255, "tab\t"])
def test_names_of_all_sorts(folder: Folder, root: Path, name: str) -> None:
    put(folder, b"/" + name.encode(), b"x")
    assert (root / name).read_bytes() == b"x"
    assert name.encode() in names(folder, b"/")


def test_a_name_that_is_no_unicode(folder: Folder) -> None:
    put(folder, b"/\xff\xfe", b"x")
    assert b"\xff\xfe" in names(folder, b"/")


def test_modes_are_those_of_the_guest_and_never_set_user_id(folder: Folder, root: Path) -> None:
    old = os.umask(0o077)
    try:
        put(folder, b"/file", b"", mode=0o100664)
        folder.make_folder(b"/dir", Attributes(mode=0o755))
    finally:
        os.umask(old)
    assert stat.S_IMODE((root / "file").stat().st_mode) == 0o664
    assert stat.S_IMODE((root / "dir").stat().st_mode) == 0o755
    folder.change(b"/file", Attributes(mode=0o106755, times=(5, 1_000_000_000), size=3))
    found = (root / "file").stat()
    assert (stat.S_IMODE(found.st_mode), found.st_mtime, found.st_size) == (0o755, 1_000_000_000, 3)
    put(folder, b"/file", b"again", mode=0o600)
    assert stat.S_IMODE((root / "file").stat().st_mode) == 0o755, "an existing file keeps its mode"


def test_exclusive_creation_and_plain_rename_overwrite_nothing(folder: Folder) -> None:
    put(folder, b"/a", b"a")
    put(folder, b"/b", b"b")
    with pytest.raises(FileExistsError):
        folder.open(b"/a", WRITE | CREATE | EXCLUSIVE, Attributes())
    with pytest.raises(FileExistsError):
        folder.rename(b"/a", b"/b", replace=False)
    folder.rename(b"/a", b"/b", replace=True)
    assert get(folder, b"/b") == b"a"
    folder.make_hard_link(b"/b", b"/c")
    assert get(folder, b"/c") == b"a"


def test_only_files_can_be_opened_and_a_fifo_does_not_block(folder: Folder, root: Path) -> None:
    os.mkfifo(root / "fifo")
    with pytest.raises(OSError):
        folder.open(b"/fifo", READ, Attributes())
    with pytest.raises(OSError):
        folder.open(b"/folder", READ, Attributes())
    with pytest.raises(PermissionError):
        folder.remove_folder(b"/")


def test_handles_are_bounded_and_checked(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vm.ssh.folder.OPEN_LIMIT", 3)
    put(folder, b"/f", b"x")
    handles = [folder.open(b"/f", READ, Attributes()) for _ in range(3)]
    with pytest.raises(OSError) as caught:
        folder.open(b"/f", READ, Attributes())
    assert caught.value.errno == errno.EMFILE
    folder.close(handles[0])
    for attempt in (lambda: folder.read(handles[0], 0, 1), lambda: folder.close(999), lambda: folder.read_folder(1, 1)):
        with pytest.raises(OSError) as caught:
            attempt()
        assert caught.value.errno == errno.EBADF


def test_names_that_windows_does_not_have() -> None:
    assert (name_map("nt"), name_map("posix")) == (WINDOWS_NAMES, POSIX_NAMES)
    for name in ("a:b", 'q"', "x<y>|?*", "back\\slash", "ends.", "ends ", "new\nline", "plain", "ü.txt"):
        there = WINDOWS_NAMES.to_host(name.encode())
        assert not set(there.decode()) & set('<>:"|?*\\\n')
        assert there.decode()[-1] not in ". "
        assert WINDOWS_NAMES.to_guest(there) == name.encode()
    assert WINDOWS_NAMES.to_host(b"plain.txt") == b"plain.txt"
    with pytest.raises(UnicodeError):
        WINDOWS_NAMES.to_host(b"\xff")
    assert POSIX_NAMES.to_host(b"a:b\xff") == b"a:b\xff"


# Packets


def packet(kind: int, *parts: bytes) -> bytes:
    body = bytes([kind]) + b"".join(parts)
    return struct.pack(">I", len(body)) + body


def string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def test_packets_in_pieces_get_their_answers(root: Path) -> None:
    session = SftpSession(Folder(root, read_only=False))
    stream = packet(sftp.INIT, b"\0\0\0\3") + packet(sftp.REALPATH, b"\0\0\0\7", string(b"/a/../b"))
    answers = [answer for byte in stream for answer in session.feed(bytes([byte]))]
    assert [answer[4] for answer in answers] == [sftp.ANSWER_VERSION, sftp.NAME]
    assert b"statvfs@openssh.com" in answers[0]
    assert b"\0\0\0\7" in answers[1]
    assert string(b"/b") in answers[1]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (packet(99, b"\0\0\0\1"), sftp.UNSUPPORTED),
        (packet(sftp.EXTENDED, b"\0\0\0\1", string(b"unheard@of")), sftp.UNSUPPORTED),
        (packet(sftp.STAT, b"\0\0\0\1", b"\0\0\1\0short"), sftp.BAD_MESSAGE),
        (packet(sftp.STAT, b"\0\0\0\1", string(b"/missing")), sftp.NO_SUCH_FILE),
        (packet(sftp.STAT, b"\0\0\0\1", string(b"/out")), sftp.PERMISSION_DENIED),
        (packet(sftp.STAT, b"\0\0\0\1", string(b"/nul\0")), sftp.FAILURE),
        (packet(sftp.READ, b"\0\0\0\1", string(b"xx"), bytes(12)), sftp.FAILURE),
    ],
)
def test_what_cannot_be_done_is_answered(root: Path, request_: bytes, status: int) -> None:
    (answer,) = SftpSession(Folder(root, read_only=False)).feed(request_)
    assert (answer[4], struct.unpack_from(">I", answer, 9)[0]) == (sftp.STATUS, status)


def test_no_sftp_at_all(root: Path) -> None:
    with pytest.raises(ProtocolError):
        list(SftpSession(Folder(root, read_only=False)).feed(b"GET / HTTP/1.1\r\n"))


# Over a channel


class _Pipe:
    """What paramiko's client needs of a channel, over a socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def recv(self, size: int) -> bytes:
        return self.sock.recv(size)

    def send(self, data: bytes) -> int:
        return self.sock.send(data)

    def close(self) -> None:
        self.sock.close()

    def get_name(self) -> str:
        return "sftp"


async def test_a_client_in_the_guest(link: SshLink, root: Path, tmp_path: Path) -> None:
    """paramiko's own client talks to the server through `nc` as sshfs would, on the other side of a real sshd."""
    socat = shutil.which("socat")
    if socat is None:
        pytest.skip("socat is not installed")
    here = tmp_path / "client.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(here))
        listener.listen()
        process = await link.serve_sftp([socat, "-", f"UNIX-CONNECT:{here}"], root, False)
        peer, _ = await asyncio.to_thread(listener.accept)

    def work() -> list[str]:
        client = paramiko.SFTPClient(_Pipe(peer))  # type: ignore[arg-type]
        data = os.urandom(3_000_000)
        with client.open("/big", "wb") as file:
            file.set_pipelined(True)
            file.write(data)
        with client.open("/big", "rb") as file:
            file.prefetch(len(data))
            assert hashlib.sha256(file.read()).digest() == hashlib.sha256(data).digest()
        for number in range(300):
            client.open(f"/folder/{number}", "wb").close()
        client.posix_rename("/big", "/bigger")
        with pytest.raises(PermissionError):
            client.open("/out")
        found = client.listdir("/folder")
        client.sock.close()
        return found

    assert len(await asyncio.to_thread(work)) == 300
    assert (root / "bigger").stat().st_size == 3_000_000
    assert (await process.wait()).code == 0
    await asyncio.sleep(0.1)
    assert not [one for one in threading.enumerate() if one.name == "linnet-sftp"]


async def test_the_end_of_the_link_ends_the_server(sshd: Server, root: Path) -> None:
    link = await sshd.connect()
    await link.serve_sftp("cat > /dev/null", root, True)
    await link.close()
    for thread in threading.enumerate():
        if thread.name == "linnet-sftp":
            await asyncio.to_thread(thread.join, 5)
            assert not thread.is_alive()
