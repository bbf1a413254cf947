"""What the agent needs to know about an engine, and what all engines have in common: the Docker API on a socket."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from agent import wire
from agent.containers import Container, Published
from agent.engines import objects
from agent.engines.api import ApiError, Connection
from agent.loop import Loop

_EVENTS = "/events?filters=%7B%22type%22%3A%5B%22container%22%2C%22image%22%2C%22volume%22%2C%22network%22%5D%7D"

_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound

_ACTIONS = {
    "destroy": "remove",
    "died": "die",
    "health_status": "health",
    **{name: name for name in ("create", "start", "pause", "unpause", "stop", "die", "remove", "rename")},
}
"""The engines' names of events: ours. What is not here is of no interest."""

_NO_LABELS = frozenset(
    {
        "image",
        "name",
        "exitCode",
        "containerExitCode",
        "podId",
        "execDuration",
        "signal",
        "oldName",
        "health_status",
        "HealthStatus",
    }
)


class Engine:
    """One container engine of the guest.

    Attributes:
        kind: its name on the wire.
        program: a program that is there when the engine is installed; `program --version` tells the version.
        target: the systemd target that runs it.
        socket: path of its Docker API.
        stop_containers: a command that stops all containers, for an engine that leaves them running when it ends.
    """

    kind: str
    program: str
    target: str
    socket: str
    stop_containers: tuple[str, ...] = ()

    @property
    def installed(self) -> bool:
        """Whether the guest image has this engine."""
        return os.access(self.program, os.X_OK)

    def connect(self, loop: Loop) -> Connection:
        """Return a new connection to the engine's API; OSError if it does not listen."""
        return Connection(loop, self.socket)

    async def ping(self, connection: Connection) -> str:
        """Return the engine's version, if it answers; ApiError or OSError if it does not."""
        response = await connection.request("GET", "/_ping")
        await response.body()
        return _version(response.headers.get("server", ""))

    async def running(self, connection: Connection) -> list[Container]:
        """Return all containers that run."""
        found = []
        for entry in await connection.json("/containers/json"):
            container = await self.inspect(connection, entry["Id"])
            if container is not None:
                found.append(container)
        return found

    async def describe(self, connection: Connection, container_id: str) -> dict[str, Any]:
        """Return the engine's inspect answer, with the addresses in its PortBindings as the user gave them."""
        answer: dict[str, Any] = await connection.json(f"/containers/{container_id}/json")
        return answer

    async def inspect(self, connection: Connection, container_id: str) -> Container | None:
        """Return what the engine says about a container, None if it does not run (any more)."""
        try:
            return self.read_container(await self.describe(connection, container_id))
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    async def listing(self, connection: Connection) -> list[dict[str, Any]]:
        """Return all containers, running or not, as the host gets them."""
        return [
            {
                "id": entry["Id"],
                "name": (entry.get("Names") or [""])[0].removeprefix("/"),
                "image": entry.get("Image") or "",
                "labels": entry.get("Labels") or {},
                "state": entry.get("State") or "",
                "status": entry.get("Status") or "",
                "created": entry.get("Created") or 0,
            }
            for entry in await connection.json("/containers/json?all=true")
        ]

    async def events(self, loop: Loop, opened: Callable[[], None]) -> AsyncIterator[wire.Event]:
        """Yield what happens, by the topics `containers` and `objects`; call `opened` when nothing can be missed any
        more."""
        connection = self.connect(loop)
        try:
            response = await connection.request("GET", _EVENTS)
            opened()
            async for line in response.lines():
                data = json.loads(line)
                for event in sorted_out(read_event(data), objects.read_api(data)):
                    yield event
        finally:
            connection.close()

    async def load(self, connection: Connection, archive: str) -> None:
        """Load the image archive into the engine."""
        await (await connection.request("POST", "/images/load?quiet=true", archive)).body()

    async def look(self, connection: Connection, container_id: str) -> tuple[Container | None, Container | None]:
        """Return a container as it runs, None if it does not; and as it will when it starts, None if nobody knows."""
        try:
            data = await self.describe(connection, container_id)
        except ApiError as error:
            if error.status == 404:
                return None, None
            raise
        return self.read_container(data), self.read_expected(data)

    def read_expected(self, data: dict[str, Any]) -> Container | None:
        """Return what an inspect answer says of a container before it runs, None if the engine will choose a port."""
        wanted = (data.get("HostConfig") or {}).get("PortBindings") or {}
        if any((binding.get("HostPort") or "0") == "0" for bindings in wanted.values() for binding in bindings or []):
            return None
        return self._container(data, 0, self.bound(wanted), wanted)

    def bound(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Return the addresses that the engine will listen on when the user wants these."""
        return wanted

    def read_container(self, data: dict[str, Any]) -> Container | None:
        """Return the container that an inspect answer describes, None if it does not run."""
        state = data.get("State") or {}
        if not state.get("Running") and not state.get("Paused"):
            return None
        ports = (data.get("NetworkSettings") or {}).get("Ports") or {}
        wanted = (data.get("HostConfig") or {}).get("PortBindings") or {}
        return self._container(data, int(state.get("Pid") or 0), ports, wanted)

    def _container(self, data: dict[str, Any], pid: int, ports: dict[str, Any], wanted: dict[str, Any]) -> Container:
        published = []
        for name, bindings in ports.items():
            inner, _, protocol = name.partition("/")
            for binding in bindings or []:
                if not (binding.get("HostPort") or "").isdigit() or not inner.isdigit():
                    continue
                address = binding.get("HostIp") or "0.0.0.0"  # noqa: S104 - reported, not bound
                host_address = wanted_address(address, binding["HostPort"], wanted.get(name) or [])
                published.append(Published(protocol or "tcp", address, int(binding["HostPort"]), host_address))
        name = (data.get("Name") or "").removeprefix("/")
        image = (data.get("Config") or {}).get("Image") or data.get("Image") or ""
        return Container(data["Id"], name, image, pid, tuple(published))


def wanted_address(address: str, port: str, bindings: list[dict[str, Any]]) -> str:
    """Return the address that the user gave for what is bound to `address` and `port`, empty if none was given."""
    given = {one.get("HostIp") or "" for one in bindings if (one.get("HostPort") or "0") in (port, "0")}
    if address not in given or (address in _WILDCARDS and "" in given):
        return ""
    return address


def read_event(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return an event of the Docker API as the host gets it, None if it is of no interest."""
    action, _, health = str(data.get("Action") or data.get("status") or "").partition(": ")
    actor = data.get("Actor") or {}
    attributes = actor.get("Attributes") or {}
    if data.get("Type", "container") != "container" or action not in _ACTIONS or not actor.get("ID"):
        return None
    event: dict[str, Any] = {
        "action": _ACTIONS[action],
        "id": actor["ID"],
        "name": attributes.get("name") or "",
        "image": attributes.get("image") or data.get("from") or "",
        "labels": {key: value for key, value in attributes.items() if key not in _NO_LABELS},
    }
    code = attributes.get("exitCode") or attributes.get("containerExitCode")
    if event["action"] == "die" and code is not None:
        event["exit_code"] = int(code)
    if event["action"] == "health":
        event["health"] = health or attributes.get("health_status") or data.get("HealthStatus") or ""
    return event


def sorted_out(container: dict[str, Any] | None, thing: dict[str, Any] | None) -> Iterator[wire.Event]:
    """Yield what one entry of an engine means for containers and for other things, each if it means anything."""
    if container is not None:
        yield wire.Event("containers", container)
    if thing is not None:
        yield wire.Event("objects", thing)


def action_of(name: str) -> str | None:
    """Return our name of an engine's event, None if it is of no interest."""
    return _ACTIONS.get(name)


def _version(server: str) -> str:
    """Return `5.4.2` of the header `Libpod/5.4.2 (linux)`."""
    return server.partition("/")[2].split(" ")[0]
