"""Waiting for what makes a machine ready."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from vm.errors import GuestError, LinnetError, TimeoutExceededError
from vm.machine import requirements
from vm.machine.requirements import LOG_LINES, Requirement, meet, tail
from vm.progress import Progress, ignore


def future() -> asyncio.Future[LinnetError]:
    return asyncio.get_running_loop().create_future()


async def forever() -> None:
    await asyncio.Event().wait()


async def test_in_order_each_told_before(tmp_path: Path) -> None:
    order: list[object] = []

    def requirement(text: str) -> Requirement:
        async def probe() -> None:
            order.append(text)

        return Requirement(text, probe, "", 1)

    await meet([requirement("a"), requirement("b")], order.append, future(), tmp_path / "none")
    assert order == [Progress("Waiting for a", 0, 2), "a", Progress("Waiting for b", 1, 2), "b"]


async def test_too_late_names_what_and_shows_the_console(tmp_path: Path) -> None:
    console = tmp_path / "serial.log"
    console.write_bytes(b"first\r\nKernel panic \xff\r\n")
    with pytest.raises(TimeoutExceededError, match="still waiting for the engine after 0 seconds") as caught:
        await meet([Requirement("the engine", forever, "Do this.", 0.01)], ignore, future(), console)
    assert caught.value.hint == "Do this."
    assert caught.value.detail == "first\nKernel panic \ufffd"


async def test_failure_keeps_its_own_detail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "END_TOLD", 0.01)

    async def probe() -> None:
        raise GuestError("no", detail="why")

    (tmp_path / "log").write_text("console")
    with pytest.raises(GuestError) as caught:
        await meet([Requirement("it", probe, "", 1)], ignore, future(), tmp_path / "log")
    assert caught.value.detail == "why\nconsole"


async def test_end_of_the_vm_ends_the_waiting(tmp_path: Path) -> None:
    ended = future()
    asyncio.get_running_loop().call_soon(ended.set_result, GuestError("QEMU died"))
    cancelled = asyncio.Event()

    async def probe() -> None:
        try:
            await forever()
        finally:
            cancelled.set()

    with pytest.raises(GuestError, match="QEMU died"):
        await meet([Requirement("it", probe, "", 60)], ignore, ended, tmp_path / "none")
    assert cancelled.is_set()


async def test_who_talked_to_a_vm_that_ended_is_not_the_cause(tmp_path: Path) -> None:
    ended = future()

    async def probe() -> None:
        asyncio.get_running_loop().call_later(0.01, ended.set_result, GuestError("QEMU died"))
        raise GuestError("end of file from its monitor")

    with pytest.raises(GuestError, match="QEMU died") as caught:
        await meet([Requirement("it", probe, "", 60)], ignore, ended, tmp_path / "none")
    assert "end of file" in str(caught.value.__cause__)


def test_tail(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert tail(log) == ""
    log.write_text("".join(f"line {number} {'x' * 500}\n" for number in range(1000)))
    assert [line.split()[1] for line in tail(log).splitlines()] == [str(n) for n in range(1000 - LOG_LINES, 1000)]
