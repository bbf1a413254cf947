"""Snapshots of a machine that is at work, and upgrades of its guest image: one that goes well, one that does not."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm.faults import at_step, kill_service, wait_for
from tests.vm.product import Product
from vm.image.model import GuestImage
from vm.image.store import ImageStore

WRITE = "i=0; while :; do i=$((i+1)); echo $i >> /data/log; echo $i; sleep 0.2; done"

BOOT_ID = "cat /proc/sys/kernel/random/boot_id"


@pytest.fixture
def writer(product: Product) -> Iterator[str]:
    """A container that counts in its log and in a volume."""
    product.ok(
        "run", "-d", "--name", "writer", "--stop-timeout", "1", "-v", "numbers:/data", "hello", "sh", "-c", WRITE
    )
    yield "writer"
    product.ok("rm", "-f", "-t", "0", "writer")
    product.ok("volume", "rm", "numbers")
    for snapshot in product.json("snapshot", "list"):
        product.ok("snapshot", "delete", snapshot["name"], "--force")


@pytest.fixture
def images(product: Product) -> Iterator[Path]:
    """A folder of guest images of the test's own, with those of the user in it."""
    folder = product.layout.images
    shared = folder.readlink()
    folder.unlink()
    folder.mkdir()
    for image in shared.iterdir():
        (folder / image.name).symlink_to(image)
    yield folder
    if product.status()["image"] not in {image.version for image in ImageStore(shared).images()}:
        product.ok("machine", "stop")
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    folder.symlink_to(shared)
    product.files.last_run.unlink(missing_ok=True)
    product.ok("machine", "start")


def numbers(product: Product) -> list[int]:
    """Return what the writer has put into its volume."""
    return [int(line) for line in product.ok("run", "--rm", "-v", "numbers:/data", "hello", "cat", "/data/log").split()]


def copy_image(images: Path, base: GuestImage, version: str, script: str | None = None) -> None:
    """Make a newer image of `base`, and put `script` at the end of what mounts its data disk."""
    copied = images / f"{version}-{base.arch}"
    subprocess.run(["cp", "-rL", "--sparse=always", "--reflink=auto", str(base.folder), str(copied)], check=True)
    manifest = json.loads((copied / "manifest.json").read_text())
    (copied / "manifest.json").write_text(json.dumps({**manifest, "version": version}))
    if script is not None:
        inside = "/usr/lib/linnet/data"
        changed = images / "data"
        subprocess.run(["debugfs", "-R", f"dump {inside} {changed}", str(copied / "system.img")], check=True)
        changed.write_text(f"{changed.read_text()}\n{script}\n")
        commands = f"rm {inside}\nwrite {changed} {inside}\nset_inode_field {inside} mode 0100755\n"
        subprocess.run(["debugfs", "-w", "-f", "-", str(copied / "system.img")], input=commands, text=True, check=True)
        changed.unlink()


def test_snapshot_of_a_machine_at_work(product: Product, writer: str) -> None:
    product.ok("exec", writer, "sleep", "1")
    began = time.monotonic()
    product.ok("snapshot", "create", "live", "--note", "while it writes")
    assert time.monotonic() - began < 20
    [snapshot] = product.json("snapshot", "list")
    assert (snapshot["machine_state"], snapshot["memory"], snapshot["problem"]) == ("running", 0, None)
    assert snapshot["counts"]["containers"] == 1
    written = len(product.ok("exec", writer, "cat", "/data/log").split())
    product.ok("exec", writer, "sh", "-c", "sleep 1; touch /data/later")
    product.ok("snapshot", "restore", "live", "--force")
    status = product.status()
    assert (status["state"], status["errors"]) == ("running", [])
    found = numbers(product)
    assert found == list(range(1, len(found) + 1))
    assert 0 < len(found) <= written + 5
    assert "later" not in product.ok("run", "--rm", "-v", "numbers:/data", "hello", "ls", "/data")
    assert [one["kind"] for one in product.json("snapshot", "list")] == ["manual", "restore"]
    undo = product.json("snapshot", "list")[-1]["name"]
    product.ok("snapshot", "restore", undo, "--force")
    assert "later" in product.ok("run", "--rm", "-v", "numbers:/data", "hello", "ls", "/data")


def test_snapshot_with_memory(product: Product, writer: str) -> None:
    boot = product.root(BOOT_ID)
    product.ok("snapshot", "create", "warm", "--memory")
    assert product.status()["state"] == "running"
    then = len(product.ok("logs", writer).split())
    product.ok("exec", writer, "sh", "-c", "sleep 3; touch /data/later")
    product.ok("snapshot", "restore", "warm", "--force")
    status = product.status()
    assert (status["state"], status["errors"]) == ("running", [])
    assert product.root(BOOT_ID) == boot  # it goes on, it has not booted
    assert product.ok("ps", "--format", "{{.Names}}").split() == [writer]
    product.ok("exec", writer, "sleep", "1")
    counted = [int(line) for line in product.ok("logs", writer).split()]
    assert counted == list(range(1, len(counted) + 1))
    assert len(counted) > then
    assert "later" not in product.ok("exec", writer, "ls", "/data")
    assert abs(float(product.root("date +%s.%N")) - time.time()) < 2


def test_upgrades(product: Product, writer: str, images: Path) -> None:
    base = ImageStore(images).find("latest")
    copy_image(images, base, "2099.01-0000000000", "rm -rf /data/home/linnet/.local/share/containers")
    failed = product.linnet("machine", "upgrade")
    assert failed.returncode != 0
    assert "volumes (numbers)" in failed.stderr
    status = product.status()
    assert (status["state"], status["image"]) == ("running", base.version)
    assert status["upgrade_refused"].startswith("2099.01")
    assert any("upgrade" in text for text in status["errors"])
    found = numbers(product)
    assert found == list(range(1, len(found) + 1))
    copy_image(images, base, "2099.02-0000000000")
    assert product.status()["upgrade"] == "2099.02-0000000000"
    product.ok("machine", "restart")  # also without being asked for
    status = product.status()
    assert (status["image"], status["errors"], status["upgrade"]) == ("2099.02-0000000000", [], None)
    assert numbers(product) == found
    kinds = [one["kind"] for one in product.json("snapshot", "list")]
    assert kinds == ["upgrade", "upgrade"]
    assert product.root("cat /run/linnet/check/code").strip() == "0"


@pytest.mark.extended
@pytest.mark.parametrize("product", ["qemu"], indirect=True)
def test_upgrade_whose_engine_does_not_answer(product: Product, writer: str, images: Path) -> None:
    base = ImageStore(images).find("latest")
    copy_image(images, base, "2099.03-0000000000", "rm -f /usr/bin/podman")
    failed = product.linnet("machine", "upgrade", "--image", "2099.03-0000000000")
    assert failed.returncode != 0
    assert "engine" in failed.stderr
    status = product.status()
    assert (status["state"], status["image"]) == ("running", base.version)
    assert product.json("config", "get", "image") == "latest"
    found = numbers(product)
    assert found == list(range(1, len(found) + 1))


@pytest.mark.extended
@pytest.mark.parametrize("product", ["qemu"], indirect=True)
@pytest.mark.parametrize(("bad", "version"), [(False, "2099.04-0000000000"), (True, "2099.05-0000000000")])
def test_linnetd_is_killed_in_an_upgrade(product: Product, writer: str, images: Path, bad: bool, version: str) -> None:
    base = ImageStore(images).find("latest")
    copy_image(images, base, version, "rm -rf /data/home/linnet/.local/share/containers" if bad else None)
    at_step(product, "restart", "Waiting for the engine", kill_service)
    status = wait_for(product, "running")
    assert status["image"] == (base.version if bad else version)
    assert bool(status["upgrade_refused"]) is bad
    assert not product.files.upgrade.exists()
    found = numbers(product)
    assert found == list(range(1, len(found) + 1))
