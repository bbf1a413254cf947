"""The service as a whole: what routes, sockets and the doctor work with."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from app import __version__
from app.core import api
from app.core.settings import app_config
from app.service import journal
from app.service.backups import BackupClock
from app.service.contract import Machine, Manager
from app.service.docker import DockerSockets
from app.service.events import EventHub
from app.service.memory import Housekeeper
from app.service.operations import Operation, Operations, Work
from vm import tasks
from vm.errors import LinnetError, UnavailableError
from vm.layout import Layout
from vm.machine.status import MachineEvent
from vm.progress import Reporter

if TYPE_CHECKING:
    from app.service.routing import Router

log = logging.getLogger(__name__)

T = TypeVar("T")


class Service:
    """Everything that linnetd holds.

    Attributes:
        layout: where files are.
        manager: the machines; given to `open`.
        operations: long work.
        backups: makes backups of volumes when they are due.
        events: what happens, for those who listen.
        docker: the Docker API sockets.
        router: the routes that are served.
        quitting: set when the service shall end.
        sessions: how many exec connections are open.
    """

    manager: Manager
    docker: DockerSockets
    router: Router

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.operations = Operations(self._on_operation)
        self.backups = BackupClock(self.operations)
        self.events = EventHub()
        self.quitting = asyncio.Event()
        self.sessions = 0
        self._started_at = time.time()
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._jobs = tasks.Group()
        self._housekeeper = Housekeeper(self._activity)

    async def open(self, make_manager: Callable[[Layout], Awaitable[Manager]]) -> None:
        """Find the machines and open their Docker sockets. A failure is what `opened` then raises."""
        try:
            self.manager = await make_manager(self.layout)
            self._read_settings()
            self.manager.subscribe(self.events.publish)
            self.manager.subscribe(self._on_event)
            await self.manager.open()
            self.docker = DockerSockets(self.manager, self.wake)
            await self.docker.open()
        except asyncio.CancelledError:
            self._opened.cancel()
            raise
        except Exception as error:
            log.exception("the service cannot work")
            failure = error if isinstance(error, LinnetError) else UnavailableError(f"linnetd cannot work: {error!r}.")
            self._opened.set_exception(failure)
            # Whoever asks hears of it; that nobody does is no mistake.
            self._opened.exception()
            return
        self._opened.set_result(None)
        self._jobs.start(self.manager.start_wanted(), name="autostart")
        self.backups.open(self.manager)
        self._housekeeper.soon()

    async def opened(self) -> None:
        """Wait until the machines are known. Raises what prevented it."""
        await asyncio.shield(self._opened)

    def machine(self, name: str) -> Machine:
        """Return a machine. Raises NotFoundError."""
        machine: Machine = self.manager.get(name)
        return machine

    def operate(self, verb: str, machine: str, work: Work) -> Operation:
        """Start long work on a machine, or join the same work that is under way."""

        async def in_use(report: Reporter) -> Any:
            with self.machine(machine).in_use():
                return await work(report)

        return self.operations.run(f"{verb} {machine}", in_use, machine=machine, key=(verb, machine))

    async def wake(self, name: str) -> None:
        """Have a machine running; raises what prevented it."""
        machine = self.machine(name)
        await self.operate("start", name, machine.wake).wait()

    def _on_operation(self, operation: api.Operation) -> None:
        """Let those who follow events see work that another front end began."""
        data = msgspec.to_builtins(operation)
        self.events.publish(MachineEvent(operation.machine or "", "operation", data, time.time()))

    @property
    def idle(self) -> bool:
        """Whether nothing would be cut off by ending now."""
        relays = self.docker.connections if self._is_open else 0
        return not (self.operations.running or self.sessions or relays) and self._opened.done()

    def version(self) -> api.Version:
        """Return what the service says about itself."""
        return api.Version(
            version=__version__,
            process_id=os.getpid(),
            started_at=self._started_at,
            idle=self.idle,
            log=str(self.layout.service_log),
            memory=_resident(),
        )

    def _read_settings(self) -> None:
        """Take the app's settings; wrong ones must not keep the service from working."""
        try:
            self.set_log_level(app_config(self.layout).log_level)
        except LinnetError as error:
            log.warning("the app's settings are not used: %s", error.message)

    def set_log_level(self, level: str) -> None:
        """Take a changed setting."""
        journal.set_level(level)

    async def close(self) -> None:
        """End what is under way, step by step; machines go on running."""
        self._housekeeper.close()
        self.events.close()
        await self.backups.close()
        await self.operations.close()
        await self._jobs.cancel()
        if self._is_open:
            await self.docker.close()
            await self.manager.close()

    def _on_event(self, event: MachineEvent) -> None:
        if event.kind == "state":
            self._housekeeper.soon()

    def _activity(self) -> int:
        """Return how much has been done: it grows with each client of an engine and with each operation."""
        return self.operations.begun + (self.docker.served if self._is_open else 0)

    @property
    def _is_open(self) -> bool:
        return self._opened.done() and not self._opened.cancelled() and self._opened.exception() is None


def _resident() -> int | None:
    try:
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - the plain way, asked often
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, AttributeError):
        return None


def convert(content: Any, kind: type[T]) -> T:
    """Return `content`, plain or a dataclass, as the type `kind` of the local API."""
    return msgspec.convert(content, type=kind, from_attributes=True)
