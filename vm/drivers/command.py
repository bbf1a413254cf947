"""The QEMU command line of a VM: a pure function of its description and the host's data.

The order of devices is part of what a suspend image depends on, so equal specs must give equal commands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from vm.drivers.base import Accelerator, Disk, ShareDevice, VmSpec
from vm.drivers.platforms import HostPlatform
from vm.drivers.tools import Qemu, Version
from vm.errors import UsageError

NETDEV = "hostnet0"
"""Id of the user network, named so by libvirt too."""

MACHINES: Mapping[str, str] = {"x86_64": "q35", "aarch64": "virt"}

WHPX_CPU = "qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16"
"""`host` is refused and `max` crashes under WHPX; the flags are what the guest's programs may expect."""

HVF_X86_CPU = "host,-avx512vl,-pdpe1gb"
"""Two features that Intel Macs announce and hvf does not carry."""


@dataclass(frozen=True)
class Monitor:
    """Where QEMU offers QMP: a listening socket that it inherits, or a port of the loopback that it opens."""

    descriptor: int | None = None
    port: int | None = None

    def option(self) -> str:
        """Return the value of `-chardev`."""
        if self.descriptor is not None:
            place: dict[str, object] = {"fd": self.descriptor}
        else:
            place = {"host": "127.0.0.1", "port": self.port}
        return options("socket", {"id": "monitor", **place, "server": True, "wait": False})


def quote(value: object) -> str:
    """Return a value as QEMU's option syntax wants it: commas doubled, truth as on and off."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value).replace(",", ",,")


def options(head: str, values: Mapping[str, object]) -> str:
    """Return `head,key=value,…`; what is None is left out, and so is an empty head."""
    parts = [head, *(f"{key}={quote(value)}" for key, value in values.items() if value is not None)]
    return ",".join(part for part in parts if part)


def accelerator_option(accelerator: Accelerator, arch: str, qemu: Version) -> str:
    """Return the value of `-accel`."""
    if accelerator is Accelerator.whpx and arch == "x86_64" and qemu < (11, 0, 0):
        return "whpx,kernel-irqchip=off"
    return accelerator.value


def cpu_model(accelerator: Accelerator, arch: str) -> str:
    """Return the value of `-cpu`."""
    match accelerator:
        case Accelerator.tcg:
            return "max"
        case Accelerator.whpx if arch == "x86_64":
            return WHPX_CPU
        case Accelerator.hvf if arch == "x86_64":
            return HVF_X86_CPU
        case _:
            return "host"


def base_arguments(qemu: Qemu, arch: str, accelerator: Accelerator) -> list[str]:
    """Return the part that a probe and a real VM share: program, machine, processor, nothing that was not asked for.

    Raises:
        UsageError: no machine is known for `arch`.
    """
    if arch not in MACHINES:
        raise UsageError(f"Linnet has no machine for the architecture {arch}.", hint=f"Use {' or '.join(MACHINES)}.")
    return [
        str(qemu.path),
        *("-machine", MACHINES[arch]),
        *("-accel", accelerator_option(accelerator, arch, qemu.version)),
        *("-cpu", cpu_model(accelerator, arch)),
        *("-nodefaults", "-no-user-config", "-display", "none", "-vga", "none"),
    ]


def build(spec: VmSpec, qemu: Qemu, host: HostPlatform, monitor: Monitor, pid_file: PurePath) -> list[str]:
    """Return the argv that runs `spec`.

    A reboot asked for in the guest is a reboot; a panic that pvpanic reports ends QEMU.

    Raises:
        UsageError: the host cannot run what the spec asks for.
    """
    check(spec, host)
    shared = any(share.kind == "virtiofs" for share in spec.shares)
    return [
        *base_arguments(qemu, spec.arch, spec.accelerator),
        *("-name", options("", {"guest": f"linnet-{spec.name}"})),
        *("-uuid", spec.uuid),
        *("-pidfile", str(pid_file)),
        *("-smp", str(spec.cpus)),
        *("-m", f"{spec.memory // 1024}k"),
        *(_shared_memory(spec, host) if shared else ()),
        *("-chardev", monitor.option(), "-mon", "chardev=monitor,mode=control"),
        *("-kernel", str(spec.kernel), "-initrd", str(spec.initrd), "-append", spec.command_line),
        *("-chardev", options("file", {"id": "serial", "path": spec.serial_log, "append": True})),
        *("-serial", "chardev:serial"),
        *(part for number, disk in enumerate(spec.disks) for part in _disk(number, disk)),
        *("-netdev", options("user", {"id": NETDEV})),
        *("-device", options("virtio-net-pci", {"netdev": NETDEV, "mac": spec.mac})),
        *("-object", "rng-builtin,id=rng0", "-device", "virtio-rng-pci,rng=rng0"),
        *(part for number, share in enumerate(spec.shares) for part in _share(number, share)),
        *(("-device", "virtio-balloon-pci,free-page-reporting=on,deflate-on-oom=on") if host.frees_memory else ()),
        *("-device", "pvpanic-pci"),
        *("-action", "panic=shutdown"),
    ]


def check(spec: VmSpec, host: HostPlatform) -> None:
    """Refuse what no command line can express.

    Raises:
        UsageError: an accelerator or a share that this host does not have.
    """
    if spec.accelerator not in host.accelerators:
        raise UsageError(
            f"The accelerator {spec.accelerator} does not exist on this host.",
            hint=f"Use {' or '.join(host.accelerators)}.",
        )
    for share in spec.shares:
        if share.kind not in host.share_kinds:
            raise UsageError(f"QEMU has no {share.kind} shares on this host.", hint="Use the share kind sftp.")
        if share.kind == "virtiofs" and share.socket is None:
            raise UsageError(f"The share {share.path} has no virtiofsd.")


def _shared_memory(spec: VmSpec, host: HostPlatform) -> Iterator[str]:
    size = f"{spec.memory // 1024}k"
    yield from ("-object", options(host.memory_backend or "", {"id": "ram0", "size": size, "share": True}))
    yield from ("-machine", "memory-backend=ram0")


def _disk(number: int, disk: Disk) -> Iterator[str]:
    node = f"disk{number}"
    # Trimmed and zeroed blocks leave the file; both layers have to be told.
    unmap = "unmap" if disk.format == "qcow2" and not disk.read_only else None
    yield "-blockdev"
    yield options(
        "",
        {
            "driver": disk.format,
            "node-name": node,
            "read-only": disk.read_only,
            "discard": unmap,
            "detect-zeroes": unmap,
            "file.driver": "file",
            "file.filename": disk.path,
            "file.discard": unmap,
        },
    )
    yield from ("-device", options("virtio-blk-pci", {"drive": node, "serial": disk.serial}))


def _share(number: int, share: ShareDevice) -> Iterator[str]:
    name = f"share{number}"
    if share.kind == "virtiofs":
        yield from ("-chardev", options("socket", {"id": name, "path": share.socket}))
        yield from ("-device", options("vhost-user-fs-pci", {"chardev": name, "tag": share.tag}))
        return
    yield "-fsdev"
    yield options(
        "local",
        {
            "id": name,
            "path": share.path,
            "security_model": "none",
            "multidevs": "remap",
            "readonly": True if share.read_only else None,
        },
    )
    yield from ("-device", options("virtio-9p-pci", {"fsdev": name, "mount_tag": share.tag}))
