"""What nobody uses is told and removed thing by thing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.vm.machine.fakes import World
from vm.errors import ConflictError, GuestError, UsageError
from vm.machine.machine import Machine
from vm.machine.prune import Unused

FOUND = {
    "containers": [{"id": "c1", "title": "old (job)", "size": 4096}],
    "dangling": [],
    "images": [{"id": "sha256:1", "title": "a:1, a:2", "size": 700, "names": ["a:1", "a:2"]}],
    "volumes": [{"id": "left", "title": "left", "size": None}],
    "build-cache": [{"id": "build-cache", "title": "3 steps of builds", "size": 10}],
}


class Guest:
    """An agent whose engine removes all but what is in use."""

    def __init__(self, in_use: str = "") -> None:
        self.used = 10_000
        self.in_use = in_use
        self.removed: list[dict[str, Any]] = []
        self.trash: list[tuple[str, dict[str, Any]]] = []

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = 30) -> Any:
        if method == "disk.status":
            return {"size": 1 << 30, "used": self.used, "free": 0}
        if method == "prune.preview":
            return FOUND
        if method.startswith("trash."):
            assert params is not None
            self.trash.append((method, params))
            return {"kept": [{"id": "t1", "name": "old"}] if method != "trash.policy" else []}
        assert method == "prune.remove", method
        assert params is not None
        if params["id"] == self.in_use:
            raise GuestError("The engine refused: it is in use.")
        self.removed.append(params)
        self.used -= 1000
        return {}


async def running(world: World, guest: Guest) -> Machine:
    machine = world.machine()
    await machine.start()
    session: Any = machine.session
    session._agent = guest
    return machine


async def test_what_could_go(world: World) -> None:
    machine = await running(world, Guest())
    found = await machine.prune.preview()
    assert found.containers == [Unused("c1", "old (job)", 4096)]
    assert found.volumes == [Unused("left", "left", None)]
    assert found.build_cache[0].size == 10


async def test_all_of_some_kinds(world: World) -> None:
    guest = Guest()
    machine = await running(world, guest)
    steps: list[str] = []
    done = await machine.prune.run(["images", "containers"], report=lambda step: steps.append(step.text))
    assert done.removed == ["old (job)", "a:1, a:2"]
    assert (done.kept, done.freed, done.trashed) == ({}, 2000, ["old"])
    assert [method for method, _params in guest.trash] == ["trash.policy", "trash.keep", "trash.settle"]
    assert guest.trash[1][1]["containers"] == ["c1"]
    assert [one["names"] for one in guest.removed] == [[], ["a:1", "a:2"]]
    assert steps[2:] == ["Removing old (job)", "Removing a:1, a:2"]


async def test_images_alone_need_no_trash_and_nothing_is_kept_when_that_is_wanted(world: World) -> None:
    guest = Guest()
    machine = await running(world, guest)
    assert (await machine.prune.run(["images"])).trashed == []
    assert (await machine.prune.run(["containers"], trash=False)).trashed == []
    assert guest.trash == []


async def test_what_is_in_use_stays_and_is_told(world: World) -> None:
    machine = await running(world, Guest(in_use="left"))
    done = await machine.prune.run(["volumes", "build-cache"])
    assert done.removed == ["3 steps of builds"]
    assert done.kept == {"left": "The engine refused: it is in use."}


async def test_only_what_was_chosen_and_is_still_there(world: World) -> None:
    guest = Guest()
    machine = await running(world, guest)
    done = await machine.prune.run(["containers", "volumes"], ["left", "gone"])
    assert done.removed == ["left"]
    assert done.kept == {"gone": "It is gone already, or in use now."}


async def test_an_unknown_kind_changes_nothing(world: World) -> None:
    guest = Guest()
    machine = await running(world, guest)
    with pytest.raises(UsageError, match="'networks'"):
        await machine.prune.run(["containers", "networks"])
    assert guest.removed == []


async def test_a_machine_that_does_not_run(world: World) -> None:
    with pytest.raises(ConflictError, match="not running"):
        await world.machine().prune.preview()
