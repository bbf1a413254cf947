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
    for line in read(f"/proc/{pid}/cgroup").decode().splitlines():
        if line.startswith("0::"):
            parts = line[3:].strip("/").split("/")
            named = [index for index, part in enumerate(parts) if container_id in part]
            if named:
                parts = parts[: named[0] + 1]
            return "/".join([ROOT, *parts])
    return None


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
