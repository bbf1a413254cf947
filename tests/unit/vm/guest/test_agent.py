"""AgentLink against a scripted agent, over a stream without SSH; the install script in a real shell."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from agent import wire
from agent.digest import digest
from vm.errors import ConflictError, GuestError, LinnetError, NotFoundError, TimeoutExceededError, UnavailableError
from vm.guest import agent as agent_module
from vm.guest.agent import AgentLink, install
from vm.ssh.channel import Completed


class Stream:
    """One end of a connection to the fake agent."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[wire.Request] = asyncio.Queue()
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue()
        self._rest = b""

    async def read(self, limit: int = 65536) -> bytes:
        return await self._arrived.get()

    async def write(self, data: bytes) -> None:
        message = wire.decode(data)
        assert isinstance(message, wire.Request)
        self.sent.put_nowait(message)

    async def close(self) -> None:
        self._arrived.put_nowait(b"")

    def say(self, *messages: wire.Message) -> None:
        self._arrived.put_nowait(b"".join(wire.encode(message) for message in messages))

    def raw(self, data: bytes) -> None:
        self._arrived.put_nowait(data)


class Link:
    """What AgentLink uses of SshLink."""

    def __init__(self, hello: wire.Hello | None) -> None:
        self.closed = asyncio.Event()
        self.hello = hello
        self.streams: list[Stream] = []
        self.installed: list[bytes] = []
        self.after_install: wire.Hello | None = None
        self.code = 0

    async def open_socket(self, path: str) -> Stream:
        assert path == wire.SOCKET
        if self.hello is None:
            raise UnavailableError("Nothing in the guest answers")
        self.streams.append(Stream())
        self.streams[-1].say(self.hello)
        return self.streams[-1]

    async def run(self, command: str, input: bytes = b"", timeout: float | None = None) -> Completed:  # noqa: A002
        self.installed.append(input)
        self.hello = self.after_install
        return Completed(self.code, b"", b"no room")


HELLO = wire.Hello(wire.PROTOCOL, "digest", "boot")


@pytest.fixture
def link() -> Link:
    return Link(HELLO)


@pytest.fixture
async def attached(link: Link) -> AsyncIterator[AgentLink]:
    found = await AgentLink.attach(link, 1)  # type: ignore[arg-type]
    yield found
    await found.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_module, "PATIENCE", 0.2)
    monkeypatch.setattr(agent_module, "START_LIMIT", 0.2)
    monkeypatch.setattr(agent_module, "RETRY_EVERY", 0.01)


async def answer(stream: Stream, reply: Callable[[wire.Request], wire.Message]) -> None:
    stream.say(reply(await stream.sent.get()))


async def test_answers_find_their_requests(attached: AgentLink, link: Link) -> None:
    first = asyncio.create_task(attached.request("a", {"x": 1}))
    second = asyncio.create_task(attached.request("b"))
    stream = link.streams[0]
    one, two = await stream.sent.get(), await stream.sent.get()
    assert (one.method, one.params, two.method, two.params) == ("a", {"x": 1}, "b", {})
    stream.say(wire.Result(two.id, "second"), wire.Result(99, "for nobody"), wire.Result(one.id, None))
    assert (await first, await second) == (None, "second")


@pytest.mark.parametrize(
    ("code", "expected"), [("not-found", NotFoundError), ("conflict", ConflictError), ("odd", LinnetError)]
)
async def test_failures_become_our_errors(
    attached: AgentLink, link: Link, code: str, expected: type[Exception]
) -> None:
    asking = asyncio.create_task(attached.request("a"))
    failure = ("The thing is not there.", "why", "Make one.")
    await answer(link.streams[0], lambda request: wire.Failure(request.id, code, *failure))
    with pytest.raises(expected) as caught:
        await asking
    assert isinstance(caught.value, LinnetError)
    assert (caught.value.message, caught.value.detail, caught.value.hint) == failure


async def test_a_request_that_is_not_answered(attached: AgentLink, link: Link) -> None:
    with pytest.raises(TimeoutExceededError):
        await attached.request("slow", timeout=0.05)
    late = await link.streams[0].sent.get()
    asking = asyncio.create_task(attached.request("next"))
    link.streams[0].say(wire.Result(late.id, "too late"))
    await answer(link.streams[0], lambda request: wire.Result(request.id, 1))
    assert await asking == 1


async def test_events_reach_those_who_asked(attached: AgentLink, link: Link, caplog: pytest.LogCaptureFixture) -> None:
    stream, seen, broken = link.streams[0], [], []

    def fail(topic: str, data: dict[str, Any]) -> None:
        broken.append(topic)
        raise RuntimeError("the view's fault")

    subscribing = asyncio.create_task(attached.subscribe(["ports", "stats"], fail, interval=2))
    request = await stream.sent.get()
    assert request.params == {"topics": ["ports", "stats"], "interval": 2}
    stream.say(wire.Event("ports", {"added": []}), wire.Result(request.id, {}))
    stop = await subscribing
    subscribing = asyncio.create_task(attached.subscribe(["ports"], lambda topic, data: seen.append(data)))
    await answer(stream, lambda request: wire.Result(request.id, {}))
    await subscribing
    line = wire.encode(wire.Event("ports", {"n": 1}))
    stream.raw(line[:9])
    stream.raw(line[9:] + wire.encode(wire.Event("disk", {})))
    await asyncio.sleep(0.01)
    stop()
    request = await stream.sent.get()
    assert (request.method, request.params) == ("unsubscribe", {"topics": ["stats"]})  # somebody else wants ports
    stream.say(wire.Event("ports", {"n": 2}))
    await asyncio.sleep(0.01)
    assert seen == [{"n": 1}, {"n": 2}]
    assert broken == ["ports", "ports"]
    assert "could not be handled: ports" in caplog.text


async def test_who_comes_as_another_leaves_still_hears(attached: AgentLink, link: Link) -> None:
    stream, seen = link.streams[0], []
    subscribing = asyncio.create_task(attached.subscribe(["stats"], lambda *_: None))
    await answer(stream, lambda request: wire.Result(request.id, {}))
    stop = await subscribing
    answering = asyncio.create_task(answer(stream, lambda request: wire.Result(request.id, {})))
    stop()
    await attached.subscribe(["stats"], lambda _topic, data: seen.append(data))
    await answering
    stream.say(wire.Event("stats", {"n": 1}))
    await asyncio.sleep(0.01)
    assert seen == [{"n": 1}]
    assert stream.sent.empty()


@pytest.mark.parametrize("end", [b"", b"no json\n", wire.encode(HELLO)])
async def test_the_end_of_the_stream_fails_what_waits(attached: AgentLink, link: Link, end: bytes) -> None:
    asking = asyncio.create_task(attached.request("a"))
    await link.streams[0].sent.get()
    link.streams[0].raw(end)
    with pytest.raises(UnavailableError):
        await asking
    await asyncio.wait_for(attached.closed.wait(), 1)
    with pytest.raises(UnavailableError):
        await attached.request("b")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    package = tmp_path / "agent"
    (package / "engines").mkdir(parents=True)
    (package / "__init__.py").write_text("new = 1\n")
    (package / "engines" / "podman.py").write_text("")
    return package


async def test_the_same_agent_is_left_alone(source: Path) -> None:
    link = Link(wire.Hello(wire.PROTOCOL, digest(source), "boot"))
    found = await AgentLink.open(link, source)  # type: ignore[arg-type]
    assert not link.installed
    await found.close()


@pytest.mark.parametrize("before", [wire.Hello(wire.PROTOCOL, "old", "b"), wire.Hello(99, "", "b"), None])
async def test_another_agent_is_replaced(source: Path, before: wire.Hello | None) -> None:
    link = Link(before)
    link.after_install = wire.Hello(wire.PROTOCOL, digest(source), "boot")
    found = await AgentLink.open(link, source)  # type: ignore[arg-type]
    assert len(link.installed) == 1
    assert found.hello.digest == digest(source)
    await found.close()


async def test_an_agent_that_cannot_be_replaced(source: Path) -> None:
    link = Link(wire.Hello(wire.PROTOCOL, "old", "b"))
    link.after_install = link.hello
    with pytest.raises(GuestError, match="did not answer") as caught:
        await AgentLink.open(link, source)  # type: ignore[arg-type]
    assert "digest old instead of" in (caught.value.detail or "")
    link.code = 1
    with pytest.raises(GuestError, match="Replacing the agent failed") as caught:
        await AgentLink.open(link, source)  # type: ignore[arg-type]
    assert caught.value.detail == "no room"


async def test_a_lost_link_is_not_waited_for(source: Path) -> None:
    link = Link(None)
    link.closed.set()
    with pytest.raises(UnavailableError):
        await AgentLink.open(link, source)  # type: ignore[arg-type]


async def test_the_install_script_puts_the_agent_in_place(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    (run / "lib" / "agent").mkdir(parents=True)
    (run / "lib" / "agent" / "stale.py").write_text("")
    calls = tmp_path / "calls"

    class Shell:
        async def run(self, command: str, input: bytes, timeout: float) -> Completed:  # noqa: A002
            text = command.replace("/run/linnet", str(run)).replace("systemctl", f"echo >{calls}")
            done = subprocess.run(["sh", "-c", text], input=input, capture_output=True)  # noqa: ASYNC221
            return Completed(done.returncode, done.stdout, done.stderr)

    await install(Shell(), source)  # type: ignore[arg-type]
    assert digest(run / "agent-lib" / "agent") == digest(source)
    assert sorted(path.name for path in run.iterdir()) == ["agent-lib", "lib"]
    assert calls.read_text() == "restart linnet-agent.service\n"
