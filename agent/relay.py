"""Makes a service on the guest's loopback reachable at the address that QEMU's user network forwards to."""

from __future__ import annotations

import socket
from functools import partial
from typing import NamedTuple

from agent.errors import AgentError
from agent.listeners import GUEST_ADDRESS
from agent.loop import READ, WRITE, CancelledTask, Loop, Task

_CHUNK = 65536
_CONNECT_TIMEOUT = 10.0
_UDP_IDLE = 60.0
_MAX_FLOWS = 256
"""UDP peers at the same time; a new one pushes the oldest out."""

_Peer = tuple[str, int]


class _Target(NamedTuple):
    protocol: str
    address: str
    port: int

    @property
    def family(self) -> int:
        return socket.AF_INET6 if ":" in self.address else socket.AF_INET


class Relays:
    """All relays of this agent, by the port in the guest."""

    def __init__(self, loop: Loop, address: str = GUEST_ADDRESS) -> None:
        self._loop = loop
        self._address = address
        self._open: dict[tuple[str, int], tuple[_Target, socket.socket, Task]] = {}

    def open(self, protocol: str, address: str, port: int) -> int:
        """Start a relay, or find the one that leads there, and return its port in the guest."""
        if protocol not in {"tcp", "udp"} or not 0 < port < 65536:
            raise AgentError(
                "usage", f"There is no relay for {protocol} port {port}: only for tcp and udp, 1 to 65535."
            )
        target = _Target(protocol, address, port)
        for (_protocol, guest_port), (known, _socket, _task) in self._open.items():
            if known == target:
                return guest_port
        try:
            socket.inet_pton(target.family, address)
        except OSError as error:
            raise AgentError("usage", f"{address!r} is no IP address.") from error
        listener = _socket_for(protocol, socket.AF_INET)
        try:
            listener.bind((self._address, 0))
            if protocol == "tcp":
                listener.listen(128)
        except OSError as error:
            listener.close()
            raise AgentError("guest", f"A relay on {self._address} cannot be made: {error.strerror}.") from error
        serve = self._serve_tcp if protocol == "tcp" else self._serve_udp
        guest_port = int(listener.getsockname()[1])
        self._open[protocol, guest_port] = (target, listener, self._loop.spawn(serve(listener, target)))
        return guest_port

    def close(self, guest_port: int) -> None:
        """End the relay with that port; connections that run through it end too."""
        keys = [key for key in self._open if key[1] == guest_port]
        if not keys:
            raise AgentError("not-found", f"No relay has the guest port {guest_port}.")
        for key in keys:
            _target, _listener, task = self._open.pop(key)
            task.cancel()

    async def _serve_tcp(self, listener: socket.socket, target: _Target) -> None:
        running: set[Task] = set()
        try:
            while True:
                await self._loop.wait(listener.fileno(), READ)
                try:
                    peer, _address = listener.accept()
                except OSError:
                    continue  # it gave up meanwhile
                task = self._loop.spawn(self._connection(peer, target))
                running.add(task)
                task.when_done(partial(running.discard, task))
        finally:
            listener.close()
            for task in list(running):
                task.cancel()

    async def _connection(self, peer: socket.socket, target: _Target) -> None:
        peer.setblocking(False)
        service = _socket_for("tcp", target.family)
        there = None
        try:
            await self._loop.timeout(_CONNECT_TIMEOUT, _connect(self._loop, service, target))
            there = Task(self._loop, _pump(self._loop, peer, service))
            await _pump(self._loop, service, peer)
            await there
        except OSError:
            return  # one side broke: both are closed
        except CancelledTask:
            if there is not None:
                there.cancel()
            raise
        finally:
            if there is not None and not there.done:
                there.cancel()
            peer.close()
            service.close()

    async def _serve_udp(self, listener: socket.socket, target: _Target) -> None:
        flows: dict[_Peer, tuple[socket.socket, Task]] = {}
        try:
            while True:
                await self._loop.wait(listener.fileno(), READ)
                try:
                    data, peer = listener.recvfrom(_CHUNK)
                except OSError:
                    continue  # an answer was refused; the peer's affair
                if peer not in flows:
                    if len(flows) >= _MAX_FLOWS:
                        flows[next(iter(flows))][1].cancel()
                    flow = _socket_for("udp", target.family)
                    flow.connect((target.address, target.port))
                    task = self._loop.spawn(self._answers(listener, flow, peer))
                    flows[peer] = (flow, task)
                    task.when_done(partial(_forget, flows, peer))
                try:
                    flows[peer][0].send(data)
                except OSError:
                    continue  # nobody listens there now: a datagram may be lost
        finally:
            listener.close()
            for _flow, task in list(flows.values()):
                task.cancel()

    async def _answers(self, listener: socket.socket, flow: socket.socket, peer: _Peer) -> None:
        try:
            while True:
                await self._loop.timeout(_UDP_IDLE, self._loop.wait(flow.fileno(), READ))
                try:
                    listener.sendto(flow.recv(_CHUNK), peer)
                except OSError:
                    continue
        except TimeoutError:
            return
        finally:
            flow.close()


def _forget(flows: dict[_Peer, tuple[socket.socket, Task]], peer: _Peer) -> None:
    flows.pop(peer, None)


def _socket_for(protocol: str, family: int) -> socket.socket:
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    return socket.socket(family, kind | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)


async def _connect(loop: Loop, service: socket.socket, target: _Target) -> None:
    try:
        service.connect((target.address, target.port))
    except BlockingIOError:
        await loop.wait(service.fileno(), WRITE)
        error = service.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, "connect") from None


async def _pump(loop: Loop, source: socket.socket, sink: socket.socket) -> None:
    """Copy until `source` ends, then end `sink`'s input."""
    while True:
        try:
            data = memoryview(source.recv(_CHUNK))
        except BlockingIOError:
            await loop.wait(source.fileno(), READ)
            continue
        if not data:
            break
        while data:
            try:
                data = data[sink.send(data) :]
            except BlockingIOError:
                await loop.wait(sink.fileno(), WRITE)
    sink.shutdown(socket.SHUT_WR)
