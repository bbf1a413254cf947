"""What differs between hosts, as data: nothing else in the drivers asks which operating system this is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from vm.drivers.base import Accelerator, DriverFeatures
from vm.drivers.tools import Version
from vm.errors import UnavailableError


@dataclass(frozen=True)
class HostPlatform:
    """One operating system as a host of QEMU."""

    name: str
    """As `sys.platform` has it."""
    accelerators: tuple[Accelerator, ...]
    """Worth a try, best first; tcg always works."""
    share_kinds: tuple[str, ...]
    """Devices for host folders that QEMU has here, best first."""
    unix_monitor: bool
    """Whether Python can reach QMP by a Unix socket; else it is a TCP port of the loopback."""
    frees_memory: bool
    """Whether memory that the guest reports as free really goes back to the host."""
    suspend_accelerators: tuple[Accelerator, ...]
    """Those under which QEMU can write its state to a file."""
    memory_backend: str | None
    """Kind of memory that virtiofsd can share, where there is virtiofs."""


HOSTS: Mapping[str, HostPlatform] = {
    "linux": HostPlatform(
        name="linux",
        accelerators=(Accelerator.kvm, Accelerator.tcg),
        share_kinds=("virtiofs", "9p"),
        unix_monitor=True,
        frees_memory=True,
        suspend_accelerators=(Accelerator.kvm, Accelerator.tcg),
        memory_backend="memory-backend-memfd",
    ),
    # madvise(MADV_DONTNEED) keeps the pages on macOS, so a balloon gives nothing back there.
    "darwin": HostPlatform(
        name="darwin",
        accelerators=(Accelerator.hvf, Accelerator.tcg),
        share_kinds=("9p",),
        unix_monitor=True,
        frees_memory=False,
        suspend_accelerators=(Accelerator.hvf, Accelerator.tcg),
        memory_backend=None,
    ),
    # WHPX blocks migration always. CPython has no AF_UNIX on Windows.
    "win32": HostPlatform(
        name="win32",
        accelerators=(Accelerator.whpx, Accelerator.tcg),
        share_kinds=(),
        unix_monitor=False,
        frees_memory=False,
        suspend_accelerators=(Accelerator.tcg,),
        memory_backend=None,
    ),
}


def this_host() -> HostPlatform:
    """Return the platform that we run on.

    Raises:
        UnavailableError: Linnet does not know it.
    """
    try:
        return HOSTS[sys.platform]
    except KeyError:
        raise UnavailableError(
            f"Linnet does not run on {sys.platform}.", hint="It runs on Linux, macOS and Windows."
        ) from None


def can_suspend(host: HostPlatform, accelerator: Accelerator, qemu: Version) -> bool:
    """Tell whether a VM can be written to a file and back; mapped-ram, which makes it quick, came with QEMU 9.0."""
    return accelerator in host.suspend_accelerators and qemu >= (9, 0, 0)


def features(host: HostPlatform, qemu: Version) -> DriverFeatures:
    """Return what QEMU can do here; `suspend` is of the best accelerator."""
    return DriverFeatures(
        suspend=can_suspend(host, host.accelerators[0], qemu),
        share_kinds=host.share_kinds,
        free_page_reporting=host.frees_memory,
    )
