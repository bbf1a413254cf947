"""Keeps the host ports of one machine as the guest's ports want them."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from vm.drivers.base import Driver, Forward, Protocol
from vm.errors import LinnetError, UnavailableError
from vm.guest.agent import AgentLink
from vm.machine.status import PortStatus
from vm.ports import conflicts
from vm.ports.forwards import GUEST_ADDRESS, GuestPort, HostPort, Via, Wanted, plan
from vm.ports.probe import is_reachable
from vm.ports.relay import TcpRelay
from vm.ssh.channel import ByteStream
from vm.ssh.link import SshLink

log = logging.getLogger(__name__)

OnChange = Callable[[dict[str, Any]], None]
"""Takes a PortStatus as a dictionary, with `action`: opened, closed or failed."""

SSH_PORT = 22

_Forwards = list[Forward]


@dataclass
class _Open:
    """A host port that is open, and how it is closed."""

    wanted: Wanted
    forward: Forward | None = None
    """In QEMU."""
    agent_port: int | None = None
    """Of the relay in the guest."""
    relays: list[TcpRelay] = field(default_factory=list)
    """In this process."""


class PortManager:
    """The forwarded ports of one running machine."""

    def __init__(
        self,
        name: str,
        driver: Driver,
        *,
        default_address: str,
        include_services: bool,
        reserved: Iterable[int],
        on_change: OnChange,
    ) -> None:
        self._name = name
        self._driver = driver
        self._default_address = default_address
        self._include_services = include_services
        self._reserved = frozenset(reserved)
        self._on_change = on_change
        self._ports: set[GuestPort] = set()
        self._open: dict[HostPort, _Open] = {}
        self._errors: dict[HostPort, str] = {}
        self._control: SshLink | None = None
        self._agent: AgentLink | None = None
        self._lock = asyncio.Lock()

    @property
    def connections(self) -> int:
        """How many connections go through this process now; those through QEMU are the guest's to count."""
        return sum(relay.connections for entry in self._open.values() for relay in entry.relays)

    async def apply(self, data: dict[str, Any], control: SshLink, agent: AgentLink) -> None:
        """Take the agent's `ports` event `{added, removed}` and open and close host ports accordingly.

        The first event over a link carries every port, so with another `agent` all is compared anew: with what QEMU
        forwards (a service before us may have left some, a resumed QEMU has none) and with what is listened on here.
        Failures do not come out: they are in `list`.
        """
        # Up to the lock nothing waits, so events that are applied as tasks of their own keep their order.
        fresh = agent is not self._agent
        self._control, self._agent = control, agent
        if fresh:
            self._ports.clear()
        self._ports.difference_update(GuestPort.from_json(port) for port in data.get("removed", ()))
        self._ports.update(GuestPort.from_json(port) for port in data.get("added", ()))
        async with self._lock:
            if fresh:
                await self._compare()
            await self._reconcile()

    async def configure(self, *, default_address: str, include_services: bool) -> None:
        """Take other settings, at once."""
        self._default_address = default_address
        self._include_services = include_services
        async with self._lock:
            await self._reconcile()

    async def list(self, probe: bool = True) -> list[PortStatus]:
        """Return all ports; with `probe` each is tried. Ports that could not be opened are tried once more."""
        async with self._lock:
            if self._errors:
                await self._reconcile()
            wanted = sorted(self._plan().values())
            is_open = {host: self._open.get(host) for host in (one.host for one in wanted)}
            errors = dict(self._errors)
        found: list[bool | None] = [None] * len(wanted)
        if probe:
            forwards = await self._forwards()
            found = list(await asyncio.gather(*(self._probe(one, is_open[one.host], forwards) for one in wanted)))
        return [_status(one, errors.get(one.host), seen) for one, seen in zip(wanted, found, strict=True)]

    async def close(self) -> None:
        """Stop listening. Forwards in QEMU stay: they end with it, or the next service takes them over."""
        async with self._lock:
            for entry in self._open.values():
                for relay in entry.relays:
                    await relay.close()
            self._open.clear()
            self._agent = None

    def _plan(self) -> dict[HostPort, Wanted]:
        return plan(
            self._ports,
            default_address=self._default_address,
            include_services=self._include_services,
            reserved=self._reserved,
        )

    async def _reconcile(self) -> None:
        wanted = self._plan()
        gone = [entry for host, entry in self._open.items() if not _same(entry.wanted, wanted.get(host))]
        await asyncio.gather(*(self._shut(entry) for entry in gone))
        for host, one in wanted.items():
            if host in self._open:
                self._open[host].wanted = one
        for host in self._errors.keys() - wanted.keys():
            del self._errors[host]
        await asyncio.gather(*(self._try(one) for host, one in wanted.items() if host not in self._open))

    async def _compare(self) -> None:
        """Forget what is not so (any more), and close what QEMU forwards for nobody."""
        forwards = await self._forwards()
        wanted = self._plan()
        for entry in list(self._open.values()):
            lost = entry.forward is not None and entry.forward not in forwards
            if lost or entry.agent_port is not None:  # another agent knows nothing of the relays of the one before
                await self._shut(entry)
        kept = {entry.forward for entry in self._open.values()}
        for forward in forwards:
            if forward in kept or (forward.guest_port == SSH_PORT and forward.host_port in self._reserved):
                continue
            host = HostPort(forward.protocol, forward.host_address, forward.host_port)
            one = wanted.get(host)
            if one is not None and one.via is Via.hostfwd and forward == _forward(one, one.guest.guest_port):
                entry = self._open[host] = _Open(one, forward)
                self._add_companion(entry)
            else:
                await self._remove(forward)

    async def _try(self, one: Wanted) -> None:
        error = one.error
        if not error:
            try:
                self._open[one.host] = await self._establish(one)
            except LinnetError as problem:
                error = problem.message
                log.info("machine %s: %s is not forwarded: %s", self._name, one.host, error)
        if not error:
            self._errors.pop(one.host, None)
            self._report("opened", one)
        elif self._errors.get(one.host) != error:
            self._errors[one.host] = error
            self._report("failed", one)

    async def _establish(self, one: Wanted) -> _Open:
        if one.via is Via.ssh:
            try:
                relay = TcpRelay.open(one.host.address, one.host.port, lambda: self._connect(one))
            except OSError as error:
                raise await conflicts.explain(one.host, error) from error
            entry = _Open(one, relays=[relay])
        else:
            entry = await self._forward(one)
        self._add_companion(entry)
        return entry

    async def _forward(self, one: Wanted) -> _Open:
        agent_port = await self._open_agent_relay(one) if one.via is Via.relay else None
        forward = _forward(one, agent_port or one.guest.guest_port)
        try:
            await self._driver.add_forward(self._name, forward)
        except LinnetError as error:
            await self._close_agent_relay(agent_port)
            raise await conflicts.explain(one.host, error) from error
        return _Open(one, forward, agent_port)

    def _add_companion(self, entry: _Open) -> None:
        """Offer the port on IPv6 too, where `localhost` leads to for many programs; nothing is lost if it is taken."""
        one = entry.wanted
        if one.companion:
            with contextlib.suppress(OSError):
                relay = TcpRelay.open(one.companion, one.host.port, lambda: self._connect(one))
                entry.relays.append(relay)

    async def _connect(self, one: Wanted) -> ByteStream:
        if self._control is None:
            raise UnavailableError("The guest cannot be reached at the moment.")
        return await self._control.open_tcp(one.target, one.guest.guest_port)

    async def _open_agent_relay(self, one: Wanted) -> int:
        if self._agent is None:
            raise UnavailableError("The guest cannot be reached at the moment.")
        params = {"protocol": str(one.host.protocol), "address": one.target, "port": one.guest.guest_port}
        return int((await self._agent.request("relay.open", params))["guest_port"])

    async def _close_agent_relay(self, guest_port: int | None) -> None:
        if self._agent is not None and guest_port is not None:
            with contextlib.suppress(LinnetError):  # the agent is gone, and its relays with it
                await self._agent.request("relay.close", {"guest_port": guest_port})

    async def _shut(self, entry: _Open) -> None:
        del self._open[entry.wanted.host]
        for relay in entry.relays:
            await relay.close()
        if entry.forward is not None:
            await self._remove(entry.forward)
        await self._close_agent_relay(entry.agent_port)
        self._report("closed", entry.wanted)

    async def _remove(self, forward: Forward) -> None:
        try:
            await self._driver.remove_forward(self._name, forward)
        except LinnetError as error:  # usually the VM is gone, and its forwards with it
            log.info("machine %s: closing a forward: %s", self._name, error.message)

    async def _forwards(self) -> _Forwards:
        try:
            return await self._driver.forwards(self._name)
        except LinnetError as error:
            log.info("machine %s: QEMU does not tell its forwards: %s", self._name, error.message)
            return []

    async def _probe(self, one: Wanted, entry: _Open | None, forwards: _Forwards) -> bool:
        if entry is None:
            return False
        if entry.forward is not None and entry.forward not in forwards:
            return False
        if one.host.protocol is Protocol.udp:
            return True  # nothing answers a datagram that it does not understand
        if one.via is not Via.ssh:
            return await is_reachable(one.host.address, one.host.port)
        try:
            await (await self._connect(one)).close()
        except LinnetError:
            return False
        return True

    def _report(self, action: str, one: Wanted) -> None:
        status = _status(one, self._errors.get(one.host), None)
        self._on_change({"action": action, **dataclasses.asdict(status)})


def _same(present: Wanted, wanted: Wanted | None) -> bool:
    """Whether the open port does what is wanted of it now; whose container it is does not matter."""
    if wanted is None:
        return False
    return (present.via, present.target, present.guest.guest_port, present.companion, wanted.error) == (
        wanted.via,
        wanted.target,
        wanted.guest.guest_port,
        wanted.companion,
        "",
    )


def _forward(one: Wanted, guest_port: int) -> Forward:
    return Forward(one.host.protocol, one.host.address, one.host.port, guest_port, GUEST_ADDRESS)


def _status(one: Wanted, error: str | None, reachable: bool | None) -> PortStatus:
    return PortStatus(
        protocol=str(one.guest.protocol),
        guest_address=one.guest.guest_address,
        guest_port=one.guest.guest_port,
        host_address=one.host.address,
        host_port=one.host.port,
        container=one.guest.container_name or None,
        via=str(one.via),
        reachable=reachable,
        error=error,
    )
