"""The libvirt domain of a VM: the same machine as `vm.drivers.command` makes, in libvirt's words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from xml.etree import ElementTree as ET

from vm.drivers.base import Accelerator, Disk, ShareDevice, VmSpec
from vm.drivers.command import MACHINES, check
from vm.drivers.platforms import HostPlatform

DOMAIN_PREFIX = "linnet-"

DOMAIN_TYPES: Mapping[Accelerator, str] = {
    Accelerator.kvm: "kvm",
    Accelerator.hvf: "hvf",
    Accelerator.tcg: "qemu",
}

_DISK_NAMES = "abcdefghijklmnopqrstuvwxyz"


def domain_name(name: str) -> str:
    """Return what libvirt calls the machine `name`."""
    return DOMAIN_PREFIX + name


def machine_name(domain: str) -> str:
    """Return the machine that libvirt calls `domain`."""
    return domain.removeprefix(DOMAIN_PREFIX)


def build(spec: VmSpec, emulator: PurePath, host: HostPlatform) -> str:
    """Return the domain's XML.

    Raises:
        UsageError: the host cannot run what the spec asks for.
    """
    check(spec, host)
    domain = ET.Element("domain", type=DOMAIN_TYPES[spec.accelerator])
    _text(domain, "name", domain_name(spec.name))
    _text(domain, "uuid", spec.uuid)
    _text(domain, "memory", str(spec.memory // 1024), unit="KiB")
    if any(share.kind == "virtiofs" for share in spec.shares):
        backing = ET.SubElement(domain, "memoryBacking")
        ET.SubElement(backing, "source", type="memfd")
        ET.SubElement(backing, "access", mode="shared")
    _text(domain, "vcpu", str(spec.cpus))
    _boot(domain, spec)
    ET.SubElement(ET.SubElement(domain, "features"), "acpi")
    # host-passthrough is `-cpu host`, maximum is `-cpu max`.
    ET.SubElement(domain, "cpu", mode="maximum" if spec.accelerator is Accelerator.tcg else "host-passthrough")
    ET.SubElement(domain, "clock", offset="utc")
    for event, action in (("on_poweroff", "destroy"), ("on_reboot", "restart"), ("on_crash", "destroy")):
        _text(domain, event, action)
    domain.append(_devices(spec, emulator, host))
    ET.indent(domain)
    return ET.tostring(domain, encoding="unicode") + "\n"


def _boot(domain: ET.Element, spec: VmSpec) -> None:
    system = ET.SubElement(domain, "os")
    _text(system, "type", "hvm", arch=spec.arch, machine=MACHINES[spec.arch])
    _text(system, "kernel", str(spec.kernel))
    _text(system, "initrd", str(spec.initrd))
    _text(system, "cmdline", spec.command_line)


def _devices(spec: VmSpec, emulator: PurePath, host: HostPlatform) -> ET.Element:
    devices = ET.Element("devices")
    _text(devices, "emulator", str(emulator))
    for number, disk in enumerate(spec.disks):
        devices.append(_disk(number, disk))
    ET.SubElement(devices, "controller", type="usb", model="none")
    for share in spec.shares:
        devices.append(_share(share))
    interface = ET.SubElement(devices, "interface", type="user")
    ET.SubElement(interface, "mac", address=spec.mac)
    ET.SubElement(interface, "model", type="virtio")
    serial = ET.SubElement(devices, "serial", type="file")
    ET.SubElement(serial, "source", path=str(spec.serial_log), append="on")
    ET.SubElement(serial, "target", port="0")
    ET.SubElement(devices, "audio", id="1", type="none")
    video = ET.SubElement(devices, "video")
    ET.SubElement(video, "model", type="none")
    if host.frees_memory:
        ET.SubElement(devices, "memballoon", model="virtio", autodeflate="on", freePageReporting="on")
    else:
        ET.SubElement(devices, "memballoon", model="none")
    rng = ET.SubElement(devices, "rng", model="virtio")
    ET.SubElement(rng, "backend", model="builtin")
    ET.SubElement(devices, "panic", model="pvpanic")
    return devices


def _disk(number: int, disk: Disk) -> ET.Element:
    element = ET.Element("disk", type="file", device="disk")
    driver = ET.SubElement(element, "driver", name="qemu", type=disk.format)
    if disk.format == "qcow2" and not disk.read_only:
        driver.set("discard", "unmap")
        driver.set("detect_zeroes", "unmap")
    ET.SubElement(element, "source", file=str(disk.path))
    ET.SubElement(element, "target", dev=f"vd{_DISK_NAMES[number]}", bus="virtio")
    _text(element, "serial", disk.serial)
    if disk.read_only:
        ET.SubElement(element, "readonly")
    return element


def _share(share: ShareDevice) -> ET.Element:
    if share.kind == "virtiofs":
        element = ET.Element("filesystem", type="mount")
        ET.SubElement(element, "driver", type="virtiofs")
        ET.SubElement(element, "source", socket=str(share.socket))
    else:
        # squash is libvirt's word for QEMU's security_model=none.
        element = ET.Element("filesystem", type="mount", accessmode="squash", multidevs="remap")
        ET.SubElement(element, "source", dir=str(share.path))
    ET.SubElement(element, "target", dir=share.tag)
    if share.read_only and share.kind != "virtiofs":
        ET.SubElement(element, "readonly")
    return element


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text
