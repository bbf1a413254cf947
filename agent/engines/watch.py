"""Keeps in touch with the engine in use: whether it answers, what runs, what happens to what it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.containers import Container
from agent.core import ContainerChanged, ContainersFound, ContainerStarted, EngineChanged, ObjectChanged
from agent.engines.api import ApiError, Connection
from agent.engines.base import Engine
from agent.loop import Future, Loop, Task, log

PING_INTERVAL = 30.0
PING_TIMEOUT = 20.0
_FIRST_RETRY, _LAST_RETRY = 0.1, 2.0


class _Starting:
    """A container between its creation and what the engine says of it when it runs."""

    def __init__(self) -> None:
        self.asking = False
        self.again = False
        self.started = False
        self.told = False
        self.expected: Container | None = None


class EngineWatch:
    """Runs while somebody is subscribed. Never wakes an engine otherwise."""

    def __init__(self, loop: Loop, engine: Engine, emit: Callable[[Any], None]) -> None:
        self._loop = loop
        self._engine = engine
        self._emit = emit
        self._starting: dict[str, _Starting] = {}
        self._children: set[Task] = set()
        self._task = loop.spawn(self._run())

    def stop(self) -> None:
        """End the watch."""
        self._task.cancel()
        self._stop_children()

    async def _run(self) -> None:
        pause = _FIRST_RETRY
        while True:
            began_healthy = False
            try:
                connection = self._engine.connect(self._loop)
                try:
                    version = await self._loop.timeout(PING_TIMEOUT, self._engine.ping(connection))
                    began_healthy = True
                    await self._session(connection, version)
                finally:
                    connection.close()
                    self._stop_children()
                reason = "the engine closed the connection"
            except (OSError, ApiError, ValueError, KeyError, TypeError) as error:
                reason = str(error) or type(error).__name__
            self._emit(EngineChanged(self._engine.kind, False, None, reason))
            pause = _FIRST_RETRY if began_healthy else min(pause * 1.5, _LAST_RETRY)
            await self._loop.sleep(pause)

    async def _session(self, connection: Connection, version: str) -> None:
        """Return or raise when the engine is lost. `connection` lives as long as the engine does."""
        ended = Future()
        self._starting = {}
        listening = Future()
        self._child(self._follow(lambda: listening.finish(True)), ended)
        ended.when_done(lambda: listening.finish(False))
        if await self._loop.timeout(PING_TIMEOUT, listening.outcome()):
            self._emit(ContainersFound(tuple(await self._loop.timeout(PING_TIMEOUT, self._engine.running(connection)))))
            self._emit(EngineChanged(self._engine.kind, True, version, None))
            self._child(self._keep_alive(connection), ended)
        await ended

    async def _keep_alive(self, connection: Connection) -> None:
        while True:
            try:
                await self._loop.timeout(PING_INTERVAL, connection.closed())
                return
            except TimeoutError:
                await self._loop.timeout(PING_TIMEOUT, self._engine.ping(connection))

    async def _follow(self, opened: Callable[[], None]) -> None:
        async for topic, data in self._engine.events(self._loop, opened):
            if topic == "objects":
                self._emit(ObjectChanged(data))
                continue
            self._emit(ContainerChanged(data))
            action, container_id = data["action"], data["id"]
            if action in {"die", "remove"}:
                self._starting.pop(container_id, None)
            elif action == "create":
                self._starting[container_id] = starting = _Starting()
                self._child(self._ask(container_id, starting))
            elif action == "start":
                self._started(container_id)

    def _started(self, container_id: str) -> None:
        starting = self._starting.pop(container_id, None)
        if starting is not None and starting.told:
            return
        if starting is not None and starting.expected is not None:
            self._emit(ContainerStarted(starting.expected))
        if starting is None or not starting.asking:
            starting = _Starting()
            self._child(self._ask(container_id, starting))
        starting.started = True
        self._starting[container_id] = starting

    async def _ask(self, container_id: str, starting: _Starting) -> None:
        """Ask about a container from its creation on: Podman answers when the start is done, and not a moment later."""
        starting.asking = True
        try:
            while self._starting.get(container_id) is starting:
                connection = self._engine.connect(self._loop)
                try:
                    look = self._engine.look(connection, container_id)
                    running, expected = await self._loop.timeout(PING_TIMEOUT, look)
                finally:
                    connection.close()
                if self._starting.get(container_id) is not starting:
                    return  # it ended meanwhile, or was started once more
                if running is not None:
                    starting.told = True
                    self._emit(ContainerStarted(running))
                elif starting.started and not starting.again:
                    starting.again = True  # this answer was given before the start
                    continue
                starting.expected = expected
                if starting.started:
                    del self._starting[container_id]
                return
        finally:
            starting.asking = False

    def _child(self, coroutine: Any, ended: Future | None = None) -> None:
        """Run a part of the session; with `ended`, its end is the session's."""
        task = Task(self._loop, coroutine)
        self._children.add(task)

        def finished() -> None:
            self._children.discard(task)
            if ended is not None:
                ended.finish(error=task.error if isinstance(task.error, Exception) else None)
            elif isinstance(task.error, Exception):
                log(f"a container could not be asked for: {task.error!r}")

        task.when_done(finished)

    def _stop_children(self) -> None:
        for task in list(self._children):
            task.cancel()
