"""What front ends are told without asking: events of the engine, long work, samples of what is used."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.client import Client
from tests.vm.product import Product

BUSY = "while :; do sleep 0.1; done"


@pytest.fixture
def client(product: Product) -> Iterator[Client]:
    """A front end of its own."""
    with Client(product.layout, start=False) as made:
        yield made


@pytest.fixture
def busy(product: Product) -> Iterator[str]:
    """The ID of a container whose figures always change."""
    yield product.ok("run", "-d", "--name", "busy", "hello", "sh", "-c", BUSY).strip()
    product.ok("rm", "-f", "-t", "0", "busy")


def until_volume(events: Iterator[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Read events up to the one that tells of a volume."""
    found = []
    for event in events:
        found.append(event)
        if event["kind"] == "volume" and event["data"]["name"] == name:
            break
    return found


def test_images_volumes_and_networks(product: Product, client: Client) -> None:
    events = iter(client.stream("GET", "/v1/events"))
    product.ok("network", "create", "roost")
    product.ok("network", "rm", "roost")
    product.ok("tag", "hello", "wren:1")
    product.ok("rmi", "wren:1")
    product.ok("volume", "create", "nest")
    product.ok("volume", "rm", "nest")
    told = until_volume(events, "nest") + until_volume(events, "nest")
    things = [event["data"] for event in told if event["kind"] in {"image", "volume", "network"}]
    assert {event["machine"] for event in told} == {product.machine}
    assert [(one["type"], one["action"]) for one in things] == [
        ("network", "create"), ("network", "remove"), ("image", "change"), ("image", "change"), ("image", "remove"),
        ("volume", "create"), ("volume", "remove"),
    ]  # fmt: skip
    assert {one["name"] for one in things} == {"roost", "wren:1", "localhost/wren:1", "nest"}


def test_samples_end_with_a_suspend_and_hold_all_again_after_it(product: Product, client: Client, busy: str) -> None:
    path = f"/v1/machines/{product.machine}/stats"
    samples = iter(client.stream("GET", path, follow=True, interval=1))
    assert used(next(samples), busy) < used(next(samples), busy)
    counted: list[int] = []
    rest = threading.Thread(target=lambda: counted.extend(1 for _ in samples))
    rest.start()
    product.ok("machine", "suspend")
    rest.join(30)
    assert not rest.is_alive()
    product.ok("machine", "resume")
    with client.stream("GET", path, follow=True, interval=1) as again:
        figures = [used(next(iter(again)), busy)]
        # Later ones hold what has changed, and on a busy host the container may not have come to do anything.
        changed = (sample for sample in again if any(entry["id"] == busy for entry in sample["containers"]))
        figures += [used(sample, busy) for sample in itertools.islice(changed, 2)]
    assert figures == sorted(set(figures))


def used(sample: dict[str, Any], container: str) -> int:
    """Processor time of a container, in nanoseconds."""
    figures: dict[str, int] = {entry["id"]: entry["cpu_ns"] for entry in sample["containers"]}
    return figures[container]


def test_work_of_another_front_end(product: Product, client: Client) -> None:
    events = iter(client.stream("GET", "/v1/events"))
    product.ok("machine", "suspend")
    product.ok("machine", "resume")
    states: list[str] = []
    for event in events:
        if event["kind"] == "operation":
            states.append(f"{event['data']['title']} {event['data']['state']}")
            if states[-1] in (f"resume {product.machine} done", f"start {product.machine} done"):
                break
    assert states[0] == f"suspend {product.machine} running"
    assert f"suspend {product.machine} done" in states
