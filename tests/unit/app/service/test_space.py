"""Routes of room on disks, and that a machine in use is said to be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.app.service.conftest import Running
from vm.errors import NotFoundError, UsageError

MACHINE = "/v1/machines/default"


@pytest.mark.parametrize("offline", [False, True])
async def test_compact(running: Running, offline: bool) -> None:
    answer = await running.call(
        lambda client: client.operate("POST", f"{MACHINE}/compact", {"offline": offline}, lambda *_step: None)
    )
    assert answer == {"before": 2**30, "after": 2**20, "rewritten": offline, "possible": 0}
    assert running.machine.compacted == [offline]
    assert running.machine.uses == [0, 1, 0]


async def test_what_could_go(running: Running) -> None:
    found = await running.call(lambda client: client.get(f"{MACHINE}/prune"))
    assert found["containers"] == [{"id": "c1", "title": "old (job)", "size": 4096}]
    assert found["volumes"] == [{"id": "left", "title": "left", "size": None}]
    assert found["build_cache"] == []


async def test_prune(running: Running) -> None:
    body: dict[str, Any] = {"kinds": ["containers", "volumes"], "ids": ["c1"]}
    answer = await running.call(lambda client: client.operate("POST", f"{MACHINE}/prune", body, lambda *_step: None))
    assert answer == {
        "removed": ["old (job)"], "kept": {"left": "volume is being used"}, "freed": 4096, "trashed": ["old"],
    }  # fmt: skip
    assert running.machine.prune.runs == [(["containers", "volumes"], ["c1"])]
    assert running.machine.uses == [0, 1, 0]


async def test_prune_for_good(running: Running) -> None:
    body = {"kinds": ["containers"], "trash": False}
    answer = await running.call(lambda client: client.operate("POST", f"{MACHINE}/prune", body, lambda *_step: None))
    assert answer["trashed"] == []


@pytest.mark.parametrize("path", ["compact", "prune"])
async def test_unknown_machines(running: Running, path: str) -> None:
    body: dict[str, Any] = {"kinds": []} if path == "prune" else {}
    with pytest.raises(NotFoundError, match="no machine 'bird'"):
        await running.call(lambda client: client.post(f"/v1/machines/bird/{path}", body))


@pytest.mark.parametrize("body", [{}, {"kinds": "all"}, {"kinds": [], "force": True}])
async def test_prunes_that_make_no_sense(running: Running, body: Any) -> None:
    with pytest.raises(UsageError):
        await running.call(lambda client: client.post(f"{MACHINE}/prune", body))
    assert running.machine.prune.runs == []


async def test_work_keeps_a_machine_from_being_idle(running: Running) -> None:
    await running.call(lambda client: client.operate("POST", f"{MACHINE}/start", {}, lambda *_step: None))
    assert running.machine.uses == [0, 1, 0]
