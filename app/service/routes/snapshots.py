"""Routes of a machine's snapshots, and of its upgrades."""

from __future__ import annotations

from app.core import snapshots as api
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from vm.machine.snapshotstore import Listed, SnapshotRecord
from vm.progress import Reporter

PATH = "/v1/machines/{machine}/snapshots"
ONE = f"{PATH}/{{snapshot}}"


async def list_snapshots(call: Call) -> list[api.Snapshot]:
    """List a machine's snapshots, oldest first."""
    return [_listed(one) for one in await call.service.machine(call.machine).snapshots.list()]


async def create(call: Call) -> Operation:
    """Take a snapshot."""
    request: api.CreateSnapshot = call.body
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> api.Snapshot:
        with machine.in_use():
            record = await machine.snapshots.create(
                request.name, memory=request.memory, note=request.note, report=report
            )
        return _described(record)

    return call.service.operations.run(f"snapshot {call.machine}", work, machine=call.machine)


async def restore(call: Call) -> Operation:
    """Go back to a snapshot."""
    request: api.RestoreSnapshot = call.body
    machine, name = call.service.machine(call.machine), call.parameters["snapshot"]

    async def work(report: Reporter) -> api.Restored:
        with machine.in_use():
            done = await machine.snapshots.restore(name, disk_only=request.disk_only, report=report)
        return api.Restored(undo=done.undo, state=done.state)

    return call.service.operations.run(f"restore {call.machine}", work, machine=call.machine)


async def delete(call: Call) -> Operation:
    """Delete a snapshot."""
    machine, name = call.service.machine(call.machine), call.parameters["snapshot"]

    async def work(report: Reporter) -> None:
        await machine.snapshots.delete(name, report)

    return call.service.operations.run(f"delete snapshot {call.machine}", work, machine=call.machine)


async def upgrade(call: Call) -> Operation:
    """Start a machine with another guest image, and go back when that fails."""
    request: api.UpgradeMachine = call.body
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> api.Upgraded:
        with machine.in_use():
            return api.Upgraded(image=await machine.snapshots.upgrade(request.image, report))

    return call.service.operations.run(f"upgrade {call.machine}", work, machine=call.machine)


def _listed(one: Listed) -> api.Snapshot:
    if one.record is None:
        return api.Snapshot(one.name, one.problem)
    return _described(one.record, one.problem)


def _described(record: SnapshotRecord, problem: str | None = None) -> api.Snapshot:
    held = record.inventory
    counts = api.Counts(held.engine, len(held.images), len(held.containers), len(held.volumes)) if held else None
    return api.Snapshot(
        name=record.name,
        problem=problem,
        created=record.created,
        kind=record.kind,
        note=record.note,
        machine_state=record.machine_state,
        image=record.image,
        qemu_version=record.qemu_version,
        disk=record.disk,
        memory=record.memory,
        counts=counts,
    )


ROUTES = [
    Route("GET", PATH, "List snapshots of a machine", list_snapshots, result=list[api.Snapshot]),
    Route("POST", PATH, "Take a snapshot", create, Kind.long, body=api.CreateSnapshot, result=api.Snapshot),
    Route("DELETE", ONE, "Delete a snapshot", delete, Kind.long),
    Route(
        "POST",
        f"{ONE}/restore",
        "Go back to a snapshot",
        restore,
        Kind.long,
        body=api.RestoreSnapshot,
        result=api.Restored,
    ),
    Route(
        "POST",
        "/v1/machines/{machine}/upgrade",
        "Start with another guest image, a snapshot first",
        upgrade,
        Kind.long,
        body=api.UpgradeMachine,
        result=api.Upgraded,
    ),
]
