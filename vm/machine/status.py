"""What is known of a machine at this moment. Plain data: the local API sends these as JSON."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any


class MachineState(enum.StrEnum):
    """The states of a machine."""

    stopped = "stopped"
    starting = "starting"
    running = "running"
    degraded = "degraded"
    """The VM runs, but a requirement is not met (engine does not answer, link lost)."""
    stopping = "stopping"
    suspending = "suspending"
    suspended = "suspended"
    resuming = "resuming"
    broken = "broken"
    """Its files cannot be used; `errors` says why."""


@dataclass(frozen=True)
class EngineStatus:
    """The engine that a machine runs."""

    kind: str
    """podman, podman-rootful or docker."""
    healthy: bool
    version: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class ShareStatus:
    """A shared folder, as configured and as it is."""

    path: str
    """On the host."""
    guest_path: str
    read_only: bool
    kind: str
    """virtiofs, 9p or sftp: the one in use, or the one that would be."""
    mounted: bool
    error: str | None = None
    note: str | None = None
    """Why it is not served by a better kind."""


@dataclass(frozen=True)
class PortStatus:
    """A port of the guest and what leads to it from the host."""

    protocol: str
    guest_address: str
    guest_port: int
    host_address: str
    host_port: int
    container: str | None
    """Name of the container that publishes it, or None for any other service in the guest."""
    via: str
    """hostfwd, ssh or relay."""
    reachable: bool | None
    """Result of a probe; None when it was not probed."""
    error: str | None = None
    """Why the host side could not be opened, such as the program that holds the port."""


@dataclass(frozen=True)
class MemoryLedger:
    """Where the machine's memory is, in bytes: `containers`, `system`, `cache` and `free` add up to `total`."""

    total: int
    used: int
    """What only its owners can give back: `containers` and `system`."""
    cache: int
    """Copies of what is on disk; dropped when a program needs the room, or when the machine is idle."""
    free: int
    host_rss: int | None
    """What QEMU holds of this computer's memory for all that; None when it cannot be told."""
    containers: int
    """Held by containers."""
    system: int
    """Held by all the rest of the guest: its kernel, the engine, the agent, files in memory."""


@dataclass(frozen=True)
class DiskUse:
    """The data disk, in bytes: its size, what the guest uses of it, and what it takes on the host."""

    size: int
    used: int
    on_host: int


@dataclass(frozen=True)
class MachineStatus:
    """A machine, probed."""

    name: str
    state: MachineState
    cpus: int
    memory: int
    disk: int
    driver: str
    accelerator: str
    accelerator_reason: str
    image: str
    docker_socket: str
    engine: EngineStatus | None = None
    ssh_port: int | None = None
    process_id: int | None = None
    started_at: float | None = None
    """Seconds since the epoch."""
    step: str | None = None
    """What it waits for while starting."""
    memory_use: MemoryLedger | None = None
    disk_use: DiskUse | None = None
    clock_offset: float | None = None
    """Guest minus host, seconds, at the last check."""
    shares: list[ShareStatus] = field(default_factory=list)
    restart_needed: list[str] = field(default_factory=list)
    """Settings that were changed and take effect at the next start."""
    errors: list[str] = field(default_factory=list)
    """Problems, each a sentence, newest last."""
    upgrade: str | None = None
    """Version of the guest image that the next start upgrades to, if that is another one."""
    upgrade_refused: str | None = None
    """A version that is wanted but not tried by itself, and why: an upgrade to it failed or was undone."""


@dataclass(frozen=True)
class MachineEvent:
    """Something that happened to a machine or in it; the local API's event stream carries these."""

    machine: str
    kind: str
    """state, list, engine, container, image, volume, network, port, share, problem, disk, space, idle, backup; of the
    service: operation."""
    data: dict[str, Any]
    time: float
    """Seconds since the epoch, host clock."""
