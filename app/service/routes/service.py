"""Routes of the service itself: version, end, events, operations."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

from app.core import api
from app.service import openapi
from app.service.operations import Operation
from app.service.routing import Call, Kind, Route
from vm.machine.status import MachineEvent


async def version(call: Call) -> api.Version:
    """Tell what runs."""
    return call.service.version()


async def quit_service(call: Call) -> api.QuitAnswer:
    """End the service."""
    call.service.quitting.set()
    return api.QuitAnswer(os.getpid())


async def description(call: Call) -> dict[str, Any]:
    """Describe this API."""
    return openapi.describe(call.service.router.routes)


def events(call: Call) -> AsyncIterator[MachineEvent]:
    """Tell what happens from now on."""
    return call.service.events.listen()


async def list_operations(call: Call) -> list[api.Operation]:
    """List long work."""
    return [operation.describe() for operation in call.service.operations.list()]


async def get_operation(call: Call) -> api.Operation:
    """Tell about one."""
    return call.service.operations.get(call.parameters["id"]).describe()


async def follow_operation(call: Call) -> Operation:
    """Follow one to its end."""
    return call.service.operations.get(call.parameters["id"])


async def cancel_operation(call: Call) -> api.Operation:
    """Cancel one; its end says what became of it."""
    operation = call.service.operations.get(call.parameters["id"])
    operation.cancel()
    return operation.describe()


ROUTES = [
    Route("GET", "/v1/version", "Tell which linnetd runs", version, result=api.Version),
    Route("POST", "/v1/quit", "End linnetd; machines go on running", quit_service, result=api.QuitAnswer),
    Route("GET", "/v1/openapi.json", "Describe this API", description, result=dict[str, Any]),
    Route("GET", "/v1/events", "Follow what happens to machines, and long work", events, Kind.stream, result=api.Event),
    Route("GET", "/v1/operations", "List long work", list_operations, result=list[api.Operation]),
    Route("GET", "/v1/operations/{id}", "Tell about long work", get_operation, result=api.Operation),
    Route("GET", "/v1/operations/{id}/follow", "Follow long work to its end", follow_operation, Kind.long, result=Any),
    Route("DELETE", "/v1/operations/{id}", "Cancel long work", cancel_operation, result=api.Operation),
]
