"""Which container ran out of memory: read out of the kernel's log, recorded in a guest, and counted by cgroups."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import cgroup, oom
from agent.containers import Container
from agent.loop import PRIORITY, Loop
from agent.oom import KernelLog, Kill, OomWatch

DATA = Path(__file__).parent / "data"

ID = "5e2b" * 16
WEB = Container(ID, "web", "hello", 5)
SCOPE = f"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope"
FULL = b"6,1,5,-;memory: usage 65536kB, limit 65536kB, failcnt 9\n"
KILL = (
    f"6,2,6,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=container,mems_allowed=0,oom_memcg={SCOPE},"
    f"task_memcg={SCOPE}/container,task=head -c,pid=812,uid=1000\n"
).encode()
"""As the recorded one, of a container whose id is known here."""


def recorded() -> list[bytes]:
    return (DATA / "oom.kmsg").read_bytes().splitlines(keepends=True)


def test_a_recorded_kill() -> None:
    log = KernelLog()
    kills = [kill for kill in map(log.read, recorded()) if kill is not None]
    assert kills
    for kill in kills:
        assert kill.limited
        assert kill.cgroup.startswith(kill.limited)
        assert kill.program == "tail"
        assert kill.limit == 24 << 20
        assert 0 < kill.memory <= kill.limit


def test_kills_in_other_words() -> None:
    log = KernelLog()
    assert log.read(FULL) is None
    assert log.read(KILL) == Kill(f"{SCOPE}/container", SCOPE, "head -c", 64 << 20, 64 << 20)
    assert log.read(KILL) == Kill(f"{SCOPE}/container", SCOPE, "head -c")  # what the one before had is not its own
    line = KILL.replace(b"CONSTRAINT_MEMCG", b"CONSTRAINT_NONE").replace(b"oom_memcg=", b"global_oom,was=")
    assert log.read(line) == Kill(f"{SCOPE}/container", "", "head -c")
    assert log.read(b"6,3,7,-;eth0: link up\n SUBSYSTEM=net\n") is None
    assert log.read(b"") is None


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], int]]:
    """What is written into it is what the kernel logs."""
    ours, theirs = os.pipe2(os.O_NONBLOCK)
    monkeypatch.setattr(oom, "open_log", lambda: os.dup(ours))
    yield lambda data: os.write(theirs, data)
    os.close(ours)
    os.close(theirs)


class Guest:
    """A loop with a watch; `told` are its events."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.told: list[dict[str, Any]] = []
        self.watch = OomWatch(self.loop, self.told.append)

    def play(self, *steps: Callable[[], object]) -> list[dict[str, Any]]:
        async def main() -> None:
            for step in steps:
                step()
                await self.loop.sleep(0.02)
            self.watch.stop()
            await self.loop.sleep(0)

        self.loop.run(main())
        return self.told


def test_a_kill_is_told_by_the_containers_name(pipe: Callable[[bytes], int]) -> None:
    guest = Guest()
    told = guest.play(lambda: guest.watch.set({ID: WEB}), lambda: pipe(FULL), lambda: pipe(KILL))
    assert told == [
        {
            "action": "oom", "id": ID, "name": "web", "image": "hello", "labels": {}, "limit": 64 << 20,
            "memory": 64 << 20, "program": "head -c", "guest": False, "limited": "",
        }
    ]  # fmt: skip


def test_a_limit_above_the_container_is_named(pipe: Callable[[bytes], int]) -> None:
    guest = Guest()
    line = KILL.replace(f"oom_memcg={SCOPE}".encode(), b"oom_memcg=/user.slice/pod")
    told = guest.play(lambda: guest.watch.set({ID: WEB}), lambda: pipe(line))
    assert [one["limited"] for one in told] == ["/user.slice/pod"]


def test_a_container_that_is_known_later_is_told_then(pipe: Callable[[bytes], int]) -> None:
    guest = Guest()
    other = Container("77" * 32, "other", "hello", 6)
    told = guest.play(
        lambda: guest.watch.set({other.id: other}),
        lambda: pipe(KILL),
        lambda: guest.watch.meet(other),
        lambda: guest.watch.meet(WEB._replace(pid=0)),
    )
    assert [one["name"] for one in told] == ["web"]


def test_one_that_has_ended_still_has_its_name(pipe: Callable[[bytes], int]) -> None:
    guest = Guest()
    other = Container("77" * 32, "other", "hello", 6)
    told = guest.play(
        lambda: guest.watch.set({ID: WEB, other.id: other}),
        lambda: guest.watch.set({other.id: other}),
        lambda: pipe(KILL),
    )
    assert [one["name"] for one in told] == ["web"]


def test_what_the_log_left_out_is_counted(
    pipe: Callable[[bytes], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = tmp_path / "memory.events"
    events.write_text("oom 0\noom_kill 0\n")
    (tmp_path / "memory.max").write_text("1048576\n")
    monkeypatch.setattr(cgroup, "of_process", lambda _pid, _id: str(tmp_path))
    monkeypatch.setattr(oom, "_PATIENCE", 0.01)
    guest = Guest()
    wait, signalled = guest.loop.wait, guest.loop.sleep

    def waits(descriptor: int, mask: int) -> Coroutine[Any, Any, None]:
        return signalled(0.03) if mask == PRIORITY else wait(descriptor, mask)  # files of tests signal nothing

    monkeypatch.setattr(guest.loop, "wait", waits)
    told = guest.play(
        lambda: guest.watch.set({ID: WEB}),
        lambda: pipe(KILL),
        lambda: events.write_text("oom 3\noom_kill 3\n"),
        lambda: None,
        lambda: None,
        lambda: None,
    )
    assert [(one["program"], one["limit"]) for one in told] == [("head -c", 0), ("", 1 << 20), ("", 1 << 20)]


def test_without_a_log_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> int:
        raise PermissionError("no log")

    monkeypatch.setattr(oom, "open_log", none)
    guest = Guest()
    assert guest.play(lambda: guest.watch.set({ID: WEB}), lambda: guest.watch.set({ID: WEB})) == []
