"""What front ends follow: samples of a machine, and the work that any of them began."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core import api
from app.core.client import Client
from app.service.operations import Operations
from tests.unit.app.service.conftest import Running, until
from vm.errors import CancelledByUserError, ConflictError, GuestError, UsageError
from vm.progress import Progress, Reporter

STATS = "/v1/machines/default/stats"


def take(client: Client, path: str, count: int) -> list[dict[str, Any]]:
    """The first lines of a stream."""
    found = []
    for line in client.stream("GET", path):
        found.append(line)
        if len(found) == count:
            break
    return found


async def test_stats_are_followed_until_the_client_leaves(running: Running) -> None:
    running.machine.running = True
    samples = await running.call(lambda client: take(client, f"{STATS}?follow=1&interval=0.5", 3))
    assert [sample["number"] for sample in samples] == [0, 1, 2]
    assert running.machine.intervals == [0.5]
    await until(lambda: running.machine.followers == 0)


async def test_stats_end_with_the_machine(running: Running) -> None:
    running.machine.running = True

    def follow(client: Client) -> int:
        return sum(1 for _ in client.stream("GET", f"{STATS}?follow=1"))

    following = asyncio.create_task(running.call(follow))
    await until(lambda: running.machine.followers)
    running.machine.running = False
    assert await following > 0
    assert running.machine.followers == 0


@pytest.mark.parametrize(
    ("query", "kind", "text"),
    [
        ("follow=1", ConflictError, "not running"),
        ("follow=1&interval=0", UsageError, "interval"),
        ("follow=maybe", UsageError, "follow"),
    ],
)
async def test_stats_that_cannot_be_followed(running: Running, query: str, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=text):
        await running.call(lambda client: take(client, f"{STATS}?{query}", 1))


async def test_the_event_stream_tells_of_work_that_another_began(running: Running) -> None:
    lines: list[dict[str, Any]] = []

    def listen(client: Client) -> None:
        for line in client.stream("GET", "/v1/events"):
            if line["kind"] == "operation":
                lines.append(line)
                if line["data"]["state"] != "running":
                    return

    listening = asyncio.create_task(running.call(listen))
    await until(lambda: running.service.events.count)
    await running.call(lambda client: client.operate("POST", "/v1/machines/default/start"))
    await listening
    listed = await running.call(lambda client: client.get("/v1/operations"))
    assert {line["machine"] for line in lines} == {"default"}
    assert lines[0]["data"] == {**listed[0], "state": "running", "ended_at": None, "progress": None}
    assert lines[-1]["data"] == listed[0]
    assert listed[0]["progress"] == {"text": "Waiting for the engine", "done": 2, "total": 3}


def told() -> tuple[Operations, list[api.Operation]]:
    """Operations, and what they tell."""
    seen: list[api.Operation] = []
    return Operations(seen.append), seen


async def test_steps_are_told_four_times_a_second_at_most_and_the_last_one_surely() -> None:
    operations, seen = told()
    enough = asyncio.Event()

    async def work(report: Reporter) -> None:
        for number in range(1000):
            report(Progress("Pulling", number, 1000))
        await enough.wait()

    operation = operations.run("pull", work)
    await asyncio.sleep(0.4)
    assert [step.progress and step.progress.done for step in seen] == [None, 999]
    enough.set()
    await operation.wait()
    await asyncio.sleep(0.3)
    assert [step.state for step in seen] == ["running", "running", "done"]
    assert seen[-1].machine is None


async def test_an_end_is_told_at_once_and_nothing_after_it() -> None:
    operations, seen = told()

    async def work(report: Reporter) -> None:
        report(Progress("Trying"))
        raise GuestError("It cannot be.", hint="Do not try.", detail="log")

    operation = operations.run("try", work)
    with pytest.raises(GuestError):
        await operation.wait()
    assert [step.state for step in seen] == ["running", "failed"]
    assert seen[-1].progress == api.Progress("Trying")
    assert seen[-1].error == api.Error("guest", "It cannot be.", "Do not try.", "log")
    await asyncio.sleep(0.3)
    assert len(seen) == 2


async def test_cancelled_work_is_told() -> None:
    operations, seen = told()
    operation = operations.run("wait", lambda _report: asyncio.Event().wait())
    await asyncio.sleep(0)
    operation.cancel()
    with pytest.raises(CancelledByUserError):
        await operation.wait()
    assert [step.state for step in seen] == ["running", "cancelled"]


async def test_the_description_has_both_answers_of_stats(running: Running) -> None:
    described = await running.call(lambda client: client.get("/v1/openapi.json"))
    stats = described["paths"]["/v1/machines/{machine}/stats"]["get"]
    assert sorted(stats["responses"]["200"]["content"]) == ["application/json", "application/x-ndjson"]
    assert [parameter["name"] for parameter in stats["parameters"]] == ["machine", "follow", "interval"]
