"""A compose project goes up and down: with Linnet's own command, and with Debian's plug-in for the docker CLI.

The same on Moby is in test_engines.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.vm import project, supplies
from tests.vm.product import Product


def test_linnet_compose(product: Product, folder: Path) -> None:
    image = supplies.need_busybox(product)
    project.check(folder, image, partial(product.ok, "compose", cwd=folder), product.ok)


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_docker_compose_plugin(product: Product, folder: Path) -> None:
    supplies.give_compose_plugin(product)
    image = supplies.need_busybox(product)
    project.check(folder, image, partial(product.docker, "compose", cwd=folder), product.docker)
