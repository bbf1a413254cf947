"""One machine: its states, and the ways from one to another.

The state is probed each time (what the driver says, which files are there, whether the engine answers); nothing but
the transition under way is remembered.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from vm import tasks
from vm.config.description import MachineConfig, MachineDescription
from vm.drivers.base import Driver, VmEvent, VmState
from vm.errors import ConflictError, LinnetError, NotFoundError
from vm.layout import MachineFiles
from vm.machine import record
from vm.machine.care import Care
from vm.machine.compact import Compacted, compact
from vm.machine.disk import DataDisk
from vm.machine.inspection import inspect
from vm.machine.lifecycle import Lifecycle, SessionMaker
from vm.machine.limits import MachineLimits
from vm.machine.parts import MachineEngines, MachinePorts, MachineShares, configure
from vm.machine.prune import MachinePrune
from vm.machine.rewrite import Rewriter
from vm.machine.services import Services
from vm.machine.session import Session
from vm.machine.snapshots import MachineSnapshots
from vm.machine.space import SpaceWarning
from vm.machine.spare import EngineStream
from vm.machine.status import MachineEvent, MachineState, MachineStatus
from vm.machine.suspend import SuspendImage
from vm.machine.transition import Transitions
from vm.machine.trash import MachineTrash
from vm.machine.volumes import MachineVolumes
from vm.progress import Reporter, ignore
from vm.ssh.link import SshLink

log = logging.getLogger(__name__)

STABLE_AFTER = 600.0
"""Seconds of running after which a machine whose QEMU died is restarted again by itself."""

UNDONE_WHEN_FORCED = (MachineState.starting, MachineState.resuming, MachineState.suspending)
"""What a forced stop cancels instead of waiting for it."""

PAUSING = (MachineState.suspending, MachineState.resuming, MachineState.stopping)
"""While one of these is under way, a VM that is paused is paused by us."""


class Machine:
    """A machine that exists, in whatever state.

    Attributes:
        name: its name.
        files: where its parts are.
        shares: its shared folders.
        ports: its ports.
        engine: its engines.
        limits: what its containers may use.
        volumes: their copies and backups.
        prune: what nobody uses in it.
        trash: what its removed containers and volumes held.
    """

    def __init__(
        self,
        files: MachineFiles,
        services: Services,
        emit: Callable[[MachineEvent], None],
        *,
        new_session: SessionMaker = Session,
    ) -> None:
        self.name = files.name
        self.files = files
        self._services = services
        self._emit_event = emit
        self._life = Lifecycle(files, services, self._emit, new_session)
        self._transitions = Transitions(self._on_transition)
        self._revived_at: float | None = None
        self._jobs = tasks.Group()
        self._released = False
        self._care = Care(self, self._life.problems.add, self._emit)
        self.shares = MachineShares(self)
        self.ports = MachinePorts(self)
        self.engine = MachineEngines(self)
        self.snapshots = MachineSnapshots(self, self._life, self._transitions)
        self.limits = MachineLimits(self)
        self.volumes = MachineVolumes(self, self._life.problems.add, self._emit)
        self.prune = MachinePrune(self)
        self.trash = MachineTrash(self)

    @property
    def session(self) -> Session | None:
        """The links into the running VM, or None."""
        return self._life.session

    def load_config(self) -> MachineConfig:
        """Read and check the machine's description. Raises ConfigError with all its problems."""
        return self._services.load_config(self.name)

    async def describe(self) -> MachineDescription:
        """Return the machine's description, to be looked at or changed. Raises ConfigError when it is no YAML."""
        return self._services.describe(self.name, await self._life.disk_size())

    async def status(self, probe: bool = True) -> MachineStatus:
        """Return what is known of the machine; with `probe` the guest is asked. Never fails."""
        return await inspect(self, probe=probe)

    async def stats(self) -> Mapping[str, Any]:
        """Return one sample of what the guest and its containers use."""
        sample: Mapping[str, Any] = await self.live().agent.request("stats.once")
        return sample

    def follow_stats(self, interval: float) -> AsyncGenerator[Mapping[str, Any], None]:
        """Return samples as long as they are taken and the machine runs: one of everything, then what changed."""
        return self.live().follow_stats(interval)

    async def sync_clock(self) -> None:
        """Set the guest's clock to the host's."""
        await self.live().sync_clock()

    async def configure(self, changes: Mapping[str, object], restart: bool, report: Reporter) -> list[str]:
        """Change settings, all or none; return those that wait for a restart. UsageError: nothing has changed."""
        waiting = await configure(self, changes, restart=restart, report=report)
        self._care.idle.review()
        return waiting

    def in_use(self) -> contextlib.AbstractContextManager[None]:
        """Say that somebody uses the machine while the block lasts: it is not suspended for idleness."""
        return self._care.idle.use()

    @property
    def space_warnings(self) -> list[SpaceWarning]:
        """What is to be said of disks that are nearly full, the worst first."""
        return self._care.space.warnings

    async def compact(self, report: Reporter = ignore, *, offline: bool = False) -> Compacted:
        """Make the data disk's file small, see `vm.machine.compact`."""
        rewriter = Rewriter(self.files.data_disk, self.files.compact_disk, self._services.qemu_img())
        with self.in_use():
            return await compact(self, self._life, rewriter, offline=offline, report=report)

    def run_record(self) -> record.RunRecord | None:
        """Return how the VM was started, when one runs or is suspended."""
        run = record.load_run(self.files.state)
        if run is None and self.suspend_image.usable:
            return self.suspend_image.load().run
        return run

    @property
    def transitions(self) -> Transitions:
        """The change of state under way, if any."""
        return self._transitions

    @property
    def problems(self) -> list[str]:
        """What went wrong lately, oldest first."""
        return self._life.problems.all()

    async def state(self) -> MachineState:
        """Probe the machine's state."""
        if self._transitions.state is not None:
            return self._transitions.state
        vm_state = await self._life.vm_state()
        if vm_state is VmState.stopped:
            return MachineState.suspended if self.suspend_image.usable else MachineState.stopped
        healthy = vm_state is not VmState.failed and self.session is not None and self.session.healthy
        return MachineState.running if healthy else MachineState.degraded

    @property
    def suspend_image(self) -> SuspendImage:
        """The VM's memory on disk."""
        return self._life.suspend_image

    def data_disk(self) -> DataDisk:
        """Return the machine's data disk as a file."""
        return self._life.data_disk()

    def live(self) -> Session:
        """Return the session of the running machine. Raises ConflictError when it does not run."""
        if self.session is None:
            raise ConflictError(
                f"Machine '{self.name}' is not running.", hint=f"`linnet machine start {self.name}` starts it."
            )
        return self.session

    def ready(self) -> Session:
        """Return the session of the running machine. Raises ConflictError when it does not run, or is only starting."""
        if self._transitions.state in (MachineState.starting, MachineState.resuming):
            # The guest may answer already, but its folders may not be there yet.
            raise ConflictError(f"Machine '{self.name}' is starting.", hint="Try again when it has started.")
        return self.live()

    async def user_link(self) -> SshLink:
        """Return the SSH link as the engine's user."""
        return await self.ready().user()

    async def engine_link(self) -> tuple[SshLink, str]:
        """Return the link as the user of the engine in use, and the name of the engine's command line."""
        session = self.ready()
        link = session.control if session.engine_kind == "podman-rootful" else await session.user()
        return link, "docker" if session.engine_kind == "docker" else "podman"

    def control_link(self) -> SshLink:
        """Return the SSH link as root."""
        return self.live().control

    async def open_engine_socket(self) -> EngineStream:
        """Connect to the Docker API of the engine in use."""
        return await self.ready().open_engine()

    async def start(self, report: Reporter = ignore) -> None:
        """Bring the machine to running; a suspended one is resumed. Joins a start that is under way."""
        state = self._transitions.state
        if state not in (MachineState.starting, MachineState.resuming):
            await self._transitions.settle()
            if not self.files.config.exists() and not self.files.folder.exists():
                raise NotFoundError(f"There is no machine '{self.name}'.")
            now = await self.state()
            if now is MachineState.running:
                return
            state = MachineState.resuming if now is MachineState.suspended else MachineState.starting
        await self._transitions.run(state, self._life.start, report)

    async def wake(self, report: Reporter = ignore) -> None:
        """Make sure that the machine runs, whatever it was doing."""
        if self.session is not None and self.session.healthy and self._transitions.state is None:
            return
        await self.start(report)

    resume = start

    async def stop(self, report: Reporter = ignore, *, force: bool = False) -> None:
        """Shut the guest down, or end it at once with `force`. A suspended machine loses its suspended state."""
        if force and self._transitions.state in UNDONE_WHEN_FORCED:
            await self._transitions.cancel()
        elif force and self._transitions.state is MachineState.stopping:
            await self._life.end_vm()

        async def work(tell: Reporter) -> None:
            await self._life.stop(tell, force=force)

        await self._transitions.run(MachineState.stopping, work, report)

    async def suspend(self, report: Reporter = ignore) -> None:
        """Write the machine's memory to disk and end its VM; `start` brings everything back as it was."""

        async def work(tell: Reporter) -> None:
            if self.session is None and await self._life.vm_state() is VmState.stopped and self.suspend_image.usable:
                return
            await self._life.suspend(self.live(), tell)

        await self._transitions.run(MachineState.suspending, work, report)

    async def restart(self, report: Reporter = ignore) -> None:
        """Stop and start. A suspended machine starts afresh."""
        await self.stop(report)
        await self.start(report)

    async def adopt(self) -> None:
        """Take over a VM that outlived the service that started it; clear up after one that did not."""
        self.files.compact_disk.unlink(missing_ok=True)  # of a service that ended in the middle of it
        if not self.files.state.exists():
            self._finish_cut_upgrade()
            return
        run = record.load_run(self.files.state)
        if run is None:
            self._life.problems.add("The record of the running machine was damaged; what ran of it has been ended.")
            await self._life.end_strays()
            return
        driver = await self._services.drivers.get(run.driver)
        if await driver.attach(self.name):
            self.suspend_image.discard()
            log.info("machine %s: adopted, QEMU runs", self.name)
            self._jobs.start(self._adopt(), name=f"adopt-{self.name}")
            return
        self.files.state.unlink(missing_ok=True)
        if not self.suspend_image.usable:
            self._life.problems.add(
                "The machine's QEMU is gone; it ended without being stopped. Its data disk is kept."
            )
        self._finish_cut_upgrade()

    async def release(self) -> None:
        """Let go of everything; a running VM goes on."""
        self._released = True
        await self._care.close()
        await self._jobs.cancel()
        if self.session is not None:
            await self.session.close()
            self._life.session = None

    async def destroy(self, report: Reporter) -> None:
        """End the VM and delete all files of the machine."""
        await self._care.close()
        await self._jobs.cancel()
        await self.stop(report, force=True)
        deleted = False

        async def work(tell: Reporter) -> None:
            nonlocal deleted
            await self._life.delete(tell)
            deleted = True

        while not deleted:  # it may have joined somebody else's stop
            await self._transitions.run(MachineState.stopping, work, report)

    def on_vm_event(self, event: VmEvent) -> None:
        """Take what the driver reports."""
        log.info("machine %s: VM is %s (%s) %s", self.name, event.state.value, event.reason, event.detail)
        passing = self._transitions.state
        if event.state is VmState.paused and passing not in PAUSING:
            self._jobs.start(self._unpause(), name=f"unpause-{self.name}")
        elif event.state is VmState.failed and event.reason == "io-error":
            self._life.problems.add(
                "The host could not write to the data disk, which usually means that its own disk is full. The machine "
                f"is halted; `linnet machine start {self.name}` lets it go on when there is room again."
            )
            self._announce_state()
        elif event.state in (VmState.stopped, VmState.failed):
            self._life.tell_end(event)
            if passing is None:
                self._life.take_end()
                self._jobs.start(self._after_end(event), name=f"after-end-{self.name}")

    def _finish_cut_upgrade(self) -> None:
        """No VM runs; when a former linnetd ended in the middle of an upgrade, that is undone."""
        if self._life.upgrades.under_way:
            self._jobs.start(self._recover(), name=f"recover-{self.name}")

    async def _recover(self) -> None:
        async def work(_report: Reporter) -> None:
            await self._life.upgrades.recover()

        try:
            await self._transitions.run_alone(MachineState.stopping, work, ignore)
        except LinnetError as error:
            self._life.problems.add(f"An upgrade that was cut short cannot be undone: {error.message}")

    def upgrade_waiting(self, image: str) -> tuple[str | None, str | None]:
        """Return the image that the next start upgrades to, and why one is not tried; `image` is the setting."""
        return self._life.upgrades.waiting(image)

    async def _adopt(self) -> None:
        reach = self._life.finish_upgrade if self._life.upgrades.under_way else self._life.take_over
        try:
            await self._transitions.run(MachineState.starting, reach, ignore)
        except LinnetError as error:
            self._life.problems.add(f"The machine runs but cannot be reached: {error.message}")

    async def _unpause(self) -> None:
        """Nobody but us pauses a VM: this one was left so by a service that died while it wrote its memory."""
        driver: Driver = await self._life.driver()
        if self._transitions.state in PAUSING:
            return
        try:
            await driver.unpause(self.name)
        except LinnetError as error:
            log.warning("machine %s: paused, and does not go on: %s", self.name, error.message)

    async def _after_end(self, event: VmEvent) -> None:
        """QEMU ended, or its guest cannot go on, and nobody here asked for it."""
        session, cleared = self.session, False

        async def work(_report: Reporter) -> None:
            nonlocal cleared
            cleared = await self._life.clear_end(session, event)

        await self._transitions.run(MachineState.stopping, work, ignore)
        if not cleared or event.reason == "shutdown":
            return
        if self._revived_at is not None and time.monotonic() - self._revived_at < STABLE_AFTER:
            self._life.problems.add(
                f"QEMU ended unexpectedly ({event.reason}) for the second time; the machine stays stopped."
            )
            return
        self._revived_at = time.monotonic()
        try:
            await self.start(ignore)
        except LinnetError as error:
            self._life.problems.add(
                f"QEMU ended unexpectedly ({event.reason}), and the machine could not be started again: {error.message}"
            )
        else:
            self._life.problems.add(f"QEMU ended unexpectedly ({event.reason}); the machine was started again.")

    def announce(self, kind: str) -> None:
        """Tell those who listen that the machine came or went."""
        self._emit(kind, {"exists": self.files.config.exists()})

    def _on_transition(self) -> None:
        self._announce_state()
        if self._transitions.state is None and not self._released and (event := self._life.take_end()) is not None:
            self._jobs.start(self._after_end(event), name=f"after-end-{self.name}")

    def _announce_state(self) -> None:
        state, step = self._transitions.state, self._transitions.step
        if state is not None:
            self._emit("state", {"state": state.value, "step": step.text if step else None})
        elif not self._released:
            self._jobs.start(self._announce_probed(), name=f"state-{self.name}")

    async def _announce_probed(self) -> None:
        with contextlib.suppress(LinnetError):
            self._emit("state", {"state": (await self.state()).value, "step": None})

    def _emit(self, kind: str, data: dict[str, Any]) -> None:
        self._care.on_event(kind, data)
        self._emit_event(MachineEvent(self.name, kind, data, time.time()))
