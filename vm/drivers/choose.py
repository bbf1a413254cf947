"""Which driver runs this user's machines, and why."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass

from vm.drivers.base import Driver
from vm.drivers.qemu import QemuDriver
from vm.errors import UnavailableError, UsageError
from vm.layout import Layout

SETTINGS = ("auto", "libvirt", "qemu")

LIBVIRT_BY_DEFAULT = ("linux",)
"""Platforms, as `sys.platform`, where the embedded libvirt has been run for real."""

LIBVIRT_POSSIBLE = ("linux", "darwin")


@dataclass(frozen=True)
class Choice:
    """A driver, not opened yet, and a sentence for the status that says why it is this one."""

    driver: Driver
    reason: str


def libvirt_present() -> bool:
    """Tell whether the Python module can be found; it is not loaded, which would take memory and time."""
    return importlib.util.find_spec("libvirt") is not None


def choose_driver(
    setting: str,
    layout: Layout,
    *,
    arch: str = "x86_64",
    qemu_path: str | None = None,
    platform: str = sys.platform,
    present: Callable[[], bool] = libvirt_present,
) -> Choice:
    """Return the driver that the setting `driver` asks for.

    Args:
        setting: auto, libvirt or qemu.
        layout: where the driver keeps its files.
        arch: QEMU's name of the guests' architecture.
        qemu_path: the QEMU that the settings name, if any.
        platform: as `sys.platform`.
        present: tells whether libvirt's Python module is installed.

    Raises:
        UsageError: there is no such driver.
        UnavailableError: libvirt was asked for and cannot be had.
    """
    if setting not in SETTINGS:
        raise UsageError(f"There is no driver '{setting}'.", hint=f"Use {', '.join(SETTINGS)}.")
    if setting == "qemu":
        return Choice(QemuDriver(layout, arch, qemu_path), "chosen in the settings")
    missing = _missing(platform, present)
    if setting == "libvirt" and missing:
        raise UnavailableError(
            f"The driver libvirt cannot be used: {missing}.", hint="Choose the driver qemu, or auto."
        )
    if setting == "auto" and (missing or platform not in LIBVIRT_BY_DEFAULT):
        reason = missing or "libvirt is used on this system only when it is chosen in the settings"
        return Choice(QemuDriver(layout, arch, qemu_path), reason)
    from vm.drivers.libvirt import LibvirtDriver

    reason = "chosen in the settings" if setting == "libvirt" else "the best one on this system"
    return Choice(LibvirtDriver(layout, arch, qemu_path), reason)


def _missing(platform: str, present: Callable[[], bool]) -> str | None:
    if platform not in LIBVIRT_POSSIBLE:
        return "libvirt does not exist on this system"
    if not present():
        return "the Python module libvirt is not installed"
    return None
