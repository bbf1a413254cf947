"""Tests of app.cli.config."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.settings import app_config
from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import FakeService

Run = Callable[..., Ended]


@pytest.fixture
def file(service: FakeService) -> Path:
    path = service.layout.machine("default").config
    path.parent.mkdir(parents=True)
    path.write_text("# mine\ncpus: 1\n")
    service.answers["PATCH /v1/machines/default/settings"] = [
        {"operation": "1"},
        {"result": {"changed": ["cpus"], "restart_needed": ["cpus"]}},
    ]
    return path


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = tmp_path / "my editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{program}'")
    monkeypatch.setattr("sys.stdin", io.StringIO())


def test_get(linnet: Run, file: Path) -> None:
    assert linnet("config", "get", "cpus").out == "1\n"
    assert linnet("config", "get", "disk").out == "60GiB\n"
    assert linnet("config", "get", "autostart").out == "false\n"
    assert linnet("config", "get", "shares").out == "[]\n"
    assert linnet("config", "get", "log_level").out == "info\n"
    rows = {line.split()[0]: line.split()[-1] for line in linnet("config", "get").out.splitlines()}
    assert (rows["cpus"], rows["disk"]) == ("file", "default")
    assert json.loads(linnet("config", "get", "--json").out)["cpus"] == {"value": 1, "origin": "file"}
    assert "log_level" in linnet("config", "get", "--app").out
    for words in (["--json"], ["--app"], []):
        assert linnet("config", "list", *words) == linnet("config", "get", *words)
        assert linnet("config", "ls", *words) == linnet("config", "get", *words)


def test_get_of_an_unknown_setting(linnet: Run, file: Path) -> None:
    ended = linnet("config", "get", "memry")
    assert ended.code == 2
    assert "Did you mean 'memory'?" in ended.err


def test_set(linnet: Run, service: FakeService, file: Path) -> None:
    ended = linnet("config", "set", "cpus", "2", "--restart")
    assert service.asked("PATCH", "/v1/machines/default/settings") == [{"settings": {"cpus": "2"}, "restart": True}]
    assert "Changed: cpus." in ended.err
    service.answers["PATCH /v1/settings"] = {"changed": ["log_level"], "restart_needed": []}
    assert linnet("config", "set", "log_level", "debug").code == 0
    assert service.asked("PATCH", "/v1/settings") == [{"settings": {"log_level": "debug"}}]


def test_validate(linnet: Run, service: FakeService, file: Path, tmp_path: Path) -> None:
    assert linnet("config", "validate").code == 0
    file.write_text("cpus: 0\nmemroy: 1\n")
    ended = linnet("config", "validate")
    assert ended.code == 3
    assert ended.err.splitlines() == [
        "Error: line 1: cpus: 0 is too little; the least is 1.",
        "Warning: line 2: memroy: Unknown setting; it is ignored. Did you mean 'memory'?",
    ]
    assert json.loads(linnet("config", "validate", "--json").out)[0]["field"] == "cpus"
    file.write_text("cpus: [1,\n")
    assert "line 2" in linnet("config", "validate").err
    other = tmp_path / "other.yaml"
    other.write_text("cpus: 1\n")
    assert linnet("config", "validate", str(other)).code == 0
    assert linnet("config", "validate", str(tmp_path / "none.yaml")).code == 2


def test_edit(linnet: Run, service: FakeService, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(tmp_path, monkeypatch, 'echo "memory: 1GiB # new" >> "$1"')
    ended = linnet("config", "edit")
    assert ended.code == 0
    assert file.read_text() == "# mine\ncpus: 1\nmemory: 1GiB # new\n"
    assert "At the next start: cpus." in ended.err
    assert service.asked("PATCH", "/v1/machines/default/settings") == [{"settings": {}, "restart": False}]


@pytest.mark.parametrize(
    ("script", "code", "text"),
    [
        ('echo "cpus: 0" > "$1"', 3, "cpus: 0 is too little"),
        ('echo "cpus: [" > "$1"', 3, "line 2"),
        ("true", 0, "Nothing changed."),
        ("exit 1", 2, "ended with code 1"),
    ],
)
def test_a_bad_edit_changes_nothing(
    linnet: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: int, text: str
) -> None:
    editor(tmp_path, monkeypatch, script)
    ended = linnet("config", "edit")
    assert ended.code == code
    assert text in ended.err
    assert file.read_text() == "# mine\ncpus: 1\n"


def test_the_apps_own_file(linnet: Run, service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(tmp_path, monkeypatch, 'echo "log_level: debug" > "$1"')
    assert linnet("config", "edit", "--app").code == 0
    assert app_config(service.layout).log_level == "debug"
