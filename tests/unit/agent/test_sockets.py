"""Tests of agent.sockets."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from agent.listeners import container_of, select
from agent.ports import Listener
from agent.sockets import Scanner, Socket, cgroup_paths, parse

ID = "ab" * 32


def test_real_sockets_are_found_and_nothing_is_parsed_twice() -> None:
    scanner = Scanner()
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        first = scanner.scan()
        found = {(one.protocol, one.address, one.port) for one in first}
        assert ("tcp", "127.0.0.1", tcp.getsockname()[1]) in found
        assert ("udp", "127.0.0.1", udp.getsockname()[1]) in found
        assert scanner.scan() == first
        gone = ("tcp", "127.0.0.1", tcp.getsockname()[1])
    assert gone not in {(one.protocol, one.address, one.port) for one in scanner.scan()}
    scanner.close()


def message(address: str, port: int, *attributes: bytes) -> bytes:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    raw = socket.inet_pton(family, address).ljust(16, b"\0")
    identity = struct.pack(">HH", port, 0) + raw + bytes(16) + bytes(12)
    body = struct.pack("=BBBB", family, 10, 0, 0) + identity + bytes(20) + b"".join(attributes)
    return struct.pack("=IHHII", 16 + len(body), 20, 2, 1, 1) + body


def attribute(kind: int, value: bytes) -> bytes:
    return (struct.pack("=HH", 4 + len(value), kind) + value).ljust((4 + len(value) + 3) & ~3, b"\0")


def test_a_socket_for_both_families_counts_twice() -> None:
    cgroup = attribute(21, struct.pack("=Q", 4711))
    dump = message("::", 80, attribute(11, b"\0"), cgroup) + message("::", 81, attribute(11, b"\1"), cgroup)
    assert parse(dump + message("10.0.2.15", 82), "tcp") == [
        Socket("tcp", "::", 80, 4711),
        Socket("tcp", "0.0.0.0", 80, 4711),
        Socket("tcp", "::", 81, 4711),
        Socket("tcp", "10.0.2.15", 82, 0),
    ]


def test_cgroups_are_found_by_number(tmp_path: Path) -> None:
    deep = tmp_path / "system.slice" / "ssh.service"
    deep.mkdir(parents=True)
    (tmp_path / "user.slice").mkdir()
    number = deep.stat().st_ino
    assert cgroup_paths({number, 1}, str(tmp_path)) == {number: "system.slice/ssh.service"}


def test_services_are_told_from_the_guests_own() -> None:
    cgroups = {
        1: "system.slice/ssh.service",
        2: "system.slice/docker.service",
        3: f"user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope/container",
        4: f"machine.slice/libpod-conmon-{ID}.scope",
        5: "user.slice/user-1000.slice/user@1000.service/user.slice/podman-346.scope",
        6: "user.slice/user-1000.slice/user@1000.service/app.slice/podman.service",
        7: "system.slice/linnet-agent.service",
    }
    sockets = [
        Socket("tcp", "0.0.0.0", 22, 1),
        Socket("tcp", "127.0.0.1", 3000, 1),
        Socket("tcp", "0.0.0.0", 8080, 2),
        Socket("tcp", "0.0.0.0", 8081, 4),
        Socket("tcp", "0.0.0.0", 8082, 5),
        Socket("tcp", "0.0.0.0", 8083, 6),
        Socket("tcp", "10.0.2.15", 40000, 7),
        Socket("udp", "10.88.0.1", 53, 0),
        Socket("udp", "0.0.0.0", 53, 3),
        Socket("udp", "0.0.0.0", 45678, 1),
        Socket("udp", "::1", 5353, 1),
        Socket("tcp", "::", 22, 3),
    ]
    assert select(sockets, cgroups) == {
        Listener("tcp", "127.0.0.1", 3000),
        Listener("udp", "0.0.0.0", 53, ID),
        Listener("udp", "::1", 5353),
        Listener("tcp", "::", 22, ID),
    }


def test_containers_are_recognised_by_their_cgroup() -> None:
    assert container_of(f"system.slice/docker-{ID}.scope") == ID
    assert container_of(f"docker/{ID}") == ID
    assert container_of(f"user.slice/libpod-{ID}.scope/container") == ID
    assert container_of(f"user.slice/libpod-conmon-{ID}.scope") is None
    assert container_of("system.slice/ssh.service") is None
