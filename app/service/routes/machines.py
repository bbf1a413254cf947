"""Routes of machines: list, create, delete, and the ways between their states."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.core import api
from app.service.contract import Machine
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from vm.errors import LinnetError
from vm.machine.status import MachineState, MachineStatus
from vm.progress import Reporter

PATH = "/v1/machines/{machine}"


async def list_machines(call: Call) -> list[MachineStatus]:
    """Probe all machines."""
    await call.service.docker.sync()
    names = call.service.manager.names()
    return list(await asyncio.gather(*(_status(call, name) for name in names)))


async def create(call: Call) -> Operation:
    """Make a machine."""
    request: api.CreateMachine = call.body
    # A name that no machine can have is an error of the request, not of the work.
    call.service.layout.machine(request.name)

    async def work(report: Reporter) -> MachineStatus:
        machine: Machine = await call.service.manager.create(request.name, request.settings, report)
        await call.service.docker.sync()
        return await machine.status()

    return call.service.operations.run(f"create {request.name}", work, machine=request.name)


async def get(call: Call) -> MachineStatus:
    """Probe one machine."""
    query: api.StatusQuery = call.query
    return await call.service.machine(call.machine).status(query.probe)


async def delete(call: Call) -> Operation:
    """Delete a machine and all it holds."""
    call.service.machine(call.machine)

    async def work(report: Reporter) -> api.Empty:
        await call.service.manager.delete(call.machine, report)
        await call.service.docker.sync()
        return api.Empty()

    return call.service.operate("delete", call.machine, work)


def _change(verb: str) -> Callable[[Call], Awaitable[Operation]]:
    async def handler(call: Call) -> Operation:
        machine = call.service.machine(call.machine)

        async def work(report: Reporter) -> MachineStatus:
            await getattr(machine, verb)(report)
            # The guest has just shown that it is there; asking it again for its figures takes a quarter of a second.
            return await machine.status(probe=False)

        return call.service.operate(verb, call.machine, work)

    return handler


async def stop(call: Call) -> Operation:
    """Shut down, or end at once."""
    request: api.StopMachine = call.body
    machine = call.service.machine(call.machine)

    async def work(report: Reporter) -> MachineStatus:
        await machine.stop(report, force=request.force)
        return await machine.status(probe=False)

    return call.service.operate("force-stop" if request.force else "stop", call.machine, work)


async def _status(call: Call, name: str) -> MachineStatus:
    """Return the status of a machine; one that cannot even be looked at is broken, and the others are still listed."""
    try:
        return await call.service.machine(name).status(probe=False)
    except LinnetError as error:
        files = call.service.layout.machine(name)
        return MachineStatus(
            name=name,
            state=MachineState.broken,
            cpus=0,
            memory=0,
            disk=0,
            driver="",
            accelerator="",
            accelerator_reason="",
            image="",
            docker_socket=files.docker_address,
            errors=[error.message],
        )


ROUTES = [
    Route("GET", "/v1/machines", "List machines", list_machines, result=list[MachineStatus]),
    Route("POST", "/v1/machines", "Create a machine", create, Kind.long, body=api.CreateMachine, result=MachineStatus),
    Route("GET", PATH, "Tell about a machine", get, query=api.StatusQuery, result=MachineStatus),
    Route("DELETE", PATH, "Delete a machine and all it holds", delete, Kind.long, result=api.Empty),
    Route("POST", f"{PATH}/start", "Start or resume", _change("start"), Kind.long, result=MachineStatus),
    Route("POST", f"{PATH}/stop", "Shut down", stop, Kind.long, body=api.StopMachine, result=MachineStatus),
    Route("POST", f"{PATH}/suspend", "Suspend to disk", _change("suspend"), Kind.long, result=MachineStatus),
    Route("POST", f"{PATH}/resume", "Resume or start", _change("resume"), Kind.long, result=MachineStatus),
    Route("POST", f"{PATH}/restart", "Stop and start", _change("restart"), Kind.long, result=MachineStatus),
]
