"""The Docker API sockets: bytes through, both ways, to a stand-in engine on a real socket."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator

import pytest

from tests.unit.app.service.conftest import Running, until
from tests.unit.app.service.fakes import FakeMachine
from vm.errors import GuestError, UnavailableError
from vm.layout import Layout
from vm.machine.status import MachineEvent

PING = b"GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n"
PONG = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


class Engine:
    """Answers pings; `POST /echo` switches to echoing until the client ends its side, then says "bye"."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connections = 0
        self.received = hashlib.sha256()
        self.stalled = asyncio.Event()
        self.stalled.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while line := await reader.readline():
                while await reader.readline() not in (b"\r\n", b""):
                    pass
                if line.startswith(b"POST /echo"):
                    while data := await reader.read(65536):
                        writer.write(data)
                        await writer.drain()
                    writer.write(b"bye from " + self.name.encode())
                    break
                if line.startswith(b"POST /load"):
                    await self.stalled.wait()
                    while data := await reader.read(65536):
                        self.received.update(data)
                    break
                if line.startswith(b"GET /big"):
                    for _ in range(64):
                        writer.write(b"z" * 2**20)
                        await writer.drain()
                    break
                writer.write(PONG)
        except OSError:
            pass
        finally:
            self.connections -= 1
            writer.close()


@pytest.fixture
async def engine(running: Running, layout: Layout) -> AsyncIterator[Engine]:
    engine = Engine("podman")
    path = str(layout.run / "engine.sock")
    server = await asyncio.start_unix_server(engine.serve, path, backlog=500)
    running.machine.engine_path = path
    running.machine.running = True
    yield engine
    server.close()


async def test_many_requests_on_many_connections(running: Running, engine: Engine) -> None:
    async def one() -> None:
        reader, writer = await running.connect_docker()
        for _ in range(5):
            writer.write(PING)
            assert await reader.readexactly(len(PONG)) == PONG
        writer.close()

    await asyncio.gather(*(one() for _ in range(200)))
    await until(lambda: not (running.service.docker.connections or engine.connections))


async def test_half_close_ends_one_direction_only(running: Running, engine: Engine) -> None:
    reader, writer = await running.connect_docker()
    writer.write(b"POST /echo HTTP/1.1\r\n\r\nhello")
    assert await reader.readexactly(5) == b"hello"
    writer.write_eof()
    assert await reader.read(-1) == b"bye from podman"
    writer.close()


async def test_large_upload_waits_for_a_slow_engine(running: Running, engine: Engine) -> None:
    engine.stalled.clear()
    reader, writer = await running.connect_docker()
    writer.transport.set_write_buffer_limits(high=0)
    writer.write(b"POST /load HTTP/1.1\r\n\r\n")
    expected = hashlib.sha256()
    sent = 0

    async def upload() -> None:
        nonlocal sent
        for number in range(96):
            piece = bytes([number]) * 2**20
            writer.write(piece)
            await writer.drain()
            expected.update(piece)
            sent += len(piece)
        writer.write_eof()

    uploading = asyncio.create_task(upload())
    await asyncio.sleep(0.2)
    assert sent < 16 * 2**20, "nothing held the upload back"
    engine.stalled.set()
    await uploading
    assert await reader.read(-1) == b""
    assert engine.received.hexdigest() == expected.hexdigest()
    writer.close()


async def test_large_answer_to_a_slow_client_arrives_whole(running: Running, engine: Engine) -> None:
    reader, writer = await running.connect_docker()
    writer.write(b"GET /big HTTP/1.1\r\n\r\n")
    await asyncio.sleep(0.1)
    size = 0
    while data := await reader.read(2**20):
        size += len(data)
    assert size == 64 * 2**20
    writer.close()


class RefusingEngine:
    """Takes one piece of an upload, answers and is gone, as an engine does that does not want the rest."""

    def __init__(self) -> None:
        self.answer = [b"HTTP/1.1 413 Too Large\r\n\r\n", b""]
        self.gone = asyncio.Event()

    async def read(self, _limit: int) -> bytes:
        await self.gone.wait()
        # The relay learns that writing fails before it gets the answer.
        await asyncio.sleep(0.01)
        return self.answer.pop(0)

    async def write(self, _data: bytes) -> None:
        self.gone.set()
        raise UnavailableError("The connection is closed.")

    async def end_output(self) -> None:
        raise UnavailableError("The connection is closed.")

    async def close(self) -> None:
        self.gone.set()


async def test_answer_of_an_engine_that_takes_no_more_still_arrives(
    running: Running, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refusing() -> RefusingEngine:
        return RefusingEngine()

    monkeypatch.setattr(running.machine, "open_engine_socket", refusing)
    reader, writer = await running.connect_docker()
    writer.write(b"POST /load HTTP/1.1\r\n\r\n" + b"x" * 1000)
    assert (await reader.readline()).startswith(b"HTTP/1.1 413")
    writer.close()
    assert engine.connections == 0


async def test_client_that_goes_takes_its_connection_along(running: Running, engine: Engine) -> None:
    _reader, writer = await running.connect_docker()
    writer.write(b"POST /echo HTTP/1.1\r\n\r\n")
    await until(lambda: engine.connections)
    writer.transport.abort()
    await until(lambda: not (engine.connections or running.service.docker.connections))


async def test_connection_wakes_the_machine_once(running: Running, engine: Engine) -> None:
    running.machine.running = False
    gate = running.machine.start_gate = asyncio.Event()
    streams = [await running.connect_docker() for _ in range(5)]
    for _, writer in streams:
        writer.write(PING)
    await until(lambda: running.machine.starts)
    gate.set()
    for reader, writer in streams:
        assert await reader.readexactly(len(PONG)) == PONG
        writer.close()
    assert running.machine.starts == 1


async def test_failed_wake_is_said_in_the_api_s_own_form(running: Running) -> None:
    running.machine.start_error = GuestError("The guest did not boot.", hint="Look at the log.")
    reader, writer = await running.connect_docker()
    writer.write(b"POST /build HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"x" * 300_000)
    answer = await asyncio.wait_for(reader.read(-1), 5)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert json.loads(body) == {"message": "The guest did not boot. Look at the log."}
    writer.close()


async def test_after_a_switch_connections_go_to_the_new_engine(
    running: Running, engine: Engine, layout: Layout
) -> None:
    other = Engine("docker")
    path = str(layout.run / "other.sock")
    server = await asyncio.start_unix_server(other.serve, path)
    running.machine.engine_path = path
    reader, writer = await running.connect_docker()
    writer.write(b"POST /echo HTTP/1.1\r\n\r\n")
    writer.write_eof()
    assert await reader.read(-1) == b"bye from docker"
    writer.close()
    server.close()


async def test_stopping_ends_the_relays(running: Running, engine: Engine) -> None:
    reader, writer = await running.connect_docker()
    writer.write(PING)
    await reader.readexactly(len(PONG))
    await running.call(lambda client: client.operate("POST", "/v1/machines/default/stop"))
    assert await asyncio.wait_for(reader.read(-1), 5) == b""
    writer.close()
    assert running.machine.files.docker_socket.is_socket()


async def test_stale_and_deleted_sockets_are_replaced(running: Running, engine: Engine) -> None:
    path = running.machine.files.docker_socket
    path.unlink()
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    await running.call(lambda client: client.get("/v1/machines"))
    reader, writer = await running.connect_docker()
    writer.write(PING)
    assert await reader.readexactly(len(PONG)) == PONG
    writer.close()


async def test_machine_described_by_hand_gets_its_socket_when_it_starts(running: Running, layout: Layout) -> None:
    machine = FakeMachine("by-hand", layout, running.manager.publish)
    running.manager.machines["by-hand"] = machine
    assert not machine.files.docker_socket.exists()
    running.manager.publish(MachineEvent("by-hand", "state", {"state": "starting"}, 0.0))
    await until(machine.files.docker_socket.is_socket)
