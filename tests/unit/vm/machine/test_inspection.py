"""The status is told whatever has happened."""

from __future__ import annotations

import pytest

from tests.unit.vm.machine.fakes import World
from vm.drivers.base import VmState
from vm.errors import UnavailableError
from vm.machine.status import MachineState


async def test_stopped(world: World) -> None:
    status = await world.machine().status()
    assert (status.state, status.cpus, status.memory, status.disk) == (MachineState.stopped, 1, 512 << 20, 2 << 30)
    assert status.errors == []
    assert (status.memory_use, status.disk_use, status.ssh_port) == (None, None, None)


async def test_running(world: World) -> None:
    machine = world.machine()
    await machine.start()
    status = await machine.status()
    assert status.state is MachineState.running
    assert status.engine is not None
    assert status.engine.healthy
    assert status.memory_use is not None
    assert (status.memory_use.used, status.memory_use.containers) == (4 << 20, 3 << 20)
    assert status.disk_use is not None
    assert status.disk_use.used == 1 << 20
    assert status.ssh_port == world.sessions[0].record.ssh_port
    unasked = await machine.status(probe=False)
    assert (unasked.memory_use, unasked.disk_use) == (None, None)


async def test_broken_settings(world: World) -> None:
    machine = world.machine()
    machine.files.config.write_text("cpus: [")
    status = await machine.status()
    assert status.state is MachineState.broken
    assert "default.yaml" in status.errors[0]


async def test_broken_settings_of_a_running_machine(world: World) -> None:
    machine = world.machine()
    await machine.start()
    machine.files.config.write_text("cpus: many\n")
    status = await machine.status()
    assert (status.state, status.cpus) == (MachineState.running, 1)
    assert status.errors


async def test_lost_guest(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.sessions[0].linked = False
    status = await machine.status()
    assert status.state is MachineState.degraded
    assert status.memory_use is None
    assert status.disk_use is not None


async def test_driver_that_does_not_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = world.machine()
    await machine.start()

    async def state(_name: str) -> VmState:
        raise UnavailableError("libvirt does not answer")

    monkeypatch.setattr(world.driver, "state", state)
    status = await machine.status()
    assert status.state is MachineState.broken
    assert status.errors == ["libvirt does not answer"]


async def test_engine_changed_by_hand(world: World) -> None:
    machine = world.machine()
    await machine.start()
    machine.files.config.write_text(machine.files.config.read_text() + "engine: docker\n")
    status = await machine.status()
    assert status.restart_needed == ["engine"]
    assert status.engine is not None
    assert status.engine.kind == "podman"


async def test_suspended(world: World) -> None:
    machine = world.machine()
    await machine.start()
    await machine.suspend()
    status = await machine.status()
    assert (status.state, status.cpus, status.started_at) == (MachineState.suspended, 1, None)
