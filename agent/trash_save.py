"""Keeping what a container holds as a named volume: a folder of it, or its volume without a name."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from agent import folders, losses
from agent.engines.api import ApiError, Connection, ask, look_up
from agent.engines.base import Engine
from agent.errors import AgentError
from agent.folders import disk_full
from agent.jobs import Job
from agent.loop import Loop

_HERE = "/linnet-volume"

_LIMIT = 60.0
"""Seconds that the engine may take to make something."""


async def save_volume(loop: Loop, engine: Engine, job: Job, scratch: str, params: dict[str, Any]) -> dict[str, Any]:
    """Make the volume `name` of what `container` has at the path `source`.

    Args:
        loop: the agent's.
        engine: the engine in use.
        job: what hears how far it is.
        scratch: a folder on the data disk, for what is needed meanwhile.
        params: see above.

    Raises:
        AgentError: the name is taken, or container or folder do not exist, or there is no room. No volume is left.
    """
    name, source = str(params["name"]), str(params["source"]).rstrip("/")
    archive = f"{scratch}/content.tar"
    connection = engine.connect(loop)
    try:
        with disk_full(f"The data disk is full, so there is no volume {name}."):
            inspected = await look_up(connection, f"/containers/{quote(str(params['container']), safe='')}/json")
            if inspected is None:
                raise AgentError(
                    "not-found",
                    f"There is no container {params['container']}.",
                    hint="`linnet ps -a` lists all containers.",
                )
            if not source.startswith("/"):
                raise AgentError("usage", f"{source!r} is no folder of a container; give its whole path, such as /srv.")
            path = f"/volumes/{quote(name, safe='')}"
            if await look_up(connection, path) is not None:
                raise AgentError("conflict", f"There is a volume {name} already; choose another name.")
            job.say(f"Copying {source} to the volume {name}")
            mount = next((one for one in losses.anonymous_volumes(inspected) if one.get("Destination") == source), None)
            if mount is None:
                await job.interruptible(_fetch(connection, inspected["Id"], source, archive))
            await _make(loop, connection, "/volumes/create", {"Name": name})
            try:
                if mount is not None:
                    made = str((await connection.json(path))["Mountpoint"])
                    await job.interruptible(folders.copy(loop, str(mount["Source"]), made, job.count))
                else:
                    await _unpack(loop, connection, inspected, name, archive)
            except BaseException:
                await ask(connection, "DELETE", path)
                raise
    finally:
        connection.close()
    return {"name": name}


async def _fetch(connection: Connection, container: str, source: str, archive: str) -> None:
    """Write what is in the folder into an archive; owners are as the container sees them."""
    try:
        response = await connection.request("GET", f"/containers/{container}/archive?path={quote(source + '/.')}")
    except ApiError as error:
        if error.status not in (400, 404):
            raise
        raise AgentError("not-found", f"The container has no folder {source}.") from error
    with open(archive, "wb") as file:
        async for piece in response.chunks():
            file.write(piece)


async def _unpack(loop: Loop, connection: Connection, inspected: dict[str, Any], volume: str, archive: str) -> None:
    """Let the engine unpack the archive: it knows which numbers users have on the disk. The helper is never started."""
    wanted = {"Image": inspected["Image"], "Cmd": ["true"], "HostConfig": {"Binds": [f"{volume}:{_HERE}"]}}
    helper = f"/containers/{(await _make(loop, connection, '/containers/create', wanted))['Id']}"
    try:
        await ask(connection, "PUT", f"{helper}/archive?path={quote(_HERE)}", archive=archive)
    finally:
        await ask(connection, "DELETE", f"{helper}?force=true")


async def _make(loop: Loop, connection: Connection, path: str, wanted: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(await loop.timeout(_LIMIT, ask(connection, "POST", path, wanted)))
    return made
