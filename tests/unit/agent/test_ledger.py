"""Tests of agent.ledger."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent import ledger
from agent.containers import Container
from agent.loop import Loop

MEMINFO = (
    "MemTotal:  2000 kB\nMemFree:  700 kB\nMemAvailable:  1500 kB\nBuffers:  10 kB\nCached:  600 kB\n"
    "Shmem:  50 kB\nSReclaimable:  40 kB\n"
)

STAT = b"anon 204800\nfile 409600\nkernel_stack 1024\npagetables 1024\nshmem 2048\nslab_reclaimable 4096\nslab 5120\n"


def test_entries_add_up_and_files_in_memory_are_no_cache() -> None:
    found = ledger.entries(MEMINFO, 300 << 10)
    assert found == {
        "total": 2000 << 10,
        "containers": 300 << 10,
        "system": 400 << 10,
        "cache": 600 << 10,
        "free": 700 << 10,
    }


@pytest.mark.parametrize("held", [0, 5 << 20])
def test_entries_add_up_whatever_was_read(held: int) -> None:
    found = ledger.entries(MEMINFO, held)
    assert sum(found[name] for name in ("containers", "system", "cache", "free")) == found["total"]
    assert min(found.values()) >= 0


def test_what_containers_hold_is_what_emptying_caches_leaves() -> None:
    assert ledger.held_by(STAT) == 204800 + 1024 + 1024 + 2048
    assert ledger.held_by(b"") == 0


def test_containers_of_one_cgroup_count_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.stat").write_bytes(STAT)
    monkeypatch.setattr("agent.cgroup.of_process", lambda pid, _id: str(tmp_path) if pid == os.getpid() else None)
    running = [
        Container("c1", "a", "i", os.getpid()),
        Container("c2", "b", "i", os.getpid()),
        Container("c3", "", "", 1),
    ]

    async def containers() -> list[Container]:
        return running

    loop = Loop()
    method = ledger.methods(loop, containers)["memory.ledger"]
    found = loop.run(method({}))  # type: ignore[arg-type]
    assert found["containers"] == ledger.held_by(STAT)
