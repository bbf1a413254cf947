"""Makes the file of a data disk small: what the guest has freed goes back to this computer.

While the machine runs, the guest trims its file system and QEMU punches holes into the file. Where the host's file
system cannot do that, or clusters stay allocated, the disk is written anew without them (`vm.machine.rewrite`); the
machine has to be stopped for that.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vm.drivers.base import VmState
from vm.errors import ConflictError
from vm.machine.rewrite import Rewriter, blocks
from vm.machine.status import MachineState
from vm.progress import Progress, Reporter

if TYPE_CHECKING:
    from vm.machine.lifecycle import Lifecycle
    from vm.machine.machine import Machine

TRIM_LIMIT = 600.0
"""Seconds that the guest may take to trim its file system."""

SETTLE = 2.0
"""Seconds between two looks at a file that shrinks after a trim."""

WORTH = 64 * 1024 * 1024
"""Bytes beyond what the guest uses from which on writing the disk anew is advised."""


@dataclass(frozen=True)
class Compacted:
    """What became of a data disk; all in bytes on this computer's disk.

    Attributes:
        before: what its file took.
        after: what it takes now.
        rewritten: whether the disk was written anew.
        possible: what writing it anew would give back besides, as far as can be told; 0 when it is not worth it.
    """

    before: int
    after: int
    rewritten: bool
    possible: int


async def compact(
    machine: Machine, life: Lifecycle, rewriter: Rewriter, *, offline: bool, report: Reporter
) -> Compacted:
    """Make the data disk of `machine` small.

    Args:
        machine: running or stopped.
        life: of the machine.
        rewriter: of its disk.
        offline: write the disk anew; a running machine is stopped for that and started again. One that is stopped
            has its disk written anew in any case: only a running guest can trim.
        report: told of each step.

    Raises:
        ConflictError: the machine is suspended, or in between, or keeps snapshots that a new file would lose.
        DiskFullError: this computer has no room for the new disk; nothing has changed.
    """
    state = await machine.state()
    _check_state(machine, state)
    runs = state is MachineState.running
    if offline or not runs:
        # Before anything is stopped for it, and before the work of a trim.
        await _check_rewrite(machine, rewriter)
    before = blocks(rewriter.path)
    used = await _trim(machine, rewriter, report) if runs else 0
    if runs and not offline:
        after = blocks(rewriter.path)
        over = after - used
        kept = await rewriter.states()
        return Compacted(before, after, rewritten=False, possible=over if over >= WORTH and not kept else 0)
    await _rewrite(machine, life, rewriter, report)
    return Compacted(before, blocks(rewriter.path), rewritten=True, possible=0)


def _check_state(machine: Machine, state: MachineState) -> None:
    name = machine.name
    if state is MachineState.suspended:
        raise ConflictError(
            f"Machine '{name}' is suspended; its memory belongs to the disk as it is.",
            hint=f"`linnet machine resume {name}` first, and then compact it.",
        )
    if state not in (MachineState.running, MachineState.stopped):
        raise ConflictError(
            f"Machine '{name}' is {state.value}; a disk can be compacted while its machine runs or is stopped.",
            hint=f"`linnet machine status {name}` tells more.",
        )
    if not machine.files.data_disk.exists():
        raise ConflictError(
            f"Machine '{name}' was never started and has no data disk yet.", hint="There is nothing to compact."
        )


async def _check_rewrite(machine: Machine, rewriter: Rewriter) -> None:
    kept = await rewriter.states()
    if kept:
        raise ConflictError(
            f"The data disk of machine '{machine.name}' holds {kept} snapshot{'s' if kept > 1 else ''}, "
            "which a new file would lose.",
            hint="Delete them first (`linnet snapshot list` shows them), or compact the running machine without "
            "`--offline`, which keeps them.",
        )
    await rewriter.check_room()


async def _trim(machine: Machine, rewriter: Rewriter, report: Reporter) -> int:
    """Have the guest trim, wait until the file shrinks no more, and return how many bytes the guest uses."""
    report(Progress("Trimming the guest's file system"))
    agent = machine.live().agent
    await agent.request("disk.trim", timeout=TRIM_LIMIT)
    used = int((await agent.request("disk.status"))["used"])
    report(Progress("Waiting for the file to shrink"))
    before, now = None, blocks(rewriter.path)
    while now != before:
        await asyncio.sleep(SETTLE)
        before, now = now, min(now, blocks(rewriter.path))
    return used


async def _rewrite(machine: Machine, life: Lifecycle, rewriter: Rewriter, report: Reporter) -> None:
    """Write the disk anew with the machine stopped; one that ran is started again, whatever came of that.

    All of it is one change of the machine, which nobody joins: who wants it stopped meanwhile has it stopped after.
    """

    async def work(tell: Reporter) -> None:
        runs = await life.vm_state() is not VmState.stopped
        if machine.suspend_image.usable:
            raise ConflictError(f"Machine '{machine.name}' was suspended meanwhile; nothing was changed.")
        await life.stop(tell, force=False)
        try:
            await rewriter.run(tell)
        finally:
            if runs:
                machine.transitions.become(MachineState.starting)
                await life.start(tell)

    await machine.transitions.run_alone(MachineState.stopping, work, report)
