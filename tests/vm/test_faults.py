"""What is wrong before a machine can start: programs, images, sockets, locks. No guest boots here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.exits import Exit
from tests.vm.product import Product


def fake_qemu(folder: Path, version: str) -> Path:
    """Return a program that says it is QEMU `version`."""
    path = folder / "fake-qemu"
    path.write_text(f"#!/bin/sh\necho 'QEMU emulator version {version}'\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("driver", ["libvirt", "qemu"])
def test_qemu_too_old(fresh: Product, tmp_path: Path, driver: str) -> None:
    env = {"LINNET_QEMU": str(fake_qemu(tmp_path, "7.2.0"))}
    fresh.ok("machine", "create", "--set", f"driver={driver}", env=env)
    done = fresh.linnet("machine", "start", env=env)
    assert done.returncode == Exit.unavailable
    assert "7.2.0" in done.stderr
    assert fresh.status()["state"] == "stopped"


@pytest.mark.parametrize("driver", ["libvirt", "qemu"])
def test_qemu_missing(fresh: Product, driver: str) -> None:
    env = {"LINNET_QEMU": "/nonexistent/qemu"}
    fresh.ok("machine", "create", "--set", f"driver={driver}", env=env)
    done = fresh.linnet("machine", "start", env=env)
    assert done.returncode == Exit.unavailable
    assert "/nonexistent/qemu" in done.stderr
    assert fresh.status()["state"] == "stopped"


def test_socket_path_too_long(fresh: Product) -> None:
    deep = fresh.base / ("x" * 110)
    done = fresh.linnet("machine", "list", env={"LINNET_HOME": str(deep)})
    assert done.returncode == Exit.unavailable
    assert "too long" in done.stderr
    assert "LINNET_HOME" in done.stderr


def test_no_image(fresh: Product) -> None:
    fresh.layout.images.unlink()
    fresh.ok("machine", "create")
    done = fresh.linnet("machine", "start")
    assert done.returncode == Exit.image
    assert "linnet image" in done.stderr
    assert not fresh.files.data_disk.exists()


def test_damaged_image_is_found(fresh: Product) -> None:
    source = max(
        (path for path in fresh.layout.images.resolve().iterdir() if (path / "manifest.json").exists()),
        key=lambda path: (path / "manifest.json").stat().st_mtime,
    )
    fresh.layout.images.unlink()
    copy = fresh.layout.images / source.name
    copy.mkdir(parents=True)
    for path in source.iterdir():
        (copy / path.name).symlink_to(path)
    (copy / "initrd").unlink()
    data = bytearray((source / "initrd").read_bytes())
    data[1000] ^= 1
    (copy / "initrd").write_bytes(data)
    done = fresh.linnet("image", "verify")
    assert done.returncode == Exit.image
    assert "initrd" in done.stderr


def test_stale_socket_and_lock(fresh: Product) -> None:
    """Left behind by a crash and a reboot: a socket nobody listens on, a lock of a process that is gone."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    fresh.layout.service_lock.write_text(f"{gone.pid}\n")
    fresh.layout.service_start_lock.write_text(f"{gone.pid}\n")
    script = f"import socket; socket.socket(socket.AF_UNIX).bind({str(fresh.layout.service_socket)!r})"
    subprocess.run(["python3", "-c", script], check=True)
    assert fresh.json("machine", "list") == []
    assert fresh.linnet("service", "status").returncode == Exit.ok


def test_second_linnetd_leaves_the_first_alone(fresh: Product) -> None:
    fresh.ok("service", "start")
    first = fresh.layout.service_lock.read_text()
    linnetd = shutil.which("linnetd", path=str(Path(sys.executable).parent))
    assert linnetd is not None
    done = fresh.command([linnetd, "--report"])
    report = json.loads(done.stdout.splitlines()[0])
    assert report.get("running"), done.stdout
    assert fresh.layout.service_lock.read_text() == first
    assert fresh.json("machine", "list") == []


def test_front_ends_at_once_share_one_linnetd(fresh: Product) -> None:
    argv = [str(Path(sys.executable).parent / "linnet"), "machine", "list", "--json"]
    started = [
        subprocess.Popen(argv, env=fresh.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)
    ]
    for process in started:
        output, errors = process.communicate(timeout=60)
        assert (process.returncode, json.loads(output)) == (0, []), errors


def test_killed_linnetd_is_replaced(fresh: Product) -> None:
    fresh.ok("machine", "create")
    for _ in range(3):
        os.kill(int(fresh.layout.service_lock.read_text()), 9)
        assert [machine["name"] for machine in fresh.json("machine", "list")] == [fresh.machine]
