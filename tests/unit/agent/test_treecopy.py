"""Tests of agent.treecopy, with whiteouts and overlay attributes as an engine leaves them."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from pathlib import Path

import pytest

from agent import treecopy
from agent.treecopy import Stopped, copy_tree, empty_folder, remove_tree


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
    target = tmp_path / "copy"
    copied = copy_tree(str(layer), str(target))
    assert listing(target) == listing(layer)
    assert copied.files == len(listing(layer))
    assert 20_000 <= copied.bytes < 1_000_000
    assert (target / "etc" / "sparse").stat().st_blocks * 512 < 1_000_000
    assert (target / "etc" / "same").samefile(target / "etc" / "new")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has these attributes")
def test_attributes_of_rootful_layers_are_kept(layer: Path, tmp_path: Path) -> None:
    os.setxattr(layer / "etc" / "sub", "trusted.overlay.opaque", b"y")
    os.chown(layer / "etc" / "new", 100_099, 100_098)
    copy_tree(str(layer), str(tmp_path / "copy"))
    assert listing(tmp_path / "copy") == listing(layer)


def test_an_empty_folder_can_be_the_target(layer: Path, tmp_path: Path) -> None:
    target = tmp_path / "there"
    target.mkdir(0o755)
    copy_tree(str(layer), str(target))
    assert listing(target) == listing(layer)


def test_it_stops_when_told(layer: Path, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        copy_tree(str(layer), str(tmp_path / "copy"), lambda: True)


def test_a_full_disk_is_told(layer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    monkeypatch.setattr(treecopy, "_share", lambda *_: False)
    with pytest.raises(OSError, match="No space") as error:
        copy_tree(str(layer), str(tmp_path / "copy"))
    assert error.value.errno == errno.ENOSPC


def test_folders_are_emptied_and_removed(layer: Path, tmp_path: Path) -> None:
    empty_folder(str(layer))
    assert list(layer.iterdir()) == []
    remove_tree(str(layer))
    assert not layer.exists()
    remove_tree(str(layer))
    deep = tmp_path / "deep"
    subprocess.run(["mkdir", "-p", str(deep / "/".join(["d"] * 1500))], check=True)
    copy_tree(str(deep), str(tmp_path / "deep copy"))
    for tree in (deep, tmp_path / "deep copy"):
        remove_tree(str(tree))
        assert not tree.exists()
