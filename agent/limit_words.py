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

_LEAST_IO, _MOST_IO = 1, 10_000
"""The same weights as the kernel counts them."""


def path(kind: str, container: str) -> str:
    """Return where the engine takes changes of a container's limits."""
    # Podman's Docker API forgets the restart policy when it is not told again, and takes no weight.
    return f"/containers/{container}/update" if kind == "docker" else f"/v5.0.0/libpod/containers/{container}/update"


def engine_weight(weight: int) -> int:
    """Return a weight of the kernel's scale in the engines'. The kernel's default is 20 there."""
    low, high = IO_WEIGHTS
    return round(low + (weight - _LEAST_IO) * (high - low) / (_MOST_IO - _LEAST_IO))


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


def update(kind: str, host: Mapping[str, Any], wanted: Values, cpus: int) -> dict[str, Any]:
    """Return the request that changes limits of a container.

    Args:
        kind: of the engine.
        host: the HostConfig of the container as it is.
        wanted: what is to change.
        cpus: processors of the guest; Moby cannot forget a limit of CPUs, so it gets all of them.
    """
    size, both = _sizes(of_engine(host), wanted)
    return _docker(host, wanted, size, both, cpus) if kind == "docker" else _libpod(wanted, size, both)


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


def _docker(host: Mapping[str, Any], wanted: Values, size: int, both: int, cpus: int) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "cpus" in wanted:
        if host.get("CpuQuota"):
            body.update({"CpuPeriod": _PERIOD, "CpuQuota": int(wanted["cpus"] * _PERIOD) if wanted["cpus"] else -1})
        else:
            body["NanoCpus"] = int((wanted["cpus"] or cpus) * 1e9)
    if size:
        body.update({"Memory": size, "MemorySwap": both})
    if "pids" in wanted:
        body["PidsLimit"] = int(wanted["pids"] or -1)
    if wanted.get("io_weight"):
        body["BlkioWeight"] = int(wanted["io_weight"] or 0)
    return body


def _libpod(wanted: Values, size: int, both: int) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "cpus" in wanted:
        body["cpu"] = {"period": _PERIOD, "quota": int(wanted["cpus"] * _PERIOD) if wanted["cpus"] else -1}
    if size:
        body["memory"] = {"limit": size, "swap": both}
    if "pids" in wanted:
        body["pids"] = {"limit": int(wanted["pids"] or -1)}
    if wanted.get("io_weight"):
        body["blockIO"] = {"weight": int(wanted["io_weight"] or 0)}
    return body
