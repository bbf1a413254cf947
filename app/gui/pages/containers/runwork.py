"""Runs a container: pulls the image when it is missing, creates, starts; leaves nothing behind that never ran."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.docker import DockerClient, part
from app.core.registries import Credentials
from app.gui.pages.containers.runrequest import FindGuestPath, RunRequest, docker_body, libpod_body
from app.gui.text import tr
from app.gui.work.jobs import Control
from vm.errors import GuestError, LinnetError, NotFoundError


class Pulled:
    """How far a pull is, over all layers."""

    def __init__(self) -> None:
        self._layers: dict[str, tuple[int, int]] = {}

    def take(self, line: dict[str, Any]) -> tuple[str, int | None, int | None]:
        """Take a line of the engine in; return text, bytes done and bytes in all (None when not known)."""
        detail = line.get("progressDetail") or {}
        layer = str(line.get("id") or "")
        if layer and detail.get("total"):
            self._layers[layer] = (int(detail.get("current") or 0), int(detail["total"]))
        text = f"{layer} {line.get('status') or line.get('stream') or ''}".strip()
        total = sum(total for _, total in self._layers.values())
        return text, sum(done for done, _ in self._layers.values()) if total else None, total or None


def run_container(
    control: Control,
    docker: DockerClient,
    libpod: DockerClient | None,
    credentials: Credentials,
    wish: RunRequest,
    find: FindGuestPath,
) -> str:
    """Run a container; return its id.

    Args:
        control: of the job.
        docker: the Docker API.
        libpod: Podman's own, which is needed for another runtime; None with the other engine.
        credentials: for the pull.
        wish: what to run.
        find: where the machine has a folder of this computer.

    Raises:
        LinnetError: with what the engine said; a container that could not be started is removed again.
    """
    ensure_image(control, docker, credentials, wish.image)
    control.progress(tr("Creating the container …"))
    if wish.runtime and libpod is not None:
        answer = libpod.post("/containers/create", libpod_body(wish, find))
    else:
        answer = docker.post("/containers/create", docker_body(wish, find), name=wish.name or None)
    key = str((answer or {}).get("Id") or "")
    if not key:
        raise GuestError(tr("The engine did not say which container it made."), detail=repr(answer))
    for warning in (answer or {}).get("Warnings") or []:
        control.log(str(warning))
    try:
        control.progress(tr("Starting the container …"))
        docker.post(f"/containers/{key}/start")
    except LinnetError:
        _remove(docker, key, control.log)
        raise
    return key


def ensure_image(control: Control, docker: DockerClient, credentials: Credentials, image: str) -> None:
    """Pull an image unless it is there."""
    try:
        docker.get(f"/images/{part(image)}/json")
        return
    except NotFoundError:
        pass
    control.progress(tr("Pulling {image} …", image=image))
    pulled = Pulled()
    headers = credentials.header(image)
    named = image if "@" in image or ":" in image.rpartition("/")[2] else f"{image}:latest"
    with docker.lines("POST", "/images/create", headers=headers, fromImage=named) as flow:
        for line in control.watch(flow):
            text, done, total = pulled.take(line)
            if text:
                control.log(text)
                control.progress(text, done, total)
    control.check()


def _remove(docker: DockerClient, key: str, log: Callable[[str], None]) -> None:
    try:
        docker.delete(f"/containers/{key}", force=True, v=True)
    except LinnetError as error:
        log(error.message)
