"""The local API over a real socket, with machines in memory."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from app.core.client import Client
from app.service.http import BODY_LIMIT
from tests.unit.app.service.conftest import Running, until
from vm.errors import CancelledByUserError, ConflictError, GuestError, LinnetError, NotFoundError, UsageError
from vm.machine.status import MachineEvent


async def raw(running: Running, request: bytes) -> tuple[int, bytes]:
    """Send bytes, return status and all that comes until the connection ends."""
    reader, writer = await running.connect()
    writer.write(request)
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(-1), 5)
    writer.close()
    return (int(answer.split(b" ", 2)[1]) if answer else 0), answer


async def test_plain_requests_share_a_connection(running: Running) -> None:
    def use(client: Client) -> tuple[Any, Any, int]:
        version = client.version()
        machines = client.get("/v1/machines")
        return version, machines, running.server.connections

    version, machines, connections = await running.call(use)
    assert version["idle"] is True
    assert [machine["name"] for machine in machines] == ["default"]
    assert machines[0]["state"] == "stopped"
    assert connections == 1


async def test_long_work_reports_progress_and_result(running: Running) -> None:
    steps: list[tuple[str, int | None, int | None]] = []

    def use(client: Client) -> Any:
        return client.operate("POST", "/v1/machines/default/start", {}, lambda *step: steps.append(step))

    result = await running.call(use)
    assert result["state"] == "running"
    assert steps[-1] == ("Waiting for the engine", 2, 3)


async def test_two_starts_are_one_operation(running: Running) -> None:
    gate = running.machine.start_gate = asyncio.Event()
    told: list[set[str]] = [set(), set()]

    def start(texts: set[str]) -> asyncio.Task[Any]:
        def use(client: Client) -> Any:
            return client.operate("POST", "/v1/machines/default/start", {}, lambda text, *_: texts.add(text))

        return asyncio.create_task(running.call(use))

    starts = [start(texts) for texts in told]
    await until(lambda: all(told))
    gate.set()
    results = await asyncio.gather(*starts)
    assert running.machine.starts == 1
    assert [result["state"] for result in results] == ["running", "running"]


async def test_client_that_leaves_does_not_stop_the_work(running: Running) -> None:
    gate = running.machine.start_gate = asyncio.Event()
    reader, writer = await running.connect()
    writer.write(b"POST /v1/machines/default/start HTTP/1.1\r\nHost: l\r\nContent-Length: 0\r\n\r\n")
    await reader.readuntil(b"Starting QEMU")
    assert not running.service.idle
    writer.close()
    await until(lambda: not running.server.connections)
    gate.set()
    await running.service.operations.list()[0].wait()
    assert running.machine.running


async def test_cancel_stops_the_work_and_says_so(running: Running) -> None:
    running.machine.start_gate = asyncio.Event()
    start = asyncio.create_task(running.call(lambda client: client.operate("POST", "/v1/machines/default/start")))
    await until(lambda: not (not running.service.operations.running or not running.machine.starts))
    identifier = running.service.operations.running[0].id
    await running.call(lambda client: client.delete(f"/v1/operations/{identifier}"))
    with pytest.raises(CancelledByUserError):
        await start
    assert running.machine.cleaned_up
    listed = await running.call(lambda client: client.get("/v1/operations"))
    assert listed[0]["state"] == "cancelled"


async def test_failure_of_long_work_arrives_as_what_it_was(running: Running) -> None:
    running.machine.start_error = GuestError("The engine did not answer.", hint="Look.", detail="log end")
    with pytest.raises(GuestError) as caught:
        await running.call(lambda client: client.operate("POST", "/v1/machines/default/start"))
    assert (caught.value.message, caught.value.hint, caught.value.detail) == (
        "The engine did not answer.",
        "Look.",
        "log end",
    )


async def test_mistake_in_the_work_is_told_and_survived(running: Running) -> None:
    async def broken(report: Any) -> None:
        raise ZeroDivisionError("one")

    running.machine.start = broken  # type: ignore[method-assign]
    with pytest.raises(LinnetError, match="mistake in Linnet: ZeroDivisionError"):
        await running.call(lambda client: client.operate("POST", "/v1/machines/default/start"))
    assert (await running.call(lambda client: client.version()))["idle"] is True


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "text"),
    [
        ("GET", "/v1/nothing", None, NotFoundError, "has no GET /v1/nothing"),
        ("GET", "/v1/machines/other", None, NotFoundError, "no machine 'other'"),
        ("PATCH", "/v1/machines", {}, UsageError, "only with GET, POST"),
        ("POST", "/v1/machines", {"name": 5}, UsageError, "name: Expected `str`, got `int`"),
        ("POST", "/v1/machines", {"nam": "a"}, UsageError, "unknown field `nam`"),
        ("POST", "/v1/machines", {"name": "Bad Name"}, UsageError, "cannot be the name"),
        ("POST", "/v1/machines/default/exec", {"argv": ["a", 1]}, UsageError, r"argv\[1\]|argv\[\.\.\.\]"),
        ("GET", "/v1/machines/default/logs?tail=x", None, UsageError, "tail"),
        ("GET", "/v1/machines/default/ports?x=1", None, UsageError, "no parameter 'x'"),
        ("GET", "/v1/machines/default/logs?source=moon", None, UsageError, "no log 'moon'"),
        ("POST", "/v1/machines/default/exec", {"argv": ["a"], "wake": False}, ConflictError, "not running"),
    ],
)
async def test_bad_requests_are_told_what_is_wrong(
    running: Running, method: str, path: str, body: Any, kind: type[LinnetError], text: str
) -> None:
    def use(client: Client) -> Any:
        return client._request(method, path, body)

    with pytest.raises(kind, match=text):
        await running.call(use)


async def test_wrong_json_is_400(running: Running) -> None:
    status, answer = await raw(
        running, b"POST /v1/machines HTTP/1.1\r\nHost: l\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{,"
    )
    assert status == 400
    assert b"not JSON" in answer


async def test_not_http_is_400(running: Running) -> None:
    assert (await raw(running, b"\x16\x03\x01 hello\r\n\r\n"))[0] == 400


async def test_half_a_request_is_given_up(running: Running) -> None:
    status, _ = await raw(running, b"POST /v1/machines HTTP/1.1\r\nHost: l\r\nContent-Length: 9\r\n\r\n{")
    assert status == 408
    status, _ = await raw(running, b"GET /v1/vers")
    assert status == 408


async def test_body_too_large_is_413(running: Running) -> None:
    reader, writer = await running.connect()
    writer.write(b"POST /v1/machines HTTP/1.1\r\nHost: l\r\nContent-Length: %d\r\n\r\n" % (BODY_LIMIT + 1))
    try:
        writer.write(b" " * (BODY_LIMIT + 1))
        await writer.drain()
    except OSError:
        pass  # it hangs up on who goes on
    assert b" 413 " in (await reader.readline())
    writer.close()
    assert await running.call(lambda client: client.version())


async def test_head_too_large_is_400(running: Running) -> None:
    assert (await raw(running, b"GET / HTTP/1.1\r\nX: " + b"a" * 80_000 + b"\r\n\r\n"))[0] in (400, 431)


async def test_pipelined_requests_are_all_answered(running: Running) -> None:
    one = b"GET /v1/version HTTP/1.1\r\nHost: l\r\n\r\n"
    last = b"GET /v1/version HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n"
    _, answer = await raw(running, one * 3 + last)
    assert answer.count(b"HTTP/1.1 200") == 4


async def test_two_hundred_connections_at_once(running: Running) -> None:
    async def one() -> int:
        status, _ = await raw(running, b"GET /v1/machines HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\r\n")
        return status

    assert await asyncio.gather(*(one() for _ in range(200))) == [200] * 200


def event(number: int) -> MachineEvent:
    return MachineEvent("default", "stats", {"number": number}, float(number))


async def test_events_reach_all_who_listen(running: Running) -> None:
    def listen(client: Client) -> list[int]:
        found = []
        for line in client.stream("GET", "/v1/events"):
            found.append(line["data"]["number"])
            if len(found) == 3:
                return found
        return found

    listeners = [asyncio.create_task(running.call(listen)) for _ in range(3)]
    await until(lambda: running.service.events.count >= 3)
    for number in range(3):
        running.manager.publish(event(number))
    assert await asyncio.gather(*listeners) == [[0, 1, 2]] * 3
    await until(lambda: not running.service.events.count)


async def test_slow_reader_of_events_is_dropped(running: Running) -> None:
    reader, writer = await running.connect()
    writer.write(b"GET /v1/events HTTP/1.1\r\nHost: l\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    await until(lambda: running.service.events.count >= 1)
    big = MachineEvent("default", "stats", {"text": "x" * 10_000}, 0.0)
    for _ in range(3000):
        running.manager.publish(big)
        await asyncio.sleep(0)
    assert running.service.events.count == 0
    writer.close()


async def test_description_is_served(running: Running) -> None:
    description = await running.call(lambda client: client.get("/v1/openapi.json"))
    assert "/v1/machines/{machine}/exec" in description["paths"]


async def test_parts_of_a_machine(running: Running) -> None:
    base = "/v1/machines/default"

    def use(client: Client) -> dict[str, Any]:
        return {
            "shares": client.get(f"{base}/shares"),
            "added": client.post(f"{base}/shares", {"path": "/srv/x", "mode": "read-only"}),
            "removed": client.delete(f"{base}/shares?path=%2Fhome%2Fa"),
            "ports": client.get(f"{base}/ports"),
            "engines": client.get(f"{base}/engines"),
            "engine": client.operate("POST", f"{base}/engine", {"kind": "docker"}),
            "stats": client.get(f"{base}/stats"),
            "changed": client.operate("PATCH", f"{base}/settings", {"settings": {"cpus": 3}}),
            "stopped": client.operate("POST", f"{base}/stop", {"force": True}),
        }

    found = await running.call(use)
    assert found["shares"][0]["kind"] == "9p"
    assert found["added"]["read_only"] is True
    assert found["added"]["guest_path"] == "/srv/x"
    assert found["ports"][0]["reachable"] is True
    assert found["engines"][0]["version"] == "5.4.2"
    assert found["engine"]["kind"] == "docker"
    assert found["stats"]["guest"]["cpu"] == 0.1
    assert found["changed"] == {"changed": ["cpus"], "restart_needed": ["cpus"]}
    assert found["stopped"]["state"] == "stopped"
    assert running.machine.forced


async def test_create_and_delete_open_and_close_the_docker_socket(running: Running) -> None:
    created = await running.call(lambda client: client.operate("POST", "/v1/machines", {"name": "work"}))
    socket = running.manager.get("work").files.docker_socket
    assert created["name"] == "work"
    assert socket.is_socket()
    assert socket.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConflictError):
        await running.call(lambda client: client.operate("POST", "/v1/machines", {"name": "work"}))
    await running.call(lambda client: client.operate("DELETE", "/v1/machines/work"))
    assert not socket.exists()


async def test_app_settings(running: Running) -> None:
    changed = await running.call(lambda client: client.patch("/v1/settings", {"settings": {"log_level": "debug"}}))
    assert changed["changed"] == ["log_level"]
    found = await running.call(lambda client: client.get("/v1/settings"))
    values = {value["name"]: value for value in found["values"]}
    assert (values["log_level"]["value"], values["log_level"]["origin"]) == ("debug", "file")
    with pytest.raises(UsageError, match="log_levle"):
        await running.call(lambda client: client.patch("/v1/settings", {"settings": {"log_levle": "info"}}))


async def test_logs_end_and_follow(running: Running) -> None:
    log = running.machine.files.serial_log
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"line {number}\n" for number in range(1000)))
    text = await running.call(lambda client: b"".join(client.text_stream("/v1/machines/default/logs", tail=2)))
    assert text == b"line 998\nline 999\n"
    seen = asyncio.Event()
    loop = asyncio.get_running_loop()

    def follow(client: Client) -> bytes:
        found = b""
        for chunk in client.text_stream("/v1/machines/default/logs", tail=1, follow=True):
            found += chunk
            loop.call_soon_threadsafe(seen.set)
            if b"new file\n" in found:
                break
        return found

    following = asyncio.create_task(running.call(follow))
    await seen.wait()
    with log.open("a") as stream:
        stream.write("added\n")
    await asyncio.sleep(0.3)
    log.rename(log.with_suffix(".old"))
    log.write_text("new file\n")
    assert await following == b"line 999\nadded\nnew file\n"


async def test_quit_is_asked_for(running: Running) -> None:
    await running.call(lambda client: client.post("/v1/quit"))
    assert running.service.quitting.is_set()


def test_error_dictionary_is_what_vm_errors_has() -> None:
    assert json.loads(json.dumps(ConflictError("a", hint="b").to_dict())) == {
        "code": "conflict",
        "message": "a",
        "hint": "b",
        "detail": None,
    }
