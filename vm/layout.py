"""Every file, folder and socket that Linnet keeps on the host, by name, in one place.

`Layout` holds the four base folders; `MachineFiles` names what belongs to one machine. Nothing here touches the disk
except `Layout.make_private`. `LINNET_HOME` moves all four folders below one (tests, portable use).

Every command of the command line imports this module first, so it must stay light: named tuples, because dataclasses
take longer to import than all the rest, and platformdirs only where its rules are needed.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from vm.errors import UnavailableError, UsageError

APP_NAME = "linnet"

HOME_VARIABLE = "LINNET_HOME"

UNIX_PATH_LIMIT = 103
"""Longest path of a Unix socket in bytes that works on Linux (107) and macOS (103)."""

MACHINE_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
"""A machine's name: usable as host name, file name and part of a socket's path."""


class MachineFiles(NamedTuple):
    """The files of one machine."""

    name: str
    config: Path
    """Its description, YAML, written by the user and by `linnet config`."""
    folder: Path
    """All that is the machine's own; deleting the machine deletes this folder."""
    run: Path
    """Sockets; gone after a reboot of the host."""

    @property
    def data_disk(self) -> Path:
        """qcow2 with everything a user would miss."""
        return self.folder / "data.qcow2"

    @property
    def compact_disk(self) -> Path:
        """A data disk that is being written anew; takes the place of `data_disk` when it is whole."""
        return self.folder / "data.compact"

    @property
    def seed(self) -> Path:
        """Tar with the facts of this boot, read by the guest's initrd; holds the SSH host key, mode 0600."""
        return self.folder / "seed.tar"

    @property
    def state(self) -> Path:
        """JSON: what the service must know to find the running VM again, see vm.machine."""
        return self.folder / "state.json"

    @property
    def ssh_key(self) -> Path:
        """Private key the host logs in with, OpenSSH format, mode 0600; the public one beside it with `.pub`."""
        return self.folder / "id_ed25519"

    @property
    def host_key(self) -> Path:
        """The guest's SSH host key, made on the host and pinned."""
        return self.folder / "ssh_host_ed25519_key"

    @property
    def known_hosts(self) -> Path:
        """The pinned host key in OpenSSH's format, for people who use `ssh` themselves."""
        return self.folder / "known_hosts"

    @property
    def suspend_image(self) -> Path:
        """The VM's memory while suspended; present only then."""
        return self.folder / "suspend.img"

    @property
    def suspend_info(self) -> Path:
        """JSON: QEMU version, machine type and image version that `suspend_image` belongs to."""
        return self.folder / "suspend.json"

    @property
    def last_run(self) -> Path:
        """JSON: the versions that the machine last ran with, and what its engine held when it was stopped."""
        return self.folder / "last.json"

    @property
    def upgrade(self) -> Path:
        """JSON: how far an upgrade has come; there only while one is under way."""
        return self.folder / "upgrade.json"

    @property
    def snapshots(self) -> Path:
        """One folder per snapshot; the states of the disk themselves are inside `data_disk`."""
        return self.folder / "snapshots"

    def snapshot_info(self, name: str) -> Path:
        """JSON: what the snapshot `name` is."""
        return self.snapshots / name / "snapshot.json"

    def snapshot_memory(self, name: str) -> Path:
        """The VM's memory in the snapshot `name`, when it holds one."""
        return self.snapshots / name / "memory.img"

    @property
    def backups(self) -> Path:
        """JSON: which volumes are backed up by themselves, see vm.volumes.backups."""
        return self.folder / "backups.json"

    @property
    def backup_folder(self) -> Path:
        """Backups of volumes that name no other folder; it stays when the machine is deleted."""
        return self.folder.parent.parent / "backups" / self.name

    @property
    def serial_log(self) -> Path:
        """What the guest wrote to its console."""
        return self.folder / "serial.log"

    @property
    def vmm_log(self) -> Path:
        """What QEMU itself said."""
        return self.folder / "qemu.log"

    @property
    def pid_file(self) -> Path:
        """QEMU's process id (qemu driver)."""
        return self.run / "qemu.pid"

    @property
    def monitor_socket(self) -> Path:
        """QMP (qemu driver)."""
        return self.run / "qmp.sock"

    @property
    def docker_socket(self) -> Path:
        """The Docker API of this machine's engine, mode 0600."""
        return self.run / "docker.sock"

    @property
    def docker_address(self) -> str:
        """Where Docker clients connect to: the path of `docker_socket`, a named pipe on Windows."""
        return rf"\\.\pipe\{APP_NAME}-{self.name}" if sys.platform == "win32" else str(self.docker_socket)

    def virtiofs_socket(self, tag: str) -> Path:
        """Where virtiofsd listens for the share `tag`."""
        return self.run / f"fs-{tag}.sock"


class Layout(NamedTuple):
    """The base folders of one user's Linnet."""

    config: Path
    data: Path
    run: Path
    cache: Path

    @classmethod
    def default(cls) -> Layout:
        """Return the folders of this user, by `LINNET_HOME` or the platform's rules."""
        home = os.environ.get(HOME_VARIABLE)
        if home:
            base = Path(home).absolute()
            return cls(config=base / "config", data=base / "data", run=base / "run", cache=base / "cache")
        if sys.platform == "linux":
            return _linux_layout(os.environ)
        import platformdirs

        dirs = platformdirs.PlatformDirs(APP_NAME, appauthor=False)
        return cls(
            config=dirs.user_config_path,
            data=dirs.user_data_path,
            run=dirs.user_runtime_path,
            cache=dirs.user_cache_path,
        )

    @property
    def desktop_settings(self) -> Path:
        """What the desktop app remembers: choices for the window, sizes, columns."""
        return self.config / "desktop.ini"

    @property
    def app_config(self) -> Path:
        """The app's own settings, YAML."""
        return self.config / "linnet.yaml"

    @property
    def machine_configs(self) -> Path:
        """One YAML file per machine."""
        return self.config / "machines"

    @property
    def machines(self) -> Path:
        """One folder per machine."""
        return self.data / "machines"

    @property
    def images(self) -> Path:
        """One folder per guest image: `<version>-<arch>`."""
        return self.data / "images"

    @property
    def libvirt_root(self) -> Path:
        """Root of the embedded libvirt driver; short, because libvirt makes Unix sockets below it."""
        return self.run / "v"

    @property
    def service_socket(self) -> Path:
        """The local API of linnetd, mode 0600."""
        return self.run / "linnetd.sock"

    @property
    def service_address(self) -> str:
        """Where front ends connect to: the path of `service_socket`, a named pipe on Windows."""
        if sys.platform != "win32":
            return str(self.service_socket)
        import hashlib

        # Pipes share one name space; the digest keeps users and LINNET_HOMEs apart.
        return rf"\\.\pipe\{APP_NAME}d-{hashlib.sha256(str(self.run).encode()).hexdigest()[:12]}"

    @property
    def service_lock(self) -> Path:
        """Held by the running linnetd; holds its process id."""
        return self.data / "linnetd.lock"

    @property
    def service_start_lock(self) -> Path:
        """Held by a linnetd until it listens, so that a second one waits and then sees the first."""
        return self.data / "linnetd-start.lock"

    @property
    def desktop_lock(self) -> Path:
        """Held by the running desktop app; holds its process id."""
        return self.data / "linnet-desktop.lock"

    @property
    def desktop_address(self) -> str:
        """Where the running desktop app listens for later starts: a Unix socket's path, a pipe's name on Windows."""
        if sys.platform != "win32":
            return str(self.run / "desktop.sock")
        import hashlib

        return f"{APP_NAME}-desktop-{hashlib.sha256(str(self.run).encode()).hexdigest()[:12]}"

    @property
    def service_log(self) -> Path:
        """linnetd's log, rotated and bounded."""
        return self.data / "log" / "linnetd.log"

    @property
    def accel_cache(self) -> Path:
        """JSON: the accelerator that was found to work, per QEMU version and kernel."""
        return self.cache / "accel.json"

    @property
    def downloads(self) -> Path:
        """Unfinished downloads (`.part`)."""
        return self.cache / "downloads"

    def machine(self, name: str) -> MachineFiles:
        """Return the files of the machine `name`.

        Raises:
            UsageError: `name` cannot be a machine's name.
        """
        if not MACHINE_NAME.fullmatch(name):
            raise UsageError(
                f"'{name}' cannot be the name of a machine.",
                hint="Use 1 to 32 lower-case letters, digits and inner hyphens, such as 'default' or 'work-2'.",
            )
        return MachineFiles(
            name=name,
            config=self.machine_configs / f"{name}.yaml",
            folder=self.machines / name,
            run=self.run / name,
        )

    def machine_names(self) -> list[str]:
        """Return the names of all machines that exist, sorted: those with a folder or a description."""
        found = {path.name for path in _entries(self.machines)}
        found |= {path.stem for path in _entries(self.machine_configs) if path.suffix == ".yaml"}
        return sorted(name for name in found if MACHINE_NAME.fullmatch(name))

    def make_private(self) -> None:
        """Create the base folders, readable by this user alone.

        Raises:
            UnavailableError: a folder cannot be made, or belongs to somebody else.
        """
        for folder in (self.config, self.data, self.run, self.cache):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                if os.name == "posix":
                    _own(folder)
            except OSError as error:
                raise UnavailableError(
                    f"The folder {folder} cannot be used: {error.strerror}.",
                    hint=f"Check its owner and mode, or set {HOME_VARIABLE} to a folder of your own.",
                ) from error


def _linux_layout(environ: Mapping[str, str]) -> Layout:
    """Return the folders by the XDG rules; without a runtime folder of the user's own, sockets are beside the data."""

    def base(variable: str, default: str) -> Path:
        value = environ.get(variable, "")
        return (Path(value) if os.path.isabs(value) else Path.home() / default) / APP_NAME  # noqa: PTH117

    data = base("XDG_DATA_HOME", ".local/share")
    runtime = next((path for path in _runtime_folders(environ) if _is_private(path)), None)
    return Layout(
        config=base("XDG_CONFIG_HOME", ".config"),
        data=data,
        run=Path(runtime, APP_NAME) if runtime else data / "run",
        cache=base("XDG_CACHE_HOME", ".cache"),
    )


def _runtime_folders(environ: Mapping[str, str]) -> list[str]:
    named = environ.get("XDG_RUNTIME_DIR", "")
    # A cron job or `su` has no XDG_RUNTIME_DIR but must find the linnetd of the desktop session all the same.
    return [named, f"/run/user/{os.geteuid()}"] if os.path.isabs(named) else [f"/run/user/{os.geteuid()}"]  # noqa: PTH117


def _is_private(folder: str) -> bool:
    try:
        info = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid() and not stat.S_IMODE(info.st_mode) & 0o077


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []


def _own(folder: Path) -> None:
    info = folder.stat()
    if info.st_uid != os.geteuid():
        raise UnavailableError(
            f"The folder {folder} belongs to another user.",
            hint=f"Remove it, or set {HOME_VARIABLE} to a folder of your own.",
        )
    if stat.S_IMODE(info.st_mode) & 0o077:
        folder.chmod(0o700)


def check_socket_path(path: Path) -> Path:
    """Return `path` if a Unix socket can have it.

    Raises:
        UnavailableError: it is too long for the operating system.
    """
    length = len(os.fsencode(path))
    if length > UNIX_PATH_LIMIT:
        raise UnavailableError(
            f"The socket path {path} is too long: {length} bytes, and the system allows {UNIX_PATH_LIMIT}.",
            hint=f"Set {HOME_VARIABLE} or XDG_RUNTIME_DIR to a shorter folder.",
        )
    return path
