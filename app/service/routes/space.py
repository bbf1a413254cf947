"""Routes of room on disks: making a machine's disk small, and what could be removed from it."""

from __future__ import annotations

from app.core import space
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from vm.machine.compact import Compacted
from vm.machine.prune import PrunePreview, PruneResult
from vm.progress import Reporter

PATH = "/v1/machines/{machine}"


async def compact(call: Call) -> Operation:
    """Give back to this computer what the machine does not use of its disk."""
    request: space.Compact = call.body
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> Compacted:
        done: Compacted = await machine.compact(report, offline=request.offline)
        return done

    return call.service.operate("compact offline" if request.offline else "compact", call.machine, work)


async def preview(call: Call) -> PrunePreview:
    """Tell what nobody uses, and how much room it takes."""
    found: PrunePreview = await call.service.machine(call.machine).prune.preview()
    return found


async def prune(call: Call) -> Operation:
    """Remove what nobody uses."""
    request: space.Prune = call.body
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> PruneResult:
        with machine.in_use():
            done: PruneResult = await machine.prune.run(request.kinds, request.ids, report, trash=request.trash)
        return done

    # Without a key: who asks for other things does not want these.
    return call.service.operations.run(f"prune {call.machine}", work, machine=call.machine)


ROUTES = [
    Route(
        "POST", f"{PATH}/compact", "Make the data disk small", compact, Kind.long, body=space.Compact, result=Compacted
    ),
    Route("GET", f"{PATH}/prune", "Tell what nobody uses", preview, result=PrunePreview),
    Route("POST", f"{PATH}/prune", "Remove what nobody uses", prune, Kind.long, body=space.Prune, result=PruneResult),
]
