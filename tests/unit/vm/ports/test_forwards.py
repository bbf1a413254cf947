"""Playbooks of the planner: ports of the guest in, wanted forwards out."""

from __future__ import annotations

import pytest

from vm.drivers.base import Protocol
from vm.ports.forwards import GuestPort, HostPort, Wanted, plan


def port(
    guest: str,
    number: int = 8080,
    *,
    host: str = "",
    protocol: str = "tcp",
    container: str = "web",
) -> GuestPort:
    return GuestPort.from_json(
        {
            "protocol": protocol,
            "guest_address": guest,
            "guest_port": number,
            "container_id": f"id-{container}" if container else None,
            "container_name": container or None,
            "host_address": host,
            "host_port": number,
        }
    )


def one(*ports: GuestPort, **settings: object) -> Wanted:
    (wanted,) = plan(ports, **settings).values()  # type: ignore[arg-type]
    return wanted


@pytest.mark.parametrize(
    ("given", "host", "via", "target"),
    [
        (port("0.0.0.0"), "127.0.0.1", "hostfwd", "10.0.2.15"),
        (port("10.0.2.15"), "127.0.0.1", "hostfwd", "10.0.2.15"),
        (port("0.0.0.0", protocol="udp"), "127.0.0.1", "hostfwd", "10.0.2.15"),
        (port("0.0.0.0", host="0.0.0.0"), "0.0.0.0", "hostfwd", "10.0.2.15"),
        (port("127.0.0.1", host="127.0.0.1"), "127.0.0.1", "ssh", "127.0.0.1"),
        (port("127.0.0.5", host="127.0.0.5"), "127.0.0.5", "ssh", "127.0.0.5"),
        (port("127.0.0.1", host="127.0.0.1", protocol="udp"), "127.0.0.1", "relay", "127.0.0.1"),
        (port("::"), "127.0.0.1", "ssh", "::1"),
        (port("::", protocol="udp"), "127.0.0.1", "relay", "::1"),
        (port("::1", host="::1"), "::1", "ssh", "::1"),
        (port("::", host="::"), "::", "ssh", "::1"),
        (port("0.0.0.0", host="::1"), "::1", "ssh", "127.0.0.1"),
        (port("127.0.0.1", container=""), "127.0.0.1", "ssh", "127.0.0.1"),
    ],
)
def test_ways(given: GuestPort, host: str, via: str, target: str) -> None:
    wanted = one(given)
    assert (wanted.host.address, wanted.via, wanted.target, wanted.error) == (host, via, target, "")


def test_another_default_address_is_for_published_ports_only() -> None:
    assert one(port("0.0.0.0"), default_address="0.0.0.0").host.address == "0.0.0.0"
    assert one(port("0.0.0.0", container=""), default_address="0.0.0.0").host.address == "127.0.0.1"
    assert one(port("127.0.0.1"), default_address="0.0.0.0").host.address == "127.0.0.1"
    assert one(port("0.0.0.0", host="127.0.0.1"), default_address="0.0.0.0").host.address == "127.0.0.1"
    assert one(port("0.0.0.0"), default_address="::1").via == "ssh"


def test_both_families_of_docker_are_one_forward() -> None:
    wanted = one(port("::"), port("0.0.0.0"))
    assert wanted.via == "hostfwd"
    assert wanted.companion == "::1"


def test_companions_only_where_no_address_was_given() -> None:
    assert one(port("0.0.0.0"), default_address="0.0.0.0").companion == "::"
    assert one(port("0.0.0.0", host="127.0.0.1")).companion == ""
    assert one(port("0.0.0.0", protocol="udp")).companion == ""


def test_published_ports_win_over_plain_services() -> None:
    wanted = one(port("127.0.0.1", container=""), port("0.0.0.0", container="web"))
    assert wanted.guest.container_name == "web"
    wanted = one(port("0.0.0.0", container=""), port("127.0.0.1", container="web"))
    assert wanted.guest.container_name == "web"


def test_plain_services_can_be_left_out() -> None:
    assert plan([port("0.0.0.0", container="")], include_services=False) == {}


def test_linnets_own_ports_are_never_given_away() -> None:
    assert "Linnet itself" in one(port("0.0.0.0", 42022), reserved={42022}).error
    assert one(port("0.0.0.0", 42022, protocol="udp"), reserved={42022}).error == ""


def test_udp_on_ipv6_of_the_host_says_no() -> None:
    assert "IPv4" in one(port("::", host="::", protocol="udp")).error


def test_how_host_ports_are_written() -> None:
    assert str(HostPort(Protocol.tcp, "127.0.0.1", 80)) == "127.0.0.1:80/tcp"
    assert str(HostPort(Protocol.udp, "::1", 53)) == "[::1]:53/udp"


def test_many_ports() -> None:
    wanted = plan([port("0.0.0.0", number) for number in range(1000, 2000)])
    assert len(wanted) == 1000
