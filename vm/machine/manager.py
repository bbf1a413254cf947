"""All machines of a user."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import agent.digest
from vm import tasks
from vm.drivers.base import VmEvent, VmmInfo
from vm.errors import ConflictError, LinnetError, NotFoundError
from vm.image.store import ImageStore
from vm.layout import Layout
from vm.machine.machine import Machine
from vm.machine.services import DriverPool, Services
from vm.machine.status import MachineEvent
from vm.progress import Progress, Reporter, ignore

log = logging.getLogger(__name__)

Subscriber = Callable[[MachineEvent], None]


class MachineManager:
    """Finds, makes and deletes machines, and passes their events on."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.images = ImageStore(layout.images)
        self._drivers = DriverPool(layout, self._on_vm_event)
        self.services = Services(layout, self.images, self._drivers, Path(agent.digest.__file__).parent)
        self._machines: dict[str, Machine] = {}
        self._subscribers: set[Subscriber] = set()
        self._jobs = tasks.Group()

    async def open(self) -> None:
        """Find the machines that exist and adopt those whose VM runs."""
        self.layout.make_private()
        for name in self.names():
            machine = self.get(name)
            try:
                await machine.adopt()
            except LinnetError as error:
                log.warning("machine %s cannot be adopted: %s", name, error.message)

    async def close(self) -> None:
        """Let go of everything; running machines go on."""
        await self._jobs.cancel()
        for machine in self._machines.values():
            await machine.release()
        await self._drivers.close()

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Have `callback` told of every event; the returned function ends that."""
        self._subscribers.add(callback)
        return lambda: self._subscribers.discard(callback)

    def names(self) -> list[str]:
        """Return the names of all machines, sorted."""
        return self.layout.machine_names()

    def get(self, name: str) -> Machine:
        """Return the machine `name`. Raises NotFoundError when there is none, UsageError when there cannot be."""
        files = self.layout.machine(name)
        if not files.config.exists() and not files.folder.exists():
            self._machines.pop(name, None)
            others = ", ".join(self.names())
            raise NotFoundError(
                f"There is no machine '{name}'.",
                hint=f"Machines: {others}." if others else f"`linnet machine create {name}` makes it.",
            )
        if name not in self._machines:
            self._machines[name] = Machine(files, self.services, self._publish)
        return self._machines[name]

    async def host_info(self) -> VmmInfo:
        """Find what runs VMs here, opening a driver when none is open."""
        return self._drivers.info((await self._drivers.get("auto")).name)

    async def start_wanted(self) -> None:
        """Start the machines whose `autostart` is on; a failure is logged, not raised."""

        async def start(name: str) -> None:
            try:
                if self.services.load_config(name).autostart:
                    await self.get(name).start()
            except LinnetError as error:
                log.warning("machine %s did not start by itself: %s", name, error.message)

        await asyncio.gather(*(start(name) for name in self.names()))

    async def create(self, name: str, settings: Mapping[str, object], report: Reporter = ignore) -> Machine:
        """Describe a new machine; its disk is made at the first start.

        Raises:
            ConflictError: it exists already.
            ConfigError: a setting has an impossible value; nothing is left behind.
        """
        files = self.layout.machine(name)
        if files.config.exists() or files.folder.exists():
            raise ConflictError(f"Machine '{name}' exists already.", hint=f"`linnet machine status {name}` shows it.")
        report(Progress(f"Creating machine '{name}'"))
        self.layout.make_private()
        description = self.services.describe(name)
        description.change(settings)
        description.check()
        description.save()
        machine = self.get(name)
        self._publish_list_change(machine)
        return machine

    async def delete(self, name: str, report: Reporter = ignore) -> None:
        """End the machine and delete everything that belongs to it."""
        machine = self.get(name)
        await machine.destroy(report)
        self._machines.pop(name, None)
        self._publish_list_change(machine)

    def _publish_list_change(self, machine: Machine) -> None:
        machine.announce("list")

    def _publish(self, event: MachineEvent) -> None:
        for subscriber in list(self._subscribers):
            subscriber(event)

    def _on_vm_event(self, name: str, event: VmEvent) -> None:
        with contextlib.suppress(LinnetError):
            self.get(name).on_vm_event(event)
