"""A compose project: a web server that is healthy when the other service has put a page into their volume."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.vm import supplies
from vm.ports import free_port

FILE = """\
services:
  web:
    image: {image}
    init: true
    command: httpd -f -p 80 -h /pages
    ports: ["{port}:80"]
    volumes: ["pages:/pages"]
    healthcheck:
      test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"]
      interval: 1s
      timeout: 30s
      retries: 60
  writer:
    build: .
    init: true
    volumes: ["pages:/pages"]
volumes:
  pages:
"""

DOCKERFILE = """\
FROM {image}
RUN echo from the writer > /page
CMD ["sh", "-c", "cp /page /pages/index.html; exec sleep 1000"]
"""

NAME = "birds"


def write(folder: Path, image: str) -> int:
    """Write the project into `folder`; return the port on this computer."""
    port = free_port()
    (folder / "compose.yaml").write_text(f"name: {NAME}\n" + FILE.format(image=image, port=port))
    (folder / "Dockerfile").write_text(DOCKERFILE.format(image=image))
    return port


def check(folder: Path, image: str, compose: Callable[..., str], engine: Callable[..., str]) -> None:
    """Bring the project up and down.

    Args:
        folder: an empty folder.
        image: a busybox.
        compose: runs compose with the arguments, in `folder`; returns its output.
        engine: runs the engine's CLI.
    """
    port = write(folder, image)
    try:
        compose("up", "--detach", "--wait")
        web = compose("ps", "--quiet", "web").strip()
        assert engine("inspect", "--format", "{{.State.Health.Status}}", web) == "healthy\n"
        assert supplies.fetch(f"http://127.0.0.1:{port}/") == "from the writer\n"
        compose("down")
        assert engine("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={NAME}") == ""
        assert f"{NAME}_pages" in engine("volume", "ls", "--quiet").split()
    finally:
        compose("down", "--volumes", "--rmi", "local")
    assert f"{NAME}_pages" not in engine("volume", "ls", "--quiet").split()
