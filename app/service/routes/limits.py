"""Routes of what containers may use."""

from __future__ import annotations

import msgspec

from app.core.limits import ChangeLimits, ContainerLimits
from app.service.routing import Call, Route
from app.service.service import convert

PATH = "/v1/machines/{machine}"


async def list_limits(call: Call) -> list[ContainerLimits]:
    """Look at all containers that run."""
    return [convert(one, ContainerLimits) for one in await call.service.machine(call.machine).limits.list()]


async def get(call: Call) -> ContainerLimits:
    """Look at one container."""
    return convert(await call.service.machine(call.machine).limits.get(call.parameters["container"]), ContainerLimits)


async def change(call: Call) -> ContainerLimits:
    """Change limits of one container."""
    request: ChangeLimits = call.body
    changes = {
        name: value for name, value in msgspec.structs.asdict(request).items() if name != "force" and value is not None
    }
    limits = call.service.machine(call.machine).limits
    return convert(await limits.change(call.parameters["container"], changes, force=request.force), ContainerLimits)


ROUTES = [
    Route(
        "GET",
        f"{PATH}/limits",
        "Tell what the containers that run may use, and what they use",
        list_limits,
        result=list[ContainerLimits],
    ),
    Route(
        "GET",
        f"{PATH}/containers/{{container}}/limits",
        "Tell what a container may use, and what it uses",
        get,
        result=ContainerLimits,
    ),
    Route(
        "PATCH",
        f"{PATH}/containers/{{container}}/limits",
        "Change what a container may use, while it runs",
        change,
        body=ChangeLimits,
        result=ContainerLimits,
    ),
]
