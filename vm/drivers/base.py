"""What a VM is made of, and what every driver can be asked to do with it.

A driver owns no policy: it starts exactly the `VmSpec` that it is given and tells what happened. What it can do is
data (`DriverFeatures`), so that callers never ask which driver or platform they are on.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


class VmState(enum.Enum):
    """What the VMM says of the VM, probed."""

    stopped = "stopped"
    running = "running"
    paused = "paused"
    failed = "failed"
    """QEMU is there but its guest cannot go on (`internal-error`, `guest-panicked`, `io-error`)."""


class Accelerator(enum.StrEnum):
    """How guest instructions run; the spelling is QEMU's."""

    kvm = "kvm"
    hvf = "hvf"
    whpx = "whpx"
    tcg = "tcg"


class Protocol(enum.StrEnum):
    """Transport of a forwarded port."""

    tcp = "tcp"
    udp = "udp"


@dataclass(frozen=True)
class Disk:
    """One virtio-blk disk; the guest finds it by `serial`."""

    path: Path
    serial: str
    format: str = "raw"
    read_only: bool = False


@dataclass(frozen=True)
class ShareDevice:
    """A device that carries a host folder: virtio-9p (`kind` "9p") or vhost-user-fs ("virtiofs")."""

    kind: str
    tag: str
    path: Path
    read_only: bool = False
    socket: Path | None = None
    """Where virtiofsd listens (virtiofs only); it is started by vm.shares, before the VM."""


@dataclass(frozen=True)
class VmSpec:
    """Everything that a driver needs to start a VM; nothing is looked up elsewhere."""

    name: str
    uuid: str
    """Stable for the machine's life."""
    cpus: int
    memory: int
    """Bytes."""
    accelerator: Accelerator
    kernel: Path
    initrd: Path
    command_line: str
    disks: tuple[Disk, ...]
    serial_log: Path
    vmm_log: Path
    shares: tuple[ShareDevice, ...] = ()
    arch: str = "x86_64"
    """QEMU's name: x86_64 or aarch64."""
    mac: str = "52:54:00:12:34:56"


@dataclass(frozen=True, order=True)
class Forward:
    """A port of the host that leads to one of the guest's addresses, made in QEMU's user network."""

    protocol: Protocol
    host_address: str
    host_port: int
    guest_port: int
    guest_address: str = "10.0.2.15"


@dataclass(frozen=True)
class DriverFeatures:
    """What a driver can do on this host."""

    suspend: bool
    """State to disk and back."""
    share_kinds: tuple[str, ...]
    """Kinds of ShareDevice that can be attached, best first."""
    free_page_reporting: bool
    """Memory that the guest frees goes back to the host."""
    forwards_at_run_time: bool = True


@dataclass(frozen=True)
class VmmInfo:
    """The programs behind a driver, for status, doctor and the suspend image's check."""

    driver: str
    qemu_version: str
    """Such as 10.0.2."""
    qemu_path: str
    libvirt_version: str | None = None


@dataclass(frozen=True)
class VmEvent:
    """Something that the VMM reported on its own."""

    state: VmState
    reason: str
    """One of shutdown, reset, panic, internal-error, io-error, killed, paused, resumed, started."""
    detail: str = field(default="", compare=False)


EventHandler = Callable[[str, VmEvent], None]
"""Called with the VM's name and the event, always in the event loop that the driver was opened in."""


class Driver(ABC):
    """Starts and steers VMs. All methods are coroutines of one asyncio loop and never block it.

    One driver object serves all VMs that it started; `attach` adopts those that outlived the process that started
    them. Every method raises `LinnetError` subclasses only: `UnavailableError` when QEMU or libvirt is missing, too
    old or not answering, `ConflictError` when the VM is in the wrong state, `DiskFullError` when a suspend image does
    not fit, `GuestError` when QEMU refuses or dies (its last words in `detail`).
    """

    name: str
    features: DriverFeatures

    @abstractmethod
    async def open(self, on_event: EventHandler) -> VmmInfo:
        """Connect to what is needed and return what was found. Must be called once, first."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of everything. Running VMs go on."""

    @abstractmethod
    async def start(self, spec: VmSpec) -> None:
        """Boot `spec`; return when QEMU runs it. A VM of that name must not be running."""

    @abstractmethod
    async def attach(self, name: str) -> bool:
        """Adopt a VM of that name that is already running; False when there is none."""

    @abstractmethod
    async def state(self, name: str) -> VmState:
        """Ask the VMM; a VM that it does not know is `stopped`."""

    @abstractmethod
    async def process_id(self, name: str) -> int | None:
        """Return QEMU's process id while it runs."""

    @abstractmethod
    async def power_down(self, name: str) -> None:
        """Press the power button; returns at once, the end comes as an event."""

    @abstractmethod
    async def kill(self, name: str) -> None:
        """End QEMU now; returns when it is gone. No error when it already was."""

    @abstractmethod
    async def pause(self, name: str) -> None:
        """Stop the vCPUs."""

    @abstractmethod
    async def unpause(self, name: str) -> None:
        """Let the vCPUs run."""

    @abstractmethod
    async def save(self, name: str, path: Path) -> None:
        """Write the VM's memory and devices to `path` and end QEMU; on failure the VM runs on and no file is left."""

    @abstractmethod
    async def restore(self, spec: VmSpec, path: Path) -> None:
        """Start `spec` from what `save` wrote, running. The file stays.

        On failure QEMU is ended and GuestError raised.
        """

    @abstractmethod
    async def add_forward(self, name: str, forward: Forward) -> None:
        """Open a host port. ConflictError when the port is taken or not allowed."""

    @abstractmethod
    async def remove_forward(self, name: str, forward: Forward) -> None:
        """Close a host port; no error when it was not open."""

    @abstractmethod
    async def forwards(self, name: str) -> list[Forward]:
        """Return the host ports that QEMU has open now."""

    @abstractmethod
    async def keep_state(self, name: str, state: str) -> None:
        """Keep the present content of the VM's writable disk in its file under the name `state`, while it runs.

        Takes a moment, in which the guest's writes wait. Raises ConflictError when the VM does not run, GuestError
        when QEMU cannot (such as for want of room); the disk is then as it was.
        """

    @abstractmethod
    async def drop_state(self, name: str, state: str) -> None:
        """Forget what `keep_state` kept, while the VM runs."""
