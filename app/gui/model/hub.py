"""All that the window shows, kept right by linnetd's events.

The hub follows `/v1/events`, has the status of every machine, and for the machine in view the collections of its
engine. When linnetd goes away the hub says so and connects again; what it knew is then loaded anew.
"""

from __future__ import annotations

import dataclasses
import enum
import logging
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.core.client import Client
from app.core.docker import API, DockerClient
from app.gui.model.collection import Collection
from app.gui.work.runner import Op, TaskRunner
from app.gui.work.stream import Stream
from vm.errors import ConflictError, LinnetError, NotFoundError
from vm.layout import Layout
from vm.machine.status import MachineState, MachineStatus

log = logging.getLogger(__name__)

UP = frozenset({MachineState.running, MachineState.degraded})
"""States in which the engine may answer."""

_DOWN = frozenset({MachineState.stopping, MachineState.suspending, MachineState.suspended, MachineState.stopped})

_FIRST_RETRY, _LAST_RETRY = 300, 5000
"""Milliseconds between two attempts to reach linnetd."""

_SETTLE = 80
"""Milliseconds in which several events about one machine become one look at it."""

HISTORY = 300
"""Samples that are kept: ten minutes at one every two seconds."""

INTERVAL = 2
"""Seconds between two samples of what is used."""

HELPER_LABEL = "io.linnet.helper"
"""Marks containers that Linnet makes for itself and takes away again; its value says what for. No list shows them."""


class Connection(enum.Enum):
    """What there is of linnetd."""

    connecting = "connecting"
    connected = "connected"
    lost = "lost"


class Hub(QObject):
    """Live state.

    Attributes:
        starts_service: whether linnetd is started when it does not run.
        connection: whether linnetd is there; `error` why not.
        machines: status by name.
        current: name of the machine in view, None when there is none.
        containers, images, volumes, networks, ports: of the machine in view, rows as the Docker API gives them
            (ports: as the local API does).
        trash: what removed containers and volumes held, entries of the local API.
        history: the last ten minutes of samples, oldest first; empty while nobody watches.
    Signals:
        connection_changed: `connection` is another, or the reason why linnetd cannot be reached.
        machines_changed: a machine came, went or changed; its name.
        current_changed: another machine is in view.
        happened: an event of linnetd, as the local API has it.
        sampled: a sample of what the guest and its containers use.
    """

    connection_changed = Signal()
    machines_changed = Signal(str)
    current_changed = Signal()
    happened = Signal(dict)
    sampled = Signal(dict)

    def __init__(self, layout: Layout, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layout = layout
        self.starts_service = True
        self.connection = Connection.connecting
        self.error: LinnetError | None = None
        self.machines: dict[str, MachineStatus] = {}
        self.loaded = False
        self.current: str | None = None
        self.history: list[dict[str, Any]] = []
        self._runner = runner
        self._events: Stream | None = None
        self._stats: Stream | None = None
        self._watchers: set[object] = set()
        self._retry = _FIRST_RETRY
        self._dirty: set[str] = set()
        self._told: dict[str, tuple[int, str]] = {}
        """By machine, how many states it was told to have, and the last one: what was asked before is out of date."""
        self._timer = _single_shot(self, _SETTLE, self._look)
        self._reconnect = _single_shot(self, _FIRST_RETRY, self.start)
        self._stats_retry = _single_shot(self, 1000, self._update_stats)
        self.containers = self._docker_collection("/containers/json", lambda row: str(row["Id"]), all=True)
        self.images = self._docker_collection("/images/json", lambda row: str(row["Id"]))
        self.networks = self._docker_collection("/networks", lambda row: str(row["Id"]))
        self.volumes = Collection(self, runner, self._load_volumes, lambda row: str(row["Name"]))
        self.ports = Collection(self, runner, self._load_ports, port_key)
        self.trash = Collection(self, runner, self._load_trash, lambda row: str(row["id"]))

    def client(self) -> Client:
        """Return a client of linnetd, to be used in one thread and closed."""
        return Client(self.layout, start=self.starts_service)

    def docker(self, machine: str | None = None, api: str = API) -> DockerClient:
        """Return a client of the Docker API of a machine, the one in view by default. NotFoundError without any.

        `api`: LIBPOD for Podman's own.
        """
        name = machine or self.current
        status = self.machines.get(name or "")
        if status is None:
            raise NotFoundError("There is no machine.", hint="Make one first.")
        if status.state not in UP:
            raise ConflictError(f"Machine '{status.name}' is {status.state}.", hint="Start it first.")
        return DockerClient(status.docker_socket, api)

    @property
    def status(self) -> MachineStatus | None:
        """The machine in view."""
        return self.machines.get(self.current or "")

    @property
    def engine_ready(self) -> bool:
        """Whether the engine of the machine in view answers, as far as is known."""
        status = self.status
        if status is None or self.connection is not Connection.connected:
            return False
        return status.state in UP and status.engine is not None and status.engine.healthy

    def path(self, rest: str = "", machine: str | None = None) -> str:
        """Return the local API's path of a machine, the one in view by default."""
        return f"/v1/machines/{machine or self.current}{rest}"

    def start(self) -> None:
        """Connect to linnetd, starting it when it does not run."""
        self._stop_events()
        self._events = events = Stream(self, self._open_events)
        events.opened.connect(self._on_connected)
        events.received.connect(self._on_events)
        events.ended.connect(self._on_lost)
        events.start()

    def stop(self) -> None:
        """Let go of linnetd; it goes on running."""
        self._reconnect.stop()
        self._stats_retry.stop()
        self._watchers.clear()
        self._stop_events()
        self._stop_stats()

    def choose(self, name: str | None) -> None:
        """Have another machine in view."""
        if name == self.current:
            return
        self.current = name
        self.history = []
        self._stop_stats()
        for collection in self._collections():
            collection.set_available(available=False)
        self._update()
        self.current_changed.emit()

    def watch_stats(self, who: object, *, watch: bool) -> None:
        """Sample what is used while anybody watches."""
        (self._watchers.add if watch else self._watchers.discard)(who)
        self._update_stats()

    def look_again(self, name: str | None = None) -> None:
        """Look at a machine, or at all of them, soon."""
        self._dirty.update([name] if name else [*self.machines, ""])
        self._timer.start()

    def look_closely(self) -> None:
        """Have the machine in view asked how much memory and disk it takes."""
        if self.current is not None:
            self._look_at(self.current, probe=True)

    def _open_events(self) -> Any:
        client = self.client()
        return client.stream("GET", "/v1/events")

    def _on_connected(self) -> None:
        asked = {name: count for name, (count, _state) in self._told.items()}

        def show(machines: list[MachineStatus]) -> None:
            self._on_machines([self._as_told(status, asked.get(status.name, 0)) for status in machines])

        Op(self, self._load_machines).success(show).failure(self._on_lost).run(self._runner)

    def _load_machines(self) -> list[MachineStatus]:
        with self.client() as client:
            return msgspec.convert(client.get("/v1/machines"), list[MachineStatus])

    def _on_machines(self, machines: list[MachineStatus]) -> None:
        self._retry = _FIRST_RETRY
        gone = set(self.machines) - {status.name for status in machines}
        self.machines = {status.name: status for status in machines}
        self.loaded = True
        if self.connection is not Connection.connected:
            self.connection, self.error = Connection.connected, None
            self.connection_changed.emit()
        for name in [*gone, *self.machines]:
            self.machines_changed.emit(name)
        if self.current not in self.machines:
            self.choose(self._first())
        self._update()

    def _first(self) -> str | None:
        running = [name for name, status in self.machines.items() if status.state in UP]
        if "default" in self.machines and (not running or "default" in running):
            return "default"
        return next(iter([*running, *self.machines]), None)

    def _on_lost(self, error: LinnetError | None) -> None:
        self._stop_events()
        self._stop_stats()
        before, self.error = self.error, error
        another_reason = (before and before.message) != (error and error.message)
        if self.connection is not Connection.lost:
            self.connection = Connection.lost
            for collection in self._collections():
                collection.set_available(available=False)
            self.connection_changed.emit()
        elif another_reason:
            self.connection_changed.emit()
        self._reconnect.start(self._retry)
        self._retry = min(self._retry * 2, _LAST_RETRY)

    def _on_events(self, events: list[dict[str, Any]]) -> None:
        touched = False
        containers: dict[str, bool] = {}
        for event in events:
            kind, machine = event["kind"], event["machine"]
            self.happened.emit(event)
            if kind in ("list", "state", "engine", "problem", "share", "step", "disk", "space"):
                self._dirty.add(machine)
                touched = True
                if kind == "state":
                    self._leave(machine, str(event["data"].get("state") or ""))
            elif machine != self.current:
                continue
            elif kind == "container":
                containers[event["data"]["id"]] = event["data"]["action"] == "remove"
            elif kind == "port":
                self.ports.touch()
            elif kind in ("image", "volume", "network"):
                {"image": self.images, "volume": self.volumes, "network": self.networks}[kind].touch()
        if touched:
            self._timer.start()
        if containers:
            self._on_containers(containers)

    def _leave(self, name: str, state: str) -> None:
        """Take at once that a machine is on its way down: what is asked of its engine meanwhile would wake it again."""
        before = self._times_told(name)
        self._told[name] = (before + 1, state)
        status = self.machines.get(name)
        if status is not None and (now := self._as_told(status, before)) is not status:
            self.machines[name] = now
            self.machines_changed.emit(name)
            self._update()

    def _times_told(self, name: str) -> int:
        return self._told.get(name, (0, ""))[0]

    def _as_told(self, status: MachineStatus, asked: int) -> MachineStatus:
        """Correct a status that was asked for when `asked` states had been told by what was told since."""
        count, state = self._told.get(status.name, (0, ""))
        if count > asked and state in _DOWN and status.state in UP:
            return dataclasses.replace(status, state=MachineState(state))
        return status

    def _on_containers(self, containers: dict[str, bool]) -> None:
        self.containers.drop([key for key, removed in containers.items() if removed])
        self.ports.touch()
        self.networks.touch()
        self.volumes.touch()
        keys = [key for key, removed in containers.items() if not removed]
        if not keys or not self.engine_ready:
            return
        if len(keys) > 20:
            self.containers.touch()
            return
        docker = self.docker()
        (
            Op(self, lambda: docker.get("/containers/json", all=True, filters={"id": keys}))
            .success(lambda rows: self._on_rows(keys, rows))
            .failure(lambda _error: self.containers.touch())
            .run(self._runner)
        )

    def _on_rows(self, keys: list[str], all_rows: list[dict[str, Any]]) -> None:
        rows = _without_helpers(all_rows)
        found = {row["Id"] for row in rows}
        self.containers.drop([key for key in keys if key not in found])
        self.containers.put(rows)

    def _look(self) -> None:
        names, self._dirty = self._dirty, set()
        if "" in names or any(name not in self.machines for name in names):
            self._on_connected()
            return
        for name in names:
            self._look_at(name)

    def _look_at(self, name: str, *, probe: bool = False) -> None:
        asked = self._times_told(name)

        def load() -> MachineStatus | None:
            with self.client() as client:
                try:
                    return msgspec.convert(client.get(f"/v1/machines/{name}", probe=probe), MachineStatus)
                except NotFoundError:
                    return None

        def show(status: MachineStatus | None) -> None:
            if status is None:
                self.machines.pop(name, None)
            else:
                self.machines[name] = _with_use(self._as_told(status, asked), self.machines.get(name))
            self.machines_changed.emit(name)
            if self.current not in self.machines:
                self.choose(self._first())
            self._update()

        Op(self, load).success(show).failure(lambda error: log.info("no status: %s", error.message)).run(self._runner)

    def _update(self) -> None:
        ready = self.engine_ready
        for collection in self._collections():
            collection.set_available(available=ready)
        self._update_stats()

    def _collections(self) -> tuple[Collection, ...]:
        return self.containers, self.images, self.networks, self.volumes, self.ports, self.trash

    def _docker_collection(self, path: str, key: Any, **query: Any) -> Collection:
        return Collection(self, self._runner, lambda: _without_helpers(self.docker().get(path, **query)), key)

    def _load_volumes(self) -> list[dict[str, Any]]:
        return list((self.docker().get("/volumes") or {}).get("Volumes") or [])

    def _load_trash(self) -> list[dict[str, Any]]:
        with self.client() as client:
            return list(client.get(self.path("/trash")))

    def _load_ports(self) -> list[dict[str, Any]]:
        with self.client() as client:
            return list(client.get(self.path("/ports")))

    def _update_stats(self) -> None:
        wanted = bool(self._watchers) and self.engine_ready
        if wanted and self._stats is None:
            path = self.path("/stats")
            self._stats = stats = Stream(
                self, lambda: self.client().stream("GET", path, follow=True, interval=INTERVAL)
            )
            stats.received.connect(self._on_samples)
            stats.ended.connect(self._on_stats_ended)
            stats.start()
        elif not wanted:
            self._stop_stats()

    def _on_samples(self, samples: list[dict[str, Any]]) -> None:
        for sample in samples:
            self.history.append(sample)
            del self.history[:-HISTORY]
            self.sampled.emit(sample)

    def _on_stats_ended(self, _error: LinnetError | None) -> None:
        self._stop_stats()
        self._stats_retry.start()

    def _stop_stats(self) -> None:
        stream, self._stats = self._stats, None
        if stream is not None:
            stream.stop()
            stream.deleteLater()

    def _stop_events(self) -> None:
        stream, self._events = self._events, None
        if stream is not None:
            stream.stop()
            stream.deleteLater()


def _with_use(status: MachineStatus, before: MachineStatus | None) -> MachineStatus:
    """Keep what a closer look had found: memory and disk are not asked for at every change."""
    if before is None or status.state not in UP:
        return status
    return dataclasses.replace(
        status,
        memory_use=status.memory_use or before.memory_use,
        disk_use=status.disk_use or before.disk_use,
    )


def port_key(row: Any) -> str:
    """Return what tells a port of the guest from others."""
    return f"{row['protocol']}/{row['guest_address']}:{row['guest_port']}/{row['host_address']}:{row['host_port']}"


def _single_shot(parent: QObject, milliseconds: int, slot: Any) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer


def _without_helpers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if HELPER_LABEL not in (row.get("Labels") or {})]
