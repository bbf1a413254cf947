"""QMP about disks; the nodes are those that QEMU 10.0.2 listed, shortened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from vm.drivers import blocks
from vm.errors import GuestError

NODES = [
    {"node-name": "disk0", "drv": "raw", "ro": True, "file": "/images/system.img"},
    {"node-name": "#block085", "drv": "file", "ro": False, "file": "/m/data.qcow2"},
    {"node-name": "libvirt-2-format", "drv": "qcow2", "ro": False, "file": "/m/data.qcow2"},
]


async def test_states_are_kept_and_dropped_on_the_writable_disk() -> None:
    asked: list[tuple[str, Mapping[str, Any]]] = []

    async def execute(command: str, arguments: Mapping[str, Any]) -> Any:
        asked.append((command, arguments))
        return NODES if command == "query-named-block-nodes" else {}

    await blocks.keep_state(execute, "linnet-first")
    await blocks.drop_state(execute, "linnet-first")
    values = {"device": "libvirt-2-format", "name": "linnet-first"}
    assert asked[1::2] == [
        ("blockdev-snapshot-internal-sync", values), ("blockdev-snapshot-delete-internal-sync", values),
    ]  # fmt: skip


@pytest.mark.parametrize("nodes", [[], NODES[:2], [{**NODES[2], "ro": True}]])
def test_vm_without_a_writable_disk(nodes: list[dict[str, Any]]) -> None:
    with pytest.raises(GuestError):
        blocks.writable_node(nodes)
