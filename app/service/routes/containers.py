"""Routes of what is in and around a running machine: commands, logs, shares, ports, engines, stats."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from app.core import api
from app.service import exec as guest_exec
from app.service import logs
from app.service.http import HttpConnection
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from app.service.service import convert
from vm.config.shares import ShareConfig, default_guest_path
from vm.errors import ConflictError, UnavailableError
from vm.machine.status import EngineStatus, PortStatus, ShareStatus
from vm.progress import Reporter

PATH = "/v1/machines/{machine}"


async def execute(call: Call, connection: HttpConnection) -> None:
    """Run a command in the guest; the connection carries its streams."""
    request: api.Exec = call.body
    service = call.service
    machine = service.machine(call.machine)
    service.sessions += 1
    try:
        try:
            link, program = await machine.engine_link()
        except (ConflictError, UnavailableError):
            if not request.wake:
                raise
            await service.wake(call.machine)
            link, program = await machine.engine_link()
        with machine.in_use():
            if not request.engine:
                await guest_exec.serve(connection, await machine.user_link(), request)
                return
            command = msgspec.structs.replace(request, argv=[program, *request.argv])
            await guest_exec.serve(connection, link, command)
    finally:
        service.sessions -= 1


def read_logs(call: Call) -> AsyncIterator[bytes]:
    """Read a log, or follow it."""
    query: api.LogQuery = call.query
    machine = call.service.machine(call.machine)
    return logs.stream(machine, call.service.layout, query.source, tail=query.tail, follow=query.follow)


async def list_shares(call: Call) -> list[ShareStatus]:
    """List shared folders."""
    return list(await call.service.machine(call.machine).shares.list())


async def add_share(call: Call) -> ShareStatus:
    """Share a folder, now and in future."""
    request: api.AddShare = call.body
    path = Path(request.path)
    share = ShareConfig(
        path=path,
        guest_path=request.guest_path or default_guest_path(path),
        mode=request.mode,
        kind=request.kind,
        watch=request.watch,
    )
    return await call.service.machine(call.machine).shares.add(share)


async def remove_share(call: Call) -> api.Empty:
    """Share a folder no longer."""
    query: api.ShareQuery = call.query
    await call.service.machine(call.machine).shares.remove(query.path)
    return api.Empty()


async def list_ports(call: Call) -> list[PortStatus]:
    """List ports, probed now."""
    return list(await call.service.machine(call.machine).ports.list(probe=True))


async def list_engines(call: Call) -> list[api.Engine]:
    """List the engines of a running machine."""
    return [convert(engine, api.Engine) for engine in await call.service.machine(call.machine).engine.list()]


async def use_engine(call: Call) -> Operation:
    """Switch to another engine."""
    request: api.UseEngine = call.body
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> EngineStatus:
        return await machine.engine.use(request.kind, report)

    return call.service.operate(f"use {request.kind} on", call.machine, work)


async def stats(call: Call) -> AsyncGenerator[Mapping[str, Any], None]:
    """Measure what the guest and its containers use, once or as long as somebody listens."""
    query: api.StatsQuery = call.query
    machine = call.service.machine(call.machine)
    if not query.follow:
        yield await machine.stats()
        return
    async with contextlib.aclosing(machine.follow_stats(query.interval)) as samples:
        async for sample in samples:
            yield sample


ROUTES = [
    Route("POST", f"{PATH}/exec", "Run a command in the guest", execute, Kind.upgrade, body=api.Exec),
    Route("GET", f"{PATH}/logs", "Read or follow a log", read_logs, Kind.text, query=api.LogQuery),
    Route("GET", f"{PATH}/shares", "List shared folders", list_shares, result=list[ShareStatus]),
    Route("POST", f"{PATH}/shares", "Share a folder", add_share, body=api.AddShare, result=ShareStatus),
    Route(
        "DELETE",
        f"{PATH}/shares",
        "Share a folder no longer",
        remove_share,
        query=api.ShareQuery,
        result=api.Empty,
    ),
    Route("GET", f"{PATH}/ports", "List ports and probe them", list_ports, result=list[PortStatus]),
    Route("GET", f"{PATH}/engines", "List engines", list_engines, result=list[api.Engine]),
    Route(
        "POST",
        f"{PATH}/engine",
        "Switch to another engine",
        use_engine,
        Kind.long,
        body=api.UseEngine,
        result=EngineStatus,
    ),
    Route(
        "GET",
        f"{PATH}/stats",
        "Measure guest and containers, once or again and again",
        stats,
        Kind.followed,
        query=api.StatsQuery,
        result=dict[str, Any],
    ),
]
