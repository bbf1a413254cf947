"""QMP about the disks of a running VM, for the driver that speaks it directly and for the one that goes by libvirt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from vm.errors import GuestError

Execute = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
"""Runs a QMP command with its arguments and returns the result; raises LinnetError."""

LIMIT = 120.0
"""Seconds for a command that goes through the whole map of a disk; QEMU does nothing else meanwhile."""


def writable_node(nodes: Sequence[Mapping[str, Any]]) -> str:
    """Return the name of the VM's writable disk in what `query-named-block-nodes` answers; it has one.

    Raises:
        GuestError: it has none, or QEMU halted it.
    """
    for node in nodes:
        if node.get("drv") == "qcow2" and not node.get("ro"):
            return str(node["node-name"])
    raise GuestError("QEMU does not know the machine's data disk.")


async def keep_state(execute: Execute, state: str) -> None:
    """Keep the present content of the writable disk as `state`."""
    node = writable_node(await execute("query-named-block-nodes", {"flat": True}))
    await execute("blockdev-snapshot-internal-sync", {"device": node, "name": state})


async def drop_state(execute: Execute, state: str) -> None:
    """Forget the state of that name."""
    node = writable_node(await execute("query-named-block-nodes", {"flat": True}))
    await execute("blockdev-snapshot-delete-internal-sync", {"device": node, "name": state})
