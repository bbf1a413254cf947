"""The Dev Containers CLI makes a container for a folder of this computer and runs commands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.vm import supplies
from tests.vm.product import Product

QUICKLY = ("--default-user-env-probe", "none")
"""Do not start the login shells of the container's user to learn his environment."""


@pytest.mark.parametrize("product", ["libvirt"], indirect=True)
def test_up_and_exec(product: Product, folder: Path) -> None:
    settings = folder / ".devcontainer"
    settings.mkdir()
    image = supplies.need_busybox(product)
    (settings / "Dockerfile").write_text(f"FROM {image}\nRUN echo built > /built\n")
    (settings / "devcontainer.json").write_text(
        json.dumps(
            {
                "build": {"dockerfile": "Dockerfile"},
                "remoteUser": "root",
                "containerEnv": {"BIRD": "Möwe"},
                "postCreateCommand": "cp /built created.txt",
            }
        )
    )
    up = _cli(product, "up", *QUICKLY, "--workspace-folder", str(folder))
    result = json.loads(up.splitlines()[-1])
    try:
        assert result["outcome"] == "success"
        assert (folder / "created.txt").read_text() == "built\n"
        script = 'cat created.txt; echo "$BIRD" > bird.txt'
        output = _cli(product, "exec", *QUICKLY, "--workspace-folder", str(folder), "sh", "-c", script)
        assert "built" in output
        bird = folder / "bird.txt"
        assert bird.read_text() == "Möwe\n"
        assert bird.stat().st_uid == folder.stat().st_uid
    finally:
        made = product.docker("inspect", "--format", "{{.Image}}", result["containerId"]).strip()
        product.docker("rm", "--force", result["containerId"])
        product.docker("rmi", "--force", made)


def _cli(product: Product, *arguments: str) -> str:
    program = supplies.node_modules() / "@devcontainers" / "cli" / "devcontainer.js"
    # Podman's Docker API has no BuildKit.
    environment = {"DOCKER_HOST": product.docker_host, "DOCKER_BUILDKIT": "0"}
    done = product.command(["node", str(program), *arguments], env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
