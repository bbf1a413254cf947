"""PortManager with a driver that listens for real, so that conflicts are real ones."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.unit.vm.ports.test_forwards import port
from vm import ports
from vm.drivers.base import Forward, Protocol
from vm.errors import ConflictError, NotFoundError, UnavailableError
from vm.ports import conflicts
from vm.ports.forwards import GuestPort, HostPort
from vm.ports.manager import PortManager
from vm.ports.relay import listen


class Driver:
    """The part of a driver that forwards; each forward is a listening socket."""

    def __init__(self) -> None:
        self.open: dict[Forward, socket.socket] = {}
        self.dead = False

    async def add_forward(self, name: str, forward: Forward) -> None:
        kind = socket.SOCK_STREAM if forward.protocol is Protocol.tcp else socket.SOCK_DGRAM
        sock = socket.socket(socket.AF_INET, kind)
        try:
            sock.bind((forward.host_address, forward.host_port))
            if forward.protocol is Protocol.tcp:
                sock.listen()
        except OSError as error:
            sock.close()
            raise ConflictError("cannot be opened", detail="Could not set up host forwarding rule") from error
        self.open[forward] = sock

    async def remove_forward(self, name: str, forward: Forward) -> None:
        if self.dead:
            raise UnavailableError("QEMU is gone")
        if forward in self.open:
            self.open.pop(forward).close()

    async def forwards(self, name: str) -> list[Forward]:
        if self.dead:
            raise UnavailableError("QEMU is gone")
        return list(self.open)


class Stream:
    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.loop = asyncio.get_running_loop()

    async def read(self, limit: int = 65536) -> bytes:
        return await self.loop.sock_recv(self.sock, limit)

    async def write(self, data: bytes) -> None:
        await self.loop.sock_sendall(self.sock, data)

    async def end_output(self) -> None:
        self.sock.shutdown(socket.SHUT_WR)

    async def close(self) -> None:
        self.sock.close()

    async def __aenter__(self) -> Stream:
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.sock.close()


class Control:
    """A link whose guest is this computer, at another port."""

    def __init__(self) -> None:
        self.service: int | None = None
        self.asked: list[tuple[str, int]] = []

    async def open_tcp(self, address: str, number: int) -> Stream:
        self.asked.append((address, number))
        if self.service is None:
            raise UnavailableError("Nothing in the guest answers")
        sock = socket.socket()
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.service))
        return Stream(sock)


class Agent:
    def __init__(self) -> None:
        self.relays: dict[int, tuple[str, int]] = {}

    async def request(self, method: str, params: dict[str, Any]) -> Any:
        if method == "relay.close":
            if params["guest_port"] not in self.relays:
                raise NotFoundError("No relay has that port.")
            return self.relays.pop(params["guest_port"])
        assert method == "relay.open"
        self.relays[40001 + len(self.relays)] = (params["address"], params["port"])
        return {"guest_port": max(self.relays)}


class World:
    def __init__(self, driver: Driver, manager: PortManager, changes: list[dict[str, Any]], reserved: int) -> None:
        self.driver, self.manager, self.changes, self.reserved = driver, manager, changes, reserved
        self.control, self.agent = Control(), Agent()

    async def event(self, added: list[GuestPort] = [], removed: list[GuestPort] = []) -> None:  # noqa: B006
        await self.manager.apply(
            {"added": [wire(one) for one in added], "removed": [wire(one) for one in removed]},
            self.control,  # type: ignore[arg-type]
            self.agent,  # type: ignore[arg-type]
        )

    def actions(self) -> list[tuple[str, int]]:
        found = [(change["action"], change["host_port"]) for change in self.changes]
        self.changes.clear()
        return found


def wire(one: GuestPort) -> dict[str, Any]:
    return {
        "protocol": str(one.protocol),
        "guest_address": one.guest_address,
        "guest_port": one.guest_port,
        "container_id": one.container_id or None,
        "container_name": one.container_name or None,
        "host_address": one.host_address,
        "host_port": one.host_port,
    }


@pytest.fixture
async def world() -> AsyncIterator[World]:
    driver, changes, reserved = Driver(), [], ports.free_port()  # type: ignore[var-annotated]
    manager = PortManager(
        "default",
        driver,  # type: ignore[arg-type]
        default_address="127.0.0.1",
        include_services=True,
        reserved={reserved},
        on_change=changes.append,
    )
    yield World(driver, manager, changes, reserved)
    await manager.close()
    for sock in driver.open.values():
        sock.close()


@pytest.fixture
def number() -> int:
    return ports.free_port()


def can_bind(number: int, address: str = "127.0.0.1") -> bool:
    return ports.is_free(number, address)


async def test_a_published_port_comes_and_goes(world: World, number: int) -> None:
    await world.event(added=[port("0.0.0.0", number), port("::", number)])
    assert list(world.driver.open) == [Forward(Protocol.tcp, "127.0.0.1", number, number)]
    (status,) = await world.manager.list()
    assert (status.container, status.via, status.error, status.reachable) == ("web", "hostfwd", None, True)
    await world.event(removed=[port("0.0.0.0", number), port("::", number)])
    assert not world.driver.open
    assert can_bind(number)
    assert world.actions() == [("opened", number), ("closed", number)]
    assert await world.manager.list() == []


async def test_localhost_of_ipv6_leads_there_too(world: World, number: int) -> None:
    service = await asyncio.start_server(_upper, "127.0.0.1", 0)
    world.control.service = service.sockets[0].getsockname()[1]
    await world.event(added=[port("0.0.0.0", number)])
    try:
        reader, writer = await asyncio.open_connection("::1", number)
    except OSError:
        pytest.skip("this computer has no IPv6 loopback")
    writer.write(b"hello")
    writer.write_eof()
    assert await reader.read() == b"HELLO"
    assert world.control.asked == [("10.0.2.15", number)]
    writer.close()
    service.close()


async def _upper(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer after the end of the request: works only when ends are passed on one by one."""
    writer.write((await reader.read()).upper())
    writer.close()


async def test_guest_loopback_goes_over_ssh_with_half_close(world: World, number: int) -> None:
    service = await asyncio.start_server(_upper, "127.0.0.1", 0)
    world.control.service = service.sockets[0].getsockname()[1]
    await world.event(added=[port("127.0.0.1", number, host="127.0.0.1")])
    assert not world.driver.open
    reader, writer = await asyncio.open_connection("127.0.0.1", number)
    writer.write(b"x" * 3_000_000)
    writer.write_eof()
    assert await reader.read() == b"X" * 3_000_000
    writer.close()
    (status,) = await world.manager.list()
    assert (status.via, status.reachable) == ("ssh", True)
    world.control.service = None
    assert [status.reachable for status in await world.manager.list()] == [False]
    reader, writer = await asyncio.open_connection("127.0.0.1", number)
    assert await reader.read() == b""
    writer.close()
    await world.event(removed=[port("127.0.0.1", number, host="127.0.0.1")])
    assert can_bind(number)
    service.close()


async def test_udp_on_guest_loopback_goes_through_the_agent(world: World, number: int) -> None:
    given = port("127.0.0.1", number, host="127.0.0.1", protocol="udp")
    await world.event(added=[given])
    assert world.agent.relays == {40001: ("127.0.0.1", number)}
    assert list(world.driver.open) == [Forward(Protocol.udp, "127.0.0.1", number, 40001)]
    (status,) = await world.manager.list()
    assert (status.via, status.reachable) == ("relay", True)
    await world.event(removed=[given])
    assert (world.agent.relays, world.driver.open) == ({}, {})


async def test_a_conflict_names_the_program_and_mends_itself(world: World, number: int) -> None:
    script = f"import socket,time; s=socket.create_server(('127.0.0.1',{number})); print(1,flush=True); time.sleep(60)"
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=subprocess.PIPE)
    assert holder.stdout
    await holder.stdout.readline()
    other = ports.free_port()
    await world.event(added=[port("0.0.0.0", number), port("0.0.0.0", other, container="b")])
    statuses = {status.host_port: status for status in await world.manager.list()}
    assert "in use by python" in (statuses[number].error or "")
    assert f"(process {holder.pid})" in (statuses[number].error or "")
    assert statuses[number].reachable is False
    assert statuses[other].error is None
    assert sorted(world.actions()) == [("failed", number), ("opened", other)]
    holder.kill()
    await holder.wait()
    statuses = {status.host_port: status for status in await world.manager.list()}
    assert statuses[number].error is None
    assert world.actions() == [("opened", number)]


async def test_an_ssh_conflict_is_told_too(world: World, number: int) -> None:
    with listen("127.0.0.1", number):
        await world.event(added=[port("127.0.0.1", number, host="127.0.0.1")])
        (status,) = await world.manager.list(probe=False)
        assert f"(process {os.getpid()})" in (status.error or "")
        assert status.reachable is None
    await world.event(added=[port("0.0.0.0", ports.free_port())])
    assert all(status.error is None for status in await world.manager.list(probe=False)), "the next event tries again"


async def test_linnets_own_port_is_refused(world: World) -> None:
    await world.event(added=[port("0.0.0.0", world.reserved)])
    (status,) = await world.manager.list()
    assert "Linnet itself" in (status.error or "")
    assert not world.driver.open


async def test_a_new_service_takes_over_what_qemu_has(world: World, number: int) -> None:
    own = Forward(Protocol.tcp, "127.0.0.1", world.reserved, 22)
    kept = Forward(Protocol.tcp, "127.0.0.1", number, number)
    stale = Forward(Protocol.tcp, "127.0.0.1", ports.free_port(), 80)
    for forward in (own, kept, stale):
        await world.driver.add_forward("default", forward)
    sock = world.driver.open[kept]
    await world.event(added=[port("0.0.0.0", number)])
    assert set(world.driver.open) == {own, kept}
    assert world.driver.open[kept] is sock, "never closed, so that no connection was cut"
    assert [status.error for status in await world.manager.list()] == [None]


async def test_after_a_resume_all_forwards_are_made_again(world: World, number: int) -> None:
    loopback = ports.free_port()
    given = [port("0.0.0.0", number), port("127.0.0.1", loopback, host="127.0.0.1"), port("::", 5353, protocol="udp")]
    await world.event(added=given)
    for sock in world.driver.open.values():
        sock.close()
    world.driver.open.clear()
    world.agent = Agent()
    await world.event(added=given[:2])
    assert list(world.driver.open) == [Forward(Protocol.tcp, "127.0.0.1", number, number)]
    assert {status.host_port for status in await world.manager.list()} == {number, loopback}
    assert not world.agent.relays


async def test_events_keep_their_order(world: World, number: int) -> None:
    given = [port("0.0.0.0", number)]
    tasks = [asyncio.create_task(world.event(added=given))]
    tasks += [asyncio.create_task(world.event(removed=given)), asyncio.create_task(world.event(added=given))]
    tasks += [asyncio.create_task(world.event(removed=given))]
    await asyncio.gather(*tasks)
    assert not world.driver.open


async def test_another_container_on_the_same_port_cuts_nothing(world: World, number: int) -> None:
    await world.event(added=[port("0.0.0.0", number, container="a")])
    sock = next(iter(world.driver.open.values()))
    await world.event(added=[port("0.0.0.0", number, container="b")], removed=[port("0.0.0.0", number, container="a")])
    assert next(iter(world.driver.open.values())) is sock
    assert [status.container for status in await world.manager.list()] == ["b"]


async def test_the_end_of_qemu_is_no_failure(world: World, number: int) -> None:
    await world.event(added=[port("0.0.0.0", number)])
    world.driver.dead = True
    assert [status.reachable for status in await world.manager.list()] == [False]
    await world.event(removed=[port("0.0.0.0", number)])
    assert await world.manager.list() == []


async def test_other_settings_apply_at_once(world: World, number: int) -> None:
    await world.event(added=[port("0.0.0.0", number, container="")])
    await world.manager.configure(default_address="127.0.0.1", include_services=False)
    assert not world.driver.open
    await world.event(added=[port("0.0.0.0", number)])
    await world.manager.configure(default_address="0.0.0.0", include_services=False)
    assert [forward.host_address for forward in world.driver.open] == ["0.0.0.0"]


async def test_closing_stops_our_listeners_and_leaves_qemu_alone(world: World, number: int) -> None:
    loopback = ports.free_port()
    await world.event(added=[port("0.0.0.0", number), port("127.0.0.1", loopback, host="127.0.0.1")])
    await world.manager.close()
    assert len(world.driver.open) == 1
    assert can_bind(loopback)


async def test_200_ports_at_once(world: World) -> None:
    given = [port("127.0.0.1", number, host="127.0.0.1", protocol="udp") for number in range(20000, 20200)]
    await world.event(added=given)
    assert len(world.driver.open) == 200
    await world.event(removed=given)
    assert not world.driver.open


async def test_privileged_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    error = await conflicts.explain(HostPort(Protocol.tcp, "127.0.0.1", 1), PermissionError(13, "denied"))
    assert "administrator rights" in error.message
    assert "ip_unprivileged_port_start" in (error.hint or "")


async def test_an_address_that_this_computer_does_not_have(world: World, number: int) -> None:
    await world.event(added=[port("::1", number, host="2001:db8::1")])
    (status,) = await world.manager.list()
    assert "2001:db8::1" in (status.error or "")
