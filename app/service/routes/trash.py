"""Routes of what a removal would lose, and of the trash."""

from __future__ import annotations

from app.core import trash as api
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from app.service.service import convert
from vm.errors import UsageError
from vm.progress import Reporter

MACHINE = "/v1/machines/{machine}"
PATH = f"{MACHINE}/trash"
ONE = f"{PATH}/{{entry}}"

_STOPS = ("", "gently", "force")


async def losses(call: Call) -> api.Losses:
    """Look at what would go with containers and volumes."""
    query: api.LossesQuery = call.body
    found = await call.service.machine(call.machine).trash.losses(query.containers, query.volumes)
    return convert(found, api.Losses)


async def keep(call: Call) -> Operation:
    """Keep what is about to be removed."""
    request: api.Keep = call.body
    machine = call.service.machine(call.machine)
    if request.stop not in _STOPS:
        raise UsageError(f"stop: '{request.stop}' is not gently, force or empty.")

    async def work(report: Reporter) -> api.Kept:
        with machine.in_use():
            kept = await machine.trash.keep(request.containers, request.volumes, request.stop, request.timeout, report)
        return convert(kept, api.Kept)

    return call.service.operations.run(f"keep in the trash of {call.machine}", work, machine=call.machine)


async def settle(call: Call) -> api.Kept:
    """Say that a removing is over."""
    request: api.Settle = call.body
    return convert(await call.service.machine(call.machine).trash.settle(request.ids), api.Kept)


async def list_trash(call: Call) -> list[api.TrashEntry]:
    """List what is in the trash."""
    return [convert(one, api.TrashEntry) for one in await call.service.machine(call.machine).trash.list()]


async def show(call: Call) -> api.TrashEntry:
    """Tell about one entry."""
    return convert(await call.service.machine(call.machine).trash.show(call.parameters["entry"]), api.TrashEntry)


async def restore(call: Call) -> Operation:
    """Bring something back."""
    request: api.Restore = call.body
    machine, entry = call.service.machine(call.machine), call.parameters["entry"]

    async def work(report: Reporter) -> api.BroughtBack:
        with machine.in_use():
            return convert(await machine.trash.restore(entry, request.name, report), api.BroughtBack)

    return call.service.operations.run(f"restore {entry}", work, machine=call.machine)


async def remove(call: Call) -> Operation:
    """Remove one entry for good."""
    return _discard(call, [call.parameters["entry"]])


async def empty(call: Call) -> Operation:
    """Remove all entries for good."""
    return _discard(call, None)


async def save_volume(call: Call) -> Operation:
    """Make a volume of what a container holds."""
    request: api.SaveVolume = call.body
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> api.SavedVolume:
        with machine.in_use():
            made = await machine.trash.save_volume(request.container, request.source, request.name, report)
        return convert(made, api.SavedVolume)

    return call.service.operations.run(f"save as volume {request.name}", work, machine=call.machine)


def _discard(call: Call, entries: list[str] | None) -> Operation:
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> api.Discarded:
        return convert(await machine.trash.remove(entries, report), api.Discarded)

    return call.service.operations.run(f"empty the trash of {call.machine}", work, machine=call.machine)


ROUTES = [
    Route("POST", f"{MACHINE}/losses", "Tell what a removal loses", losses, body=api.LossesQuery, result=api.Losses),
    Route("GET", PATH, "List what is in the trash", list_trash, result=list[api.TrashEntry]),
    Route("POST", PATH, "Keep what is about to be removed", keep, Kind.long, body=api.Keep, result=api.Kept),
    Route("DELETE", PATH, "Empty the trash", empty, Kind.long, result=api.Discarded),
    Route("POST", f"{MACHINE}/trash-settle", "End a removing", settle, body=api.Settle, result=api.Kept),
    Route("GET", ONE, "Tell about something in the trash", show, result=api.TrashEntry),
    Route("DELETE", ONE, "Remove something from the trash for good", remove, Kind.long, result=api.Discarded),
    Route(
        "POST", f"{ONE}/restore", "Bring something back", restore, Kind.long, body=api.Restore, result=api.BroughtBack
    ),
    Route(
        "POST",
        f"{MACHINE}/save-volume",
        "Make a volume of what a container holds",
        save_volume,
        Kind.long,
        body=api.SaveVolume,
        result=api.SavedVolume,
    ),
]
