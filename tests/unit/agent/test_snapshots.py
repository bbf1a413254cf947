"""Tests of what the agent does for snapshots and upgrades: agent.freeze, agent.inventory, agent.diskcheck."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from agent import diskcheck, freeze, inventory
from agent.engines.switch import Engines
from agent.errors import AgentError
from agent.freeze import Freezer
from agent.loop import Loop
from agent.snapshots import methods


class Disk:
    """A file system that can be held."""

    def __init__(self) -> None:
        self.held = False
        self.calls: list[str] = []
        self.fails = False
        self.slow: threading.Event | None = None

    def hold(self) -> None:
        if self.slow is not None:
            self.slow.wait(5)
        if self.fails:
            raise OSError(95, "Operation not supported")
        self.held = True
        self.calls.append("hold")

    def let_go(self) -> bool:
        was, self.held = self.held, False
        self.calls.append("let go")
        return was


def run(disk: Disk, work: Callable[[Loop, Freezer], Awaitable[None]]) -> None:
    loop = Loop()
    freezer = Freezer(loop, disk.hold, disk.let_go)

    async def main() -> None:
        await work(loop, freezer)

    loop.run(main())


def test_held_and_let_go() -> None:
    disk = Disk()

    async def work(_loop: Loop, freezer: Freezer) -> None:
        assert await freezer.freeze({"limit": 5}) == {}
        assert disk.held
        with pytest.raises(AgentError, match="already"):
            await freezer.freeze({})
        assert await freezer.thaw({}) == {"held": True}
        assert not disk.held
        assert await freezer.thaw({}) == {"held": False}
        await freezer.freeze({})
        await freezer.thaw({})

    run(disk, work)


def test_guest_lets_go_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    disk = Disk()

    async def work(loop: Loop, freezer: Freezer) -> None:
        await freezer.freeze({"limit": 0})  # the least is a second
        assert disk.held
        await loop.sleep(1.2)
        assert not disk.held
        assert await freezer.thaw({}) == {"held": False}

    run(disk, work)
    assert "too long" in capsys.readouterr().err


def test_holding_takes_longer_than_it_may(capsys: pytest.CaptureFixture[str]) -> None:
    disk = Disk()
    disk.slow = slow = threading.Event()

    async def work(loop: Loop, freezer: Freezer) -> None:
        loop.later(1.3, slow.set)
        with pytest.raises(AgentError, match="within 1 s"):
            await freezer.freeze({"limit": 1})
        assert not disk.held
        assert disk.calls[-2:] == ["hold", "let go"]

    run(disk, work)
    assert "too long" in capsys.readouterr().err


def test_file_system_that_cannot_be_held() -> None:
    disk = Disk()
    disk.fails = True

    async def work(_loop: Loop, freezer: Freezer) -> None:
        with pytest.raises(AgentError, match="not supported"):
            await freezer.freeze({})
        disk.fails = False
        await freezer.freeze({})

    run(disk, work)


def test_impossible_limit() -> None:
    async def work(_loop: Loop, freezer: Freezer) -> None:
        with pytest.raises(ValueError, match="float"):
            await freezer.freeze({"limit": "long"})

    run(Disk(), work)


def test_letting_go_of_what_is_not_held(tmp_path: Path) -> None:
    assert not freeze.let_go(str(tmp_path))
    assert not freeze.let_go(str(tmp_path / "missing"))


def test_disk_check(tmp_path: Path) -> None:
    log = tmp_path / "kmsg"
    log.write_text("6,100,5,-;XFS (vdb): Mounting V5 Filesystem\n")
    assert diskcheck.status(str(tmp_path), str(log)) == {"code": None, "text": "", "kernel": []}
    (tmp_path / "code").write_text("1\n")
    (tmp_path / "text").write_text("x" * 9000 + "bad inode")
    found = diskcheck.status(str(tmp_path), str(tmp_path / "missing"))
    assert found["code"] == 1
    assert found["text"].endswith("bad inode")
    assert len(found["text"]) == 8192


def test_complaints_of_the_kernel() -> None:
    records = [
        "6,1,5,-;XFS (vdb): Mounting V5 Filesystem 1234\n",
        "5,2,5,-;XFS (vdb): Ending clean mount\n",
        "1,3,5,-;XFS (vdb): Corruption detected. Unmount and run xfs_repair\n DEVICE=b254:16\n",
        "3,4,5,-;EXT4-fs error (device vda)\n",
        "11,5,5,-;XFS (vdb): log I/O error -5\n",
        "no record",
    ]
    assert diskcheck.complaints(records) == [
        "XFS (vdb): Corruption detected. Unmount and run xfs_repair",
        "XFS (vdb): log I/O error -5",
    ]


ANSWERS: dict[str, Any] = {
    "/images/json": [{"Id": "sha256:" + "b" * 64}, {"Id": "sha256:" + "a" * 64}, {"Id": "sha256:" + "a" * 64}],
    "/containers/json?all=true": [
        {"Id": "1" * 64, "State": "running"},
        {"Id": "2" * 64, "State": "exited"},
        {"Id": "3" * 64, "State": "running"},
    ],
    "/volumes": {"Volumes": [{"Name": "data"}, {"Name": "c" * 64}, {"Name": "d" * 64}]},
    f"/containers/{'1' * 64}/json": {
        "HostConfig": {"AutoRemove": True},
        "Mounts": [{"Name": "c" * 64}, {"Name": "data"}, {"Type": "bind"}],
    },
    f"/containers/{'3' * 64}/json": {"HostConfig": {"AutoRemove": False}, "Mounts": [{"Name": "d" * 64}]},
}


def test_inventory_leaves_out_what_goes_by_itself(tmp_path: Path) -> None:
    socket = str(tmp_path / "engine.sock")
    ready, over = threading.Event(), threading.Event()

    def serve() -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                body = json.dumps(ANSWERS[line.split()[1].decode()]).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
            writer.close()

        async def main() -> None:
            async with await asyncio.start_unix_server(answer, socket):
                ready.set()
                await asyncio.to_thread(over.wait)

        asyncio.run(main())

    server = threading.Thread(target=serve)
    server.start()
    ready.wait()
    loop = Loop()
    engine = Engines(loop, 1000, "docker").current
    engine.socket = socket
    try:
        found = loop.run(inventory.take(loop, engine))
    finally:
        over.set()
        server.join()
    assert found == {
        "engine": "docker",
        "images": ["a" * 12, "b" * 12],
        "containers": ["2" * 12, "3" * 12],
        "volumes": ["data", "d" * 64],
    }


def test_methods() -> None:
    loop = Loop()
    assert set(methods(loop, Engines(loop, 1000, "podman"))) == {
        "data.freeze", "data.thaw", "data.check", "data.inventory",
    }  # fmt: skip
