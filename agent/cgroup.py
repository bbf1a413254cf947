"""Reading the files of cgroup v2."""

from __future__ import annotations

import os

ROOT = "/sys/fs/cgroup"


def read(path: str) -> bytes:
    """Return the content of a small file, empty if it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""  # the cgroup was removed while we held it
    finally:
        os.close(descriptor)


def of_process(pid: int, container_id: str) -> str | None:
    """Return the folder of the cgroup of a container with that first process, None if the process is gone.

    Runtimes put the process into a child of the container's cgroup sometimes; the container's is named after its id.
    """
    folders = folders_of(pid, container_id)
    return folders[0] if folders else None


def folders_of(pid: int, container_id: str) -> tuple[str, ...]:
    """Return the folder of the container's cgroup, then those below it down to its first process; none if that is gone.

    A process whose cgroup is not named after the container is taken as alone in it.
    """
    for line in read(f"/proc/{pid}/cgroup").decode().splitlines():
        if line.startswith("0::"):
            parts = [ROOT, *filter(None, line[3:].split("/"))]
            named = [index for index, part in enumerate(parts) if container_id in part]
            first = named[0] if named else len(parts) - 1
            return tuple("/".join(parts[: length + 1]) for length in range(first, len(parts)))
    return ()


def flat(text: bytes) -> dict[bytes, int]:
    """Return the values of a flat keyed file (`key value` lines)."""
    found = {}
    for line in text.splitlines():
        key, _, value = line.partition(b" ")
        if value.isdigit():
            found[key] = int(value)
    return found


def totals(text: bytes, *keys: bytes) -> list[int]:
    """Return the sum over all lines of a nested keyed file (`name key=value …`) for each of `keys`."""
    sums = dict.fromkeys(keys, 0)
    for line in text.splitlines():
        for word in line.split()[1:]:
            key, _, value = word.partition(b"=")
            if key in sums and value.isdigit():
                sums[key] += int(value)
    return [sums[key] for key in keys]


def number(text: bytes) -> int:
    """Return the value of a single-value file, 0 for `max` and for nothing."""
    stripped = text.strip()
    return int(stripped) if stripped.isdigit() else 0


def pressure(text: bytes) -> dict[str, float]:
    """Return how long some task (all tasks) had to wait: percent over 10 s, and microseconds in total for `some`."""
    found: dict[str, float] = {"some": 0.0, "full": 0.0, "total": 0.0}
    for line in text.splitlines():
        words = dict(word.split(b"=", 1) for word in line.split()[1:])
        name = line.split(b" ", 1)[0].decode()
        found[name] = float(words.get(b"avg10", 0))
        if name == "some":
            found["total"] = float(words.get(b"total", 0))
    return found


def pressures(folder: str) -> dict[str, dict[str, float]]:
    """Return the pressure on cpu, memory and io in a cgroup."""
    return {name: pressure(read(f"{folder}/{name}.pressure")) for name in ("cpu", "memory", "io")}
