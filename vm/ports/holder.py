"""Who holds a port of this computer."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

from vm.drivers.base import Protocol

_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


def find_holder(protocol: Protocol, address: str, port: int) -> str | None:
    """Return the program that keeps others from `address`:`port`, such as "nginx (process 4711)"; None when unknown.

    Blocking: it reads the table of all sockets.
    """
    import psutil  # here: it costs 20 ms, and is needed only when something is in the way

    kind = socket.SOCK_STREAM if protocol is Protocol.tcp else socket.SOCK_DGRAM
    for connection, process_id in _connections(protocol):
        if connection.type != kind or not connection.laddr or connection.laddr.port != port:
            continue
        if protocol is Protocol.tcp and connection.status != psutil.CONN_LISTEN:
            continue
        held = connection.laddr.ip
        if held != address and held not in _WILDCARDS and address not in _WILDCARDS:
            continue
        if process_id is None:
            return "a program of another user"
        with contextlib.suppress(psutil.Error):
            return f"{psutil.Process(process_id).name()} (process {process_id})"
        return f"process {process_id}"
    return None


def _connections(protocol: Protocol) -> Iterator[tuple[Any, int | None]]:
    import psutil

    try:
        for connection in psutil.net_connections(protocol.value):
            yield connection, connection.pid
    except psutil.AccessDenied:  # macOS shows the whole table to root only
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                for own in process.net_connections(protocol.value):
                    yield own, process.pid
