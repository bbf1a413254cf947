"""Routes of snapshots and upgrades, and which guest images are needed for them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from app.service.routes import images
from tests.unit.app.service.conftest import Running
from tests.unit.app.service.fakes import FakeSnapshots
from tests.unit.vm.machine.samples import RUN, SUSPENDED
from vm.errors import NotFoundError, UsageError
from vm.layout import Layout
from vm.machine import record
from vm.machine.keeper import needed_images
from vm.machine.lastrun import LastRun
from vm.machine.snapshotstore import SnapshotStore

MACHINE = "/v1/machines/default"


async def test_list(running: Running) -> None:
    broken, first = await running.call(lambda client: client.get(f"{MACHINE}/snapshots"))
    assert (broken["name"], broken["problem"]) == ("broken", "It is damaged.")
    assert first["counts"] == {"engine": "podman", "images": 2, "containers": 0, "volumes": 1}
    assert (first["note"], first["memory"], first["problem"]) == ("before the move", 2**20, None)
    assert "settings" not in first


async def operate(running: Running, method: str, path: str, body: Any = None) -> Any:
    return await running.call(lambda client: client.operate(method, path, body, lambda *_step: None))


async def test_take_go_back_and_delete(running: Running) -> None:
    taken = await operate(running, "POST", f"{MACHINE}/snapshots", {"name": "first", "memory": True, "note": "x"})
    assert taken["name"] == "first"
    done = await operate(running, "POST", f"{MACHINE}/snapshots/a%20b/restore", {"disk_only": True})
    assert done == {"undo": "before-restore-1", "state": "running"}
    await operate(running, "DELETE", f"{MACHINE}/snapshots/broken")
    assert await operate(running, "POST", f"{MACHINE}/upgrade", {}) == {"image": "2026.12-9876543210"}
    assert await operate(running, "POST", f"{MACHINE}/upgrade", {"image": "2025.01-0"}) == {"image": "2025.01-0"}
    assert running.machine.snapshots.calls == [
        ("create", "first", True, "x"), ("restore", "a b", True), ("delete", "broken"),
        ("upgrade", None), ("upgrade", "2025.01-0"),
    ]  # fmt: skip
    assert running.machine.uses == [0, 1, 0, 1, 0, 1, 0, 1, 0]


async def test_unknown_names(running: Running) -> None:
    with pytest.raises(NotFoundError, match="no snapshot 'bird'"):
        await operate(running, "POST", f"{MACHINE}/snapshots/bird/restore", {})
    with pytest.raises(NotFoundError, match="no machine 'bird'"):
        await running.call(lambda client: client.get("/v1/machines/bird/snapshots"))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("snapshots", {"name": 1}),
        ("snapshots", {"memory": "yes"}),
        ("snapshots", {"colour": "red"}),
        ("snapshots/first/restore", {"force": True}),
        ("upgrade", {"image": 5}),
    ],
)
async def test_nonsense_is_refused(running: Running, path: str, body: Any) -> None:
    with pytest.raises(UsageError):
        await operate(running, "POST", f"{MACHINE}/{path}", body)
    assert running.machine.snapshots.calls == []


def test_images_that_are_needed(layout: Layout) -> None:
    files = layout.machine("default")
    assert needed_images(files) == set()
    store = SnapshotStore(files)
    store.save(msgspec.structs.replace(FakeSnapshots.RECORD, image="in a snapshot"))
    files.last_run.write_bytes(msgspec.json.encode(LastRun("ran last", "agent")))
    record.save(files.state, RUN)
    assert needed_images(files) == {"in a snapshot", "ran last", RUN.image}
    files.state.unlink()
    record.save(files.suspend_info, SUSPENDED)
    assert RUN.image in needed_images(files)
    used = images.users(layout)
    assert used["in a snapshot"] == used["ran last"] == ["default"]
    path = files.snapshot_info("first")
    path.write_text(json.dumps({"format": 9}))
    assert "in a snapshot" not in needed_images(files)
