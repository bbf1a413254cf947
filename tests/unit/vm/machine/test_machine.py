"""A machine's ways from state to state, and what happens when QEMU, the guest or linnetd goes on one of them."""

from __future__ import annotations

import asyncio

import pytest

from tests.unit.vm.machine.fakes import World
from tests.unit.vm.machine.waiting import is_clean, settled, until
from vm.drivers.base import VmState
from vm.errors import (
    CancelledByUserError,
    ConflictError,
    DiskFullError,
    GuestError,
    LinnetError,
)
from vm.machine import lifecycle
from vm.machine.status import MachineState
from vm.progress import Progress

STARTED = "the machine was started again"


async def test_start_and_stop(world: World) -> None:
    machine = world.machine()
    steps: list[Progress] = []
    assert await machine.state() is MachineState.stopped
    await machine.start(steps.append)
    assert await machine.state() is MachineState.running
    assert [step.text for step in steps] == [
        "Finding the accelerator", "Starting QEMU (tcg)", "Waiting for the guest to boot",
    ]  # fmt: skip
    [spec] = world.driver.specs
    assert (spec.cpus, spec.memory, spec.accelerator) == (1, 512 << 20, "tcg")
    assert machine.files.data_disk.exists()
    await machine.stop()
    assert is_clean(world, machine)
    assert world.sessions[0].closed
    assert world.sessions[0]._agent.requests[-1] == "shutdown"
    assert machine.problems == []
    assert await machine.state() is MachineState.stopped


async def test_concurrent_starts_are_one(world: World) -> None:
    machine = world.machine()
    await asyncio.gather(machine.start(), machine.start(), machine.wake())
    assert world.driver.calls == ["start"]


async def test_two_machines_start_at_once(world: World) -> None:
    one, two = world.machine(name="one"), world.machine(name="two")
    await asyncio.gather(one.start(), two.start())
    assert set(world.driver.vms) == {"one", "two"}
    assert world.sessions[0].record.ssh_port != world.sessions[1].record.ssh_port


async def test_failed_requirement_leaves_nothing(world: World) -> None:
    machine = world.machine()
    world.boot_errors.append(GuestError("no engine", detail="console"))
    with pytest.raises(GuestError, match="no engine"):
        await machine.start()
    assert is_clean(world, machine)
    assert world.sessions[0].closed
    assert machine.files.data_disk.exists()
    await machine.start()
    assert await machine.state() is MachineState.running


async def test_qemu_that_refuses_leaves_nothing(world: World) -> None:
    machine = world.machine()
    world.driver.fail["start"] = GuestError("no such machine type")
    with pytest.raises(GuestError, match="machine type"):
        await machine.start()
    assert is_clean(world, machine)


async def test_cancelled_start_ends_the_vm(world: World) -> None:
    machine = world.machine()
    world.boots.clear()
    start = asyncio.create_task(machine.start())
    await until(lambda: world.sessions)
    assert await machine.state() is MachineState.starting
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert is_clean(world, machine)


async def test_nobody_gets_into_a_guest_that_is_only_starting(world: World) -> None:
    machine = world.machine()
    world.boots.clear()
    start = asyncio.create_task(machine.start())
    await until(lambda: machine.session)
    for way in (machine.engine_link, machine.user_link, machine.open_engine_socket):
        with pytest.raises(ConflictError, match="is starting"):
            await way()
    world.boots.set()
    await start
    assert machine.ready() is machine.session


async def test_start_during_a_cancelled_start_begins_anew(world: World) -> None:
    machine = world.machine()
    world.boots.clear()
    world.driver.hold["kill"] = asyncio.Event()
    first = asyncio.create_task(machine.start())
    await until(lambda: world.sessions)
    first.cancel()
    await until(lambda: "kill" in world.driver.calls)
    second = asyncio.create_task(machine.start())
    await asyncio.sleep(0.01)
    world.boots.set()
    world.driver.hold.pop("kill").set()
    await second
    assert await machine.state() is MachineState.running
    assert first.cancelled()


async def test_forced_stop_undoes_a_start(world: World) -> None:
    machine = world.machine()
    world.boots.clear()
    start = asyncio.create_task(machine.start())
    await until(lambda: world.sessions)
    await machine.stop(force=True)
    with pytest.raises(CancelledByUserError):
        await start
    assert is_clean(world, machine)


async def test_forced_stop_cuts_a_polite_one_short(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.heeds_shutdown = False
    polite = asyncio.create_task(machine.stop())
    await until(lambda: "shutdown" in world.sessions[0]._agent.requests)
    await machine.stop(force=True)
    await polite
    assert is_clean(world, machine)
    assert machine.problems == []


async def test_guest_that_does_not_power_off_is_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "SHUTDOWN_LIMIT", 0.01)
    machine = world.machine()
    await machine.start()
    world.heeds_shutdown = False
    await machine.stop()
    assert is_clean(world, machine)
    assert ["did not power off" in problem for problem in machine.problems] == [True]
    await machine.start()
    assert machine.problems == []


async def test_vm_that_ends_while_booting(world: World) -> None:
    machine = world.machine()
    world.boots.clear()
    start = asyncio.create_task(machine.start())
    await until(lambda: world.sessions)
    world.driver.end("default", "panic")
    with pytest.raises(GuestError, match="panic"):
        await start
    await settled(machine)
    assert is_clean(world, machine)
    assert world.driver.calls.count("start") == 1


async def test_qemu_that_dies_is_restarted_once(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.driver.end("default", "killed")
    await until(lambda: len(world.sessions) == 2)
    await settled(machine)
    assert await machine.state() is MachineState.running
    assert world.sessions[0].closed
    assert [STARTED in problem for problem in machine.problems] == [True]
    world.driver.end("default", "killed")
    await until(lambda: len(machine.problems) == 2)
    assert "stays stopped" in machine.problems[1]
    assert is_clean(world, machine)
    await machine.start()
    assert machine.problems == []


async def test_revival_that_fails_says_so(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.boot_errors.append(GuestError("no engine"))
    world.driver.end("default", "killed")
    await until(lambda: machine.problems)
    assert "could not be started again: no engine" in machine.problems[0]
    assert is_clean(world, machine)


async def test_guest_that_powers_itself_off_stays_off(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.driver.end("default", "shutdown")
    await until(lambda: machine.session is None)
    await settled(machine)
    assert is_clean(world, machine)
    assert machine.problems == []


async def test_panicked_guest_is_ended_and_started_again(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.driver.halt("default", "panic")
    await until(lambda: len(world.sessions) == 2)
    await settled(machine)
    assert world.driver.calls == ["start", "kill", "start"]
    assert STARTED in machine.problems[0]


async def test_full_host_disk_halts_and_start_goes_on(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.driver.halt("default", "io-error")
    assert await machine.state() is MachineState.degraded
    assert "disk is full" in machine.problems[0]
    await machine.start()
    assert world.driver.calls == ["start", "unpause"]
    assert await machine.state() is MachineState.running
    assert machine.problems == []


async def test_start_of_a_halted_vm_that_cannot_go_on(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.driver.vms["default"] = VmState.failed
    world.driver.fail["unpause"] = GuestError("Resetting the Virtual Machine is required")
    await machine.start()
    assert world.driver.calls == ["start", "unpause", "kill", "start"]
    assert world.sessions[0].closed
    assert await machine.state() is MachineState.running


async def test_vm_that_dies_while_a_start_waits_for_its_guest(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.sessions[0].linked = False
    start = asyncio.create_task(machine.start())
    await until(lambda: machine.transitions.state is MachineState.starting)
    await asyncio.sleep(0.01)
    world.driver.end("default", "killed")
    with pytest.raises(GuestError):
        await start
    await until(lambda: len(world.sessions) == 2)
    await settled(machine)
    assert world.sessions[0].closed
    assert await machine.state() is MachineState.running


async def test_suspend_and_resume(world: World) -> None:
    machine = world.machine()
    await machine.start()
    before = world.sessions[0].record
    await machine.suspend()
    assert await machine.state() is MachineState.suspended
    assert not machine.files.state.exists()
    assert machine.run_record() == before
    await machine.suspend()
    assert world.driver.calls == ["start", "save"]
    await machine.resume()
    assert await machine.state() is MachineState.running
    assert world.driver.calls == ["start", "save", "restore"]
    assert world.driver.specs[0] == world.driver.specs[1]
    assert not machine.files.suspend_image.exists()
    assert machine.run_record() == before
    await machine.stop()
    assert is_clean(world, machine)


async def test_resume_when_its_ssh_port_is_taken(world: World) -> None:
    machine = world.machine()
    await machine.start()
    port = world.sessions[0].record.ssh_port
    await machine.suspend()
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", port)
    try:
        await machine.start()
    finally:
        server.close()
    assert "restore" in world.driver.calls
    assert world.sessions[1].record.ssh_port != port
    assert str(world.sessions[1].record.ssh_port) in machine.files.known_hosts.read_text()


async def test_fixed_ssh_port_that_is_taken(world: World) -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    machine = world.machine(f"ssh_port: {server.sockets[0].getsockname()[1]}\n")
    with pytest.raises(ConflictError, match="ssh_port"):
        await machine.start()
    server.close()
    assert is_clean(world, machine)


async def test_resume_with_another_qemu_starts_afresh(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    world.pool.version = "10.1.0"
    await machine.start()
    assert world.driver.calls == ["start", "save", "start"]
    [problem] = machine.problems
    assert "QEMU 10.0.2" in problem
    assert "10.1.0" in problem
    assert not machine.files.suspend_image.exists()


async def test_resume_that_fails_starts_afresh(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    world.driver.fail["restore"] = GuestError("section footer mismatch")
    await machine.start()
    assert await machine.state() is MachineState.running
    assert world.driver.calls == ["start", "save", "restore", "kill", "start"]
    assert "section footer mismatch" in machine.problems[0]
    assert not machine.files.suspend_info.exists()


async def test_resumed_guest_that_does_not_answer_starts_afresh(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    world.boot_errors.append(GuestError("silence"))
    await machine.start()
    assert await machine.state() is MachineState.running
    assert world.sessions[1].closed
    assert "silence" in machine.problems[0]


async def test_cancelled_resume_never_uses_the_image_again(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    world.driver.hold["restore"] = asyncio.Event()
    resume = asyncio.create_task(machine.start())
    await until(lambda: "restore" in world.driver.calls)
    assert machine.transitions.state is MachineState.resuming
    resume.cancel()
    with pytest.raises(asyncio.CancelledError):
        await resume
    assert await machine.state() is MachineState.stopped
    await machine.start()
    assert world.driver.calls[-1] == "start"
    assert "already used once" in machine.problems[0]


async def test_suspend_that_fails_leaves_the_machine_running(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.driver.fail["save"] = DiskFullError("no room")
    with pytest.raises(DiskFullError):
        await machine.suspend()
    assert world.sessions[0].trying
    assert await machine.state() is MachineState.running
    assert not machine.files.suspend_info.exists()
    assert machine.files.state.exists()


async def test_suspend_with_a_share_in_use_keeps_the_links(world: World) -> None:
    machine = world.machine()
    await machine.start()

    async def release(_agent: object) -> None:
        raise ConflictError("in use by build")

    world.sessions[0].shares.release = release  # type: ignore[assignment, method-assign]
    with pytest.raises(ConflictError, match="build"):
        await machine.suspend()
    assert not world.sessions[0].trying
    assert await machine.state() is MachineState.running
    assert not machine.files.suspend_info.exists()


async def test_qemu_that_dies_while_suspending(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.driver.hold["save"] = asyncio.Event()
    world.driver.fail["save"] = GuestError("QEMU died")
    suspend = asyncio.create_task(machine.suspend())
    await until(lambda: "save" in world.driver.calls)
    world.driver.end("default", "killed")
    world.driver.hold["save"].set()
    with pytest.raises(GuestError):
        await suspend
    await until(lambda: len(world.sessions) == 2)
    await settled(machine)
    assert world.sessions[0].closed
    assert await machine.state() is MachineState.running
    assert STARTED in machine.problems[0]


async def test_suspend_of_what_does_not_run(world: World) -> None:
    machine = world.machine()
    with pytest.raises(ConflictError, match="not running"):
        await machine.suspend()
    await machine.start()
    world.sessions[0].linked = False
    with pytest.raises(LinnetError, match="cannot be reached"):
        await machine.suspend()
    assert world.driver.vms == {"default": VmState.running}
    assert not machine.files.suspend_info.exists()


async def test_stop_of_a_suspended_machine(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    await machine.stop()
    assert is_clean(world, machine)
    assert await machine.state() is MachineState.stopped


async def test_restart_of_a_suspended_machine_starts_afresh(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    await machine.restart()
    assert world.driver.calls == ["start", "save", "start"]
    assert machine.problems == []
