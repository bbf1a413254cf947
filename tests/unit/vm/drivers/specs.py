"""VM descriptions that the tests of both drivers share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import cast

from vm.drivers.base import Accelerator, Disk, ShareDevice, VmSpec
from vm.drivers.tools import Qemu

UUID = "0b8f1f9e-6a5e-4a7e-9c55-2d1d7a3a0b11"


def qemu(path: PurePath | str, *version: int) -> Qemu:
    major, minor, micro = version
    return Qemu(cast("Path", PurePosixPath(path) if isinstance(path, str) else path), (major, minor, micro))


def spec(
    accelerator: Accelerator, *, arch: str = "x86_64", home: PurePath | None = None, shares: tuple[str, ...] = ()
) -> VmSpec:
    """Return a machine with two disks and a seed; paths are below `home` and need not exist here."""
    base = home or PurePosixPath("/home/ann/.local/share/linnet")
    run = PurePosixPath("/run/user/1000/linnet/default")

    def path(*parts: str) -> Path:
        return cast("Path", base.joinpath(*parts))

    devices = {
        "9p": ShareDevice("9p", "home", path("home")),
        "9p-read-only": ShareDevice("9p", "docs", path("docs"), read_only=True),
        "virtiofs": ShareDevice("virtiofs", "work", path("work"), socket=cast("Path", run / "fs-work.sock")),
    }
    console = "ttyS0" if arch == "x86_64" else "ttyAMA0"
    return VmSpec(
        name="default",
        uuid=UUID,
        cpus=2,
        memory=2 << 30,
        accelerator=accelerator,
        kernel=path("images", "13-1", "vmlinuz"),
        initrd=path("images", "13-1", "initrd"),
        command_line=f"console={console} quiet panic=1 net.ifnames=0",
        disks=(
            Disk(path("images", "13-1", "system.img"), "linnet-system", read_only=True),
            Disk(path("machines", "default", "data.qcow2"), "linnet-data", format="qcow2"),
            Disk(path("machines", "default", "seed.tar"), "linnet-seed", read_only=True),
        ),
        serial_log=path("machines", "default", "serial.log"),
        vmm_log=path("machines", "default", "qemu.log"),
        shares=tuple(devices[name] for name in shares),
        arch=arch,
    )


def windows_home() -> PureWindowsPath:
    return PureWindowsPath("C:\\Users\\Zoë Müller\\AppData\\Local\\linnet")


def awkward_home() -> PurePosixPath:
    return PurePosixPath("/home/zoë, the first/a=b & <c>/linnet")


def renamed(original: VmSpec, name: str) -> VmSpec:
    return replace(original, name=name)
