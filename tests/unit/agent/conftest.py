"""What the tests here share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.agent.volume_world import World


@pytest.fixture
def world() -> Iterator[World]:
    # pytest's own folders are too deep for a socket.
    with tempfile.TemporaryDirectory(prefix="lnv") as folder:
        made = World(Path(folder))
        yield made
        made.loop._end()
        made.engine.close()
