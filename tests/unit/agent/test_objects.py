"""Images, volumes and networks, as Podman 5.4.2 and Moby 26.1.5 tell of them: the same actions, recorded from both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.engines import objects
from agent.engines.podman import read_log_line

DATA = Path(__file__).parent / "data"

BUSYBOX_OF_PODMAN = "sha256:b4fdadcb0593f907d0a43a733bd447b2c627bc8bee8b155ec5efd3173cae9dc1"
BUSYBOX_OF_MOBY = "sha256:1dc76832992ad3eb91c7060b858dcedf1fba677f1c846bacbe13912159cdcd5b"
FINCH = "sha256:b0ac18b7b7550d34cce7cbba1fc0e0e406faa5afb3911a59959fe27182d0530e"
WREN = "sha256:8dbcb81c1091f9afa4011aa76edd589de17d3e91917ee70d256106e0372e2264"


def logged() -> list[dict[str, Any]]:
    """What Podman's log tells."""
    lines = (DATA / "podman-objects.log").read_bytes().splitlines()
    return [event.data for line in lines for event in read_log_line(line) if event.topic == "objects"]


def streamed(engine: str) -> list[dict[str, Any]]:
    """What the event stream of an engine tells."""
    entries = [line for line in (DATA / f"{engine}-objects.http").read_bytes().splitlines() if line.startswith(b"{")]
    return [event for line in entries if (event := objects.read_api(json.loads(line))) is not None]


def of(kind: str, events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Action and name of the events of one type."""
    return [(event["action"], event["name"]) for event in events if event["type"] == kind]


@pytest.mark.parametrize("events", [logged(), streamed("podman"), streamed("docker")])
def test_volumes(events: list[dict[str, Any]]) -> None:
    told = of("volume", events)
    named = [event for event in told if event[1].startswith("vol")]
    assert named == [("create", "vol1"), ("create", "vol2"), ("remove", "vol1"), ("remove", "vol2")]
    (nameless,) = {name for _, name in told} - {"vol1", "vol2"}
    assert [action for action, name in told if name == nameless] == ["create", "remove"]
    assert all(event["id"] == event["name"] for event in events if event["type"] == "volume")


@pytest.mark.parametrize("events", [logged(), streamed("podman")])
def test_networks_of_podman(events: list[dict[str, Any]]) -> None:
    assert of("network", events) == [
        ("create", "net1"), ("create", "net2"), ("change", "net2"), ("change", "net2"), ("remove", "net1"),
    ]  # fmt: skip
    assert [event["id"][:6] for event in events if event["type"] == "network"] == ["5d0ac0", "787751", "", "", "5d0ac0"]


def test_networks_of_moby() -> None:
    events = [event for event in of("network", streamed("docker")) if event != ("change", "bridge")]
    assert events == [
        ("create", "net1"), ("change", "net1"), ("create", "net2"), ("change", "net2"), ("change", "net2"),
        ("change", "net2"), ("change", "net1"), ("remove", "net1"), ("remove", "net2"),
    ]  # fmt: skip


@pytest.mark.parametrize("events", [logged()[2:], streamed("podman")])
def test_images_of_podman(events: list[dict[str, Any]]) -> None:
    told = [(event["action"], event["id"], event["name"]) for event in events if event["type"] == "image"]
    sparrow = told[1][2]
    assert sparrow.endswith("/sparrow:1")
    assert told[:6] == [
        ("change", BUSYBOX_OF_PODMAN, "busybox"),  # import
        ("change", BUSYBOX_OF_PODMAN, sparrow),  # tag; the push after it changes nothing
        ("change", BUSYBOX_OF_PODMAN, sparrow),  # rmi of one name of two
        ("remove", BUSYBOX_OF_PODMAN, sparrow),
        ("create", BUSYBOX_OF_PODMAN, sparrow),  # pull
        ("create", FINCH, ""),  # build
    ]
    assert ("remove", FINCH, "localhost/finch:1") in told
    assert ("create", "", "") in told  # commit
    assert told[-1] == ("remove", BUSYBOX_OF_PODMAN, "")  # prune


def test_an_archive_that_podman_loads_has_no_name() -> None:
    assert [(event["action"], event["name"]) for event in logged()[:2]] == [("create", "")] * 2


def test_images_of_moby() -> None:
    told = [(event["action"], event["id"], event["name"]) for event in streamed("docker") if event["type"] == "image"]
    sparrow = told[2][2]
    assert sparrow.endswith("/sparrow:1")
    assert told[:5] == [
        ("change", BUSYBOX_OF_MOBY, "busybox:latest"),  # import
        ("create", BUSYBOX_OF_MOBY, ""),
        ("change", BUSYBOX_OF_MOBY, sparrow),  # tag
        ("change", BUSYBOX_OF_MOBY, ""),  # rmi of one name of two
        ("create", "", sparrow),  # pull
    ]
    assert ("create", WREN, "") in told  # commit
    assert ("remove", WREN, "") in told
    assert told[-1] == ("remove", BUSYBOX_OF_MOBY, "")  # prune


def test_what_nobody_knows_goes_on_as_it_is_and_what_is_no_thing_does_not() -> None:
    assert objects.describe("volume", "shrink", "v", "") == {
        "type": "volume",
        "action": "shrink",
        "id": "v",
        "name": "v",
    }
    assert objects.describe("pod", "create", "p", "p") is None
    assert objects.read_api({"Type": "network", "Action": ""}) is None
