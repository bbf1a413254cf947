"""Tests of agent.idle: what counts as work, and what is done when there is none."""

from __future__ import annotations

from typing import Any

import pytest

from agent import disk, idle, memory
from agent.core import Sampled
from agent.errors import AgentError
from agent.idle import INTERVAL, TRAFFIC, TRIM_STEP, Counters, IdleWatch, Trimming, has_worked
from agent.loop import Loop

SNMP = b"""Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos
Ip: 1 64 900 0 0 12 0
Icmp: InMsgs InErrors
Icmp: 3 0
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails
Tcp: 1 200 120000 -1 4 7 0
Udp: InDatagrams NoPorts
Udp: 5 0
"""

TCP = b"""  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0F02000A:0016 0202000A:D431 01 00000000:00000000 02:000A 00000000     0        0 900 2
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:0000 00000000     0        0 901 1
   2: 0F02000A:1F90 0202000A:D432 01 00000000:00000000 02:000A 00000000     0        0 902 2
   3: 0F02000A:1F90 0202000A:D433 06 00000000:00000000 02:000A 00000000     0        0 0 2
   4: 0F02000A:9C40 0302000A:0035 01 00000000:00000000 02:000A 00000000     0        0 903 2
"""

TCP6 = (
    b"  sl  local_address                         remote_address                        st\n"
    b"   0: 0000000000000000FFFF00000F02000A:1F91 0000000000000000FFFF00000202000A:D434 01 00000000:00000000\n"
)

NET = b"""Inter-|   Receive                                      |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes
    lo:     100       2 0 0 0 0 0 0      100
  eth0: 2135678    1500 0 0 0 0 0 0    12858
"""


def at(seconds: float, **changes: Any) -> Counters:
    """Counters of a guest without containers that has done nothing so far."""
    return Counters(seconds, {}, 0, 0, 0, 0)._replace(**changes)


def test_what_came_in_is_summed_over_the_protocols() -> None:
    assert idle.accepted(SNMP) == 12 + 7 + 5
    assert idle.accepted(b"") == 0


def test_only_open_connections_of_the_host_to_published_ports_count() -> None:
    assert idle.connections(TCP) == 1
    assert idle.connections(TCP6) == 1
    assert idle.connections(b"") == 0


def test_connections_are_looked_for_only_when_there_may_be_some(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    files = {"/proc/net/snmp": SNMP, "/proc/net/tcp": TCP, "/proc/net/tcp6": b"", "/proc/net/dev": NET}

    def content(path: str) -> bytes:
        read.append(path)
        return files.get(path, b"")

    monkeypatch.setattr("agent.cgroup.read", content)
    assert idle.look({}).open == 1
    quiet = at(0, accepted=24)
    read.clear()
    assert idle.look({}, quiet).open == 0
    assert "/proc/net/tcp" not in read
    assert idle.look({}, quiet._replace(accepted=23)).open == 1
    assert idle.look({}, quiet._replace(open=1)).open == 1


def test_bytes_from_the_network() -> None:
    assert idle.received(NET) == 2135678


@pytest.mark.parametrize(
    ("change", "worked"),
    [
        ({}, False),
        ({"guest": 2_000_000}, False),
        ({"guest": 3_000_000}, True),
        ({"accepted": 1}, True),
        ({"open": 1}, True),
        ({"received": TRAFFIC}, False),
        ({"received": TRAFFIC + 1}, True),
        ({"containers": {"c1": 5}}, True),
    ],
)
def test_what_counts_as_work(change: dict[str, Any], worked: bool) -> None:
    assert has_worked(at(100), at(110, **change)) is worked


def test_a_container_may_tick_over() -> None:
    before = at(100, containers={"c1": 1_000_000, "c2": 0})
    assert not has_worked(before, at(110, containers={"c1": 1_150_000, "c2": 50_000}))
    assert has_worked(before, at(110, containers={"c1": 1_150_000, "c2": 60_000}))
    assert has_worked(before, at(110, containers={"c1": 1_000_000}))  # one of them ended


class Watched:
    """An idle watch whose guest is played."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told: list[dict[str, Any]] = []
        self.done: list[str] = []
        self.now = 0.0
        self.loop = Loop()
        monkeypatch.setattr(memory, "reclaim", lambda: self.done.append("reclaim"))
        monkeypatch.setattr(disk, "status", lambda: {"used": 0})
        monkeypatch.setattr(disk, "trim", self._trim)
        self.watch = IdleWatch(self.loop, tuple, self._take)

    def _trim(self) -> dict[str, int]:
        self.done.append("trim")
        return {"trimmed": 0}

    def _take(self, event: Sampled) -> None:
        assert event.topic == "idle"
        self.told.append(event.data)

    async def looks(self, count: int, **changes: Any) -> None:
        for _ in range(count):
            self.now += INTERVAL
            await self.watch.step(at(self.now, **changes))


def test_idleness_is_told_once_and_its_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch)

    async def main() -> None:
        await watched.looks(10)
        await watched.looks(1, accepted=1)
        await watched.looks(3, accepted=1)

    watched.loop.run(main())
    assert watched.told == [
        {"idle": False, "quiet": 0, "containers": 0},
        {"idle": True, "quiet": 30, "containers": 0},
        {"idle": False, "quiet": 0, "containers": 0},
        {"idle": True, "quiet": 30, "containers": 0},
    ]
    assert watched.done == ["reclaim", "reclaim"]


def test_a_container_that_comes_is_told_though_nothing_works(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch)

    async def main() -> None:
        await watched.looks(4)
        await watched.looks(4, containers={"c1": 7})

    watched.loop.run(main())
    assert [(told["idle"], told["containers"]) for told in watched.told] == [
        (False, 0), (True, 0), (False, 1), (True, 1),
    ]  # fmt: skip


def test_the_disk_is_trimmed_once_in_a_long_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(monkeypatch)
    watched.loop.run(watched.looks(60))
    assert watched.done == ["reclaim", "trim"]


def test_a_trim_is_worth_it_when_enough_was_freed_or_written(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = {"used": 0, "written": 0}
    monkeypatch.setattr(disk, "status", lambda: {"used": figures["used"]})
    monkeypatch.setattr(idle, "_written", lambda: figures["written"])
    trims: list[int] = []

    def trim() -> dict[str, int]:
        trims.append(1)
        return {"trimmed": 1}

    monkeypatch.setattr(disk, "trim", trim)
    trimming = Trimming()

    def run(used: int, written: int) -> int:
        figures.update(used=used, written=written)
        loop = Loop()
        loop.run(trimming.run(loop))
        return len(trims)

    assert run(TRIM_STEP * 4, 0) == 1  # what happened before this agent is not known
    assert run(TRIM_STEP * 4, TRIM_STEP - 1) == 1
    assert run(TRIM_STEP * 3, TRIM_STEP - 1) == 2
    assert run(TRIM_STEP * 3, TRIM_STEP * 2 - 1) == 3
    assert run(TRIM_STEP * 3, TRIM_STEP * 2) == 3


def test_caches_that_cannot_be_emptied_do_not_end_the_watch(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> dict[str, int]:
        raise AgentError("timeout", "nice did not end within 120 s")

    watched = Watched(monkeypatch)
    monkeypatch.setattr(memory, "reclaim", refuse)
    watched.loop.run(watched.looks(5))
    assert "could not be emptied: nice did not end within 120 s" in capsys.readouterr().err
    assert watched.told[-1]["idle"]


def test_a_disk_that_cannot_be_trimmed_does_not_end_the_watch(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> dict[str, int]:
        raise AgentError("guest", "fstrim failed: not supported")

    watched = Watched(monkeypatch)
    monkeypatch.setattr(disk, "trim", refuse)
    watched.loop.run(watched.looks(40))
    assert "could not be trimmed: fstrim failed: not supported" in capsys.readouterr().err
    assert watched.told[-1]["idle"]
