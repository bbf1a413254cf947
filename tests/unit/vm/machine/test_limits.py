"""Limits of containers as a machine offers them, and what is said when memory was full."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.vm.machine.fakes import World
from vm.errors import ConflictError, NotFoundError
from vm.machine.limits import KEPT, OutOfMemory, sentence

EVENT: dict[str, Any] = {
    "action": "oom", "id": "4f" * 32, "name": "web", "image": "hello", "labels": {}, "limit": 64 << 20,
    "memory": 64 << 20, "program": "python3", "guest": False, "limited": "",
}  # fmt: skip


async def test_a_machine_that_does_not_run_has_none(world: World) -> None:
    machine = world.machine()
    with pytest.raises(ConflictError, match="not running"):
        await machine.limits.list()
    with pytest.raises(ConflictError, match="not running"):
        await machine.limits.change("web", {"pids": 5})


class Agent:
    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.requests: list[tuple[str, Any]] = []

    async def request(self, method: str, params: dict[str, Any], timeout: float) -> Any:
        self.requests.append((method, params))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def running(world: World, monkeypatch: pytest.MonkeyPatch, answer: Any) -> tuple[Any, Agent]:
    machine, agent = world.machine(), Agent(answer)
    await machine.start()
    monkeypatch.setattr(machine.live(), "_agent", agent)
    return machine, agent


async def test_the_agent_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine, agent = await running(world, monkeypatch, [{"name": "web"}])
    assert await machine.limits.list() == [{"name": "web"}]
    assert await machine.limits.get("web") == {"name": "web"}
    await machine.limits.change("web", {"pids": 5}, force=True)
    assert agent.requests == [
        ("limits.show", {}),
        ("limits.show", {"container": "web"}),
        ("limits.set", {"container": "web", "force": True, "pids": 5}),
    ]


async def test_refusals_say_what_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine, agent = await running(world, monkeypatch, NotFoundError("There is no container 'web'."))
    for call in (machine.limits.get("web"), machine.limits.change("web", {"pids": 5})):
        with pytest.raises(NotFoundError, match="no container") as unknown:
            await call
        assert "linnet ps -a" in str(unknown.value.hint)
    agent.answer = ConflictError("It holds more.")
    with pytest.raises(ConflictError) as below:
        await machine.limits.change("web", {"memory": 5})
    assert "--force" in str(below.value.hint)


def test_what_is_said_when_memory_was_full() -> None:
    assert (
        sentence(EVENT) == "Container 'web' reached its memory limit of 64 MiB, and the kernel ended 'python3' in it."
    )
    assert "of 64 MiB above it (/pod)" in sentence({**EVENT, "limited": "/pod"})
    assert "machine had no memory left" in sentence({**EVENT, "guest": True, "limit": 0})
    plain = sentence({**EVENT, "name": "", "program": "", "limit": 0})
    assert plain == f"Container '{'4f' * 6}' reached its memory limit, and the kernel ended a process in it."


def test_one_sentence_for_each_container() -> None:
    told = OutOfMemory()
    told.note(EVENT)
    told.note({**EVENT, "name": "db"})
    told.note(EVENT)
    db, web = told.all()
    assert "'db'" in db
    assert "'web'" in web
    assert "ended 'python3' in it. (2 times, last at " in web
    assert told.note({**EVENT, "program": "sh"}) == sentence({**EVENT, "program": "sh"})
    told.note({**EVENT, "program": ""})
    assert "ended 'python3', 'sh' in it. (4 times, last at " in told.all()[-1]
    for number in range(KEPT + 5):
        told.note({**EVENT, "name": f"c{number}"})
    assert len(told.all()) == KEPT


async def test_it_is_a_problem_of_the_machine(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = world.machine()
    await machine.start()
    told = OutOfMemory()
    monkeypatch.setattr(machine.live(), "out_of_memory", told)
    told.note(EVENT)
    assert any("reached its memory limit" in text for text in (await machine.status()).errors)
