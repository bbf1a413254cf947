"""What would be lost with containers: what they have written outside of volumes, and volumes without a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.docker import DockerClient
from app.gui.model.collection import Row
from app.gui.pages.containers import rows
from app.gui.text import count, tr
from vm.errors import LinnetError
from vm.units import human_size

_ANONYMOUS = re.compile(r"[0-9a-f]{64}")

_LOOKED_AT = 20
"""Containers whose changes are looked at; of more only the size is told."""

_NAMED = 3
"""Paths of each that are named."""

_MADE_BY_ENGINES = (
    "/etc",
    "/run",
    "/dev",
    "/proc",
    "/sys",
    "/etc/hosts",
    "/etc/hostname",
    "/etc/resolv.conf",
    "/etc/mtab",
    "/run/.containerenv",
    "/.dockerenv",
)


@dataclass(frozen=True)
class Change:
    """A path that differs from the image. `kind`: changed, added or deleted."""

    path: str
    kind: str


KINDS = {0: "changed", 1: "added", 2: "deleted"}


@dataclass(frozen=True)
class Loss:
    """What goes with one container.

    Attributes:
        written: bytes that it wrote outside of volumes, None when not known.
        changes: what differs from its image; None when it was not looked at.
        volumes: volumes without a name, each with where it is mounted.
        mounts: where something is mounted, volume or not.
    """

    name: str
    running: bool
    written: int | None
    changes: tuple[Change, ...] | None
    volumes: tuple[tuple[str, str], ...] = ()
    mounts: tuple[str, ...] = ()

    @property
    def paths(self) -> list[str]:
        """The paths that matter: folders are left out when something in them is listed."""
        return telling(self.changes or (), self.mounts)

    @property
    def text(self) -> str:
        """One line."""
        parts = []
        if self.written:
            parts.append(tr("{size} written", size=human_size(self.written)))
        paths = self.paths
        if paths:
            named = ", ".join(paths[:_NAMED])
            more = tr(" and {n} more", n=len(paths) - _NAMED) if len(paths) > _NAMED else ""
            parts.append(f"{named}{more}")
        return f"{self.name}: {'; '.join(parts) or tr('nothing but the container itself')}"


@dataclass
class Losses:
    """What goes with several."""

    each: list[Loss] = field(default_factory=list)

    @property
    def running(self) -> int:
        """How many of them run."""
        return sum(loss.running for loss in self.each)

    @property
    def volumes(self) -> list[tuple[str, str]]:
        """All volumes without a name."""
        return [volume for loss in self.each for volume in loss.volumes]

    @property
    def written(self) -> int:
        """Bytes that all of them wrote."""
        return sum(loss.written or 0 for loss in self.each)


def read_changes(docker: DockerClient, key: str) -> tuple[Change, ...]:
    """Return what differs from the image, by path. Raises LinnetError."""
    answer = docker.get(f"/containers/{key}/changes") or []
    found = [Change(str(one["Path"]), KINDS.get(one.get("Kind"), "changed")) for one in answer]
    return tuple(sorted(found, key=lambda change: change.path))


def read_sizes(docker: DockerClient, keys: Sequence[str]) -> dict[str, int]:
    """Return the bytes that containers wrote outside of volumes, by key. Raises LinnetError."""
    answer = docker.get("/containers/json", all=True, size=True, filters={"id": list(keys)}) or []
    return {str(row["Id"]): int(row.get("SizeRw") or 0) for row in answer}


def read_losses(docker: DockerClient, chosen: Iterable[Row]) -> Losses:
    """Look at what would go with containers; what cannot be found out is left out."""
    chosen = list(chosen)
    try:
        sizes = read_sizes(docker, [str(row["Id"]) for row in chosen])
    except LinnetError:
        sizes = {}
    losses = Losses()
    for place, row in enumerate(chosen):
        key = str(row["Id"])
        changes = None
        if place < _LOOKED_AT:
            try:
                changes = read_changes(docker, key)
            except LinnetError:
                changes = None
        loss = Loss(rows.title(row), rows.is_up(row), sizes.get(key), changes, anonymous_volumes(row), mounted_at(row))
        losses.each.append(loss)
    return losses


def anonymous_volumes(row: Row) -> tuple[tuple[str, str], ...]:
    """Return the volumes that have no name but a number, each with where it is mounted."""
    mounts: list[dict[str, Any]] = row.get("Mounts") or []
    return tuple(
        (str(mount["Name"]), str(mount.get("Destination") or ""))
        for mount in mounts
        if mount.get("Type") == "volume" and _ANONYMOUS.fullmatch(str(mount.get("Name") or ""))
    )


def mounted_at(row: Row) -> tuple[str, ...]:
    """Return the paths at which something is mounted."""
    return tuple(str(mount.get("Destination") or "") for mount in row.get("Mounts") or [])


def telling(changes: Iterable[Change], mounts: Iterable[str] = ()) -> list[str]:
    """Return the paths of changes without folders that only hold others of them, and without what engines write.

    `mounts`: where something is mounted; what is there is not the container's own.
    """
    changes = list(changes)
    silent = {*_MADE_BY_ENGINES, *mounts}
    listed = [change for change in changes if change.path not in silent]
    parents = {change.path.rpartition("/")[0] for change in changes if change.path}
    return [change.path for change in listed if not (change.kind == "changed" and change.path in parents)]


def summary(losses: Losses) -> str:
    """Return what will happen, in sentences."""
    number = len(losses.each)
    sentences = [count("The container is removed.", "{n} containers are removed.", number)]
    if losses.running:
        sentences.append(
            tr("It runs and is killed.")
            if number == 1
            else count("{n} runs and is killed.", "{n} run and are killed.", losses.running)
        )
    if losses.written:
        sentences.append(tr("{size} that is in no volume is lost.", size=human_size(losses.written)))
    sentences.append(tr("Images and named volumes stay."))
    return " ".join(sentences)
