"""The agent's decisions, without input or output: events go in, commands come out.

The core knows the connections and what each subscribed to, which requests are running, and the state that deltas are
made from. What needs the outside world is a command: `Run` for a request, `Watch` for a source of events. The shell
(`agent.shell`) carries commands out and feeds events back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from agent import wire
from agent.containers import Container
from agent.ports import Listener, Port, merge

TOPICS = ("engine", "ports", "containers", "objects", "stats", "disk", "mounts", "idle")

_SOURCES = {
    "engine": ("engine", "ports", "containers", "objects", "stats", "idle"),
    "listeners": ("ports",),
    "stats": ("stats",),
    "disk": ("disk",),
    "mounts": ("mounts",),
    "idle": ("idle",),
}
"""Source of events: the topics that need it."""

MIN_INTERVAL, MAX_INTERVAL = 0.2, 3600.0
_DEFAULT_INTERVAL = 2.0
_FADING_SCANS = 5
"""How many scans a proxy may outlive its container before it counts as a service of its own."""

METHODS = frozenset(
    {
        "system.info",
        "engine.list",
        "engine.status",
        "engine.use",
        "engine.prepare",
        "ports.list",
        "mounts.add",
        "mounts.remove",
        "mounts.list",
        "mounts.release",
        "files.changed",
        "clock.set",
        "disk.status",
        "disk.grow",
        "disk.trim",
        "memory.status",
        "memory.reclaim",
        "relay.open",
        "relay.close",
        "containers.list",
        "stats.once",
        "shutdown",
    }
)


class Connected(NamedTuple):
    """A host connected."""

    connection: int


class Line(NamedTuple):
    """A host sent a line."""

    connection: int
    data: bytes


class Disconnected(NamedTuple):
    """A host is gone."""

    connection: int


class Done(NamedTuple):
    """A `Run` succeeded."""

    job: int
    result: Any


class Failed(NamedTuple):
    """A `Run` failed."""

    job: int
    code: str
    message: str
    detail: str | None = None
    hint: str | None = None


class EngineChanged(NamedTuple):
    """The engine in use answers now, or does not."""

    kind: str
    healthy: bool
    version: str | None
    error: str | None


class ContainersFound(NamedTuple):
    """All containers that run, read from the engine after connecting to it."""

    containers: tuple[Container, ...]


class ContainerStarted(NamedTuple):
    """A container runs, and this is what the engine says about it."""

    container: Container


class ContainerChanged(NamedTuple):
    """Something happened to a container; `data` is the event as the host gets it."""

    data: dict[str, Any]


class ObjectChanged(NamedTuple):
    """Something happened to an image, a volume or a network; `data` is the event as the host gets it."""

    data: dict[str, Any]


class ListenersScanned(NamedTuple):
    """All sockets of the guest that wait for peers."""

    listeners: frozenset[Listener]


class MountsScanned(NamedTuple):
    """All shares that are mounted."""

    mounts: tuple[dict[str, Any], ...]


class Sampled(NamedTuple):
    """A sample of stats or of the disk."""

    topic: str
    data: dict[str, Any]


class Send(NamedTuple):
    """Send a message to a host."""

    connection: int
    message: wire.Message


class Drop(NamedTuple):
    """Close a connection, for this reason."""

    connection: int
    reason: str


class Run(NamedTuple):
    """Carry out a request; answer with `Done` or `Failed`."""

    job: int
    method: str
    params: dict[str, Any]


class Watch(NamedTuple):
    """Start a source of events, change its interval (seconds), or stop it (None)."""

    source: str
    interval: float | None


Happening = (
    Connected | Line | Disconnected | Done | Failed | EngineChanged | ContainersFound | ContainerStarted
    | ContainerChanged | ObjectChanged | ListenersScanned | MountsScanned | Sampled
)  # fmt: skip
Command = Send | Drop | Run | Watch


class _Client:
    """What a connection wants."""

    def __init__(self) -> None:
        self.topics: frozenset[str] = frozenset()
        self.waiting: set[str] = set()
        """Topics whose first event, which carries everything, could not be sent yet."""
        self.interval = _DEFAULT_INTERVAL


class Core:
    """Events in, commands out."""

    def __init__(self, hello: wire.Hello, more_methods: Collection[str] = ()) -> None:
        """`more_methods`: what can be run besides METHODS."""
        self._hello = hello
        self._methods = METHODS.union(more_methods)
        self._clients: dict[int, _Client] = {}
        self._jobs: dict[int, tuple[int, int]] = {}
        self._last_job = 0
        self._watches: dict[str, float] = {}
        self._engine: dict[str, Any] | None = None
        self._containers: dict[str, Container] = {}
        self._listeners: frozenset[Listener] | None = None
        self._fading: dict[Listener, int] = {}
        self._ports: set[Port] | None = None
        self._mounts: dict[str, dict[str, Any]] | None = None
        self._out: list[Command] = []
        self._handlers: dict[type, Callable[[Any], None]] = {
            Connected: self._connected,
            Line: self._line,
            Disconnected: self._disconnected,
            Done: self._done,
            Failed: self._failed,
            EngineChanged: self._engine_changed,
            ContainersFound: self._containers_found,
            ContainerStarted: self._container_started,
            ContainerChanged: self._container_changed,
            ObjectChanged: self._object_changed,
            ListenersScanned: self._listeners_scanned,
            MountsScanned: self._mounts_scanned,
            Sampled: self._sampled,
        }

    def handle(self, event: Any) -> list[Command]:
        """Take one event in and return what has to be done, in order."""
        self._handlers[type(event)](event)
        out, self._out = self._out, []
        return out

    # connections and requests

    def _connected(self, event: Connected) -> None:
        self._clients[event.connection] = _Client()
        self._out.append(Send(event.connection, self._hello))

    def _disconnected(self, event: Disconnected) -> None:
        if self._clients.pop(event.connection, None) is not None:
            self._update_watches()

    def _line(self, event: Line) -> None:
        client = self._clients.get(event.connection)
        if client is None:
            return
        try:
            message = wire.decode(event.data)
        except wire.WireError as error:
            self._drop(event.connection, str(error))
            return
        if not isinstance(message, wire.Request):
            self._drop(event.connection, f"a host sends requests, not {type(message).__name__}")
        elif message.method in {"subscribe", "unsubscribe"}:
            self._subscribe(event.connection, client, message)
        elif message.method == "ports.list" and self._ports is not None and self._engine_healthy():
            self._answer(event.connection, message.id, [port.to_json() for port in sorted(self._ports, key=_order)])
        elif message.method in self._methods:
            self._last_job += 1
            self._jobs[self._last_job] = (event.connection, message.id)
            self._out.append(Run(self._last_job, message.method, message.params))
        else:
            self._refuse(event.connection, message.id, f"This agent has no method {message.method!r}.")

    def _drop(self, connection: int, reason: str) -> None:
        self._out.append(Drop(connection, reason))
        self._disconnected(Disconnected(connection))

    def _answer(self, connection: int, request: int, result: Any) -> None:
        self._out.append(Send(connection, wire.Result(request, result)))

    def _refuse(self, connection: int, request: int, text: str) -> None:
        self._out.append(Send(connection, wire.Failure(request, "usage", text)))

    def _done(self, event: Done) -> None:
        connection, request = self._jobs.pop(event.job)
        if connection in self._clients:
            self._answer(connection, request, event.result)

    def _failed(self, event: Failed) -> None:
        connection, request = self._jobs.pop(event.job)
        if connection in self._clients:
            failure = wire.Failure(request, event.code, event.message, event.detail, event.hint)
            self._out.append(Send(connection, failure))

    # subscriptions

    def _subscribe(self, connection: int, client: _Client, request: wire.Request) -> None:
        topics = request.params.get("topics")
        interval = request.params.get("interval") or _DEFAULT_INTERVAL
        if not isinstance(topics, list) or not isinstance(interval, (int, float)):
            self._refuse(connection, request.id, "`topics` is a list of names, `interval` a number of seconds.")
            return
        unknown = [topic for topic in topics if topic not in TOPICS]
        if unknown:
            self._refuse(connection, request.id, f"There is no topic {unknown[0]!r}; there are {', '.join(TOPICS)}.")
            return
        self._answer(connection, request.id, {})
        if request.method == "unsubscribe":
            client.topics = client.topics.difference(topics)
            client.waiting.difference_update(topics)
            self._update_watches()
            return
        client.topics = client.topics.union(topics)
        client.waiting |= {"engine", "ports", "mounts"}.intersection(topics)
        if "stats" in topics:
            client.interval = min(max(float(interval), MIN_INTERVAL), MAX_INTERVAL)
        self._update_watches(restart="stats" if "stats" in topics else None)
        self._send_first()

    def _update_watches(self, restart: str | None = None) -> None:
        """Let exactly those sources run that somebody needs; `restart` begins anew with everything."""
        for source, topics in _SOURCES.items():
            users = [client for client in self._clients.values() if not client.topics.isdisjoint(topics)]
            interval = min((client.interval for client in users), default=None)
            if source != "stats" and interval is not None:
                interval = 0.0
            if interval is None:
                if self._watches.pop(source, None) is not None:
                    self._out.append(Watch(source, None))
                    self._forget(source)
            elif self._watches.get(source) != interval or source == restart:
                self._watches[source] = interval
                self._out.append(Watch(source, interval))

    def _forget(self, source: str) -> None:
        """What a stopped source told is old at once."""
        if source == "engine":
            self._engine = None
            self._containers = {}
        elif source == "listeners":
            self._listeners = self._ports = None
            self._fading = {}
        elif source == "mounts":
            self._mounts = None

    def _send_first(self) -> None:
        """Send the first event, which carries everything, to those who wait for it."""
        everything: dict[str, dict[str, Any] | None] = {
            "engine": self._engine,
            "ports": None if self._ports is None else _changes(sorted(self._ports, key=_order), ()),
            "mounts": None if self._mounts is None else {"added": list(self._mounts.values()), "removed": []},
        }
        for connection, client in self._clients.items():
            for topic in sorted(client.waiting):
                data = everything[topic]
                if data is not None:
                    client.waiting.discard(topic)
                    self._out.append(Send(connection, wire.Event(topic, data)))

    def _publish(self, topic: str, data: dict[str, Any]) -> None:
        for connection, client in self._clients.items():
            if topic in client.topics and topic not in client.waiting:
                self._out.append(Send(connection, wire.Event(topic, data)))

    # what happens in the guest

    def _engine_healthy(self) -> bool:
        return self._engine is not None and bool(self._engine["healthy"])

    def _engine_changed(self, event: EngineChanged) -> None:
        status = event._asdict()
        if "engine" not in self._watches or status == self._engine:
            return
        if self._engine is not None and self._engine["kind"] != event.kind:
            self._containers = {}
            self._update_ports()
        self._engine = status
        self._publish("engine", status)
        self._send_first()

    def _containers_found(self, event: ContainersFound) -> None:
        if "engine" in self._watches:
            self._containers = {container.id: container for container in event.containers}
            self._update_ports()

    def _container_started(self, event: ContainerStarted) -> None:
        if "engine" in self._watches:
            self._containers[event.container.id] = event.container
            self._update_ports()

    def _container_changed(self, event: ContainerChanged) -> None:
        if "engine" not in self._watches:
            return
        action, name = event.data["action"], event.data["name"]
        container = self._containers.get(event.data["id"])
        if container is not None and action in {"die", "remove"}:
            del self._containers[container.id]
            proxied = {(port.protocol, port.guest_port) for port in container.published}
            for listener in self._listeners or ():
                if listener.container_id == container.id or (listener.protocol, listener.port) in proxied:
                    self._fading[listener] = _FADING_SCANS
        elif container is not None and action == "rename":
            self._containers[container.id] = container._replace(name=name)
        self._publish("containers", event.data)
        self._update_ports()

    def _object_changed(self, event: ObjectChanged) -> None:
        self._publish("objects", event.data)

    def _listeners_scanned(self, event: ListenersScanned) -> None:
        if "listeners" not in self._watches or (event.listeners == self._listeners and not self._fading):
            return
        self._listeners = event.listeners
        self._fading = {one: left - 1 for one, left in self._fading.items() if left > 1 and one in event.listeners}
        self._update_ports()

    def _update_ports(self) -> None:
        if self._listeners is None:
            return
        old = self._ports
        self._ports = merge(self._containers.values(), (one for one in self._listeners if one not in self._fading))
        if old is not None and old != self._ports:
            added, removed = sorted(self._ports - old, key=_order), sorted(old - self._ports, key=_order)
            self._publish("ports", _changes(added, removed))
        self._send_first()

    def _mounts_scanned(self, event: MountsScanned) -> None:
        if "mounts" not in self._watches:
            return
        old, self._mounts = self._mounts, {mount["guest_path"]: mount for mount in event.mounts}
        if old is not None and old != self._mounts:
            added = [mount for path, mount in self._mounts.items() if old.get(path) != mount]
            removed = [mount for path, mount in old.items() if self._mounts.get(path) != mount]
            self._publish("mounts", {"added": added, "removed": removed})
        self._send_first()

    def _sampled(self, event: Sampled) -> None:
        self._publish(event.topic, event.data)


def _changes(added: Iterable[Port], removed: Iterable[Port]) -> dict[str, Any]:
    return {"added": [port.to_json() for port in added], "removed": [port.to_json() for port in removed]}


def _order(port: Port) -> tuple[int, str, str, str]:
    return (port.guest_port, port.protocol, port.guest_address, port.container_id or "")
