"""The methods that snapshots and upgrades of the machine need."""

from __future__ import annotations

from agent import diskcheck, inventory
from agent.engines.switch import Engines
from agent.freeze import Freezer
from agent.loop import Loop
from agent.methods import Method


def methods(loop: Loop, engines: Engines) -> dict[str, Method]:
    """Return the methods by name."""
    freezer = Freezer(loop)
    return {
        "data.freeze": freezer.freeze,
        "data.thaw": freezer.thaw,
        "data.check": lambda _params: loop.in_thread(diskcheck.status),
        "data.inventory": lambda _params: inventory.take(loop, engines.current),
    }
