"""Commands that remove, with a machine whose answers are recorded; the engine's part is written down, not done."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli import capture, passthrough
from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import FakeService
from vm.errors import GuestError

Run = Callable[..., Ended]
MACHINE = "/v1/machines/default"
ID = "4f" * 32

WEB: dict[str, Any] = {
    "id": ID, "name": "web", "image": "hello", "running": False, "auto_remove": False, "pod": "", "bytes": 300_007,
    "files": 2, "deleted": 1, "complete": True, "labels": {"com.docker.compose.project": "shop"},
    "paths": [{"path": "/srv/app/zero", "bytes": 300_000}, {"path": "/srv/notes", "bytes": 7}],
    "volumes": [{"name": "a" * 64, "bytes": 5, "files": 1, "complete": True, "destination": "/anon", "anonymous": True,
                 "driver": "local", "labels": {}, "paths": [{"path": "/file", "bytes": 5}]}],
}  # fmt: skip
DATA: dict[str, Any] = {
    "name": "data", "bytes": 4096, "files": 1, "complete": False, "paths": [{"path": "/db", "bytes": 4096}],
    "destination": "", "anonymous": False, "driver": "local", "labels": {},
}  # fmt: skip
KEPT: dict[str, Any] = {"id": "1a2b3c4d", "name": "web"}


class Engine:
    """What the engine was asked to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[list[str]] = []
        self.asked: list[list[str]] = []
        self.answers: dict[str, list[str]] = {}
        self.unknown: list[str] = []
        self.code = 0
        monkeypatch.setattr(passthrough, "run_engine", self.run)
        monkeypatch.setattr(capture, "lines", self.lines)

    def run(self, _session: object, argv: list[str]) -> int:
        self.done.append(list(argv))
        return self.code

    def lines(self, _session: object, argv: list[str], *_: object) -> list[str]:
        self.asked.append(list(argv))
        if argv[0] == "commit" and argv[2] == "bad":
            raise GuestError("The engine refused `commit web`: bad name")
        if any(one in argv for one in self.unknown):
            raise GuestError("The engine refused `ps -aq`: unknown container state: dead.")
        return next((answer for words, answer in self.answers.items() if " ".join(argv).startswith(words)), [])


@pytest.fixture
def engine(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> Engine:
    losses(service)
    service.answers[f"POST {MACHINE}/trash"] = done({"kept": [KEPT], "days": 7})
    service.answers[f"POST {MACHINE}/trash-settle"] = {"kept": [KEPT], "days": 0}
    service.answers[f"GET {MACHINE}/engines"] = [{"kind": "docker", "active": True}]
    return Engine(monkeypatch)


def losses(service: FakeService, *, containers: Any = (WEB,), volumes: Any = (), days: float = 7) -> None:
    found = {"engine": "podman", "containers": list(containers), "volumes": list(volumes), "days": days}
    service.answers[f"POST {MACHINE}/losses"] = found


def done(result: Any) -> list[Any]:
    return [{"operation": "1"}, {"result": result}]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has somebody sit there who answers."""

    def sit(answer: str) -> None:
        class Keyboard(io.StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.setattr(sys, "stdin", Keyboard(answer))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    return sit


def test_without_a_terminal_it_is_kept_and_said(linnet: Run, service: FakeService, engine: Engine) -> None:
    ended = linnet("rm", "web")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "web is kept in the trash for 7 days: linnet trash restore 1a2b3c4d\n"
    assert engine.done == [["rm", "web"]]
    assert service.asked("POST", f"{MACHINE}/losses") == [{"containers": ["web"], "volumes": []}]
    assert service.asked("POST", f"{MACHINE}/trash") == [
        {"containers": [ID], "volumes": [], "stop": "", "timeout": None}
    ]
    assert service.asked("POST", f"{MACHINE}/trash-settle") == [{"ids": ["1a2b3c4d"]}]


def test_what_runs_is_left_to_the_engine_unless_forced(linnet: Run, service: FakeService, engine: Engine) -> None:
    losses(service, containers=[{**WEB, "running": True}])
    assert linnet("rm", "web").err == ""
    assert service.asked("POST", f"{MACHINE}/trash") == []
    assert "kept in the trash" in linnet("rm", "-ft", "3", "web").err
    assert service.asked("POST", f"{MACHINE}/trash") == [
        {"containers": [ID], "volumes": [], "stop": "force", "timeout": 3}
    ]


def test_nothing_to_lose_goes_without_a_word(linnet: Run, service: FakeService, engine: Engine) -> None:
    for harmless in ({**WEB, "auto_remove": True}, {**WEB, "bytes": 0, "volumes": []}, {**WEB, "bytes": 0}):
        losses(service, containers=[harmless])
        assert linnet("rm", "web").err == ""
    assert engine.done == [["rm", "web"]] * 3
    assert service.asked("POST", f"{MACHINE}/trash") == []


def test_on_a_terminal_it_is_told_and_asked(
    linnet: Run, service: FakeService, engine: Engine, terminal: Callable[[str], None]
) -> None:
    terminal("n\n")
    ended = linnet("rm", "-v", "web")
    assert ended.code == 130
    assert engine.done == []
    assert service.asked("POST", f"{MACHINE}/trash") == []
    for line in ("web holds 293 KiB outside of volumes:", "/srv/app/zero", "/anon/file", "for 7 days.", "--commit"):
        assert line in ended.err
    terminal("y\n")
    assert linnet("rm", "-v", "web").code == 0
    assert engine.done == [["rm", "-v", "web"]]
    terminal("")
    assert linnet("rm", "-f", "web").code == 0
    assert linnet("rm", "--yes", "web").code == 0


def test_without_the_trash_that_is_said(
    linnet: Run, service: FakeService, engine: Engine, terminal: Callable[[str], None]
) -> None:
    terminal("y\ny\n")
    assert "Nothing can bring it back." in linnet("rm", "--no-trash", "web").err
    losses(service, days=0)
    assert "Nothing can bring it back." in linnet("rm", "web").err
    assert service.asked("POST", f"{MACHINE}/trash") == []
    assert engine.done == [["rm", "web"], ["rm", "web"]]


def test_a_full_disk_removes_nothing(linnet: Run, service: FakeService, engine: Engine) -> None:
    error = {"code": "disk-full", "message": "The data disk is full.", "hint": "`--no-trash` …", "detail": None}
    service.answers[f"POST {MACHINE}/trash"] = [{"operation": "1"}, {"error": error}]
    ended = linnet("rm", "web")
    assert ended.code == 125
    assert "--no-trash" in ended.err
    assert engine.done == []


def test_what_is_damaged_can_still_be_removed(
    linnet: Run, service: FakeService, engine: Engine, terminal: Callable[[str], None]
) -> None:
    service.answers[f"POST {MACHINE}/losses"] = (502, GuestError("The engine refused: no layer.").to_dict())
    terminal("n\n")
    assert linnet("rm", "web").code == 130
    ended = linnet("rm", "-f", "web")
    assert ended.code == 0
    assert "cannot be looked at, and is not kept: The engine refused: no layer." in ended.err
    assert engine.done == [["rm", "-f", "web"]]


def test_the_engines_refusal_is_its_own(linnet: Run, service: FakeService, engine: Engine) -> None:
    engine.code = 2
    service.answers[f"POST {MACHINE}/trash-settle"] = {"kept": [], "days": 0}
    ended = linnet("rm", "web")
    assert (ended.code, ended.err) == (2, "")


def test_volumes(linnet: Run, service: FakeService, engine: Engine, terminal: Callable[[str], None]) -> None:
    losses(service, containers=[], volumes=[DATA])
    terminal("y\n")
    ended = linnet("volume", "rm", "data")
    assert "data holds at least 4 KiB in the volume:" in ended.err
    assert service.asked("POST", f"{MACHINE}/trash")[0]["volumes"] == ["data"]
    engine.answers["volume ls"] = ["data", "b" * 64]
    terminal("y\n")
    linnet("volume", "prune", "--filter", "label=x", "--filter", "until=3h")
    assert engine.asked[-1] == ["volume", "ls", "-q", "--filter=dangling=true", "--filter=label=x"]
    assert service.asked("POST", f"{MACHINE}/losses")[-1]["volumes"] == ["b" * 64]
    assert engine.done[-1][-1] == "--force"


def test_prunes_look_at_what_has_ended(linnet: Run, service: FakeService, engine: Engine) -> None:
    engine.answers["ps -aq"] = [ID]
    engine.answers["volume ls"] = ["b" * 64]
    linnet("container", "prune", "-f")
    linnet("system", "prune", "--volumes", "-f")
    asked = service.asked("POST", f"{MACHINE}/losses")
    assert asked == [{"containers": [ID], "volumes": []}, {"containers": [ID], "volumes": ["b" * 64]}]
    assert engine.done == [["container", "prune", "-f"], ["system", "prune", "--volumes", "-f"]]


def test_projects_and_pods_stop_in_their_own_order(
    linnet: Run, service: FakeService, engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    losses(service, containers=[{**WEB, "running": True}])
    engine.answers["compose -p shop ps"] = [ID]
    engine.answers["volume ls"] = ["shop_data"]
    assert "kept" in linnet("compose", "-p", "shop", "down", "-v", "-t", "3").err
    assert engine.done == [
        ["compose", "-p", "shop", "stop", "--timeout", "3"],
        ["compose", "-p", "shop", "down", "-v", "-t", "3"],
    ]
    assert engine.asked[-1] == ["volume", "ls", "-q", "--filter=label=com.docker.compose.project=shop"]
    assert service.asked("POST", f"{MACHINE}/trash")[0]["containers"] == [ID]
    engine.done.clear()
    engine.answers["ps -aq --no-trunc --filter=pod=box"] = [ID]
    linnet("pod", "rm", "-f", "box")
    assert engine.done == [["pod", "stop", "box"], ["pod", "rm", "-f", "box"]]
    engine.done.clear()
    linnet("compose", "-p", "shop", "rm", "-fs", "web")
    assert engine.done == [["compose", "-p", "shop", "stop", "web"], ["compose", "-p", "shop", "rm", "-fs", "web"]]
    engine.done.clear()
    assert "kept" not in linnet("compose", "-p", "shop", "rm", "-f").err
    assert engine.done == [["compose", "-p", "shop", "rm", "-f"]]


def test_it_is_kept_elsewhere(
    linnet: Run, service: FakeService, engine: Engine, terminal: Callable[[str], None], tmp_path: Path
) -> None:
    service.answers[f"POST {MACHINE}/save-volume"] = done({"name": "srv"})
    terminal("")
    ended = linnet("rm", "web", "--commit", "web:kept", "--keep-as-volume", "/srv=srv", "--keep-as-volume", "anon")
    assert ended.code == 0
    assert engine.asked == [["commit", "web", "web:kept"]]
    assert service.asked("POST", f"{MACHINE}/save-volume") == [
        {"container": "web", "source": "/srv", "name": "srv"},
        {"container": "web", "source": "/anon", "name": "anon"},
    ]
    assert engine.done == [["rm", "web"]]
    assert "kept in the trash" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["rm", "web", "--commit", "bad"],
        ["rm", "web", "db", "--commit", "good"],
        ["volume", "rm", "data", "--export", "x"],
        ["rm", "web", "--keep-as-volume", "srv=name"],
        ["rm", "web", "--keep-as-volume", "/srv="],
    ],
)
def test_what_cannot_be_kept_is_not_removed(
    linnet: Run, service: FakeService, engine: Engine, words: list[str]
) -> None:
    ended = linnet(*words)
    assert ended.code == 125
    assert "Error:" in ended.err
    assert engine.done == []


def test_a_folder_must_be_named_when_there_are_several(linnet: Run, service: FakeService, engine: Engine) -> None:
    losses(service, containers=[{**WEB, "volumes": []}])
    assert "Which folder of web" in linnet("rm", "web", "--keep-as-volume", "srv").err
    assert engine.done == []


def test_the_engine_alone_is_asked_on_wish(linnet: Run, service: FakeService, engine: Engine) -> None:
    linnet("--", "rm", "web")
    linnet("container", "ls")
    assert engine.done == [["rm", "web"], ["container", "ls"]]
    assert service.asked("POST", f"{MACHINE}/losses") == []


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("docker", ["exited", "created", "dead"]),
        ("podman", ["exited", "created", "stopped", "initialized"]),  # it refuses a question about "dead"
    ],
)
@pytest.mark.parametrize("command", [["container", "prune"], ["system", "prune"]])
def test_a_prune_is_asked_for_in_the_engines_own_words(
    linnet: Run, service: FakeService, engine: Engine, kind: str, states: list[str], command: list[str]
) -> None:
    service.answers[f"GET {MACHINE}/engines"] = [{"kind": kind, "active": True}]
    engine.answers["ps"] = [ID]
    ended = linnet(*command, "--force", "--filter", "label=a", "--filter", "until=1h")
    assert "web is kept in the trash" in ended.err
    assert engine.asked == [
        ["ps", "-aq", "--no-trunc", *(f"--filter=status={state}" for state in states), "--filter=label=a"]
    ]


def test_a_filter_that_only_a_prune_knows(linnet: Run, service: FakeService, engine: Engine) -> None:
    losses(service, containers=[], volumes=[DATA])
    engine.answers["volume ls"] = ["data"]
    engine.unknown = ["--filter=all=1"]
    linnet("volume", "prune", "--force", "--filter", "all=1")
    assert service.asked("POST", f"{MACHINE}/losses") == [{"containers": [], "volumes": ["data"]}]


def test_nothing_is_pruned_when_nobody_knows_what_goes(linnet: Run, engine: Engine) -> None:
    engine.unknown = ["ps"]
    ended = linnet("container", "prune", "--force")
    assert ended.code != 0
    assert "The engine refused" in ended.err
    assert engine.done == []
