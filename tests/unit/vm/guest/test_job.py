"""Long work in the guest: told while it goes on, and given up there by who gives it up here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from vm.errors import ConflictError
from vm.guest import job
from vm.progress import Progress, ignore


class Agent:
    """An agent whose work takes until it is cancelled.

    Attributes:
        asked: methods with the jobs that they named, in order.
        ready: set by who wants the work to be done.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.ready = asyncio.Event()

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = 30.0) -> Any:
        assert params is not None
        self.asked.append((method, params["job"]))
        await asyncio.sleep(0)
        match method:
            case "jobs.progress":
                return {"text": "Copying", "done": 3}
            case "jobs.cancel":
                self.ready.set()
                return {}
        await self.ready.wait()
        return {"name": params["name"]}


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Agent:
    monkeypatch.setattr(job, "ASK_EVERY", 0.01)
    monkeypatch.setattr(job, "ALIVE_EVERY", 0.01)
    return Agent()


async def test_work_in_the_guest_is_told_and_cancelled(agent: Agent) -> None:
    steps: list[Progress] = []
    task = asyncio.create_task(job.carry_out(agent, "volumes.snapshot", {"name": "s1"}, steps.append))
    while not steps:  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.01)
    assert steps[0] == Progress("Copying: 3 files")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert agent.asked[-1][0] == "jobs.cancel"
    assert len({name for _method, name in agent.asked}) == 1
    assert await job.carry_out(agent, "volumes.snapshot", {"name": "s1"}, ignore) == {"name": "s1"}


async def test_what_is_held_is_let_go(agent: Agent) -> None:
    agent.ready.set()

    async def export() -> None:
        async with job.held(agent, "volumes.open_export", {"name": "data"}, ignore) as (name, answer):
            assert answer == {"name": "data"}
            while ("jobs.progress", name) not in agent.asked:  # noqa: ASYNC110 - the sign of life
                await asyncio.sleep(0.01)
            assert ("jobs.cancel", name) not in agent.asked
            raise ConflictError("The file exists already.")

    with pytest.raises(ConflictError):
        await export()
    assert agent.asked[-1] == ("jobs.cancel", agent.asked[0][1])
