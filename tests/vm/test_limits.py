"""Limits of containers, as the files of their cgroups have them, under each engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tests.vm.product import Product

MIB = 1 << 20

RUN = ("--cpus", "0.5", "--memory", "64m", "--memory-swap", "80m", "--pids-limit", "50", "--blkio-weight", "300")
SET = ("--cpus", "1", "--memory", "96m", "--swap", "0", "--pids", "80", "--io-weight", "500")

WEIGHTS = {"podman": (2300, 4500), "podman-rootful": (2300, 4500), "docker": (2930, 4950)}
"""300 and 500 of 10 to 1000, as the kernel counts them: systemd and runc have different ways to reckon."""

FILES = "cpu.max memory.max memory.swap.max pids.max io.weight"
READ = (
    "for folder in $(find /sys/fs/cgroup -type d -path '*{id}*' ! -path '*conmon*'); do "
    f"for file in {FILES}; do echo $file $(cat $folder/$file); done; done"
)

HOLDER = "head -c 40000000 /dev/zero | tail -c 30000000 | sleep 1000"
"""`tail` holds in memory what nobody reads."""

REFUSED = {
    "--memory 16m": "cannot give back",
    "--pids 2 --cpus 0.25": "processes and threads",
    "--cpus 64": "of the machine",
    "--memory 900g": "of the machine",
    "--pids 99999999": "is from 1 to",
}

GLUTTON = """
sleep 2
(echo 1000 > /proc/self/oom_score_adj; head -c 90000000 /dev/zero | tail -c 80000000 > /dev/null)
sleep 1000
"""
"""`tail` holds in memory what it will write; the container's own process is what the kernel would end last."""

PATIENCE = 30


@pytest.fixture(scope="module", params=["podman", "podman-rootful", "docker"])
def engine(product: Product, request: pytest.FixtureRequest) -> Iterator[str]:
    """A machine with each of the engines; it is left with Podman."""
    kind = str(request.param)
    if product.status()["engine"]["kind"] != kind:
        product.ok("engine", "use", kind)
    yield kind
    if kind == "docker":
        product.ok("engine", "use", "podman")


@pytest.fixture
def name(product: Product, engine: str) -> Iterator[str]:
    """The name of a container that is gone afterwards; another one for each engine, as problems are told by name."""
    made = f"thrush-{engine}"
    yield made
    product.linnet("kill", made)
    product.ok("rm", "-f", made)


def files(product: Product, container: str) -> dict[str, str]:
    """Return what the files of a container's cgroup say: the outermost one, but for swap.

    Podman's runtime has its processes in a cgroup below, and only there does it count swap apart from memory.
    """
    lines = product.root(READ.format(id=container)).splitlines()
    found: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(" ")
        if name == "memory.swap.max" and found.get(name, "max") != "max" and value != "max":
            found[name] = min(value, found[name], key=int)
        found.setdefault(name, value)
    return found


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds, for a while."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(1)


def test_limits_are_in_force_and_changed_live(product: Product, engine: str, name: str) -> None:
    container = product.ok("run", "-d", "--name", name, *RUN, "hello", "sh", "-c", HOLDER).strip()
    now = files(product, container)
    assert now["cpu.max"] == "50000 100000"
    assert now["memory.max"] == str(64 * MIB)
    assert now["memory.swap.max"] == str(16 * MIB)
    assert now["pids.max"] == "50"
    assert now["io.weight"] == f"default {WEIGHTS[engine][0]}"

    shown = product.json("limits", name, *SET)
    assert shown["limits"] == {"cpus": 1, "memory": 96 * MIB, "swap": 0, "pids": 80, "io_weight": 500}
    after = files(product, container)
    assert after == {
        "cpu.max": "100000 100000", "memory.max": str(96 * MIB), "memory.swap.max": "0", "pids.max": "80",
        "io.weight": f"default {WEIGHTS[engine][1]}",
    }  # fmt: skip

    wait_for(lambda: product.json("limits", name)["use"]["memory"] > 30_000_000)
    for refused, why in REFUSED.items():
        done = product.linnet("limits", name, *refused.split())
        assert done.returncode != 0
        assert why in done.stderr
    assert product.linnet("limits", "nobody", "--pids", "5").returncode != 0
    assert files(product, container) == after

    product.ok("restart", "-t", "0", name)
    assert files(product, container) == after
    assert product.json("limits", name)["described"] == shown["limits"]


@pytest.mark.parametrize("engine", ["podman", "docker"], indirect=True)  # both Podmans have the same runtime
def test_who_ran_out_of_memory_is_named_with_the_limit(product: Product, name: str) -> None:
    product.ok("run", "-d", "--name", name, "--memory", "24m", "hello", "sh", "-c", GLUTTON)
    told: list[str] = []

    def look() -> bool:
        told[:] = [text for text in product.status()["errors"] if f"'{name}'" in text]
        return bool(told)

    wait_for(look)
    assert "reached its memory limit of 24 MiB" in told[0]
    assert "'tail'" in told[0]
    found = product.json("limits", name)
    assert found["use"]["oom_kills"] >= 1  # the kernel may not wait for what the first had to come back
    assert found["running"]
