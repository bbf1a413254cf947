"""QEMU's answers about port forwards, as QEMU 10.0.2 gave them."""

from __future__ import annotations

from vm.drivers import hmp
from vm.drivers.base import Forward, Protocol
from vm.errors import ConflictError, GuestError

TCP = Forward(Protocol.tcp, "127.0.0.1", 42222, 22)
UDP = Forward(Protocol.udp, "127.0.0.1", 42222, 53)

LISTING = (
    "Hub -1 (hostnet0):\r\n"
    "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n"
    "  TCP[ESTABLISHED]   17       127.0.0.1 42222       10.0.2.15    22     0     0\r\n"
    "  TCP[HOST_FORWARD]  13               * 42223       10.0.2.15    53     0     0\r\n"
    "  TCP[HOST_FORWARD]  11       127.0.0.1 42222       10.0.2.15    22     0     0\r\n"
    "  UDP[HOST_FORWARD]  12       127.0.0.1 42222       10.0.2.15    53     0     0\r\n"
    "  UDP[236 sec]       16       127.0.0.1 42222       10.0.2.15    53     0     0\r\n"
)


def test_commands() -> None:
    assert hmp.add_command(TCP) == "hostfwd_add hostnet0 tcp:127.0.0.1:42222-10.0.2.15:22"
    assert hmp.remove_command(UDP) == "hostfwd_remove hostnet0 udp:127.0.0.1:42222"


def test_adding() -> None:
    assert hmp.add_error(TCP, "") is None
    error = hmp.add_error(TCP, "Could not set up host forwarding rule 'tcp:127.0.0.1:42222-10.0.2.15:22'\r\n")
    assert isinstance(error, ConflictError)
    assert "127.0.0.1:42222/tcp" in error.message
    assert error.detail == "Could not set up host forwarding rule 'tcp:127.0.0.1:42222-10.0.2.15:22'"


def test_removing() -> None:
    assert hmp.remove_error(TCP, "host forwarding rule for tcp:127.0.0.1:42222 removed\r\n") is None
    assert hmp.remove_error(TCP, "host forwarding rule for tcp:127.0.0.1:42222 not found\r\n") is None
    assert isinstance(hmp.remove_error(TCP, "unrecognized netdev id 'hostnet9'\r\n"), GuestError)


def test_listing_has_the_forwards_and_no_connections() -> None:
    everywhere = Forward(Protocol.tcp, "0.0.0.0", 42223, 53)
    assert hmp.parse_forwards(LISTING) == [everywhere, TCP, UDP]
    assert hmp.parse_forwards("") == []
