"""What would be lost with containers: what they have written outside of volumes, and volumes without a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.client import Client
from app.core.docker import DockerClient
from app.gui.model.collection import Row
from app.gui.text import count, tr
from vm.units import human_size

_ANONYMOUS = re.compile(r"[0-9a-f]{64}")

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
class LostVolume:
    """A volume without a name: its number, where it is mounted, and what it holds."""

    name: str
    where: str
    size: int


@dataclass(frozen=True)
class Loss:
    """What goes with one container.

    Attributes:
        key: its identifier.
        written: bytes that it wrote outside of volumes; caches and what engines make are not counted.
        complete: whether that is all; looking longer would have taken too much time.
        paths: the biggest paths with their bytes; one that ends with a slash is a folder with all in it.
        volumes: volumes without a name.
    """

    key: str
    name: str
    running: bool
    written: int
    complete: bool = True
    paths: tuple[tuple[str, int], ...] = ()
    volumes: tuple[LostVolume, ...] = ()

    @property
    def text(self) -> str:
        """One line."""
        if not self.written:
            return f"{self.name}: {tr('nothing but the container itself')}"
        size = human_size(self.written)
        said = tr("{size} written", size=size) if self.complete else tr("at least {size} written", size=size)
        named = ", ".join(f"{path} ({human_size(of)})" for path, of in self.paths[:_NAMED])
        more = tr(" and {n} more", n=len(self.paths) - _NAMED) if len(self.paths) > _NAMED else ""
        return f"{self.name}: {said}; {named}{more}"

    @property
    def lines(self) -> list[str]:
        """All that is known, biggest first."""
        return [self.text.partition(";")[0], *(f"  {human_size(size):>10}  {path}" for path, size in self.paths)]


@dataclass(frozen=True)
class Losses:
    """What goes with several. `days`: how long it would be kept in the trash, 0 for not at all."""

    each: tuple[Loss, ...] = ()
    days: float = 0

    @property
    def running(self) -> int:
        """How many of them run."""
        return sum(loss.running for loss in self.each)

    @property
    def volumes(self) -> list[LostVolume]:
        """All volumes without a name."""
        return [volume for loss in self.each for volume in loss.volumes]

    @property
    def written(self) -> int:
        """Bytes that all of them wrote."""
        return sum(loss.written for loss in self.each)

    @property
    def lines(self) -> list[str]:
        """What is lost, for people: of one container path by path, of several a line each."""
        return self.each[0].lines if len(self.each) == 1 else [loss.text for loss in self.each]


def read_changes(docker: DockerClient, key: str) -> tuple[Change, ...]:
    """Return what differs from the image, by path. Raises LinnetError."""
    answer = docker.get(f"/containers/{key}/changes") or []
    found = [Change(str(one["Path"]), KINDS.get(one.get("Kind"), "changed")) for one in answer]
    return tuple(sorted(found, key=lambda change: change.path))


def read_sizes(docker: DockerClient, keys: Sequence[str]) -> dict[str, int]:
    """Return the bytes that containers wrote outside of volumes, by key. Raises LinnetError."""
    answer = docker.get("/containers/json", all=True, size=True, filters={"id": list(keys)}) or []
    return {str(row["Id"]): int(row.get("SizeRw") or 0) for row in answer}


def read_losses(client: Client, path: str, chosen: Iterable[Row]) -> Losses:
    """Have the machine look at what would go with containers. Raises LinnetError.

    Args:
        client: of linnetd; it is closed.
        path: of the machine in the local API.
        chosen: rows of containers.
    """
    with client:
        found = client.post(f"{path}/losses", {"containers": [str(row["Id"]) for row in chosen]})
    return Losses(tuple(_loss(one) for one in found["containers"]), float(found["days"]))


def _loss(one: dict[str, Any]) -> Loss:
    volumes = tuple(
        LostVolume(str(volume["name"]), str(volume["destination"]), int(volume["bytes"])) for volume in one["volumes"]
    )
    paths = tuple((str(path["path"]), int(path["bytes"])) for path in one["paths"])
    return Loss(one["id"], one["name"], one["running"], int(one["bytes"]), one["complete"], paths, volumes)


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
        sentences.append(tr("{size} that is in no volume goes with it.", size=human_size(losses.written)))
    sentences.append(tr("Images and named volumes stay."))
    return " ".join(sentences)
