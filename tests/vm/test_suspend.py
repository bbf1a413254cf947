"""Suspend to disk and back, and what wakes a machine."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.vm.faults import wait_for
from tests.vm.product import Product

COUNT = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.5; done"


@pytest.fixture
def counter(product: Product) -> Iterator[str]:
    """A container that counts in its log; its network has a name server, which must not keep shared folders busy."""
    product.ok("network", "create", "counting")
    product.ok("run", "-d", "--name", "counter", "--network", "counting", "hello", "sh", "-c", COUNT)
    yield "counter"
    product.ok("rm", "-f", "-t", "0", "counter")
    product.ok("network", "rm", "counting")


def counted(product: Product) -> list[int]:
    """Return the numbers in the counter's log."""
    return [int(line) for line in product.ok("logs", "counter").split()]


def test_suspend_and_resume_through_a_counting_container(product: Product, counter: str) -> None:
    process = psutil.Process(product.status()["process_id"])
    boot = product.root("cat /proc/sys/kernel/random/boot_id")
    product.ok("machine", "suspend")
    status = product.status()
    assert (status["state"], status["process_id"]) == ("suspended", None)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert stat.S_IMODE(product.files.suspend_image.stat().st_mode) == 0o600
    product.ok("machine", "resume")
    status = product.status()
    assert (status["state"], status["errors"]) == ("running", [])
    assert abs(float(product.root("date +%s.%N")) - time.time()) < 2
    assert product.root("cat /proc/sys/kernel/random/boot_id") == boot
    before = counted(product)
    product.ok("exec", counter, "sleep", "1")
    after = counted(product)
    assert after == list(range(1, len(after) + 1))  # it went on where it was
    assert len(after) > len(before)
    assert not product.files.suspend_image.exists()
    assert all(share["mounted"] for share in status["shares"]), status["shares"]


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_a_machine_whose_engine_was_switched_can_be_suspended(product: Product, request: pytest.FixtureRequest) -> None:
    product.ok("engine", "use", "docker")
    product.ok("run", "-d", "--name", "holder", "-v", f"{product.home}:/host", "hello", "sleep", "1000")
    product.ok("engine", "use", "podman")  # makes the namespaces in which a share that is mounted would be locked
    assert [share["mounted"] for share in product.status()["shares"]] == [True]
    request.getfixturevalue("counter")
    product.ok("machine", "suspend")
    product.ok("machine", "resume")
    (product.home / "seen").write_text("by the guest")
    assert product.ok("run", "--rm", "-v", f"{product.home}:/host", "hello", "cat", "/host/seen") == "by the guest"
    product.ok("engine", "use", "docker")
    product.ok("rm", "-f", "holder")
    product.ok("engine", "use", "podman")


@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_docker_request_wakes_a_suspended_machine(product: Product, counter: str) -> None:
    product.ok("machine", "suspend")
    assert "counter" in product.docker("ps", "--format", "{{.Names}}")
    wait_for(product, "running")  # the request goes through as soon as the engine answers, before the shares are back


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_docker_request_wakes_a_stopped_machine(product: Product) -> None:
    product.ok("volume", "create", "woken")
    product.ok("machine", "stop")
    status = product.status()
    assert (status["state"], status["errors"]) == ("stopped", [])
    assert "woken" in product.docker("volume", "ls", "-q")
    wait_for(product, "running")
    product.ok("volume", "rm", "woken")


@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_image_of_another_qemu_is_not_resumed(product: Product) -> None:
    product.ok("volume", "create", "safe")
    product.ok("machine", "suspend")
    saved = json.loads(product.files.suspend_info.read_text())
    product.files.suspend_info.write_text(json.dumps({**saved, "qemu_version": "1.2.3"}))
    product.ok("machine", "start")
    status = product.status()
    assert status["state"] == "running"
    assert any("QEMU 1.2.3" in text and "started afresh" in text for text in status["errors"])
    assert "safe" in product.ok("volume", "ls", "-q").split()
    product.ok("volume", "rm", "safe")
