"""The methods by which the host copies volumes and puts them back. What does it is loaded when it is first needed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from agent.engines.switch import Engines
from agent.jobs import Jobs
from agent.loop import Loop
from agent.methods import Method, late

if TYPE_CHECKING:
    from agent.volume_work import VolumeWork

NAMES = (
    "volumes.snapshots",
    "volumes.snapshot",
    "volumes.remove_snapshot",
    "volumes.rollback",
    "volumes.clone",
    "volumes.browse",
    "volumes.open_export",
    "volumes.open_import",
    "volumes.finish_import",
)

_WORK, _HELD = "/data/linnet/volumes/.work", "/run/linnet/held.json"
"""What a former agent left when it did not come to an end: see volume_store and volume_pause."""


def methods(loop: Loop, engines: Engines, jobs: Jobs) -> dict[str, Method]:
    """Return the methods by name. What a former agent left half done is put right soon."""
    made: list[VolumeWork] = []

    def work() -> VolumeWork:
        if not made:
            from agent.volume_work import VolumeWork

            made.append(VolumeWork(loop, engines, jobs))
        return made[0]

    if os.path.exists(_HELD) or _has_files(_WORK):
        loop.spawn(work().recover())
    return late(NAMES, lambda name: getattr(work(), name.partition(".")[2]))


def _has_files(folder: str) -> bool:
    try:
        return bool(os.listdir(folder))
    except FileNotFoundError:
        return False
