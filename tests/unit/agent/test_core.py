"""The core of the agent, event by event."""

from __future__ import annotations

import pytest

from agent.containers import Container, Published
from agent.core import (
    Connected,
    ContainerChanged,
    ContainersFound,
    ContainerStarted,
    Disconnected,
    Done,
    Drop,
    EngineChanged,
    Failed,
    Line,
    ListenersScanned,
    MountsScanned,
    ObjectChanged,
    Run,
    Sampled,
    Send,
    Watch,
)
from agent.ports import Listener
from agent.wire import Event, Failure, Result
from tests.unit.agent.playbook import HELLO, Playbook, request

WEB = Container("c1" * 32, "web", "nginx", 100, (Published("tcp", "0.0.0.0", 8080, ""),))
PROXY = Listener("tcp", "0.0.0.0", 8080)
SSH_TUNNEL = Listener("tcp", "127.0.0.1", 9000)


def web_port(name: str = "web") -> dict[str, object]:
    return {
        "protocol": "tcp",
        "guest_address": "0.0.0.0",
        "guest_port": 8080,
        "container_id": WEB.id,
        "container_name": name,
        "host_address": "",
        "host_port": 8080,
    }


def plain_port(listener: Listener) -> dict[str, object]:
    return {
        "protocol": listener.protocol,
        "guest_address": listener.address,
        "guest_port": listener.port,
        "container_id": listener.container_id,
        "container_name": None,
        "host_address": "",
        "host_port": listener.port,
    }


def changed(action: str, **more: object) -> ContainerChanged:
    return ContainerChanged({"action": action, "id": WEB.id, "name": "web", "image": "nginx", "labels": {}, **more})


def ports(added: list[dict[str, object]], removed: list[dict[str, object]]) -> Event:
    return Event("ports", {"added": added, "removed": removed})


def connected(connection: int = 1) -> Playbook:
    return Playbook() >> Connected(connection) << Send(connection, HELLO)


def subscribed_to_ports() -> Playbook:
    return connected().then(
        Playbook()
        >> request(1, 1, "subscribe", topics=["ports"])
        << Send(1, Result(1, {}))
        << Watch("engine", 0.0)
        << Watch("listeners", 0.0)
    )


def test_what_happens_to_images_needs_no_more_than_the_engine() -> None:
    pulled = {"type": "image", "action": "create", "id": "", "name": "nginx"}
    connected().then(
        Playbook()
        >> ObjectChanged(pulled)
        >> request(1, 1, "subscribe", topics=["objects"])
        << Send(1, Result(1, {}))
        << Watch("engine", 0.0)
        >> ObjectChanged(pulled)
        << Send(1, Event("objects", pulled))
        >> changed("start")
        >> request(1, 2, "unsubscribe", topics=["objects"])
        << Send(1, Result(2, {}))
        << Watch("engine", None)
        >> ObjectChanged(pulled)
    ).play()


def test_a_request_becomes_a_job_and_its_outcome_an_answer() -> None:
    connected().then(
        Playbook()
        >> request(1, 7, "disk.trim")
        << Run(1, "disk.trim", {})
        >> request(1, 8, "mounts.remove", guest_path="/x")
        << Run(2, "mounts.remove", {"guest_path": "/x"})
        >> Failed(2, "conflict", "/x is in use by bash (7).", "detail", "Stop that first.")
        << Send(1, Failure(8, "conflict", "/x is in use by bash (7).", "detail", "Stop that first."))
        >> Done(1, {"trimmed": 5})
        << Send(1, Result(7, {"trimmed": 5}))
    ).play()


def test_an_answer_for_a_host_that_is_gone_is_dropped() -> None:
    connected().then(
        Playbook() >> request(1, 7, "disk.trim") << Run(1, "disk.trim", {}) >> Disconnected(1) >> Done(1, {})
    ).play()


def test_a_bad_line_ends_its_own_connection_only() -> None:
    connected(1).then(connected(2)).then(
        Playbook()
        >> Line(1, b"{nonsense")
        << Drop(1, "not a message: b'{nonsense'")
        >> Disconnected(1)
        >> request(2, 1, "system.info")
        << Run(1, "system.info", {})
    ).play()


def test_a_host_must_not_send_answers() -> None:
    connected().then(
        Playbook() >> Line(1, b'{"id": 1, "result": {}}') << Drop(1, "a host sends requests, not Result")
    ).play()


def test_an_unknown_method_is_refused() -> None:
    connected().then(
        Playbook()
        >> request(1, 3, "coffee.make")
        << Send(1, Failure(3, "usage", "This agent has no method 'coffee.make'."))
    ).play()


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"topics": "ports"}, "`topics` is a list of names, `interval` a number of seconds."),
        ({"topics": ["stats"], "interval": "fast"}, "`topics` is a list of names, `interval` a number of seconds."),
        (
            {"topics": ["weather"]},
            "There is no topic 'weather'; there are engine, ports, containers, objects, stats, disk, mounts, idle.",
        ),
    ],
)
def test_a_bad_subscription_is_refused(params: dict[str, object], text: str) -> None:
    connected().then(Playbook() >> request(1, 1, "subscribe", **params) << Send(1, Failure(1, "usage", text))).play()


def test_ports_come_once_in_full_then_as_deltas() -> None:
    subscribed_to_ports().then(
        Playbook()
        >> EngineChanged("podman", True, "5.4.2", None)
        >> ListenersScanned(frozenset({SSH_TUNNEL}))
        << Send(1, ports([plain_port(SSH_TUNNEL)], []))
        >> changed("create")
        >> changed("start")
        >> ContainerStarted(WEB)
        << Send(1, ports([web_port()], []))
        >> ListenersScanned(frozenset({SSH_TUNNEL, PROXY}))
        >> ListenersScanned(frozenset({PROXY}))
        << Send(1, ports([], [plain_port(SSH_TUNNEL)]))
    ).play()


def test_a_proxy_that_outlives_its_container_is_no_service() -> None:
    subscribed_to_ports().then(
        Playbook()
        >> ContainersFound((WEB,))
        >> ListenersScanned(frozenset({PROXY}))
        << Send(1, ports([web_port()], []))
        >> changed("die", exit_code=0)
        << Send(1, ports([], [web_port()]))
        >> ListenersScanned(frozenset({PROXY}))
        >> ListenersScanned(frozenset())
        >> ListenersScanned(frozenset({PROXY}))
        << Send(1, ports([plain_port(PROXY)], []))
    ).play()


def test_a_socket_that_stays_after_its_container_is_a_service_after_all() -> None:
    script = subscribed_to_ports().then(
        Playbook()
        >> ContainersFound((WEB,))
        >> ListenersScanned(frozenset({PROXY}))
        << Send(1, ports([web_port()], []))
        >> changed("die", exit_code=0)
        << Send(1, ports([], [web_port()]))
    )
    for _ in range(4):
        script >> ListenersScanned(frozenset({PROXY}))
    (script >> ListenersScanned(frozenset({PROXY})) << Send(1, ports([plain_port(PROXY)], []))).play()


def test_a_service_in_a_container_with_the_guests_network_goes_with_the_container() -> None:
    inside = Listener("tcp", "0.0.0.0", 8099, WEB.id)
    bare = WEB._replace(published=())
    port = plain_port(inside) | {"container_name": "web"}
    subscribed_to_ports().then(
        Playbook()
        >> ContainersFound((bare,))
        >> ListenersScanned(frozenset({inside}))
        << Send(1, ports([port], []))
        >> changed("die", exit_code=0)
        << Send(1, ports([], [port]))
        >> ListenersScanned(frozenset())
    ).play()


def test_a_renamed_container_takes_its_port_along() -> None:
    renamed = changed("rename").data | {"name": "shop"}
    subscribed_to_ports().then(
        Playbook()
        >> ContainersFound((WEB,))
        >> ListenersScanned(frozenset())
        << Send(1, ports([web_port()], []))
        >> ContainerChanged(renamed)
        << Send(1, ports([web_port("shop")], [web_port()]))
    ).play()


def test_ports_stay_while_an_engine_is_away_and_go_when_another_is_used() -> None:
    subscribed_to_ports().then(
        Playbook()
        >> EngineChanged("podman", True, "5.4.2", None)
        >> ContainersFound((WEB,))
        >> ListenersScanned(frozenset())
        << Send(1, ports([web_port()], []))
        >> EngineChanged("podman", False, None, "the engine closed the connection")
        >> EngineChanged("podman", True, "5.4.2", None)
        >> ContainersFound((WEB,))
        >> EngineChanged("docker", False, None, "starting")
        << Send(1, ports([], [web_port()]))
    ).play()


def test_ports_list_is_answered_from_what_is_known() -> None:
    subscribed_to_ports().then(
        Playbook()
        >> request(1, 2, "ports.list")
        << Run(1, "ports.list", {})
        >> EngineChanged("podman", True, "5.4.2", None)
        >> ContainersFound((WEB,))
        >> ListenersScanned(frozenset())
        << Send(1, ports([web_port()], []))
        >> request(1, 3, "ports.list")
        << Send(1, Result(3, [web_port()]))
    ).play()


def test_the_engines_health_is_told_when_it_changes() -> None:
    up = {"kind": "docker", "healthy": True, "version": "26.1.5", "error": None}
    down = {"kind": "docker", "healthy": False, "version": None, "error": "gone"}
    connected().then(
        Playbook()
        >> request(1, 1, "subscribe", topics=["engine"])
        << Send(1, Result(1, {}))
        << Watch("engine", 0.0)
        >> EngineChanged("docker", True, "26.1.5", None)
        << Send(1, Event("engine", up))
        >> EngineChanged("docker", True, "26.1.5", None)
        >> EngineChanged("docker", False, None, "gone")
        << Send(1, Event("engine", down))
        >> Connected(2)
        << Send(2, HELLO)
        >> request(2, 1, "subscribe", topics=["engine"])
        << Send(2, Result(1, {}))
        << Send(2, Event("engine", down))
    ).play()


def test_sources_run_only_while_somebody_listens() -> None:
    sample: dict[str, object] = {"guest": {}, "containers": []}
    connected(1).then(connected(2)).then(
        Playbook()
        >> request(1, 1, "subscribe", topics=["stats"], interval=5)
        << Send(1, Result(1, {}))
        << Watch("engine", 0.0)
        << Watch("stats", 5.0)
        >> request(2, 1, "subscribe", topics=["stats"], interval=0.001)
        << Send(2, Result(1, {}))
        << Watch("stats", 0.2)
        >> Sampled("stats", sample)
        << Send(1, Event("stats", sample))
        << Send(2, Event("stats", sample))
        >> request(2, 2, "unsubscribe", topics=["stats", "ports"])
        << Send(2, Result(2, {}))
        << Watch("stats", 5.0)
        >> Disconnected(1)
        << Watch("engine", None)
        << Watch("stats", None)
        >> Sampled("stats", sample)
        >> EngineChanged("podman", True, "5.4.2", None)
    ).play()


def test_subscriptions_add_up_and_each_begins_with_everything() -> None:
    subscribed_to_ports().then(
        Playbook()
        >> ListenersScanned(frozenset({SSH_TUNNEL}))
        << Send(1, ports([plain_port(SSH_TUNNEL)], []))
        >> request(1, 2, "subscribe", topics=["disk", "ports"])
        << Send(1, Result(2, {}))
        << Watch("disk", 0.0)
        << Send(1, ports([plain_port(SSH_TUNNEL)], []))
        >> ListenersScanned(frozenset())
        << Send(1, ports([], [plain_port(SSH_TUNNEL)]))
    ).play()


def test_mounts_come_as_deltas() -> None:
    home = {"guest_path": "/home/u", "kind": "9p", "tag": "home", "read_only": False, "mounted": True}
    connected().then(
        Playbook()
        >> request(1, 1, "subscribe", topics=["mounts"])
        << Send(1, Result(1, {}))
        << Watch("mounts", 0.0)
        >> MountsScanned(())
        << Send(1, Event("mounts", {"added": [], "removed": []}))
        >> MountsScanned((home,))
        << Send(1, Event("mounts", {"added": [home], "removed": []}))
        >> MountsScanned((home,))
        >> MountsScanned(())
        << Send(1, Event("mounts", {"added": [], "removed": [home]}))
    ).play()


def test_container_events_go_to_those_who_asked_for_them() -> None:
    died = changed("die", exit_code=137, oom=True)
    connected(1).then(connected(2)).then(
        Playbook()
        >> request(1, 1, "subscribe", topics=["containers"])
        << Send(1, Result(1, {}))
        << Watch("engine", 0.0)
        >> died
        << Send(1, Event("containers", died.data))
    ).play()


def test_a_playbook_that_is_not_followed_shows_the_difference() -> None:
    with pytest.raises(AssertionError, match=r"-<< Send\(connection=2") as failure:
        (Playbook() >> Connected(1) << Send(2, HELLO)).play()
    assert "+<< Send(connection=1" in str(failure.value)
