"""All machines of a user: made, found, deleted."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from vm.errors import ConflictError, NotFoundError, UsageError
from vm.layout import Layout
from vm.machine.manager import MachineManager
from vm.machine.status import MachineEvent, MachineState


@pytest.fixture
async def manager() -> AsyncIterator[MachineManager]:
    with tempfile.TemporaryDirectory(prefix="ln") as base:
        made = MachineManager(Layout(*(Path(base, name) for name in ("config", "data", "run", "cache"))))
        await made.open()
        yield made
        await made.close()


async def test_create_and_delete(manager: MachineManager) -> None:
    events: list[MachineEvent] = []
    end = manager.subscribe(events.append)
    machine = await manager.create("work", {"cpus": "1", "home_share": "off"})
    assert manager.names() == ["work"]
    assert manager.get("work") is machine
    assert machine.load_config().cpus == 1
    assert await machine.state() is MachineState.stopped
    await manager.delete("work")
    assert manager.names() == []
    assert [event.data for event in events if event.kind == "list"] == [{"exists": True}, {"exists": False}]
    assert not list(manager.layout.machine_configs.iterdir())
    end()
    told = len(events)
    await manager.create("work", {})
    assert len(events) == told


async def test_names_are_taken_once(manager: MachineManager) -> None:
    await manager.create("work", {})
    with pytest.raises(ConflictError, match="exists already"):
        await manager.create("work", {})


async def test_bad_settings_leave_nothing(manager: MachineManager) -> None:
    for settings in ({"cpus": "many"}, {"colour": "red"}, {"cpus": "1", "memory": "1MiB"}):
        with pytest.raises(UsageError):
            await manager.create("work", settings)
    assert manager.names() == []
    assert not manager.layout.machine("work").config.exists()


async def test_not_found_names_those_there_are(manager: MachineManager) -> None:
    with pytest.raises(NotFoundError) as caught:
        manager.get("work")
    assert caught.value.hint == "`linnet machine create work` makes it."
    await manager.create("other", {})
    with pytest.raises(NotFoundError) as caught:
        await manager.delete("work")
    assert caught.value.hint == "Machines: other."
    with pytest.raises(UsageError):
        manager.get("../work")


async def test_delete_of_a_broken_machine(manager: MachineManager) -> None:
    await manager.create("work", {})
    manager.layout.machine("work").config.write_text("cpus: [")
    assert (await manager.get("work").status()).state is MachineState.broken
    await manager.delete("work")
    assert manager.names() == []


async def test_delete_of_what_an_earlier_deletion_left(manager: MachineManager) -> None:
    files = manager.layout.machine("work")
    files.folder.mkdir(parents=True)
    files.data_disk.write_bytes(b"")
    assert manager.names() == ["work"]
    await manager.delete("work")
    assert manager.names() == []


async def test_machines_that_do_not_start_by_themselves_hinder_nobody(manager: MachineManager) -> None:
    await manager.create("one", {"autostart": True})
    await manager.create("two", {})
    manager.layout.machine("two").config.write_text("cpus: [")
    await manager.start_wanted()
    assert await manager.get("one").state() is MachineState.stopped
