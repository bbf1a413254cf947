"""How a machine gets from one state to another: what is done with QEMU, its helpers and files, and undone again.

Nothing here keeps others out: `Machine` runs one of these at a time (`vm.machine.transition`).
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Callable
from typing import Any

from vm.config.description import MachineConfig
from vm.drivers.base import Driver, VmEvent, VmState
from vm.errors import (
    CancelledByUserError,
    ConflictError,
    LinnetError,
    NotFoundError,
    UnavailableError,
)
from vm.files import remove_folder
from vm.guest.seed import CHECK_LIMIT
from vm.image.model import GuestImage
from vm.layout import MachineFiles
from vm.machine import boot, lastrun, record
from vm.machine.disk import DataDisk
from vm.machine.keeper import Keeper, ask_inventory
from vm.machine.problems import Problems
from vm.machine.services import Services
from vm.machine.session import Session
from vm.machine.suspend import SuspendImage
from vm.machine.upgrade import Upgrades
from vm.progress import Progress, Reporter
from vm.shares.manager import ShareManager

log = logging.getLogger(__name__)

BOOT_LIMIT = 240.0
"""Seconds that a guest may take until its SSH server answers: emulated processors are slow."""

RESUME_LIMIT = 60.0

SHUTDOWN_LIMIT = 60.0
"""Seconds that a guest may take to power off before it is ended."""

UNHEARD_LIMIT = 10.0
"""The same for a guest that only the power button can reach, which Linnet's own image does not listen to."""

SessionMaker = Callable[..., Session]


class Lifecycle:
    """Starts, resumes, suspends, stops and deletes one machine.

    Attributes:
        session: the links into the running VM, or None.
        problems: what went wrong lately.
        keeper: its snapshots.
        upgrades: its starts with other versions.
    """

    def __init__(
        self,
        files: MachineFiles,
        services: Services,
        emit: Callable[[str, dict[str, Any]], None],
        new_session: SessionMaker = Session,
    ) -> None:
        self.session: Session | None = None
        self.problems = Problems(files.name, lambda text: emit("problem", {"text": text}))
        self._files = files
        self._name = files.name
        self._services = services
        self._emit = emit
        self._new_session = new_session
        self._end: VmEvent | None = None
        self._vm_ended = asyncio.Event()
        self.keeper = Keeper(files, services)
        self.upgrades = Upgrades(files, services, self.keeper, self.problems, self)

    @property
    def suspend_image(self) -> SuspendImage:
        """The VM's memory on disk."""
        return SuspendImage(self._files)

    def data_disk(self) -> DataDisk:
        """Return the machine's data disk as a file."""
        return DataDisk(self._files.data_disk, self._services.qemu_img())

    async def disk_size(self) -> int | None:
        """Return the size of the data disk, bytes; None while there is none that can be read."""
        if self._files.data_disk.exists():
            with contextlib.suppress(LinnetError):
                return (await self.data_disk().measure()).size
        return None

    async def driver(self) -> Driver:
        """Return what runs the machine, or would."""
        if self.session is not None:
            return self.session.driver
        run = record.load_run(self._files.state)
        return await self._services.drivers.get(run.driver if run else self._config().driver)

    async def vm_state(self) -> VmState:
        """Ask the driver; a machine without a record has no VM."""
        if self.session is None and record.load_run(self._files.state) is None:
            return VmState.stopped
        return await (await self.driver()).state(self._name)

    async def end_vm(self) -> None:
        """End QEMU now."""
        await (await self.driver()).kill(self._name)

    def tell_end(self, event: VmEvent) -> None:
        """Take the news that the VM is gone, or cannot go on."""
        self._end = event
        if event.state is VmState.stopped:
            self._vm_ended.set()
        if self.session is not None:
            self.session.tell_ended(event)

    def take_end(self) -> VmEvent | None:
        """Return, once, the end of a VM that no transition has dealt with."""
        event, self._end = self._end, None
        return event if self.session is not None else None

    async def start(self, report: Reporter) -> None:
        """Have the machine run: make the VM that is there go on, or resume, or start afresh."""
        past = self.problems.all()
        vm_state = await self.vm_state()
        if vm_state is VmState.stopped or not await self._go_on(vm_state, report):
            await self.forget_vm()
            self._services.check_ready()
            usable = self.suspend_image.usable
            if not usable and self.suspend_image.discard():
                self.problems.add(
                    "A suspend image that was never finished, or already used once, was removed; "
                    "the machine started afresh. Its data disk is as it was."
                )
            if not usable or not await self._resume(report):
                await self._cold_start(report)
        self.problems.forget(past)

    async def _go_on(self, vm_state: VmState, report: Reporter) -> bool:
        """Use the VM that is there; False when that has to be ended first, which is done then."""
        if vm_state is not VmState.running:
            self.data_disk().check_room()  # a full disk is why QEMU halts guests
            driver = await self.driver()
            try:
                await driver.unpause(self._name)
            except LinnetError as error:
                log.warning("machine %s: cannot go on: %s", self._name, error.message)
                report(Progress("Ending a VM that does not answer"))
                await driver.kill(self._name)
                return False
        if self.session is None:
            await self.take_over(report)
        else:
            await self.session.wait_healthy(report)
        return True

    async def take_over(self, report: Reporter, limit: float = RESUME_LIMIT) -> None:
        """Reach into a running VM that has no session, within `limit` seconds.

        Raises:
            LinnetError: it cannot be reached yet, and is tried again in the background; or its settings are broken.
        """
        run = record.load_run(self._files.state)
        if run is None:
            raise ConflictError(f"It is not known how the VM of machine '{self._name}' was started.")
        driver = await self._services.drivers.get(run.driver)
        config = self._config()
        shares = self._services.shares(self._files, config, driver)
        await shares.adopt(run.spec.shares)
        if await driver.state(self._name) is VmState.paused:
            await driver.unpause(self._name)
        try:
            await self._begin_session(driver, config, run, shares, report, limit)
        except BaseException:
            if self.session is not None and not self._vm_ended.is_set():
                self.session.keep_trying()
            raise

    async def _cold_start(self, report: Reporter) -> None:
        if not self._files.config.exists() and not self._files.folder.exists():
            raise NotFoundError(f"There is no machine '{self._name}'.")
        await self.upgrades.recover()
        await self.upgrades.start(self._config(await self.disk_size()), report)

    async def boot(self, config: MachineConfig, image: GuestImage, report: Reporter, *, check: bool) -> None:
        """Start the VM afresh.

        Args:
            config: its settings.
            image: what it boots.
            report: told what is done.
            check: whether the guest checks the file system of its data disk first.

        Raises:
            LinnetError: it does not get ready; nothing of it runs any more.
        """
        services = self._services
        driver = await services.drivers.get(config.driver)
        services.make_folders(self._files)
        disk = self.data_disk()
        disk.check_room()
        await disk.ensure(config.disk, await self.disk_size())
        services.rotate_logs(self._files)
        shares = services.shares(self._files, config, driver)
        ingredients = boot.Ingredients(
            services.layout, self._files, config, image, driver, services.agent_source, check
        )
        try:
            run = await boot.prepare(ingredients, await shares.prepare(), report)
            self._expect_vm(run)
            report(Progress(f"Starting QEMU ({run.spec.accelerator})"))
            await driver.start(run.spec)
            limit = BOOT_LIMIT + (CHECK_LIMIT if check else 0)
            await self._begin_session(driver, config, run, shares, report, limit)
        except BaseException:
            await self._clean_up(driver, shares)
            raise

    async def _resume(self, report: Reporter) -> bool:
        """Resume from the suspend image; False when that is not possible and the image is gone.

        Raises:
            LinnetError: something else is in the way; the machine is still suspended.
        """
        image = self.suspend_image
        saved = image.load()
        driver = await self._services.drivers.get(saved.run.driver)
        found = self._services.drivers.info(saved.run.driver).qemu_version
        if found != saved.qemu_version:
            self.problems.add(
                f"The suspended state was written by QEMU {saved.qemu_version} and this is QEMU {found}: "
                "the machine started afresh. Its data disk is as it was."
            )
            image.discard()
            return False
        config = self._config()
        run = dataclasses.replace(saved.run, ssh_port=boot.ssh_port(self._files, config, saved.run.ssh_port))
        self._services.make_folders(self._files)
        shares = self._services.shares(self._files, config, driver)
        report(Progress("Resuming"))
        try:
            await shares.prepare(run.spec.shares)
            image.mark_used()
            self._expect_vm(run)
            await driver.restore(run.spec, self._files.suspend_image)
            image.discard()
            await self._begin_session(driver, config, run, shares, report, RESUME_LIMIT)
        except LinnetError as error:
            log.warning("machine %s: resume failed: %s %s", self._name, error.message, error.detail)
            await self._clean_up(driver, shares)
            image.discard()
            self.problems.add(
                f"The suspended state could not be resumed ({error.message}); the machine started afresh."
            )
            return False
        except BaseException:
            await self._clean_up(driver, shares)
            raise
        return True

    def _expect_vm(self, run: record.RunRecord) -> None:
        """Remember how the VM is about to be started, so that it is found whatever happens to this process."""
        record.save(self._files.state, run)
        self._end = None
        self._vm_ended.clear()

    async def _begin_session(
        self,
        driver: Driver,
        config: MachineConfig,
        run: record.RunRecord,
        shares: ShareManager,
        report: Reporter,
        limit: float,
    ) -> None:
        session = self._new_session(self._files, config, run, driver, shares, self._services.agent_source, self._emit)
        self.session = session
        if self._end is not None:  # between its start and now
            session.tell_ended(self._end)
        await session.establish(report, limit=limit)

    async def stop(self, report: Reporter, *, force: bool) -> None:
        """End the VM, politely unless `force`, and drop a suspended one."""
        vm_state = await self.vm_state()
        if vm_state is not VmState.stopped:
            driver = await self.driver()
            if not force and vm_state is VmState.running:
                report(Progress("Shutting the guest down"))
                await self._power_down(driver)
            await driver.kill(self._name)
        await self.forget_vm()
        self.suspend_image.discard()
        self._files.state.unlink(missing_ok=True)

    async def _power_down(self, driver: Driver) -> None:
        session = self.session
        limit = SHUTDOWN_LIMIT if session is not None and session.linked else UNHEARD_LIMIT
        try:
            if session is None:
                raise UnavailableError("There is no link to the guest.")
            lastrun.change(self._files, inventory=await ask_inventory(session))
            await session.shut_down()
            limit = SHUTDOWN_LIMIT
        except LinnetError:
            with contextlib.suppress(LinnetError):
                await driver.power_down(self._name)
        try:
            async with asyncio.timeout(limit):
                await self._vm_ended.wait()
        except TimeoutError:
            self.problems.add(f"The guest did not power off within {limit:.0f} seconds and was ended.")

    async def suspend(self, session: Session, report: Reporter) -> None:
        """Write the VM's memory to disk and end QEMU. When that fails, the machine runs on."""
        driver = session.driver
        if not driver.features.suspend:
            raise UnavailableError(
                f"The {driver.name} driver cannot suspend machines on this system.",
                hint=f"`linnet machine stop {self._name}` shuts the machine down instead.",
            )
        if await self.vm_state() is not VmState.running:
            raise ConflictError(
                f"The VM of machine '{self._name}' is halted and cannot be suspended.",
                hint=f"`linnet machine restart {self._name}` starts it afresh.",
            )
        self.suspend_image.check_room(session.record.spec.memory, await session.memory_used())
        saved = record.SuspendRecord(session.record, self._services.drivers.info(driver.name).qemu_version)
        report(Progress("Taking shared folders out"))
        agent = session.agent
        self.suspend_image.begin(saved)
        try:
            await session.shares.release(agent)
            report(Progress("Writing memory to disk"))
            await session.flush()
            await session.hold()
            await driver.save(self._name, self._files.suspend_image)
            self.suspend_image.finish(saved)
        except BaseException as error:
            self.suspend_image.discard()
            # A conflict is a share in use: all are mounted again, and the links are as they were.
            if not isinstance(error, ConflictError) and not self._vm_ended.is_set():
                await session.hold()
                session.keep_trying()
            raise
        await self.forget_vm()
        self._files.state.unlink(missing_ok=True)

    async def clear_end(self, session: Session | None, event: VmEvent) -> bool:
        """Clear up after a VM that ended without being asked; False when that has been done already."""
        if self.session is not session or not self._files.state.exists():
            return False
        if event.state is VmState.failed:
            await self.end_vm()
        elif await self.vm_state() is not VmState.stopped:
            return False
        await self.forget_vm()
        self._files.state.unlink(missing_ok=True)
        return True

    async def delete(self, report: Reporter) -> None:
        """End the VM and delete all files, the description last: what is left of a failed deletion can be deleted."""
        await self.stop(report, force=True)
        report(Progress("Deleting the data disk"))
        for folder in (self._files.run, self._files.folder):
            await asyncio.to_thread(remove_folder, folder)
        self._files.config.unlink(missing_ok=True)

    async def end(self) -> None:
        """End the VM, if there is one, without asking it; see `vm.machine.upgrade`."""
        if self.session is not None:
            await self.session.hold()  # or the loss of its links would be news
        if await self.vm_state() is not VmState.stopped:
            await self.end_vm()
        await self.forget_vm()
        self._files.state.unlink(missing_ok=True)

    async def finish_upgrade(self, report: Reporter) -> None:
        """Reach into a VM that a former linnetd left in the middle of an upgrade, and bring that to its end."""
        failed: LinnetError | None = None
        try:
            await self.take_over(report, BOOT_LIMIT + CHECK_LIMIT)
        except LinnetError as error:
            failed = error
        await self.upgrades.resume(self._config(await self.disk_size()), report, failed)

    async def end_strays(self) -> None:
        """End a VM that may run but of which it is not known how it was started."""
        for name in ("qemu", "libvirt"):
            with contextlib.suppress(LinnetError):
                driver = await self._services.drivers.get(name)
                if await driver.attach(self._name):
                    await driver.kill(self._name)
        self._files.state.unlink(missing_ok=True)

    async def forget_vm(self) -> None:
        """Close the session of a VM that is gone, and what served it."""
        session, self.session = self.session, None
        if session is None:
            return
        if not session.ended.done():
            session.ended.set_result(CancelledByUserError("The machine was stopped."))
        await session.close()
        await session.shares.stop()

    async def _clean_up(self, driver: Driver, shares: ShareManager) -> None:
        """After a start that failed: no QEMU, no helpers, no record; the data disk as it was."""
        with contextlib.suppress(LinnetError):
            await driver.kill(self._name)
        with contextlib.suppress(LinnetError):
            await self.forget_vm()
        with contextlib.suppress(LinnetError):
            await shares.stop()
        self._files.state.unlink(missing_ok=True)

    def _config(self, disk_size: int | None = None) -> MachineConfig:
        return self._services.load_config(self._name, disk_size)
