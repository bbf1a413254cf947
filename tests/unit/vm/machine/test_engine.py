"""Whether an engine answers, told from what comes over its socket."""

from __future__ import annotations

from typing import Any

import pytest

from vm.errors import GuestError, UnavailableError
from vm.machine import engine


class Stream:
    """A socket of the guest with an engine behind it."""

    def __init__(self, *answer: bytes) -> None:
        self.answer = list(answer)
        self.written = b""
        self.closed = False

    async def read(self, _limit: int) -> bytes:
        return self.answer.pop(0) if self.answer else b""

    async def write(self, data: bytes) -> None:
        self.written += data

    async def close(self) -> None:
        self.closed = True


class Link:
    """Opens sockets in turn; None is a socket that is not there."""

    def __init__(self, *streams: Stream | None) -> None:
        self.streams = list(streams)
        self.paths: list[str] = []

    async def open_socket(self, path: str) -> Any:
        self.paths.append(path)
        stream = self.streams.pop(0)
        if stream is None:
            raise UnavailableError("no such socket")
        return stream


OK = (b"HTTP/1.1 20", b"0 OK\r\nApi-Version: 1.41\r\n\r\nOK")


async def test_ping() -> None:
    stream = Stream(*OK)
    await engine.ping(Link(stream), "/run/docker.sock")
    assert stream.written.startswith(b"GET /_ping HTTP/1.1\r\n")
    assert stream.closed


@pytest.mark.parametrize(("answer", "told"), [(b"HTTP/1.1 500 Oh\r\n\r\n", "HTTP/1.1 500 Oh"), (b"", "nothing")])
async def test_wrong_answer(answer: bytes, told: str) -> None:
    stream = Stream(answer) if answer else Stream()
    with pytest.raises(GuestError, match=told):
        await engine.ping(Link(stream), "/run/docker.sock")
    assert stream.closed


async def test_waits_until_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "RETRY_AFTER", 0)
    link = Link(None, Stream(), Stream(*OK))
    await engine.wait_until_answers(link, "/run/docker.sock")
    assert link.paths == ["/run/docker.sock"] * 3


def test_each_engine_has_a_socket() -> None:
    assert engine.socket_path("podman", 1003) == "/run/user/1003/podman/podman.sock"
    assert len({engine.socket_path(kind, 1000) for kind in engine.KINDS}) == len(engine.KINDS)
