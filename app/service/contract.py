"""What the service expects of `vm.machine`: the part of its interface that routes and relays use."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from vm.config.shares import ShareConfig
from vm.layout import Layout, MachineFiles
from vm.machine.snapshots import Restored
from vm.machine.snapshotstore import Listed, SnapshotRecord
from vm.machine.status import EngineStatus, MachineEvent, MachineStatus, PortStatus, ShareStatus
from vm.progress import Reporter
from vm.volumes.backup import Backup


class ByteStream(Protocol):
    """A two-way stream of bytes into the guest."""

    async def read(self, limit: int) -> bytes:
        """Return up to `limit` bytes; empty at the end."""

    async def write(self, data: bytes) -> None:
        """Send `data`; waits while the other side is slow."""

    async def end_output(self) -> None:
        """Say that no more will be written."""

    async def close(self) -> None:
        """End the stream in both directions."""


class ProcessEnd(Protocol):
    """How a process in the guest ended."""

    @property
    def code(self) -> int:
        """Exit code."""

    @property
    def signal(self) -> str | None:
        """Name of the signal that ended it."""


class GuestProcess(Protocol):
    """A process in the guest."""

    async def write(self, data: bytes) -> None:
        """Write to its standard input; waits while it does not read."""

    async def end_input(self) -> None:
        """Close its standard input."""

    async def read_stdout(self, limit: int) -> bytes:
        """Return up to `limit` bytes; empty at the end."""

    async def read_stderr(self, limit: int) -> bytes:
        """Return up to `limit` bytes; empty at the end."""

    async def resize(self, size: Any) -> None:
        """Tell its terminal a new size (TerminalSize)."""

    async def signal(self, name: str) -> None:
        """Send it a signal, named without SIG."""

    async def wait(self) -> ProcessEnd:
        """Wait for its end."""

    async def close(self) -> None:
        """Let go of it."""


class CompletedCommand(Protocol):
    """What a command in the guest left behind."""

    @property
    def code(self) -> int:
        """Exit code."""

    @property
    def stdout(self) -> bytes:
        """Output."""

    @property
    def stderr(self) -> bytes:
        """Errors."""


class Link(Protocol):
    """An SSH connection into the guest."""

    async def run(self, command: str, *, timeout: float | None = None) -> CompletedCommand:
        """Run a command to its end."""

    async def spawn(
        self, command: str | Sequence[str], terminal: Any = None, env: Mapping[str, str] | None = None
    ) -> GuestProcess:
        """Start a command; `terminal` is a TerminalSize or None."""


class ShareSet(Protocol):
    """A machine's shares; also while it is stopped."""

    async def list(self) -> Sequence[ShareStatus]:
        """Return all shares, with what is mounted now."""

    async def add(self, share: ShareConfig) -> ShareStatus:
        """Share a folder, now and in future."""

    async def remove(self, path: str) -> ShareStatus:
        """Share no longer, by path on the host or in the guest."""


class PortSet(Protocol):
    """A machine's ports."""

    async def list(self, *, probe: bool = True) -> Sequence[PortStatus]:
        """Return all ports; empty when the machine does not run."""


class EngineSet(Protocol):
    """A machine's engines."""

    async def list(self) -> Sequence[Mapping[str, Any]]:
        """Return kind, installed, version, active and socket of each."""

    async def use(self, kind: str, report: Reporter) -> EngineStatus:
        """Switch to another engine, now and in future."""

    async def restart(self) -> None:
        """Start the engine in use anew; returns when it answers."""


class LimitSet(Protocol):
    """What a machine's containers may use."""

    async def list(self) -> Sequence[Mapping[str, Any]]:
        """Return all containers that run."""

    async def get(self, container: str) -> Mapping[str, Any]:
        """Return one container, running or not."""

    async def change(self, container: str, changes: Mapping[str, Any], *, force: bool = False) -> Mapping[str, Any]:
        """Change limits of a container, all or none."""


class VolumeSet(Protocol):
    """Copies and backups of a machine's volumes, see `vm.machine.volumes`."""

    async def snapshots(self, volume: str | None = None) -> Sequence[Mapping[str, Any]]:
        """Return the snapshots of a volume, or of all."""

    async def snapshot(self, volume: str, name: str | None, report: Reporter) -> Mapping[str, Any]:
        """Take a snapshot."""

    async def remove_snapshot(self, volume: str, name: str) -> None:
        """Delete a snapshot."""

    async def rollback(self, volume: str, snapshot: str, stop: bool, report: Reporter) -> Mapping[str, Any]:
        """Put a volume back to a snapshot."""

    async def clone(self, volume: str, name: str, snapshot: str | None, report: Reporter) -> Mapping[str, Any]:
        """Make a volume with the same files."""

    async def browse(self, volume: str, path: str, snapshot: str | None) -> Mapping[str, Any]:
        """Return what is in a folder of a volume."""

    async def export(
        self, volume: str, path: Path, report: Reporter, *, snapshot: str | None = None, overwrite: bool = False
    ) -> Mapping[str, Any]:
        """Write a volume to a file."""

    async def import_(self, path: Path, name: str | None, report: Reporter) -> Mapping[str, Any]:
        """Make a volume of an export."""

    def backups(self) -> Sequence[Backup]:
        """Return which volumes are backed up by themselves."""

    async def add_backup(self, volume: str, every: float, keep: int, folder: str | None) -> Backup:
        """Have a volume backed up by itself."""

    def remove_backup(self, volume: str) -> Backup:
        """Back a volume up no more."""

    def due_backups(self) -> Sequence[str]:
        """Return the volumes whose backup is to be made now."""

    async def back_up(self, volume: str, report: Reporter) -> Mapping[str, Any]:
        """Make the backup of a volume now."""


class TrashSet(Protocol):
    """What a machine's removed containers and volumes held, see `vm.machine.trash`."""

    async def losses(self, containers: Sequence[str], volumes: Sequence[str]) -> Mapping[str, Any]:
        """Return what would go."""

    async def keep(
        self, containers: Sequence[str], volumes: Sequence[str], stop: str, timeout: int | None, report: Reporter
    ) -> Mapping[str, Any]:
        """Keep what is about to be removed."""

    async def settle(self, ids: Sequence[str]) -> Mapping[str, Any]:
        """Say that the removing is over."""

    async def list(self) -> Sequence[Mapping[str, Any]]:
        """Return what is in the trash."""

    async def show(self, name: str) -> Mapping[str, Any]:
        """Return one entry."""

    async def restore(self, name: str, new_name: str | None, report: Reporter) -> Mapping[str, Any]:
        """Bring one back."""

    async def remove(self, names: Sequence[str] | None, report: Reporter) -> Mapping[str, Any]:
        """Remove some for good, or all."""

    async def save_volume(self, container: str, source: str, name: str, report: Reporter) -> Mapping[str, Any]:
        """Make a named volume of what a container holds."""


class PruneSet(Protocol):
    """What nobody uses in a machine."""

    async def preview(self) -> Any:
        """Return all of it (vm.machine.prune.PrunePreview)."""

    async def run(
        self, kinds: Collection[str], ids: Collection[str] | None, report: Reporter, *, trash: bool = True
    ) -> Any:
        """Remove some of it (vm.machine.prune.PruneResult)."""


class SnapshotSet(Protocol):
    """A machine's snapshots, and its upgrades."""

    async def list(self) -> Sequence[Listed]:
        """Return all, oldest first."""

    async def create(self, name: str | None, *, memory: bool, note: str, report: Reporter) -> SnapshotRecord:
        """Take one."""

    async def restore(self, name: str, *, disk_only: bool, report: Reporter) -> Restored:
        """Have the machine be as it was in one."""

    async def delete(self, name: str, report: Reporter) -> None:
        """Delete one."""

    async def upgrade(self, image: str | None, report: Reporter) -> str:
        """Have the machine run with another guest image; return its version."""


class Machine(Protocol):
    """A machine."""

    name: str
    files: MachineFiles

    @property
    def shares(self) -> ShareSet:
        """Its shares."""

    @property
    def ports(self) -> PortSet:
        """Its ports."""

    @property
    def engine(self) -> EngineSet:
        """Its engines."""

    @property
    def snapshots(self) -> SnapshotSet:
        """Its snapshots."""

    @property
    def limits(self) -> LimitSet:
        """What its containers may use."""

    @property
    def volumes(self) -> VolumeSet:
        """Copies and backups of its volumes."""

    @property
    def trash(self) -> TrashSet:
        """What its removed containers and volumes held."""

    @property
    def prune(self) -> PruneSet:
        """What nobody uses in it."""

    def in_use(self) -> AbstractContextManager[None]:
        """Say that somebody uses it while the block lasts: it is not suspended for idleness."""

    async def compact(self, report: Reporter, *, offline: bool = False) -> Any:
        """Make its data disk small (vm.machine.compact.Compacted)."""

    async def status(self, probe: bool = True) -> MachineStatus:
        """Return what is known of it."""

    async def stats(self) -> Mapping[str, Any]:
        """Return one sample of the guest's and its containers' use of resources."""

    def follow_stats(self, interval: float) -> AsyncGenerator[Mapping[str, Any], None]:
        """Return samples until the machine stops: one of everything, then one of what changed each `interval` s."""

    async def sync_clock(self) -> None:
        """Set the guest's clock to the host's."""

    async def start(self, report: Reporter) -> None:
        """Bring it to running."""

    async def stop(self, report: Reporter, *, force: bool = False) -> None:
        """Bring it to stopped."""

    async def suspend(self, report: Reporter) -> None:
        """Bring it to suspended."""

    async def resume(self, report: Reporter) -> None:
        """Bring it to running."""

    async def restart(self, report: Reporter) -> None:
        """Stop and start it."""

    async def wake(self, report: Reporter) -> None:
        """Have it running, whatever it was."""

    async def configure(self, changes: Mapping[str, object], restart: bool, report: Reporter) -> Sequence[str]:
        """Change settings; return those that wait for a restart."""

    async def user_link(self) -> Link:
        """Return the link as the engine's user."""

    async def engine_link(self) -> tuple[Link, str]:
        """Return the link as the user of the engine in use, and the name of the engine's command line."""

    def control_link(self) -> Link:
        """Return the link as root."""

    async def open_engine_socket(self) -> ByteStream:
        """Connect to the Docker API of the engine in use."""


class HostPrograms(Protocol):
    """The programs behind a driver (`vm.drivers.base.VmmInfo`)."""

    @property
    def qemu_version(self) -> str:
        """Such as 10.0.2."""

    @property
    def qemu_path(self) -> str:
        """Where it is."""

    @property
    def libvirt_version(self) -> str | None:
        """None when libvirt is not used."""


class Manager(Protocol):
    """All machines."""

    layout: Layout

    async def open(self) -> None:
        """Adopt machines that run."""

    async def close(self) -> None:
        """Let go; machines go on."""

    def subscribe(self, callback: Callable[[MachineEvent], None]) -> Callable[[], None]:
        """Have `callback` told of every event until the returned function is called."""

    def names(self) -> list[str]:
        """Return the names of all machines."""

    async def host_info(self) -> HostPrograms:
        """Find what runs VMs here, opening a driver when none is open."""

    def get(self, name: str) -> Any:
        """Return a machine. Raises NotFoundError."""

    async def start_wanted(self) -> None:
        """Start the machines whose `autostart` is on."""

    async def create(self, name: str, settings: Mapping[str, object], report: Reporter) -> Any:
        """Make a machine."""

    async def delete(self, name: str, report: Reporter) -> None:
        """End a machine and delete its files."""
