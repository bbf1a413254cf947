"""The agent's methods about losses and the trash. Their code is loaded when it is needed: most guests never need it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from agent.disk import DATA
from agent.engines.switch import Engines
from agent.jobs import Jobs
from agent.loop import Loop
from agent.methods import Method, late

if TYPE_CHECKING:
    from agent.trash_keep import Keeper

ROOT = f"{DATA}/linnet/trash"

NAMES = (
    "losses",
    "trash.keep",
    "trash.settle",
    "trash.policy",
    "trash.list",
    "trash.show",
    "trash.remove",
    "trash.restore",
    "trash.save_volume",
)

FIRST_LOOK = 20.0
"""Seconds after the start in which a guest has more important things to do."""

EXPIRE_EVERY = 3600.0
"""Seconds between two looks for what is too old."""


def methods(loop: Loop, engines: Engines, jobs: Jobs, root: str = ROOT) -> dict[str, Method]:
    """Return the methods by name. From now on what is too old goes by itself."""
    made: list[Keeper] = []
    tending: list[bool] = []

    def keeper() -> Keeper:
        if not made:
            from agent.trash_keep import Keeper

            made.append(Keeper(loop, engines, jobs, root))
        return made[0]

    def method(name: str) -> Method:
        async def call(params: dict[str, Any]) -> Any:
            try:
                return await keeper().methods[name](params)
            finally:
                begin()

        return call

    async def tend() -> None:
        await loop.sleep(FIRST_LOOK)
        await keeper().clear(leftovers)
        while True:
            await keeper().tend()
            await loop.sleep(EXPIRE_EVERY)

    def begin() -> None:
        """Tend the trash from now on, if there is one."""
        if not tending and os.path.isdir(root):
            tending.append(True)
            loop.spawn(tend())

    leftovers = _hidden(root)
    begin()
    return late(NAMES, method)


def _hidden(root: str) -> list[str]:
    """Return what a crash left half made or half removed; what begins later is not in it."""
    try:
        return [name for name in os.listdir(root) if name.startswith(".")]
    except OSError:
        return []
