"""Snapshots of a machine: taken in each state, gone back to, deleted; and what is refused or fails."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.unit.vm.machine.disks import content, is_whole, put, used_machine
from tests.unit.vm.machine.fakes import OLD_IMAGE, FakeSession, World
from tests.unit.vm.machine.waiting import until
from vm.errors import (
    ConflictError,
    DiskFullError,
    GuestError,
    ImageError,
    LinnetError,
    NotFoundError,
    UsageError,
)
from vm.machine import disk, lastrun
from vm.machine.machine import Machine
from vm.machine.status import MachineState


@pytest.fixture
async def machine(world: World) -> Machine:
    """A stopped machine that has run, with 1 on its disk."""
    return await used_machine(world)


async def names(machine: Machine) -> list[str]:
    return [one.name for one in await machine.snapshots.list()]


async def test_stopped_machine(machine: Machine) -> None:
    record = await machine.snapshots.create("first", note=" before the move ")
    assert (record.kind, record.note, record.machine_state) == ("manual", "before the move", "stopped")
    assert (record.image, record.memory, record.disk) == (OLD_IMAGE, 0, 2 << 30)
    assert record.inventory == lastrun.Inventory("podman", ("a1",), (), ("data",))
    assert record.settings["memory"] == "512MiB"
    put(machine, 2)
    done = await machine.snapshots.restore("first")
    assert content(machine) == 1
    assert done.state is MachineState.stopped
    await machine.snapshots.restore(done.undo)
    assert content(machine) == 2
    await machine.snapshots.delete("first")
    assert "first" not in await names(machine)
    assert is_whole(machine)


async def test_running_machine_is_held_still_and_goes_on(world: World, machine: Machine) -> None:
    await machine.start()
    agent = world.sessions[-1]._agent
    world.driver.calls.clear()
    record = await machine.snapshots.create()
    assert record.machine_state == "running"
    assert agent.requests[-2:] == ["data.freeze", "data.thaw"]
    assert not agent.held
    assert world.driver.calls == ["keep_state"]
    put(machine, 2)
    await machine.snapshots.delete(record.name)
    assert "drop_state" in world.driver.calls
    assert await names(machine) == []
    assert await machine.state() is MachineState.running


async def test_restore_of_a_running_machine_stops_and_starts_it(world: World, machine: Machine) -> None:
    await machine.snapshots.create("first")
    await machine.start()
    put(machine, 2)
    world.events.clear()
    done = await machine.snapshots.restore("first")
    states = [event.data["state"] for event in world.events if event.kind == "state"]
    assert list(dict.fromkeys(states)) == ["stopping", "starting", "running"]
    assert done.state is MachineState.running
    await machine.stop()
    assert content(machine) == 1


async def test_memory_goes_on_where_it_was(world: World, machine: Machine) -> None:
    await machine.start()
    record = await machine.snapshots.create("warm", memory=True)
    assert record.memory > 0
    assert record.inventory is not None
    assert await machine.state() is MachineState.running
    assert not machine.files.suspend_image.exists()
    put(machine, 2)
    done = await machine.snapshots.restore("warm")
    assert done.state is MachineState.running
    assert world.driver.calls[-1] == "restore"
    last = lastrun.load(machine.files)
    assert last is not None
    assert last.inventory is None  # what it holds from now on is not known
    await machine.stop()
    assert content(machine) == 1
    again = await machine.snapshots.restore("warm")
    assert again.state is MachineState.suspended
    assert machine.files.snapshot_memory("warm").exists()
    alone = await machine.snapshots.restore("warm", disk_only=True)
    assert alone.state is MachineState.stopped


async def test_memory_of_a_suspended_machine(machine: Machine) -> None:
    await machine.start()
    await machine.suspend()
    await machine.snapshots.create("warm", memory=True)
    assert await machine.state() is MachineState.suspended
    put(machine, 2)
    done = await machine.snapshots.restore("warm", disk_only=True)
    assert await machine.state() is MachineState.stopped
    back = await machine.snapshots.restore(done.undo)
    assert back.state is MachineState.suspended
    assert content(machine) == 2


async def test_memory_of_a_stopped_machine_is_refused(machine: Machine) -> None:
    with pytest.raises(ConflictError, match="no memory to keep"):
        await machine.snapshots.create("cold", memory=True)
    assert await names(machine) == []


async def test_machine_without_data(world: World) -> None:
    with pytest.raises(ConflictError, match="nothing to keep"):
        await world.machine().snapshots.create()


@pytest.mark.parametrize("name", ["../x", "-x", "a b", "x" * 65, ".hidden", "é"])
async def test_impossible_names(machine: Machine, name: str) -> None:
    with pytest.raises(UsageError):
        await machine.snapshots.create(name)
    with pytest.raises(UsageError):
        await machine.snapshots.restore(name)
    with pytest.raises(UsageError):
        await machine.snapshots.delete(name)


async def test_impossible_note(machine: Machine) -> None:
    for note in ("two\nlines", "x" * 501):
        with pytest.raises(UsageError):
            await machine.snapshots.create("first", note=note)


async def test_taken_and_unknown_names(machine: Machine) -> None:
    await machine.snapshots.create("first")
    with pytest.raises(ConflictError, match="already"):
        await machine.snapshots.create("first")
    with pytest.raises(NotFoundError):
        await machine.snapshots.restore("second")
    with pytest.raises(NotFoundError):
        await machine.snapshots.delete("second")


async def test_two_at_once_with_one_name(machine: Machine) -> None:
    results = await asyncio.gather(
        machine.snapshots.create("same"), machine.snapshots.create("same"), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in results) == ["ConflictError", "SnapshotRecord"]
    assert is_whole(machine)


async def test_stop_waits_for_a_live_snapshot(world: World, machine: Machine) -> None:
    await machine.start()
    world.driver.hold["keep_state"] = asyncio.Event()
    taking = asyncio.ensure_future(machine.snapshots.create("first"))
    await until(lambda: "keep_state" in world.driver.calls)
    stopping = asyncio.ensure_future(machine.stop())
    await asyncio.sleep(0.01)
    assert await machine.state() is MachineState.running
    world.driver.hold["keep_state"].set()
    await asyncio.gather(taking, stopping)
    assert await machine.state() is MachineState.stopped


async def test_full_disk_is_refused_before_anything_changes(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    await machine.snapshots.create("first")
    monkeypatch.setattr(disk, "HOST_RESERVE", 1 << 62)
    with pytest.raises(DiskFullError):
        await machine.snapshots.create("second")
    with pytest.raises(DiskFullError):
        await machine.snapshots.restore("first")
    assert await names(machine) == ["first"]
    assert content(machine) == 1


@pytest.mark.parametrize("method", ["data.freeze", "data.thaw"])
async def test_guest_that_cannot_hold_still(world: World, machine: Machine, method: str) -> None:
    await machine.start()
    world.sessions[-1]._agent.fail[method] = GuestError("no")
    with pytest.raises(GuestError, match="no"):
        await machine.snapshots.create("first")
    assert await names(machine) == []
    assert await machine.data_disk().states() == []


async def test_guest_that_let_go_too_early(world: World, machine: Machine) -> None:
    await machine.start()
    world.sessions[-1]._agent.lets_go = True
    with pytest.raises(GuestError, match="not whole"):
        await machine.snapshots.create("first")
    assert await machine.data_disk().states() == []


async def test_failure_in_qemu_lets_the_guest_go_on(world: World, machine: Machine) -> None:
    await machine.start()
    world.driver.fail["keep_state"] = GuestError("No space left on device")
    with pytest.raises(GuestError):
        await machine.snapshots.create("first")
    assert not world.sessions[-1]._agent.held
    assert await names(machine) == []


async def test_failed_apply_puts_everything_back(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    await machine.snapshots.create("first")
    put(machine, 2)
    await machine.start()
    whole, failures = disk.DataDisk.go_to_state, [DiskFullError("full in the middle")]

    async def go(self: disk.DataDisk, state: str) -> None:
        await whole(self, state)
        if failures:
            raise failures.pop()

    monkeypatch.setattr(disk.DataDisk, "go_to_state", go)
    with pytest.raises(DiskFullError):
        await machine.snapshots.restore("first")
    assert await machine.state() is MachineState.running
    await machine.stop()
    assert content(machine) == 2


def damage(machine: Machine, name: str, **fields: object) -> None:
    path = machine.files.snapshot_info(name)
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


async def test_snapshot_of_a_newer_version(machine: Machine) -> None:
    await machine.snapshots.create("first")
    put(machine, 2)
    damage(machine, "first", format=2)
    with pytest.raises(ImageError, match="newer Linnet"):
        await machine.snapshots.restore("first")
    [listed] = await machine.snapshots.list()
    assert listed.record is None
    assert listed.problem
    with pytest.raises(ConflictError):
        await machine.snapshots.create("first")
    assert content(machine) == 2
    await machine.snapshots.delete("first")
    assert await machine.data_disk().states() == []


async def test_snapshot_with_an_unknown_image(machine: Machine) -> None:
    await machine.snapshots.create("first")
    damage(machine, "first", image="2030.01-ffffffffff")
    with pytest.raises(ImageError, match="Nothing was changed"):
        await machine.snapshots.restore("first")
    assert await names(machine) == ["first"]


async def test_memory_of_another_qemu(world: World, machine: Machine) -> None:
    await machine.start()
    await machine.snapshots.create("warm", memory=True)
    world.pool.version = "10.1.0"
    with pytest.raises(ConflictError, match=r"QEMU 10\.0\.2"):
        await machine.snapshots.restore("warm")
    assert await machine.state() is MachineState.running
    await machine.snapshots.restore("warm", disk_only=True)


async def test_damaged_record_and_lost_parts(machine: Machine) -> None:
    await machine.start()
    await machine.snapshots.create("warm", memory=True)
    await machine.stop()
    machine.files.snapshot_memory("warm").unlink()
    with pytest.raises(ImageError, match="memory image"):
        await machine.snapshots.restore("warm")
    await machine.data_disk().drop_state("linnet-warm")
    [listed] = await machine.snapshots.list()
    assert "does not hold" in str(listed.problem)
    with pytest.raises(ImageError, match="does not hold"):
        await machine.snapshots.restore("warm", disk_only=True)
    machine.files.snapshot_info("warm").write_text("{")
    with pytest.raises(ImageError, match="damaged"):
        await machine.snapshots.restore("warm")
    await machine.snapshots.delete("warm")
    assert await names(machine) == []


async def test_what_was_cut_short_is_cleared_away(world: World, machine: Machine) -> None:
    await machine.snapshots.create("first")
    await machine.snapshots.create("cut")
    damage(machine, "cut", complete=False)
    Path(machine.files.snapshots, "empty").mkdir()
    again = world.machine()
    assert await names(again) == ["first"]
    await again.snapshots.create("cut")
    assert await names(again) == ["first", "cut"]
    assert sorted(await again.data_disk().states()) == ["linnet-cut", "linnet-first"]


async def test_only_the_last_automatic_ones_are_kept(world: World) -> None:
    machine = world.machine("snapshots:\n  keep: 1\n")
    await machine.start()
    await machine.stop()
    await machine.snapshots.create("mine")
    undos = [(await machine.snapshots.restore("mine")).undo for _ in range(3)]
    assert await names(machine) == ["mine", undos[-1]]


async def test_delete_with_the_machine(machine: Machine) -> None:
    from vm.progress import ignore

    await machine.snapshots.create("first")
    await machine.destroy(ignore)
    assert not machine.files.folder.exists()


async def test_machine_that_cannot_be_reached(world: World, machine: Machine) -> None:
    await machine.start()
    world.driver.halt("default", "io-error")
    with pytest.raises(ConflictError, match="halted"):
        await machine.snapshots.create("first")


async def test_guest_that_does_not_tell_its_inventory(world: World) -> None:
    def mute(session: FakeSession) -> None:
        session._agent.fail["data.inventory"] = LinnetError("busy")

    world.arrange = mute
    machine = world.machine()
    await machine.start()
    assert (await machine.snapshots.create("first")).inventory is None
