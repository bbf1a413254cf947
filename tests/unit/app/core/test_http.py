"""Tests of app.core.http."""

from __future__ import annotations

import pytest

from app.core.http import Answer


class Held:
    """A connection that stays open after what it says: reading on would wait for ever."""

    def __init__(self, said: bytes) -> None:
        self._said = [said]

    def recv(self, limit: int) -> bytes:
        assert self._said, "it reads on, behind the end of the answer"
        return self._said.pop()

    def send(self, data: bytes) -> None: ...

    def end_output(self) -> None: ...

    def fileno(self) -> int:
        return -1

    def abort(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
@pytest.mark.parametrize("length", ["", "Content-Length: 12\r\n"])
def test_answers_without_a_body_end_with_their_head(status: str, length: str) -> None:
    answer = Answer(Held(f"HTTP/1.1 {status}\r\n{length}\r\n".encode()))
    assert answer.body() == b""
    assert answer.reusable


def test_a_body_of_a_given_length() -> None:
    assert Answer(Held(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")).body() == b"hi"
