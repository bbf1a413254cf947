"""What the guest and its containers use, read from /proc and from cgroup files: no engine is asked.

Counters (`*_ns`, `io_*`, `net_*`, pressure totals, OOM kills) count from the start of the container or guest; whoever
reads two samples divides the difference by the difference of `time`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from agent import cgroup, memory
from agent.containers import Container
from agent.core import Sampled
from agent.loop import Loop

_TICK_NS = 10_000_000  # USER_HZ is 100 on every Linux
_SECTOR = 512


class _Subject(NamedTuple):
    id: str
    folder: str
    pid: int


class Sampler:
    """Takes samples; a container whose figures are those of the last sample is left out."""

    def __init__(self) -> None:
        self._subjects: dict[str, _Subject] = {}
        self._last: dict[str, dict[str, Any]] = {}

    def sample(self, containers: Iterable[Container]) -> dict[str, Any]:
        """Return one sample as the host gets it."""
        changed, seen = [], {}
        for container in containers:
            subject = self._subject(container)
            figures = _of_container(subject) if subject else None
            if figures is None:
                continue
            seen[container.id] = figures
            if self._last.get(container.id) != figures:
                changed.append({"id": container.id, **figures})
        self._last = seen
        self._subjects = {key: value for key, value in self._subjects.items() if key in seen}
        return {"time": time.time(), "guest": of_guest(), "containers": changed}

    def _subject(self, container: Container) -> _Subject | None:
        subject = self._subjects.get(container.id)
        if subject is None or subject.pid != container.pid:
            folder = cgroup.of_process(container.pid, container.id)
            if folder is None:
                return None
            subject = self._subjects[container.id] = _Subject(container.id, folder, container.pid)
        return subject


class StatsWatch:
    """Samples at an interval while somebody is subscribed."""

    def __init__(
        self, loop: Loop, interval: float, containers: Callable[[], Iterable[Container]], emit: Callable[[Any], None]
    ) -> None:
        self._loop = loop
        self._interval = interval
        self._containers = containers
        self._emit = emit
        self._task = loop.spawn(self._run())

    def stop(self) -> None:
        """End the watch."""
        self._task.cancel()

    async def _run(self) -> None:
        sampler = Sampler()
        while True:
            self._emit(Sampled("stats", sampler.sample(self._containers())))
            await self._loop.sleep(self._interval)


def _of_container(subject: _Subject) -> dict[str, Any] | None:
    folder = subject.folder
    cpu = cgroup.read(f"{folder}/cpu.stat")
    if not cpu:
        return None
    read, written = cgroup.totals(cgroup.read(f"{folder}/io.stat"), b"rbytes", b"wbytes")
    received, sent = network(cgroup.read(f"/proc/{subject.pid}/net/dev"))
    cache = cgroup.flat(cgroup.read(f"{folder}/memory.stat")).get(b"inactive_file", 0)
    return {
        "cpu_ns": cgroup.flat(cpu).get(b"usage_usec", 0) * 1000,
        "memory": max(0, cgroup.number(cgroup.read(f"{folder}/memory.current")) - cache),
        "memory_limit": cgroup.number(cgroup.read(f"{folder}/memory.max")),
        "pids": cgroup.number(cgroup.read(f"{folder}/pids.current")),
        "io_read": read,
        "io_write": written,
        "net_rx": received,
        "net_tx": sent,
        "oom_kills": cgroup.flat(cgroup.read(f"{folder}/memory.events")).get(b"oom_kill", 0),
        "pressure": cgroup.pressures(folder),
    }


def of_guest() -> dict[str, Any]:
    """Return the guest's own figures."""
    processor = [int(value) * _TICK_NS for value in cgroup.read("/proc/stat").split(b"\n", 1)[0].split()[1:9]]
    received, sent = network(cgroup.read("/proc/net/dev"), only=b"eth")
    read, written = disks(cgroup.read("/proc/diskstats"))
    return {
        "cpu": {"busy_ns": sum(processor) - processor[3] - processor[4], "cpus": os.cpu_count() or 1},
        "memory": memory.status(),
        "load": float(cgroup.read("/proc/loadavg").split()[0]),
        "disk_read": read,
        "disk_write": written,
        "net_rx": received,
        "net_tx": sent,
        "pressure": {name: cgroup.pressure(cgroup.read(f"/proc/pressure/{name}")) for name in ("cpu", "memory", "io")},
    }


def network(table: bytes, only: bytes = b"") -> tuple[int, int]:
    """Return bytes received and sent over all interfaces but loopback, from the text of a net/dev file."""
    received = sent = 0
    for line in table.splitlines()[2:]:
        name, _, rest = line.partition(b":")
        values = rest.split()
        if name.strip() != b"lo" and name.strip().startswith(only) and len(values) >= 9:
            received += int(values[0])
            sent += int(values[8])
    return received, sent


def disks(table: bytes) -> tuple[int, int]:
    """Return bytes read and written over all virtio disks, from the text of /proc/diskstats."""
    read = written = 0
    for line in table.splitlines():
        fields = line.split()
        if len(fields) > 9 and fields[2].startswith(b"vd") and not fields[2][-1:].isdigit():
            read += int(fields[5]) * _SECTOR
            written += int(fields[9]) * _SECTOR
    return read, written
