"""Deleting a folder that others still write to, or that cannot be deleted; reading the end of a log."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from pathlib import Path

import pytest

from vm import files
from vm.errors import UnavailableError


def test_folder_into_which_another_process_writes_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "machine"
    (folder / "run").mkdir(parents=True)
    rmtree, writes = shutil.rmtree, iter(range(3))

    def late(path: Path) -> None:
        if next(writes, None) is None:
            rmtree(path)
        else:
            raise OSError(errno.ENOTEMPTY, "Directory not empty", str(path))

    monkeypatch.setattr(shutil, "rmtree", late)
    files.remove_folder(folder)
    assert not folder.exists()
    assert next(writes, None) is None


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    files.remove_folder(tmp_path / "none")


def test_folder_that_never_settles_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "machine"
    folder.mkdir()
    monkeypatch.setattr(files, "_SETTLED", 0.1)

    def busy(path: Path) -> None:
        raise OSError(errno.ENOTEMPTY, "Directory not empty", str(path))

    monkeypatch.setattr(shutil, "rmtree", busy)
    with pytest.raises(UnavailableError, match="machine cannot be deleted: Directory not empty") as caught:
        files.remove_folder(folder)
    assert caught.value.hint


def test_mount_point_is_emptied_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "machine"
    folder.mkdir()
    (folder / "disk").touch()
    rmdir = os.rmdir

    def mounted(path: str | Path, *arguments: object, **options: object) -> None:
        if Path(path) == folder:
            raise OSError(errno.EBUSY, "Device or resource busy", str(path))
        rmdir(path)

    monkeypatch.setattr(os, "rmdir", mounted)
    with pytest.raises(UnavailableError, match="busy"):  # something else keeps it
        files.remove_folder(folder)
    monkeypatch.setattr(Path, "is_mount", lambda path: path == folder)
    files.remove_folder(folder)
    assert list(folder.iterdir()) == []


def test_two_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "machine"
    for number in range(200):
        (folder / str(number)).mkdir(parents=True)
    others = [threading.Thread(target=files.remove_folder, args=(folder,)) for _ in range(3)]
    for one in others:
        one.start()
    for one in others:
        one.join()
    assert not folder.exists()


def test_the_end_of_a_log_begins_with_a_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"line %d\n" % number for number in range(100)))
    assert files.last_lines(path, 20) == "line 98\nline 99\n"
    assert files.last_lines(path, 1 << 20).startswith("line 0\n")
    path.write_bytes(b"\xff\n")
    assert files.last_lines(path, 20) == "\ufffd\n"
    with pytest.raises(FileNotFoundError):
        files.last_lines(tmp_path / "none", 20)
