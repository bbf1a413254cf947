"""Moby instead of Podman: the switch keeps what each has, and clients work on Moby too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.vm import project, supplies
from tests.vm.product import Product

pytestmark = pytest.mark.parametrize("product", ["libvirt"], indirect=True)


@pytest.fixture(scope="module")
def moby(product: Product) -> Iterator[Product]:
    """The machine with Moby in use; Podman has a container named `of-podman`."""
    product.ok("create", "--name", "of-podman", "hello")
    product.ok("engine", "use", "docker")
    try:
        yield product
    finally:
        product.ok("engine", "use", "podman")
        product.ok("rm", "--force", "of-podman")


def test_engine_in_use(moby: Product) -> None:
    assert {row["kind"]: row["active"] for row in moby.json("engine", "list")} == {
        "podman": False,
        "podman-rootful": False,
        "docker": True,
    }
    assert moby.status()["engine"]["kind"] == "docker"
    assert moby.docker("version", "--format", "{{.Server.Platform.Name}} {{.Server.Version}}").strip().startswith("2")


def test_hello(moby: Product) -> None:
    assert "Hello from Linnet" in moby.ok("run", "--rm", "hello")
    assert "Hello from Linnet" in moby.docker("run", "--rm", "hello")


def test_docker_cli(moby: Product, folder: Path) -> None:
    """Standard input and output, a folder of this computer, exec, and copying."""
    image = supplies.need_busybox(moby)
    assert moby.docker("run", "--rm", "-i", "-v", f"{folder}:/w", image, "tee", "/w/copy", input="tweet") == "tweet"
    assert (folder / "copy").read_text() == "tweet"
    moby.docker("run", "--detach", "--init", "--name", "sleeper", image, "sleep", "1000")
    try:
        moby.docker("cp", str(folder / "copy"), "sleeper:/tmp/copy")
        assert moby.docker("exec", "sleeper", "cat", "/tmp/copy") == "tweet"
    finally:
        moby.docker("rm", "--force", "sleeper")


def test_compose_plugin(moby: Product, folder: Path) -> None:
    supplies.give_compose_plugin(moby)
    image = supplies.need_busybox(moby)
    project.check(folder, image, partial(moby.docker, "compose", cwd=folder), moby.docker)


def test_buildkit(moby: Product, folder: Path) -> None:
    """BuildKit talks gRPC over the upgraded connection."""
    supplies.give_compose_plugin(moby)
    project.write(folder, supplies.need_busybox(moby))
    environment = {"DOCKER_HOST": moby.docker_host, "DOCKER_BUILDKIT": "1"}
    done = moby.command(["docker", "compose", "build"], cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr
    assert moby.docker("run", "--rm", f"{project.NAME}-writer", "cat", "/page") == "from the writer\n"
    moby.docker("rmi", f"{project.NAME}-writer")


def test_push_and_pull(moby: Product, tmp_path: Path) -> None:
    name = f"{supplies.REGISTRY}/library/wren:1"
    with supplies.running_registry(tmp_path):
        moby.docker("tag", supplies.need_busybox(moby), name)
        moby.docker("push", name)
        moby.docker("rmi", name)
        moby.docker("pull", name)
        moby.docker("rmi", name)
        moby.docker("pull", "wren:1")  # Docker Hub's name: the mirror answers for it
    moby.docker("rmi", "wren:1")


def test_switching_back_and_forth_keeps_containers_and_images(moby: Product) -> None:
    moby.ok("create", "--name", "of-moby", "hello")
    moby.ok("tag", "hello", "only-moby")
    assert _names(moby) == ["of-moby"]
    moby.ok("engine", "use", "podman")
    try:
        assert "of-podman" in _names(moby)
        assert "of-moby" not in _names(moby)
        assert "Hello from Linnet" in moby.docker("start", "--attach", "of-podman")
        assert "only-moby" not in moby.docker("images")
    finally:
        moby.ok("engine", "use", "docker")
    assert _names(moby) == ["of-moby"]
    assert "Hello from Linnet" in moby.docker("start", "--attach", "of-moby")
    assert "only-moby" in moby.docker("images")
    moby.ok("rm", "of-moby")
    moby.ok("rmi", "only-moby")


def _names(product: Product) -> list[str]:
    return product.docker("ps", "--all", "--format", "{{.Names}}").split()
