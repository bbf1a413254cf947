"""What the user wants to run, as data: as a request to either engine, and as a line for a shell."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vm.units import format_size

DEFAULT_NETWORK = ""
VOLUME, FOLDER, TEMPORARY = "volume", "bind", "tmpfs"
GVISOR = "runsc"

_PERIOD = 100_000
"""Microseconds in which a CPU quota is counted."""

_SECOND = 1_000_000_000
"""Nanoseconds."""

_NOT_A_NETWORK = ("none", "host", "private", "slirp4netns", "pasta")
"""Network modes; every other name is that of a network."""

FindGuestPath = Callable[[str], str | None]
"""Where the machine has a folder of this computer; None when it does not."""


@dataclass(frozen=True)
class PortWish:
    """A port to publish. `address`: of this computer, "" for the default; `host` 0 takes a free one."""

    host: int
    own: int
    protocol: str = "tcp"
    address: str = ""


@dataclass(frozen=True)
class MountWish:
    """Something to mount. `kind`: volume, bind (a folder of this computer) or tmpfs; `source` is "" for tmpfs."""

    kind: str
    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True)
class HealthWish:
    """A command that says whether the container is well; seconds between two, failures that count."""

    command: str
    interval: int = 30
    retries: int = 3


@dataclass(frozen=True)
class RunRequest:
    """All that the form asks. Empty and zero mean what the engine does when nothing is said."""

    image: str
    name: str = ""
    command: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    ports: tuple[PortWish, ...] = ()
    mounts: tuple[MountWish, ...] = ()
    network: str = DEFAULT_NETWORK
    policy: str = "no"
    cpus: float = 0.0
    memory: int = 0
    swap: int | None = None
    pids: int = 0
    io_weight: int = 0
    user: str = ""
    read_only: bool = False
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    runtime: str = ""
    health: HealthWish | None = None
    remove: bool = False
    terminal: bool = False
    labels: dict[str, str] = field(default_factory=dict)


def docker_body(wish: RunRequest, find: FindGuestPath) -> dict[str, Any]:
    """Return the body for `/containers/create` of the Docker API."""
    host: dict[str, Any] = {"AutoRemove": wish.remove, "ReadonlyRootfs": wish.read_only}
    exposed: dict[str, Any] = {}
    bindings: dict[str, list[dict[str, str]]] = {}
    for port in wish.ports:
        name = f"{port.own}/{port.protocol}"
        exposed[name] = {}
        bindings.setdefault(name, []).append({"HostIp": port.address, "HostPort": str(port.host or "")})
    if bindings:
        host["PortBindings"] = bindings
    mounts = [_docker_mount(mount, find) for mount in wish.mounts]
    if mounts:
        host["Mounts"] = mounts
    given = {
        "NetworkMode": wish.network,
        "RestartPolicy": {"Name": wish.policy} if wish.policy != "no" else None,
        "NanoCpus": int(wish.cpus * 1e9),
        "Memory": wish.memory,
        "MemorySwap": _both(wish),
        "PidsLimit": wish.pids,
        "BlkioWeight": wish.io_weight,
        "CapAdd": list(wish.cap_add),
        "CapDrop": list(wish.cap_drop),
        "Runtime": wish.runtime,
    }
    host.update({name: value for name, value in given.items() if value})
    body: dict[str, Any] = {"Image": wish.image, "HostConfig": host}
    if wish.command:
        body["Cmd"] = list(wish.command)
    if wish.env:
        body["Env"] = [f"{name}={value}" for name, value in wish.env]
    if exposed:
        body["ExposedPorts"] = exposed
    if wish.user:
        body["User"] = wish.user
    if wish.terminal:
        body.update({"Tty": True, "OpenStdin": True})
    if wish.labels:
        body["Labels"] = wish.labels
    if wish.health is not None:
        body["Healthcheck"] = _health(wish.health)
    return body


def libpod_body(wish: RunRequest, find: FindGuestPath) -> dict[str, Any]:
    """Return the body for `/containers/create` of Podman's own API: the only one that takes another runtime."""
    body: dict[str, Any] = {
        "image": wish.image,
        "name": wish.name,
        "command": list(wish.command),
        "env": dict(wish.env),
        "portmappings": [
            {"host_ip": one.address, "host_port": one.host, "container_port": one.own, "protocol": one.protocol}
            for one in wish.ports
        ],
        "mounts": [_libpod_mount(one, find) for one in wish.mounts if one.kind != VOLUME],
        "volumes": [
            {"Name": one.source, "Dest": one.target, "Options": ["ro"] if one.read_only else []}
            for one in wish.mounts
            if one.kind == VOLUME
        ],
        "restart_policy": wish.policy if wish.policy != "no" else "",
        "user": wish.user,
        "read_only_filesystem": wish.read_only,
        "cap_add": list(wish.cap_add),
        "cap_drop": list(wish.cap_drop),
        "oci_runtime": wish.runtime,
        "remove": wish.remove,
        "terminal": wish.terminal,
        "stdin": wish.terminal,
        "labels": wish.labels,
    }
    limits: dict[str, Any] = {}
    if wish.cpus:
        limits["cpu"] = {"period": _PERIOD, "quota": int(wish.cpus * _PERIOD)}
    if wish.memory:
        limits["memory"] = {"limit": wish.memory, **({"swap": _both(wish)} if _both(wish) else {})}
    if wish.pids:
        limits["pids"] = {"limit": wish.pids}
    if wish.io_weight:
        limits["blockIO"] = {"weight": wish.io_weight}
    body["resource_limits"] = limits
    if wish.network in _NOT_A_NETWORK:
        body["netns"] = {"nsmode": wish.network}
    elif wish.network:
        body.update({"netns": {"nsmode": "bridge"}, "networks": {wish.network: {}}})
    if wish.health is not None:
        body["healthconfig"] = _health(wish.health)
    return {name: value for name, value in body.items() if value}


def arguments(wish: RunRequest) -> list[str]:
    """Return the words of the command that does the same."""
    words = ["linnet", "run", *(["-it"] if wish.terminal else ["-d"])]
    if wish.remove:
        words.append("--rm")
    for option, value in (("--name", wish.name), ("--network", wish.network), ("--user", wish.user),
                          ("--runtime", wish.runtime)):  # fmt: skip
        if value:
            words += [option, value]
    for name, value in wish.env:
        words += ["-e", f"{name}={value}"]
    for port in wish.ports:
        words += ["-p", _port_word(port)]
    for mount in wish.mounts:
        words += _mount_words(mount)
    if wish.policy != "no":
        words += ["--restart", wish.policy]
    words += _limit_words(wish)
    if wish.read_only:
        words.append("--read-only")
    words += [word for name in wish.cap_add for word in ("--cap-add", name)]
    words += [word for name in wish.cap_drop for word in ("--cap-drop", name)]
    if wish.health is not None:
        words += ["--health-cmd", wish.health.command, "--health-interval", f"{wish.health.interval}s"]
        words += ["--health-retries", str(wish.health.retries)]
    return [*words, wish.image, *wish.command]


def shell_line(wish: RunRequest, machine: str = "") -> str:
    """Return the command as one types it. `machine`: "" for the default one."""
    words = arguments(wish)
    if machine:
        words[1:1] = ["--machine", machine]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _limit_words(wish: RunRequest) -> list[str]:
    words: list[str] = []
    if wish.cpus:
        words += ["--cpus", f"{wish.cpus:g}"]
    if wish.memory:
        words += ["--memory", _size_word(wish.memory)]
    if _both(wish):
        words += ["--memory-swap", _size_word(_both(wish))]
    if wish.pids:
        words += ["--pids-limit", str(wish.pids)]
    if wish.io_weight:
        words += ["--blkio-weight", str(wish.io_weight)]
    return words


def _both(wish: RunRequest) -> int:
    """Return memory and swap together, as the engines count; 0 leaves the swap to the engine."""
    return wish.memory + wish.swap if wish.memory and wish.swap is not None else 0


def _size_word(size: int) -> str:
    return format_size(size).replace("iB", "").lower()


def _docker_mount(mount: MountWish, find: FindGuestPath) -> dict[str, Any]:
    made: dict[str, Any] = {"Type": mount.kind, "Target": mount.target}
    if mount.kind != TEMPORARY:
        made["Source"] = _source(mount, find)
    if mount.read_only:
        made["ReadOnly"] = True
    return made


def _libpod_mount(mount: MountWish, find: FindGuestPath) -> dict[str, Any]:
    options = ["ro"] if mount.read_only else []
    if mount.kind == TEMPORARY:
        return {"type": "tmpfs", "source": "tmpfs", "destination": mount.target, "options": options}
    return {
        "type": "bind",
        "source": _source(mount, find),
        "destination": mount.target,
        "options": ["rbind", *options],
    }


def _source(mount: MountWish, find: FindGuestPath) -> str:
    return (find(mount.source) or mount.source) if mount.kind == FOLDER else mount.source


def _health(wish: HealthWish) -> dict[str, Any]:
    return {"Test": ["CMD-SHELL", wish.command], "Interval": wish.interval * _SECOND, "Retries": wish.retries}


def _port_word(port: PortWish) -> str:
    address = f"[{port.address}]" if ":" in port.address else port.address
    host = str(port.host) if port.host else ""
    word = f"{address}:{host}:{port.own}" if address else (f"{host}:{port.own}" if host else str(port.own))
    return word if port.protocol == "tcp" else f"{word}/{port.protocol}"


def _mount_words(mount: MountWish) -> list[str]:
    if mount.kind == TEMPORARY:
        return ["--tmpfs", f"{mount.target}:ro" if mount.read_only else mount.target]
    return ["-v", f"{mount.source}:{mount.target}{':ro' if mount.read_only else ''}"]
