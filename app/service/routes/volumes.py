"""Routes of volumes: what engines do not do with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from app.core import api, volumes
from app.service.contract import Machine
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from app.service.service import convert
from vm.errors import UsageError
from vm.progress import Reporter
from vm.volumes.backup import Backup

PATH = "/v1/machines/{machine}"
VOLUME = f"{PATH}/volumes/{{volume}}"


async def all_snapshots(call: Call) -> list[volumes.Snapshot]:
    """List the snapshots of all volumes of the engine in use."""
    found = await call.service.machine(call.machine).volumes.snapshots()
    return [convert(one, volumes.Snapshot) for one in found]


async def snapshots(call: Call) -> list[volumes.Snapshot]:
    """List the snapshots of a volume."""
    found = await call.service.machine(call.machine).volumes.snapshots(_volume(call))
    return [convert(one, volumes.Snapshot) for one in found]


async def snapshot(call: Call) -> Operation:
    """Take a snapshot."""
    request: volumes.TakeSnapshot = call.body
    volume = _volume(call)

    async def work(machine: Machine, report: Reporter) -> volumes.Snapshot:
        return convert(await machine.volumes.snapshot(volume, request.name, report), volumes.Snapshot)

    return _operate(call, f"snapshot of volume {volume}", work)


async def remove_snapshot(call: Call) -> Operation:
    """Delete a snapshot."""
    volume, name = _volume(call), call.parameters["snapshot"]

    async def work(machine: Machine, _report: Reporter) -> api.Empty:
        await machine.volumes.remove_snapshot(volume, name)
        return api.Empty()

    return _operate(call, f"delete snapshot {name} of volume {volume}", work)


async def rollback(call: Call) -> Operation:
    """Put a volume back to a snapshot."""
    request: volumes.Rollback = call.body
    volume = _volume(call)

    async def work(machine: Machine, report: Reporter) -> volumes.RolledBack:
        done = await machine.volumes.rollback(volume, request.snapshot, request.stop, report)
        return convert(done, volumes.RolledBack)

    return _operate(call, f"roll back volume {volume}", work)


async def clone(call: Call) -> Operation:
    """Make a volume with the same files."""
    request: volumes.Clone = call.body
    volume = _volume(call)

    async def work(machine: Machine, report: Reporter) -> volumes.Made:
        return convert(await machine.volumes.clone(volume, request.name, request.snapshot, report), volumes.Made)

    return _operate(call, f"clone volume {volume}", work)


async def export(call: Call) -> Operation:
    """Write a volume to a file."""
    request: volumes.Export = call.body
    volume, path = _volume(call), _absolute(request.path)

    async def work(machine: Machine, report: Reporter) -> volumes.Exported:
        done = await machine.volumes.export(
            volume, path, report, snapshot=request.snapshot, overwrite=request.overwrite
        )
        return convert(done, volumes.Exported)

    return _operate(call, f"export volume {volume}", work)


async def import_(call: Call) -> Operation:
    """Make a volume of an export."""
    request: volumes.Import = call.body
    path = _absolute(request.path)

    async def work(machine: Machine, report: Reporter) -> volumes.Made:
        return convert(await machine.volumes.import_(path, request.name, report), volumes.Made)

    return _operate(call, f"import volume {request.name or path.name}", work)


async def browse(call: Call) -> volumes.Listing:
    """List a folder of a volume or of a snapshot."""
    query: volumes.BrowseQuery = call.query
    found = await call.service.machine(call.machine).volumes.browse(_volume(call), query.path, query.snapshot)
    return convert(found, volumes.Listing)


async def backups(call: Call) -> list[Backup]:
    """List which volumes are backed up by themselves."""
    return list(call.service.machine(call.machine).volumes.backups())


async def add_backup(call: Call) -> Backup:
    """Have a volume backed up by itself."""
    request: volumes.AddBackup = call.body
    machine = call.service.machine(call.machine)
    made = await machine.volumes.add_backup(request.volume, request.every, request.keep, request.folder)
    call.service.backups.look()
    return made


async def remove_backup(call: Call) -> Backup:
    """Back a volume up no more; its files stay."""
    return call.service.machine(call.machine).volumes.remove_backup(_volume(call))


async def run_backup(call: Call) -> Operation:
    """Make a backup now."""
    call.service.machine(call.machine)
    return call.service.backups.start(call.machine, _volume(call))


def _volume(call: Call) -> str:
    return call.parameters["volume"]


def _absolute(text: str) -> Path:
    path = Path(text)
    if not path.is_absolute():
        raise UsageError(f"{text} is no absolute path.")
    return path


def _operate(call: Call, title: str, work: Callable[[Machine, Reporter], Awaitable[Any]]) -> Operation:
    """Start work on a volume. Without a key: the second of two is refused by the agent, it does not join the first."""
    machine = call.service.machine(call.machine)

    async def run(report: Reporter) -> Any:
        with machine.in_use():
            return await work(machine, report)

    return call.service.operations.run(title, run, machine=call.machine)


ROUTES = [
    Route(
        "GET", f"{PATH}/volume-snapshots", "List snapshots of all volumes", all_snapshots, result=list[volumes.Snapshot]
    ),
    Route("GET", f"{VOLUME}/snapshots", "List snapshots of a volume", snapshots, result=list[volumes.Snapshot]),
    Route(
        "POST",
        f"{VOLUME}/snapshots",
        "Take a snapshot of a volume",
        snapshot,
        Kind.long,
        body=volumes.TakeSnapshot,
        result=volumes.Snapshot,
    ),
    Route(
        "DELETE",
        f"{VOLUME}/snapshots/{{snapshot}}",
        "Delete a snapshot of a volume",
        remove_snapshot,
        Kind.long,
        result=api.Empty,
    ),
    Route(
        "POST",
        f"{VOLUME}/rollback",
        "Put a volume back to a snapshot",
        rollback,
        Kind.long,
        body=volumes.Rollback,
        result=volumes.RolledBack,
    ),
    Route("POST", f"{VOLUME}/clone", "Clone a volume", clone, Kind.long, body=volumes.Clone, result=volumes.Made),
    Route(
        "POST",
        f"{VOLUME}/export",
        "Write a volume to a file",
        export,
        Kind.long,
        body=volumes.Export,
        result=volumes.Exported,
    ),
    Route(
        "POST",
        f"{PATH}/volumes",
        "Make a volume of an export",
        import_,
        Kind.long,
        body=volumes.Import,
        result=volumes.Made,
    ),
    Route(
        "GET",
        f"{VOLUME}/files",
        "List a folder of a volume",
        browse,
        query=volumes.BrowseQuery,
        result=volumes.Listing,
    ),
    Route("GET", f"{PATH}/backups", "List backups of volumes", backups, result=list[Backup]),
    Route(
        "POST",
        f"{PATH}/backups",
        "Back a volume up by itself",
        add_backup,
        body=volumes.AddBackup,
        result=Backup,
    ),
    Route("DELETE", f"{PATH}/backups/{{volume}}", "Back a volume up no more", remove_backup, result=Backup),
    Route(
        "POST", f"{PATH}/backups/{{volume}}/run", "Make a backup now", run_backup, Kind.long, result=volumes.Exported
    ),
]
