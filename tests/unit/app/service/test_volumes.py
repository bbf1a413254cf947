"""Routes of volumes over a real socket, and backups that are made when they are due."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.core.client import Client
from app.service import backups as backups_module
from tests.unit.app.service.conftest import Running, until
from vm.errors import ConflictError, DiskFullError, LinnetError, NotFoundError, UsageError
from vm.progress import Progress, Reporter
from vm.volumes.backup import Backup

SNAPSHOT = {
    "volume": "data", "name": "s1", "engine": "podman", "created": 1.5, "size": 5, "files": 2, "labels": {"a": "b"},
    "driver": "local", "options": {}, "format": 1, "paused": ["web"], "paused_for": 0.3, "not_paused": [],
}  # fmt: skip
"""As the agent tells it."""

EXPORTED = {
    "name": "data", "engine": "podman", "path": "/backups/data.tar.zst", "file_size": 100, "sha256": "00", "size": 5,
    "files": 2, "paused": [], "paused_for": 0.0, "not_paused": [], "labels": {}, "created": 1.5,
}  # fmt: skip


class FakeVolumes:
    """Volumes in memory; `asked` is what was asked, in order."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.due: list[str] = []
        self.failure: LinnetError | None = None
        self.all: list[Backup] = []

    async def snapshots(self, volume: str | None = None) -> Sequence[Mapping[str, Any]]:
        if volume == "nope":
            raise NotFoundError("There is no volume 'nope' (podman).")
        return [SNAPSHOT]

    async def snapshot(self, volume: str, name: str | None, report: Reporter) -> Mapping[str, Any]:
        self.asked.append(("snapshot", volume, name))
        report(Progress("Pausing web"))
        if self.failure is not None:
            raise self.failure
        return SNAPSHOT

    async def remove_snapshot(self, volume: str, name: str) -> None:
        self.asked.append(("remove", volume, name))

    async def rollback(self, volume: str, snapshot: str, stop: bool, report: Reporter) -> Mapping[str, Any]:
        self.asked.append(("rollback", volume, snapshot, stop))
        return {"before": "before-rollback", "stopped": ["web"] if stop else []}

    async def clone(self, volume: str, name: str, snapshot: str | None, report: Reporter) -> Mapping[str, Any]:
        self.asked.append(("clone", volume, name, snapshot))
        return {**SNAPSHOT, "name": name}

    async def browse(self, volume: str, path: str, snapshot: str | None) -> Mapping[str, Any]:
        entry = {
            "name": "a",
            "kind": "file",
            "size": 1,
            "mode": 0o644,
            "uid": 0,
            "gid": 0,
            "modified": 1.0,
            "target": None,
        }
        return {"path": path, "entries": [entry], "more": 0}

    async def export(
        self, volume: str, path: Path, report: Reporter, *, snapshot: str | None = None, overwrite: bool = False
    ) -> Mapping[str, Any]:
        self.asked.append(("export", volume, str(path), snapshot, overwrite))
        return EXPORTED

    async def import_(self, path: Path, name: str | None, report: Reporter) -> Mapping[str, Any]:
        self.asked.append(("import", str(path), name))
        return {"name": name or "data", "engine": "podman", "size": 5, "files": 2}

    def backups(self) -> Sequence[Backup]:
        return self.all

    async def add_backup(self, volume: str, every: float, keep: int, folder: str | None) -> Backup:
        self.all.append(Backup(volume=volume, engine="podman", every=every, keep=keep, folder=folder or "/own"))
        self.due.append(volume)
        return self.all[-1]

    def remove_backup(self, volume: str) -> Backup:
        return self.all.pop()

    def due_backups(self) -> Sequence[str]:
        due, self.due = self.due, []
        return due

    async def back_up(self, volume: str, report: Reporter) -> Mapping[str, Any]:
        self.asked.append(("back up", volume))
        if self.failure is not None:
            raise self.failure
        return {**EXPORTED, "deleted": ["/backups/old"]}


@pytest.fixture
async def volumes(running: Running) -> FakeVolumes:
    made = FakeVolumes()
    running.machine.volumes = made  # type: ignore[attr-defined]
    return made


PATH = "/v1/machines/default"


async def operate(running: Running, method: str, path: str, body: Any = None) -> Any:
    return await running.call(lambda client: client.operate(method, f"{PATH}{path}", body))


async def test_everything_reaches_the_machine(running: Running, volumes: FakeVolumes) -> None:
    taken = await operate(running, "POST", "/volumes/data/snapshots", {"name": "s1"})
    assert (taken["name"], taken["paused"], taken["paused_for"]) == ("s1", ["web"], 0.3)
    assert (await operate(running, "POST", "/volumes/data/clone", {"name": "new"}))["name"] == "new"
    back = await operate(running, "POST", "/volumes/data/rollback", {"snapshot": "s1", "stop": True})
    assert back == {"before": "before-rollback", "stopped": ["web"]}
    assert await operate(running, "DELETE", "/volumes/data/snapshots/s1") == {}
    done = await operate(running, "POST", "/volumes/data/export", {"path": "/backups"})
    assert done["sha256"] == "00"
    assert (await operate(running, "POST", "/volumes", {"path": "/f", "name": "x"}))["name"] == "x"
    assert volumes.asked == [
        ("snapshot", "data", "s1"),
        ("clone", "data", "new", None),
        ("rollback", "data", "s1", True),
        ("remove", "data", "s1"),
        ("export", "data", "/backups", None, False),
        ("import", "/f", "x"),
    ]


async def test_lists_and_files(running: Running, volumes: FakeVolumes) -> None:
    def ask(client: Client) -> tuple[Any, Any, Any]:
        one = client.get(f"{PATH}/volumes/data/snapshots")
        return one, client.get(f"{PATH}/volume-snapshots"), client.get(f"{PATH}/volumes/data/files?path=/sub")

    one, all_of_them, files = await running.call(ask)
    assert one == all_of_them
    assert one[0]["name"] == "s1"
    assert files["path"] == "/sub"
    assert files["entries"][0]["kind"] == "file"
    with pytest.raises(NotFoundError, match="no volume 'nope'"):
        await running.call(lambda client: client.get(f"{PATH}/volumes/nope/snapshots"))


async def test_refusals_keep_their_kind(running: Running, volumes: FakeVolumes) -> None:
    for failure in (ConflictError("Volume 'data' is busy: it is being exported."), DiskFullError("no room")):
        volumes.failure = failure
        with pytest.raises(type(failure), match=failure.message):
            await operate(running, "POST", "/volumes/data/snapshots", {})
    for path in ("relative", ""):
        with pytest.raises(UsageError, match="absolute"):
            await operate(running, "POST", "/volumes/data/export", {"path": path})
        with pytest.raises(UsageError, match="absolute"):
            await operate(running, "POST", "/volumes", {"path": path})


async def test_a_new_backup_is_made_at_once_and_listed(running: Running, volumes: FakeVolumes) -> None:
    body = {"volume": "data", "every": 3600, "keep": 3}
    made = await running.call(lambda client: client.post(f"{PATH}/backups", body))
    assert (made["volume"], made["next"], made["folder"]) == ("data", None, "/own")
    await until(lambda: volumes.asked)
    assert volumes.asked == [("back up", "data")]
    assert [one["keep"] for one in await running.call(lambda client: client.get(f"{PATH}/backups"))] == [3]
    await running.call(lambda client: client.delete(f"{PATH}/backups/data"))
    assert await running.call(lambda client: client.get(f"{PATH}/backups")) == []


async def test_a_backup_by_hand(running: Running, volumes: FakeVolumes) -> None:
    done = await operate(running, "POST", "/backups/data/run")
    assert done["deleted"] == ["/backups/old"]
    volumes.failure = DiskFullError("no room")
    with pytest.raises(DiskFullError):
        await operate(running, "POST", "/backups/data/run")


async def test_a_failed_backup_does_not_end_the_others(
    running: Running, volumes: FakeVolumes, monkeypatch: pytest.MonkeyPatch
) -> None:
    volumes.failure = DiskFullError("no room")
    volumes.due = ["a", "b"]
    running.service.backups.look()
    await until(lambda: len(volumes.asked) == 2)
    operations = running.service.operations.list()
    await until(lambda: all(one.ended_at for one in operations))
    assert [one.title for one in operations] == ["backup of volume a", "backup of volume b"]
    assert operations[0].state == "failed"


async def test_what_was_missed_is_made_up_for_after_a_start(
    running: Running, volumes: FakeVolumes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups_module, "SETTLE", 0.05)
    volumes.due = ["data"]
    running.machine.emit("state", state="starting")
    await asyncio.sleep(0.1)
    assert volumes.asked == []
    running.machine.emit("state", state="running")
    await until(lambda: volumes.asked)
    assert volumes.asked == [("back up", "data")]
