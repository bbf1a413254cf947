"""A machine whose linnetd went and came back; deleted machines; settings that change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.unit.vm.machine.fakes import World
from tests.unit.vm.machine.waiting import settled, until
from vm.drivers.base import VmEvent, VmState
from vm.errors import (
    CancelledByUserError,
    ConfigError,
    GuestError,
    ImageError,
    NotFoundError,
    UsageError,
)
from vm.machine import record
from vm.machine.status import MachineState
from vm.progress import ignore

STARTED = "the machine was started again"


async def test_adopting_a_vm_that_runs(world: World) -> None:
    first = world.machine()
    await first.start()
    await first.release()
    second = world.machine()
    await second.adopt()
    await settled(second)
    assert await second.state() is MachineState.running
    assert world.driver.calls == ["start"]
    assert second.session is not None
    assert second.session.record == world.sessions[0].record


async def test_adopting_a_vm_left_paused_by_a_suspend_that_was_cut(world: World) -> None:
    first = world.machine()
    await first.start()
    first.suspend_image.begin(record.SuspendRecord(world.sessions[0].record, "10.0.2"))
    first.files.suspend_image.write_bytes(b"half")
    await first.release()
    world.driver.vms["default"] = VmState.paused
    second = world.machine()
    await second.adopt()
    await settled(second)
    assert await second.state() is MachineState.running
    assert not second.files.suspend_image.exists()
    world.driver.vms["default"] = VmState.paused
    second.on_vm_event(VmEvent(VmState.paused, "paused"))
    await until(lambda: world.driver.calls == ["start", "unpause", "unpause"])


async def test_adopting_after_qemu_died_too(world: World) -> None:
    first = world.machine()
    await first.start()
    await first.release()
    world.driver.vms.clear()
    second = world.machine()
    await second.adopt()
    assert await second.state() is MachineState.stopped
    assert not second.files.state.exists()
    assert "QEMU is gone" in second.problems[0]
    await second.start()
    assert second.problems == []


async def test_adopting_a_suspended_machine_changes_nothing(world: World) -> None:
    first = world.machine()
    await first.start()
    await first.suspend()
    await first.release()
    second = world.machine()
    await second.adopt()
    assert await second.state() is MachineState.suspended
    assert second.problems == []


async def test_adopting_with_a_damaged_record_ends_the_vm(world: World) -> None:
    first = world.machine()
    await first.start()
    await first.release()
    first.files.state.write_text('{"driver": "qe')
    second = world.machine()
    await second.adopt()
    assert world.driver.vms == {}
    assert "damaged" in second.problems[0]
    await second.start()
    assert await second.state() is MachineState.running


async def test_adopting_with_broken_settings_keeps_the_vm(world: World) -> None:
    first = world.machine()
    await first.start()
    await first.release()
    world.files.config.write_text("cpus: many\n")
    second = world.machine()
    await second.adopt()
    await until(lambda: second.problems)
    assert await second.state() is MachineState.degraded
    with pytest.raises(ConfigError):
        await second.start()
    assert "default" in world.driver.vms
    world.files.config.write_text("home_share: off\n")
    await second.start()
    assert world.driver.calls == ["start"]
    assert await second.state() is MachineState.running


async def test_adopted_guest_that_does_not_answer_is_tried_again(world: World) -> None:
    first = world.machine()
    await first.start()
    await first.release()
    world.boot_errors.append(GuestError("silence"))
    second = world.machine()
    await second.adopt()
    await until(lambda: second.problems)
    assert "cannot be reached: silence" in second.problems[0]
    assert world.sessions[1].trying


async def test_delete_leaves_nothing(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.destroy(ignore)
    assert not machine.files.folder.exists()
    assert not machine.files.run.exists()
    assert not machine.files.config.exists()
    assert world.driver.vms == {}
    with pytest.raises(NotFoundError):
        await machine.start()
    assert not machine.files.folder.exists()


async def test_delete_with_broken_settings(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    machine.files.config.write_text("cpus: [")
    await machine.destroy(ignore)
    assert not machine.files.folder.exists()
    assert not machine.files.config.exists()


async def test_delete_while_starting(world: World) -> None:
    machine = world.machine()
    world.boots.clear()
    start = asyncio.create_task(machine.start())
    await until(lambda: world.sessions)
    await machine.destroy(ignore)
    with pytest.raises(CancelledByUserError):
        await start
    assert not machine.files.folder.exists()
    assert world.driver.vms == {}


async def test_configure(world: World) -> None:
    machine = world.machine()
    assert await machine.configure({"memory": "1GiB"}, False, ignore) == []
    await machine.start()
    assert await machine.configure({"memory": "2GiB", "ports.address": "127.0.0.2"}, False, ignore) == ["memory"]
    assert world.sessions[0].ports.configured["default_address"] == "127.0.0.2"
    assert (await machine.status()).restart_needed == ["memory"]
    assert await machine.configure({"memory": "3GiB"}, True, ignore) == []
    assert world.driver.specs[-1].memory == 3 << 30
    with pytest.raises(UsageError):
        await machine.configure({"memory": "1TiB", "cpus": 1}, False, ignore)
    assert machine.load_config().memory == 3 << 30


async def test_configure_of_a_suspended_machine_tells_what_waits(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    assert await machine.configure({"memory": "1GiB"}, False, ignore) == ["memory"]


async def test_configure_an_engine_that_does_not_start(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.broken_engines.add("docker")
    with pytest.raises(GuestError):
        await machine.configure({"engine": "docker"}, False, ignore)
    assert machine.load_config().engine == "podman"


async def test_configure_with_broken_settings(world: World) -> None:
    machine = world.machine()
    await machine.start()
    machine.files.config.write_text("cpus: [")
    with pytest.raises(ConfigError):
        await machine.configure({"memory": "1GiB"}, False, ignore)
    assert machine.files.config.read_text() == "cpus: ["
    machine.files.config.write_text("home_share: off\nregistries: {certificates: [/nowhere.pem]}\n")
    assert await machine.configure({"memory": "1GiB"}, False, ignore) == ["memory"]
    assert "memory: 1GiB" in machine.files.config.read_text()


async def test_disk_grows_at_the_next_start_and_never_shrinks(world: World) -> None:
    machine = world.machine()
    await machine.start()
    assert await machine.configure({"disk": "3GiB"}, True, ignore) == []
    assert (await machine.data_disk().measure()).size == 3 << 30
    await machine.stop()
    machine.files.config.write_text("home_share: off\ndisk: 2GiB\naccelerator: tcg\n")
    with pytest.raises(ConfigError):
        await machine.start()
    assert (await machine.data_disk().measure()).size == 3 << 30


async def test_default_size_of_the_disk_is_no_wish_to_shrink_it(world: World) -> None:
    machine = world.machine()
    await machine.configure({"disk": "70GiB"}, False, ignore)
    await machine.start()
    await machine.stop()
    await machine.configure({"disk": None}, False, ignore)
    await machine.start()
    assert (await machine.data_disk().measure()).size == 70 << 30


async def test_no_image(world: World) -> None:
    machine = world.machine()

    def find(_version: str = "latest", _arch: str | None = None) -> Any:
        raise ImageError("There is no guest image on this host.")

    images: Any = world.services.images
    images.find = find
    with pytest.raises(ImageError):
        await machine.start()
    assert not machine.files.folder.exists()


async def test_states_are_told(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await until(lambda: world.events[-1].data.get("state") == "running")
    await machine.suspend()
    await until(lambda: world.events[-1].data.get("state") == "suspended")
    told = [event.data["state"] for event in world.events if event.kind == "state"]
    assert list(dict.fromkeys(told)) == ["starting", "running", "suspending", "suspended"]
