"""Volumes: data that outlives containers, the same through the command line and the Docker API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm.product import Product


@pytest.fixture
def volume(product: Product) -> Iterator[str]:
    product.ok("volume", "create", "kept")
    yield "kept"
    product.ok("volume", "rm", "-f", "kept")


def test_outlives_containers(product: Product, volume: str) -> None:
    product.ok("run", "--rm", "-v", f"{volume}:/data", "hello", "sh", "-c", "echo one > /data/file")
    assert product.docker("run", "--rm", "-v", f"{volume}:/data", "hello", "cat", "/data/file") == "one\n"
    assert volume in product.docker("volume", "ls", "-q").split()


def test_the_engines_own_export_and_import(product: Product, volume: str, folder: Path) -> None:
    product.ok("run", "--rm", "-v", f"{volume}:/data", "hello", "sh", "-c", "echo one > /data/file")
    product.ok("--", "volume", "export", volume, "-o", "saved volume.tar", cwd=folder)
    assert (folder / "saved volume.tar").stat().st_size > 0
    product.ok("volume", "rm", volume)
    product.ok("volume", "create", volume)
    product.ok("--", "volume", "import", volume, "saved volume.tar", cwd=folder)
    assert product.ok("run", "--rm", "-v", f"{volume}:/data", "hello", "cat", "/data/file") == "one\n"
