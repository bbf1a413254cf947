"""What the tests here share."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from app.core.client import Client
from app.service.listen import listen
from app.service.routes import all_routes
from app.service.routing import Router
from app.service.server import Server
from app.service.service import Service
from tests.unit.app.service.fakes import FakeMachine, FakeManager
from vm.layout import Layout

T = TypeVar("T")


@pytest.fixture
def layout() -> Iterator[Layout]:
    # pytest's own folders are too deep for Unix sockets.
    with tempfile.TemporaryDirectory(prefix="ln") as folder:
        base = Path(folder)
        yield Layout(config=base / "c", data=base / "d", run=base / "r", cache=base / "x")


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that nothing else tells of."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


class Running:
    """A service with fake machines that listens on a real socket."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.manager = FakeManager(layout)
        self.service = Service(layout)
        self.service.router = Router(all_routes())
        self.server = Server(self.service, self.service.router, request_limit=0.3)

    @property
    def machine(self) -> FakeMachine:
        return self.manager.get("default")

    async def start(self) -> None:
        async def make(_layout: Layout) -> Any:
            return self.manager

        self.listener = await listen(self.layout.service_address, self.server.serve)
        await self.service.open(make)

    async def stop(self) -> None:
        self.listener.close()
        await self.service.close()
        await self.server.close()

    async def call(self, work: Callable[[Client], T]) -> T:
        """Use a client, which blocks, in a thread."""

        def use() -> T:
            with Client(self.layout, start=False) as client:
                return work(client)

        return await asyncio.to_thread(use)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_unix_connection(self.layout.service_address)

    async def connect_docker(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_unix_connection(str(self.machine.files.docker_socket), limit=2**18)


@pytest.fixture
async def running(layout: Layout) -> AsyncIterator[Running]:
    service = Running(layout)
    await service.start()
    yield service
    await service.stop()
