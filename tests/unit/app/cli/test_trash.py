"""`linnet trash` against recorded answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.cli import capture
from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import FakeService

Run = Callable[..., Ended]
MACHINE = "/v1/machines/default"

WEB: dict[str, Any] = {
    "id": "1a2b3c4d", "kind": "container", "name": "web", "engine": "podman", "removed_at": 1000.0, "size": 8192,
    "bytes": 300_000, "files": 1, "paths": [{"path": "/srv/notes", "bytes": 300_000}], "pending": False,
    "image": "hello", "labels": {}, "until": 605800.0,
    "volumes": [{"name": "a" * 64, "bytes": 5, "destination": "/anon", "paths": [{"path": "/file", "bytes": 5}]}],
}  # fmt: skip
DATA: dict[str, Any] = {**WEB, "id": "5e6f7a8b", "kind": "volume", "name": "data", "volumes": [], "image": ""}


@pytest.fixture
def trash(service: FakeService) -> FakeService:
    service.answers[f"GET {MACHINE}/trash"] = [WEB, DATA]
    service.answers[f"GET {MACHINE}/trash/web"] = WEB
    service.answers[f"GET {MACHINE}/trash/data"] = DATA
    back = {"kind": "container", "id": "c0" * 32, "name": "web", "notes": ["web is not in its pod any more."]}
    service.answers[f"POST {MACHINE}/trash/1a2b3c4d/restore"] = done(back)
    service.answers[f"POST {MACHINE}/trash/5e6f7a8b/restore"] = done({**back, "kind": "volume", "name": "data"})
    service.answers[f"DELETE {MACHINE}/trash/web"] = done({"removed": ["1a2b3c4d"], "freed": 8192})
    service.answers[f"DELETE {MACHINE}/trash"] = done({"removed": ["1a2b3c4d", "5e6f7a8b"], "freed": 16384})
    return service


def done(result: Any) -> list[Any]:
    return [{"operation": "1"}, {"result": result}]


def test_list(linnet: Run, trash: FakeService) -> None:
    lines = linnet("trash", "list").out.splitlines()
    assert lines[0].split() == ["ID", "KIND", "NAME", "HELD", "REMOVED", "GOES", "ENGINE"]
    assert lines[1].split()[:5] == ["1a2b3c4d", "container", "web", "293", "KiB"]
    assert json.loads(linnet("trash", "ls", "--json").out) == [WEB, DATA]


def test_show(linnet: Run, trash: FakeService) -> None:
    text = linnet("trash", "show", "web").out
    for part in ("1a2b3c4d", "/srv/notes", "At /anon 5 B", "/file", "hello"):
        assert part in text
    assert json.loads(linnet("trash", "show", "web", "--json").out) == WEB


def test_restore_brings_volumes_first(linnet: Run, trash: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(capture, "lines", lambda _session, argv: started.append(argv))
    ended = linnet("trash", "restore", "web", "data", "--start")
    assert (ended.code, ended.out) == (0, "data\nweb\n")
    assert "not in its pod" in ended.err
    assert started == [["start", "web"]]


def test_restore_under_another_name(linnet: Run, trash: FakeService) -> None:
    assert linnet("trash", "restore", "web", "--name", "web2").code == 0
    assert trash.asked("POST", f"{MACHINE}/trash/1a2b3c4d/restore") == [{"name": "web2"}]
    assert linnet("trash", "restore", "web", "data", "--name", "web2").code == 2


def test_what_cannot_be_restored(linnet: Run, trash: FakeService) -> None:
    error = {"code": "conflict", "message": "There is a container web already.", "hint": None, "detail": None}
    trash.answers[f"POST {MACHINE}/trash/1a2b3c4d/restore"] = [{"operation": "1"}, {"error": error}]
    assert linnet("trash", "restore", "web").code == 5
    both = linnet("trash", "restore", "web", "data")
    assert (both.code, both.out) == (1, "data\n")
    missing = {"code": "not-found", "message": "There is no 'bird' in the trash.", "hint": None, "detail": None}
    trash.answers[f"GET {MACHINE}/trash/bird"] = (404, missing)
    assert linnet("trash", "restore", "bird", "data").code == 4


def test_remove_and_empty(linnet: Run, trash: FakeService) -> None:
    assert "up to 8 KiB" in linnet("trash", "rm", "web").err
    refused = linnet("trash", "empty")
    assert (refused.code, trash.asked("DELETE", f"{MACHINE}/trash")) == (2, [])
    assert "up to 16 KiB" in linnet("trash", "empty", "--force").err
    trash.answers[f"GET {MACHINE}/trash"] = []
    assert linnet("trash", "empty").err == "The trash is empty.\n"
