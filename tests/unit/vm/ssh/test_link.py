"""SshLink against a real OpenSSH server."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.unit.vm.ssh.conftest import Server, start_sshd, stop_sshd
from vm.errors import ConflictError, GuestError, TimeoutExceededError, UnavailableError, UsageError
from vm.guest.keys import ensure_key
from vm.ssh import link as link_module
from vm.ssh.channel import TerminalSize
from vm.ssh.link import SshLink

MIB = 1024 * 1024


async def drain(read: Callable[[], Awaitable[bytes]]) -> bytes:
    parts = []
    while part := await read():
        parts.append(part)
    return b"".join(parts)


# Commands


async def test_a_command_gets_its_input_and_gives_both_streams_and_its_code(link: SshLink) -> None:
    done = await link.run("cat; echo no >&2; exit 3", b"input\0\xff")
    assert (done.code, done.stdout, done.stderr) == (3, b"input\0\xff", b"no\n")


async def test_words_are_one_command_whatever_is_in_them(link: SshLink) -> None:
    words = ["printf", "%s|", "a b", "$HOME", "'", "new\nline", "ü"]
    assert (await link.run(words)).stdout.decode() == "a b|$HOME|'|new\nline|ü|"


async def test_environment_reaches_the_command(link: SshLink) -> None:
    done = await link.run('echo "$LINNET_A:$B"', env={"LINNET_A": "it's $x", "B": "two\nlines"})
    assert done.stdout == b"it's $x:two\nlines\n"
    with pytest.raises(UsageError):
        await link.run("true", env={"A;rm": "x"})


async def test_a_command_that_ignores_its_input_does_not_fail(link: SshLink) -> None:
    assert (await link.run("exit 5", b"x" * (8 * MIB))).code == 5


async def test_check_names_what_failed(link: SshLink) -> None:
    with pytest.raises(GuestError, match=r"Trying failed in the guest \(exit code 2\)") as caught:
        (await link.run("echo because >&2; exit 2")).check("Trying")
    assert caught.value.detail == "because"


async def test_a_command_that_takes_too_long_is_given_up(link: SshLink) -> None:
    with pytest.raises(TimeoutExceededError, match="0 seconds"):
        await link.run("sleep 30", timeout=0.3)
    assert (await link.run("echo still here")).stdout == b"still here\n"


async def test_a_signal_that_ended_the_process_is_told(link: SshLink) -> None:
    process = await link.spawn("kill -TERM $$")
    ended = await process.wait()
    assert (ended.code, ended.signal) == (143, "TERM")


async def test_signals_are_delivered(sshd: Server, link: SshLink) -> None:
    if os.geteuid() == 0:
        pytest.skip("sshd delivers no signals to processes of root")
    process = await link.spawn("trap 'echo got it; exit 7' USR1; echo ready; while :; do sleep 0.05; done")
    assert await process.read_stdout() == b"ready\n"
    await process.signal("USR1")
    assert await process.read_stdout() == b"got it\n"
    assert (await process.wait()).code == 7


async def test_a_terminal_has_its_size_and_can_be_resized(link: SshLink) -> None:
    command = "trap 'stty size' WINCH; trap 'exit 9' INT; stty size; echo $TERM; while :; do sleep 0.05; done"
    process = await link.spawn(command, TerminalSize(rows=31, cols=97), {"TERM": "dumb"})
    seen = b""
    while not seen.endswith(b"dumb\r\n"):
        seen += await process.read_stdout()
    assert seen.split() == [b"31", b"97", b"dumb"]
    await process.resize(TerminalSize(rows=50, cols=132))
    seen = b""
    while not seen.endswith(b"\n"):
        seen += await process.read_stdout()
    assert seen.split() == [b"50", b"132"]
    await process.write(b"\x03")
    assert (await process.wait()).code == 9


async def test_end_of_input_is_seen(link: SshLink) -> None:
    process = await link.spawn("wc -c")
    await process.write(b"12345")
    await process.end_input()
    assert (await drain(process.read_stdout)).strip() == b"5"
    assert (await process.wait()).code == 0


async def test_16_commands_at_once(link: SshLink) -> None:
    done = await asyncio.gather(*(link.run(f"sleep 0.2; echo {number}") for number in range(16)))
    assert [int(one.stdout) for one in done] == list(range(16))


# Sockets


@pytest.fixture
async def echo(tmp_path: Path) -> AsyncIterator[str]:
    """A Unix socket that sends back what it gets, and says `bye` after the end of its input."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.write(b"bye")
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    path = tmp_path / "echo.sock"
    server = await asyncio.start_unix_server(serve, path)
    yield str(path)
    server.close()


async def test_half_close(link: SshLink, echo: str) -> None:
    async with await link.open_socket(echo) as stream:
        await stream.write(b"hello")
        assert await stream.read() == b"hello"
        await stream.end_output()
        assert await drain(stream.read) == b"bye"


async def test_50_parallel_channels_keep_their_data_apart(link: SshLink, echo: str) -> None:
    async def one(number: int) -> None:
        payload = os.urandom(128 * 1024) + bytes([number])
        async with await link.open_socket(echo) as stream:

            async def send() -> None:
                for start in range(0, len(payload), 7001):
                    await stream.write(payload[start : start + 7001])
                await stream.end_output()

            sending = asyncio.create_task(send())
            assert await drain(stream.read) == payload + b"bye"
            await sending

    await asyncio.gather(*(one(number) for number in range(50)))


async def test_64_mib_each_way_through_a_socket(link: SshLink, tmp_path: Path) -> None:
    payload = os.urandom(MIB)
    up = hashlib.sha256()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(MIB):
            up.update(data)
        for _ in range(64):
            writer.write(payload)
            await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(serve, tmp_path / "bulk.sock")
    async with await link.open_socket(str(tmp_path / "bulk.sock")) as stream:
        for _ in range(64):
            await stream.write(payload)
        await stream.end_output()
        down, size = hashlib.sha256(), 0
        while data := await stream.read():
            down.update(data)
            size += len(data)
    server.close()
    expected = hashlib.sha256(payload * 64).digest()
    assert (size, down.digest(), up.digest()) == (64 * MIB, expected, expected)


async def test_a_reader_that_does_not_read_stops_the_sender(link: SshLink, tmp_path: Path) -> None:
    sent = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        try:
            for _ in range(1024):
                writer.write(bytes(MIB // 4))
                await writer.drain()
                sent += MIB // 4
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_unix_server(serve, tmp_path / "flood.sock")
    async with await link.open_socket(str(tmp_path / "flood.sock")) as stream:
        assert await stream.read(1)
        last = -1
        while sent != last:
            last = sent
            await asyncio.sleep(0.3)
        assert sent < 16 * MIB
        assert (await link.run("echo others go on")).stdout == b"others go on\n"
        got = 1
        while got < 32 * MIB:
            got += len(await stream.read())
    server.close()


async def test_a_sender_waits_for_a_slow_guest(link: SshLink, tmp_path: Path) -> None:
    go = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await go.wait()
        while await reader.read(MIB):
            pass
        writer.write(b"all")
        writer.close()

    server = await asyncio.start_unix_server(serve, tmp_path / "slow.sock")
    async with await link.open_socket(str(tmp_path / "slow.sock")) as stream:
        writing = asyncio.create_task(stream.write(bytes(32 * MIB)))
        done, _ = await asyncio.wait([writing], timeout=0.5)
        assert not done
        go.set()
        await writing
        await stream.end_output()
        assert await stream.read() == b"all"
    server.close()


async def test_tcp(link: SshLink) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read(100)).upper())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with await link.open_tcp("127.0.0.1", server.sockets[0].getsockname()[1]) as stream:
        await stream.write(b"hello")
        assert await drain(stream.read) == b"HELLO"
    server.close()


async def test_nothing_listens(link: SshLink, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"Nothing in the guest answers on the socket .*missing\.sock"):
        await link.open_socket(str(tmp_path / "missing.sock"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(UnavailableError, match="Nothing in the guest answers on 127"):
            await link.open_tcp("127.0.0.1", free.getsockname()[1])
    results = await asyncio.gather(
        link.open_socket(str(tmp_path / "a")), link.run("true"), link.open_socket("/b"), return_exceptions=True
    )
    assert [type(one).__name__ for one in results] == ["UnavailableError", "Completed", "UnavailableError"]


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait for `condition`: a channel ends when the server has said so too."""
    for _ in range(100):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the channel did not end")


async def test_closed_channels_leave_nothing_behind(link: SshLink, echo: str) -> None:
    for _ in range(20):
        stream = await link.open_socket(echo)
        await stream.close()
        with pytest.raises(UnavailableError):
            await stream.write(b"x")
    await link.run("true")
    transport = link._transport
    await eventually(lambda: not len(transport._channels))
    assert len(transport._strong) == len(transport.channels_seen) == len(transport._channels) == 0


async def test_a_forgotten_stream_is_closed(link: SshLink, echo: str) -> None:
    stream = await link.open_socket(echo)
    del stream
    await link.run("true")
    await eventually(lambda: not link._transport._strong)


async def test_many_bytes_survive_a_change_of_keys(link: SshLink, monkeypatch: pytest.MonkeyPatch, echo: str) -> None:
    monkeypatch.setattr(link._transport.packetizer, "REKEY_BYTES", 4 * MIB)
    payload = os.urandom(32 * MIB)
    async with await link.open_socket(echo) as stream:

        async def send() -> None:
            await stream.write(payload)
            await stream.end_output()

        sending = asyncio.create_task(send())
        assert hashlib.sha256(await drain(stream.read)).digest() == hashlib.sha256(payload + b"bye").digest()
        await sending


async def test_small_messages_are_quick(link: SshLink, echo: str) -> None:
    async with await link.open_socket(echo) as stream:
        times = []
        for _ in range(200):
            start = time.perf_counter()
            await stream.write(b"ping")
            assert await stream.read() == b"ping"
            times.append(time.perf_counter() - start)
    assert sorted(times)[100] < 0.02, "a round trip takes as long as a poll"


# Beginning and end


async def test_another_host_key_is_refused_before_anything_is_shown(sshd: Server, tmp_path: Path) -> None:
    before = sshd.log.read_text().count("Accepted")
    with pytest.raises(ConflictError, match="not this machine"):
        await sshd.connect(host_key=ensure_key(tmp_path / "other"))
    assert sshd.log.read_text().count("Accepted") == before


async def test_a_key_that_the_guest_does_not_know(sshd: Server, tmp_path: Path) -> None:
    ensure_key(tmp_path / "stranger")
    with pytest.raises(GuestError, match="does not accept"):
        await sshd.connect(key=tmp_path / "stranger")


async def test_no_server() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(UnavailableError):
            await SshLink.connect(free.getsockname()[1], "x", Path("x"), "ssh-ed25519 AAAA", 5)


async def test_a_server_that_says_nothing(tmp_path: Path) -> None:
    host_key = ensure_key(tmp_path / "key")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        with pytest.raises((TimeoutExceededError, UnavailableError)):
            await SshLink.connect(silent.getsockname()[1], "x", tmp_path / "key", host_key, 0.5)
        assert time.monotonic() - start < 3


async def test_a_server_that_hangs_up(tmp_path: Path) -> None:
    host_key = ensure_key(tmp_path / "key")

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    with pytest.raises(UnavailableError):
        await SshLink.connect(server.sockets[0].getsockname()[1], "x", tmp_path / "key", host_key, 5)
    server.close()


async def test_a_socket_that_is_connected_already(sshd: Server) -> None:
    connected = socket.create_connection(("127.0.0.1", sshd.port))
    link = await sshd.connect(connected=connected)
    assert (await link.run("echo it")).stdout == b"it\n"
    await link.close()


async def test_close_ends_what_runs_and_is_final(sshd: Server) -> None:
    link = await sshd.connect()
    process = await link.spawn("sleep 60")
    reading = asyncio.create_task(process.read_stdout())
    await asyncio.sleep(0)
    await link.close()
    await link.close()
    assert link.closed.is_set()
    assert await reading == b""
    with pytest.raises(UnavailableError):
        await process.wait()
    with pytest.raises(UnavailableError):
        await link.run("true")


async def test_the_death_of_the_server_is_noticed_at_once(tmp_path: Path) -> None:
    server = start_sshd(tmp_path)
    link = await server.connect()
    process = await link.spawn("echo $PPID; sleep 60")
    parent = int(await process.read_stdout())
    start = time.monotonic()
    os.kill(parent, 9)
    await asyncio.wait_for(link.closed.wait(), 5)
    assert time.monotonic() - start < 1
    with pytest.raises(UnavailableError):
        await process.wait()
    stop_sshd(server)


async def test_a_guest_that_falls_silent_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "KEEPALIVE", 0.2)
    monkeypatch.setattr(link_module, "SILENCE_LIMIT", 1.0)
    server = start_sshd(tmp_path)
    link = await server.connect()
    process = await link.spawn("echo $PPID; sleep 60")
    parent = int(await process.read_stdout())
    await asyncio.sleep(1.5)
    assert not link.closed.is_set(), "an idle guest is not a silent one"
    os.kill(parent, 19)
    try:
        await asyncio.wait_for(link.closed.wait(), 10)
    finally:
        os.kill(parent, 18)
        stop_sshd(server)


async def test_several_links_end_by_themselves(sshd: Server) -> None:
    links = await asyncio.gather(*(sshd.connect() for _ in range(5)))
    await links[0].close()
    assert (await links[1].run("echo alive")).stdout == b"alive\n"
    for link in links[1:]:
        await link.close()


async def test_an_idle_link_costs_nothing(link: SshLink) -> None:
    import threading

    await asyncio.sleep(0.2)
    before = time.process_time()
    await asyncio.sleep(1.0)
    assert time.process_time() - before < 0.02
    assert not [one for one in threading.enumerate() if one.name == "linnet-ssh-writer"]
    assert sys.version_info >= (3, 11)
