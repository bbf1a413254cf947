"""When a machine that nobody uses is suspended, and when not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.unit.vm.machine.fakes import World
from tests.unit.vm.machine.waiting import until
from vm.errors import ConflictError, LinnetError, UsageError
from vm.machine.idle import IdleKeeper, IdleRules
from vm.machine.machine import Machine
from vm.machine.status import MachineState

AFTER = 0.15


class Kept:
    """A keeper whose machine is played."""

    def __init__(self, *, after: float = AFTER, containers: bool = False) -> None:
        self.rules = IdleRules(after, containers)
        self.error: LinnetError | None = None
        self.busy = False
        self.suspended = 0
        self.problems: list[str] = []
        self.keeper = IdleKeeper("m", lambda: self.rules, self._suspend, self.problems.append, lambda: self.busy)

    async def _suspend(self) -> None:
        self.suspended += 1
        if self.error is not None:
            raise self.error

    def tell(self, *, idle: bool = True, quiet: float = 0, containers: int = 0) -> None:
        self.keeper.take({"idle": idle, "quiet": quiet, "containers": containers})


async def test_suspended_once_after_the_time() -> None:
    kept = Kept()
    kept.tell()
    await asyncio.sleep(AFTER / 3)
    assert kept.suspended == 0
    await asyncio.sleep(2 * AFTER)
    assert kept.suspended == 1


async def test_what_was_quiet_before_counts() -> None:
    kept = Kept(after=30)
    kept.tell(quiet=30)
    await asyncio.sleep(0.02)
    assert kept.suspended == 1


@pytest.mark.parametrize(
    "kept", [{"after": 0.0}, {"containers": False}], ids=["never by the settings", "containers run"]
)
async def test_not_suspended(kept: dict[str, Any]) -> None:
    made = Kept(**kept)
    made.tell(quiet=60, containers=1)
    await asyncio.sleep(0.02)
    assert (made.suspended, made.keeper.waits) == (0, False)


async def test_containers_without_work_may_count_as_idle() -> None:
    kept = Kept(after=30, containers=True)
    kept.tell(quiet=60, containers=3)
    await asyncio.sleep(0.02)
    assert kept.suspended == 1


async def test_work_in_the_guest_begins_the_time_anew() -> None:
    kept = Kept()
    kept.tell()
    await asyncio.sleep(AFTER * 0.6)
    kept.tell(idle=False)
    await asyncio.sleep(AFTER)
    assert kept.suspended == 0
    kept.tell()
    await asyncio.sleep(AFTER * 1.5)
    assert kept.suspended == 1


async def test_never_while_somebody_uses_it_and_not_soon_after() -> None:
    kept = Kept()
    with kept.keeper.use(), kept.keeper.use():
        kept.tell()
        await asyncio.sleep(AFTER * 2.5)
        assert kept.suspended == 0
    await asyncio.sleep(AFTER * 0.6)
    assert kept.suspended == 0
    await asyncio.sleep(AFTER * 1.5)
    assert kept.suspended == 1


async def test_a_short_use_begins_the_time_anew() -> None:
    kept = Kept()
    kept.tell()
    await asyncio.sleep(AFTER * 0.7)
    with kept.keeper.use():
        pass
    await asyncio.sleep(AFTER * 0.6)
    assert kept.suspended == 0
    await asyncio.sleep(AFTER)
    assert kept.suspended == 1


async def test_what_is_under_way_unannounced_counts_too() -> None:
    kept = Kept()
    kept.busy = True
    kept.tell()
    await asyncio.sleep(AFTER * 1.5)
    assert kept.suspended == 0
    kept.busy = False
    await asyncio.sleep(AFTER * 1.5)
    assert kept.suspended == 1


async def test_a_failure_is_told_once_and_tried_again() -> None:
    kept = Kept(after=0.03)
    kept.error = ConflictError("A share is in use.")
    kept.tell()
    await asyncio.sleep(0.15)
    assert kept.suspended >= 2
    assert kept.problems == ["The machine was idle and could not be suspended: A share is in use."]
    kept.error = None
    await asyncio.sleep(0.06)
    done = kept.suspended
    await asyncio.sleep(0.1)
    assert kept.suspended == done


async def test_a_changed_setting_counts_at_once() -> None:
    kept = Kept(after=0.0)
    kept.tell(quiet=60)
    assert not kept.keeper.waits
    kept.rules = IdleRules(30, containers=False)
    kept.keeper.review()
    await asyncio.sleep(0.02)
    assert kept.suspended == 1


async def test_nothing_after_the_end() -> None:
    kept = Kept(after=0.03)
    kept.tell()
    await kept.keeper.close()
    await asyncio.sleep(0.06)
    assert kept.suspended == 0


async def running(world: World, settings: str) -> Machine:
    machine = world.machine(settings)
    await machine.start()
    return machine


async def test_a_machine_is_suspended(world: World) -> None:
    machine = await running(world, "idle:\n  suspend: 30s\n")
    machine._emit("idle", {"idle": True, "quiet": 30, "containers": 0})
    await until(lambda: not machine.session and machine.suspend_image.usable)
    await machine.transitions.settle()
    assert await machine.state() is MachineState.suspended
    await machine.start()
    assert await machine.state() is MachineState.running
    assert machine.problems == []


async def test_a_machine_in_use_is_not(world: World) -> None:
    machine = await running(world, "idle:\n  suspend: 30s\n")
    session: Any = machine.session
    session.ports.connections = 1
    machine._emit("idle", {"idle": True, "quiet": 30, "containers": 0})
    await asyncio.sleep(0.05)
    assert await machine.state() is MachineState.running


async def test_a_stopped_machine_stays_stopped(world: World) -> None:
    machine = await running(world, "idle:\n  suspend: 1m\n")
    machine._emit("idle", {"idle": True, "quiet": 30, "containers": 0})
    assert machine._care.idle.waits
    await machine.stop()
    await until(lambda: not machine._care.idle.waits)


async def test_a_setting_is_changed_while_it_is_idle(world: World) -> None:
    machine = await running(world, "")
    machine._emit("idle", {"idle": True, "quiet": 30, "containers": 0})
    assert not machine._care.idle.waits
    assert await machine.configure({"idle.suspend": "1h"}, False, lambda _progress: None) == []
    assert machine._care.idle.waits
    await machine.configure({"idle.suspend": None}, False, lambda _progress: None)
    assert not machine._care.idle.waits


@pytest.mark.parametrize("value", ["soon", "-5m", "5 parsecs", "3s", "99d", True, [5]])
async def test_times_that_make_no_sense_change_nothing(world: World, value: object) -> None:
    machine = await running(world, "idle:\n  suspend: 1h\n")
    before = machine.files.config.read_text()
    with pytest.raises(UsageError):
        await machine.configure({"idle.suspend": value}, False, lambda _progress: None)
    assert machine.files.config.read_text() == before
