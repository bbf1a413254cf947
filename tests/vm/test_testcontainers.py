"""Testcontainers, for Python and for Node: a port, exec, copying, a network, and building an image."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.vm import supplies
from tests.vm.product import Product

pytestmark = [pytest.mark.extended, pytest.mark.parametrize("product", ["libvirt"], indirect=True)]

OLDEST_NODE = (20, 18)
"""What Testcontainers for Node 11 needs."""


def test_python(product: Product, folder: Path) -> None:
    assert _run(product, folder, [sys.executable, str(supplies.CLIENTS / "testcontainers_python.py")]) == "ok\n"


def test_node(product: Product, folder: Path) -> None:
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in version.lstrip("v").split(".")[:2]) < OLDEST_NODE:
        pytest.skip(f"Testcontainers for Node needs Node {OLDEST_NODE}, this is {version}")
    assert _run(product, folder, ["node", str(supplies.CLIENTS / "testcontainers_node.cjs")]) == "ok\n"


def _run(product: Product, folder: Path, argv: list[str]) -> str:
    image = supplies.need_busybox(product)
    (folder / "Dockerfile").write_text(f"FROM {image}\nRUN echo built > /built\nCMD cat /built; exec sleep 1000\n")
    environment = {
        "DOCKER_HOST": product.docker_host,
        "NODE_PATH": str(supplies.node_modules()),
        # Its image comes from Docker Hub.
        "TESTCONTAINERS_RYUK_DISABLED": "true",
        # Where the tests run in a container themselves, it would look for ports at addresses inside the guest.
        "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1",
        "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
    }
    done = product.command([*argv, image, str(folder)], env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert product.docker("ps", "--all", "--quiet") == ""
    return done.stdout
