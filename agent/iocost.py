"""Makes weights of block I/O count: the kernel shares a disk by weight only where its cost model is switched on."""

from __future__ import annotations

import os
from collections.abc import Iterable

from agent import cgroup
from agent.containers import Container

_SERIAL = b"linnet-data"
_USUAL = 100
"""The kernel's weight of what nobody gave one."""


def notice(containers: Iterable[Container]) -> None:
    """Switch the model on if one of these containers, which run, has a weight."""
    for container in containers:
        folder = cgroup.of_process(container.pid, container.id) if container.pid else None
        if folder and cgroup.flat(cgroup.read(f"{folder}/io.weight")).get(b"default", _USUAL) != _USUAL:
            switch_on()
            return


def switch_on(blocks: str = "/sys/block", root: str = cgroup.ROOT) -> bool:
    """Switch the model on for the data disk; return whether it is on. Costs nothing while it is on already.

    It is off until some container has a weight, because each request to the disk is then looked at.
    """
    number = data_disk(blocks)
    if not number:
        return False
    file = f"{root}/io.cost.qos"
    for line in cgroup.read(file).splitlines():
        if line.startswith(number.encode()) and b"enable=1" in line:
            return True
    try:
        with open(file, "w", encoding="ascii") as qos:
            qos.write(f"{number} enable=1 ctrl=auto")
    except OSError:
        return False  # a kernel without the model: weights are kept, and nothing is shared by them
    return True


def data_disk(blocks: str = "/sys/block") -> str:
    """Return the numbers of the data disk ("254:16"), empty if there is none."""
    for name in sorted(os.listdir(blocks)):
        if cgroup.read(f"{blocks}/{name}/serial").strip() == _SERIAL:
            return cgroup.read(f"{blocks}/{name}/dev").strip().decode()
    return ""
