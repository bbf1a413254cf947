"""Tests of agent.files."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.files import announce
from agent.inotify import CREATE, Inotify

ATTRIB, CLOSE_WRITE, DELETE = 0x004, 0x008, 0x200
NAMES = {ATTRIB: "ATTRIB", CLOSE_WRITE: "CLOSE_WRITE", CREATE: "CREATE", DELETE: "DELETE"}


class Watcher:
    def __init__(self, folder: Path) -> None:
        self._inotify = Inotify()
        self._inotify.add(str(folder), ATTRIB | CLOSE_WRITE | CREATE | DELETE)

    def seen(self) -> list[str]:
        data, found = os.read(self._inotify.descriptor, 65536), []
        while data:
            _watch, mask, _cookie, length = struct.unpack_from("iIII", data)
            found.append(f"{NAMES[mask & 0xFFF]} {data[16 : 16 + length].rstrip(bytes(1)).decode()}")
            data = data[16 + length :]
        return found

    def close(self) -> None:
        self._inotify.close()


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Watcher]:
    (tmp_path / "there").write_bytes(b"content")
    os.utime(tmp_path / "there", ns=(1, 1_234_567_890_123_456_789))
    watcher = Watcher(tmp_path)
    yield watcher
    watcher.close()


def test_a_modified_file_looks_written_and_stays_as_it_was(watcher: Watcher, tmp_path: Path) -> None:
    assert announce([{"path": str(tmp_path / "there"), "kind": "modified"}]) == 1
    assert watcher.seen() == ["CLOSE_WRITE there", "ATTRIB there"]
    assert (tmp_path / "there").stat().st_mtime_ns == 1_234_567_890_123_456_789
    assert (tmp_path / "there").read_bytes() == b"content"


def test_a_created_file_makes_its_folder_look_changed(watcher: Watcher, tmp_path: Path) -> None:
    assert announce([{"path": str(tmp_path / "there"), "kind": "created"}]) == 1
    assert watcher.seen() == [
        "CLOSE_WRITE there", "ATTRIB there", "CREATE .linnet-changed", "DELETE .linnet-changed",
    ]  # fmt: skip


def test_a_deleted_file_is_seen_by_its_name(watcher: Watcher, tmp_path: Path) -> None:
    assert announce([{"path": str(tmp_path / "gone"), "kind": "deleted"}]) == 1
    assert watcher.seen() == ["CREATE gone", "DELETE gone"]
    assert not (tmp_path / "gone").exists()


def test_a_file_that_is_there_again_is_not_deleted(watcher: Watcher, tmp_path: Path) -> None:
    assert announce([{"path": str(tmp_path / "there"), "kind": "deleted"}]) == 1
    assert (tmp_path / "there").read_bytes() == b"content"
    assert watcher.seen() == ["CLOSE_WRITE there", "ATTRIB there"]


def test_links_are_not_followed_and_impossible_changes_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"")
    os.utime(tmp_path / "target", ns=(5, 5))
    (tmp_path / "link").symlink_to("target")
    changes = [
        {"path": str(tmp_path / "link"), "kind": "modified"},
        {"path": str(tmp_path / "missing"), "kind": "modified"},
        {"path": "relative", "kind": "deleted"},
        {"path": str(tmp_path / "no" / "folder"), "kind": "deleted"},
    ]
    assert announce(changes) == 1
    assert (tmp_path / "target").stat().st_atime_ns == 5
