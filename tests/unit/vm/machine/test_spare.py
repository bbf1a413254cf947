"""The engine connection that is opened ahead of its client, over a stand-in for the SSH link."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from vm.errors import UnavailableError
from vm.machine.spare import SpareSocket


class Stream:
    """A connection to the engine."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.ended = False
        self.closed = False
        self.written = b""

    async def write(self, data: bytes) -> None:
        self.written += data

    async def close(self) -> None:
        self.closed = True


class Link:
    """Opens streams, and remembers them."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self.streams: list[Stream] = []
        self.refuses = False

    async def open_socket(self, path: str) -> Stream:
        await asyncio.sleep(0)
        if self.refuses:
            raise UnavailableError("nothing listens")
        self.streams.append(Stream(path))
        return self.streams[-1]


@pytest.fixture
def link() -> Any:
    return Link()


async def _use(spare: SpareSocket, link: Any, path: str = "/engine") -> Stream:
    """Connect as a client does that sends something; return what it talks to."""
    count = len(link.streams)
    stream = await spare.open(link, path)
    assert len(link.streams) in (count, count + 1)
    await stream.write(b"request")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    found: Stream = next(found for found in reversed(link.streams) if found.written == b"request" and not found.closed)
    return found


async def test_the_next_one_is_open_before_its_client_comes(link: Any) -> None:
    spare = SpareSocket()
    await spare.open(link, "/engine")
    assert len(link.streams) == 1, "nothing was sent yet, so the guest is left alone"
    first = await _use(spare, link)
    assert first is link.streams[1]
    assert len(link.streams) == 3
    assert await _use(spare, link) is link.streams[2], "the one that waited"
    spare.drop()


async def test_one_that_the_engine_has_ended_is_not_given_away(link: Any) -> None:
    spare = SpareSocket()
    await _use(spare, link)
    link.streams[1].ended = True
    assert await _use(spare, link) is link.streams[2]
    assert link.streams[1].closed
    spare.drop()


async def test_another_engine_and_another_link_get_their_own(link: Any) -> None:
    spare = SpareSocket()
    await _use(spare, link)
    assert (await _use(spare, link, "/other")).path == "/other"
    again: Any = Link()
    assert await _use(spare, again, "/other") is again.streams[0]
    spare.drop()


async def test_a_refused_spare_is_nobodys_failure(link: Any) -> None:
    spare = SpareSocket()
    link.refuses = False
    stream = await spare.open(link, "/engine")
    link.refuses = True
    await stream.write(b"request")
    await asyncio.sleep(0.01)
    link.refuses = False
    await _use(spare, link)
    spare.drop()


async def test_it_waits_for_a_while_only(link: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vm.machine.spare.KEEP", 0.01)
    spare = SpareSocket()
    await _use(spare, link)
    await asyncio.sleep(0.05)
    used = await _use(spare, link)
    assert used is link.streams[2], "the one that waited was let go"
    spare.drop()
