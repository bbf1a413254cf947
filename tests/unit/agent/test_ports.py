"""Tests of agent.ports."""

from __future__ import annotations

import pytest

from agent.containers import Container, Published
from agent.ports import Listener, Port, covers, merge

WEB = Container("c1", "web", "nginx", 1, (Published("tcp", "0.0.0.0", 80, ""), Published("tcp", "::", 80, "")))


def test_both_families_of_a_published_port_are_there_and_its_proxy_is_not() -> None:
    found = merge([WEB], [Listener("tcp", "0.0.0.0", 80), Listener("tcp", "::", 80), Listener("udp", "0.0.0.0", 80)])
    assert found == {
        Port("tcp", "0.0.0.0", 80, "c1", "web", "", 80),
        Port("tcp", "::", 80, "c1", "web", "", 80),
        Port("udp", "0.0.0.0", 80, None, None, "", 80),
    }


def test_a_service_beside_a_port_published_on_another_address_is_there_too() -> None:
    container = WEB._replace(published=(Published("tcp", "127.0.0.1", 80, "127.0.0.1"),))
    found = merge([container], [Listener("tcp", "::1", 80), Listener("tcp", "127.0.0.1", 80)])
    assert {(port.guest_address, port.container_id) for port in found} == {("127.0.0.1", "c1"), ("::1", None)}


def test_a_listener_in_the_guests_network_is_named_by_its_container() -> None:
    found = merge([WEB._replace(published=())], [Listener("tcp", "0.0.0.0", 81, "c1"), Listener("tcp", "::", 82, "c2")])
    assert {(port.guest_port, port.container_id, port.container_name) for port in found} == {
        (81, "c1", "web"),
        (82, "c2", None),
    }


@pytest.mark.parametrize(
    ("published", "listening", "expected"),
    [
        ("0.0.0.0", "0.0.0.0", True),
        ("0.0.0.0", "::", True),
        ("127.0.0.1", "0.0.0.0", True),
        ("127.0.0.1", "::1", False),
    ],
)
def test_covers(published: str, listening: str, expected: bool) -> None:
    assert covers(published, listening) is expected
