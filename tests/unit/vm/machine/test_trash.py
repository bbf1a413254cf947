"""The trash of a machine as the service uses it: what the agent is asked, and what is said when it refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.unit.vm.machine.fakes import World
from vm.errors import CancelledByUserError, ConflictError, DiskFullError, LinnetError
from vm.guest import job
from vm.progress import Progress, ignore


class Agent:
    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.requests: list[tuple[str, Any]] = []
        self.closed = asyncio.Event()
        self.asked = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = 30.0) -> Any:
        assert timeout > 0
        self.requests.append((method, params))
        answer = self.answers.get(method, {})
        if isinstance(answer, Exception):
            raise answer
        if method == "jobs.cancel":
            self.cancelled.set()
        if answer == "never":
            self.asked.set()
            await self.cancelled.wait()
            raise CancelledByUserError("Cancelled.")
        return answer


async def running(world: World, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> tuple[Any, Agent]:
    machine, agent = world.machine(), Agent({name.replace("__", "."): answer for name, answer in answers.items()})
    await machine.start()
    monkeypatch.setattr(machine.live(), "_agent", agent)
    return machine, agent


async def test_a_machine_that_does_not_run_has_none(world: World) -> None:
    with pytest.raises(ConflictError, match="not running"):
        await world.machine().trash.losses(["web"], [])


async def test_keeping_tells_how_long_and_how_much(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine, agent = await running(world, monkeypatch, trash__keep={"kept": [], "days": 7})
    assert await machine.trash.keep(["web"], ["data"], "force", 3, ignore) == {"kept": [], "days": 7}
    assert agent.requests[0] == ("trash.policy", {"days": 7, "bytes": 5 << 30})
    method, params = agent.requests[1]
    assert len(params.pop("job")) == 32
    assert (method, params) == (
        "trash.keep",
        {"containers": ["web"], "volumes": ["data"], "stop": "force", "timeout": 3},
    )


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("trash__keep", DiskFullError("The data disk is full.")),
        ("trash__keep", ConflictError("web holds 6 GiB.")),
        ("trash__policy", DiskFullError("There is no room left.", hint="`linnet prune` shows what nobody uses.")),
    ],
)
async def test_refusals_offer_the_way_without(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, error: LinnetError
) -> None:
    machine, _agent = await running(world, monkeypatch, **{method: error})
    with pytest.raises(type(error), match=error.message) as refused:
        await machine.trash.keep(["web"], [], "", None, ignore)
    assert "--no-trash" in str(refused.value.hint)


async def test_who_gives_up_has_the_agent_give_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine, agent = await running(world, monkeypatch, trash__restore="never")
    work = asyncio.ensure_future(machine.trash.restore("web", None, ignore))
    await agent.asked.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert agent.requests[-1] == ("jobs.cancel", {"job": agent.requests[0][1]["job"]})


async def test_long_work_tells_how_far_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "ASK_EVERY", 0.01)
    progress = {"text": "Restoring web", "done": 12}
    machine, agent = await running(world, monkeypatch, trash__restore="never", jobs__progress=progress)
    told: list[str] = []
    heard = asyncio.Event()

    def report(step: Progress) -> None:
        told.append(step.text)
        if "12" in step.text:
            heard.set()

    work = asyncio.ensure_future(machine.trash.restore("web", None, report))
    await heard.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert told[:2] == ["Restoring web", "Restoring web: 12 files"]
    assert [method for method, _params in agent.requests[:2]] == ["trash.restore", "jobs.progress"]


async def test_one_or_all_are_removed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine, agent = await running(world, monkeypatch)
    await machine.trash.remove(["1a2b3c4d"], ignore)
    await machine.trash.remove(None, ignore)
    assert [params for _method, params in agent.requests] == [{"ids": ["1a2b3c4d"]}, {}]


async def test_a_changed_setting_is_told_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine, agent = await running(world, monkeypatch)
    assert await machine.configure({"trash.keep": 3, "trash.size": "1GiB"}, restart=False, report=ignore) == []
    assert agent.requests == [("trash.policy", {"days": 3, "bytes": 1 << 30})]
    await machine.configure({"ports.services": False}, restart=False, report=ignore)
    assert len(agent.requests) == 1
