"""The data disk, made by the real qemu-img."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vm.errors import ConfigError, DiskFullError, ImageError, LinnetError, UnavailableError
from vm.machine import disk
from vm.machine.disk import DataDisk

QEMU_IMG = shutil.which("qemu-img")
GIB = 1 << 30

pytestmark = pytest.mark.skipif(QEMU_IMG is None, reason="qemu-img is not installed")


def data_disk(folder: Path) -> DataDisk:
    return DataDisk(folder / "data.qcow2", Path(QEMU_IMG or ""))


async def test_made_and_grown(tmp_path: Path) -> None:
    made = data_disk(tmp_path)
    await made.ensure(2 * GIB)
    found = await made.measure()
    assert found.size == 2 * GIB
    assert found.on_host < 1 << 20
    await made.ensure(2 * GIB)
    await made.ensure(3 * GIB, 2 * GIB)
    assert (await made.measure()).size == 3 * GIB
    assert [path.name for path in tmp_path.iterdir()] == ["data.qcow2"]


async def test_never_shrinks(tmp_path: Path) -> None:
    made = data_disk(tmp_path)
    await made.ensure(3 * GIB)
    before = made.path.read_bytes()
    with pytest.raises(ConfigError, match="cannot shrink"):
        await made.ensure(2 * GIB)
    assert made.path.read_bytes() == before


async def test_damaged(tmp_path: Path) -> None:
    made = data_disk(tmp_path)
    await made.ensure(2 * GIB)
    damaged = b"QFI\xfb" + b"\xff" * 1000
    made.path.write_bytes(damaged)
    with pytest.raises(ImageError, match="cannot be read") as caught:
        await made.ensure(2 * GIB)
    assert caught.value.detail
    assert made.path.read_bytes() == damaged


async def test_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be made"):
        await data_disk(tmp_path / "none").ensure(2 * GIB)


def test_host_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data_disk(tmp_path).check_room()
    monkeypatch.setattr(disk, "HOST_RESERVE", 1 << 60)
    with pytest.raises(DiskFullError, match="are free"):
        data_disk(tmp_path).check_room()


@pytest.fixture
def full_folder(tmp_path: Path) -> Iterator[Path]:
    """A file system of one page; only root can make one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs root")
    folder = tmp_path / "full"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False)
    if done.returncode:
        pytest.skip("may not mount")
    (folder / "filler").write_bytes(b"x" * 60 * 1024)
    yield folder
    subprocess.run(["umount", folder], check=True)


async def test_full_disk_leaves_nothing(full_folder: Path) -> None:
    with pytest.raises(DiskFullError):
        await data_disk(full_folder).ensure(2 * GIB)
    assert [path.name for path in full_folder.iterdir()] == ["filler"]


async def test_states_are_kept_used_and_dropped(tmp_path: Path) -> None:
    made = data_disk(tmp_path)
    await made.ensure(2 * GIB)
    await made.keep_state("linnet-small")
    await made.ensure(3 * GIB)
    await made.keep_state("linnet-large")
    assert await made.states() == ["linnet-small", "linnet-large"]
    await made.go_to_state("linnet-small")
    assert (await made.measure()).size == 2 * GIB
    await made.go_to_state("linnet-large")
    assert (await made.measure()).size == 3 * GIB
    await made.drop_state("linnet-small")
    assert await made.states() == ["linnet-large"]
    with pytest.raises(ImageError):
        await made.go_to_state("linnet-small")
    await made.mend()


async def test_leaks_are_mended_and_damage_is_told(tmp_path: Path) -> None:
    made = data_disk(tmp_path)
    await made.ensure(2 * GIB)
    data = bytearray(made.path.read_bytes().ljust(4 << 20, b"\0"))
    block = int.from_bytes(data[int.from_bytes(data[48:56]) :][:8])  # the first entry of the table of refcounts
    free = next(at for at in range(block, block + 65536, 2) if data[at : at + 2] == b"\0\0")
    data[free : free + 2] = b"\0\1"
    made.path.write_bytes(data)
    await made.mend()
    assert made.path.read_bytes()[free : free + 2] == b"\0\0"
    used = int.from_bytes(data[40:48])  # the L1 table, of which nobody says any more that it is in use
    data[block + used // 65536 * 2 : block + used // 65536 * 2 + 2] = b"\0\0"
    made.path.write_bytes(data)
    with pytest.raises(ImageError):
        await made.mend()


async def test_what_changes_a_disk_is_not_cut_short(tmp_path: Path) -> None:
    program = tmp_path / "qemu-img"
    program.write_text(f"#!/bin/sh\nsleep 0.3\ntouch {tmp_path}/done\n")
    program.chmod(0o755)
    work = asyncio.ensure_future(DataDisk(tmp_path / "data.qcow2", program).go_to_state("linnet-first"))
    await asyncio.sleep(0.1)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert (tmp_path / "done").exists()


async def test_state_that_cannot_be_written_leaves_the_disk_as_it_was(tmp_path: Path) -> None:
    made = data_disk(tmp_path)
    await made.ensure(2 * GIB)
    await made.keep_state("linnet-first")
    program = tmp_path / "qemu-img"
    # Files cannot grow, as on a full disk; whatever needs new clusters fails in the middle.
    program.write_text(
        f'#!/bin/sh\ntrap "" XFSZ\nulimit -f $(($(stat -c %s {made.path}) / 512))\nexec {QEMU_IMG} "$@"\n'
    )
    program.chmod(0o755)
    with pytest.raises(LinnetError):
        await DataDisk(made.path, program).keep_state("linnet-second")
    assert await made.states() == ["linnet-first"]
    await made.mend()
    await made.keep_state("linnet-second")
