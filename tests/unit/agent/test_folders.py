"""Tests of agent.folders, with whiteouts and overlay attributes as an engine leaves them."""

from __future__ import annotations

import errno
import os
import socket
import stat
import struct
import subprocess
import tempfile
from pathlib import Path

import pytest

from agent.errors import AgentError
from agent.folders import copy, disk_full, empty, measure, remove
from agent.loop import CancelledTask, Loop, Task
from tests.unit.agent.programs import stand_in

NOBODY = 0xFFFFFFFF
"""In an ACL: the entry is of nobody by name."""


def listing(folder: Path) -> list[object]:
    """All there is to know of what is in a folder."""
    found: list[object] = []
    for path in sorted([folder, *folder.rglob("*")]):
        info = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(info.st_mode) else b""
        target = path.readlink() if stat.S_ISLNK(info.st_mode) else None
        names = sorted(os.listxattr(path, follow_symlinks=False))
        attributes = [(name, os.getxattr(path, name, follow_symlinks=False)) for name in names]
        found.append(
            (str(path.relative_to(folder)), info.st_mode, info.st_uid, info.st_gid, info.st_rdev, info.st_mtime_ns,
             info.st_nlink if not stat.S_ISDIR(info.st_mode) else 0, content, target, attributes)
        )  # fmt: skip
    return found


def copied(source: Path, target: Path) -> list[int]:
    """Copy; return what was told on the way."""
    told: list[int] = []
    loop = Loop()
    loop.run(copy(loop, str(source), str(target), told.append))
    return told


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    root = tmp_path / "diff"
    (root / "etc" / "sub").mkdir(parents=True)
    (root / "etc" / "new").write_bytes(b"one\n" * 5000)
    (root / "etc" / "same").hardlink_to(root / "etc" / "new")
    (root / "etc" / "link").symlink_to("nowhere")
    (root / "etc" / "script").write_text("#!/bin/sh\n")
    (root / "etc" / "script").chmod(0o4755)
    os.mknod(root / "etc" / "deleted", stat.S_IFCHR, 0)
    os.mkfifo(root / "etc" / "pipe")
    os.setxattr(root / "etc" / "sub", "user.overlay.opaque", b"y")
    with (root / "etc" / "sparse").open("wb") as file:
        file.seek(10_000_000)
        file.write(b"end")
    (root / "etc" / ("strange \udcff\n")).write_text("x")
    for path in (root / "etc" / "new", root / "etc" / "sub", root / "etc", root):
        os.utime(path, ns=(1_000_000_001, 1_234_567_891))
    return root


def test_a_copy_is_the_same_in_everything(layer: Path, tmp_path: Path) -> None:
    (layer / "etc" / "deleted too").hardlink_to(layer / "etc" / "deleted")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(layer / "etc" / "socket"))
    target = tmp_path / "copy"
    told = copied(layer, target)
    assert listing(target) == listing(layer)
    assert told == sorted(told)
    assert told[-1] == len(listing(layer))
    found = measure(str(target))
    assert found.entries == len(listing(layer)) - 1
    assert 20_000 <= found.room < 1_000_000
    assert 10_000_000 < found.length < 10_100_000
    assert (target / "etc" / "sparse").stat().st_blocks * 512 < 1_000_000
    assert (target / "etc" / "same").samefile(target / "etc" / "new")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has these attributes")
def test_attributes_of_rootful_layers_are_kept(layer: Path, tmp_path: Path) -> None:
    os.setxattr(layer / "etc" / "sub", "trusted.overlay.opaque", b"y")
    os.setxattr(layer / "etc" / "link", "trusted.overlay.origin", b"\0\xfb\1", follow_symlinks=False)
    os.setxattr(layer / "etc" / "deleted", "trusted.overlay.whiteout", b"")
    os.setxattr(layer / "etc" / "script", "security.capability", bytes.fromhex("01000002" + "00200000" + "00" * 12))
    os.chown(layer / "etc" / "new", 100_099, 100_098)
    entries = [(1, 6, NOBODY), (2, 7, 1234), (4, 4, NOBODY), (16, 7, NOBODY), (32, 0, NOBODY)]
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *one) for one in entries)
    os.setxattr(layer / "etc" / "script", "system.posix_acl_access", acl)
    os.setxattr(layer / "etc" / "sub", "system.posix_acl_default", acl)
    copied(layer, tmp_path / "copy")
    assert listing(tmp_path / "copy") == listing(layer)


def test_an_empty_folder_can_be_the_target(layer: Path, tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.mkdir(0o755)
    copied(layer, target)
    assert listing(target) == listing(layer)


def test_an_attribute_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as source:
        try:
            os.setxattr(source, "user.long", b"x" * 40_000)
        except OSError:
            pytest.skip("this kernel keeps no long attributes in memory")
        try:
            os.setxattr(tmp_path, "user.long", b"x" * 40_000)
            pytest.skip("the file system of temporary files keeps long attributes")
        except OSError:
            with pytest.raises((OSError, AgentError), match="setting attribute"):
                copied(Path(source), tmp_path / "copy")


def test_it_ends_when_it_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    stand_in(tmp_path, monkeypatch, "cp", f"echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 60")
    loop = Loop()

    async def cancelled() -> None:
        task = Task(loop, copy(loop, str(tmp_path / "source"), str(tmp_path / "copy")))
        while not pid.exists():
            await loop.sleep(0.01)
        task.cancel()
        with pytest.raises(CancelledTask):
            await task

    loop.run(cancelled())
    assert not Path(f"/proc/{pid.read_text().strip()}").exists()


@pytest.mark.parametrize("words", ["No space left on device", "Disk quota exceeded"])
def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    stand_in(tmp_path, monkeypatch, "cp", f"echo \"cp: error writing 'x': {words}\" >&2; exit 1")
    with pytest.raises(OSError, match=words) as error:
        copied(tmp_path / "source", tmp_path / "copy")
    assert error.value.errno == errno.ENOSPC
    with pytest.raises(AgentError, match="Nothing was done") as told, disk_full("Nothing was done."):
        copied(tmp_path / "source", tmp_path / "copy")
    assert told.value.code == "disk-full"
    assert words in str(told.value.detail)
    with pytest.raises(FileNotFoundError), disk_full("Nothing was done."):
        (tmp_path / "nowhere").read_bytes()


def test_what_is_not_there_cannot_be_copied(tmp_path: Path) -> None:
    with pytest.raises(AgentError, match=r"could not be copied: cp: .*No such file"):
        copied(tmp_path / "nowhere", tmp_path / "copy")


def test_folders_are_emptied_and_removed(layer: Path, tmp_path: Path) -> None:
    empty(str(layer))
    assert list(layer.iterdir()) == []
    remove(str(layer))
    assert not layer.exists()
    remove(str(layer))
    deep = tmp_path / "deep"
    subprocess.run(["mkdir", "-p", str(deep / "/".join(["d"] * 1500))], check=True)
    copied(deep, tmp_path / "deep copy")
    empty(str(deep))
    assert list(deep.iterdir()) == []
    for tree in (deep, tmp_path / "deep copy"):
        remove(str(tree))
        assert not tree.exists()
