"""Who uses a mount: processes by name, containers by id. Reads /proc, blocks."""

from __future__ import annotations

import os

from agent.listeners import container_of
from agent.mountinfo import parse

_LIMIT = 20


def holders(path: str, device: str) -> list[str]:
    """Return who has a file, folder or program of the mount at `path` in use, or has it in its own mount namespace.

    Containers come as `container ID` (12 digits), processes as `name (pid)`.
    """
    found: set[str] = set()
    namespaces: dict[str, bool] = {_link("/proc/self/ns/mnt"): False}
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        container = container_of(_read(f"/proc/{name}/cgroup").strip())
        namespace = _link(f"/proc/{name}/ns/mnt")
        if container and namespace not in namespaces:
            namespaces[namespace] = _has_device(name, device)
        # What a container has open is named by its own paths, which say nothing about the guest's.
        if namespaces.get(namespace) if container else _uses(name, path):
            found.add(f"container {container[:12]}" if container else f"{_read(f'/proc/{name}/comm').strip()} ({name})")
    return sorted(found)[:_LIMIT]


def copies(device: str) -> list[str]:
    """Return one process of each other mount namespace that has a mount of `device`; containers' are left out."""
    found: dict[str, str] = {_link("/proc/self/ns/mnt"): ""}
    for name in filter(str.isdigit, os.listdir("/proc")):
        namespace = _link(f"/proc/{name}/ns/mnt")
        if namespace and namespace not in found and not container_of(_read(f"/proc/{name}/cgroup").strip()):
            found[namespace] = name if _has_device(name, device) else ""
    return [name for name in found.values() if name]


def _uses(pid: str, path: str) -> bool:
    links = [f"/proc/{pid}/cwd", f"/proc/{pid}/root", f"/proc/{pid}/exe"]
    try:
        links += [f"/proc/{pid}/fd/{name}" for name in os.listdir(f"/proc/{pid}/fd")]
    except OSError:
        return False  # ended meanwhile
    if any(_below(_link(link), path) for link in links):
        return True
    return any(
        _below(line.rstrip("\n").split(None, 5)[-1], path)
        for line in _read(f"/proc/{pid}/maps").splitlines()
        if "/" in line
    )


def _below(target: str, path: str) -> bool:
    return target == path or target.startswith(path.rstrip("/") + "/")


def _has_device(pid: str, device: str) -> bool:
    return any(parse(line).device == device for line in _read(f"/proc/{pid}/mountinfo").splitlines())


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except OSError:
        return ""
