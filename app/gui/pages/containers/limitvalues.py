"""What the tab of limits shows, and what of it is sent: data, without widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.gui.text import count, mark, tr
from vm.units import MIB, human_size

POLICIES = (
    ("no", mark("Never")),
    ("on-failure", mark("When it fails")),
    ("unless-stopped", mark("Always, unless stopped by hand")),
    ("always", mark("Always")),
)
"""Restart policies, as the engines call them and in words."""

NO_SWAP_LIMIT = -1


@dataclass(frozen=True)
class Limits:
    """What a container may use.

    Attributes:
        cpus: processors, 0 for no limit.
        memory: MiB, 0 for no limit.
        swap: MiB besides memory, 0 for none, -1 for no limit.
        pids: processes, 0 for no limit.
        io_weight: its share of the disk, None when the guest's kernel has no shares.
        policy: when it is started again; `retries` at most, 0 for any number, only on failure.
    """

    cpus: float = 0.0
    memory: int = 0
    swap: int = NO_SWAP_LIMIT
    pids: int = 0
    io_weight: int | None = None
    policy: str = "no"
    retries: int = 0


def limits_of(found: Mapping[str, Any], details: Mapping[str, Any]) -> Limits:
    """Return the limits of a container.

    Args:
        found: the local API's ContainerLimits.
        details: the engine's description, for when it is started again.
    """
    may = found["limits"]
    policy = (details.get("HostConfig") or {}).get("RestartPolicy") or {}
    name = str(policy.get("Name") or "no")
    weight = may["io_weight"]
    if weight is None and not found["running"]:
        weight = found["room"]["io_weight"]
    return Limits(
        round(float(may["cpus"]), 2),
        int(may["memory"]) // MIB,
        int(may["swap"]) // MIB if may["swap"] >= 0 else NO_SWAP_LIMIT,
        int(may["pids"]),
        None if weight is None else int(weight),
        name,
        int(policy.get("MaximumRetryCount") or 0) if name == "on-failure" else 0,
    )


def changes(before: Limits, after: Limits) -> dict[str, Any]:
    """Return what the local API is to change: only what is different."""
    body: dict[str, Any] = {}
    if after.cpus != before.cpus:
        body["cpus"] = after.cpus
    if after.memory != before.memory:
        body["memory"] = after.memory * MIB
    if after.memory and after.swap != before.swap:
        body["swap"] = after.swap * MIB if after.swap >= 0 else NO_SWAP_LIMIT
    if after.pids != before.pids:
        body["pids"] = after.pids
    if after.io_weight != before.io_weight:
        body["io_weight"] = after.io_weight
    return body


def policy_change(before: Limits, after: Limits) -> dict[str, Any]:
    """Return the engine's request that changes when the container is started again, empty when that is the same."""
    if (after.policy, after.retries) == (before.policy, before.retries):
        return {}
    retries = after.retries if after.policy == "on-failure" else 0
    return {"RestartPolicy": {"Name": after.policy, "MaximumRetryCount": retries}}


@dataclass(frozen=True)
class Uses:
    """What a container uses, in words, beside the limit of each; empty when it does not run."""

    cpus: str = ""
    memory: str = ""
    swap: str = ""
    pids: str = ""
    io_weight: str = ""
    waits: str = ""


def uses_of(found: Mapping[str, Any]) -> Uses:
    """Return what the local API's ContainerLimits says of the use."""
    use = found["use"]
    usual = found["room"]["io_weight"]
    share = tr("Its share of the disk while others use it too; {n} is as usual.", n=usual)
    if use is None:
        return Uses(io_weight=share)
    held = max(0, use["memory"] - use["reclaimable"])
    size = tr(
        "uses {size}, {more} more that it can give back", size=human_size(held), more=human_size(use["reclaimable"])
    )
    swap = tr("uses {size}", size=human_size(use["swap"])) if found["room"]["swap"] else tr("this machine has no swap")
    throttled = use["throttled_usec"] / 1e6
    return Uses(
        tr("held back for {seconds} s so far", seconds=f"{throttled:.1f}") if throttled else "",
        " · ".join(filter(None, (size, kills(use["oom_kills"])))),
        swap,
        count("has {n} process", "has {n} processes", use["pids"]),
        share,
        waits({name: one["some"] for name, one in (found["pressure"] or {}).items()}),
    )


def kills(number: int) -> str:
    """Say how many processes ended because memory was full; "" for none."""
    if not number:
        return ""
    return count(
        "{n} process was ended because memory was full", "{n} processes were ended because memory was full", number
    )


def waits(pressure: Mapping[str, float]) -> str:
    """Say for which part of the last ten seconds something had to be waited for; "" when nothing had to be."""
    words = {"cpu": tr("CPU"), "memory": tr("memory"), "io": tr("disk")}
    parts = [f"{word} {pressure[name]:.0f} %" for name, word in words.items() if pressure.get(name, 0) >= 0.5]
    return tr("Waits for {parts} of the time", parts=", ".join(parts)) if parts else ""
