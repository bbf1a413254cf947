"""A machine's snapshots as front ends see them, and its upgrades: one thing at a time, with whatever state it is in."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from vm.config.layers import Origin
from vm.drivers.base import VmState
from vm.errors import ConflictError, LinnetError
from vm.machine import lastrun
from vm.machine.keeper import Keeper, Wish, ask_inventory
from vm.machine.lifecycle import Lifecycle
from vm.machine.snapshotstore import Listed, SnapshotRecord, check_note, stamp, state_name
from vm.machine.status import MachineState
from vm.machine.transition import Transitions
from vm.progress import Progress, Reporter, ignore

if TYPE_CHECKING:
    from vm.config.description import MachineConfig
    from vm.machine.machine import Machine
    from vm.machine.session import Session


@dataclass(frozen=True)
class Restored:
    """What going back to a snapshot did.

    Attributes:
        undo: name of the snapshot that was taken of the state before.
        state: the machine's state now.
    """

    undo: str
    state: MachineState


class MachineSnapshots:
    """The snapshots of one machine."""

    def __init__(self, machine: Machine, life: Lifecycle, transitions: Transitions) -> None:
        self._machine = machine
        self._life = life
        self._transitions = transitions

    @property
    def _keeper(self) -> Keeper:
        return self._life.keeper

    async def list(self) -> Sequence[Listed]:
        """Return all snapshots, oldest first; one that cannot be read, or that the disk does not hold, says so."""
        found = self._keeper.store.all()
        if not found:
            return found
        states: Sequence[str] | None = None
        with contextlib.suppress(LinnetError):
            states = await self._keeper.disk.states()
        return [self._checked(one, states) for one in found]

    def _checked(self, one: Listed, states: Sequence[str] | None) -> Listed:
        if one.record is None or states is None or state_name(one.name) in states:
            return one
        return Listed(one.name, one.record, "The data disk does not hold it any more.")

    async def create(
        self, name: str | None = None, *, memory: bool = False, note: str = "", report: Reporter = ignore
    ) -> SnapshotRecord:
        """Take a snapshot of the data disk, while the machine runs or does not; with `memory` also of its memory.

        Raises:
            UsageError: an impossible name or note.
            ConflictError: the name is taken, or there is nothing to keep.
            LinnetError: it could not be taken; nothing has changed.
        """
        store = self._keeper.store
        chosen = store.check_free(name) if name else store.free_name(stamp())
        wish = Wish(chosen, note=check_note(note), memory=memory)
        if memory:
            return await self._create_with_memory(wish, report)
        async with self._transitions.quiet():
            store.check_free(chosen)  # again: it may have been taken while this waited
            self._check_no_upgrade()
            session = await self._running_session()
            state = MachineState.running if session else self._resting_state()
            report(Progress(f"Taking the snapshot '{chosen}'"))
            await self._keeper.take(wish, state.value, self._config(), session)
        return store.load(chosen)

    async def _create_with_memory(self, wish: Wish, report: Reporter) -> SnapshotRecord:
        async def work(tell: Reporter) -> None:
            self._keeper.store.check_free(wish.name)
            self._check_no_upgrade()
            session = await self._running_session()
            if session is None:
                if not self._life.suspend_image.usable:
                    raise ConflictError(
                        f"Machine '{self._machine.name}' does not run, so there is no memory to keep.",
                        hint="Leave out --memory, or start the machine first.",
                    )
                await self._keeper.take(wish, "suspended", self._config(), None)
                return
            held = await ask_inventory(session)
            await self._life.suspend(session, tell)
            try:
                tell(Progress(f"Taking the snapshot '{wish.name}'"))
                await self._keeper.take(dataclasses.replace(wish, inventory=held), "running", self._config(), None)
            finally:
                self._transitions.become(MachineState.resuming)
                await self._life.start(tell)

        await self._transitions.run_alone(MachineState.suspending, work, report)
        return self._keeper.store.load(wish.name)

    async def restore(self, name: str, *, disk_only: bool = False, report: Reporter = ignore) -> Restored:
        """Have the machine be as it was in a snapshot; what is there now becomes a snapshot first.

        A machine that runs is stopped and started again. With memory it goes on where it was in that moment.

        Raises:
            NotFoundError: there is no such snapshot.
            ImageError: it is damaged, of a newer version, or its guest image is not here.
            ConflictError: its memory does not fit the QEMU here.
            LinnetError: it did not work; what is there now stays, or is put back.
        """
        undo = ""

        async def work(tell: Reporter) -> None:
            nonlocal undo
            undo = await self._restore(name, disk_only, tell)

        record = self._keeper.store.load(name)
        await self._keeper.check_usable(record, memory=bool(record.memory) and not disk_only)
        await self._transitions.run_alone(MachineState.stopping, work, report)
        return Restored(undo, await self._machine.state())

    async def _restore(self, name: str, disk_only: bool, report: Reporter) -> str:
        keeper, life = self._keeper, self._life
        record = keeper.store.load(name)
        memory = bool(record.memory) and not disk_only
        await keeper.check_usable(record, memory=memory)
        self._check_no_upgrade()
        config = self._config()
        keeper.disk.check_room()
        up = await life.vm_state() is not VmState.stopped
        suspended = not up and life.suspend_image.usable
        if up:
            await life.stop(report, force=False)
        undo = keeper.store.free_name(f"before-restore-{stamp()}")
        try:
            report(Progress("Taking a snapshot of the present state"))
            state = "running" if up else self._resting_state().value
            await keeper.take(Wish(undo, "restore", f"before going back to {name}", suspended), state, config, None)
            report(Progress(f"Going back to the snapshot '{name}'"))
            await self._apply(name, undo, suspended=suspended)
        except BaseException:
            if up:
                self._transitions.become(MachineState.starting)
                await life.start(report)
            raise
        if memory:
            keeper.store.give_memory(name)
        self._take_versions(record, config, resumed=memory)
        if up:
            self._transitions.become(MachineState.resuming if memory else MachineState.starting)
            await life.start(report)
        await keeper.prune(config.snapshots_keep, life.session, protect=undo)
        return undo

    async def _apply(self, name: str, undo: str, *, suspended: bool) -> None:
        """Have the disk be as in a snapshot, or as it is now when that fails; drop a suspended VM."""
        self._life.suspend_image.discard()
        try:
            await self._keeper.go_back(name)
        except BaseException:
            await self._keeper.go_back(undo)
            if suspended:
                self._keeper.store.give_memory(undo)
            raise

    def _take_versions(self, record: SnapshotRecord, config: MachineConfig, *, resumed: bool) -> None:
        """Remember which versions the disk belongs to now, and what it holds unless the machine goes on using it.

        An image that is newer than the snapshot's is not taken by itself at the next start: whoever goes back to the
        time before an upgrade does not want it to happen again at once.
        """
        if not record.image:
            self._machine.files.last_run.unlink(missing_ok=True)
            return
        last = lastrun.load(self._machine.files)
        refused = dict(last.refused) if last else {}
        wanted = self._life.upgrades.wanted(config.image)
        refused.pop(record.image, None)
        if wanted and wanted != record.image:
            refused[wanted] = f"The machine went back to the snapshot '{record.name}', from before it."
        held = None if resumed else record.inventory
        lastrun.save(self._machine.files, lastrun.LastRun(record.image, record.agent, held, refused=refused))

    async def delete(self, name: str, report: Reporter = ignore) -> None:
        """Delete a snapshot, also one that is damaged; the room that it alone took is used again.

        Raises:
            NotFoundError: there is no such snapshot.
        """
        async with self._transitions.quiet():
            if name not in (one.name for one in self._keeper.store.all()):
                self._keeper.store.load(name)
            self._check_no_upgrade()
            report(Progress(f"Deleting the snapshot '{name}'"))
            await self._keeper.drop(name, await self._running_session())

    async def upgrade(self, image: str | None = None, report: Reporter = ignore) -> str:
        """Have the machine run with another guest image; return its version.

        By default that is the one that its settings mean, or the newest one if it has that already. A machine that
        runs with it already is left alone. Another running machine is stopped for it, and a suspended one resumed
        first, so that nothing it had in memory is lost. Afterwards the machine runs.

        Raises:
            ImageError: there is no such image; nothing has changed.
            LinnetError: the upgrade failed, and what there was before is back.
        """
        description = await self._machine.describe()
        setting = description.get("image")
        before = None if setting.origin is Origin.default else setting.value
        last = lastrun.load(self._machine.files)
        meant = self._life.upgrades.wanted(setting.value)
        wanted = image or (setting.value if last and meant not in (None, last.image) else "latest")
        version = self._life.upgrades.require(wanted)

        async def work(tell: Reporter) -> None:
            self._accept_again(version)
            if setting.value != wanted:
                description.change({"image": wanted})
                description.save()
            if self._machine.session is not None and await self._life.upgrades.is_current(version):
                return
            try:
                await self._start_afresh(tell)
            except BaseException:
                if setting.value != wanted:
                    description.change({"image": before})
                    description.save()
                raise

        await self._transitions.run_alone(MachineState.starting, work, report)
        return version

    async def _start_afresh(self, report: Reporter) -> None:
        """Stop and start, with what the settings say. Raises also when an upgrade went back by itself."""
        if self._life.suspend_image.usable and await self._life.vm_state() is VmState.stopped:
            await self._life.start(report)
        self._transitions.become(MachineState.stopping)
        await self._life.stop(report, force=False)
        self._transitions.become(MachineState.starting)
        await self._life.start(report)
        if self._life.upgrades.failure is not None:
            raise self._life.upgrades.failure

    def _accept_again(self, version: str) -> None:
        last = lastrun.load(self._machine.files)
        if last is not None and version in last.refused:
            refused = {one: why for one, why in last.refused.items() if one != version}
            lastrun.save(self._machine.files, msgspec.structs.replace(last, refused=refused))

    async def _running_session(self) -> Session | None:
        """Return the session of the VM when it runs; None when there is no VM. Raises ConflictError when it hangs."""
        state = await self._life.vm_state()
        if state is VmState.stopped:
            return None
        session = self._life.session
        if state is not VmState.running or session is None:
            raise ConflictError(
                f"The VM of machine '{self._machine.name}' is halted or cannot be reached.",
                hint=f"`linnet machine restart {self._machine.name}` starts it afresh.",
            )
        return session

    def _resting_state(self) -> MachineState:
        return MachineState.suspended if self._life.suspend_image.usable else MachineState.stopped

    def _check_no_upgrade(self) -> None:
        if self._life.upgrades.under_way:
            raise ConflictError(
                f"An upgrade of machine '{self._machine.name}' was cut short and is not undone yet.",
                hint=f"`linnet machine start {self._machine.name}` does that.",
            )

    def _config(self) -> MachineConfig:
        return self._machine.load_config()
