"""Where the guest's memory is: a ledger whose entries add up to all of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from agent import cgroup, memory
from agent.containers import Container
from agent.loop import Loop
from agent.methods import Method

_HELD = (
    b"anon",
    b"kernel_stack",
    b"pagetables",
    b"sec_pagetables",
    b"percpu",
    b"sock",
    b"vmalloc",
    b"shmem",
    b"slab_unreclaimable",
)
"""Entries of memory.stat that stand for memory which only its owner can give back; the rest are caches."""


def methods(loop: Loop, running: Callable[[], Awaitable[list[Container]]]) -> dict[str, Method]:
    """Return the requests that this module carries out; `running` tells the containers that run."""

    async def ledger(_params: dict[str, Any]) -> Any:
        containers = await running()
        return await loop.in_thread(take, containers)

    return {"memory.ledger": ledger}


def take(containers: Iterable[Container]) -> dict[str, int]:
    """Return bytes in total, held by containers, by the rest of the guest (`system`), in caches, and free."""
    folders = {cgroup.of_process(container.pid, container.id) for container in containers if container.pid}
    held = sum(held_by(cgroup.read(f"{folder}/memory.stat")) for folder in folders if folder is not None)
    with open("/proc/meminfo", encoding="ascii") as file:
        return entries(file.read(), held)


def held_by(stat: bytes) -> int:
    """Return how many bytes of a cgroup cannot be had by emptying caches, from the text of its memory.stat."""
    values = cgroup.flat(stat)
    return sum(values.get(name, 0) for name in _HELD)


def entries(meminfo: str, held: int) -> dict[str, int]:
    """Return the ledger from the text of /proc/meminfo and what containers hold, bytes.

    Files in a tmpfs are counted among the caches by the kernel but cannot be dropped; here they belong to the system,
    as far as no container holds them.
    """
    values = memory.fields(meminfo)
    total, free = values["MemTotal"], values["MemFree"]
    cache = values["Buffers"] + values["Cached"] + values["SReclaimable"] - values.get("Shmem", 0)
    # The figures are read one after the other while the guest goes on; what is over is never more than there is.
    cache = max(0, min(cache, total - free))
    containers = max(0, min(held, total - free - cache))
    return {
        "total": total,
        "containers": containers,
        "system": total - free - cache - containers,
        "cache": cache,
        "free": free,
    }
