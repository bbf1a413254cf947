"""The sockets of the guest that wait for peers, read from the kernel (sock_diag over netlink)."""

from __future__ import annotations

import os
import socket
import struct
from typing import NamedTuple

_SOCK_DIAG_BY_FAMILY = 20
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_REQUEST_DUMP = 0x301
_V6_ONLY = 11
"""INET_DIAG_SKV6ONLY: 1 if the socket does not take IPv4 peers as well."""
_CGROUP_ID = 21
"""INET_DIAG_CGROUP_ID: inode number of the socket's cgroup folder."""
_TCP_LISTEN, _UDP_UNCONNECTED = 1 << 10, 1 << 7
_QUERIES = (
    (socket.AF_INET, socket.IPPROTO_TCP, _TCP_LISTEN),
    (socket.AF_INET6, socket.IPPROTO_TCP, _TCP_LISTEN),
    (socket.AF_INET, socket.IPPROTO_UDP, _UDP_UNCONNECTED),
    (socket.AF_INET6, socket.IPPROTO_UDP, _UDP_UNCONNECTED),
)
_PROTOCOLS = {socket.IPPROTO_TCP: "tcp", socket.IPPROTO_UDP: "udp"}

CGROUPS = "/sys/fs/cgroup"


class Socket(NamedTuple):
    """A listening TCP socket or an unconnected UDP socket."""

    protocol: str
    address: str
    port: int
    cgroup: int
    """Inode number of the cgroup's folder, 0 if unknown."""


class Scanner:
    """Asks the kernel again and again, and does the work only if something changed."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, 4)
        self._socket.settimeout(5)
        self._last: list[bytes] = []
        self._found: frozenset[Socket] = frozenset()

    def scan(self) -> frozenset[Socket]:
        """Return all sockets; the same object if nothing changed."""
        replies = [self._dump(*query) for query in _QUERIES]
        if replies != self._last:
            self._last = replies
            self._found = frozenset(
                found
                for (_family, protocol, _states), reply in zip(_QUERIES, replies, strict=True)
                for found in parse(reply, _PROTOCOLS[protocol])
            )
        return self._found

    def close(self) -> None:
        """Close the netlink socket."""
        self._socket.close()

    def _dump(self, family: int, protocol: int, states: int) -> bytes:
        body = struct.pack("=BBBBI48s", family, protocol, 0, 0, states, b"")
        self._socket.send(struct.pack("=IHHII", 16 + len(body), _SOCK_DIAG_BY_FAMILY, _REQUEST_DUMP, 1, 0) + body)
        pieces = []
        while True:
            piece = self._socket.recv(1 << 17)
            pieces.append(piece)
            if _is_last(piece):
                return b"".join(pieces)


def _is_last(data: bytes) -> bool:
    return any(kind in (_NLMSG_DONE, _NLMSG_ERROR) for kind, _body in _messages(data))


def _messages(data: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from("=IH", data, at)
        if length < 16:
            break
        found.append((kind, data[at + 16 : at + length]))
        at += (length + 3) & ~3
    return found


def parse(data: bytes, protocol: str) -> list[Socket]:
    """Return the sockets of a dump (struct inet_diag_msg and its attributes); one for both families counts twice."""
    found = []
    for kind, body in _messages(data):
        if kind != _SOCK_DIAG_BY_FAMILY or len(body) < 72:
            continue
        family = body[0]
        port = int.from_bytes(body[4:6], "big")
        raw = body[8:12] if family == socket.AF_INET else body[8:24]
        address = socket.inet_ntop(socket.AF_INET if family == socket.AF_INET else socket.AF_INET6, raw)
        cgroup = _attribute(body[72:], _CGROUP_ID)
        found.append(Socket(protocol, address, port, cgroup))
        if address == "::" and not _attribute(body[72:], _V6_ONLY):
            found.append(Socket(protocol, "0.0.0.0", port, cgroup))  # noqa: S104 - reported, not bound
    return found


def _attribute(data: bytes, wanted: int) -> int:
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if length < 4:
            break
        if kind == wanted:
            return int.from_bytes(data[at + 4 : at + length], "little")
        at += (length + 3) & ~3
    return 0


def cgroup_paths(wanted: set[int], root: str = CGROUPS) -> dict[int, str]:
    """Return the path below `root` for each inode number of a cgroup folder, as far as they exist."""
    found: dict[int, str] = {}
    folders = [""]
    while folders and len(found) < len(wanted):
        folder = folders.pop()
        try:
            with os.scandir(f"{root}/{folder}") as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        path = f"{folder}/{entry.name}" if folder else entry.name
                        folders.append(path)
                        if entry.inode() in wanted:
                            found[entry.inode()] = path
        except FileNotFoundError:
            continue  # ended meanwhile
    return found
