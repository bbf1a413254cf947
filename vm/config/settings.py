"""The table of a machine's settings: the one source of its YAML file, of the help, of docs/config.md and of the window.

A setting's name is dotted: `ports.address` is the key `address` in the mapping `ports` of the file.
"""

from __future__ import annotations

import difflib
import enum
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from vm.config.shares import Share
from vm.config.types import (
    Address,
    Boolean,
    Choice,
    Duration,
    Integer,
    InvalidValueError,
    ListOf,
    MapOf,
    SettingType,
    Size,
    Text,
    Url,
)
from vm.layout import Layout
from vm.units import GIB, MIB, TIB, format_size, human_size


class Scope(enum.Enum):
    """What a setting belongs to."""

    machine = "machine"
    app = "app"


@dataclass(frozen=True)
class Host:
    """What the host has, as far as settings depend on it.

    Attributes:
        cpus: number of processors.
        memory: bytes.
        home: the user's home folder.
        own: Linnet's own folders, which no share may reach.
    """

    cpus: int
    memory: int
    home: Path
    own: tuple[Path, ...] = ()

    @classmethod
    def current(cls, layout: Layout | None = None) -> Host:
        """Return this computer."""
        own = (layout.config, layout.data, layout.run, layout.cache) if layout else ()
        return cls(cpus=os.cpu_count() or 1, memory=psutil.virtual_memory().total, home=Path.home(), own=own)


Derived = Callable[[Host], Any]
"""A default or a limit that depends on the host."""


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        name: dotted path in the file.
        type: what values it takes.
        default: the value when the file says nothing, or a function of the host.
        help: what it does; one sentence or two.
        choices: the only values it may have; empty when it is free.
        scope: whose setting it is.
        restart: whether a running machine must be restarted before a change takes effect.
        renamed_from: names it had; still read.
        minimum: smallest value, or a function of the host.
        maximum: largest value, or a function of the host.
        default_text: the default in words, when it depends on the host.
    """

    name: str
    type: SettingType
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    scope: Scope = Scope.machine
    restart: bool = False
    renamed_from: tuple[str, ...] = ()
    minimum: int | Derived | None = None
    maximum: int | Derived | None = None
    default_text: str = ""

    @property
    def attribute(self) -> str:
        """The name as a Python identifier, as MachineConfig and AppConfig have it."""
        return self.name.replace(".", "_")

    def default_for(self, host: Host) -> Any:
        """Return the default on `host`."""
        return self.default(host) if callable(self.default) else self.default

    def check(self, value: Any, host: Host) -> Any:
        """Return the value that `value`, from a file or the local API, stands for.

        Raises:
            InvalidValueError: the setting cannot have it; the text is a sentence.
        """
        if isinstance(value, str) and not isinstance(self.type, (Text, Choice)):
            result = self.type.from_text(value)
        else:
            result = self.type.check(value)
        if self.choices and result not in self.choices:
            near = difflib.get_close_matches(result, self.choices, 1)
            guess = f" Did you mean '{near[0]}'?" if near else ""
            raise InvalidValueError(f"'{result}' is not one of {', '.join(self.choices)}.{guess}")
        self._check_limits(result, host)
        return result

    def _check_limits(self, value: Any, host: Host) -> None:
        low, high = _limit(self.minimum, host), _limit(self.maximum, host)
        default = self.default_for(host)
        if low is not None and value < low:
            raise InvalidValueError(
                f"{self._show(value)} is too little; the least is {self._show(low)}.",
                hint=f"{self._show(default)} is the default.",
            )
        if high is None or value <= high:
            return
        if not callable(self.maximum):
            raise InvalidValueError(
                f"{self._show(value)} is too much; the most is {self._show(high)}.",
                hint=f"{self._show(default)} is the default.",
            )
        raise InvalidValueError(
            f"{self._show(value)} is too much; this computer has {self._show(high)}.",
            hint=f"Leave some to this computer itself: {self._show(default)} is the default here.",
        )

    def _show(self, value: Any) -> str:
        if not isinstance(self.type, Size):
            return str(value)
        return human_size(value) if value % MIB else format_size(value)


def _limit(limit: int | Derived | None, host: Host) -> int | None:
    value = limit(host) if callable(limit) else limit
    return None if value is None else int(value)


def _default_memory(host: Host) -> int:
    quarter = min(max(host.memory // 4, 2 * GIB), 8 * GIB)
    return max(min(quarter, host.memory // 2) // (256 * MIB) * 256 * MIB, 512 * MIB)


MACHINE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "cpus",
        Integer(),
        lambda host: max(1, host.cpus // 2),
        "Processors of the machine.",
        restart=True,
        minimum=1,
        maximum=lambda host: host.cpus,
        default_text="half of the computer's",
    ),
    Setting(
        "memory",
        Size(),
        _default_memory,
        "Memory of the machine. What the guest does not use goes back to the host, where the platform can.",
        restart=True,
        minimum=512 * MIB,
        maximum=lambda host: host.memory,
        default_text="a quarter of the computer's, 2GiB to 8GiB",
    ),
    Setting(
        "disk",
        Size(),
        60 * GIB,
        "Size of the data disk: images, containers, volumes. It takes only the space in use, and can only grow.",
        restart=True,
        minimum=2 * GIB,
        maximum=16 * TIB,
    ),
    Setting(
        "engine",
        Choice(),
        "podman",
        "Container engine: Podman without root, Podman as root, or Docker (Moby). Each keeps its own data.",
        choices=("podman", "podman-rootful", "docker"),
    ),
    Setting(
        "driver",
        Choice(),
        "auto",
        "What runs the machine: libvirt, or QEMU started directly.",
        choices=("auto", "libvirt", "qemu"),
        restart=True,
    ),
    Setting(
        "accelerator",
        Choice(),
        "auto",
        "How the processor is virtualised. `auto` tries what the computer offers and takes what really works; "
        "tcg is emulation, slow but always there.",
        choices=("auto", "kvm", "hvf", "whpx", "tcg"),
        restart=True,
    ),
    Setting(
        "image",
        Text(syntax="version"),
        "latest",
        "Version of the guest image, or `latest`: the newest one on this computer.",
        restart=True,
    ),
    Setting(
        "snapshots.keep",
        Integer(),
        3,
        "How many of the snapshots are kept that Linnet takes by itself before an upgrade and before going back to an "
        "earlier snapshot. Older ones are deleted; those that you took are not.",
        minimum=0,
        maximum=100,
    ),
    Setting(
        "home_share",
        Choice(),
        "read-write",
        "Whether the guest sees your home folder, under the same path.",
        choices=("off", "read-only", "read-write"),
        restart=True,
    ),
    Setting(
        "shares",
        ListOf(Share()),
        (),
        "More folders that the guest sees. Each is a path, or a mapping of `path`, `guest_path` (default: the same; "
        "`C:\\x` is `/mnt/c/x`), `mode` (read-write or read-only), `kind` (auto, virtiofs, 9p or sftp) and `watch` "
        "(whether file watchers in the guest learn of changes on the host; default true).",
    ),
    Setting(
        "ports.address",
        Address(),
        "127.0.0.1",
        "Address of this computer on which published ports appear, unless `-p ADDRESS:…` gives another one. "
        "0.0.0.0 opens them to the network.",
    ),
    Setting(
        "ports.services",
        Boolean(),
        True,
        "Whether ports of plain services in the guest (not published by a container) are forwarded as well.",
        renamed_from=("ports.loopback",),
    ),
    Setting(
        "registries.mirrors",
        MapOf(Url(optional=False)),
        {},
        "Where images of a registry are pulled from instead: registry name to URL.",
        restart=True,
    ),
    Setting(
        "registries.insecure",
        ListOf(Text(syntax="host[:port]")),
        (),
        "Registries that may be used over plain HTTP or with a certificate that nobody vouches for.",
        restart=True,
    ),
    Setting(
        "registries.certificates",
        ListOf(Text(syntax="PEM file")),
        (),
        "Files on this computer with certificates of authorities that the guest trusts as well.",
        restart=True,
    ),
    Setting(
        "proxy.http", Url(), "", "Proxy for plain HTTP, used by the engine to pull and handed to builds.", restart=True
    ),
    Setting("proxy.https", Url(), "", "Proxy for HTTPS.", restart=True),
    Setting(
        "proxy.no_proxy",
        ListOf(Text(syntax="host")),
        (),
        "Hosts, domains and addresses that are reached without the proxy.",
        restart=True,
    ),
    Setting(
        "idle.suspend",
        Duration(shortest=30.0, longest=30 * 86400.0),
        0.0,
        "How long nobody may have used the machine before it is suspended to disk, by itself. A container command, a "
        "Docker client and `linnet machine start` wake it; a connection to a published port does not.",
        default_text="off",
    ),
    Setting(
        "idle.containers",
        Boolean(),
        False,
        "Whether a machine in which containers run may be idle, when they use next to no processor time and nobody "
        "is connected to their ports.",
    ),
    Setting(
        "trash.keep",
        Integer(),
        7,
        "Days for which removed containers and volumes that held data can be brought back. 0: nothing more is kept, "
        "and what is in the trash stays until it is emptied.",
        minimum=0,
        maximum=3650,
    ),
    Setting(
        "trash.size",
        Size(),
        5 * GIB,
        "How much the trash may hold; the oldest goes first. What is larger is not removed unless it need not be kept.",
        minimum=1 * MIB,
        maximum=16 * TIB,
    ),
    Setting("autostart", Boolean(), False, "Whether the machine starts together with linnetd, the host service."),
    Setting(
        "virtiofsd",
        Text(optional=True, syntax="command"),
        "",
        "The virtiofsd program, with arguments if it needs some, quoted as in a shell. Empty: the installed one.",
        restart=True,
    ),
    Setting(
        "ssh_port",
        Integer(),
        0,
        "Port on 127.0.0.1 that leads to the guest's SSH server; 0 takes a free one.",
        restart=True,
        minimum=0,
        maximum=65535,
    ),
)


def find(table: Sequence[Setting], name: str) -> Setting | None:
    """Return the setting called `name` now or formerly."""
    for setting in table:
        if setting.name == name or name in setting.renamed_from:
            return setting
    return None


def nearest(table: Sequence[Setting], name: str) -> str | None:
    """Return the name in `table` that `name` was probably meant to be."""
    names = [setting.name for setting in table]
    last = {setting.name.rpartition(".")[2]: setting.name for setting in table}
    close = difflib.get_close_matches(name.lower(), names, 1, 0.6)
    if close:
        return close[0]
    tail = difflib.get_close_matches(name.lower().rpartition(".")[2], list(last), 1, 0.75)
    return last[tail[0]] if tail else None
