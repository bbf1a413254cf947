"""Carries out what the core decides, and tells it what happens."""

from __future__ import annotations

import errno
from typing import Any

from agent import (
    clock,
    disk,
    files,
    iocost,
    ledger,
    limits,
    memory,
    mountinfo,
    mounts,
    prune,
    snapshots,
    system,
    trash_methods,
    volumes,
    wire,
)
from agent.containers import Container
from agent.core import (
    Command,
    ContainerChanged,
    ContainersFound,
    ContainerStarted,
    Core,
    Done,
    Drop,
    EngineChanged,
    Failed,
    MountsScanned,
    Run,
    Sampled,
    Send,
    Watch,
)
from agent.engines.api import ApiError
from agent.engines.switch import Engines
from agent.engines.watch import EngineWatch
from agent.errors import ROOM, AgentError, closing
from agent.idle import IdleWatch
from agent.jobs import Jobs
from agent.listeners import Finder, ListenersWatch
from agent.loop import PRIORITY, Loop, Task, log
from agent.methods import Method
from agent.oom import OomWatch
from agent.ports import merge
from agent.process import run
from agent.relay import Relays
from agent.server import Server
from agent.stats import Sampler, StatsWatch

_DISK_INTERVAL = 30.0
_DISK_STEP = 64 * 1024 * 1024
"""A change of the disk's use by fewer bytes is not worth an event."""


class Shell:
    """The agent: its core, and the hands and eyes of the core."""

    def __init__(self, loop: Loop, *, hello: wire.Hello, path: str, uid: int, engine: str) -> None:
        self._loop = loop
        self._uid = uid
        self._engines = Engines(loop, uid, engine)
        jobs = Jobs(loop)
        more = {
            **jobs.methods,
            **limits.methods(loop, self._engines),
            **ledger.methods(loop, self._now_running),
            **prune.methods(loop, self._engines),
            **snapshots.methods(loop, self._engines),
            **trash_methods.methods(loop, self._engines, jobs),
            **volumes.methods(loop, self._engines, jobs),
        }
        self._core = Core(hello, more)
        self._relays = Relays(loop)
        self._running: dict[str, Container] = {}
        self._killed: set[str] = set()
        self._oom = OomWatch(loop, self._on_kill)
        self._engine_watch: EngineWatch | None = None
        self._listeners_watch: ListenersWatch | None = None
        self._stats_watch: StatsWatch | None = None
        self._tasks: dict[str, Task] = {}
        self._server = Server(loop, path, self._emit)
        self._methods: dict[str, Method] = {
            "system.info": self._system_info,
            "engine.list": self._engine_list,
            "engine.status": self._engine_status,
            "engine.use": self._engine_use,
            "engine.prepare": self._engine_prepare,
            "containers.list": self._containers_list,
            "ports.list": self._ports_list,
            "stats.once": self._stats_once,
            "mounts.add": self._mounts_add,
            "mounts.remove": self._mounts_remove,
            "mounts.list": self._mounts_list,
            "mounts.release": lambda _params: self._loop.in_thread(mounts.release),
            "files.changed": self._files_changed,
            "clock.set": self._clock_set,
            "disk.status": lambda _params: self._loop.in_thread(disk.status),
            "disk.grow": lambda _params: self._loop.in_thread(disk.grow),
            "disk.trim": lambda _params: self._loop.in_thread(disk.trim),
            "memory.status": lambda _params: self._loop.in_thread(memory.status),
            "memory.reclaim": lambda _params: self._loop.in_thread(memory.reclaim),
            "relay.open": self._relay_open,
            "relay.close": self._relay_close,
            "shutdown": self._shutdown,
            **more,
        }

    # events in, commands out

    def _emit(self, event: Any) -> None:
        if isinstance(event, ContainersFound):
            self._running = {container.id: container for container in event.containers}
            iocost.notice(event.containers)
            self._containers_moved()
        elif isinstance(event, ContainerStarted):
            self._running[event.container.id] = event.container
            iocost.notice([event.container])
            self._containers_moved()
        elif isinstance(event, ContainerChanged) and event.data["action"] in {"die", "remove"}:
            self._ended(event.data)
        for command in self._core.handle(event):
            self._carry_out(command)

    def _ended(self, data: dict[str, Any]) -> None:
        self._oom.meet(Container(data["id"], data["name"], data["image"], 0))
        if data["action"] == "die" and data["id"] in self._killed:
            data["oom"] = True
        self._killed.discard(data["id"])
        if self._running.pop(data["id"], None) is not None:
            self._containers_moved()

    def _on_kill(self, data: dict[str, Any]) -> None:
        self._killed.add(data["id"])
        self._emit(ContainerChanged(data))

    def _containers_moved(self) -> None:
        self._oom.set(self._running)
        if self._listeners_watch is not None:
            self._listeners_watch.hurry()

    def _carry_out(self, command: Command) -> None:
        if isinstance(command, Send):
            self._server.send(command.connection, command.message)
        elif isinstance(command, Drop):
            self._server.drop(command.connection, command.reason)
        elif isinstance(command, Run):
            self._loop.spawn(self._run(command))
        else:
            self._watch(command)

    async def _run(self, command: Run) -> None:
        try:
            self._emit(Done(command.job, await self._methods[command.method](command.params)))
        except AgentError as error:
            self._emit(Failed(command.job, error.code, error.message, error.detail, error.hint))
        except (KeyError, ApiError, OSError, TypeError, ValueError) as error:
            problem = unforeseen(command.method, error)
            self._emit(Failed(command.job, problem.code, problem.message, problem.detail, problem.hint))

    def _watch(self, watch: Watch) -> None:
        if watch.source == "engine":
            self._set_engine_watch(on=watch.interval is not None)
        elif watch.source == "listeners":
            if self._listeners_watch is not None:
                self._listeners_watch.stop()
            self._listeners_watch = None if watch.interval is None else ListenersWatch(self._loop, self._emit)
        elif watch.source == "stats":
            if self._stats_watch is not None:
                self._stats_watch.stop()
            self._stats_watch = None
            if watch.interval is not None:
                self._stats_watch = StatsWatch(self._loop, watch.interval, lambda: self._running.values(), self._emit)
        else:
            task = self._tasks.pop(watch.source, None)
            if task is not None:
                task.cancel()
            if watch.interval is not None:
                follow = {"mounts": self._follow_mounts, "disk": self._follow_disk, "idle": self._follow_idle}
                self._tasks[watch.source] = self._loop.spawn(follow[watch.source]())

    def _set_engine_watch(self, *, on: bool) -> None:
        if self._engine_watch is not None:
            self._engine_watch.stop()
            self._engine_watch = None
        if on:
            self._engine_watch = EngineWatch(self._loop, self._engines.current, self._emit)
        else:
            self._running = {}
            self._oom.stop()

    async def _follow_mounts(self) -> None:
        with open(mountinfo.TABLE, "rb") as table:
            while True:
                self._emit(MountsScanned(tuple(mounts.shares())))
                await self._loop.wait(table.fileno(), PRIORITY)

    async def _follow_disk(self) -> None:
        last: dict[str, int] | None = None
        while True:
            now = await self._loop.in_thread(disk.status)
            if last is None or now["size"] != last["size"] or abs(now["used"] - last["used"]) >= _DISK_STEP:
                last = now
                self._emit(Sampled("disk", now))
            await self._loop.sleep(_DISK_INTERVAL)

    async def _follow_idle(self) -> None:
        await IdleWatch(self._loop, lambda: self._running.values(), self._emit).run()

    # methods

    async def _system_info(self, _params: dict[str, Any]) -> Any:
        return system.info(self._uid)

    async def _engine_list(self, _params: dict[str, Any]) -> Any:
        return await self._engines.list()

    async def _engine_status(self, _params: dict[str, Any]) -> Any:
        return await self._engines.status()

    async def _engine_prepare(self, _params: dict[str, Any]) -> dict[str, Any]:
        await self._engines.load_hello(self._engines.current)
        return {}

    async def _engine_use(self, params: dict[str, Any]) -> Any:
        engine = self._engines.named(params["kind"])
        watched = self._engine_watch is not None
        if engine is not self._engines.current:
            self._set_engine_watch(on=False)
            if watched:
                self._emit(EngineChanged(engine.kind, False, None, "starting"))
        try:
            await self._engines.use(engine)
        finally:
            if watched and self._engine_watch is None:
                self._set_engine_watch(on=True)
        status = await self._engines.answering()
        log(f"engine {engine.kind} {status['version']} in use")
        return status

    async def _containers_list(self, _params: dict[str, Any]) -> Any:
        engine = self._engines.current
        connection = engine.connect(self._loop)
        try:
            return await self._loop.timeout(30, engine.listing(connection))
        finally:
            connection.close()

    async def _now_running(self) -> list[Container]:
        """Return the containers that run: known while somebody is subscribed, else asked for."""
        if self._engine_watch is not None and self._running:
            return list(self._running.values())
        engine = self._engines.current
        try:
            connection = engine.connect(self._loop)
            try:
                return list(await self._loop.timeout(30, engine.running(connection)))
            finally:
                connection.close()
        except (OSError, ApiError):
            return []  # no engine, no containers: the guest's own services and figures are there nevertheless

    async def _ports_list(self, _params: dict[str, Any]) -> Any:
        finder = Finder()
        try:
            return [port.to_json() for port in sorted(merge(await self._now_running(), finder.find()), key=str)]
        finally:
            finder.close()

    async def _stats_once(self, _params: dict[str, Any]) -> Any:
        return Sampler().sample(await self._now_running())

    async def _mounts_add(self, params: dict[str, Any]) -> Any:
        owner = params.get("map_owner")
        pair = (int(owner["uid"]), int(owner["gid"])) if owner else None
        tag, kind, path = str(params["tag"]), str(params["kind"]), str(params["guest_path"])
        read_only = bool(params.get("read_only"))
        await self._loop.in_thread(lambda: mounts.add(tag, kind, path, read_only=read_only, owner=pair))
        return {}

    async def _mounts_remove(self, params: dict[str, Any]) -> Any:
        await self._loop.in_thread(mounts.remove, str(params["guest_path"]))
        return {}

    async def _mounts_list(self, _params: dict[str, Any]) -> Any:
        return mounts.shares()

    async def _files_changed(self, params: dict[str, Any]) -> Any:
        await self._loop.in_thread(files.announce, list(params["changes"]))
        return {}

    async def _clock_set(self, params: dict[str, Any]) -> Any:
        return {"offset": clock.set_clock(float(params["time"]))}

    async def _relay_open(self, params: dict[str, Any]) -> Any:
        protocol, address, port = str(params["protocol"]), str(params["address"]), int(params["port"])
        return {"guest_port": self._relays.open(protocol, address, port)}

    async def _relay_close(self, params: dict[str, Any]) -> Any:
        self._relays.close(int(params["guest_port"]))
        return {}

    async def _shutdown(self, _params: dict[str, Any]) -> Any:
        self._loop.spawn(self._power_off())
        return {}

    async def _power_off(self) -> None:
        await self._server.flush()
        log("powering off")
        await self._loop.in_thread(run, "systemctl", "--no-block", "poweroff")


def unforeseen(method: str, error: Exception) -> AgentError:
    """Say in a sentence what a method failed of that had none of its own for it."""
    if isinstance(error, KeyError):
        return AgentError("usage", f"The request {method} needs the parameter {error.args[0]!r}.")
    if isinstance(error, ApiError):
        return AgentError("guest", f"The engine refused: {closing(error)}")
    if isinstance(error, TimeoutError):
        return AgentError("timeout", f"The request {method} took too long: {closing(error)}")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return AgentError("disk-full", "There is no room left on the disk of the machine.", str(error), ROOM)
    if isinstance(error, OSError):
        return AgentError("guest", f"The request {method} failed in the guest: {closing(error)}")
    return AgentError("usage", f"The request {method} cannot use its parameters: {closing(error)}")
