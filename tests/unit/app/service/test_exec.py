"""Exec: frames over a real connection, real processes behind."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.core import api
from app.core.client import Client
from app.core.endpoint import Connection
from app.core.frames import CHUNK, Decoder, FrameType, encode, encode_json
from app.service.exec import command_line
from tests.unit.app.service.conftest import Running, until

PATH = "/v1/machines/default/exec"


@pytest.fixture(autouse=True)
def _runs(running: Running) -> None:
    running.machine.running = True


def frames(connection: Connection) -> Iterator[tuple[FrameType, bytes]]:
    decoder = Decoder()
    while data := connection.recv(CHUNK):
        yield from decoder.feed(data)


def collect(connection: Connection) -> tuple[bytes, bytes, dict[str, Any]]:
    out, err, last = b"", b"", {}
    for kind, payload in frames(connection):
        if kind is FrameType.stdout:
            out += payload
        elif kind is FrameType.stderr:
            err += payload
        else:
            last = {kind.name: json.loads(payload)}
    connection.close()
    return out, err, last


def run(*argv: str, **more: Any) -> Any:
    def use(client: Client) -> Any:
        return collect(client.upgrade(PATH, {"argv": list(argv), **more}))

    return use


async def test_output_and_exit_code(running: Running) -> None:
    out, err, last = await running.call(run("sh", "-c", "echo out; echo err >&2; exit 7"))
    assert (out, err, last) == (b"out\n", b"err\n", {"exit": {"code": 7, "signal": None}})
    await until(lambda: not running.service.sessions)


async def test_folder_and_environment(running: Running) -> None:
    out, _, _ = await running.call(
        run("sh", "-c", "pwd; echo $WHAT", cwd="/usr/lib", env={"WHAT": "a b", "PATH": "/bin"})
    )
    assert out == b"/usr/lib\na b\n"


async def test_large_input_and_output(running: Running) -> None:
    size = 6 * 2**20

    def use(client: Client) -> int:
        connection = client.upgrade(PATH, {"argv": ["cat"]})

        def feed() -> None:
            for _ in range(size // CHUNK):
                connection.send(encode(FrameType.stdin, b"q" * CHUNK))
            connection.send(encode(FrameType.end_of_stdin))

        feeding = threading.Thread(target=feed)
        feeding.start()
        out, _, last = collect(connection)
        feeding.join()
        assert last == {"exit": {"code": 0, "signal": None}}
        return len(out)

    assert await running.call(use) == size


async def test_signal_and_resize(running: Running) -> None:
    def use(client: Client) -> Any:
        connection = client.upgrade(PATH, {"argv": ["sleep", "60"], "tty": True, "rows": 10, "cols": 20})
        connection.send(encode_json(FrameType.resize, {"rows": 30, "cols": 99}) + encode(FrameType.signal, b"INT"))
        return collect(connection)

    _, _, last = await running.call(use)
    assert last == {"exit": {"code": 130, "signal": "INT"}}
    size = running.machine.link.processes[0].resized[0]
    assert (size.rows, size.cols) == (30, 99)


async def test_frames_sent_with_the_request_are_not_lost(running: Running) -> None:
    body = json.dumps({"argv": ["cat"]}).encode()
    head = b"POST %s HTTP/1.1\r\nHost: l\r\nConnection: Upgrade\r\nUpgrade: linnet-exec\r\nContent-Length: %d\r\n\r\n"
    reader, writer = await running.connect()
    early = encode(FrameType.stdin, b"early") + encode(FrameType.end_of_stdin)
    writer.write(head % (PATH.encode(), len(body)) + body + early)
    answer = await reader.read(-1)
    assert encode(FrameType.stdout, b"early") in answer
    writer.close()


@pytest.mark.parametrize("script", ["exec sleep 60", "trap '' TERM; echo; while :; do sleep 1; done"])
async def test_process_ends_when_the_client_goes(
    running: Running, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.exec.END_LIMIT", 0.2)

    def use(client: Client) -> None:
        connection = client.upgrade(PATH, {"argv": ["sh", "-c", script]})
        if "trap" in script:
            connection.recv(1)
        connection.close()

    await running.call(use)
    process = running.machine.link.processes[0].process
    assert await asyncio.wait_for(process.wait(), 5) < 0
    await until(lambda: not running.service.sessions)


async def test_process_that_ends_first_drops_the_rest_of_its_input(running: Running) -> None:
    def use(client: Client) -> Any:
        connection = client.upgrade(PATH, {"argv": ["true"]})
        try:
            for _ in range(100):
                connection.send(encode(FrameType.stdin, b"x" * CHUNK))
        except Exception:
            pass
        return collect(connection)[2]

    assert await running.call(use) == {"exit": {"code": 0, "signal": None}}


async def test_a_client_that_does_not_speak_in_frames_is_dropped(running: Running) -> None:
    def use(client: Client) -> Any:
        connection = client.upgrade(PATH, {"argv": ["sleep", "60"]})
        connection.send(b"\xff" * 50)
        return collect(connection)[2]

    assert await running.call(use) in ({}, {"exit": {"code": 143, "signal": "TERM"}})
    assert running.machine.link.processes[0].signals == ["TERM"]


async def test_exec_wakes_the_machine(running: Running) -> None:
    running.machine.running = False
    out, _, _ = await running.call(run("echo", "awake"))
    assert out == b"awake\n"
    assert running.machine.starts == 1


def test_command_line_is_quoted() -> None:
    assert command_line(api.Exec(["ls", "a b; c"], cwd="/it's")) == "cd '/it'\"'\"'s' && exec ls 'a b; c'"
