"""Changing limits: the engine is asked, the cgroup's files are believed. Descriptions were recorded from engines."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent import cgroup, iocost, limits
from agent.engines.docker import Docker
from agent.engines.podman import Podman
from agent.errors import AgentError
from agent.limits import Limits, Room
from agent.loop import Loop
from tests.unit.agent.test_engines import Recording, inspected, ok

MIB = 1 << 20
REFUSED = b'HTTP/1.1 500 Oh\r\nContent-Length: 32\r\n\r\n{"message":"crun: no such file"}'
FILES = {
    "cpu.max": "50000 100000\n", "memory.max": f"{64 * MIB}\n", "memory.swap.max": f"{16 * MIB}\n", "pids.max": "50\n",
    "io.weight": "default 2300\n", "memory.current": f"{30 * MIB}\n", "memory.stat": f"inactive_file {10 * MIB}\n",
    "memory.swap.current": "0\n", "pids.current": "3\n", "cpu.stat": "usage_usec 5\n",
}  # fmt: skip


class Guest(dict[str, bytes]):
    """An engine with one container, `web`, and the folder of its cgroup.

    Attributes:
        host: the HostConfig that it describes.
        obey: what happens to the files when the engine is told to change limits.
        sent: bodies of the changes.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        super().__init__()
        self.folder = folder
        self.data = inspected(f"{kind}-limits.http")
        self.host: dict[str, Any] = self.data["HostConfig"]
        self.sent: list[dict[str, Any]] = []
        self.obey: Callable[[dict[str, Any]], None] = lambda _body: None
        self.refuse = False
        for name, text in FILES.items():
            (folder / name).write_text(text)
        if kind == "docker":
            self.write(io__weight="default 2930")

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / name.replace("__", ".")).write_text(f"{text}\n")

    def get(self, path: str, default: Any = None) -> Any:
        if path.endswith(("/containers/web/json", f"/containers/{self.data['Id']}/json")):
            return ok(self.data)
        if path.endswith(f"/containers/{self.data['Id']}/update"):
            body = json.loads(self.recording.bodies[-1])
            self.sent.append(body)
            if self.refuse:
                return REFUSED
            self.obey(body)
            return ok({"Warnings": ["mind the step"]})
        return default

    recording: Recording


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], tuple[Guest, Any]]]:
    """Return a guest with an engine of a kind, and a function that changes limits of its container."""
    base = Path(tempfile.mkdtemp())
    recording = Recording(base)
    monkeypatch.setattr(cgroup, "folders_of", lambda _pid, _id: (str(tmp_path),))
    monkeypatch.setattr(limits, "_room", lambda _kind: Room(2, 2048 * MIB, 0, 100))
    monkeypatch.setattr(iocost, "switch_on", lambda: True)

    def build(kind: str) -> tuple[Guest, Any]:
        guest = Guest(tmp_path, kind)
        guest.recording, recording.answers = recording, guest
        engine = Docker() if kind == "docker" else Podman(1000)
        engine.socket = recording.path

        def change(**params: Any) -> Any:
            loop = Loop()
            return loop.run(Limits(loop, SimpleNamespace(current=engine)).change(params))  # type: ignore[arg-type]

        return guest, change

    yield build
    recording.close()
    shutil.rmtree(base)


@pytest.mark.parametrize("kind", ["podman", "docker"])
def test_what_was_recorded(make: Any, kind: str) -> None:
    guest, change = make(kind)
    guest.obey = lambda _body: guest.write(pids__max="60")
    answer = change(container="web", pids=60)
    assert answer["described"] == {"cpus": 0.5, "memory": 64 * MIB, "swap": 16 * MIB, "pids": 50, "io_weight": 300}
    assert answer["limits"] == {**answer["described"], "pids": 60}
    assert (answer["name"], answer["running"], answer["warnings"]) == ("web", True, ["mind the step"])
    assert len(guest.sent) == 1


def test_all_at_once(make: Any) -> None:
    guest, change = make("podman")

    def obey(body: dict[str, Any]) -> None:
        assert body["memory"] == {"limit": 96 * MIB, "swap": 96 * MIB}
        guest.write(
            cpu__max="100000 100000", memory__max=str(96 * MIB), memory__swap__max="0", io__weight="default 4500"
        )

    guest.obey = obey
    answer = change(container="web", cpus=1, memory=96 * MIB, swap=0, io_weight=500)
    assert answer["limits"] == {"cpus": 1, "memory": 96 * MIB, "swap": 0, "pids": 50, "io_weight": 500}


def test_files_that_say_something_else(make: Any) -> None:
    guest, change = make("podman")

    def half(body: dict[str, Any]) -> None:  # the engine remembers all of it, the kernel has half
        guest.host["PidsLimit"] = body["pids"]["limit"]
        guest.host.update({"CpuQuota": body["cpu"]["quota"], "NanoCpus": body["cpu"]["quota"] * 10_000})
        guest.write(cpu__max=f"{body['cpu']['quota']} 100000")

    guest.obey = half
    with pytest.raises(AgentError, match="cgroup says processes 50 instead of 60") as error:
        change(container="web", cpus=1, pids=60)
    assert error.value.code == "guest"
    assert guest.sent[1:] == [{"cpu": {"period": 100_000, "quota": 50_000}, "pids": {"limit": 50}}]
    assert guest.host["PidsLimit"] == 50
    assert (guest.folder / "cpu.max").read_text() == "50000 100000\n"


def test_an_engine_that_refuses(make: Any) -> None:
    guest, change = make("docker")
    guest.refuse = True
    with pytest.raises(AgentError, match="docker does not take it: crun: no such file") as error:
        change(container="web", pids=60)
    assert error.value.code == "guest"
    assert len(guest.sent) == 1  # nothing had moved, so nothing is put back


def test_below_what_is_used(make: Any) -> None:
    guest, change = make("podman")
    with pytest.raises(AgentError, match="holds 20 MiB") as error:
        change(container="web", memory=19 * MIB)
    assert error.value.code == "conflict"
    with pytest.raises(AgentError, match="3 processes"):
        change(container="web", pids=2, cpus=1)
    assert guest.sent == []
    guest.obey = lambda _body: guest.write(memory__max=str(19 * MIB))
    assert change(container="web", memory=19 * MIB, force=True)["limits"]["memory"] == 19 * MIB


@pytest.mark.parametrize("name", ["bird", "", "../web", "web/json", "a b", "web?x=1"])
def test_no_such_container(make: Any, name: str) -> None:
    guest, change = make("podman")
    with pytest.raises(AgentError, match="There is no container") as error:
        change(container=name, pids=60)
    assert error.value.code == "not-found"
    assert guest.sent == []


def test_one_that_does_not_run(make: Any) -> None:
    guest, change = make("docker")
    guest.data["State"].update({"Running": False, "Pid": 0})
    guest.obey = lambda body: guest.host.update({"PidsLimit": body["PidsLimit"]})
    answer = change(container="web", pids=1)
    assert (answer["running"], answer["use"], answer["limits"]["pids"]) == (False, None, 1)
    guest.obey = lambda _body: None
    with pytest.raises(AgentError, match="its own description says processes 1 instead of 9"):
        change(container="web", pids=9)


def test_a_kernel_without_weights(make: Any) -> None:
    guest, change = make("podman")
    (guest.folder / "io.weight").unlink()
    with pytest.raises(AgentError, match="no weights"):
        change(container="web", io_weight=500)
    assert guest.sent == []


def test_two_changes_of_one_container(make: Any) -> None:
    guest, _change = make("podman")

    def slowly(_body: dict[str, Any]) -> None:
        time.sleep(0.2)
        guest.write(pids__max="60")

    guest.obey = slowly
    engine = Podman(1000)
    engine.socket = guest.recording.path
    loop = Loop()
    both = Limits(loop, SimpleNamespace(current=engine))  # type: ignore[arg-type]

    async def main() -> list[BaseException | None]:
        tasks = [loop.spawn(both.change({"container": "web", "pids": 60})) for _ in range(2)]
        for task in tasks:
            try:
                await task
            except AgentError:
                continue
        return [task.error for task in tasks]

    # Both look the container up first, and which of them gets its answer first is not for us to say.
    [refused] = [error for error in loop.run(main()) if error is not None]
    assert isinstance(refused, AgentError)
    assert (refused.code, "being changed already" in refused.message) == ("conflict", True)
    assert len(guest.sent) == 1
