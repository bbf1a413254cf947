"""Machines: what their status says, settings that need a restart, several side by side."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.cli.exits import Exit
from tests.vm.faults import at_step, qemu_processes, wait_for
from tests.vm.product import LINNET, Product
from vm.errors import DiskFullError
from vm.units import GIB


def test_status_is_true(product: Product) -> None:
    status = product.status()
    assert (status["state"], status["cpus"], status["memory"]) == ("running", 2, 2 * GIB)
    assert status["driver"] == product.settings["driver"]
    assert status["accelerator"] in ("tcg", "kvm")
    assert status["accelerator_reason"]
    if status["accelerator"] == "tcg" and Path("/dev/kvm").exists():
        assert "kvm" in status["accelerator_reason"].lower()  # says why not
    assert status["engine"]["kind"] == "podman"
    assert status["engine"]["healthy"] is True
    assert "qemu" in psutil.Process(status["process_id"]).name()
    assert qemu_processes(product) == [status["process_id"]]
    assert 0 < status["memory_use"]["used"] < status["memory_use"]["total"] <= status["memory"]
    assert status["disk_use"]["size"] > 0
    assert abs(status["clock_offset"]) < 5
    assert status["restart_needed"] == []
    text = product.ok("machine", "status")
    assert status["accelerator_reason"] in text
    assert str(product.files.docker_socket) in text


def test_logs(product: Product) -> None:
    assert product.ok("machine", "logs", "--source", "service", "--tail", "5").strip()
    assert product.linnet("machine", "logs", "--source", "serial").returncode == Exit.ok
    assert product.ok("machine", "logs", "--source", "agent").strip()


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_settings_that_wait_for_a_restart(product: Product) -> None:
    done = product.linnet("config", "set", "cpus", "1")
    assert "restart" in done.stderr
    assert product.status()["restart_needed"] == ["cpus"]
    assert product.ok("machine", "shell", "--", "nproc").strip() == "2"
    product.ok("machine", "edit", "--disk", "11GiB", "--restart")
    status = product.status()
    assert (status["cpus"], status["restart_needed"]) == (1, [])
    assert product.ok("machine", "shell", "--", "nproc").strip() == "1"
    assert status["disk_use"]["size"] > 10.5 * GIB  # the file system grew with its disk
    smaller = product.linnet("config", "set", "disk", "5GiB")
    assert smaller.returncode == Exit.usage
    assert "11GiB" in smaller.stderr
    product.ok("machine", "edit", "--cpus", "2", "--restart")


@pytest.fixture(scope="module")
def small(product: Product) -> Iterator[Product]:
    """A second, small machine of the same user; its folder is a disk of its own, which tests can fill."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount the small disk that this test fills")
    second = dataclasses.replace(product, machine="small", settings={"driver": product.settings["driver"]})
    settings = ["--cpus", "1", "--memory", "512MiB", "--disk", "4GiB", "--set", "home_share=off"]
    second.ok("machine", "create", *settings, "--set", f"driver={product.settings['driver']}")
    second.files.folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", second.files.folder], check=True)
    try:
        yield second
    finally:
        second.linnet("machine", "stop", "--force")
        subprocess.run(["umount", "-l", second.files.folder], check=True)
        second.linnet("machine", "delete", "--force")


def fill_disk(product: Product) -> None:
    """Leave only a few megabytes on the disk that holds the machine's folder, to which others write meanwhile."""
    with (product.files.folder / "filler").open("wb") as file:
        while (free := shutil.disk_usage(product.files.folder).free) > 32 * 1024 * 1024:
            with contextlib.suppress(OSError):  # less is free by now
                os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size + free - 16 * 1024 * 1024)


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
class TestSecondMachine:
    """In this order: the disk is full, it has room, two commands start the machine, the disk is or becomes full."""

    def test_no_room_to_start(self, small: Product) -> None:
        done = small.linnet("machine", "start")
        assert done.returncode == Exit.disk_full
        assert "free" in done.stderr
        assert small.status()["state"] == "stopped"
        assert qemu_processes(small) == []

    def test_two_commands_start_it_at_once(self, small: Product) -> None:
        subprocess.run(["mount", "-o", "remount,size=2g", small.files.folder], check=True)
        argv = [LINNET, "machine", "start"]
        both = [subprocess.Popen(argv, env=small.environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        for command in both:
            _, errors = command.communicate(timeout=240)
            assert command.returncode == 0, errors
        assert len(qemu_processes(small)) == 1

    def test_runs_beside_the_other(self, small: Product, product: Product) -> None:
        states = {machine["name"]: machine["state"] for machine in product.json("machine", "list")}
        assert states == {"small": "running", product.machine: "running"}
        for machine in (small, product):
            assert machine.ok("run", "--rm", "hello", "echo", machine.machine).strip() == machine.machine
        assert small.ok("machine", "shell", "--", "hostname").strip() == "linnet-small"

    def test_no_room_to_suspend(self, small: Product) -> None:
        before = small.status()["process_id"]
        used = sum(path.stat().st_blocks * 512 for path in small.files.folder.iterdir() if path.is_file())
        size = used // 1024 + 65536
        subprocess.run(["mount", "-o", f"remount,size={size}k", small.files.folder], check=True)
        done = small.linnet("machine", "suspend")
        assert done.returncode == Exit.disk_full
        assert "are free" in done.stderr
        assert not small.files.suspend_image.exists()
        status = small.status()
        assert (status["state"], status["process_id"]) == ("running", before)

    @pytest.mark.extended
    @pytest.mark.parametrize("driver", ["libvirt", "qemu"])
    def test_disk_fills_up_during_a_suspend(self, small: Product, driver: str) -> None:
        subprocess.run(["mount", "-o", "remount,size=2g", small.files.folder], check=True)
        if small.status()["driver"] != driver:
            small.ok("config", "set", "driver", driver, "--restart")
        small.ok("run", "-d", "--name", "stays", "hello", "sh", "-c", "echo kept > /kept; sleep 100000")
        before = small.status()["process_id"]
        # After the room was looked at, and before the memory is written, which may take a tenth of a second.
        failure = at_step(small, "suspend", "Taking shared folders", fill_disk)
        assert isinstance(failure, DiskFullError), failure
        assert "no room" in failure.message
        assert failure.hint is not None
        assert not small.files.suspend_image.exists()
        status = wait_for(small, "running")
        assert status["process_id"] == before
        assert small.ok("exec", "stays", "cat", "/kept").strip() == "kept"

        (small.files.folder / "filler").unlink()
        small.ok("machine", "suspend")  # and nothing of the failure is left
        assert small.status()["state"] == "suspended"
        assert small.ok("exec", "stays", "cat", "/kept").strip() == "kept"  # resumed, for it runs again
        small.ok("rm", "-f", "-t", "0", "stays")

    def test_deleting_asks_and_leaves_the_other(self, small: Product, product: Product) -> None:
        refused = small.linnet("machine", "delete")
        assert refused.returncode == Exit.usage
        assert small.status()["state"] == "running"
        done = small.linnet("machine", "delete", "--force")
        assert done.returncode == Exit.ok
        assert qemu_processes(small) == []
        assert not any(small.files.folder.glob("*"))
        assert product.status()["state"] == "running"
