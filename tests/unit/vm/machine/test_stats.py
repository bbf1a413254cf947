"""Samples for many listeners over one link, against the decisions of the real agent (`agent.core`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agent import wire
from agent.core import Connected, Core, Done, Line, Run, Sampled, Send, Watch
from tests.unit.vm.machine.waiting import until
from vm.errors import UnavailableError
from vm.guest.agent import AgentLink
from vm.machine.stats import StatsFeed


class Guest:
    """An agent and the stream to it. `intervals` is how often it samples, change by change."""

    def __init__(self) -> None:
        self.intervals: list[float | None] = []
        self.asked = 0
        self.time = 0.0
        self.answering = asyncio.Event()
        self.answering.set()
        self._lines: asyncio.Queue[bytes] = asyncio.Queue()
        self._core = Core(wire.Hello(wire.PROTOCOL, "d", "b"))
        self._happens(Connected(1))

    async def open_socket(self, _path: str) -> Guest:
        return self

    async def read(self, _limit: int) -> bytes:
        return await self._lines.get()

    async def write(self, data: bytes) -> None:
        await self.answering.wait()
        self._happens(Line(1, data))

    async def close(self) -> None:
        self._lines.put_nowait(b"")

    def measure(self, *containers: str) -> None:
        """Tell a sample in which the figures of these containers have changed."""
        self._happens(Sampled("stats", self._sample(*containers)))

    def _sample(self, *containers: str) -> dict[str, Any]:
        self.time += 1
        return {"time": self.time, "guest": {}, "containers": [{"id": one, "at": self.time} for one in containers]}

    def _happens(self, event: Any) -> None:
        for command in self._core.handle(event):
            if isinstance(command, Send):
                self._lines.put_nowait(wire.encode(command.message))
            elif isinstance(command, Watch) and command.source == "stats":
                self.intervals.append(command.interval)
                if command.interval is not None:
                    self.measure("a", "b")  # as `agent.stats.StatsWatch` does
            elif isinstance(command, Run):
                assert command.method == "stats.once"
                self.asked += 1
                self._happens(Done(command.job, self._sample("a", "b")))


def ids(sample: dict[str, Any]) -> list[tuple[str, float]]:
    return [(entry["id"], entry["at"]) for entry in sample["containers"]]


@pytest.fixture
async def guest() -> Guest:
    return Guest()


@pytest.fixture
async def link(guest: Guest) -> AsyncIterator[AgentLink]:
    found = await AgentLink.attach(Link(guest), 1)  # type: ignore[arg-type]
    yield found
    await found.close()


class Link:
    """What AgentLink uses of SshLink."""

    def __init__(self, guest: Guest) -> None:
        self.closed = asyncio.Event()
        self.guest = guest

    async def open_socket(self, _path: str) -> Guest:
        return self.guest


@pytest.fixture
def feed(link: AgentLink) -> StatsFeed:
    return StatsFeed(link)


async def test_everything_first_then_what_changed(feed: StatsFeed, guest: Guest) -> None:
    samples = feed.follow(2)
    assert ids(await anext(samples)) == [("a", 2), ("b", 2)]
    assert guest.intervals == [2]
    guest.measure("b")
    assert ids(await anext(samples)) == [("b", 3)]
    await samples.aclose()
    await until(lambda: guest.intervals == [2, None])


async def test_listeners_share_a_subscription_and_the_most_eager_sets_the_pace(feed: StatsFeed, guest: Guest) -> None:
    slow, eager, another = feed.follow(5), feed.follow(1), feed.follow(3)
    await anext(slow)
    assert ids(await anext(eager)) == [("a", 4), ("b", 4)]
    assert ids(await anext(slow)) == [("a", 3), ("b", 3)]
    await anext(another)
    assert (guest.intervals, guest.asked) == ([5, 1], 3)
    guest.measure("a")
    for samples in (slow, eager, another):
        assert ids(await anext(samples)) == [("a", 6)]
    await eager.aclose()
    await until(lambda: guest.intervals == [5, 1, 3])
    assert ids(await anext(slow)) == [("a", 7), ("b", 7)]
    guest.measure("b")
    assert ids(await anext(slow)) == [("b", 8)]
    await another.aclose()
    await slow.aclose()
    await until(lambda: guest.intervals[-1] is None)


async def test_a_slow_listener_gets_what_it_missed_as_one_sample(feed: StatsFeed, guest: Guest) -> None:
    samples = feed.follow(1)
    await anext(samples)
    for container in ("a", "b", "a"):
        guest.measure(container)
    await asyncio.sleep(0.01)
    sample = await anext(samples)
    assert (sample["time"], sorted(ids(sample))) == (5, [("a", 5), ("b", 4)])
    await samples.aclose()


async def test_no_old_sample_follows_the_first(feed: StatsFeed, guest: Guest) -> None:
    async with asyncio.timeout(5):
        early = feed.follow(1)
        await anext(early)
        late = feed.follow(1)
        coming = asyncio.ensure_future(anext(late))
        await asyncio.sleep(0)
        guest.measure("a")
        assert ids(await coming) == [("a", 4), ("b", 4)]
        guest.measure("b")
        assert ids(await anext(late)) == [("b", 5)]
        await early.aclose()
        await late.aclose()


async def test_who_leaves_as_another_comes_does_not_take_the_samples_away(feed: StatsFeed, guest: Guest) -> None:
    for _ in range(20):
        samples = feed.follow(1)
        await anext(samples)
        await samples.aclose()
    last = feed.follow(1)
    await anext(last)
    await asyncio.sleep(0.01)
    assert guest.intervals[-1] == 1
    guest.measure("a")
    assert len(ids(await anext(last))) == 1
    await last.aclose()


async def test_who_leaves_before_the_first_sample_leaves_nothing_behind(feed: StatsFeed, guest: Guest) -> None:
    guest.answering.clear()
    coming = asyncio.ensure_future(anext(feed.follow(1)))
    await asyncio.sleep(0.01)
    coming.cancel()
    await asyncio.sleep(0.01)
    guest.answering.set()
    await until(lambda: guest.intervals == [1, None])
    assert guest.asked == 0


async def test_samples_end_with_the_link(feed: StatsFeed, link: AgentLink) -> None:
    samples = feed.follow(1)
    await anext(samples)
    coming = asyncio.ensure_future(anext(samples))
    await asyncio.sleep(0.01)
    feed.close()
    await link.close()
    with pytest.raises(StopAsyncIteration):
        await coming
    with pytest.raises(UnavailableError):
        await anext(feed.follow(1))
