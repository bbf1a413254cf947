"""What is written of a running VM comes back the same, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.vm.machine.samples import RUN, SUSPENDED
from vm.machine import record


def test_round_trip(tmp_path: Path) -> None:
    record.save(tmp_path / "state.json", RUN)
    assert record.load_run(tmp_path / "state.json") == RUN
    record.save(tmp_path / "suspend.json", SUSPENDED)
    assert record.load_suspend(tmp_path / "suspend.json") == SUSPENDED
    assert (tmp_path / "state.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b'{"driver": "qemu"}', b"\x00" * 100])
def test_damaged_is_none(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(damage)
    assert record.load_run(path) is None
    assert record.load_suspend(path) is None


def test_cut_anywhere_is_none(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    record.save(path, RUN)
    whole = path.read_bytes().rstrip()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert record.load_run(path) is None
    assert record.load_run(tmp_path / "none") is None
