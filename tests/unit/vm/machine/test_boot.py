"""From the settings to what QEMU is started with."""

from __future__ import annotations

import dataclasses
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.unit.vm.machine.fakes import World
from tests.unit.vm.machine.samples import RUN
from vm.config.settings import MACHINE_SETTINGS
from vm.drivers.base import ShareDevice
from vm.errors import ConflictError
from vm.guest import keys
from vm.machine import boot
from vm.progress import ignore


def ingredients(world: World, settings: str = "") -> boot.Ingredients:
    machine = world.machine(settings)
    services: Any = world.services
    services.make_folders(machine.files)
    return boot.Ingredients(
        world.layout, machine.files, machine.load_config(), services.image("latest"), world.driver,
        services.agent_source,
    )  # fmt: skip


async def test_spec(world: World) -> None:
    found = ingredients(world)
    share = ShareDevice("9p", "01234567", Path("/home/u"))
    run = await boot.prepare(found, (share,), ignore)
    assert run.driver == "qemu"
    assert run.image == "2026.11-0123456789"
    assert run.accelerator_reason == "chosen in the settings"
    assert run.spec.shares == (share,)
    assert [(disk.serial, disk.format, disk.read_only) for disk in run.spec.disks] == [
        ("linnet-system", "raw", True),
        ("linnet-data", "qcow2", False),
        ("linnet-seed", "raw", True),
    ]
    assert run.spec.command_line.startswith("console=ttyS0 quiet")
    assert found.files.seed.stat().st_mode & 0o777 == 0o600
    assert f"[127.0.0.1]:{run.ssh_port}" in found.files.known_hosts.read_text()


async def test_the_same_machine_keeps_uuid_and_keys(world: World) -> None:
    found = ingredients(world)
    first = await boot.prepare(found, (), ignore)
    key = found.files.ssh_key.read_bytes()
    second = await boot.prepare(found, (), ignore)
    assert first.spec.uuid == second.spec.uuid
    assert found.files.ssh_key.read_bytes() == key
    other = dataclasses.replace(found, files=world.layout.machine("other"))
    other.files.folder.mkdir()
    assert (await boot.prepare(other, (), ignore)).spec.uuid != first.spec.uuid


async def test_ssh_port(world: World) -> None:
    found = ingredients(world)
    keys.ensure(found.files)
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert boot.ssh_port(found.files, found.config, taken) != taken
        with pytest.raises(ConflictError, match=f"{taken}.*ssh_port"):
            boot.ssh_port(found.files, dataclasses.replace(found.config, ssh_port=taken))
    assert boot.ssh_port(found.files, found.config, taken) == taken
    assert boot.ssh_port(found.files, dataclasses.replace(found.config, ssh_port=taken), 1) == taken


def test_settings_that_wait_for_a_restart(world: World) -> None:
    config = world.machine().load_config()
    run = dataclasses.replace(RUN, settings=boot.settings_digests(config))
    assert set(run.settings) == {setting.name for setting in MACHINE_SETTINGS if setting.restart}
    assert boot.changed_settings(run, config) == []
    changed = dataclasses.replace(config, memory=config.memory * 2, cpus=config.cpus + 1, engine="docker")
    assert boot.changed_settings(run, changed) == ["cpus", "memory"]
    older = dataclasses.replace(run, settings={})
    assert boot.changed_settings(older, changed) == []
