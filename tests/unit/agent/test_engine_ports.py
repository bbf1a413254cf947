"""Published ports as the engines tell them, against answers recorded from Podman 5.4.2."""

from __future__ import annotations

from contextlib import closing

import pytest

from agent.containers import Container, Published
from agent.engines.base import wanted_address
from agent.engines.docker import Docker
from agent.engines.podman import Podman
from agent.loop import Loop
from tests.unit.agent.test_engines import Recording, engine, inspected, recorded

__all__ = ["engine"]  # a fixture

LIBPOD = "/v4.0.0/libpod"


def look(recording: Recording, *containers: str) -> list[tuple[Container | None, Container | None]]:
    """What Podman says of containers, by the names of their recordings: as they run, and as they are to run."""
    podman = Podman(1000)
    podman.socket = recording.path
    recording.answers[f"{LIBPOD}/containers/json"] = recorded("podman-of-list.http")
    recording.answers[f"{LIBPOD}/pods/{inspected('podman-of-pod.http')['Id']}/json"] = recorded("podman-of-pod.http")
    loop, found = Loop(), []

    async def main() -> None:
        for name in containers:
            answer = f"podman-of-{name}.http"
            container = inspected(answer)["Id"]
            recording.answers[f"{LIBPOD}/containers/{container}/json"] = recorded(answer)
            with closing(podman.connect(loop)) as connection:
                found.append(await podman.look(connection, container))

    loop.run(main())
    return found


def test_podmans_own_command_line_tells_what_the_user_wrote(engine: Recording) -> None:
    """`podman run -p 0.0.0.0:18080:80 -p 18081:80 -p 127.0.0.1:18082:81/udp hello … -p 0.0.0.0:18081:80`."""
    [(running, expected)] = look(engine, "cli")
    assert running is None
    assert expected is not None
    assert (expected.name, expected.image) == ("cli", "localhost/hello:latest")
    assert expected.published == (
        Published("tcp", "0.0.0.0", 18080, "0.0.0.0"),
        Published("tcp", "0.0.0.0", 18081, ""),
        Published("udp", "127.0.0.1", 18082, "127.0.0.1"),
    )


def test_a_container_of_the_docker_api_is_looked_up_in_the_list(engine: Recording) -> None:
    """`docker run -p 0.0.0.0:18090:80 -p 18091:81/udp`."""
    [(_, expected)] = look(engine, "api")
    assert expected is not None
    assert expected.published == (
        Published("tcp", "0.0.0.0", 18090, "0.0.0.0"),
        Published("udp", "0.0.0.0", 18091, ""),
    )


def test_all_containers_of_a_pod_have_what_was_asked_for_the_pod(engine: Recording) -> None:
    """`podman pod create -p 0.0.0.0:18100:80 -p 18101:81`; both answers hold the ports, as one must be either's."""
    for running, _ in look(engine, "infra", "member"):
        assert running is not None
        assert running.pid > 0
        assert running.published == (
            Published("tcp", "0.0.0.0", 18100, "0.0.0.0"),
            Published("tcp", "0.0.0.0", 18101, ""),
        )


def test_published_ports_of_moby() -> None:
    data = {
        "Id": "c1",
        "Name": "/web",
        "State": {"Running": True, "Pid": 7},
        "Config": {"Image": "nginx"},
        "HostConfig": {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}},
        "NetworkSettings": {
            "Ports": {"80/tcp": [{"HostIp": a, "HostPort": "8080"} for a in ("0.0.0.0", "::")], "443/tcp": None}
        },
    }
    container = Docker().read_container(data)
    assert container is not None
    assert container.published == (Published("tcp", "0.0.0.0", 8080, ""), Published("tcp", "::", 8080, ""))
    before = Docker().read_expected(data)
    assert before is not None
    assert before.published == container.published


@pytest.mark.parametrize(
    ("address", "port", "given", "expected"),
    [
        ("0.0.0.0", "8080", [("0.0.0.0", "8080")], "0.0.0.0"),
        ("0.0.0.0", "9090", [("0.0.0.0", "8080"), ("", "9090")], ""),
        ("0.0.0.0", "9090", [("0.0.0.0", "8080"), ("0.0.0.0", "")], "0.0.0.0"),
        ("0.0.0.0", "9090", [("0.0.0.0", ""), ("", "")], ""),
        ("127.0.0.1", "9090", [("127.0.0.1", "9090"), ("", "")], "127.0.0.1"),
        ("::", "8080", [("0.0.0.0", "8080")], ""),
    ],
)
def test_the_address_that_the_user_gave(address: str, port: str, given: list[tuple[str, str]], expected: str) -> None:
    assert wanted_address(address, port, [{"HostIp": one, "HostPort": at} for one, at in given]) == expected


def test_a_port_that_the_engine_will_choose_is_not_guessed() -> None:
    data = {"Id": "c1", "HostConfig": {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": ""}]}}}
    assert Docker().read_expected(data) is None
