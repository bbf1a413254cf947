"""Tests of agent.relay."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest

from agent.errors import AgentError
from agent.loop import Loop
from agent.relay import Relays


def relayed(protocol: str, port: int, talk: Callable[[int], None]) -> None:
    """Run a relay to the loopback service at `port`, and `talk` to it from another thread."""
    loop = Loop()
    relays = Relays(loop, "127.0.0.1")

    async def main() -> None:
        guest_port = relays.open(protocol, "127.0.0.1", port)
        assert relays.open(protocol, "127.0.0.1", port) == guest_port
        await loop.in_thread(talk, guest_port)
        relays.close(guest_port)
        await loop.sleep(0.01)
        with pytest.raises(AgentError):
            relays.close(guest_port)

    loop.run(main())


def test_tcp_both_ways_with_half_close_and_much_data() -> None:
    data = bytes(range(256)) * 8192

    def echo(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            received = b""
            while piece := peer.recv(65536):
                received += piece
            peer.sendall(received[::-1])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=echo, args=(listener,), daemon=True).start()

        def talk(port: int) -> None:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as host:
                host.sendall(data)
                host.shutdown(socket.SHUT_WR)
                answer = b""
                while piece := host.recv(65536):
                    answer += piece
            assert answer == data[::-1]

        relayed("tcp", listener.getsockname()[1], talk)


def test_tcp_to_nobody_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    def talk(guest_port: int) -> None:
        with socket.create_connection(("127.0.0.1", guest_port), timeout=10) as host:
            assert host.recv(1) == b""

    relayed("tcp", port, talk)


def test_udp_answers_reach_who_asked() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as service:
        service.bind(("127.0.0.1", 0))
        service.settimeout(10)

        def echo() -> None:
            for _ in range(4):
                data, peer = service.recvfrom(65536)
                service.sendto(data.upper(), peer)

        thread = threading.Thread(target=echo, daemon=True)
        thread.start()

        def talk(port: int) -> None:
            hosts = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(2)]
            for turn in range(2):
                for number, host in enumerate(hosts):
                    host.settimeout(10)
                    host.sendto(f"from {number} in {turn}".encode(), ("127.0.0.1", port))
                    assert host.recv(100) == f"FROM {number} IN {turn}".encode()
            for host in hosts:
                host.close()

        relayed("udp", service.getsockname()[1], talk)
        thread.join(10)
