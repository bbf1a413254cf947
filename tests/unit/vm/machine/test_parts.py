"""Shares, ports and engines of a machine that does not run, and switching the engine of one that does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.vm.machine.fakes import World
from vm.config.shares import ShareConfig
from vm.errors import ConflictError, GuestError, LinnetError, NotFoundError, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    return made


async def test_shares_of_a_stopped_machine(world: World, folder: Path) -> None:
    machine = world.machine()
    status = await machine.shares.add(ShareConfig(path=folder, guest_path="/work", mode="read-only"))
    assert (status.guest_path, status.read_only, status.mounted) == ("/work", True, False)
    assert [share.guest_path for share in await machine.shares.list()] == ["/work"]
    assert [share.guest_path for share in machine.load_config().shares] == ["/work"]
    with pytest.raises(NotFoundError):
        await machine.shares.remove("/nowhere")
    await machine.shares.remove(str(folder))
    assert await machine.shares.list() == []


async def test_share_that_is_impossible_changes_nothing(world: World, folder: Path) -> None:
    machine = world.machine()
    before = machine.files.config.read_text()
    with pytest.raises(LinnetError):
        await machine.shares.add(ShareConfig(path=folder / "none", guest_path="/work"))
    assert machine.files.config.read_text() == before


async def test_home_share_is_a_setting(world: World) -> None:
    machine = world.machine()
    machine.files.config.write_text("home_share: read-only\n")
    with pytest.raises(ConflictError, match="home"):
        await machine.shares.remove(str(Path.home()))


async def test_engines_of_a_stopped_machine(world: World) -> None:
    machine = world.machine()
    assert [one["kind"] for one in await machine.engine.list() if one["active"]] == ["podman"]
    with pytest.raises(UsageError):
        await machine.engine.use("lxc")
    assert not (await machine.engine.use("docker")).healthy
    assert [one["kind"] for one in await machine.engine.list() if one["active"]] == ["docker"]
    with pytest.raises(ConflictError, match="not running"):
        await machine.engine.restart()
    assert await machine.ports.list() == []


async def test_engine_that_does_not_start_is_not_chosen(world: World) -> None:
    machine = world.machine()
    await machine.start()
    world.broken_engines.add("docker")
    with pytest.raises(GuestError):
        await machine.engine.use("docker")
    assert machine.load_config().engine == "podman"
    assert (await machine.engine.use("podman-rootful")).healthy
    assert machine.load_config().engine == "podman-rootful"
