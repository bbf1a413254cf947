"""The agent's socket, with real hosts on it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from agent import wire
from agent.containers import Container
from agent.core import ContainersFound
from agent.loop import Loop
from agent.server import QUEUE_LIMIT
from agent.shell import Shell
from agent.wire import Hello
from tests.unit.agent.playbook import HELLO


class Host:
    """A blocking host."""

    def __init__(self, path: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self._file = self.socket.makefile("rb")

    def read(self) -> wire.Message | None:
        line = self._file.readline()
        return wire.decode(line) if line else None

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, number: int, method: str, **params: Any) -> wire.Message | None:
        self.send(wire.encode(wire.Request(number, method, params)))
        while isinstance(answer := self.read(), wire.Event):
            pass
        return answer

    def close(self) -> None:
        self._file.close()
        self.socket.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp())  # pytest's own folders are too deep for a socket
    yield path
    shutil.rmtree(path)


def serve(folder: Path, talk: Callable[[str], None]) -> None:
    """Run an agent in this thread and `talk` to it in another."""
    loop = Loop()
    path = str(folder / "agent.sock")
    shell = Shell(loop, hello=HELLO, path=path, uid=12345, engine="podman")
    assert shell is not None
    loop.run(loop.in_thread(talk, path))


def test_the_socket_is_for_its_owner_only(folder: Path) -> None:
    def talk(path: str) -> None:
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600

    serve(folder, talk)


def test_several_hosts_get_hello_and_their_own_answers(folder: Path) -> None:
    def talk(path: str) -> None:
        hosts = [Host(path) for _ in range(3)]
        for host in hosts:
            assert host.read() == HELLO
        for number, host in enumerate(hosts):
            answer = host.ask(number, "memory.status")
            assert isinstance(answer, wire.Result)
            assert answer.id == number
            assert answer.result["total"] > 0
        for host in hosts:
            host.close()

    serve(folder, talk)


def test_stats_know_the_containers_that_were_found_after_they_began(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A guest that was resumed: the host asks for stats before the engine has told what runs."""
    (folder / "cpu.stat").write_text("usage_usec 250\n")
    monkeypatch.setattr("agent.cgroup.of_process", lambda _pid, _id: str(folder))
    loop = Loop()
    path = str(folder / "agent.sock")
    shell = Shell(loop, hello=HELLO, path=path, uid=12345, engine="podman")

    def sampled(host: Host) -> list[str]:
        while not isinstance(message := host.read(), wire.Event) or message.topic != "stats":
            pass
        return [entry["id"] for entry in message.data["containers"]]

    def begin() -> Host:
        host = Host(path)
        host.read()
        host.ask(1, "subscribe", topics=["stats"], interval=0.2)
        assert sampled(host) == []
        return host

    async def main() -> list[str]:
        host = await loop.in_thread(begin)
        shell._emit(ContainersFound((Container("c1", "web", "nginx", os.getpid()),)))
        try:
            return next(filter(None, [await loop.in_thread(sampled, host) for _ in range(3)]), [])
        finally:
            host.close()

    assert loop.run(main()) == ["c1"]


def test_bad_lines_close_their_connection_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def talk(path: str) -> None:
        good, bad, endless = Host(path), Host(path), Host(path)
        assert (good.read(), bad.read(), endless.read()) == (HELLO, HELLO, HELLO)
        bad.send(b"\xff\xfe nonsense\n")
        assert bad.read() is None
        piece = b"x" * 65536
        with pytest.raises(OSError):  # noqa: PT012 - which of them meets the closed connection depends on timing
            for _ in range(wire.LINE_LIMIT // len(piece) + 2):
                endless.send(piece)
            endless.socket.recv(1)
            endless.send(piece)
        answer = good.ask(1, "no.such")
        assert isinstance(answer, wire.Failure)
        assert answer.code == "usage"
        for host in (good, bad, endless):
            host.close()

    serve(folder, talk)
    assert capsys.readouterr().err.count("closed connection") == 2


def test_a_line_in_pieces_and_lines_in_one_piece(folder: Path) -> None:
    def talk(path: str) -> None:
        host = Host(path)
        assert host.read() == HELLO
        line = wire.encode(wire.Request(1, "system.info"))
        for byte in line[:20]:
            host.send(bytes([byte]))
        host.send(line[20:] + wire.encode(wire.Request(2, "mounts.list")))
        answers = {answer.id for answer in (host.read(), host.read()) if isinstance(answer, wire.Result)}
        assert answers == {1, 2}
        host.close()

    serve(folder, talk)


def test_a_host_that_does_not_read_is_dropped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def talk(path: str) -> None:
        slow, other = Host(path), Host(path)
        assert other.read() == HELLO
        request = wire.encode(wire.Request(1, "x" * 50_000))
        with pytest.raises(OSError):  # noqa: PT012 - when exactly depends on timing
            for _ in range(4 * QUEUE_LIMIT // len(request)):
                slow.send(request)
        assert isinstance(other.ask(1, "system.info"), wire.Result)
        slow.close()
        other.close()

    serve(folder, talk)
    assert "it does not read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("mounts.add", {}, "usage"),
        ("mounts.add", {"tag": "t", "kind": "9p", "guest_path": "/x", "map_owner": {"uid": "a", "gid": 1}}, "usage"),
        ("engine.use", {"kind": "rkt"}, "usage"),
        ("relay.close", {"guest_port": 5}, "not-found"),
        ("relay.open", {"protocol": "tcp", "address": "localhost", "port": 80}, "usage"),
        ("relay.open", {"protocol": "sctp", "address": "127.0.0.1", "port": 80}, "usage"),
        ("files.changed", {"changes": 5}, "usage"),
        ("clock.set", {"time": "noon"}, "usage"),
        ("containers.list", {}, "guest"),
    ],
)
def test_bad_requests_are_answered(folder: Path, method: str, params: dict[str, Any], code: str) -> None:
    def talk(path: str) -> None:
        host = Host(path)
        assert host.read() == HELLO
        answer = host.ask(1, method, **params)
        assert isinstance(answer, wire.Failure)
        assert answer.code == code
        host.close()

    serve(folder, talk)


def test_topics_that_need_no_engine_work_without_one(folder: Path) -> None:
    def talk(path: str) -> None:
        host = Host(path)
        assert host.read() == HELLO
        host.send(wire.encode(wire.Request(1, "subscribe", {"topics": ["mounts", "ports", "stats", "engine"]})))
        topics: dict[str, dict[str, Any]] = {}
        while len(topics) < 4:
            message = host.read()
            if isinstance(message, wire.Event):
                topics[message.topic] = message.data
        assert topics["engine"]["healthy"] is False
        assert topics["mounts"]["removed"] == []
        assert topics["stats"]["guest"]["memory"]["total"] > 0
        assert isinstance(host.ask(2, "unsubscribe", topics=["stats", "engine"]), wire.Result)
        host.close()

    serve(folder, talk)


def test_the_program_starts_says_hello_and_ends_on_sigterm(folder: Path) -> None:
    path = str(folder / "agent.sock")
    environment = {**os.environ, "LINNET_AGENT_SOCKET": path, "LINNET_UID": "12345", "PYTHONWARNINGS": "error"}
    process = subprocess.Popen(
        [sys.executable, "-m", "agent"], env=environment, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stderr is not None
    timer = threading.Timer(20, process.kill)
    timer.start()
    closing = ExitStack()
    try:
        assert process.stderr.readline().startswith(f"listening at {path}, version ")
        host = Host(path)
        closing.callback(host.close)
        hello = host.read()
        assert isinstance(hello, Hello)
        assert hello.protocol == wire.PROTOCOL
        assert len(hello.digest) == 64
        process.terminate()
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
        assert host.read() is None
        assert not Path(path).exists()
    finally:
        closing.close()
        timer.cancel()
        process.kill()
        process.wait()
        process.stderr.close()


def test_heavy_modules_stay_out_of_the_guests_memory() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(Path(wire.__file__).parents[1])!r});"
        "import json, agent.shell, agent.__main__; print(json.dumps(sorted(sys.modules)))"
    )
    output = subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True).stdout
    heavy = {"asyncio", "ssl", "subprocess", "threading", "logging", "pathlib", "ctypes", "urllib.parse"}
    assert not set(json.loads(output)) & heavy
