"""Tests of the picture of who talks to whom: its sense, its layout, its keys."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.gui.pages.networks import words
from app.gui.pages.networks.layout import ALONE, Box, Layout, arrange
from app.gui.pages.networks.picture import NetworkPicture
from app.gui.pages.networks.topology import Topology, topology
from app.gui.services import Services
from tests.gui.acts import Go
from tests.gui.fake import FakeLinnet


def network(name: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Id": f"id-{name}", "IPAM": {"Config": [{"Subnet": "10.1.0.0/24"}]}, **more}


def container(name: str, *networks: str, state: str = "running") -> dict[str, Any]:
    endpoints = {one: {"IPAddress": "10.1.0.2"} for one in networks} or None
    return {"Id": f"c-{name}", "Names": [f"/{name}"], "State": state, "NetworkSettings": {"Networks": endpoints}}


def small() -> Topology:
    return topology(
        [network("front"), network("back", Internal=True), network("empty"), network("bridge")],
        [
            container("proxy", "front"),
            container("web", "front", "back"),
            container("db", "back"),
            container("old", "back", state="exited"),
            container("solo"),
            container("asleep", state="exited"),
            container("pod", "pasta"),
        ],
    )


def big() -> Topology:
    names = [f"net-{number}" for number in range(9)]
    rows = [container(f"one-{number}", names[number % 7]) for number in range(45)]
    rows += [container(f"two-{number}", *names[number % 5 : number % 5 + 2 + number % 3]) for number in range(15)]
    return topology([network(name) for name in names], rows)


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def inside(one: Box, other: Box) -> bool:
    return (
        other.x <= one.x
        and other.y <= one.y
        and one.x + one.width <= other.x + other.width
        and one.y + one.height <= other.y + other.height
    )


def test_who_can_talk_to_whom() -> None:
    seen = small()
    assert [one.name for one in seen.peers(seen.members["c-proxy"])] == ["web"]
    assert [one.name for one in seen.peers(seen.members["c-web"])] == ["db", "old", "proxy"]
    assert [one.name for one in seen.alone] == ["pod", "solo"]  # what does not run and is nowhere talks to nobody
    assert "bridge" not in seen.networks  # the engine's own, and empty


def test_words() -> None:
    assert words.all_lines(small()) == [
        "In back: db, old, web. It has no way out to the internet.",
        "Nobody is in empty.",
        "In front: proxy, web.",
        "db, in back (10.1.0.2), can talk to old, web.",
        "old, in back (10.1.0.2), can talk to db, web.",
        "proxy, in front (10.1.0.2), can talk to web.",
        "web, in back (10.1.0.2), front (10.1.0.2), can talk to db, old, proxy.",
        "pod is in no network: it reaches out, and is reached by its published ports.",
        "solo is in no network: it reaches out, and is reached by its published ports.",
    ]


@pytest.mark.parametrize("width", [220, 480, 960, 1800])
@pytest.mark.parametrize("seen", [small(), big(), topology([], [])], ids=["small", "big", "none"])
def test_nothing_overlaps_and_everything_is_there(seen: Topology, width: int) -> None:
    made = arrange(seen, width)
    assert made.chips.keys() == seen.members.keys() | {one.id for one in seen.alone}
    assert made.regions.keys() - {ALONE} == seen.networks.keys()
    boxes = list(made.chips.values())
    assert not [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)]
    regions = list(made.regions.values())
    assert not [pair for pair in itertools.combinations(regions, 2) if overlap(*pair)]
    whole = Box(0, 0, made.width, made.height)
    assert all(inside(box, whole) for box in boxes + regions)
    _check_places(seen, made)


def _check_places(seen: Topology, made: Layout) -> None:
    for member in seen.members.values():
        box = made.chips[member.id]
        if len(member.networks) == 1:
            assert inside(box, made.regions[next(iter(member.networks))])
        else:
            assert not any(overlap(box, region) for region in made.regions.values())
            assert {line for line in made.lines if line[0] == member.id} == {(member.id, n) for n in member.networks}


def test_keys_reach_everything(services: Services, qtbot: QtBot) -> None:
    picture = NetworkPicture(services.icons, services.theme)
    qtbot.addWidget(picture)
    picture.resize(900, 600)
    picture.show()
    picture.show_topology(small())
    reached, todo = set(), [("network", "back")]
    while todo:
        thing = todo.pop()
        reached.add(thing)
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            picture.choose(thing)
            QTest.keyClick(picture, key)
            if picture.chosen not in reached and picture.chosen is not None:
                todo.append(picture.chosen)
    assert reached == picture._things().keys()


def test_enter_opens_and_escape_lets_go(services: Services, qtbot: QtBot) -> None:
    picture = NetworkPicture(services.icons, services.theme)
    qtbot.addWidget(picture)
    picture.resize(900, 600)
    picture.show_topology(small())
    opened: list[tuple[str, str]] = []
    picture.opened.connect(lambda kind, key: opened.append((kind, key)))
    picture.choose(("container", "c-db"))
    QTest.keyClick(picture, Qt.Key.Key_Return)
    picture.choose(("network", "back"))
    QTest.keyClick(picture, Qt.Key.Key_Return)
    assert opened == [("container", "c-db"), ("network", "id-back")]
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert picture.chosen is None


def test_thousands_of_containers_do_not_hold_the_window_up(go: Go, fake: FakeLinnet, qtbot: QtBot) -> None:
    names = ["shop_default", "bridge"]
    fake.containers[:] = [container(f"many-{number}", names[number % 2]) for number in range(5000)]
    page = go("networks")
    containers = page.services.hub.containers
    containers.touch()
    qtbot.waitUntil(lambda: len(containers.rows) == 5000)
    qtbot.wait(50)
    page.picture_button.click()
    qtbot.waitUntil(lambda: page.picture.places.hidden == {"bridge": 2380, "shop_default": 2380})
    page.picture.choose(("container", "c-many-3"))
    qtbot.wait(50)
    assert page.sentence.text().endswith("many-1011 and 2491 more.")


def test_what_cannot_be_talked_to_is_dimmed(services: Services, qtbot: QtBot) -> None:
    picture = NetworkPicture(services.icons, services.theme)
    qtbot.addWidget(picture)
    picture.show_topology(small())
    assert picture._bright() is None
    picture.choose(("container", "c-proxy"))
    assert picture._bright() == {"c-proxy", "c-web", "front"}
    picture.set_search("SO")
    assert picture._bright() == {"c-solo"}
