"""A data disk is made small with the real qemu-img; nothing of it is lost, whatever happens."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unit.vm.machine.fakes import World
from vm import process
from vm.errors import CancelledByUserError, ConflictError, DiskFullError, ImageError, LinnetError
from vm.machine.machine import Machine
from vm.machine.rewrite import Rewriter, blocks
from vm.machine.status import MachineState
from vm.progress import Progress

QEMU_IMG = shutil.which("qemu-img")
QEMU_IO = shutil.which("qemu-io")

pytestmark = pytest.mark.skipif(QEMU_IMG is None or QEMU_IO is None, reason="qemu-img is not installed")

MIB = 1 << 20


def qemu_io(path: Path, *commands: str) -> str:
    words = [part for command in commands for part in ("-c", command)]
    done = subprocess.run([QEMU_IO or "", "-f", "qcow2", *words, str(path)], capture_output=True, text=True, check=True)
    assert "failed" not in done.stdout, done.stdout
    return done.stdout


def qemu_img(*words: str) -> None:
    subprocess.run([QEMU_IMG or "", *words], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A disk with 1 MiB of content, and 16 MiB that are allocated and zero, as a guest leaves them that cannot trim."""
    path = tmp_path / "data.qcow2"
    fill(path)
    return path


def fill(path: Path) -> None:
    path.unlink(missing_ok=True)
    qemu_img("create", "-q", "-f", "qcow2", str(path), "64M")
    qemu_io(path, "write -P 7 0 1M", "write -P 0 8M 16M")


def rewriter(path: Path) -> Rewriter:
    return Rewriter(path, path.with_suffix(".compact"), Path(QEMU_IMG or ""))


def is_intact(path: Path) -> bool:
    return "Pattern verification failed" not in qemu_io(path, "read -P 7 0 1M", "read -P 0 8M 16M")


async def test_the_file_shrinks_and_holds_the_same(disk: Path) -> None:
    disk.chmod(0o600)
    before = blocks(disk)
    steps: list[Progress] = []
    await rewriter(disk).run(steps.append)
    assert before > 17 * MIB
    assert blocks(disk) < 3 * MIB
    assert is_intact(disk)
    assert disk.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in disk.parent.iterdir()] == ["data.qcow2"]
    assert steps[-1].text.startswith("Comparing")


async def test_a_full_disk_of_this_computer_is_told_before(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1 << 40, 1 << 40, MIB))
    before = disk.read_bytes()
    with pytest.raises(DiskFullError, match="Nothing was changed"):
        await rewriter(disk).run(lambda _step: None)
    assert disk.read_bytes() == before
    assert [path.name for path in disk.parent.iterdir()] == ["data.qcow2"]


async def test_a_disk_that_fills_up_meanwhile(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(argv: list[Any], **_options: Any) -> str:
        if argv[1] == "convert":
            Path(argv[-1]).write_bytes(b"half")
            raise process.ProcessFailedError("x", 1, detail="error while writing: No space left on device")
        return await run(argv)

    run = process.run
    monkeypatch.setattr(process, "run", full)
    before = disk.read_bytes()
    with pytest.raises(DiskFullError, match="as it was"):
        await rewriter(disk).run(lambda _step: None)
    assert disk.read_bytes() == before
    assert [path.name for path in disk.parent.iterdir()] == ["data.qcow2"]


async def test_a_new_disk_that_differs_is_not_taken(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def wrong(argv: list[Any], **_options: Any) -> str:
        done = await run(argv)
        if argv[1] == "convert":
            qemu_io(Path(argv[-1]), "write -P 8 0 64k")
        return done

    run = process.run
    monkeypatch.setattr(process, "run", wrong)
    before = disk.read_bytes()
    with pytest.raises(ImageError, match="differs"):
        await rewriter(disk).run(lambda _step: None)
    assert disk.read_bytes() == before
    assert [path.name for path in disk.parent.iterdir()] == ["data.qcow2"]


async def test_cancelled_it_leaves_nothing(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()

    async def slow(argv: list[Any], **_options: Any) -> str:
        if argv[1] == "convert":
            Path(argv[-1]).write_bytes(b"half")
            begun.set()
            await asyncio.sleep(60)
        return await run(argv)

    run = process.run
    monkeypatch.setattr(process, "run", slow)
    before = disk.read_bytes()
    work = asyncio.ensure_future(rewriter(disk).run(lambda _step: None))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert disk.read_bytes() == before
    assert [path.name for path in disk.parent.iterdir()] == ["data.qcow2"]


async def stopped(world: World) -> Machine:
    """A machine that ran and was stopped, with a disk that could be smaller."""
    machine = world.machine()
    await machine.start()
    await machine.stop()
    fill(machine.files.data_disk)
    qemu_img("resize", "-q", str(machine.files.data_disk), "2G")
    return machine


async def test_a_stopped_machine_is_compacted_and_stays_stopped(world: World) -> None:
    machine = await stopped(world)
    done = await machine.compact()
    assert done.rewritten
    assert done.after < 3 * MIB < done.before
    assert is_intact(machine.files.data_disk)
    assert await machine.state() is MachineState.stopped


async def test_a_running_machine_is_trimmed_and_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vm.machine.compact.SETTLE", 0.01)
    machine = await stopped(world)
    await machine.start()
    done = await machine.compact()
    assert not done.rewritten
    assert "disk.trim" in world.sessions[-1].agent.requests
    assert await machine.state() is MachineState.running


async def test_offline_the_machine_runs_again_afterwards(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vm.machine.compact.SETTLE", 0.01)
    machine = await stopped(world)
    await machine.start()
    done = await machine.compact(offline=True)
    assert done.rewritten
    assert done.after < 3 * MIB
    assert await machine.state() is MachineState.running


async def test_offline_that_fails_the_machine_runs_again_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vm.machine.compact.SETTLE", 0.01)
    machine = await stopped(world)
    await machine.start()

    async def fail(_self: Rewriter, _report: Any) -> None:
        raise DiskFullError("no room after all")

    monkeypatch.setattr(Rewriter, "run", fail)
    with pytest.raises(DiskFullError):
        await machine.compact(offline=True)
    assert await machine.state() is MachineState.running
    assert is_intact(machine.files.data_disk)


async def test_who_wants_it_stopped_meanwhile_has_it_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vm.machine.compact.SETTLE", 0.01)
    machine = await stopped(world)
    await machine.start()
    stops: list[asyncio.Future[None]] = []

    async def stop_meanwhile(_self: Rewriter, _report: Any) -> None:
        stops.append(asyncio.ensure_future(machine.stop()))
        await asyncio.sleep(0.01)

    monkeypatch.setattr(Rewriter, "run", stop_meanwhile)
    await machine.compact(offline=True)
    await stops[0]
    assert await machine.state() is MachineState.stopped


async def test_cancelled_the_machine_runs_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vm.machine.compact.SETTLE", 0.01)
    machine = await stopped(world)
    await machine.start()
    begun = asyncio.Event()

    async def slow(_self: Rewriter, _report: Any) -> None:
        begun.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(Rewriter, "run", slow)
    work = asyncio.ensure_future(machine.compact(offline=True))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await machine.transitions.settle()
    assert await machine.state() is MachineState.running
    assert is_intact(machine.files.data_disk)


async def test_no_room_is_told_before_the_machine_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = await stopped(world)
    await machine.start()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1 << 40, 1 << 40, MIB))
    with pytest.raises(DiskFullError):
        await machine.compact(offline=True)
    assert len(world.sessions) == 2
    assert await machine.state() is MachineState.running


async def test_snapshots_are_not_lost(world: World) -> None:
    machine = await stopped(world)
    qemu_img("snapshot", "-c", "before", str(machine.files.data_disk))
    with pytest.raises(ConflictError, match="1 snapshot, which"):
        await machine.compact()
    assert await rewriter(machine.files.data_disk).states() == 1


async def test_a_suspended_machine_is_left_alone(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    with pytest.raises(ConflictError, match="is suspended"):
        await machine.compact(offline=True)
    assert await machine.state() is MachineState.suspended


async def test_a_machine_without_a_disk(world: World) -> None:
    with pytest.raises(ConflictError, match="never started"):
        await world.machine().compact()


async def test_half_a_disk_of_a_service_that_died_is_removed(world: World) -> None:
    machine = await stopped(world)
    machine.files.compact_disk.write_bytes(b"half")
    await world.machine().adopt()
    assert not machine.files.compact_disk.exists()
    assert is_intact(machine.files.data_disk)


async def test_a_disk_that_cannot_be_read(world: World) -> None:
    machine = await stopped(world)
    machine.files.data_disk.write_bytes(b"QFI\xfb" + b"\xff" * 1000)
    with pytest.raises(LinnetError) as caught:
        await machine.compact()
    assert not isinstance(caught.value, CancelledByUserError)
    assert machine.files.data_disk.read_bytes() == b"QFI\xfb" + b"\xff" * 1000
