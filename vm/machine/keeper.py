"""Takes snapshots of one machine, goes back to them and deletes them: the disk's states and their records together.

Nothing here keeps others out; `vm.machine.snapshots` and the start of a machine do.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass
from typing import Any

import msgspec

from vm.config.description import MachineConfig
from vm.config.settings import MACHINE_SETTINGS
from vm.errors import ConflictError, GuestError, ImageError, LinnetError
from vm.layout import MachineFiles
from vm.machine import lastrun
from vm.machine.disk import DataDisk
from vm.machine.lastrun import Inventory
from vm.machine.record import load_run, load_suspend
from vm.machine.services import Services
from vm.machine.session import Session
from vm.machine.snapshotstore import AUTOMATIC, SnapshotRecord, SnapshotStore, state_name

log = logging.getLogger(__name__)

HOLD_LIMIT = 20.0
"""Seconds for which the guest lets nobody write to its disk while a snapshot is taken; it takes far less than one."""

INVENTORY_LIMIT = 5.0
"""Seconds for finding out what the engine holds."""


@dataclass(frozen=True)
class Wish:
    """A snapshot that is wanted.

    Attributes:
        name: of the snapshot, free to be used.
        kind: manual, upgrade or restore.
        note: of the user.
        memory: whether the suspend image becomes part of it.
        inventory: what the engine holds, when that was asked before the VM went.
    """

    name: str
    kind: str = "manual"
    note: str = ""
    memory: bool = False
    inventory: Inventory | None = None


class Keeper:
    """Makes and uses the snapshots of one machine.

    Attributes:
        store: where they are described.
    """

    def __init__(self, files: MachineFiles, services: Services) -> None:
        self.store = SnapshotStore(files)
        self._files = files
        self._services = services

    @property
    def disk(self) -> DataDisk:
        """The machine's data disk."""
        return DataDisk(self._files.data_disk, self._services.qemu_img())

    async def take(self, wish: Wish, machine_state: str, config: MachineConfig, session: Session | None) -> None:
        """Take a snapshot.

        Args:
            wish: what is wanted.
            machine_state: running, suspended or stopped.
            config: of the machine.
            session: of the VM when it runs, None when there is no VM.

        Raises:
            LinnetError: it could not be taken; nothing has changed.
        """
        disk = self.disk
        if not disk.path.exists():
            raise ConflictError(
                f"Machine '{self._files.name}' has no data yet; there is nothing to keep.",
                hint="Its disk is made when it is started for the first time.",
            )
        disk.check_room()
        driver = session.driver if session else await self._services.drivers.get(config.driver)
        last = lastrun.load(self._files)
        record = SnapshotRecord(
            name=wish.name,
            created=time.time(),
            kind=wish.kind,
            note=wish.note,
            machine_state=machine_state,
            image=session.record.image if session else last.image if last else "",
            agent=last.agent if last else "",
            qemu_version=self._services.drivers.info(driver.name).qemu_version,
            disk=(await disk.measure()).size,
            inventory=await ask_inventory(session) if session else wish.inventory or (last.inventory if last else None),
            settings=_plain(config),
        )
        await self.tidy(session)
        self.store.save(record)
        try:
            memory = await asyncio.to_thread(self.store.keep_memory, wish.name) if wish.memory else 0
            if session:
                await self._keep_live(session, state_name(wish.name))
            else:
                await disk.keep_state(state_name(wish.name))
            self.store.save(msgspec.structs.replace(record, memory=memory, complete=True))
        except BaseException:
            with contextlib.suppress(LinnetError):
                await self._forget(wish.name, session)
            raise
        log.info("machine %s: snapshot %s taken (%s)", self._files.name, wish.name, wish.kind)

    async def _keep_live(self, session: Session, state: str) -> None:
        agent = session.agent
        await agent.request("data.freeze", {"limit": HOLD_LIMIT}, timeout=HOLD_LIMIT + 10)
        held = False
        try:
            await session.driver.keep_state(self._files.name, state)
        finally:
            # Whatever has happened; a guest that cannot be reached lets go by itself.
            held = bool((await agent.request("data.thaw", timeout=HOLD_LIMIT + 10))["held"])
        if not held:
            raise GuestError(
                "The snapshot took longer than the guest may wait for its disk, so it is not whole.",
                hint="Stop the machine, take the snapshot, and start it again.",
            )

    async def check_usable(self, record: SnapshotRecord, *, memory: bool) -> None:
        """Find out whether a snapshot can be gone back to.

        Raises:
            LinnetError: why it cannot; nothing has changed.
        """
        if record.image:
            try:
                self._services.image(record.image)
            except ImageError as error:
                raise ImageError(
                    f"The snapshot '{record.name}' belongs to the guest image {record.image}, "
                    "which this computer does not have: it may come from a newer version. Nothing was changed.",
                    hint=f"`linnet image fetch {record.image}` brings it.",
                    detail=error.message,
                ) from error
        if state_name(record.name) not in await self.disk.states():
            raise ImageError(
                f"The data disk does not hold the snapshot '{record.name}' any more. Nothing was changed.",
                hint=f"`linnet snapshot delete {record.name}` removes what is left of it.",
            )
        if memory:
            saved = self.store.memory_record(record.name)
            driver = await self._services.drivers.get(saved.run.driver)
            found = self._services.drivers.info(driver.name).qemu_version
            if found != saved.qemu_version:
                raise ConflictError(
                    f"The memory in the snapshot '{record.name}' was written by QEMU {saved.qemu_version}, "
                    f"and this is QEMU {found}. Nothing was changed.",
                    hint="`linnet snapshot restore --disk-only` goes back to its disk alone.",
                )

    async def go_back(self, name: str) -> None:
        """Have the data disk be as it was in a snapshot. The VM must not be running.

        Raises:
            LinnetError: it cannot, or the disk is damaged.
        """
        disk = self.disk
        await disk.go_to_state(state_name(name))
        await disk.mend()

    async def drop(self, name: str, session: Session | None) -> None:
        """Delete a snapshot.

        Args:
            name: of the snapshot; its record may be one that cannot be read.
            session: of the VM when it runs.
        """
        with contextlib.suppress(LinnetError):
            self.store.save(msgspec.structs.replace(self.store.load(name), complete=False))
        await self._forget(name, session)
        log.info("machine %s: snapshot %s deleted", self._files.name, name)

    async def tidy(self, session: Session | None) -> None:
        """Clear away what is left of snapshots whose making or deletion was cut short."""
        for name in self.store.unfinished():
            await self._forget(name, session)

    async def prune(self, keep: int, session: Session | None, protect: str = "") -> None:
        """Delete the oldest of the snapshots that were taken by themselves; a failure is logged.

        Args:
            keep: how many of them stay.
            session: of the VM when it runs.
            protect: one that stays in any case.
        """
        automatic = [one.name for one in self.store.records() if one.kind in AUTOMATIC]
        for name in automatic[: max(0, len(automatic) - keep)]:
            if name != protect:
                try:
                    await self.drop(name, session)
                except LinnetError as error:
                    log.warning("machine %s: snapshot %s stays: %s", self._files.name, name, error.message)

    async def _forget(self, name: str, session: Session | None) -> None:
        state, disk = state_name(name), self.disk
        if disk.path.exists() and state in await disk.states():
            if session:
                await session.driver.drop_state(self._files.name, state)
            else:
                await disk.drop_state(state)
        await asyncio.to_thread(self.store.remove, name)


def needed_images(files: MachineFiles) -> set[str]:
    """Return the versions of guest images that a machine runs with, is suspended with, or may go back to."""
    found = {one.image for one in SnapshotStore(files).records()}
    last, run, suspended = lastrun.load(files), load_run(files.state), load_suspend(files.suspend_info)
    found |= {one.image for one in (last, run, suspended.run if suspended else None) if one is not None}
    return found - {""}


async def ask_inventory(session: Session) -> Inventory | None:
    """Ask what the engine in use holds; None when it does not answer."""
    try:
        return msgspec.convert(await session.agent.request("data.inventory", timeout=INVENTORY_LIMIT), Inventory)
    except (LinnetError, msgspec.ValidationError) as error:
        log.info("what the engine holds is not known: %s", error)
        return None


def _plain(config: MachineConfig) -> dict[str, Any]:
    return {setting.name: setting.type.plain(getattr(config, setting.attribute)) for setting in MACHINE_SETTINGS}
