"""What goes when a machine is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from app.gui.model.hub import UP, Hub
from app.gui.text import count, tr
from vm.errors import LinnetError
from vm.machine.status import MachineStatus
from vm.units import human_size

SHOWN = 8
"""Names of one kind that are written out."""


@dataclass(frozen=True)
class Losses:
    """What would be lost.

    Attributes:
        text: a sentence.
        lines: what it is, one kind of thing a line.
    """

    text: str
    lines: list[str]


def find_losses(hub: Hub, status: MachineStatus) -> Losses:
    """Look at a machine, and into its engine when it runs; to be called in a thread. Never fails."""
    use = None
    try:
        with hub.client() as client:
            status = msgspec.convert(client.get(hub.path("", status.name)), MachineStatus)
            use = status.disk_use
    except LinnetError:
        pass  # what is not known is not said
    text = tr("All its images, containers and volumes are lost, those of every engine that it has run.")
    lines = _contents(hub, status) if status.state in UP else []
    if use is not None:
        lines.append(tr("{size} of data on its disk", size=human_size(use.used)))
    if not lines:
        lines.append(tr("all images, containers and volumes on its disk"))
    return Losses(text, lines)


def find_contents(hub: Hub, status: MachineStatus) -> Losses:
    """Look into the engine of a machine that runs; to be called in a thread. Never fails."""
    lines = _contents(hub, status) if status.state in UP else []
    return Losses("", [tr("Now: {contents}", contents=line) for line in lines])


def _contents(hub: Hub, status: MachineStatus) -> list[str]:
    try:
        docker = hub.docker(status.name)
        containers = docker.get("/containers/json", all=True)
        volumes = (docker.get("/volumes") or {}).get("Volumes") or []
        images = docker.get("/images/json")
    except LinnetError:
        return []
    names = [str((one.get("Names") or [one["Id"][:12]])[0]).lstrip("/") for one in containers]
    tags = [tag for one in images for tag in (one.get("RepoTags") or [])]
    return [
        line
        for line in (
            _line(count("{n} container", "{n} containers", len(names)), names),
            _line(count("{n} volume", "{n} volumes", len(volumes)), (one["Name"] for one in volumes)),
            _line(count("{n} image", "{n} images", len(images)), tags),
        )
        if line
    ]


def _line(what: str, names: Iterable[Any]) -> str:
    known = [str(name) for name in names]
    if not known:
        return ""
    more = "" if len(known) <= SHOWN else " …"
    return f"{what}: {', '.join(known[:SHOWN])}{more}"
