"""`linnet limits` against recorded answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import FakeService

Run = Callable[..., Ended]
MACHINE = "/v1/machines/default"
WEB = f"{MACHINE}/containers/web/limits"
MIB = 1 << 20

NO_LIMITS = {"cpus": 0, "memory": 0, "swap": -1, "pids": 0, "io_weight": 20}
LIMITED: dict[str, Any] = {
    "id": "4f" * 32,
    "name": "web",
    "running": True,
    "limits": {"cpus": 1.5, "memory": 64 * MIB, "swap": 0, "pids": 100, "io_weight": 500},
    "described": {"cpus": 1.5, "memory": 64 * MIB, "swap": 0, "pids": 100, "io_weight": 500},
    "use": {
        "memory": 30 * MIB, "reclaimable": 10 * MIB, "swap": 0, "pids": 3, "cpu_usec": 5, "throttled_usec": 2_500_000,
        "oom_kills": 2, "pids_refused": 1,
    },
    "pressure": {
        "cpu": {"some": 12.5, "full": 0, "total": 1}, "memory": {"some": 1, "full": 0.5, "total": 1},
        "io": {"some": 0, "full": 0, "total": 0},
    },
    "room": {"cpus": 2, "memory": 2048 * MIB, "swap": 0, "io_weight": 100},
    "warnings": [],
}  # fmt: skip
STOPPED = {**LIMITED, "running": False, "use": None, "pressure": None}


def test_all_that_run(linnet: Run, service: FakeService) -> None:
    free = {**LIMITED, "name": "db", "limits": NO_LIMITS}
    service.answers[f"GET {MACHINE}/limits"] = [LIMITED, free]
    memory = {"total": 2048 * MIB, "used": 300 * MIB}
    service.answers[f"GET {MACHINE}/stats"] = {
        "guest": {"cpu": {"cpus": 2}, "memory": memory, "pressure": LIMITED["pressure"]}
    }
    lines = linnet("limits").out.splitlines()
    assert lines[0].split()[:3] == ["CONTAINER", "CPUS", "MEMORY"]
    assert lines[1].split("  ") != lines[2].split("  ")
    assert "db" in lines[1]
    assert "20 MiB / no limit" in lines[1]
    for part in ("1.5", "20 MiB / 64 MiB", "none", "3 / 100", "500", "12.5% 1% 0%"):
        assert part in lines[2]
    assert lines[2].endswith("2")
    for part in ("(the machine)", "300 MiB / 2 GiB", "12.5% 1% 0%"):
        assert part in lines[3]
    assert json.loads(linnet("limits", "--json").out) == [LIMITED, free]


def test_one(linnet: Run, service: FakeService) -> None:
    service.answers[f"GET {WEB}"] = LIMITED
    text = linnet("limits", "web").out
    for part in (
        "1.5; the machine has 2; held back for 2.5 s so far",
        "64 MiB; uses 20 MiB, 10 MiB more that it can give back; the kernel ended a process 2 times",
        "none; uses 0 B; this machine has no swap",
        "100; has 3; 1 could not be started",
        "500; 100 is usual",
        "CPU 12.5% (all at once 0%), memory 1% (all at once 0.5%), disk 0%",
    ):
        assert part in text
    assert json.loads(linnet("limits", "web", "--json").out) == LIMITED


def test_one_that_does_not_run(linnet: Run, service: FakeService) -> None:
    service.answers[f"GET {WEB}"] = STOPPED
    text = linnet("limits", "web").out
    assert "does not run" in text
    assert "64 MiB" in text


def test_changes(linnet: Run, service: FakeService) -> None:
    service.answers[f"PATCH {WEB}"] = {**LIMITED, "warnings": ["swap is off"]}
    ended = linnet(
        "limits", "web", "--cpus", "1.5", "--memory", "64m", "--swap", "0", "--pids", "100", "--io-weight", "500"
    )
    assert ended.code == 0
    assert "The engine says: swap is off" in ended.err
    assert "64 MiB; uses" in ended.out
    wanted = {"cpus": 1.5, "memory": 64 * MIB, "swap": 0, "pids": 100, "io_weight": 500, "force": False}
    assert service.asked("PATCH", WEB) == [wanted]


def test_no_limit(linnet: Run, service: FakeService) -> None:
    service.answers[f"PATCH {WEB}"] = LIMITED
    words = ["--cpus", "unlimited", "--memory", "unlimited", "--swap", "unlimited", "--pids", "unlimited", "--force"]
    assert linnet("limits", "web", *words, "--json").code == 0
    assert service.asked("PATCH", WEB) == [{"cpus": 0, "memory": 0, "swap": -1, "pids": 0, "force": True}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--memory", "64m"], "The container is missing."),
        (["--force"], "The container is missing."),
        (["web", "--force"], "--force goes with a limit"),
        (["web", "--memory", "much"], "--memory: 'much' is not a size"),
        (["web", "--memory", "0"], "--memory is more than 0, or unlimited"),
        (["web", "--cpus", "two"], "'two' is not a number"),
        (["web", "--cpus", "0"], "--cpus is more than 0"),
        (["web", "--cpus", "nan"], "--cpus"),
        (["web", "--cpus", "inf"], "--cpus"),
        (["web", "--cpus", "-1"], "--cpus"),
        (["web", "--pids", "1.5"], "'1.5' is not a number"),
        (["web", "--pids", "-5"], "--pids"),
        (["web", "--io-weight", "5"], "--io-weight is 10 to 1000; 5 is not"),
        (["web", "--io-weight", "unlimited"], "'unlimited' is not a number"),
    ],
)
def test_what_makes_no_sense_is_not_sent(linnet: Run, service: FakeService, words: list[str], said: str) -> None:
    ended = linnet("limits", *words)
    assert ended.code == 2
    assert said in ended.err
    assert not [one for one in service.requests if one[0] == "PATCH"]


def test_a_refusal_is_told(linnet: Run, service: FakeService) -> None:
    error = {"code": "conflict", "message": "Container 'web' holds 30 MiB.", "hint": "--force sets it.", "detail": None}
    service.answers[f"PATCH {WEB}"] = (409, error)
    ended = linnet("limits", "web", "--memory", "8m")
    assert ended.code != 0
    assert "holds 30 MiB" in ended.err
    assert "--force" in ended.err


def test_names_are_completed(
    linnet: Run, service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ps").write_text("#!/bin/sh\necho web; echo db\n")
    (tmp_path / "ps").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert linnet("__complete", "limits", "").out.split() == ["web", "db"]
    assert "--io-weight" in linnet("__complete", "limits", "web", "--").out
