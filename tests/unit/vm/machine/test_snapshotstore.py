"""Snapshots as they are kept on the disk."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from vm.errors import ConflictError, ImageError, NotFoundError
from vm.layout import MachineFiles
from vm.machine import snapshotstore
from vm.machine.snapshotstore import SnapshotRecord, SnapshotStore, share_file

RECORD = SnapshotRecord("first", 1.5, "manual", "", "stopped", "2026.11-0", "agent", "10.0.2", 2**31, complete=True)


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(MachineFiles("default", tmp_path / "default.yaml", tmp_path / "machine", tmp_path / "run"))


def test_oldest_first_and_private(store: SnapshotStore, tmp_path: Path) -> None:
    assert store.all() == []
    store.save(msgspec.structs.replace(RECORD, name="b", created=1.0))
    store.save(RECORD)
    store.save(msgspec.structs.replace(RECORD, name="cut", complete=False))
    assert [one.name for one in store.records()] == ["b", "first"]
    assert store.unfinished() == ["cut"]
    info = tmp_path / "machine" / "snapshots" / "first" / "snapshot.json"
    assert (info.stat().st_mode & 0o777, info.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with pytest.raises(NotFoundError, match="'cut'"):
        store.load("cut")
    store.remove("first")
    assert [one.name for one in store.records()] == ["b"]


def test_names(store: SnapshotStore) -> None:
    store.save(RECORD)
    assert store.free_name("second") == "second"
    assert store.free_name("first") == "first-2"
    with pytest.raises(ConflictError):
        store.check_free("first")
    store.save(msgspec.structs.replace(RECORD, complete=False))
    assert store.check_free("first") == "first"


def test_fields_of_later_versions_are_no_harm_but_formats_are(store: SnapshotStore, tmp_path: Path) -> None:
    store.save(RECORD)
    path = tmp_path / "machine" / "snapshots" / "first" / "snapshot.json"
    data = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode({**data, "colour": "red"}))
    assert store.load("first") == RECORD
    path.write_bytes(msgspec.json.encode({"format": 2}))
    with pytest.raises(ImageError, match="newer Linnet"):
        store.load("first")
    assert store.unfinished() == []  # it is not for us to clear it away


def test_memory_is_one_file_with_two_names(tmp_path: Path) -> None:
    source, target = tmp_path / "suspend.img", tmp_path / "memory.img"
    source.write_bytes(b"memory")
    target.write_bytes(b"old")
    share_file(source, target)
    assert source.stat().st_ino == target.stat().st_ino


def test_memory_is_copied_where_files_have_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_paths: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_link)
    source, target = tmp_path / "suspend.img", tmp_path / "memory.img"
    source.write_bytes(b"a" * 5 + bytes(3 << 20) + b"z" + bytes(2 << 20))
    share_file(source, target)
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.stat().st_blocks * 512 < source.stat().st_size
    assert source.stat().st_ino != target.stat().st_ino


def test_stamp_is_part_of_a_name() -> None:
    assert snapshotstore.NAME.fullmatch(f"before-upgrade-{snapshotstore.stamp(1795278311.0)}")
