"""Tests of agent.engines.published."""

from __future__ import annotations

import pytest

from agent.engines.published import Asked, asked_in_list, asked_on_command_line, has_all, without_invented

RUN = ["podman", "run", "-d"]
WIDE = Asked("tcp", "0.0.0.0", range(8080, 8081), range(80, 81))


@pytest.mark.parametrize(
    "options",
    [
        ["-p", "0.0.0.0:8080:80"],
        ["-p0.0.0.0:8080:80"],
        ["-p=0.0.0.0:8080:80"],
        ["-itp", "0.0.0.0:8080:80/tcp"],
        ["--publish", "0.0.0.0:8080:80"],
        ["--publish=0.0.0.0:8080:80/TCP"],
    ],
)
def test_every_spelling_of_the_option(options: list[str]) -> None:
    assert asked_on_command_line([*RUN, *options, "web"], []) == [WIDE]


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("80", Asked("tcp", "", range(0), range(80, 81))),
        ("8080:80/udp", Asked("udp", "", range(8080, 8081), range(80, 81))),
        ("0.0.0.0::80", Asked("tcp", "0.0.0.0", range(0), range(80, 81))),
        ("[::1]:8080:80", Asked("tcp", "::1", range(8080, 8081), range(80, 81))),
        ("0.0.0.0:8000-8009:80-89", Asked("tcp", "0.0.0.0", range(8000, 8010), range(80, 90))),
    ],
)
def test_every_form_of_the_value(value: str, asked: Asked) -> None:
    assert asked_on_command_line([*RUN, "-p", value, "web"], []) == [asked]


@pytest.mark.parametrize("value", ["", "web", "1:2:3:4", "a:b:c"])
def test_what_is_no_port_is_ignored(value: str) -> None:
    assert asked_on_command_line([*RUN, "-p", value, "web"], []) == []
    assert asked_on_command_line([*RUN, "-p"], []) == []


def test_the_containers_own_words_are_not_podmans() -> None:
    command = ["server", "-p", "0.0.0.0:8080:80"]
    assert asked_on_command_line([*RUN, "-p", "8080:80", "web", *command], command) == [WIDE._replace(address="")]


@pytest.mark.parametrize("option", ["-ep", "-vp", "--publish-all", "--pod", "-P"])
def test_options_that_only_look_alike(option: str) -> None:
    assert asked_on_command_line([*RUN, option, "0.0.0.0:8080:80", "web"], []) == []


def test_the_list_of_containers_tells_of_those_made_over_the_api() -> None:
    entries = [
        {"host_ip": "0.0.0.0", "container_port": 80, "host_port": 8080, "range": 1, "protocol": "tcp"},
        {"host_ip": "", "container_port": 90, "host_port": 9000, "range": 2, "protocol": "tcp,udp"},
    ]
    rest = [Asked(protocol, "", range(9000, 9002), range(90, 92)) for protocol in ("tcp", "udp")]
    assert asked_in_list(entries) == [WIDE, *rest]


def binding(port: int, address: str = "0.0.0.0") -> dict[str, str]:
    return {"HostIp": address, "HostPort": str(port)}


def test_only_what_nobody_wrote_is_taken_away() -> None:
    bindings = {"80/tcp": [binding(8080), binding(9090)], "81/tcp": [binding(8081, "127.0.0.1")], "82/tcp": None}
    assert has_all(bindings)
    assert without_invented(bindings, [WIDE, Asked("tcp", "", range(9090, 9091), range(80, 81))]) == {
        "80/tcp": [binding(8080), binding(9090, "")],
        "81/tcp": [binding(8081, "127.0.0.1")],
        "82/tcp": [],
    }
    assert not has_all({"81/tcp": bindings["81/tcp"], "82/tcp": None})


@pytest.mark.parametrize(
    "asked",
    [
        [],
        [WIDE._replace(protocol="udp")],
        [WIDE._replace(ports=range(81, 82))],
        [WIDE._replace(guest_ports=range(8081, 8082))],
        [WIDE._replace(guest_ports=range(0)), WIDE._replace(address="", guest_ports=range(0))],
    ],
)
def test_in_doubt_a_port_stays_closed_to_the_network(asked: list[Asked]) -> None:
    assert without_invented({"80/tcp": [binding(8080)]}, asked) == {"80/tcp": [binding(8080, "")]}
