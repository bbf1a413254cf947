"""`linnet doctor --fix` and `linnet support-bundle`, on what is really there."""

from __future__ import annotations

import io
import json
import shutil
import socket
import stat
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli.exits import Exit
from app.service.bundle import MOST, TAIL
from tests.vm.product import Product
from vm.machine.services import LOG_LIMIT

PASSWORD = "gaensebluemchen"


def checks(product: Product, *options: str) -> dict[str, dict[str, Any]]:
    """Return what the doctor finds, by the check's id."""
    done = product.linnet("doctor", "--json", *options)
    assert done.returncode in (Exit.ok, Exit.error), done.stderr
    return {check["id"]: check for check in json.loads(done.stdout)}


@pytest.fixture
def orphan(fresh: Product) -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like QEMU of a machine which does not run: a shell by that name that waits."""
    program = fresh.base / "qemu-system-x86_64"
    shutil.copyfile("/bin/sh", program)
    program.chmod(0o700)
    argv = [str(program), "-c", "read line", str(fresh.files.data_disk)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def test_fix_mends_what_was_left_behind(fresh: Product, orphan: subprocess.Popen[bytes]) -> None:
    fresh.ok("machine", "create")
    files = fresh.files
    files.run.mkdir(parents=True, exist_ok=True)
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(files.monitor_socket))
    left.close()
    files.pid_file.write_text(f"{orphan.pid}\n")
    fresh.layout.data.chmod(0o755)

    found = checks(fresh)
    for name, text in (
        ("leftovers", str(files.monitor_socket)),
        ("leftovers", str(files.pid_file)),
        ("processes", f"({orphan.pid})"),
        ("folders", str(fresh.layout.data)),
    ):
        assert found[name]["verdict"] in ("warning", "failed"), found[name]
        assert text in found[name]["text"]
        assert found[name]["fix"]["automatic"]
    assert files.monitor_socket.exists()  # looking changes nothing
    assert orphan.poll() is None

    mended = checks(fresh, "--fix")
    assert {name: mended[name]["verdict"] for name in ("leftovers", "processes", "folders")} == {
        "leftovers": "ok",
        "processes": "ok",
        "folders": "ok",
    }
    assert not files.monitor_socket.exists()
    assert not files.pid_file.exists()
    assert orphan.wait(10) != 0
    assert stat.S_IMODE(fresh.layout.data.stat().st_mode) == 0o700
    assert [machine["name"] for machine in fresh.json("machine", "list")] == [fresh.machine]


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_fix_starts_an_engine_that_stopped(product: Product) -> None:
    assert checks(product)[f"engine:{product.machine}"]["verdict"] == "ok"
    product.root("systemctl stop linnet-engine-podman.target user@*.service")
    found = checks(product)[f"engine:{product.machine}"]
    assert (found["verdict"], found["fix"]["automatic"]) == ("failed", True)
    assert checks(product, "--fix")[f"engine:{product.machine}"]["verdict"] == "ok"
    assert product.ok("run", "--rm", "hello", "echo", "again").strip() == "again"


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_bundle_is_whole_bounded_and_without_secrets(product: Product, tmp_path: Path) -> None:
    product.ok("config", "set", "proxy.http", f"http://me:{PASSWORD}@proxy.invalid:3128")
    log = product.files.folder / "noise.log"
    log.write_bytes(b"start of the noise\n" + b"x" * 99 + b"\n" + b"noise\n" * (LOG_LIMIT // 6))
    with log.open("a") as file:
        file.write(f"registry password={PASSWORD}\nin {product.home}/secret place\n")
        file.write(product.files.ssh_key.read_text())
    path = tmp_path / "for you.tar.gz"
    try:
        assert product.ok("support-bundle", str(path)).strip() == str(path)
    finally:
        log.unlink()
        product.ok("config", "set", "proxy.http")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    with tarfile.open(path) as archive:
        members = {member.name.removeprefix("linnet-support/"): member for member in archive.getmembers()}
        texts = {name: _read(archive, member) for name, member in members.items()}
    assert sum(len(text.encode()) for text in texts.values()) <= MOST
    assert {"doctor.json", "versions.json", "machines.json", "log/linnetd.log"} <= texts.keys()
    machine = product.machine
    assert {f"config/{machine}.yaml", f"log/{machine}/serial.log", f"log/{machine}/noise.log"} <= texts.keys()
    assert json.loads(texts["machines.json"])[0]["state"] == "running"
    assert any(check["id"] == f"engine:{machine}" for check in json.loads(texts["doctor.json"]))
    assert json.loads(texts["versions.json"])["vmm"]["qemu_version"]

    noise = texts[f"log/{machine}/noise.log"]
    assert len(noise.encode()) <= TAIL
    assert noise.startswith("noise\n")
    assert "in ~/secret place" in noise
    whole = "\n".join(texts.values())
    assert "proxy.invalid" in whole
    for secret in (PASSWORD, str(product.home), *_words_of(product.files.ssh_key)):
        assert secret not in whole


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = archive.extractfile(member)
    assert isinstance(file, io.BufferedReader)
    return file.read().decode()


def _words_of(key: Path) -> list[str]:
    """Return the lines of a private key between its head and its foot."""
    return key.read_text().splitlines()[1:-1]
