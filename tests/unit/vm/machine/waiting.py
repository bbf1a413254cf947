"""Waiting until a machine has come to rest, and what it must have left behind."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.unit.vm.machine.fakes import World
from vm.machine.machine import Machine


async def until(condition: Any) -> None:
    """Let everything run until it is so; pytest's time limit is the end."""
    while not condition():  # noqa: ASYNC110 - what it asks has no event
        await asyncio.sleep(0.001)


async def settled(machine: Machine) -> None:
    """Wait until nothing goes on any more, also not in the background."""

    def over() -> bool:
        jobs = {task.get_name().partition("-")[0] for task in machine._jobs._tasks}
        return machine.transitions.state is None and jobs <= {"state"}

    await until(over)


def is_clean(world: World, machine: Machine) -> bool:
    """No VM, no session, no record, nothing suspended."""
    return (
        not world.driver.vms
        and machine.session is None
        and not machine.files.state.exists()
        and not machine.files.suspend_info.exists()
        and not machine.files.suspend_image.exists()
    )
