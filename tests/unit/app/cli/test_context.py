"""Tests of app.cli.context."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import STATUS, FakeService

Run = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    return tmp_path / "docker"


def meta(folder: Path, name: str) -> Path:
    return folder / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest() / "meta.json"


def test_a_context_is_written_and_the_current_one_kept(linnet: Run, service: FakeService, folder: Path) -> None:
    folder.mkdir()
    (folder / "config.json").write_text('{"currentContext": "mine", "auths": {"r": {}}}')
    assert linnet("context").code == 0
    written = json.loads(meta(folder, "linnet").read_text())
    assert written["Name"] == "linnet"
    assert written["Endpoints"]["docker"]["Host"] == f"unix://{STATUS['docker_socket']}"
    assert json.loads((folder / "config.json").read_text())["currentContext"] == "mine"
    assert linnet("context", "--use").code == 0
    assert json.loads((folder / "config.json").read_text()) == {"currentContext": "linnet", "auths": {"r": {}}}
    assert linnet("context", "--remove").code == 0
    assert not meta(folder, "linnet").parent.exists()
    assert json.loads((folder / "config.json").read_text()) == {"auths": {"r": {}}}


def test_other_machines_have_contexts_of_their_own(linnet: Run, service: FakeService, folder: Path) -> None:
    service.machines["work"] = True
    assert linnet("-m", "work", "context").code == 0
    assert meta(folder, "linnet-work").exists()


def test_a_foreign_context_is_left_alone(linnet: Run, service: FakeService, folder: Path) -> None:
    path = meta(folder, "linnet")
    path.parent.mkdir(parents=True)
    for content in ('{"Name": "linnet", "Metadata": {"Description": "x"}, "Endpoints": {}}', "broken"):
        path.write_text(content)
        for words in (["context"], ["context", "--remove"]):
            ended = linnet(*words)
            assert ended.code == 5
            assert "docker context rm linnet" in ended.err
        assert path.read_text() == content


def test_broken_docker_settings_are_left_alone(linnet: Run, service: FakeService, folder: Path) -> None:
    folder.mkdir()
    (folder / "config.json").write_text("{broken")
    assert linnet("context", "--use").code == 3
    assert (folder / "config.json").read_text() == "{broken"


@pytest.mark.skipif(shutil.which("docker") is None, reason="needs the docker CLI")
def test_docker_itself_reads_the_context(linnet: Run, service: FakeService, folder: Path) -> None:
    linnet("context")
    listed = subprocess.run(
        ["docker", "context", "inspect", "linnet"], capture_output=True, text=True, check=True, timeout=20
    )
    assert json.loads(listed.stdout)[0]["Endpoints"]["docker"]["Host"] == f"unix://{STATUS['docker_socket']}"
