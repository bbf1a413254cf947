"""Tests of agent.switch."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from agent import mounts
from agent.engines import switch
from agent.engines.api import ApiError, Connection
from agent.engines.base import Engine
from agent.engines.switch import Engines
from agent.errors import AgentError
from agent.loop import Loop


def test_the_seed_names_the_engine_until_another_was_chosen(tmp_path: Path) -> None:
    choice = tmp_path / "engine"
    assert Engines(Loop(), 1000, "docker", str(choice)).current.kind == "docker"
    assert Engines(Loop(), 1000, "rkt", str(choice)).current.kind == "podman"
    choice.write_text("podman-rootful\n")
    assert Engines(Loop(), 1000, "docker", str(choice)).current.kind == "podman-rootful"


def test_what_is_not_there_cannot_be_used(tmp_path: Path) -> None:
    engines = Engines(Loop(), 1000, "podman", str(tmp_path / "engine"))
    with pytest.raises(AgentError, match="There is no engine 'rkt'") as error:
        engines.named("rkt")
    assert error.value.code == "usage"
    engines.all["docker"].program = "/nowhere/dockerd"
    with pytest.raises(AgentError, match="does not have the engine docker") as error:
        engines.named("docker")
    assert error.value.code == "unavailable"


def test_an_engine_that_does_not_listen_is_not_healthy(tmp_path: Path) -> None:
    loop = Loop()
    engines = Engines(loop, 1000, "docker", str(tmp_path / "engine"))
    engines.current.socket = str(tmp_path / "none")
    status = loop.run(engines.status(patience=0.2))
    assert (status["kind"], status["healthy"], status["version"]) == ("docker", False, None)
    assert "No such file" in status["error"]


class Loading(Engine):
    """An engine that takes images, or not."""

    kind = "fake"

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.refuses = False

    def connect(self, loop: Loop) -> Connection:
        from socket import AF_UNIX, socket

        path = str(Path(tempfile.mkdtemp()) / "s")
        with socket(AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            return Connection(loop, path)

    async def load(self, _connection: Connection, archive: str) -> None:
        if self.refuses:
            raise ApiError(500, "no room")
        self.loaded.append(archive)


def test_hello_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "hello.tar"
    archive.write_bytes(b"tar")
    monkeypatch.setattr(switch, "_HELLO", str(archive))
    monkeypatch.setattr(switch, "_MARKER", str(tmp_path / "hello-"))
    engine = Loading()
    engine.refuses = True

    def load() -> None:
        loop = Loop()
        loop.run(Engines(loop, 1000, "podman", str(tmp_path / "engine")).load_hello(engine))

    load()
    assert not (tmp_path / "hello-fake").exists()
    engine.refuses = False
    load()
    load()
    assert engine.loaded == [str(archive)]
    assert (tmp_path / "hello-fake").exists()


class Systemd:
    """Does what `systemctl` does to the targets of engines; the rest of a guest is not there.

    Attributes:
        active: the targets that are started.
        done: what was done, in its order.
        broken: a target that does not start, or a program that does not end.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, active: str) -> None:
        self.active = {active}
        self.done: list[str] = []
        self.broken = ""
        monkeypatch.setattr(switch, "run", self.run)
        monkeypatch.setattr(mounts, "release", self.release)

    def run(self, program: str, verb: str, *arguments: str, timeout: float = 60.0) -> tuple[int, str]:
        if program == self.broken:
            raise AgentError("timeout", f"{program} took too long.")
        if program == "journalctl":
            return 0, "what the journal says"
        if program != "systemctl":
            self.done.append(f"{program} {verb}")
        elif verb == "show":
            return 0, "part.service part.socket"
        elif verb == "stop":
            self.active -= set(arguments)
            self.done.append(f"stop {' '.join(arguments)}")
        elif verb == "start" and arguments[0] == self.broken:
            return 1, "Job failed."
        elif verb == "start":
            self.active.add(arguments[0])
            self.done.append(f"start {arguments[0]}")
        return 0, ""

    def release(self, kinds: list[str]) -> dict[str, list[str]]:
        self.done.append(f"release {kinds[0]}")
        return {"released": [], "busy": []}


def test_an_engine_ends_with_its_containers_before_the_next_one_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    systemd = Systemd(monkeypatch, "linnet-engine-podman-rootful.target")

    def switch_to(kind: str) -> Engines:
        loop = Loop()
        engines = Engines(loop, 1000, "podman-rootful", str(tmp_path / "engine"))
        loop.run(engines.use(engines.all[kind]))
        return engines

    assert switch_to("podman").current.kind == "podman"
    assert systemd.done == [
        "/usr/bin/podman stop",
        "stop linnet-engine-podman-rootful.target part.service part.socket",
        "release 9p",
        "start linnet-engine-podman.target",
    ]
    systemd.done.clear()
    switch_to("docker")
    assert systemd.done == [
        "stop linnet-engine-podman.target part.service part.socket",
        "start linnet-engine-docker.target",
    ]


@pytest.mark.parametrize("broken", ["linnet-engine-podman.target", "/usr/bin/podman"])
def test_the_old_engine_is_started_again_when_the_switch_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    old = "linnet-engine-podman-rootful.target"
    systemd = Systemd(monkeypatch, old)
    systemd.broken = broken
    loop = Loop()
    engines = Engines(loop, 1000, "podman-rootful", str(tmp_path / "engine"))
    with pytest.raises(AgentError):
        loop.run(engines.use(engines.all["podman"]))
    assert systemd.active == {old}
    assert engines.current.kind == "podman-rootful"
    assert not (tmp_path / "engine").exists()
