"""Tests of the page of networks: the list, its dialogs, and what they ask the engine for."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.gui.pages.networks.create import mistake
from app.gui.pages.networks.page import NetworksPage
from app.gui.window import MainWindow
from tests.gui.acts import Go, cells, dialog, press
from tests.gui.fake import FakeLinnet, Reply

HELD = '"back" has associated containers with it: network is being used'


def add_network(fake: FakeLinnet, name: str, subnet: str, **more: Any) -> dict[str, Any]:
    made = copy.deepcopy(fake.networks[0])
    made.update({"Name": name, "Id": name.encode().hex().ljust(64, "0"), "Labels": {}, **more})
    made["IPAM"]["Config"] = [{"Subnet": subnet, "Gateway": subnet.replace("0/24", "1")}]
    fake.networks.append(made)
    return made


def add_container(fake: FakeLinnet, name: str, network: str) -> None:
    made = copy.deepcopy(fake.containers[0])
    made.update({"Id": name.encode().hex().ljust(64, "0"), "Names": [f"/{name}"], "Labels": {}})
    made["NetworkSettings"] = {"Networks": {network: {"IPAddress": "10.44.0.5", "Aliases": None}}}
    fake.containers.append(made)


@pytest.fixture
def page(fake: FakeLinnet, go: Go, qtbot: QtBot) -> NetworksPage:
    add_network(fake, "back", "10.44.0.0/24", Internal=True)
    shown: NetworksPage = go("networks")
    fake.tell("network", {"action": "create", "name": "back"})
    qtbot.waitUntil(lambda: shown.model.shown == 3 and bool(shown.services.hub.containers.rows))
    return shown


def key(page: NetworksPage, name: str) -> str:
    return next(key for key, one in page.model.known.items() if one["Name"] == name)


def container(fake: FakeLinnet, name: str) -> str:
    return str(next(one["Id"] for one in fake.containers if one["Names"] == [f"/{name}"]))


def texts(page: NetworksPage, name: str) -> list[str]:
    return cells(page, key(page, name))


def test_rows(page: NetworksPage) -> None:
    assert texts(page, "shop_default") == [
        "shop_default", "10.89.0.0/24", "shop-db-1, shop-web-1", "bridge", "Internet", "shop",
    ]  # fmt: skip
    assert texts(page, "back")[2:5] == ["none", "bridge", "Internal"]


def test_the_detail_names_containers_with_their_addresses(page: NetworksPage) -> None:
    page.view.select([key(page, "shop_default")])
    first = page.detail.members.topLevelItem(0)
    assert first is not None
    assert [first.text(place) for place in range(3)] == ["shop-db-1", "10.89.0.2", "db"]
    assert page.detail.facts.told["Gateway"] == "10.89.0.1"


def test_a_container_that_comes_is_seen(page: NetworksPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    page.view.select([key(page, "back")])
    row = next(one for one in fake.containers if one["Names"] == ["/ticker"])
    row["NetworkSettings"] = {"Networks": {"back": {"IPAddress": "10.44.0.9", "Aliases": None}}}
    fake.tell("container", {"action": "start", "id": row["Id"], "name": "ticker"})
    qtbot.waitUntil(lambda: texts(page, "back")[2] == "ticker")
    assert page.detail.members.topLevelItemCount() == 1


def test_create(page: NetworksPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/networks/create", lambda _request: Reply({"Id": "1" * 64, "Warning": ""}, 201))
    made = page.create_network()
    assert not made.yes.isEnabled()
    made.name.setText("front")
    made.subnet.setText("10.50.0.0/24")
    made.gateway.setText("10.50.0.254")
    made.internal.setChecked(True)
    made.ipv6.setChecked(True)
    add_network(fake, "front", "10.50.0.0/24")
    made.yes.click()
    qtbot.waitUntil(lambda: page.model.shown == 4)
    assert fake.docker.asked("POST", "/networks/create")[0].body == {
        "Name": "front",
        "Driver": "bridge",
        "Internal": True,
        "EnableIPv6": True,
        "CheckDuplicate": True,
        "IPAM": {"Config": [{"Subnet": "10.50.0.0/24", "Gateway": "10.50.0.254"}]},
    }
    assert window.toasts == ["Network 'front' is created."]


def test_create_without_addresses_leaves_them_to_the_engine(page: NetworksPage) -> None:
    made = page.create_network()
    made.name.setText("front")
    made.driver.setCurrentIndex(1)
    assert made.body()["Driver"] == "macvlan"
    assert "IPAM" not in made.body()
    made.reject()


@pytest.mark.parametrize(
    ("name", "subnet", "gateway", "wrong"),
    [
        ("new", "", "", ""),
        ("new", "10.60.0.0/24", "10.60.0.1", ""),
        ("new", "fd00:1::/64", "", ""),
        ("back", "", "", "already"),
        ("new", "10.60.0.0/99", "", "no address range"),
        ("new", "10.60.0.1/24", "", "no address range"),
        ("new", "10.44.0.0/16", "", "'back' has addresses of that range: 10.44.0.0/24"),
        ("new", "10.60.0.0/24", "10.61.0.1", "not in the address range"),
        ("new", "10.60.0.0/24", "x", "no address"),
        ("new", "", "10.60.0.1", "needs an address range"),
    ],
)
def test_mistakes_are_told_before_the_engine_is_asked(name: str, subnet: str, gateway: str, wrong: str) -> None:
    existing: list[dict[str, Any]] = [{"Name": "back", "IPAM": {"Config": [{"Subnet": "10.44.0.0/24"}]}}]
    found = mistake(name, subnet, gateway, existing)
    assert (wrong in found) if wrong else not found


def test_an_error_of_the_engine_is_told(page: NetworksPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/networks/create", lambda _request: Reply({"message": "subnet is used elsewhere"}, 500))
    made = page.create_network()
    made.name.setText("front")
    made.yes.click()
    qtbot.waitUntil(lambda: window.toasts == ["Subnet is used elsewhere."])


def test_connect(page: NetworksPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/networks/[^/]+/connect", lambda _request: Reply(None, 200))
    add_container(fake, "lonely", "back")
    page.services.hub.containers.touch()
    qtbot.waitUntil(lambda: texts(page, "back")[2] == "lonely")
    page.view.select([key(page, "shop_default")])
    made = page.connect_container()
    assert made is not None
    names = [made.container.itemText(place) for place in range(made.container.count())]
    assert "ticker" in names
    assert "shop-db-1" not in names  # it is in it already
    made.container.setCurrentIndex(names.index("lonely"))
    made.aliases.setText("clock, time")
    made.address.setText("10.89.0.77")
    made.accept()
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", "/networks/[^/]+/connect")))
    request = fake.docker.asked("POST", "/networks/[^/]+/connect")[0]
    assert request.path == f"/networks/{key(page, 'shop_default')}/connect"
    assert request.body == {
        "Container": container(fake, "lonely"),
        "EndpointConfig": {"Aliases": ["clock", "time"], "IPAMConfig": {"IPv4Address": "10.89.0.77"}},
    }


def test_connect_says_whom_rootless_podman_cannot_connect(page: NetworksPage) -> None:
    page.view.select([key(page, "back")])
    made = page.connect_container()
    assert made is not None
    made.container.setCurrentIndex(made.container.findText("ticker"))
    assert not made.yes.isEnabled()
    assert "--network back" in made.note.text()
    made.container.setCurrentIndex(made.container.findText("shop-db-1"))
    assert made.yes.isEnabled()
    made.reject()


def test_disconnect_asks(page: NetworksPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.docker.on("POST", "/networks/[^/]+/disconnect", lambda _request: Reply(None, 200))
    page.view.select([key(page, "shop_default")])
    first = page.detail.members.topLevelItem(0)
    assert first is not None
    first.setSelected(True)
    page.detail.disconnect_button.click()
    assert not fake.docker.asked("POST", "/networks/[^/]+/disconnect")
    press(dialog(window), "Disconnect")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("POST", "/networks/[^/]+/disconnect")))
    body = fake.docker.asked("POST", "/networks/[^/]+/disconnect")[0].body
    assert body == {"Container": container(fake, "shop-db-1"), "Force": False}


def test_remove_names_who_is_in_it(page: NetworksPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    fake.docker.on("DELETE", "/networks/.+", lambda _request: Reply({"message": HELD}, 500))
    page.view.select([key(page, "shop_default")])
    page.remove_button.click()
    asked = dialog(window)
    losses = asked.findChildren(QPlainTextEdit)[0].toPlainText()
    assert losses == "shop-db-1 is in shop_default\nshop-web-1 is in shop_default"
    press(asked, "Remove")
    qtbot.waitUntil(lambda: window.toasts == [f"{HELD}."])
    assert page.model.shown == 3


def test_remove(page: NetworksPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    page.view.select([key(page, "back")])
    page.remove()
    fake.networks.pop()
    press(dialog(window), "Remove")
    qtbot.waitUntil(lambda: page.model.shown == 2)
    assert [one.path for one in fake.docker.asked("DELETE", "/networks/.+")] == [
        "/networks/back"
    ]  # by its id Podman would not refuse


def test_the_engines_own_network_stays(page: NetworksPage) -> None:
    page.view.select([key(page, "bridge")])
    assert not page.remove_button.isEnabled()


def test_prune_says_which(page: NetworksPage, fake: FakeLinnet, window: MainWindow, qtbot: QtBot) -> None:
    page.prune()
    asked = dialog(window)
    assert asked.findChildren(QPlainTextEdit)[0].toPlainText() == "back"  # not the engine's own, not one in use
    press(asked, "Remove")
    qtbot.waitUntil(lambda: bool(fake.docker.asked("DELETE", "/networks/.+")))
    assert [one.path for one in fake.docker.asked("DELETE", "/networks/.+")] == [
        "/networks/back"
    ]  # by its id Podman would not refuse


def test_the_picture_follows_and_is_told_in_words(page: NetworksPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    page.picture_button.click()
    db, web = container(fake, "shop-db-1"), container(fake, "shop-web-1")
    qtbot.waitUntil(lambda: {db, web} <= page.picture.places.chips.keys())
    page.picture.choose(("container", db))
    assert page.sentence.text() == "shop-db-1, in shop_default (10.89.0.2), can talk to shop-web-1."
    assert page.picture.accessibleName() == page.sentence.text()
    assert "In shop_default: shop-db-1, shop-web-1." in page.picture.accessibleDescription()
    fake.tell("container", {"action": "remove", "id": web, "name": "shop-web-1"})
    qtbot.waitUntil(lambda: web not in page.picture.places.chips)
    assert page.sentence.text() == "shop-db-1, in shop_default (10.89.0.2), is alone there."


def test_enter_on_a_network_in_the_picture_shows_it_in_the_list(page: NetworksPage, qtbot: QtBot) -> None:
    page.picture_button.click()
    qtbot.waitUntil(lambda: "back" in page.picture.places.regions)
    page.picture.choose(("network", "back"))
    page.picture.opened.emit("network", key(page, "back"))
    assert page.body.currentIndex() == 0
    assert page.view.keys == [key(page, "back")]


def test_copy_as_text(page: NetworksPage, window: MainWindow, qtbot: QtBot) -> None:
    page.copy_text()
    qtbot.waitUntil(lambda: window.toasts == ["Copied."])
    assert "Nobody is in back." in QGuiApplication.clipboard().text()


def test_without_a_machine_the_page_says_so(page: NetworksPage, fake: FakeLinnet, qtbot: QtBot) -> None:
    page.picture_button.click()
    fake.tell_state("stopped")
    qtbot.waitUntil(lambda: not page.ready)
    assert "is stopped" in page.placeholder.text
