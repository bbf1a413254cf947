"""Tests of app.cli.completion."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.commands.completion import SCRIPTS
from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import FakeService


def offered(linnet: Callable[..., Ended], *words: str) -> list[str]:
    return [line.partition("\t")[0] for line in linnet("__complete", *words).out.splitlines()]


@pytest.mark.parametrize("shell", sorted(SCRIPTS))
def test_scripts_are_valid(shell: str, linnet: Callable[..., Ended]) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    script = linnet("completion", shell).out
    subprocess.run([program, "-n"], input=script, text=True, check=True, timeout=20)


def test_bash_really_completes(service: FakeService, tmp_path: Path) -> None:
    program = tmp_path / "linnet"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m app.cli.main "$@"\n')
    program.chmod(0o755)
    (tmp_path / "a file").touch()
    script = (
        f"cd {tmp_path}; PATH={tmp_path}:$PATH; source <(linnet completion bash)\n"
        'try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _linnet; printf "%s|" "${COMPREPLY[@]}"; echo; }\n'
        "try linnet machine su; try linnet -m def; try linnet share add a; try linnet engine use ''\n"
    )
    ended = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert ended.stdout.splitlines() == ["suspend|", "|", "a file|", "podman|podman-rootful|docker|"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_really_completes(service: FakeService, tmp_path: Path) -> None:
    program = tmp_path / "linnet"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m app.cli.main "$@"\n')
    program.chmod(0o755)
    script = f"set -x PATH {tmp_path} $PATH; linnet completion fish | source; complete -C 'linnet machine su'"
    ended = subprocess.run(["fish", "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert ended.stdout.startswith("suspend\tWrite")


def test_first_words_are_linnets_and_the_engines(linnet: Callable[..., Ended], service: FakeService) -> None:
    found = offered(linnet, "")
    assert {"machine", "doctor", "run", "compose"} <= set(found)
    assert "__complete" not in found
    assert offered(linnet, "mach") == ["machine"]
    assert "--machine" in offered(linnet, "--")


def test_own_commands_options_and_values(linnet: Callable[..., Ended], service: FakeService) -> None:
    service.layout.machine("work").folder.mkdir(parents=True)
    assert offered(linnet, "machine", "st") == ["start", "status", "stop"]
    assert offered(linnet, "machine", "start", "") == ["work"]
    assert offered(linnet, "-m", "") == ["work"]
    assert offered(linnet, "engine", "use", "d") == ["docker"]
    assert offered(linnet, "machine", "logs", "--source", "s") == ["serial", "service"]
    assert "--follow" in offered(linnet, "machine", "logs", "--")
    assert offered(linnet, "config", "get", "ports.") == ["ports.address", "ports.services"]
    assert offered(linnet, "share", "remove", "") == ["/"]
    assert offered(linnet, "share", "add", "x") == [":file"]


def test_the_engine_is_asked_for_containers_but_never_started(
    linnet: Callable[..., Ended], service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ps").write_text("#!/bin/sh\necho web; echo db\n")
    (tmp_path / "ps").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert offered(linnet, "logs", "") == [":file", "web", "db"]
    service.machines["default"] = False
    assert offered(linnet, "logs", "") == [":file"]
    assert service.machines == {"default": False}


def test_removals_have_options_of_linnet(
    linnet: Callable[..., Ended], service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "--keep-as-volume" in offered(linnet, "rm", "--")
    assert "--no-trash" in offered(linnet, "volume", "rm", "--")
    assert offered(linnet, "rm", "") == [":file"]
    assert "--commit" not in offered(linnet, "--", "rm", "--")
    service.answers["GET /v1/machines/default/trash"] = [{"id": "1a2b3c4d", "name": "web"}]
    assert offered(linnet, "trash", "restore", "") == ["1a2b3c4d"]
    assert {"list", "show", "restore", "remove", "empty"} <= set(offered(linnet, "trash", ""))


def test_without_a_service_nothing_starts_and_nothing_fails(
    linnet: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LINNET_HOME", str(tmp_path))
    assert linnet("__complete", "logs", "").code == 0
    assert linnet("__complete", "share", "remove", "").err == ""
    assert not list(tmp_path.rglob("linnetd*"))
