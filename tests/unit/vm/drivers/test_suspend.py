"""The file of a VM's memory is whole or not there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from vm.drivers.suspend import saving
from vm.errors import DiskFullError, GuestError


async def fail(path: Path, error: Exception) -> None:
    async with saving(path):
        path.write_bytes(b"half")
        raise error


async def test_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "suspend.img"
    async with saving(path):
        path.write_bytes(b"memory")
    assert path.read_bytes() == b"memory"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_no_file_is_left_by_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "suspend.img"
    with pytest.raises(GuestError):
        await fail(path, GuestError("QEMU refused"))
    assert not path.exists()


async def test_a_full_disk_is_told_from_other_failures(tmp_path: Path) -> None:
    path = tmp_path / "suspend.img"
    with pytest.raises(DiskFullError, match="no room") as caught:
        await fail(path, GuestError("failed", detail="Unable to write to file: No space left on device"))
    assert not path.exists()
    assert caught.value.hint
