"""Records as the machine writes them."""

from __future__ import annotations

from pathlib import Path

from vm.drivers.base import Accelerator, Disk, ShareDevice, VmSpec
from vm.machine.record import RunRecord, SuspendRecord

SPEC = VmSpec(
    name="default",
    uuid="5f0c9f6e-0000-5000-8000-000000000000",
    cpus=2,
    memory=1 << 31,
    accelerator=Accelerator.tcg,
    kernel=Path("/images/kernel"),
    initrd=Path("/images/initrd"),
    command_line="console=ttyS0",
    disks=(Disk(Path("/images/system.img"), "linnet-system", read_only=True),),
    serial_log=Path("/m/serial.log"),
    vmm_log=Path("/m/qemu.log"),
    shares=(ShareDevice("virtiofs", "01234567", Path("/home/u"), socket=Path("/run/fs.sock")),),
)

RUN = RunRecord("qemu", SPEC, "2026.11-0123456789", "chosen in the settings", 1000, 40022, 1.5, {"cpus": "0123"})

SUSPENDED = SuspendRecord(RUN, "10.0.2")
