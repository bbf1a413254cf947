"""Images are built from folders of this computer, with network in the steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vm import supplies
from tests.vm.product import Product


@pytest.mark.extended  # apt in an emulated guest takes minutes
@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_packages_are_installed_in_a_build(product: Product, folder: Path) -> None:
    base = supplies.need_debian(product)
    (folder / "Dockerfile").write_text(
        f"FROM {base}\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends ed\n"
        "COPY Gruß.txt /\n"
        'CMD ["sh", "-c", "ed --version; cat /Gruß.txt"]\n'
    )
    (folder / "Gruß.txt").write_text("grüße\n")
    product.ok("build", "-t", "with-ed", str(folder))
    try:
        lines = product.ok("run", "--rm", "with-ed").splitlines()
        assert lines[0].startswith("GNU ed")
        assert lines[-1] == "grüße"
    finally:
        product.ok("rmi", "with-ed")


def test_docker_cli_sends_the_context(product: Product, folder: Path) -> None:
    base = supplies.need_busybox(product)
    (folder / "Dockerfile").write_text(
        f"FROM {base}\nARG NAME\nCOPY . /context\nRUN rm -r /context/Dockerfile && echo $NAME > /context/name\n"
    )
    (folder / ".dockerignore").write_text("*.secret\n")
    (folder / "my.secret").write_text("secret")
    (folder / "data").write_bytes(bytes(range(256)) * 4096)
    product.docker("build", "--build-arg", "NAME=Möwe", "-t", "of-context", ".", cwd=folder)
    try:
        script = "cd /context; find . -type f | sort; cat name; wc -c < data"
        output = product.docker("run", "--rm", "of-context", "sh", "-c", script)
        assert output.split() == ["./.dockerignore", "./data", "./name", "Möwe", str(256 * 4096)]
    finally:
        product.docker("rmi", "of-context")
