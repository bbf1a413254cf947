"""The links into a running VM: made, lost, made again, let go."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.vm.machine import test_engine
from tests.unit.vm.machine.fakes import FakeAgent, World
from tests.unit.vm.machine.samples import RUN
from vm.drivers.base import VmEvent, VmState
from vm.errors import GuestError, UnavailableError
from vm.guest import keys
from vm.machine import session as module
from vm.machine.session import Session, Ways
from vm.progress import ignore


class Link:
    """An SSH link to a guest whose engine answers."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self.commands: list[str] = []

    async def open_socket(self, _path: str) -> Any:
        return test_engine.Stream(*test_engine.OK)

    async def close(self) -> None:
        self.closed.set()


class Agent(FakeAgent):
    """An agent whose clock is a minute late and which runs `engine`."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = asyncio.Event()
        self.callback: Callable[[str, dict[str, Any]], None] | None = None
        self.topics: list[str] = []
        self.offset = -60.0
        self.engine = "podman"

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = 30) -> Any:
        if self.closed.is_set():
            raise UnavailableError("closed")
        match method:
            case "clock.set":
                self.requests.append(method)
                offset, self.offset = self.offset, 0.001
                return {"offset": offset}
            case "engine.status":
                return {"kind": self.engine, "healthy": True}
            case "engine.use":
                self.engine = (params or {})["kind"]
        return await super().request(method, params, timeout)

    async def subscribe(self, topics: list[str], callback: Callable[[str, dict[str, Any]], None]) -> None:
        self.topics = topics
        self.callback = callback

    async def close(self) -> None:
        self.closed.set()


class Guest:
    """Counts what was made to reach it."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.agents: list[Agent] = []
        self.engine = "podman"
        self.error: GuestError | None = None

    async def find_server(self, _port: int, **_options: Any) -> Any:
        return socket.socket()

    async def connect(self, *_arguments: Any, connected: socket.socket | None = None, **_options: Any) -> Any:
        if connected is not None:
            connected.close()
        if self.error is not None:
            raise self.error
        self.links.append(Link())
        return self.links[-1]

    async def open_agent(self, *_arguments: Any) -> Any:
        self.agents.append(Agent())
        self.agents[-1].engine = self.engine
        return self.agents[-1]


@pytest.fixture
def guest() -> Guest:
    return Guest()


@pytest.fixture
def events() -> list[tuple[str, dict[str, Any]]]:
    return []


@pytest.fixture
async def session(world: World, guest: Guest, events: list[tuple[str, dict[str, Any]]]) -> Session:
    machine = world.machine()
    services = world.services
    services.make_folders(machine.files)
    keys.ensure(machine.files)
    world.driver.vms["default"] = VmState.running
    config = machine.load_config()
    run = dataclasses.replace(RUN, started_at=time.time())
    shares = services.shares(machine.files, config, world.driver)
    ways = Ways(guest.find_server, guest.connect, guest.open_agent)

    def emit(kind: str, data: dict[str, Any]) -> None:
        events.append((kind, data))

    return Session(machine.files, config, run, world.driver, shares, Path(), emit, ways=ways)


async def until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 - what it asks has no event
        await asyncio.sleep(0.001)


async def test_ready(session: Session, guest: Guest) -> None:
    assert not session.healthy
    with pytest.raises(UnavailableError, match="cannot be reached"):
        _ = session.agent
    await session.establish(ignore, limit=1)
    assert session.healthy
    assert guest.agents[0].requests.count("clock.set") == 2
    assert session.clock_offset == 0.001
    await until(lambda: len(guest.links) == 2)
    await session.close()
    assert all(link.closed.is_set() for link in guest.links)
    assert guest.agents[0].closed.is_set()
    assert session._jobs._tasks == set()


async def test_engine_of_the_settings_after_a_resume(session: Session, guest: Guest) -> None:
    session.record = dataclasses.replace(session.record, started_at=0)
    guest.engine = "docker"
    await session.establish(ignore, limit=1)
    assert guest.agents[0].engine == "podman"
    await session.close()


async def test_lost_link_is_made_again(
    session: Session, guest: Guest, events: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RELINK_WAITS", (0.001,))
    await session.establish(ignore, limit=1)
    guest.error = GuestError("no route")
    guest.links[0].closed.set()
    await until(lambda: not session.linked)
    assert not session.healthy
    guest.error = None
    await until(lambda: session.healthy and ("engine", {"healthy": True, "relinked": True}) in events)
    assert [kind for kind, _ in events] == ["problem", "engine"]
    await session.close()


async def test_link_that_goes_with_a_shutdown_is_not_missed(
    session: Session, guest: Guest, events: list[tuple[str, dict[str, Any]]]
) -> None:
    await session.establish(ignore, limit=1)
    await session.shut_down()
    guest.links[0].closed.set()
    await asyncio.sleep(0.01)
    assert events == []
    assert len(guest.agents) == 1
    await session.close()


async def test_end_of_the_vm_ends_the_waiting(session: Session, guest: Guest) -> None:
    guest.error = None
    session.tell_ended(VmEvent(VmState.stopped, "killed", detail="last words"))
    session.tell_ended(VmEvent(VmState.stopped, "killed"))
    session._ways = dataclasses.replace(session._ways, find_server=lambda *_a, **_o: asyncio.Future())
    with pytest.raises(GuestError, match="killed") as caught:
        await session.establish(ignore, limit=1)
    assert caught.value.detail == "last words"
    await session.close()


async def test_engine_events(session: Session, guest: Guest, events: list[tuple[str, dict[str, Any]]]) -> None:
    await session.establish(ignore, limit=1)
    callback = guest.agents[0].callback
    assert callback is not None
    callback("engine", {"kind": "podman", "healthy": False, "error": "exited"})
    assert not session.healthy
    callback("containers", {"action": "start"})
    volume = {"type": "volume", "action": "create", "id": "v", "name": "v"}
    callback("objects", volume)
    assert [kind for kind, _ in events] == ["engine", "container", "volume"]
    assert events[-1] == ("volume", volume)
    assert "objects" in guest.agents[0].topics
    await session.close()


async def test_a_container_without_memory_is_an_event_and_a_problem(
    session: Session, guest: Guest, events: list[tuple[str, dict[str, Any]]]
) -> None:
    await session.establish(ignore, limit=1)
    callback = guest.agents[0].callback
    assert callback is not None
    oom = {"action": "oom", "id": "4f2a", "name": "web", "limit": 64 << 20, "program": "tail"}
    callback("containers", oom)
    text = "Container 'web' reached its memory limit of 64 MiB, and the kernel ended 'tail' in it."
    assert events[-2:] == [("problem", {"text": text}), ("container", oom)]
    assert [one.startswith(text) for one in session.out_of_memory.all()] == [True]
    await session.close()
