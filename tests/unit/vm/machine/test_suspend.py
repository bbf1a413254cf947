"""When a suspend image is good for a resume."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.vm.machine.samples import SUSPENDED
from vm.errors import DiskFullError, NotFoundError
from vm.layout import MachineFiles
from vm.machine.suspend import SuspendImage


@pytest.fixture
def files(tmp_path: Path) -> MachineFiles:
    return MachineFiles("default", tmp_path / "default.yaml", tmp_path, tmp_path / "run")


def test_good_only_between_finish_and_use(files: MachineFiles) -> None:
    image = SuspendImage(files)
    assert not image.usable
    with pytest.raises(NotFoundError):
        image.load()
    image.begin(SUSPENDED)
    files.suspend_image.write_bytes(b"half")
    assert not image.usable
    image.finish(SUSPENDED)
    assert image.usable
    assert image.load().run == SUSPENDED.run
    image.mark_used()
    assert not image.usable
    assert image.load().used


def test_record_without_image_is_no_good(files: MachineFiles) -> None:
    image = SuspendImage(files)
    image.finish(SUSPENDED)
    assert not image.usable


def test_damaged_record_is_no_good(files: MachineFiles) -> None:
    files.suspend_image.write_bytes(b"memory")
    files.suspend_info.write_text("{")
    assert not SuspendImage(files).usable


def test_begin_removes_an_older_image(files: MachineFiles) -> None:
    files.suspend_image.write_bytes(b"older")
    SuspendImage(files).begin(SUSPENDED)
    assert not files.suspend_image.exists()


def test_discard(files: MachineFiles) -> None:
    image = SuspendImage(files)
    assert not image.discard()
    image.finish(SUSPENDED)
    files.suspend_image.write_bytes(b"memory")
    assert image.discard()
    assert list(files.folder.iterdir()) == []


def test_room_is_asked_for_what_is_in_use(files: MachineFiles) -> None:
    image = SuspendImage(files)
    image.check_room(1 << 60, 1 << 20)
    with pytest.raises(DiskFullError, match="are free"):
        image.check_room(1 << 60, None)
    with pytest.raises(DiskFullError):
        image.check_room(1 << 60, 1 << 59)
