"""linnetd, QEMU and links that die at bad moments; nothing is lost, and the next command works."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.vm.faults import at_step, kill_qemu, kill_service, qemu_processes, wait_for, wait_for_problem
from tests.vm.product import Product
from vm import ports


@pytest.fixture
def sleeper(product: Product) -> Iterator[str]:
    """A container that runs, with a published port that nobody serves."""
    product.ok("run", "-d", "--name", "sleeper", "hello", "sleep", "100000")
    yield "sleeper"
    product.ok("machine", "start")
    product.ok("rm", "-f", "-t", "0", "sleeper")


def names(product: Product, *options: str) -> list[str]:
    """Return the names of the containers that run."""
    return product.ok("ps", "--format", "{{.Names}}", *options).split()


def test_service_killed_while_the_machine_runs(product: Product, sleeper: str) -> None:
    port = ports.free_port()
    product.ok("run", "-d", "--name", "web", "-p", f"{port}:80", "hello", "busybox", "httpd", "-f", "-p", "80")
    try:
        before = product.status()["process_id"]
        kill_service(product)
        assert {"sleeper", "web"} <= set(names(product))
        assert product.status()["process_id"] == before
        assert product.docker("ps", "-q").split()
        wait_for(product, "running")
        entries = [entry for entry in product.json("port", "list") if entry["host_port"] == port]
        assert [entry["reachable"] for entry in entries if entry["host_address"] == "127.0.0.1"] == [True]
    finally:
        product.ok("rm", "-f", "-t", "0", "web")


@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_service_killed_while_suspended(product: Product, sleeper: str) -> None:
    product.ok("machine", "suspend")
    kill_service(product)
    assert product.status()["state"] == "suspended"
    assert "sleeper" in names(product)  # resumed, not started afresh


def test_service_killed_while_suspending(product: Product, sleeper: str) -> None:
    at_step(product, "suspend", "Writing memory", kill_service)
    assert "sleeper" in names(product, "-a")
    assert product.status()["state"] == "running"
    assert len(qemu_processes(product)) == 1


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_service_killed_while_resuming(product: Product, sleeper: str) -> None:
    product.ok("machine", "suspend")
    at_step(product, "start", "Resuming", kill_service)
    assert "sleeper" in names(product, "-a")
    assert product.status()["state"] == "running"
    assert len(qemu_processes(product)) == 1


@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_service_killed_while_starting(product: Product, sleeper: str) -> None:
    product.ok("machine", "stop", "--force")
    at_step(product, "start", "guest to boot", kill_service)
    assert "sleeper" in names(product, "-a")
    assert product.status()["state"] == "running"
    assert len(qemu_processes(product)) == 1


def test_qemu_killed_while_running_is_started_again_once(product: Product, sleeper: str) -> None:
    first = product.status()["process_id"]
    kill_qemu(product)
    psutil.wait_procs([psutil.Process(first)] if psutil.pid_exists(first) else [], 10)
    assert "sleeper" in names(product, "-a")
    assert wait_for(product, "running")["process_id"] != first
    wait_for_problem(product, "; the machine was started again.")
    kill_qemu(product)
    wait_for(product, "stopped")
    wait_for_problem(product, "for the second time; the machine stays stopped.")
    product.ok("machine", "start")


@pytest.mark.extended
@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_qemu_killed_while_starting(product: Product) -> None:
    product.ok("machine", "stop", "--force")
    failure = at_step(product, "start", "guest to boot", kill_qemu)
    assert failure is not None
    assert "ended while it was starting" in failure.message
    assert failure.hint is not None
    assert product.status()["state"] == "stopped"
    assert qemu_processes(product) == []
    product.ok("machine", "start")


@pytest.mark.extended
@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_qemu_killed_while_suspending(product: Product, sleeper: str) -> None:
    failure = at_step(product, "suspend", "Writing memory", kill_qemu)
    assert failure is not None
    assert not product.files.suspend_image.exists()
    assert "sleeper" in names(product, "-a")


@pytest.mark.extended
@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_qemu_killed_while_resuming(product: Product, sleeper: str) -> None:
    product.ok("machine", "suspend")
    at_step(product, "start", "guest to boot", kill_qemu)
    assert "sleeper" in names(product, "-a")
    assert product.status()["state"] == "running"


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_lost_link_comes_back(product: Product, sleeper: str) -> None:
    before = product.status()["process_id"]
    product.root("systemd-run --quiet --on-active=0.1 pkill -f '^sshd-session: '")
    time.sleep(0.5)  # the guest's timer; nothing tells the host of it
    assert "sleeper" in names(product)
    status = wait_for(product, "running")
    assert status["process_id"] == before


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_guest_that_hangs_is_degraded_until_it_goes_on(product: Product, sleeper: str) -> None:
    process_id = int(product.status()["process_id"])
    os.kill(process_id, signal.SIGSTOP)
    try:
        wait_for(product, "degraded", 40)
    finally:
        os.kill(process_id, signal.SIGCONT)
    assert "sleeper" in names(product)
    assert wait_for(product, "running")["process_id"] == process_id
