"""Tests of agent.loop."""

from __future__ import annotations

import os
import socket
import time

import pytest

from agent.loop import READ, WRITE, CancelledTask, Future, Loop, Task


def test_run_returns_what_main_returns() -> None:
    async def main() -> int:
        return 5

    assert Loop().run(main()) == 5


def test_a_failure_of_main_is_raised() -> None:
    async def main() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        Loop().run(main())


def test_sleepers_wake_in_order() -> None:
    loop = Loop()
    order: list[str] = []

    async def sleeper(name: str, seconds: float) -> None:
        await loop.sleep(seconds)
        order.append(name)

    async def main() -> None:
        tasks = [loop.spawn(sleeper("late", 0.05)), loop.spawn(sleeper("early", 0.01))]
        for task in tasks:
            await task

    loop.run(main())
    assert order == ["early", "late"]


def test_both_directions_of_a_socket_can_be_awaited_at_once() -> None:
    loop = Loop()
    ours, theirs = socket.socketpair()

    async def main() -> bytes:
        reader = loop.spawn(loop.wait(ours.fileno(), READ))
        await loop.wait(ours.fileno(), WRITE)
        assert not reader.done
        theirs.send(b"x")
        await reader
        return ours.recv(1)

    with ours, theirs:
        assert loop.run(main()) == b"x"


def test_timeout_cancels_what_it_waits_for() -> None:
    loop = Loop()
    ended: list[str] = []

    async def forever() -> None:
        try:
            await Future()
        finally:
            ended.append("yes")

    async def main() -> None:
        with pytest.raises(TimeoutError, match=r"no answer in 0\.01 s"):
            await loop.timeout(0.01, forever())

    loop.run(main())
    assert ended == ["yes"]


def test_timeout_hands_on_result_and_failure() -> None:
    loop = Loop()

    async def fail() -> None:
        await loop.sleep(0)
        raise ValueError("no")

    async def value() -> str:
        await loop.sleep(0)
        return "yes"

    async def main() -> str:
        with pytest.raises(ValueError, match="no"):
            await loop.timeout(1, fail())
        return str(await loop.timeout(1, value()))

    assert loop.run(main()) == "yes"


def test_cancelling_the_outer_task_cancels_the_inner_one_of_a_timeout() -> None:
    loop = Loop()
    ended: list[str] = []

    async def inner() -> None:
        try:
            await Future()
        finally:
            ended.append("inner")

    async def main() -> None:
        outer = Task(loop, loop.timeout(10, inner()))
        await loop.sleep(0.01)
        outer.cancel()
        with pytest.raises(CancelledTask):
            await outer
        await loop.sleep(0)

    loop.run(main())
    assert ended == ["inner"]


def test_a_descriptor_number_can_be_used_again_in_the_turn_that_cancels_its_waiter() -> None:
    loop = Loop()

    async def main() -> bytes:
        first, second = os.pipe()
        waiter = Task(loop, loop.wait(first, READ))
        await loop.sleep(0)
        await loop.sleep(0)
        waiter.cancel()
        os.close(first)
        os.close(second)
        again, writer = os.pipe()
        assert again == first
        os.write(writer, b"y")
        await loop.wait(again, READ)
        data = os.read(again, 1)
        os.close(again)
        os.close(writer)
        return data

    assert loop.run(main()) == b"y"


def test_blocking_work_does_not_stop_the_loop() -> None:
    loop = Loop()
    ticks: list[float] = []

    async def tick() -> None:
        while True:
            await loop.sleep(0.005)
            ticks.append(time.monotonic())

    async def main() -> str:
        ticker = loop.spawn(tick())

        def slow() -> str:
            time.sleep(0.05)
            return "done"

        try:
            return str(await loop.in_thread(slow))
        finally:
            ticker.cancel()

    assert loop.run(main()) == "done"
    assert len(ticks) > 2


def test_the_failure_of_a_background_task_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    loop = Loop()

    async def fail() -> None:
        raise RuntimeError("broken")

    async def main() -> None:
        loop.spawn(fail())
        await loop.sleep(0.01)

    loop.run(main())
    line = capsys.readouterr().err
    assert line.startswith("task failed: ")
    assert line.endswith("RuntimeError: broken\n")
    assert line.count("\n") == 1
