"""What Linnet costs when nothing happens, and how large its image is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import psutil

from tests.bench.measure import Result, single
from tests.bench.product import MACHINE, Product
from vm.image.publish import publish

SETTLE = 30
"""Seconds after the start until the guest counts as idle."""

WINDOW = 60
"""Seconds over which CPU time is measured."""

MB = 10**6

MIB = 2**20


def idle(product: Product) -> Iterator[Result]:
    """Memory and CPU of linnetd and the agent over 60 s, and memory in use in the guest, with the engine up."""
    product.ensure_running()
    product.linnet("machine", "restart", MACHINE)
    product.ping()
    pid = int(product.guest("systemctl show -p MainPID --value linnet-agent.service"))
    service = psutil.Process(json.loads(product.linnet("service", "status", "--json"))["process_id"])
    time.sleep(SETTLE)
    before, agent_before = _cpu(service), _agent(product, pid)
    began = time.monotonic()
    time.sleep(WINDOW)
    window = time.monotonic() - began
    busy, memory = _cpu(service) - before, service.memory_full_info()
    agent_busy = _agent(product, pid)["cpu"] - agent_before["cpu"]
    yield single("linnetd idle: memory", memory.rss / MB, 60, "MB")
    # Only Linux tells how much of it is the process's own share of libraries that others use too.
    if (own := getattr(memory, "pss", None)) is not None:
        yield Result("linnetd idle: memory, shared pages divided", {"PSS": own / MB}, "MB", own / MB)
    yield single("linnetd idle: CPU", 100 * busy / window, 0.3, "%")
    yield single("agent idle: memory", _agent(product, pid)["memory"] / MB, 20, "MB")
    yield single("agent idle: CPU", 100 * agent_busy / window, 0.3, "%")
    yield single("guest memory in use", _guest_memory(product) / MIB, 180, "MiB")


def image(product: Product) -> Iterator[Result]:
    """The image, compressed as downloaded."""
    entry = publish(product.image(), product.base)
    yield single("image, as downloaded", entry.size / MB, 200, "MB")


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _agent(product: Product, pid: int) -> dict[str, float]:
    """Return the agent's memory in bytes and its CPU time in seconds of the guest."""
    output = product.guest(f"getconf CLK_TCK; cat /proc/{pid}/stat; grep VmRSS /proc/{pid}/status")
    ticks, stat, memory = output.splitlines()
    fields = stat.rpartition(")")[2].split()
    return {"cpu": (int(fields[11]) + int(fields[12])) / int(ticks), "memory": int(memory.split()[1]) * 1024}


def _guest_memory(product: Product) -> float:
    lines = dict(line.split(":") for line in product.guest("cat /proc/meminfo").splitlines())
    total, available = (int(lines[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable"))
    return total - available
