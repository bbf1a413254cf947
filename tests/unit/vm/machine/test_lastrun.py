"""What a machine last ran with, and what is missing of what it held."""

from __future__ import annotations

from pathlib import Path

import pytest

from vm.layout import MachineFiles
from vm.machine import lastrun
from vm.machine.lastrun import Inventory, LastRun


@pytest.fixture
def files(tmp_path: Path) -> MachineFiles:
    return MachineFiles("default", tmp_path / "default.yaml", tmp_path / "machine", tmp_path / "run")


def test_written_changed_and_read(files: MachineFiles) -> None:
    assert lastrun.load(files) is None
    lastrun.change(files, inventory=None)  # of a machine that never ran
    assert lastrun.load(files) is None
    held = Inventory("podman", ("a",), ("b",), ("c",))
    lastrun.save(files, LastRun("2026.11-0", "agent", refused={"2026.12-0": "no engine"}))
    lastrun.change(files, inventory=held)
    found = lastrun.load(files)
    assert found == LastRun("2026.11-0", "agent", held, {"2026.12-0": "no engine"})
    files.last_run.write_text("{")
    assert lastrun.load(files) is None


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (Inventory("podman", ("a", "b", "c", "d"), ("x",), ("data",)), None),
        (Inventory("podman", ("a", "b", "c", "d", "e"), ("x", "y"), ("data", "more")), None),
        (Inventory("docker"), None),
        (Inventory("podman", ("a", "b", "c"), ("x",), ("data",)), "1 of 4 images (d)"),
        (Inventory("podman", (), ("x",)), "4 of 4 images (a, b, c …); 1 of 1 volumes (data)"),
        (Inventory("podman", ("a", "b", "c", "d"), ("y",), ("data",)), "1 of 1 containers (x)"),
    ],
)
def test_what_is_missing(now: Inventory, words: str | None) -> None:
    assert Inventory("podman", ("a", "b", "c", "d"), ("x",), ("data",)).missing(now) == words
