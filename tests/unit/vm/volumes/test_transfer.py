"""Exports and imports with the real tar, and every way in which a file can be wrong."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.unit.vm.volumes.guest import Guest
from vm.errors import ConflictError, DiskFullError, GuestError, LinnetError, NotFoundError, UsageError
from vm.progress import Progress, ignore
from vm.volumes import exportfile, transfer
from vm.volumes.tarstream import CHECKSUM, MANIFEST, member


@pytest.fixture
def guest(tmp_path: Path) -> Guest:
    made = Guest(tmp_path)
    data = made.source / "data"
    (data / "one").write_text("first")
    (data / "sub").mkdir(mode=0o750)
    os.link(data / "one", data / "sub" / "again")
    (data / "ümläut and space").write_bytes(os.urandom(500_000))
    (data / ("long" * 60)).write_text("a name of 240 letters")
    (data / "link").symlink_to("/etc/passwd")
    with (data / "sparse").open("wb") as file:
        file.truncate(50_000_000)
        file.seek(20_000_000)
        file.write(b"middle")
    (data / "one").chmod(0o4711)
    os.utime(data / "one", ns=(10**18, 10**18 + 123456789))
    return made


def listing(folder: Path) -> dict[str, tuple[Any, ...]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        info = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        inside = path.readlink() if path.is_symlink() else content
        found[str(path.relative_to(folder))] = (info.st_mode, info.st_uid, info.st_gid, info.st_mtime_ns, inside)
    return found


async def export(guest: Guest, path: Path, **more: Any) -> dict[str, Any]:
    return await transfer.export(guest, guest, "data", path, ignore, **more)


async def import_(guest: Guest, path: Path, name: str | None = None) -> dict[str, Any]:
    return await transfer.import_(guest, guest, path, name, ignore)


async def test_there_and_back_again(guest: Guest, tmp_path: Path) -> None:
    steps: list[Progress] = []
    done = await transfer.export(guest, guest, "data", tmp_path / "out.tar.zst", steps.append)
    assert (done["path"], done["engine"], done["paused"]) == (str(tmp_path / "out.tar.zst"), "podman", ["web"])
    assert done["file_size"] == (tmp_path / "out.tar.zst").stat().st_size < 1_000_000
    assert steps[-1].text == "Exporting"
    assert guest.held == {}
    made = await import_(guest, tmp_path / "out.tar.zst", "new")
    assert made["name"] == "new"
    assert made["files"] == 7
    folder, labels = guest.volumes["new"]
    assert labels == {"a": "b"}
    assert listing(folder) == listing(guest.source / "data")
    assert (folder / "one").stat().st_nlink == 2
    assert (folder / "sparse").stat().st_blocks < 1000
    assert guest.held == {}
    assert not (tmp_path / "stage").exists()


async def test_the_file_is_a_plain_tar(guest: Guest, tmp_path: Path) -> None:
    await export(guest, tmp_path / "out.tar.zst")
    data = unpacked(tmp_path / "out.tar.zst")
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        names = tar.getnames()
    assert names[0] == MANIFEST
    assert names[-1] == CHECKSUM
    (tmp_path / "plain").mkdir()
    await asyncio.to_thread(subprocess.run, ["tar", "-x", "-C", str(tmp_path / "plain")], input=data)
    assert (tmp_path / "plain" / "data" / "one").read_text() == "first"
    manifest = json.loads((tmp_path / "plain" / MANIFEST).read_text())
    assert (manifest["format"], manifest["name"], manifest["labels"]) == (1, "data", {"a": "b"})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
async def test_owners_are_those_that_the_container_sees(guest: Guest, tmp_path: Path) -> None:
    guest.ids = {"uid": [[0, 1000, 1], [1, 100000, 65536]], "gid": [[0, 1000, 1], [1, 100000, 65536]]}
    data = guest.source / "data"
    for name, owner in (("one", 1000), ("link", 100998), ("sparse", 0), ("long" * 60, 100000)):
        os.chown(data / name, owner, owner, follow_symlinks=False)
    await export(guest, tmp_path / "out.tar.zst")
    with tarfile.open(fileobj=io.BytesIO(unpacked(tmp_path / "out.tar.zst"))) as tar:
        owners = {info.name: (info.uid, info.gid) for info in tar}
    assert owners["data/one"] == (0, 0)
    assert owners["data/link"] == (999, 999)
    assert owners["data/sparse"] == (65534, 65534)
    assert owners["data/" + "long" * 60] == (1, 1)
    await import_(guest, tmp_path / "out.tar.zst", "same")
    folder, _labels = guest.volumes["same"]
    assert (folder / "one").stat().st_uid == 1000
    assert (folder / "link").lstat().st_gid == 100998
    assert (folder / "sparse").stat().st_uid == 165533
    guest.ids = None
    await import_(guest, tmp_path / "out.tar.zst", "docker")
    folder, _labels = guest.volumes["docker"]
    assert (folder / "one").stat().st_uid == 0
    assert (folder / "link").lstat().st_gid == 999


async def test_a_file_that_exists_is_kept(guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "out.tar.zst").write_text("precious")
    with pytest.raises(ConflictError, match="exists already"):
        await export(guest, tmp_path / "out.tar.zst")
    assert (tmp_path / "out.tar.zst").read_text() == "precious"
    assert guest.asked == []
    await export(guest, tmp_path / "out.tar.zst", overwrite=True)
    assert (tmp_path / "out.tar.zst").read_bytes() != b"precious"
    folder = tmp_path / "folder"
    folder.mkdir()
    assert (await export(guest, folder))["path"] == str(folder / "data.tar.zst")
    with pytest.raises(NotFoundError, match="no folder"):
        await export(guest, tmp_path / "nowhere" / "file")


async def test_a_full_disk_here_leaves_nothing(guest: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = exportfile.Writer.write
    pieces = iter(range(100))

    def full(writer: exportfile.Writer, piece: bytes) -> None:
        if next(pieces) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(writer, piece)

    monkeypatch.setattr(exportfile.Writer, "write", full)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(DiskFullError):
        await export(guest, folder / "file")
    assert list(folder.iterdir()) == []
    assert guest.held == {}


async def test_a_tar_that_fails_in_the_guest_leaves_nothing(guest: Guest, tmp_path: Path) -> None:
    guest.programs["tar"] = _script(tmp_path, 'tar "$@" | head -c 20000; echo "tar: cannot read" >&2; exit 2')
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(GuestError, match="could not be read") as error:
        await export(guest, folder / "file")
    assert error.value.detail == "tar: cannot read"
    assert list(folder.iterdir()) == []


async def test_a_stream_that_ends_too_early_is_no_export(guest: Guest, tmp_path: Path) -> None:
    guest.programs["tar"] = _script(tmp_path, 'tar "$@" | head -c 20000')
    with pytest.raises(LinnetError, match="ended too early"):
        await export(guest, tmp_path / "file")
    assert not (tmp_path / "file").exists()


async def test_cancelled_in_the_middle(guest: Guest, tmp_path: Path) -> None:
    guest.programs["tar"] = _script(tmp_path, "head -c 100 /dev/zero; exec sleep 60")
    folder = tmp_path / "out"
    folder.mkdir()
    task = asyncio.create_task(export(guest, folder / "file"))
    while not guest.held:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert guest.held == {}
    assert list(folder.iterdir()) == []


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def damaged(data: bytes) -> bytes:
    return data[:50_000] + bytes([data[50_000] ^ 1]) + data[50_001:]


def other_content(data: bytes) -> bytes:
    """A file whose letters were changed by who packed it again."""
    return packed(repacked(data).replace(b"first", b"worst"))


def without_end(data: bytes) -> bytes:
    plain = repacked(data)
    return packed(plain[: plain.rindex(CHECKSUM.encode())] + bytes(1024))


def newer(data: bytes) -> bytes:
    return packed(member(MANIFEST, b'{"format": 2, "name": "data"}', 0) + repacked(data)[1024:])


def foreign(_data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("file"))
    return packed(out.getvalue())


def no_manifest(data: bytes) -> bytes:
    plain = repacked(data)
    return packed(plain[plain.index(b"data/") :])


def repacked(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def packed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (cut, "cut short"),
        (damaged, "cannot be unpacked|damaged"),
        (other_content, "its content is not what its checksum says"),
        (without_end, "its end is missing"),
        (newer, "made by a newer Linnet"),
        (foreign, "does not begin with"),
        (no_manifest, "does not begin with"),
        (lambda _data: b"", "its manifest is missing"),
        (lambda _data: b"plain text", "cannot be unpacked"),
        (lambda data: data + packed(b"more" * 1000), "something behind its end"),
    ],
)
async def test_what_is_wrong_leaves_nothing(
    guest: Guest, tmp_path: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    await export(guest, tmp_path / "good")
    (tmp_path / "bad").write_bytes(change((tmp_path / "good").read_bytes()))
    with pytest.raises(UsageError, match=words):
        await import_(guest, tmp_path / "bad", "new")
    assert guest.volumes == {}
    assert guest.held == {}
    assert not (tmp_path / "stage").exists()


def tar_of(*entries: tarfile.TarInfo) -> bytes:
    """An export by somebody who means harm; the checksum is right."""
    import hashlib

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        folder = tarfile.TarInfo("data")
        folder.type = tarfile.DIRTYPE
        for entry in (folder, *entries):
            tar.addfile(entry)
        size = tar.offset
    body = out.getvalue()[:size]
    summary = {"sha256": hashlib.sha256(body).hexdigest(), "files": len(entries)}
    head = member(MANIFEST, json.dumps({"format": 1, "name": "data"}).encode(), 0)
    return packed(head + body + member(CHECKSUM, json.dumps(summary).encode(), 0) + bytes(1024))


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", **headers: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.pax_headers = kind, target, headers
    return info


@pytest.mark.parametrize(
    "entries",
    [
        [entry("/etc/passwd")],
        [entry("data/../../etc/passwd")],
        [entry("other/file")],
        [entry("data/file", path="data/../../etc/passwd")],
        [entry("data/hard", tarfile.LNKTYPE, "/etc/passwd")],
        [entry("data/hard", tarfile.LNKTYPE, "data/../../etc/passwd")],
        [entry("data/out", tarfile.SYMTYPE, "/etc"), entry("data/out/passwd")],
        [entry("data/out", tarfile.SYMTYPE, "/etc"), entry("data/./out//cron.d/evil")],
        [entry("data/sub/out", tarfile.SYMTYPE, ".."), entry("data/hard", tarfile.LNKTYPE, "data/sub/out/x")],
    ],
)
async def test_no_entry_leaves_the_volume(guest: Guest, tmp_path: Path, entries: list[tarfile.TarInfo]) -> None:
    (tmp_path / "evil").write_bytes(tar_of(*entries))
    with pytest.raises(UsageError, match="leads out"):
        await import_(guest, tmp_path / "evil")
    assert guest.volumes == {}
    assert guest.held == {}


async def test_an_export_may_hold_links_of_all_kinds(guest: Guest, tmp_path: Path) -> None:
    entries = [entry("data/out", tarfile.SYMTYPE, "/etc"), entry("data/pipe", tarfile.FIFOTYPE)]
    (tmp_path / "fine").write_bytes(tar_of(*entries))
    await import_(guest, tmp_path / "fine", "new")
    assert sorted(listing(guest.volumes["new"][0])) == ["out", "pipe"]


async def test_a_full_disk_in_the_guest_leaves_nothing(guest: Guest, tmp_path: Path) -> None:
    await export(guest, tmp_path / "good")
    guest.programs["tar"] = _script(
        tmp_path, 'head -c 3000 > /dev/null; echo "tar: data/x: Cannot write: No space left on device" >&2; exit 2'
    )
    with pytest.raises(DiskFullError, match="data disk of the machine"):
        await import_(guest, tmp_path / "good", "new")
    assert guest.volumes == {}
    assert guest.held == {}


async def test_a_name_that_is_taken_and_a_file_that_is_not_there(guest: Guest, tmp_path: Path) -> None:
    await export(guest, tmp_path / "good")
    await import_(guest, tmp_path / "good")
    assert list(guest.volumes) == ["data"]
    with pytest.raises(ConflictError, match="already"):
        await import_(guest, tmp_path / "good")
    with pytest.raises(NotFoundError, match="no file"):
        await import_(guest, tmp_path / "missing")
    assert guest.held == {}


def unpacked(path: Path) -> bytes:
    return repacked(path.read_bytes())


def _script(folder: Path, text: str) -> str:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)
