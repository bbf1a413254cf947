"""Checks of the host: accelerator, programs, disk space, folders, guest images."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path

import psutil

from app.service.doctor.model import DoctorContext, Finding, failed, ok, skipped, warning
from vm.errors import LinnetError
from vm.layout import check_socket_path
from vm.machine.space import LEVELS, level_of, percent
from vm.units import GIB, human_size

LOW_SPACE = 5 * GIB
NO_SPACE = GIB

KVM = Path("/dev/kvm")


async def accelerator(context: DoctorContext) -> Finding:
    """Tell which accelerator guests run with, and what keeps a faster one away."""
    info = await context.host_info()
    if info.accelerator is None:
        return skipped("There is no guest image yet to try the accelerators with; `linnet image build` makes one.")
    if info.accelerator != "tcg":
        return ok(f"Guests run with {info.accelerator}: {info.accelerator_reason}.")
    return warning(
        f"Guests are emulated (tcg), which is slow: {info.accelerator_reason}.",
        f"{_acceleration_hint()} `linnet doctor --fix` tries the accelerators again.",
        automatic=True,
    )


def _acceleration_hint() -> str:
    if sys.platform == "darwin":
        return "`sysctl kern.hv_support` must print 1."
    if sys.platform == "win32":
        return "Turn on the Windows feature 'Windows Hypervisor Platform' and restart Windows."
    if not KVM.exists():
        return "Turn on virtualisation in the firmware, or nested virtualisation when this host is itself a VM."
    if not os.access(KVM, os.R_OK | os.W_OK):
        return f"Add yourself to the group that owns {KVM} and log in again."
    return f"{KVM} is there but guests do not run with it; when this host is itself a VM, its host must allow nesting."


async def forget_accelerator(context: DoctorContext) -> None:
    """Remove what is remembered of the accelerators, and try them again."""
    context.layout.accel_cache.unlink(missing_ok=True)
    await context.host_info()


async def qemu(context: DoctorContext) -> Finding:
    """Tell QEMU's version; one that is missing or too old is reported by the error that finding it raises."""
    info = await context.host_info()
    return ok(f"QEMU {info.qemu_version} at {info.qemu_path}.")


async def libvirt(context: DoctorContext) -> Finding:
    """Tell libvirt's version."""
    info = await context.host_info()
    if info.libvirt_version is None:
        return skipped("libvirt is not used here; QEMU is started directly.")
    return ok(f"libvirt {info.libvirt_version}.")


async def disk_space(context: DoctorContext) -> Finding:
    """Tell how much room the disk with the machines has."""
    folder = context.layout.data
    usage = psutil.disk_usage(str(_existing(folder)))
    used = await asyncio.to_thread(space_taken, folder)
    # As `df` counts: what is kept for root is neither used nor free.
    room = usage.used + usage.free
    level = level_of(usage.used, room)
    text = f"{human_size(usage.free)} free for {folder}; Linnet takes {human_size(used)}."
    if level:
        text = f"The disk is {int(percent(usage.used, room))} % full: {text}"
    advice = (
        "Free some space: `linnet prune` shows what nobody uses in the machine, `linnet machine compact` gives its "
        "room back to this computer, `linnet image prune` removes old guest images."
    )
    if usage.free < NO_SPACE or level == max(LEVELS):
        return failed(text, advice)
    return warning(text, advice) if usage.free < LOW_SPACE or level else ok(text)


def space_taken(folder: Path) -> int:
    """Return the bytes that the files below `folder` really take on the disk."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                info = (Path(root) / name).lstat()
            except OSError:
                continue
            total += getattr(info, "st_blocks", 0) * 512 or info.st_size
    return total


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


async def folders(context: DoctorContext) -> Finding:
    """Check that Linnet's folders belong to this user alone and that sockets fit into the run folder."""
    layout = context.layout
    check_socket_path(layout.service_socket)
    for name in context.machine_names():
        check_socket_path(layout.machine(name).docker_socket)
    open_to_others = [
        folder for folder in (layout.config, layout.data, layout.run, layout.cache) if await _is_open(folder)
    ]
    if open_to_others:
        names = ", ".join(map(str, open_to_others))
        return failed(f"Other users can read {names}.", "The folders get mode 0700.", automatic=True)
    return ok(f"Private to this user; sockets are in {layout.run}.")


async def _is_open(folder: Path) -> bool:
    if os.name != "posix" or not folder.exists():
        return False
    return bool(stat.S_IMODE(folder.stat().st_mode) & 0o077)


async def close_folders(context: DoctorContext) -> None:
    """Make Linnet's folders private."""
    context.layout.make_private()


async def sockets(context: DoctorContext) -> Finding:
    """Check that nobody else can use the sockets of the service and of the machines."""
    layout = context.layout
    if os.name != "posix":
        return skipped("This system has named pipes, which only their owner can open.")
    paths = [layout.service_socket, *(layout.machine(name).docker_socket for name in context.machine_names())]
    there = [path for path in paths if path.exists()]
    loose = [str(path) for path in there if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        return failed(f"Others may connect to {', '.join(loose)}.", "The sockets get mode 0600.", automatic=True)
    return ok(f"{len(there)} of {len(paths)} sockets are there, each for this user alone.")


async def close_sockets(context: DoctorContext) -> None:
    """Give the sockets mode 0600."""
    layout = context.layout
    for path in (layout.service_socket, *(layout.machine(name).docker_socket for name in context.machine_names())):
        if path.exists():
            path.chmod(0o600)


async def images(context: DoctorContext) -> Finding:
    """Check the digests of all guest images."""
    results = await context.verify_images()
    if not results:
        return warning("There is no guest image yet.", "`linnet image build` or `linnet image fetch` brings one.")
    bad = {version: problem for version, problem in results.items() if problem}
    if bad:
        text = " ".join(f"{version}: {problem}" for version, problem in bad.items())
        return failed(text, "`linnet image build` (or `fetch`) brings the image anew; machines keep their data disks.")
    return ok(f"Verified: {', '.join(results)}.")


async def configs(context: DoctorContext) -> Finding:
    """Check the descriptions of all machines."""
    problems: list[str] = []
    for name in context.machine_names():
        try:
            context.check_config(name)
        except LinnetError as error:
            problems.append(f"{error.message} {error.detail or ''}".strip())
    if problems:
        return failed("\n".join(problems), "`linnet config edit` opens the file; `linnet config validate` checks it.")
    count = len(context.machine_names())
    return (
        ok(f"{count} machine{'' if count == 1 else 's'} described without a problem.")
        if count
        else skipped("There is no machine yet.")
    )
