"""`linnet snapshot` and `linnet machine upgrade` against recorded answers."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from app.cli.asking import ask
from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import STATUS, FakeService
from vm.errors import CancelledByUserError, UsageError

Run = Callable[..., Ended]
PATH = "/v1/machines/default/snapshots"

FIRST: dict[str, Any] = {
    "name": "first", "problem": None, "created": 1795278311.0, "kind": "manual", "note": "before the move",
    "machine_state": "running", "image": "2026.11-0123456789", "qemu_version": "10.0.2", "disk": 60 << 30,
    "memory": 228 << 20, "counts": {"engine": "podman", "images": 3, "containers": 1, "volumes": 0},
}  # fmt: skip
BROKEN = {
    **FIRST, "name": "broken", "problem": "Its record is damaged.", "created": 0.0, "machine_state": "", "image": "",
    "memory": 0, "counts": None, "note": "",
}  # fmt: skip
AUTOMATIC = {**FIRST, "name": "before-upgrade-1", "kind": "upgrade", "note": "", "memory": 0}


def test_list(linnet: Run, service: FakeService) -> None:
    service.answers[f"GET {PATH}"] = [BROKEN, AUTOMATIC, FIRST]
    head, broken, automatic, first = linnet("snapshot", "list").out.splitlines()
    assert head.split()[:3] == ["NAME", "TAKEN", "MACHINE"]
    assert broken.endswith("Its record is damaged.")
    assert automatic.endswith("before an upgrade")
    for part in ("2026-11-2", "228 MiB", "podman: 3 images, 1 container, 0 volumes", "before the move"):
        assert part in first
    assert json.loads(linnet("snapshot", "ls", "--json").out) == [BROKEN, AUTOMATIC, FIRST]
    assert linnet("snapshot", "list", "--machine", "other").code == 4


def long(result: Any) -> list[Any]:
    return [{"operation": "1"}, {"progress": {"text": "Working", "done": None, "total": None}}, {"result": result}]


def test_create(linnet: Run, service: FakeService) -> None:
    service.answers[f"POST {PATH}"] = long(FIRST)
    ended = linnet("snapshot", "create", "first", "--memory", "--note", "before the move")
    assert ended.code == 0
    assert "'first' of machine 'default' is taken (228 MiB of memory)" in ended.err
    linnet("snapshot", "create")
    assert service.asked("POST", PATH) == [
        {"name": "first", "memory": True, "note": "before the move"}, {"name": None, "memory": False, "note": ""},
    ]  # fmt: skip


def test_restore(linnet: Run, service: FakeService) -> None:
    service.answers[f"POST {PATH}/first/restore"] = long({"undo": "before-restore-1", "state": "running"})
    ended = linnet("snapshot", "restore", "first")
    assert ended.code == 2
    assert "no terminal to ask on" in ended.err
    assert service.asked("POST", f"{PATH}/first/restore") == []
    ended = linnet("snapshot", "restore", "first", "--disk-only", "--force")
    assert ended.code == 0
    assert "`linnet snapshot restore before-restore-1` undoes this" in ended.err
    assert service.asked("POST", f"{PATH}/first/restore") == [{"disk_only": True}]


def test_delete(linnet: Run, service: FakeService) -> None:
    service.answers[f"DELETE {PATH}/a%2Fb"] = long({})
    assert linnet("snapshot", "rm", "a/b").code == 2
    ended = linnet("snapshot", "rm", "a/b", "--force")
    assert ended.code == 0
    assert "is deleted" in ended.err


def test_errors_are_told(linnet: Run, service: FakeService) -> None:
    error = {"code": "not-found", "message": "There is no such snapshot.", "hint": "Snapshots: first.", "detail": None}
    service.answers[f"POST {PATH}/second/restore"] = (404, error)
    ended = linnet("snapshot", "restore", "second", "--force")
    assert ended.code == 4
    assert "Snapshots: first." in ended.err


def test_upgrade(linnet: Run, service: FakeService) -> None:
    path = "/v1/machines/default/upgrade"
    service.answers[f"POST {path}"] = long({"image": "2026.12-9876543210"})
    ended = linnet("machine", "upgrade")
    assert "runs with the guest image 2026.12-9876543210" in ended.err
    linnet("machine", "upgrade", "default", "--image", "2026.12-9876543210")
    assert service.asked("POST", path) == [{"image": None}, {"image": "2026.12-9876543210"}]


def test_status_tells_what_waits(linnet: Run, service: FakeService) -> None:
    service.answers["GET /v1/machines/default"] = {**STATUS, "upgrade": "2026.12-9"}
    assert "next start takes the guest image 2026.12-9" in linnet("machine", "status").out
    service.answers["GET /v1/machines/default"] = {**STATUS, "upgrade_refused": "2026.12-9: no engine"}
    assert "not tried by itself: 2026.12-9: no engine" in linnet("machine", "status").out


def test_names_are_completed(linnet: Run, service: FakeService) -> None:
    service.answers[f"GET {PATH}"] = [FIRST, AUTOMATIC]
    assert linnet("__complete", "snapshot", "restore", "").out.split() == ["first", "before-upgrade-1"]
    assert "--memory" in linnet("__complete", "snapshot", "create", "--").out
    service.answers["GET /v1/images"] = [{"version": "2026.12-9"}]
    assert "2026.12-9" in linnet("__complete", "machine", "upgrade", "--image", "").out


def test_asking(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    ask("It goes.", "Sure?", "It stays.", force=False)
    assert capsys.readouterr().err == "It goes.\nSure? [y/N] "
    monkeypatch.setattr("sys.stdin", Terminal("\n"))
    with pytest.raises(CancelledByUserError, match="It stays"):
        ask("It goes.", "Sure?", "It stays.", force=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(UsageError):
        ask("It goes.", "Sure?", "It stays.", force=False)
