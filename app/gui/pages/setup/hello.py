"""The first container: says something and goes on running, so that there is something to look at."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from app.core.docker import DockerClient, Frame
from app.core.flow import Flow
from app.gui.work.jobs import Control
from vm.errors import ConflictError, GuestError, UnavailableError

IMAGE = "hello"
"""It comes with the guest image: no registry is needed."""

NAME = "hello"

COMMAND = ["/bin/sh", "-c", "cat /etc/hello; exec sleep 31536000"]

FIRST_WORD = 60.0
"""Seconds in which the container has to say something."""

SILENCE = 1.0
"""Seconds without a word after which it has said everything."""

LONGEST = 64 * 1024
"""Bytes of its output that are read."""


@dataclass(frozen=True)
class Hello:
    """The container that was run.

    Attributes:
        id: the engine's.
        output: what it said.
    """

    id: str
    output: str


def run_hello(docker: DockerClient, control: Control) -> Hello:
    """Run the container and return what it says. Raises LinnetError; the container is then removed again."""
    docker = docker.watched(lambda connection: control.on_cancel(connection.abort))
    identity = _create(docker)
    try:
        docker.post(f"/containers/{identity}/start")
        with docker.frames(f"/containers/{identity}/logs", stdout=True, stderr=True, follow=True) as flow:
            output = _listen(flow)
        control.check()
        _expect(output)
        return Hello(identity, output)
    except BaseException:
        _remove(docker.address, identity)
        raise


def _expect(output: str) -> None:
    if not output:
        raise GuestError("The first container has said nothing.", hint="Try again; Troubleshoot looks at the engine.")


def _create(docker: DockerClient) -> str:
    # `sleep` as the first process ignores SIGTERM: a stop would take ten seconds.
    body: dict[str, Any] = {"Image": IMAGE, "Cmd": COMMAND, "StopSignal": "SIGKILL"}
    try:
        made = docker.post("/containers/create", body, name=NAME)
    except ConflictError:
        made = docker.post("/containers/create", body)  # somebody has a container of that name
    return str(made["Id"])


def _remove(address: str, identity: str) -> None:
    try:
        DockerClient(address).delete(f"/containers/{identity}", force=True)
    except (UnavailableError, GuestError):
        pass  # what went wrong before is what the user has to know


def _listen(flow: Flow[Frame]) -> str:
    """Return what arrives until it is silent."""
    data = b""
    timer = threading.Timer(FIRST_WORD, flow.abort)
    timer.start()
    try:
        for frame in flow:
            data += frame.data
            timer.cancel()
            if len(data) > LONGEST:
                break
            timer = threading.Timer(SILENCE, flow.abort)
            timer.start()
    except UnavailableError:
        pass  # the timer has ended it, or the user
    finally:
        timer.cancel()
    return data[:LONGEST].decode(errors="replace")
