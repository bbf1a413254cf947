"""Memory and disk of a machine come back to this computer, and a machine that nobody uses is suspended."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.vm.faults import wait_for
from tests.vm.product import Product

MIB = 1 << 20

TOUCHED = 400
"""MiB that a container writes to."""


def resident(product: Product) -> int:
    """Return the bytes that QEMU holds of this computer's memory."""
    return int(psutil.Process(product.status()["process_id"]).memory_info().rss)


def test_the_ledger_adds_up_and_names_containers(product: Product) -> None:
    script = f"dd if=/dev/zero of=/dev/shm/held bs=1M count={TOUCHED // 4} && sleep 300"
    product.ok("run", "-d", "--name", "holder", "--shm-size", f"{TOUCHED}m", "hello", "sh", "-c", script)
    try:
        deadline = time.monotonic() + 30
        while True:
            use = product.status()["memory_use"]
            assert use["containers"] + use["system"] + use["cache"] + use["free"] == use["total"]
            if use["containers"] >= TOUCHED // 4 * MIB:
                break
            assert time.monotonic() < deadline, use
        assert use["containers"] < TOUCHED // 4 * MIB + 64 * MIB
        text = product.ok("machine", "status")
        assert "containers " in text
        assert "of this computer's memory" in text
    finally:
        product.ok("rm", "-f", "-t", "0", "holder")


def test_memory_that_a_container_used_comes_back(product: Product) -> None:
    product.ok("run", "--rm", "hello", "sh", "-c", "dd if=/dev/zero of=/dev/null bs=1M count=1")
    time.sleep(5)
    idle = resident(product)
    process = psutil.Process(product.status()["process_id"])
    script = f"dd if=/dev/zero of=/dev/null bs={TOUCHED}M count=1; echo touched; sleep 2"
    product.ok("run", "-d", "--rm", "--name", "toucher", "hello", "sh", "-c", script)
    deadline, highest = time.monotonic() + 30, idle
    while highest < idle + TOUCHED * 0.8 * MIB:
        assert time.monotonic() < deadline, f"it grew by {(highest - idle) / MIB:.0f} MiB only"
        highest = max(highest, process.memory_info().rss)
        time.sleep(0.05)
    product.linnet("wait", "toucher")
    deadline = time.monotonic() + 60
    while (now := process.memory_info().rss) > idle * 1.1:
        assert time.monotonic() < deadline, f"{now / MIB:.0f} MiB instead of {idle / MIB:.0f}"
        time.sleep(0.5)


@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_a_disk_is_made_small_and_keeps_its_data(product: Product) -> None:
    product.ok("volume", "create", "kept")
    write = "dd if=/dev/urandom of=/d/data bs=1M count=8 2> /dev/null; sha256sum /d/data"
    digest = product.ok("run", "--rm", "-v", "kept:/d", "hello", "sh", "-c", write).split()[0]
    product.root("dd if=/dev/urandom of=/data/tmp/big bs=1M count=120 2> /dev/null; sync")
    full = product.status()["disk_use"]["on_host"]
    product.root("rm /data/tmp/big; sync")
    trimmed = json.loads(product.ok("machine", "compact", "--json"))
    assert not trimmed["rewritten"]
    assert trimmed["after"] < full - 100 * MIB
    written = json.loads(product.ok("machine", "compact", "--offline", "--json"))
    assert written["rewritten"]
    assert written["after"] <= trimmed["after"] + 8 * MIB
    assert product.status()["state"] == "running"
    assert product.ok("run", "--rm", "-v", "kept:/d", "hello", "sh", "-c", "sha256sum /d/data").split()[0] == digest
    product.ok("volume", "rm", "kept")
    assert sorted(path.name for path in product.files.folder.glob("data*")) == ["data.qcow2"]


@pytest.fixture
def short_idle(product: Product) -> Iterator[None]:
    """A machine that is suspended after half a minute."""
    product.ok("config", "set", "idle.suspend", "30s")
    yield
    product.ok("machine", "start")
    product.ok("config", "set", "idle.suspend", "off")


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
@pytest.mark.usefixtures("short_idle")
def test_an_idle_machine_is_suspended_and_wakes_for_docker(product: Product) -> None:
    refused = product.linnet("machine", "compact", "no-such-machine")
    assert refused.returncode == 4
    assert "There is no machine 'no-such-machine'." in refused.stderr
    deadline = time.monotonic() + 150
    while not product.files.suspend_image.exists():  # looked at from outside: asking the guest would be work for it
        assert time.monotonic() < deadline, "it was not suspended"
        time.sleep(1)
    wait_for(product, "suspended")
    refused = product.linnet("machine", "compact", "--offline")
    assert "is suspended" in refused.stderr
    assert "hello" in product.docker("images", "--format", "{{.Repository}}")
    wait_for(product, "running")
    assert product.status()["errors"] == []


@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_what_nobody_uses_is_shown_and_removed(product: Product) -> None:
    product.ok("run", "--name", "ended", "hello", "sh", "-c", "echo much > /left")
    product.ok("volume", "create", "unused")
    found = json.loads(product.ok("prune", "--json", "--containers", "--volumes"))
    assert [item["title"].partition(" ")[0] for item in found["containers"]] == ["ended"]
    assert "unused" in [item["id"] for item in found["volumes"]]
    assert product.linnet("prune").returncode == 2  # there is no terminal to ask on
    product.ok("prune", "--yes", "--containers", "--volumes")
    assert product.ok("ps", "--all", "--quiet") == ""
    assert "unused" not in product.ok("volume", "ls", "--quiet").split()
