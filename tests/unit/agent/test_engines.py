"""The engines' interface, against answers recorded from Podman 5.4.2 and Moby 26.1.5."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent.containers import Container
from agent.core import ContainerChanged, ContainersFound, ContainerStarted, EngineChanged
from agent.engines import engines
from agent.engines import watch as watch_module
from agent.engines.api import ApiError
from agent.engines.base import read_event
from agent.engines.docker import Docker
from agent.engines.podman import Tail, follow, read_log_line
from agent.engines.watch import EngineWatch
from agent.loop import Future, Loop
from agent.wire import Event

DATA = Path(__file__).parent / "data"


def recorded(name: str) -> bytes:
    return (DATA / name).read_bytes()


class Recording:
    """Serves recorded answers by path on a Unix socket; a path without one is answered with 404."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "engine.sock")
        self.answers: dict[str, bytes] = {}
        self.bodies: list[bytes] = []
        self.open: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread, which would wait on a number that others get
        self._thread.join()
        self._listener.close()
        Path(self.path).unlink()
        self.drop()

    def drop(self) -> None:
        for peer in self.open:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            peer.close()
        self.open.clear()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.open.append(peer)
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        try:
            file = peer.makefile("rb")
            while line := file.readline():
                path = line.split()[1].decode()
                length = 0
                while (header := file.readline().strip()) != b"":
                    if header.lower().startswith(b"content-length:"):
                        length = int(header.split(b":")[1])
                self.bodies.append(file.read(length))
                peer.sendall(self.answers.get(path.split("?")[0], NOT_FOUND))
        except OSError:
            return


NOT_FOUND = b'HTTP/1.1 404 Not Found\r\nContent-Length: 31\r\n\r\n{"message":"no such container"}'


@pytest.fixture
def engine() -> Iterator[Recording]:
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are too deep for a socket
    recording = Recording(folder)
    yield recording
    if Path(recording.path).exists():
        recording.close()
    shutil.rmtree(folder)


def docker_at(recording: Recording) -> Docker:
    docker = Docker()
    docker.socket = recording.path
    return docker


def ok(body: Any) -> bytes:
    data = json.dumps(body).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(data), data)


def inspected(name: str) -> dict[str, Any]:
    """The JSON of a recorded answer."""
    head, _, rest = recorded(name).partition(b"\r\n\r\n")
    chunked = b"\r\nTransfer-Encoding: chunked" in head
    body = b"" if chunked else rest
    while chunked and rest:
        size, _, rest = rest.partition(b"\r\n")
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    data: dict[str, Any] = json.loads(body)
    return data


def test_every_engine_has_its_own_socket_and_target() -> None:
    known = engines(1234)
    assert [(kind, engine.socket, engine.target) for kind, engine in known.items()] == [
        ("podman", "/run/user/1234/podman/podman.sock", "linnet-engine-podman.target"),
        ("podman-rootful", "/run/podman/podman.sock", "linnet-engine-podman-rootful.target"),
        ("docker", "/run/docker.sock", "linnet-engine-docker.target"),
    ]


@pytest.mark.parametrize(("name", "version"), [("docker-ping.http", "26.1.5+dfsg1"), ("podman-ping.http", "5.4.2")])
def test_ping_tells_the_version(engine: Recording, name: str, version: str) -> None:
    engine.answers["/_ping"] = recorded(name)
    loop = Loop()

    async def main() -> str:
        with closing(docker_at(engine).connect(loop)) as connection:
            return await docker_at(engine).ping(connection)

    assert loop.run(main()) == version


def test_events_of_moby(engine: Recording) -> None:
    engine.answers["/events"] = recorded("docker-events.http")
    assert stream(engine) == ["create", "start", "pause", "unpause", "rename shop", "die 137", "remove"]


def test_events_of_podmans_stream(engine: Recording) -> None:
    engine.answers["/events"] = recorded("podman-events.http")
    assert stream(engine) == ["create", "start", "pause", "unpause", "rename shop", "die 137", "remove"]


def stream(engine: Recording) -> list[str]:
    """The recorded stream in short; a recording breaks off where it was stopped."""
    loop = Loop()
    found: list[dict[str, Any]] = []
    opened: list[bool] = []

    async def read() -> None:
        async for topic, data in docker_at(engine).events(loop, lambda: opened.append(True)):
            assert topic == "containers"
            found.append(data)

    async def main() -> None:
        with pytest.raises(TimeoutError):
            await loop.timeout(0.3, read())

    loop.run(main())
    assert opened == [True]
    assert {json.dumps(event["labels"]) for event in found} == {'{"tier": "front"}'}
    return [short(event) for event in found]


def short(event: dict[str, Any]) -> str:
    return " ".join(
        [event["action"]]
        + ([event["name"]] if event["action"] == "rename" else [])
        + ([str(event["exit_code"])] if "exit_code" in event else [])
    )


def test_podmans_log_says_the_same() -> None:
    events = [event for line in recorded("podman-events.log").splitlines() for event in read_log_line(line)]
    assert [short(event.data) for event in events if event.topic == "containers"] == [
        "create", "start", "pause", "unpause", "rename shop", "die 137", "remove",
    ]  # fmt: skip
    assert len(events) == 7
    assert read_log_line(b"{half a li") == []


def test_health_in_both_spellings() -> None:
    moby = {"Type": "container", "Action": "health_status: healthy", "Actor": {"ID": "c1", "Attributes": {"name": "w"}}}
    podman = b'{"ID":"c1","Name":"w","Status":"health_status","HealthStatus":"healthy","Type":"container"}'
    for event in (read_event(moby), read_log_line(podman)[0].data):
        assert event is not None
        assert (event["action"], event["health"], event["name"]) == ("health", "healthy", "w")


def test_a_container_that_does_not_run_is_none() -> None:
    assert Docker().read_container({"Id": "c1", "State": {"Running": False}}) is None


def test_an_error_carries_the_engines_message_and_the_connection_goes_on(engine: Recording) -> None:
    engine.answers["/containers/json"] = ok([])
    loop = Loop()

    async def main() -> Any:
        with closing(docker_at(engine).connect(loop)) as connection:
            with pytest.raises(ApiError, match="no such container") as error:
                await connection.json("/containers/nope/json")
            assert error.value.status == 404
            return await connection.json("/containers/json")

    assert loop.run(main()) == []


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 2x0 OK\r\n\r\n"])
def test_what_is_no_http_is_an_error(engine: Recording, answer: bytes) -> None:
    engine.answers["/_ping"] = answer
    loop = Loop()

    async def main() -> None:
        with closing(docker_at(engine).connect(loop)) as connection:
            await docker_at(engine).ping(connection)

    with pytest.raises(ApiError, match="no HTTP"):
        loop.run(main())


def test_an_archive_is_sent_whole(engine: Recording, tmp_path: Path) -> None:
    archive = tmp_path / "hello.tar"
    archive.write_bytes(os.urandom(300_000))
    engine.answers["/images/load"] = ok({})
    loop = Loop()

    async def main() -> None:
        with closing(docker_at(engine).connect(loop)) as connection:
            await docker_at(engine).load(connection, str(archive))

    loop.run(main())
    assert engine.bodies == [archive.read_bytes()]


def test_following_podmans_log_through_a_rotation(tmp_path: Path) -> None:
    loop = Loop()
    log = tmp_path / "events.log"
    log.write_bytes(line("create", "old"))
    found: list[str] = []
    ready, enough = Future(), Future()

    async def read() -> None:
        async for event in follow(loop, str(log), ready.finish):
            found.append(event.data["name"])
            if len(found) == 3:
                enough.finish()

    async def main() -> None:
        task = loop.spawn(read())
        await ready
        with log.open("ab") as file:
            file.write(line("start", "first") + line("start", "second")[:20])
            file.flush()
            await loop.sleep(0.02)
            file.write(line("start", "second")[20:])
        await loop.sleep(0.02)
        new = tmp_path / "new"
        new.write_bytes(line("start", "third"))
        new.rename(log)
        await loop.timeout(5, enough.outcome())
        task.cancel()

    loop.run(main())
    assert found == ["first", "second", "third"]


def line(status: str, name: str) -> bytes:
    return json.dumps({"ID": "c1", "Name": name, "Status": status, "Type": "container"}).encode() + b"\n"


def test_a_cut_log_is_read_from_its_start(tmp_path: Path) -> None:
    log = tmp_path / "events.log"
    log.write_bytes(b"one\ntwo\n")
    tail = Tail(str(log))
    tail.skip()
    log.write_bytes(b"new\n")
    assert tail.lines() == [b"new"]
    tail.close()


def first_events(count: int) -> bytes:
    """The recorded stream of Moby up to that many events."""
    head, _, rest = recorded("docker-events.http").partition(b"\r\n\r\n")
    chunks = rest.split(b"\n\r\n")[:count]
    return head + b"\r\n\r\n" + b"".join(chunk + b"\n\r\n" for chunk in chunks)


def test_a_watch_connects_reports_and_comes_back(engine: Recording) -> None:
    """The whole dialogue: nobody there, an engine that answers, its end, and its return."""
    inspect = inspected("podman-inspect.http")
    engine.answers["/_ping"] = ok("OK").replace(b"200 OK", b"200 OK\r\nServer: Docker/26.1.5 (linux)")
    engine.answers["/events"] = first_events(2)
    engine.answers["/containers/json"] = ok([{"Id": inspect["Id"]}])
    engine.answers[f"/containers/{inspect['Id']}/json"] = ok(inspect)
    loop = Loop()
    told: list[str] = []
    up, down = Future(), Future()

    def emit(event: Any) -> None:
        if isinstance(event, EngineChanged):
            told.append(f"healthy {event.version}" if event.healthy else "down")
            (up if event.healthy else down).finish()
        elif isinstance(event, ContainersFound):
            told.append("found " + ",".join(container.name for container in event.containers))
        elif isinstance(event, ContainerChanged):
            told.append(event.data["action"])
        elif isinstance(event, ContainerStarted):
            told.append("started")

    async def main() -> None:
        nonlocal up, down
        watch = EngineWatch(loop, docker_at(engine), emit)
        await loop.timeout(5, up.outcome())
        await loop.sleep(0.05)
        engine.drop()
        await loop.timeout(5, down.outcome())
        up = Future()
        await loop.timeout(5, up.outcome())
        watch.stop()
        await loop.sleep(0.01)

    loop.run(main())
    assert told[: told.index("down")].count("create") == 1
    assert [one for one in told if one not in {"create", "start"}] == [
        "found shop", "healthy 26.1.5", "down", "found shop", "healthy 26.1.5",
    ]  # fmt: skip


def test_a_watch_tells_that_nobody_is_there(tmp_path: Path) -> None:
    docker = Docker()
    docker.socket = str(tmp_path / "none")
    loop = Loop()
    told: list[EngineChanged] = []
    down = Future()

    def emit(event: Any) -> None:
        told.append(event)
        down.finish()

    async def main() -> None:
        watch = EngineWatch(loop, docker, emit)
        await loop.timeout(5, down.outcome())
        watch.stop()

    loop.run(main())
    assert (told[0].kind, told[0].healthy, told[0].version) == ("docker", False, None)
    assert "No such file" in (told[0].error or "")


def test_an_engine_that_hangs_is_not_healthy_and_does_not_hang_the_agent(
    engine: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "PING_TIMEOUT", 0.05)
    engine.answers["/_ping"] = b""
    loop = Loop()
    told: list[EngineChanged] = []
    down = Future()

    def emit(event: Any) -> None:
        told.append(event)
        down.finish()

    async def main() -> None:
        watch = EngineWatch(loop, docker_at(engine), emit)
        await loop.timeout(5, down.outcome())
        engine.answers["/_ping"] = ok("OK")
        engine.answers["/events"] = b""
        count = len(told)
        while len(told) < count + 1:
            await loop.sleep(0.01)
        watch.stop()

    loop.run(main())
    assert {event.healthy for event in told} == {False}
    assert "no answer in" in (told[0].error or "")


class Scripted(Docker):
    """An engine whose containers are looked at in the moments that the test chooses."""

    def __init__(self) -> None:
        self.happenings: list[Future] = [Future() for _ in range(3)]
        self.looks: list[Future] = []

    def connect(self, loop: Loop) -> Any:
        class Nothing:
            def close(self) -> None:
                return

            async def closed(self) -> None:
                await Future()

        return Nothing()

    async def ping(self, _connection: Any) -> str:
        return "1"

    async def running(self, _connection: Any) -> list[Container]:
        return []

    async def look(self, _connection: Any, _container_id: str) -> tuple[Container | None, Container | None]:
        self.looks.append(Future())
        return await self.looks[-1]  # type: ignore[no-any-return]

    async def events(self, _loop: Loop, opened: Callable[[], None]) -> AsyncIterator[Event]:
        opened()
        for happening in self.happenings:
            data = {"action": await happening, "id": "c1", "name": "web", "image": "i", "labels": {}}
            yield Event("containers", data)
        await Future()


RUNS = Container("c1", "web", "i", 7)
WILL_RUN = Container("c1", "web", "i", 0)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["create", (None, WILL_RUN), "start", (RUNS, None)], ["start", 0, 7]),  # looked at before the start
        (["create", "start", (RUNS, None)], ["start", 7]),  # Podman: the look waits until the start is done
        (["create", (RUNS, None), "start"], [7, "start"]),  # told even before the start is announced
        (["create", "start", (None, WILL_RUN), (RUNS, None)], ["start", 7]),  # an answer from before the start
        (["create", "start", "die", (RUNS, None)], ["start", "die"]),  # too late
        (["start", (RUNS, None)], ["start", 7]),  # created long ago
    ],
)
def test_a_container_is_told_as_soon_as_it_is_known(steps: list[Any], expected: list[Any]) -> None:
    loop = Loop()
    engine = Scripted()
    told: list[Any] = []

    def emit(event: Any) -> None:
        if isinstance(event, ContainerStarted):
            told.append(event.container.pid)
        elif isinstance(event, ContainerChanged) and event.data["action"] != "create":
            told.append(event.data["action"])

    async def main() -> None:
        watch = EngineWatch(loop, engine, emit)
        happenings = iter(engine.happenings)
        for step in steps:
            await loop.sleep(0.005)
            (next(happenings) if isinstance(step, str) else engine.looks[-1]).finish(step)
        await loop.sleep(0.005)
        watch.stop()

    loop.run(main())
    assert told == expected
