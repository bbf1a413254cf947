"""Starts with other versions: made to fail at every step, and what the machine is afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.unit.vm.machine.disks import content, is_whole, put, used_machine
from tests.unit.vm.machine.fakes import OLD_IMAGE, FakeSession, World
from tests.unit.vm.machine.waiting import settled, until
from vm.errors import CancelledByUserError, DiskFullError, GuestError, ImageError, LinnetError
from vm.machine import disk, keeper, lastrun
from vm.machine.machine import Machine
from vm.machine.status import MachineState
from vm.machine.upgrade import Journal

NEW_IMAGE = "2026.12-9876543210"


@pytest.fixture
async def machine(world: World) -> Machine:
    """A stopped machine that has run with the old image, with 1 on its disk; the new image is here."""
    made = await used_machine(world)
    world.images.versions.append(NEW_IMAGE)
    return made


def spoil(world: World, machine: Machine, change: Callable[[FakeSession], None] = lambda _session: None) -> None:
    """Have guests with the new image write 2 on the disk and be otherwise."""

    def arrange(session: FakeSession) -> None:
        if session.record.image == NEW_IMAGE:
            put(machine, 2)
            change(session)

    world.arrange = arrange


def images(world: World) -> list[str]:
    return [session.record.image for session in world.sessions]


async def kinds(machine: Machine) -> list[str]:
    return [one.record.kind for one in await machine.snapshots.list() if one.record]


async def as_before(machine: Machine) -> None:
    """The machine runs with the old image on its old disk, and says why."""
    assert await machine.state() is MachineState.running
    assert machine.session is not None
    assert machine.session.record.image == OLD_IMAGE
    assert not machine.files.upgrade.exists()
    status = await machine.status()
    assert status.upgrade is None
    assert str(status.upgrade_refused).startswith(NEW_IMAGE)
    await machine.stop()
    assert content(machine) == 1
    assert is_whole(machine)


async def test_first_start_and_same_versions_take_no_snapshot(world: World) -> None:
    machine = world.machine()
    for _ in range(2):
        await machine.start()
        await machine.stop()
    assert await kinds(machine) == []


async def test_good_upgrade(world: World, machine: Machine) -> None:
    spoil(world, machine)
    assert (await machine.status()).upgrade == NEW_IMAGE
    await machine.start()
    assert images(world)[-1] == NEW_IMAGE
    assert machine.problems == []
    assert await kinds(machine) == ["upgrade"]
    assert not machine.files.upgrade.exists()
    assert (await machine.status()).upgrade is None
    last = lastrun.load(machine.files)
    assert last is not None
    assert (last.image, last.inventory) == (NEW_IMAGE, None)
    await machine.stop()
    assert content(machine) == 2
    [snapshot] = await machine.snapshots.list()
    await machine.snapshots.restore(snapshot.name)
    assert content(machine) == 1
    await machine.start()
    assert images(world)[-1] == OLD_IMAGE  # who goes back does not want it again at once
    assert "went back" in str((await machine.status()).upgrade_refused)


async def test_new_version_of_linnet(world: World, machine: Machine) -> None:
    world.images.versions.pop()
    lastrun.change(machine.files, agent="another")
    await machine.start()
    assert await kinds(machine) == ["upgrade"]
    last = lastrun.load(machine.files)
    assert last is not None
    assert last.agent != "another"


async def test_new_version_of_linnet_that_fails_leaves_the_machine_stopped(world: World, machine: Machine) -> None:
    world.images.versions.pop()
    lastrun.change(machine.files, agent="another")
    world.boot_errors.append(GuestError("no agent"))
    with pytest.raises(GuestError, match="no agent"):
        await machine.start()
    assert "version of Linnet" in machine.problems[-1]
    assert await machine.state() is MachineState.stopped
    assert content(machine) == 1
    assert not machine.files.upgrade.exists()
    await machine.start()  # whoever asks again gets another try
    assert await machine.state() is MachineState.running


async def test_snapshot_fails(world: World, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_self: Any, _state: str) -> None:
        raise DiskFullError("no room")

    monkeypatch.setattr(disk.DataDisk, "keep_state", fail)
    await machine.start()
    assert images(world)[-1] == OLD_IMAGE
    assert "no room" in machine.problems[-1]
    assert (await machine.status()).upgrade == NEW_IMAGE  # it is still wanted
    assert not machine.files.upgrade.exists()
    assert await kinds(machine) == []
    with pytest.raises(DiskFullError):
        await machine.snapshots.upgrade()


async def test_snapshot_before_a_new_linnet_fails(
    world: World, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_self: Any, _state: str) -> None:
        raise DiskFullError("no room")

    world.images.versions.pop()
    lastrun.change(machine.files, agent="another")
    monkeypatch.setattr(disk.DataDisk, "keep_state", fail)
    with pytest.raises(DiskFullError):
        await machine.start()
    assert await machine.state() is MachineState.stopped
    assert not machine.files.upgrade.exists()


async def test_qemu_does_not_start(world: World, machine: Machine) -> None:
    spoil(world, machine)
    world.driver.fail["start"] = GuestError("bad kernel")
    start = world.driver.start

    async def once(spec: Any) -> None:
        try:
            await start(spec)
        finally:
            world.driver.fail.clear()

    world.driver.start = once  # type: ignore[method-assign]
    await machine.start()
    await as_before(machine)


async def test_requirement_is_not_met(world: World, machine: Machine) -> None:
    spoil(world, machine)
    world.boot_errors.append(GuestError("The engine does not answer."))
    await machine.start()
    assert "The engine does not answer" in machine.problems[-1]
    await as_before(machine)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda agent: agent.disk_check.update(code=1, text="bad inode"), "file system"),
        (lambda agent: agent.disk_check.update(kernel=["XFS (vdb): Corruption"]), "kernel reports"),
        (lambda agent: agent.inventory.update(images=[], volumes=[]), "1 of 1 images"),
        (lambda agent: agent.inventory.update(volumes=["other"]), "volumes"),
        (lambda agent: agent.fail.update({"data.check": GuestError("agent fell")}), "agent fell"),
        (lambda agent: agent.fail.update({"data.inventory": LinnetError("engine fell")}), "engine fell"),
        (lambda agent: agent.disk_check.clear(), "KeyError"),
        (lambda agent: agent.inventory.clear(), "ValidationError"),
    ],
)
async def test_check_fails(world: World, machine: Machine, change: Callable[[Any], None], word: str) -> None:
    spoil(world, machine, lambda session: change(session._agent))
    await machine.start()
    assert word in machine.problems[-1]
    await as_before(machine)


async def test_engine_that_is_ill(world: World, machine: Machine) -> None:
    async def ill() -> Any:
        from vm.machine.status import EngineStatus

        return EngineStatus("podman", healthy=False, error="database is locked")

    spoil(world, machine, lambda session: setattr(session, "ask_engine", ill))
    await machine.start()
    assert "does not answer" in machine.problems[-1]
    await as_before(machine)


@pytest.mark.parametrize("code", [None, 127, 143])
async def test_check_that_could_not_be_made_stops_nothing(world: World, machine: Machine, code: int | None) -> None:
    spoil(world, machine, lambda session: session._agent.disk_check.update(code=code))
    await machine.start()
    assert images(world)[-1] == NEW_IMAGE


async def test_more_than_before_is_fine(world: World, machine: Machine) -> None:
    spoil(world, machine, lambda session: session._agent.inventory.update(images=["a1", "hello"]))
    await machine.start()
    assert images(world)[-1] == NEW_IMAGE


async def test_failed_version_is_not_tried_again_by_itself(world: World, machine: Machine) -> None:
    world.boot_errors.append(GuestError("no"))
    await machine.start()
    await machine.restart()
    assert images(world)[1:] == [NEW_IMAGE, OLD_IMAGE, OLD_IMAGE]
    world.images.versions.append("2027.01-1111111111")
    await machine.restart()
    assert images(world)[-1] == "2027.01-1111111111"


async def test_failed_upgrades_do_not_pile_up_snapshots(world: World, machine: Machine) -> None:
    for _ in range(5):
        world.boot_errors.append(GuestError("no"))
        with pytest.raises(GuestError):
            await machine.snapshots.upgrade()
    assert await kinds(machine) == ["upgrade"] * 3
    assert await machine.state() is MachineState.running


async def test_neither_version_starts(world: World, machine: Machine) -> None:
    spoil(world, machine)
    world.boot_errors += [GuestError("new fails"), GuestError("old fails")]
    with pytest.raises(GuestError, match=r"new fails.*old fails"):
        await machine.start()
    assert await machine.state() is MachineState.stopped
    assert content(machine) == 1
    assert not machine.files.upgrade.exists()
    assert (await machine.status()).upgrade == NEW_IMAGE  # it was not the image's fault


async def test_former_image_is_gone(world: World, machine: Machine) -> None:
    world.images.versions.remove(OLD_IMAGE)
    world.boot_errors.append(GuestError("no"))
    with pytest.raises(GuestError, match="no"):
        await machine.start()
    assert f"{OLD_IMAGE} is not on this computer any more" in machine.problems[-1]
    assert content(machine) == 1


async def test_going_back_fails_and_is_done_at_the_next_start(
    world: World, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(world, machine)
    world.boot_errors.append(GuestError("no engine"))
    go, failures = disk.DataDisk.go_to_state, [DiskFullError("full")]

    async def fail_once(self: disk.DataDisk, state: str) -> None:
        if failures:
            raise failures.pop()
        await go(self, state)

    monkeypatch.setattr(disk.DataDisk, "go_to_state", fail_once)
    with pytest.raises(GuestError, match="could not be put back: full"):
        await machine.start()
    assert content(machine) == 2
    assert machine.files.upgrade.exists()
    await machine.start()
    await as_before(machine)


async def test_cancelled_upgrade_is_undone_and_tried_again(world: World, machine: Machine) -> None:
    spoil(world, machine)
    world.boots.clear()
    starting = asyncio.ensure_future(machine.start())
    await until(lambda: len(world.sessions) == 2)
    starting.cancel()
    with pytest.raises((asyncio.CancelledError, CancelledByUserError)):
        await starting
    assert await machine.state() is MachineState.stopped
    assert content(machine) == 1
    assert not machine.files.upgrade.exists()
    world.boots.set()
    await machine.start()
    assert images(world)[-1] == NEW_IMAGE


async def cut(world: World, machine: Machine, phase: str) -> Machine:
    """Return the machine as the next linnetd sees it when the last one was killed in `phase` of an upgrade."""
    await machine.snapshots.create("before")
    put(machine, 2)
    journal = Journal(phase, "before", NEW_IMAGE, "agent", "it did not start")
    machine.files.upgrade.write_bytes(msgspec.json.encode(journal))
    await machine.release()
    return world.machine()


@pytest.mark.parametrize(
    ("phase", "disk_is", "next_image"),
    [("snapshot", 2, NEW_IMAGE), ("start", 1, NEW_IMAGE), ("back", 1, OLD_IMAGE), ("old", 2, OLD_IMAGE)],
)
async def test_linnetd_killed_and_no_vm(
    world: World, machine: Machine, phase: str, disk_is: int, next_image: str
) -> None:
    again = await cut(world, machine, phase)
    await again.adopt()
    await settled(again)
    assert content(again) == disk_is
    assert not again.files.upgrade.exists()
    await again.start()
    assert images(world)[-1] == next_image


async def test_linnetd_killed_and_the_snapshot_is_gone(world: World, machine: Machine) -> None:
    again = await cut(world, machine, "start")
    await again.data_disk().drop_state("linnet-before")
    await again.adopt()
    await settled(again)
    assert "is gone" in again.problems[-1]
    assert not again.files.upgrade.exists()


async def test_start_comes_before_the_undoing(world: World, machine: Machine) -> None:
    again = await cut(world, machine, "back")
    await again.start()
    assert images(world)[-1] == OLD_IMAGE
    await again.stop()
    assert content(again) == 1


async def test_snapshots_wait_until_a_cut_upgrade_is_undone(world: World, machine: Machine) -> None:
    again = await cut(world, machine, "back")
    for work in (again.snapshots.create("x"), again.snapshots.delete("before"), again.snapshots.restore("before")):
        with pytest.raises(LinnetError, match="cut short"):
            await work


async def upgrading(world: World, machine: Machine) -> Machine:
    """Return the machine as the next linnetd sees it: its VM came up with the new image, the last one was killed."""
    world.boots.clear()
    starting = asyncio.ensure_future(machine.start())
    await until(lambda: len(world.sessions) == 2)
    journal, state = machine.files.upgrade.read_bytes(), machine.files.state.read_bytes()
    vms = dict(world.driver.vms)
    machine._released = True
    world.boots.set()
    starting.cancel()
    with pytest.raises((asyncio.CancelledError, CancelledByUserError)):
        await starting
    machine.files.upgrade.write_bytes(journal)
    machine.files.state.write_bytes(state)
    world.driver.vms.update(vms)
    return world.machine()


async def test_linnetd_killed_and_the_vm_is_good(world: World, machine: Machine) -> None:
    again = await upgrading(world, machine)
    await again.adopt()
    await settled(again)
    assert await again.state() is MachineState.running
    assert not again.files.upgrade.exists()
    last = lastrun.load(again.files)
    assert last is not None
    assert last.image == NEW_IMAGE


async def test_linnetd_killed_and_the_vm_is_bad(world: World, machine: Machine) -> None:
    again = await upgrading(world, machine)
    spoil(world, again, lambda session: session._agent.disk_check.update(code=1))
    await again.adopt()
    await settled(again)
    await as_before(again)


async def test_linnetd_killed_and_the_vm_does_not_come_up(world: World, machine: Machine) -> None:
    again = await upgrading(world, machine)
    world.boot_errors.append(GuestError("no agent"))
    await again.adopt()
    await settled(again)
    await as_before(again)


async def test_linnetd_killed_while_it_went_back(world: World, machine: Machine) -> None:
    again = await upgrading(world, machine)
    journal = msgspec.json.decode(again.files.upgrade.read_bytes(), type=Journal)
    again.files.upgrade.write_bytes(msgspec.json.encode(msgspec.structs.replace(journal, phase="back", why="bad")))
    await again.adopt()
    await settled(again)
    await as_before(again)


async def test_unreadable_journal_is_no_obstacle(world: World, machine: Machine) -> None:
    machine.files.upgrade.write_text("{")
    await machine.start()
    assert images(world)[-1] == NEW_IMAGE


async def test_suspended_machine_resumes_with_its_image(world: World, machine: Machine) -> None:
    world.images.versions.pop()
    await machine.start()
    await machine.suspend()
    world.images.versions.append(NEW_IMAGE)
    await machine.start()
    assert images(world)[-1] == OLD_IMAGE
    assert (await machine.status()).upgrade == NEW_IMAGE
    await machine.restart()
    assert images(world)[-1] == NEW_IMAGE


class TestCommand:
    """`linnet upgrade`."""

    async def test_running_machine(self, world: World, machine: Machine) -> None:
        world.images.versions.pop()
        await machine.start()
        world.images.versions.append(NEW_IMAGE)
        assert await machine.snapshots.upgrade() == NEW_IMAGE
        assert images(world)[-1] == NEW_IMAGE
        last = lastrun.load(machine.files)
        assert last is not None
        assert last.image == NEW_IMAGE

    async def test_suspended_machine_loses_nothing(self, world: World, machine: Machine) -> None:
        world.images.versions.pop()
        await machine.start()
        await machine.suspend()
        world.images.versions.append(NEW_IMAGE)
        await machine.snapshots.upgrade()
        assert "restore" in world.driver.calls
        assert images(world)[-1] == NEW_IMAGE

    async def test_named_version_is_set(self, world: World, machine: Machine) -> None:
        world.images.versions.insert(0, "2025.01-0000000000")
        await machine.snapshots.upgrade("2025.01-0000000000")
        assert images(world)[-1] == "2025.01-0000000000"
        assert machine.load_config().image == "2025.01-0000000000"

    async def test_failure_is_told_and_the_setting_is_as_before(self, world: World, machine: Machine) -> None:
        world.boot_errors.append(GuestError("no engine"))
        with pytest.raises(GuestError, match=r"no engine.*again"):
            await machine.snapshots.upgrade(NEW_IMAGE)
        assert machine.load_config().image == "latest"
        assert "image" not in machine.files.config.read_text()
        await as_before(machine)
        assert await machine.snapshots.upgrade() == NEW_IMAGE  # asked for, it is tried again

    async def test_machine_that_is_current_is_left_alone(self, world: World, machine: Machine) -> None:
        await machine.snapshots.upgrade()
        assert await machine.snapshots.upgrade() == NEW_IMAGE
        assert len(world.sessions) == 2

    async def test_what_the_settings_mean_comes_first(self, world: World, machine: Machine) -> None:
        world.images.versions.append("2027.01-1111111111")
        machine.files.config.write_text(machine.files.config.read_text() + f"image: {NEW_IMAGE}\n")
        assert await machine.snapshots.upgrade() == NEW_IMAGE
        assert machine.load_config().image == NEW_IMAGE
        assert await machine.snapshots.upgrade() == "2027.01-1111111111"
        assert machine.load_config().image == "latest"

    async def test_unknown_image(self, world: World, machine: Machine) -> None:
        with pytest.raises(ImageError):
            await machine.snapshots.upgrade("2030.01-ffffffffff")
        assert len(world.sessions) == 1


async def test_inventory_is_taken_at_a_polite_stop_only(world: World, machine: Machine) -> None:
    await machine.start()
    await machine.stop(force=True)
    last = lastrun.load(machine.files)
    assert last is not None
    assert last.inventory is None


async def test_slow_inventory_does_not_hold_up_a_stop(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "INVENTORY_LIMIT", 0.01)
    machine = world.machine()
    await machine.start()
    world.sessions[-1]._agent.fail["data.inventory"] = LinnetError("timeout")
    await machine.stop()
    assert await machine.state() is MachineState.stopped
