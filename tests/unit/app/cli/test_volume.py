"""`linnet volume …`: Linnet's own words against recorded answers, and the engine's words left to the engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import is_own
from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import FakeService

Run = Callable[..., Ended]
MACHINE = "/v1/machines/default"
DATA = f"{MACHINE}/volumes/data"

SNAPSHOT: dict[str, Any] = {
    "volume": "data", "name": "s1", "engine": "podman", "created": 1.5e9, "size": 5000, "files": 2, "labels": {},
    "note": None, "paused": ["web"], "paused_for": 0.31, "not_paused": ["db: it cannot be"],
}  # fmt: skip

MADE = {
    "name": "new", "engine": "podman", "size": 5000, "files": 1, "paused": [], "paused_for": 0.0, "not_paused": []
}  # fmt: skip

EXPORTED = {**MADE, "name": "data", "path": "/out/data.tar.zst", "file_size": 1024, "sha256": "00", "deleted": ["/old"]}

BACKUP: dict[str, Any] = {
    "volume": "data", "engine": "podman", "every": 86400.0, "keep": 7, "folder": "/b", "last": None, "next": None,
    "error": None, "files": ["/b/one"],
}  # fmt: skip


def done(result: Any) -> list[Any]:
    return [{"operation": "1"}, {"progress": {"text": "Copying", "done": None, "total": None}}, {"result": result}]


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("volume clone a b", True),
        ("volume snapshot a", True),
        ("volume backup add a", True),
        ("volume export a f", True),
        ("volume", True),
        ("volume --help", True),
        ("volume ls", False),
        ("volume create a", False),
        ("volume rm a", False),
        ("volume prune", False),
    ],
)
def test_which_words_are_linnets_own(command: str, own: bool) -> None:
    assert is_own(command.split()) is own


def test_a_snapshot_says_what_was_paused(linnet: Run, service: FakeService) -> None:
    service.answers[f"POST {DATA}/snapshots"] = done(SNAPSHOT)
    ended = linnet("volume", "snapshot", "data", "s1")
    assert ended.code == 0
    assert ended.out == ""
    assert "Paused web for 0.3 s." in ended.err
    assert "Not paused, so what it was writing may be there by halves: db: it cannot be" in ended.err
    assert "Snapshot s1 of volume data is taken: 2 files, 4.9 KiB." in ended.err
    assert service.asked("POST", f"{DATA}/snapshots") == [{"name": "s1"}]
    assert json.loads(linnet("volume", "snapshot", "data", "--json").out)["paused_for"] == 0.31


def test_snapshots_are_listed_and_removed(linnet: Run, service: FakeService) -> None:
    service.answers[f"GET {DATA}/snapshots"] = [SNAPSHOT]
    service.answers[f"GET {MACHINE}/volume-snapshots"] = [SNAPSHOT, {**SNAPSHOT, "volume": "other"}]
    service.answers[f"DELETE {DATA}/snapshots/s1"] = done({})
    assert linnet("volume", "snapshots", "data").out.splitlines()[1].split()[:2] == ["data", "s1"]
    assert "other" in linnet("volume", "snapshots").out
    assert len(json.loads(linnet("volume", "snapshots", "--json").out)) == 2
    assert "is deleted" in linnet("volume", "snapshot", "rm", "data", "s1").err
    assert service.asked("DELETE", f"{DATA}/snapshots/s1") == [None]


def test_rollback_says_how_to_undo_it(linnet: Run, service: FakeService) -> None:
    service.answers[f"POST {DATA}/rollback"] = done({"before": "before-1", "stopped": ["web"]})
    ended = linnet("volume", "rollback", "data", "s1", "--stop")
    assert "Stopped and started again: web." in ended.err
    assert "`linnet volume rollback data before-1`" in ended.err
    assert service.asked("POST", f"{DATA}/rollback") == [{"snapshot": "s1", "stop": True}]


def test_refusals_have_their_exit_codes(linnet: Run, service: FakeService) -> None:
    busy = {"code": "conflict", "message": "Volume 'data' is in use by web.", "hint": None, "detail": None}
    service.answers[f"POST {DATA}/rollback"] = [{"operation": "1"}, {"error": busy}]
    ended = linnet("volume", "rollback", "data", "s1")
    assert (ended.code, ended.out) == (5, "")
    assert "in use by web" in ended.err


def test_export_and_import_know_where_files_are(
    linnet: Run, service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    service.answers[f"POST {DATA}/export"] = done(EXPORTED)
    service.answers[f"POST {MACHINE}/volumes"] = done(MADE)
    assert "/out/data.tar.zst is written: 1 KiB, 1 file, 4.9 KiB." in linnet("volume", "export", "data", "out").err
    assert service.asked("POST", f"{DATA}/export") == [
        {"path": str(tmp_path / "out"), "snapshot": None, "overwrite": False}
    ]
    assert "Volume new is made" in linnet("volume", "import", "data.tar.zst", "new").err
    assert service.asked("POST", f"{MACHINE}/volumes") == [{"path": str(tmp_path / "data.tar.zst"), "name": "new"}]


def test_clone(linnet: Run, service: FakeService) -> None:
    service.answers[f"POST {DATA}/clone"] = done(MADE)
    assert "Volume new is made: 1 file, 4.9 KiB." in linnet("volume", "clone", "data", "new", "--snapshot", "s1").err
    assert service.asked("POST", f"{DATA}/clone") == [{"name": "new", "snapshot": "s1"}]


def test_browse(linnet: Run, service: FakeService) -> None:
    entry = {"name": "a", "kind": "file", "size": 5000, "mode": 0o4755, "uid": 1, "gid": 2, "modified": 1.5e9}
    link = {**entry, "name": "l", "kind": "link", "target": "/etc"}
    service.answers[f"GET {DATA}/files"] = {"path": "/s", "entries": [entry, link], "more": 3}
    ended = linnet("volume", "browse", "data", "/s", "--snapshot", "s1")
    assert ended.out.splitlines()[1].split()[:5] == ["-rwsr-xr-x", "1", "2", "4.9", "KiB"]
    assert "l -> /etc" in ended.out
    assert "3 more are not listed" in ended.err
    assert any(path == f"{DATA}/files?path=%2Fs&snapshot=s1" for _method, path, _body in service.requests)


def test_backups(linnet: Run, service: FakeService, tmp_path: Path) -> None:
    service.answers[f"POST {MACHINE}/backups"] = BACKUP
    service.answers[f"GET {MACHINE}/backups"] = [BACKUP, {**BACKUP, "volume": "db", "error": "no room", "last": 1.5e9}]
    service.answers[f"POST {MACHINE}/backups/data/run"] = done(EXPORTED)
    service.answers[f"DELETE {MACHINE}/backups/data"] = BACKUP
    said = linnet("volume", "backup", "add", "data", "--every", "1d", "--keep", "7", "--folder", str(tmp_path)).err
    assert "backed up every 1d into /b; 7 are kept" in said
    body = {"volume": "data", "every": 86400.0, "keep": 7, "folder": str(tmp_path)}
    assert service.asked("POST", f"{MACHINE}/backups") == [body]
    lines = linnet("volume", "backup", "list").out.splitlines()
    assert lines[1].split()[:6] == ["data", "podman", "1d", "1", "of", "7"]
    assert "no room" in lines[2]
    assert "Deleted: /old." in linnet("volume", "backup", "run", "data").err
    assert "stays in /b" in linnet("volume", "backup", "remove", "data").err


@pytest.mark.parametrize("every", ["often", "-1", "", "1 fortnight"])
def test_times_that_are_none(linnet: Run, service: FakeService, every: str) -> None:
    ended = linnet("volume", "backup", "add", "data", f"--every={every}")
    assert ended.code == 2
    assert service.asked("POST", f"{MACHINE}/backups") == []


def test_help_and_slips(linnet: Run, service: FakeService) -> None:
    ended = linnet("volume")
    assert ended.code == 2
    assert "volume backup add" in ended.out
    assert "`linnet -- volume …` reaches all of it" in ended.out
    ended = linnet("volume", "backup", "--help")
    assert ended.code == 0
    assert "volume backup run" in ended.out
    assert "volume clone" not in ended.out
    assert "volume backup remove" in linnet("help", "volume", "backup").out
    ended = linnet("volume", "snapshto", "data")
    assert ended.code == 2
    assert "Did you mean 'linnet volume snapshot'" in ended.err
    ended = linnet("volume", "backup", "ad", "data")
    assert ended.code == 2
    assert "no command" in ended.err


def test_completion(linnet: Run, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.complete._ask", lambda _session, argv: iter(["data"] if argv[0] == "volume" else []))

    def offered(*words: str) -> list[str]:
        return [line.partition("\t")[0] for line in linnet("__complete", *words).out.splitlines()]

    assert {"clone", "snapshot", "backup", "browse"} <= set(offered("volume", ""))
    assert offered("volume", "backup", "") == ["add", "list", "remove", "run"]
    assert offered("volume", "clone", "") == ["data"]
    assert "data" in offered("volume", "rm", "")
    assert "rm" in offered("volume", "snapshot", "r")
    service.answers[f"GET {MACHINE}/volume-snapshots"] = [SNAPSHOT]
    assert offered("volume", "rollback", "data", "") == ["s1"]
    assert "--snapshot" in offered("volume", "export", "data", "-")
