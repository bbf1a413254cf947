"""QMP against a server that replays what QEMU 10.0.2 said, and the tables that give its words a meaning."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from vm.drivers import qmp
from vm.drivers.base import VmEvent, VmState
from vm.errors import GuestError, UnavailableError

GREETING = {"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": ""}, "capabilities": ["oob"]}}
STAMP = {"seconds": 1795246702, "microseconds": 57251}

Answer = Callable[[dict[str, Any]], list[dict[str, Any]]]


def event(name: str, **data: object) -> dict[str, Any]:
    return {"timestamp": STAMP, "event": name, "data": data}


@asynccontextmanager
async def replay(path: Path, answer: Answer) -> AsyncIterator[None]:
    """Serve QMP on `path`: each command gets what `answer` returns; an empty message ends the connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(json.dumps(GREETING).encode() + b"\r\n")
        # The client ends its commands with nothing but the closing brace; it sends one at a time.
        while data := await reader.read(65536):
            command = json.loads(data)
            known = command["execute"] == "qmp_capabilities"
            for message in [{"return": {}}] if known else answer(command):
                if not message:
                    writer.close()
                    return
                reply = message if "event" in message else {**message, "id": command.get("id")}
                writer.write(json.dumps(reply).encode() + b"\r\n")
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    async with server:
        yield


async def connect(path: Path, seen: list[str] | None = None) -> qmp.Connection:
    return await qmp.Connection.open("m", path, lambda name, _data: (seen if seen is not None else []).append(name), 5)


async def test_commands_and_refusals(tmp_path: Path) -> None:
    def answer(command: dict[str, Any]) -> list[dict[str, Any]]:
        if command["execute"] == "query-status":
            return [{"return": {"status": "prelaunch", "running": False}}]
        if command["execute"] == "human-monitor-command":
            return [{"return": command["arguments"]["command-line"]}]
        return [{"error": {"class": "GenericError", "desc": "Resetting the Virtual Machine is required"}}]

    async with replay(tmp_path / "q", answer):
        connection = await connect(tmp_path / "q")
        assert await connection.run_state() == "prelaunch"
        assert await connection.human("info usernet") == "info usernet"
        with pytest.raises(GuestError, match="Resetting the Virtual Machine is required"):
            await connection.execute("cont")
        await connection.close()


async def test_events_come_in_order_and_the_end_is_explained(tmp_path: Path) -> None:
    def answer(_command: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"return": {}}, event("POWERDOWN"), event("SHUTDOWN", guest=True, reason="guest-shutdown"), {}]

    seen: list[str] = []
    async with replay(tmp_path / "q", answer):
        connection = await connect(tmp_path / "q", seen)
        serving = asyncio.create_task(connection.serve())
        await connection.execute("system_powerdown")
        await asyncio.wait_for(serving, 5)
    assert seen == ["POWERDOWN", "SHUTDOWN"]
    assert connection.ending == "shutdown"


async def test_a_death_without_a_word(tmp_path: Path) -> None:
    async with replay(tmp_path / "q", lambda _command: [{}]):
        connection = await connect(tmp_path / "q")
        serving = asyncio.create_task(connection.serve())
        with pytest.raises(UnavailableError, match="is gone"):
            await connection.execute("query-status")
        await asyncio.wait_for(serving, 5)
    assert connection.ending is None


async def test_migration_waits_for_its_end(tmp_path: Path) -> None:
    commands: list[dict[str, Any]] = []

    def answer(command: dict[str, Any]) -> list[dict[str, Any]]:
        commands.append(command)
        if command["execute"] == "migrate":
            outcome = "completed" if command["arguments"]["uri"] == "file:/good" else "failed"
            steps = [event("MIGRATION", status=status) for status in ("setup", "active", outcome)]
            return [{"return": {}}, *steps]
        if command["execute"] == "query-migrate":
            desc = "Unable to write to file: No space left on device"
            return [{"return": {"status": "failed", "error-desc": desc}}]
        return [{"return": {}}]

    async with replay(tmp_path / "q", answer):
        connection = await connect(tmp_path / "q")
        serving = asyncio.create_task(connection.serve())
        await connection.prepare_migration()
        await connection.migrate("migrate", "file:/good", 5)
        with pytest.raises(GuestError, match="No space left on device"):
            await connection.migrate("migrate", "file:/bad", 5)
        await connection.close()
        await asyncio.wait_for(serving, 5)
    assert {"capability": "mapped-ram", "state": True} in commands[0]["arguments"]["capabilities"]


async def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be reached"):
        await connect(tmp_path / "none")


@pytest.mark.parametrize(
    ("run_state", "expected"),
    [
        ("paused", VmEvent(VmState.paused, "paused")),
        ("internal-error", VmEvent(VmState.failed, "internal-error")),
        ("io-error", VmEvent(VmState.failed, "io-error")),
        ("guest-panicked", VmEvent(VmState.failed, "panic")),
    ],
)
def test_why_it_stopped(run_state: str, expected: VmEvent) -> None:
    assert qmp.stop_event(run_state) == expected


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("RESUME", {}, VmEvent(VmState.running, "resumed")),
        ("RESET", {"guest": True, "reason": "guest-reset"}, VmEvent(VmState.running, "reset")),
        ("RESET", {"guest": False, "reason": "host-qmp-system-reset"}, None),
        ("BLOCK_IO_ERROR", {"action": "report", "reason": "EIO"}, VmEvent(VmState.running, "io-error")),
        ("BLOCK_IO_ERROR", {"action": "stop", "nospace": True}, None),
        ("RTC_CHANGE", {"offset": 0}, None),
    ],
)
def test_events_that_explain_themselves(name: str, data: dict[str, object], expected: VmEvent | None) -> None:
    assert qmp.direct_event(name, data) == expected


def test_every_run_state_and_ending_has_a_meaning() -> None:
    assert set(qmp.FAILURES) <= {state for state, meaning in qmp.STATES.items() if meaning is VmState.failed}
    assert qmp.ENDINGS["guest-panic"] == "panic"
    assert qmp.ENDINGS["host-signal"] == "killed"
