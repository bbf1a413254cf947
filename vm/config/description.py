"""A machine's description: its settings with the checks that need more than one of them, and the checked result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from vm.config import shares as share_checks
from vm.config.document import Document
from vm.config.layers import Description, Origin, Problem
from vm.config.settings import MACHINE_SETTINGS, Host
from vm.config.shares import ShareConfig, default_guest_path
from vm.errors import UsageError
from vm.units import format_size


@dataclass(frozen=True)
class MachineConfig:
    """The checked settings of a machine; the fields are the table's names with `_` for `.`, sizes are bytes."""

    cpus: int
    memory: int
    disk: int
    engine: str
    driver: str
    accelerator: str
    image: str
    snapshots_keep: int
    home_share: str
    shares: tuple[ShareConfig, ...]
    ports_address: str
    ports_services: bool
    registries_mirrors: Mapping[str, str]
    registries_insecure: tuple[str, ...]
    registries_certificates: tuple[str, ...]
    proxy_http: str
    proxy_https: str
    proxy_no_proxy: tuple[str, ...]
    idle_suspend: float
    idle_containers: bool
    trash_keep: int
    trash_size: int
    autostart: bool
    virtiofsd: str
    ssh_port: int
    home: Path

    @property
    def all_shares(self) -> tuple[ShareConfig, ...]:
        """The home share, when it is on, and the configured ones; outer folders first."""
        home = home_share(self.home_share, self.home)
        return (home, *self.shares) if home else self.shares


def home_share(mode: str, home: Path) -> ShareConfig | None:
    """Return the share of the home folder for a value of `home_share`."""
    return None if mode == "off" else ShareConfig(path=home, guest_path=default_guest_path(home), mode=mode)


class MachineDescription(Description):
    """The settings of one machine.

    Attributes:
        disk_size: bytes that its data disk has already, or None before it is made.
    """

    def __init__(
        self, document: Document, host: Host, overrides: Mapping[str, Any] | None = None, disk_size: int | None = None
    ) -> None:
        self.disk_size = disk_size
        header = f"# Settings of the Linnet machine '{document.path.stem}'; docs/config.md explains them.\n"
        super().__init__(document, MACHINE_SETTINGS, host, overrides, header)

    @classmethod
    def open(
        cls, path: Path, host: Host, overrides: Mapping[str, Any] | None = None, disk_size: int | None = None
    ) -> MachineDescription:
        """Read a machine's file, which may be missing. Raises ConfigError when it is broken."""
        return cls(Document.load(path), host, overrides, disk_size)

    def validate(self) -> list[Problem]:
        """Return everything that is wrong, also what is wrong only in combination."""
        found = super().validate()
        disk, shared = self.get("disk"), self.get("shares")
        if self.disk_size is not None and disk.value < self.disk_size:
            has = format_size(self.disk_size)
            message = f"{format_size(disk.value)} is less than the data disk has, {has}; it can only grow."
            if disk.origin is not Origin.default:
                found.append(Problem("disk", message, disk.line))
        home = home_share(self.get("home_share").value, self.host.home)
        for index, message in share_checks.problems(shared.value, home, self.host.own):
            found.append(Problem(f"shares[{index}]", message, self._item_line(index)))
        for index, name in enumerate(self.get("registries.certificates").value):
            if not Path(name).expanduser().is_file():
                line = self.get("registries.certificates").line
                found.append(Problem(f"registries.certificates[{index}]", f"The file {name} does not exist.", line))
        return sorted(found, key=lambda problem: (problem.line or 0, problem.field))

    def config(self) -> MachineConfig:
        """Return the checked settings.

        Raises:
            ConfigError: something is wrong; names all of it.
        """
        self.check()
        values = {value.setting.attribute: value.value for value in self.values()}
        if self.disk_size is not None:
            values["disk"] = max(values["disk"], self.disk_size)
        return MachineConfig(**values, home=self.host.home)

    def change(self, changes: Mapping[str, Any]) -> list[str]:
        """As Description.change; refuses changes that bring a new problem.

        Raises:
            UsageError: a change is wrong by itself, or does not go with the rest; the document is as it was then.
        """
        before = set(map(_identity, self.validate()))
        content, overrides = self.document.text(), dict(self.overrides)
        changed = super().change(changes)
        new = [problem for problem in self.validate() if not problem.warning and _identity(problem) not in before]
        if new:
            self.document = Document.parse(self.path, content.encode())
            self.overrides = overrides
            self._merge()
            raise UsageError(" ".join(f"{problem.field}: {problem.message}" for problem in new))
        return changed

    def _item_line(self, index: int) -> int | None:
        for entry in self.document.entries(set()):
            if entry.name == "shares" and index < len(entry.item_lines):
                return entry.item_lines[index]
        return None


def machine_config(path: Path, host: Host, disk_size: int | None = None) -> MachineConfig:
    """Return the checked settings of the machine whose file is `path`. Raises ConfigError."""
    return MachineDescription.open(path, host, disk_size=disk_size).config()


def restart_names(names: Sequence[str]) -> list[str]:
    """Return those of the changed settings that a running machine takes only at its next start."""
    return [setting.name for setting in MACHINE_SETTINGS if setting.name in names and setting.restart]


def _identity(problem: Problem) -> tuple[str, str]:
    return problem.field, problem.message


assert {field.name for field in fields(MachineConfig)} == {s.attribute for s in MACHINE_SETTINGS} | {"home"}
