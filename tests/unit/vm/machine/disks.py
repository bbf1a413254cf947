"""A data disk with one byte of content that tests write and read, as a guest would."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.unit.vm.machine.fakes import World
from vm.machine.machine import Machine


async def used_machine(world: World) -> Machine:
    """Return a stopped machine that has run, with 1 on its disk."""
    made = world.machine()
    await made.start()
    await made.stop()
    put(made, 1)
    return made


def put(machine: Machine, mark: int) -> None:
    """Write `mark` where the guest's file system would be."""
    subprocess.run(
        ["qemu-io", "-c", f"write -P {mark} 0 4096", machine.files.data_disk], check=True, capture_output=True
    )


def content(machine: Machine) -> int:
    """Return what `put` wrote last, as far as nobody went back."""
    target = Path(machine.files.folder, "look.raw")
    command = ["qemu-img", "dd", "-f", "qcow2", "-O", "raw", "bs=4096", "count=1"]
    subprocess.run([*command, f"if={machine.files.data_disk}", f"of={target}"], check=True, capture_output=True)
    data = target.read_bytes()
    target.unlink()
    return data[0]


def is_whole(machine: Machine) -> bool:
    """Return whether the disk's own structure is without a fault."""
    check = subprocess.run(["qemu-img", "check", "-q", machine.files.data_disk], check=False, capture_output=True)
    return check.returncode == 0
