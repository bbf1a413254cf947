"""Images go to a registry and come back: a plain HTTP one that the settings name, and a mirror of Docker Hub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm import supplies
from tests.vm.product import Product

pytestmark = pytest.mark.parametrize("product", ["libvirt"], indirect=True)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """A registry, as the guest names it."""
    with supplies.running_registry(tmp_path):
        yield supplies.REGISTRY


def test_push_and_pull(product: Product, registry: str) -> None:
    name = f"{registry}/sparrow:1"
    product.ok("tag", supplies.need_busybox(product), name)
    product.ok("push", name)
    product.ok("rmi", name)
    tags = json.loads(supplies.fetch(f"http://127.0.0.1:{supplies.REGISTRY_PORT}/v2/sparrow/tags/list"))
    assert tags == {"name": "sparrow", "tags": ["1"]}
    product.ok("pull", name)
    assert product.ok("run", "--rm", name, "echo", "back") == "back\n"
    product.ok("rmi", name)


def test_docker_cli_and_mirror(product: Product, registry: str) -> None:
    name = f"{registry}/library/finch:1"
    product.docker("tag", supplies.need_busybox(product), name)
    product.docker("push", name)
    product.docker("rmi", name)
    product.docker("pull", "finch:1")  # Docker Hub's name: the mirror answers for it
    assert product.docker("run", "--rm", "finch:1", "echo", "back") == "back\n"
    product.docker("rmi", "finch:1")
