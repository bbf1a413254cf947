"""One change of state at a time, shared, and undone only when nobody waits for it any more."""

from __future__ import annotations

import asyncio

import pytest

from vm.errors import CancelledByUserError, GuestError
from vm.machine.status import MachineState
from vm.machine.transition import Transitions
from vm.progress import Progress, Reporter, ignore

STARTING, STOPPING = MachineState.starting, MachineState.stopping


class Work:
    """Work that waits to be let go."""

    def __init__(self) -> None:
        self.runs = 0
        self.undone = 0
        self.go = asyncio.Event()
        self.undo = asyncio.Event()
        self.undo.set()

    async def __call__(self, report: Reporter) -> None:
        self.runs += 1
        report(Progress("step one"))
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            await self.undo.wait()
            self.undone += 1
            raise
        report(Progress("step two"))


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_comes_later_joins_and_sees_where_it_is() -> None:
    told: list[MachineState | None] = []
    transitions = Transitions(lambda: told.append(transitions.state))
    work, steps = Work(), [[], []]  # type: tuple[Work, list[list[Progress]]]
    first = asyncio.create_task(transitions.run(STARTING, work, steps[0].append))
    await turns()
    second = asyncio.create_task(transitions.run(STARTING, work, steps[1].append))
    await turns()
    assert transitions.state is STARTING
    assert transitions.step == Progress("step one")
    work.go.set()
    await asyncio.gather(first, second)
    assert work.runs == 1
    assert steps[0] == steps[1] == [Progress("step one"), Progress("step two")]
    assert transitions.state is None
    assert (told[0], told[-1]) == (STARTING, None)


async def test_all_see_the_failure() -> None:
    transitions = Transitions(lambda: None)

    async def work(_report: Reporter) -> None:
        await asyncio.sleep(0)
        raise GuestError("broken")

    results = await asyncio.gather(*(transitions.run(STARTING, work, ignore) for _ in range(2)), return_exceptions=True)
    assert [str(result) for result in results] == ["broken", "broken"]
    assert transitions.state is None


async def test_another_kind_waits() -> None:
    transitions = Transitions(lambda: None)
    start, stop = Work(), Work()
    stop.go.set()
    first = asyncio.create_task(transitions.run(STARTING, start, ignore))
    await turns()
    second = asyncio.create_task(transitions.run(STOPPING, stop, ignore))
    await turns()
    assert stop.runs == 0
    start.go.set()
    await asyncio.gather(first, second)
    assert stop.runs == 1


async def test_cancelled_only_by_the_last_who_waits() -> None:
    transitions = Transitions(lambda: None)
    work = Work()
    first = asyncio.create_task(transitions.run(STARTING, work, ignore))
    second = asyncio.create_task(transitions.run(STARTING, work, ignore))
    await turns()
    first.cancel()
    await turns()
    assert first.cancelled()
    assert work.undone == 0
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert work.undone == 1
    assert transitions.state is None


async def test_who_left_is_told_nothing_more() -> None:
    transitions = Transitions(lambda: None)
    work, steps = Work(), []  # type: tuple[Work, list[Progress]]
    first = asyncio.create_task(transitions.run(STARTING, work, steps.append))
    second = asyncio.create_task(transitions.run(STARTING, work, ignore))
    await turns()
    first.cancel()
    await turns()
    work.go.set()
    await second
    assert steps == [Progress("step one")]


async def test_what_is_being_undone_is_not_joined() -> None:
    transitions = Transitions(lambda: None)
    work = Work()
    work.undo.clear()
    first = asyncio.create_task(transitions.run(STARTING, work, ignore))
    await turns()
    first.cancel()
    await turns()
    second = asyncio.create_task(transitions.run(STARTING, work, ignore))
    await turns()
    assert work.runs == 1
    work.go.set()
    work.undo.set()
    await second
    assert (work.runs, work.undone) == (2, 1)


async def test_a_second_cancel_does_not_cut_the_undoing_short() -> None:
    transitions = Transitions(lambda: None)
    work = Work()
    work.undo.clear()
    first = asyncio.create_task(transitions.run(STARTING, work, ignore))
    await turns()
    first.cancel()
    await turns()
    first.cancel()
    await turns()
    assert transitions.state is STARTING
    work.undo.set()
    await transitions.settle()
    assert work.undone == 1


async def test_cancelled_by_somebody_else() -> None:
    transitions = Transitions(lambda: None)
    work = Work()
    waiting = asyncio.create_task(transitions.run(STARTING, work, ignore))
    await turns()
    await transitions.cancel()
    with pytest.raises(CancelledByUserError):
        await waiting
    assert work.undone == 1
    await transitions.cancel()


async def test_cancelled_before_its_first_step() -> None:
    transitions = Transitions(lambda: None)
    work = Work()

    def at_once() -> None:
        if transitions.state is not None:
            transitions.on_change = lambda: None
            current = asyncio.current_task()
            assert current is not None
            current.cancel()

    transitions.on_change = at_once
    task = asyncio.create_task(transitions.run(STARTING, work, ignore))
    with pytest.raises(asyncio.CancelledError):
        await task
    await transitions.settle()
    assert transitions.state is None


async def test_nobody_joins_what_is_more_than_its_state() -> None:
    transitions = Transitions(lambda: None)
    whole, other = Work(), Work()
    first = asyncio.create_task(transitions.run_alone(STARTING, whole, ignore))
    await turns()
    second = asyncio.create_task(transitions.run(STARTING, other, ignore))
    third = asyncio.create_task(transitions.run_alone(STARTING, other, ignore))
    await turns()
    assert (whole.runs, other.runs) == (1, 0)
    transitions.become(MachineState.stopping)
    assert transitions.state is MachineState.stopping
    whole.go.set()
    await first
    other.go.set()
    await asyncio.gather(second, third)
    assert other.runs == 2


async def test_changes_wait_while_it_is_quiet() -> None:
    transitions = Transitions(lambda: None)
    work = Work()
    work.go.set()
    async with transitions.quiet():
        waiting = [
            asyncio.create_task(transitions.run(STARTING, work, ignore)),
            asyncio.create_task(transitions.run_alone(STARTING, work, ignore)),
        ]
        await turns()
        assert transitions.state is None
        assert work.runs == 0
    await asyncio.gather(*waiting)
    assert work.runs == 2
    await transitions.settle()


async def test_two_that_want_quiet_take_turns() -> None:
    transitions = Transitions(lambda: None)
    order: list[str] = []

    async def one(name: str) -> None:
        async with transitions.quiet():
            order.append(f"{name} in")
            await turns()
            order.append(f"{name} out")

    await asyncio.gather(one("a"), one("b"), one("c"))
    assert order[::2] == [f"{word.split()[0]} in" for word in order[1::2]]
