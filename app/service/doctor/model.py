"""What the doctor finds, as data, and what it needs of the service to look."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from vm.layout import Layout
from vm.machine.status import MachineStatus, PortStatus


class Verdict(enum.StrEnum):
    """How a check ended."""

    ok = "ok"
    warning = "warning"
    failed = "failed"
    skipped = "skipped"


@dataclass(frozen=True)
class Fix:
    """What mends a finding.

    Attributes:
        text: what to do, or what will be done, a sentence.
        automatic: `fix` can do it, and nothing is lost by it.
    """

    text: str
    automatic: bool = False


@dataclass(frozen=True)
class Check:
    """One check and its result; the local API sends these as JSON.

    Attributes:
        id: stable; those of a machine end in `:<machine>`.
        title: what was looked at.
        verdict: how it ended.
        text: what was found, a sentence or more.
        fix: what mends it, when something does.
    """

    id: str
    title: str
    verdict: Verdict
    text: str
    fix: Fix | None = None


@dataclass(frozen=True)
class Finding:
    """What a probe says: a check without its name."""

    verdict: Verdict
    text: str
    fix: Fix | None = None


def ok(text: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(Verdict.ok, text)


def warning(text: str, fix: str | None = None, *, automatic: bool = False) -> Finding:
    """Return a finding of something that works, but not as it should."""
    return Finding(Verdict.warning, text, Fix(fix, automatic) if fix else None)


def failed(text: str, fix: str | None = None, *, automatic: bool = False) -> Finding:
    """Return a finding of something that does not work."""
    return Finding(Verdict.failed, text, Fix(fix, automatic) if fix else None)


def skipped(text: str) -> Finding:
    """Return a finding that nothing could be looked at."""
    return Finding(Verdict.skipped, text)


@dataclass(frozen=True)
class HostInfo:
    """What runs VMs on this host.

    Attributes:
        qemu_version: such as 10.0.2.
        qemu_path: where it is.
        libvirt_version: None when libvirt is not used.
        accelerator: kvm, hvf, whpx or tcg; None when there is no guest image to find it out with.
        accelerator_reason: why this one, a sentence without a full stop.
    """

    qemu_version: str
    qemu_path: str
    libvirt_version: str | None
    accelerator: str | None
    accelerator_reason: str


class DoctorContext(Protocol):
    """The service as the doctor sees it. Everything may raise LinnetError; the doctor turns it into a finding."""

    @property
    def layout(self) -> Layout:
        """Where files are."""

    def machine_names(self) -> list[str]:
        """Return the names of all machines."""

    async def host_info(self) -> HostInfo:
        """Find QEMU, libvirt and the accelerator."""

    async def verify_images(self) -> dict[str, str | None]:
        """Check the files of every guest image; return each version with what is wrong with it, or None."""

    def check_config(self, name: str) -> None:
        """Raise ConfigError when a machine's description has problems."""

    async def status(self, name: str) -> MachineStatus:
        """Probe a machine."""

    async def ports(self, name: str) -> list[PortStatus]:
        """Probe the ports of a running machine."""

    async def guest_run(self, name: str, command: str, timeout: float) -> tuple[int, str]:
        """Run a shell command as root in a running machine; return exit code and output."""

    async def sync_clock(self, name: str) -> None:
        """Set the guest's clock to the host's."""

    async def restart_engine(self, name: str) -> None:
        """Start the engine in use anew; returns when it answers."""


@dataclass(frozen=True)
class Probe:
    """A check of the host.

    Attributes:
        id: of the check.
        title: of the check.
        look: does the looking.
        mend: applies the automatic fix of its finding; None when there never is one.
        limit: seconds it may take.
    """

    id: str
    title: str
    look: Callable[[DoctorContext], Awaitable[Finding]]
    mend: Callable[[DoctorContext], Awaitable[None]] | None = None
    limit: float = 30.0


@dataclass(frozen=True)
class MachineProbe:
    """A check of one machine; as `Probe`. `look` gets the machine's status of this round of checks."""

    id: str
    title: str
    look: Callable[[DoctorContext, MachineStatus], Awaitable[Finding]]
    mend: Callable[[DoctorContext, str], Awaitable[None]] | None = None
    limit: float = 30.0
