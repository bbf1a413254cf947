"""Tests of agent.jobs."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from agent import jobs as jobs_module
from agent.errors import AgentError
from agent.jobs import Job, Jobs
from agent.loop import CancelledTask, Loop, Task


class Agent:
    """A loop with jobs.

    Attributes:
        seen: what the works noted.
    """

    def __init__(self) -> None:
        self.loop = Loop()
        self.jobs = Jobs(self.loop)
        self.seen: list[str] = []

    async def ask(self, method: str, job: str = "j") -> Any:
        return await self.jobs.methods[f"jobs.{method}"]({"job": job})

    async def until(self, text: str) -> None:
        while (await self.ask("progress")).get("text") != text:
            await self.loop.sleep(0.01)

    def begin(self, act: Any, **more: Any) -> Task:
        return Task(self.loop, self.jobs.run("j", act, **more))


@pytest.fixture
def agent() -> Agent:
    return Agent()


def working(agent: Agent, folder: Path) -> Any:
    """Work that takes a key, makes a folder and then takes its time."""

    async def act(job: Job) -> None:
        job.take("key", "It is busy.")
        made = Path(job.stage(str(folder), "half-"))
        assert made.stat().st_mode & 0o777 == 0o700
        Path(job.stage(str(folder))).rename(folder / "moved away")
        job.say("Working")
        job.count(3)
        await job.interruptible(agent.loop.sleep(60))

    return act


async def refused(work: Coroutine[Any, Any, Any]) -> AgentError:
    with pytest.raises(AgentError) as error:
        await work
    return error.value


def test_work_is_watched_and_given_up(agent: Agent, tmp_path: Path) -> None:
    async def main() -> None:
        task = agent.begin(working(agent, tmp_path / "half"))
        await agent.until("Working")
        assert sorted(path.name[:5] for path in (tmp_path / "half").iterdir()) == ["half-", "moved"]
        assert await agent.ask("progress") == {"text": "Working", "done": 3}
        assert set(agent.jobs.busy) == {"key"}
        assert await agent.ask("cancel") == {}
        assert [path.name for path in (tmp_path / "half").iterdir()] == ["moved away"]
        assert not agent.jobs.busy
        assert (await refused(task.outcome())).code == "cancelled"
        assert await agent.ask("progress") == await agent.ask("cancel") == {}

    agent.loop.run(main())


def test_what_must_not_be_cut_off_goes_to_its_end(agent: Agent) -> None:
    async def act(job: Job) -> str:
        job.say("Asking the engine")
        await agent.loop.sleep(0.05)
        agent.seen.append("asked")
        if job.stopped:
            await job.interruptible(agent.loop.sleep(60))
        return "done"

    async def main() -> None:
        task = agent.begin(act)
        await agent.until("Asking the engine")
        await agent.ask("cancel")
        assert agent.seen == ["asked"]
        assert (await refused(task.outcome())).code == "cancelled"

    agent.loop.run(main())


def test_what_is_put_right_is_not_cut_off_by_a_second_cancel(agent: Agent) -> None:
    async def careful(job: Job) -> None:
        try:
            await agent.loop.sleep(60)
        finally:
            job.say("Putting it right")
            await agent.loop.sleep(0.1)
            agent.seen.append("right")

    async def main() -> None:
        task = agent.begin(lambda job: job.interruptible(careful(job)))
        await agent.loop.sleep(0.01)
        first = agent.loop.spawn(agent.ask("cancel"))
        await agent.until("Putting it right")
        await agent.ask("cancel")
        assert agent.seen == ["right"]
        assert await first == {}
        assert (await refused(task.outcome())).code == "cancelled"

    agent.loop.run(main())


def test_two_cannot_work_on_the_same(agent: Agent, tmp_path: Path) -> None:
    async def other(job: Job) -> str:
        job.take("another key", "It is busy too.")
        job.take("another key", "It is busy too.")
        job.take("key", "It is busy too.")
        return "done"

    async def main() -> None:
        agent.begin(working(agent, tmp_path / "half"))
        await agent.until("Working")
        error = await refused(agent.jobs.run(None, other))
        assert (error.code, error.message) == ("conflict", "It is busy.")
        assert set(agent.jobs.busy) == {"key"}
        assert (await refused(agent.jobs.run("j", other))).code == "usage"
        await agent.ask("cancel")
        assert await agent.jobs.run(None, other) == "done"

    agent.loop.run(main())


def test_a_job_may_stay_until_it_is_ended(agent: Agent, tmp_path: Path) -> None:
    async def act(job: Job) -> str:
        job.take("key", "It is busy.")
        job.stage(str(tmp_path / "open"))
        return "opened"

    async def main() -> None:
        assert await agent.jobs.run("j", act, stays=True) == "opened"
        assert agent.jobs.find("j") is not None
        assert len(list((tmp_path / "open").iterdir())) == 1
        assert set(agent.jobs.busy) == {"key"}
        await agent.ask("cancel")
        assert not list((tmp_path / "open").iterdir())
        assert agent.jobs.find("j") is None
        assert not agent.jobs.busy

    agent.loop.run(main())


def test_one_that_is_given_up_at_its_end_does_not_stay(agent: Agent) -> None:
    async def act(job: Job) -> str:
        job.stop()
        return "opened"

    async def main() -> None:
        await agent.jobs.run("j", act, stays=True)
        assert agent.jobs.find("j") is None

    agent.loop.run(main())


def test_one_that_stays_and_that_nobody_asks_for_is_given_up(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "LEASE", 0.2)

    async def act(job: Job) -> None:
        job.take("key", "It is busy.")

    async def main() -> None:
        await agent.jobs.run("j", act, stays=True)
        for _ in range(6):
            await agent.loop.sleep(0.05)
            assert await agent.ask("progress")
        while agent.jobs.find("j") is not None:
            await agent.loop.sleep(0.01)
        assert not agent.jobs.busy

    agent.loop.run(main())


def test_the_end_of_the_agent_ends_the_work(agent: Agent) -> None:
    async def endless() -> None:
        try:
            await agent.loop.sleep(60)
        except CancelledTask:
            agent.seen.append("ended")
            raise

    async def main() -> None:
        agent.begin(lambda job: job.interruptible(endless()))
        await agent.loop.sleep(0.01)

    agent.loop.run(main())
    assert agent.seen == ["ended"]
