"""Machines without VMs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.vm.machine.fakes import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Folders in a short place, because sockets are in them; and nothing may be left half closed."""
    if shutil.which("qemu-img") is None:
        pytest.skip("qemu-img is not installed")
    with tempfile.TemporaryDirectory(prefix="ln") as base:
        made = World(Path(base))
        yield made
        for machine in made.machines:
            await machine.release()
