"""The types of the local API about what containers may use."""

from __future__ import annotations

from typing import Annotated

import msgspec

from app.core.api import Request

NO_SWAP_LIMIT = -1


class Limits(msgspec.Struct, frozen=True):
    """What a container may use."""

    cpus: float
    """Processors; 0 is no limit."""
    memory: int
    """Bytes; 0 is no limit."""
    swap: int
    """Bytes of swap besides memory; 0 is none, -1 no limit."""
    pids: int
    """Processes and threads; 0 is no limit."""
    io_weight: int | None
    """Its share of the disk when that is busy, 10 to 1000 as the engine counts; `Room.io_weight` is the usual one. None
    where nobody set one, or the kernel has none."""


class LimitedUse(msgspec.Struct, frozen=True):
    """What a container uses now; counters count from its start."""

    memory: int
    """Bytes, with its files in the guest's cache."""
    reclaimable: int
    """Bytes of these that the kernel takes back when it needs them."""
    swap: int
    pids: int
    cpu_usec: int
    throttled_usec: int
    """Microseconds in which it wanted a CPU and had used up its share."""
    oom_kills: int
    """Processes that the kernel ended because memory was full."""
    pids_refused: int
    """Processes that could not be started because there were too many."""


class Pressure(msgspec.Struct, frozen=True):
    """How long tasks had to wait for something: percent of the last 10 s."""

    some: float
    """At least one."""
    full: float
    """All of them at once."""
    total: float
    """Microseconds since the start in which at least one had to wait."""


class Room(msgspec.Struct, frozen=True):
    """What the machine has: processors, bytes of memory and of swap."""

    cpus: int
    memory: int
    swap: int
    io_weight: int
    """Of containers that nobody gave one, as the engine counts: 100 with Podman, 20 with Moby."""


class ContainerLimits(msgspec.Struct, frozen=True):
    """A container, its limits and what it uses."""

    id: str
    name: str
    running: bool
    limits: Limits
    """In force, as the files of its cgroup say; of a container that does not run, as its engine says."""
    described: Limits
    """As its engine says: with these it is started again."""
    use: LimitedUse | None
    """None when it does not run."""
    pressure: dict[str, Pressure] | None
    """On cpu, memory and io; None when it does not run."""
    room: Room
    warnings: list[str] = []
    """What the engine said to a change."""


class ChangeLimits(Request):
    """New limits; what is missing or null stays as it is."""

    cpus: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """Processors, 0 for no limit."""
    memory: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """Bytes, 0 for no limit."""
    swap: Annotated[int, msgspec.Meta(ge=NO_SWAP_LIMIT)] | None = None
    """Bytes besides memory, 0 for none, -1 for no limit."""
    pids: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """Processes and threads, 0 for no limit."""
    io_weight: Annotated[int, msgspec.Meta(ge=10, le=1000)] | None = None
    force: bool = False
    """Also when the container uses more now than it shall be allowed to."""
