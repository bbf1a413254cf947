"""Limits of a container in the engines' words: what their descriptions say, and the requests that change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Values = dict[str, float | None]
"""cpus (processors), memory (bytes) and pids, each 0 for no limit; swap (bytes besides memory, 0 none, -1 no limit);
io_weight (as the engines count it, None if there is none). A name that is missing stays as it is."""

IO_WEIGHTS = (10, 1000)
"""The least and the highest weight of block I/O, as the engines count it."""

NAMES = {"cpus": "CPUs", "memory": "memory", "swap": "swap", "pids": "processes", "io_weight": "I/O weight"}

_PERIOD = 100_000
"""Microseconds in which a CPU quota is counted."""

_USUAL_IO, _MOST_IO = 100, 10_000
"""The kernel's weight of what nobody gave one, and the highest."""


def path(kind: str, container: str) -> str:
    """Return where the engine takes changes of a container's limits."""
    # Podman's Docker API forgets the restart policy when it is not told again, and takes no weight.
    return f"/containers/{container}/update" if kind == "docker" else f"/v5.0.0/libpod/containers/{container}/update"


def engine_weight(kind: str, weight: int = _USUAL_IO) -> int:
    """Return a weight of block I/O in the engine's scale, of one in the kernel's; by default the usual one.

    runc, under Moby, spreads 10 to 1000 evenly over 1 to 10000, so that the usual weight is 20 there. systemd, which
    Podman's crun leaves it to, takes weights up to 100 as they are.
    """
    low, high = IO_WEIGHTS
    if kind == "docker":
        return round(low + (weight - 1) * (high - low) / (_MOST_IO - 1))
    if weight <= _USUAL_IO:
        return weight
    return round(_USUAL_IO + (weight - _USUAL_IO) * (high - _USUAL_IO) / (_MOST_IO - _USUAL_IO))


def outcome(before: Values, wanted: Values) -> Values:
    """Return the limits that there must be after a change; None where anything is right."""
    after = {**before, **wanted}
    if "memory" in wanted and "swap" not in wanted:
        size, both = _sizes(before, wanted)
        after["swap"] = None if size < 0 or both < 0 else both - size
    return after


def of_engine(host: Mapping[str, Any]) -> Values:
    """Return the limits in the HostConfig of an engine's description."""
    nano, quota, period = host.get("NanoCpus") or 0, host.get("CpuQuota") or 0, host.get("CpuPeriod") or _PERIOD
    size, both = max(0, host.get("Memory") or 0), host.get("MemorySwap") or 0
    return {
        "cpus": round(nano / 1e9 if nano else max(0.0, quota / period), 3),
        "memory": size,
        "swap": both - size if size and both > 0 else -1,
        "pids": max(0, host.get("PidsLimit") or 0),
        "io_weight": host.get("BlkioWeight") or None,
    }


def update(kind: str, host: Mapping[str, Any], wanted: Values, cpus: int, memory: int) -> dict[str, Any]:
    """Return the request that changes limits of a container.

    Args:
        kind: of the engine.
        host: the HostConfig of the container as it is.
        wanted: what is to change.
        cpus: processors of the guest; no engine can lift a limit of CPUs, so it becomes all of them.
        memory: of the guest, bytes, for the same reason.
    """
    before = of_engine(host)
    if kind == "docker":
        # runc forgets what it is not told again.
        told = {name: value for name, value in before.items() if value and (name != "swap" or before["memory"])}
        if "memory" in wanted and "swap" not in wanted:
            told.pop("swap", None)
        wanted = {**told, **wanted}
    size, both = _sizes(before, wanted)
    return _docker(host, wanted, size, both, cpus, memory) if kind == "docker" else _libpod(wanted, size, both, cpus)


def _sizes(before: Values, wanted: Values) -> tuple[int, int]:
    """Return memory, and memory with swap, as the engines want both together: -1 for no limit, 0 for as it was."""
    if "memory" not in wanted and "swap" not in wanted:
        return 0, 0
    size = int(wanted.get("memory", before["memory"]) or 0)
    if not size:
        return -1, -1
    swap = wanted.get("swap")
    if swap is None:
        # As `run` does it: as much swap as memory, unless another amount was asked for.
        swap = before["swap"] if before["memory"] and before["swap"] != before["memory"] else size
    return size, -1 if swap == -1 else size + int(swap or 0)


def _docker(host: Mapping[str, Any], wanted: Values, size: int, both: int, cpus: int, memory: int) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "cpus" in wanted:
        if host.get("CpuQuota"):
            body.update({"CpuPeriod": _PERIOD, "CpuQuota": int((wanted["cpus"] or cpus) * _PERIOD)})
        else:
            body["NanoCpus"] = int((wanted["cpus"] or cpus) * 1e9)
    if size:
        body.update({"Memory": size if size > 0 else memory, "MemorySwap": both})
    if "pids" in wanted:
        body["PidsLimit"] = int(wanted["pids"] or -1)
    if wanted.get("io_weight"):
        body["BlkioWeight"] = int(wanted["io_weight"] or 0)
    return body


def _libpod(wanted: Values, size: int, both: int, cpus: int) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "cpus" in wanted:
        body["cpu"] = {"period": _PERIOD, "quota": int((wanted["cpus"] or cpus) * _PERIOD)}
    if size:
        body["memory"] = {"limit": size, "swap": both}
    if "pids" in wanted:
        body["pids"] = {"limit": int(wanted["pids"] or -1)}
    if wanted.get("io_weight"):
        body["blockIO"] = {"weight": int(wanted["io_weight"] or 0)}
    return body
