"""The folder that the embedded libvirt driver lives in: its settings, and what of it must outlast a reboot."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from vm.errors import UnavailableError
from vm.files import translated, write_atomic
from vm.layout import HOME_VARIABLE, Layout, check_socket_path

LONGEST_SOCKET = "lib/qemu/domain-99999-linnet-0123456789abc/monitor.sock"
"""The longest path that libvirt makes below its root; it cuts domain names to 20 characters there."""

SPARSE_SINCE = 11_002_000
"""libvirt's version, as `libvirt.getVersion()` has it, from which suspend images are quick to restore (mapped-ram)."""

LOG_LIMIT = 1024 * 1024
"""Bytes after which libvirt's own log is cut over."""

SETTINGS: Mapping[str, str] = {
    "stdio_handler": '"file"',  # no virtlogd
    "security_driver": '"none"',
    "security_default_confined": "0",
    "dynamic_ownership": "0",
    "remember_owner": "0",
    "namespaces": "[]",
    "cgroup_controllers": "[]",
    "max_core": "0",
}
"""qemu.conf: the user's own VM in the user's own folder needs no labels, owners, namespaces or control groups."""

ROOT_SETTINGS: Mapping[str, str] = {"user": '"root"', "group": '"root"'}
"""Added for root: the disks belong to whoever runs Linnet, not to a service account."""


def settings_text(libvirt_version: int, as_root: bool) -> str:
    """Return the content of qemu.conf."""
    values = dict(SETTINGS)
    if as_root:
        values.update(ROOT_SETTINGS)
    if libvirt_version >= SPARSE_SINCE:
        values["save_image_format"] = '"sparse"'
    return "".join(f"{key} = {value}\n" for key, value in values.items())


@dataclass(frozen=True)
class LibvirtRoot:
    """The root folder of the embedded driver."""

    folder: Path
    cache: Path
    """What libvirt learnt about QEMU: 4 s of work, so it is kept where a reboot leaves it."""

    @classmethod
    def of(cls, layout: Layout) -> LibvirtRoot:
        """Return the root of a user's Linnet."""
        return cls(layout.libvirt_root, layout.cache / "libvirt")

    @property
    def uri(self) -> str:
        """What libvirt connects to."""
        return f"qemu:///embed?root={self.folder}"

    @property
    def log(self) -> Path:
        """What libvirt itself would have printed."""
        return self.folder / "log" / "libvirt.log"

    def prepare(self) -> None:
        """Make the folders; before libvirt is even imported, because it opens its log then.

        Raises:
            UnavailableError: its path is too long, or it cannot be written.
            DiskFullError: no room.
        """
        check_socket_path(self.folder / LONGEST_SOCKET)
        if set(str(self.folder)) & set("?&#%"):
            raise UnavailableError(
                f"libvirt cannot use the folder {self.folder}.",
                hint=f"Set {HOME_VARIABLE} to a folder without ?, &, # and % in its name.",
            )
        with translated(self.folder):
            for folder in (self.folder, self.folder / "etc", self.log.parent, self.cache):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            link = self.folder / "cache"
            if not link.is_symlink():
                link.symlink_to(self.cache, target_is_directory=True)

    def configure(self, libvirt_version: int) -> None:
        """Write libvirt's settings. Raises as `prepare` does."""
        text = settings_text(libvirt_version, as_root=os.name == "posix" and os.geteuid() == 0)
        write_atomic(self.folder / "etc" / "qemu.conf", text.encode())

    def bound_log(self) -> None:
        """Cut the log over when it is long. libvirt has it open, for appending, so the file itself must stay."""
        with contextlib.suppress(OSError):  # not there yet, or no room for the copy: it is looked at again
            if self.log.stat().st_size > LOG_LIMIT:
                shutil.copyfile(self.log, self.log.with_suffix(".old"))
                os.truncate(self.log, 0)

    def link_log(self, domain: str, target: Path) -> None:
        """Have libvirt write what QEMU says to `target` instead of a file of its own."""
        link = self.folder / "log" / "qemu" / f"{domain}.log"
        with translated(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            link.parent.mkdir(parents=True, exist_ok=True)
            if not (link.is_symlink() and link.readlink() == target):
                link.unlink(missing_ok=True)
                link.symlink_to(target)

    def holder(self) -> int | None:
        """Return the living process, other than ours, that has the root open, or None."""
        try:
            number = int((self.folder / "run" / "qemu" / "driver.pid").read_text())
        except (OSError, ValueError):
            return None
        return number if number != os.getpid() and psutil.pid_exists(number) else None

    def process_id(self, domain: str) -> int | None:
        """Return the process id of the QEMU that runs `domain`."""
        try:
            return int((self.folder / "run" / "qemu" / f"{domain}.pid").read_text())
        except (OSError, ValueError):
            return None
