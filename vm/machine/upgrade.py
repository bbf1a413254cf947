"""Starting a machine with other versions than it last ran with: a snapshot first, checks afterwards, and the way back.

An upgrade is a start with another guest image (which brings the engines) or with another agent (which comes with
Linnet). How far one has come is in a journal, so that a linnetd that is started after a crash knows what to undo.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

import msgspec

from agent.digest import digest
from vm.config.description import MachineConfig
from vm.errors import CancelledByUserError, GuestError, ImageError, LinnetError
from vm.files import write_atomic
from vm.image.model import GuestImage
from vm.layout import MachineFiles
from vm.machine import lastrun
from vm.machine.keeper import Keeper, Wish
from vm.machine.lastrun import Inventory, LastRun
from vm.machine.problems import Problems
from vm.machine.services import Services
from vm.machine.session import Session
from vm.machine.snapshotstore import stamp, state_name
from vm.progress import Progress, Reporter

log = logging.getLogger(__name__)

FORMAT = 1

DAMAGED = (1, 2)
"""Exit codes of xfs_repair that mean damage; others mean that it could not be run or took too long."""

CHECK_LIMIT = 60.0
"""Seconds that the guest may take to say what it holds."""


class Journal(msgspec.Struct, frozen=True):
    """How far an upgrade has come.

    Attributes:
        phase: `snapshot` (nothing has been changed yet), `start` (the new version runs or is about to), `back` (the
            disk is being put back), `old` (it is as before, and the machine starts with what it had).
        snapshot: its name.
        image: the version that is tried.
        agent: digest of the agent that is tried.
        why: what went wrong.
        format: of this record.
    """

    phase: str
    snapshot: str
    image: str
    agent: str
    why: str = ""
    format: int = FORMAT


class Acts(Protocol):
    """What an upgrade has done by the machine's life."""

    @property
    def session(self) -> Session | None:
        """The links into the running VM."""

    async def boot(self, config: MachineConfig, image: GuestImage, report: Reporter, *, check: bool) -> None:
        """Start the VM afresh with that image; with `check` the guest checks its data disk first."""

    async def end(self) -> None:
        """End the VM, if there is one, without asking it."""


class Upgrades:
    """The upgrades of one machine.

    Attributes:
        failure: why the last start that was an upgrade went back; None when it did not.
    """

    def __init__(self, files: MachineFiles, services: Services, keeper: Keeper, problems: Problems, acts: Acts) -> None:
        self.failure: LinnetError | None = None
        self._files = files
        self._services = services
        self._keeper = keeper
        self._problems = problems
        self._acts = acts

    def choose(self, wanted: str, last: LastRun | None) -> GuestImage:
        """Return the image that a start takes: the wanted one, unless it was tried and refused.

        Raises:
            ImageError: there is none.
        """
        image = self._services.image(wanted)
        former = self._former(last)
        return former if last and former and image.version in last.refused else image

    def require(self, wanted: str) -> str:
        """Return the version that `wanted` ("latest" or a version) means. Raises ImageError when it is not here."""
        return self._services.image(wanted).version

    def wanted(self, wanted: str) -> str | None:
        """Return the version that `wanted` means; None when it is not here."""
        try:
            return self.require(wanted)
        except ImageError:
            return None

    def waiting(self, wanted: str) -> tuple[str | None, str | None]:
        """Return the image that the next start would upgrade to, and why one that is wanted is not tried, or None."""
        last = lastrun.load(self._files)
        version = self.wanted(wanted)
        if last is None or version is None or version == last.image:
            return None, None
        why = last.refused.get(version)
        return (version, None) if why is None else (None, f"{version}: {why}")

    async def is_current(self, version: str) -> bool:
        """Return whether the machine was last started with that image and with this version of Linnet."""
        last = lastrun.load(self._files)
        agent = await asyncio.to_thread(digest, self._services.agent_source)
        return last is not None and (last.image, last.agent) == (version, agent)

    async def start(self, config: MachineConfig, report: Reporter) -> None:
        """Start the VM afresh with the versions of the settings and of this Linnet.

        Raises:
            LinnetError: it does not start, neither with the new versions nor with the former ones.
        """
        self.failure = None
        last = lastrun.load(self._files)
        image = self.choose(config.image, last)
        agent = await asyncio.to_thread(digest, self._services.agent_source)
        same = last is None or (last.image, last.agent) == (image.version, agent)
        if last is None or same or not self._files.data_disk.exists():
            await self._acts.boot(config, image, report, check=False)
            lastrun.save(self._files, LastRun(image.version, agent, refused=last.refused if last else {}))
            return
        name = self._keeper.store.free_name(f"before-upgrade-{stamp()}")
        journal = Journal("snapshot", name, image.version, agent)
        if await self._secure(journal, last, config, report):
            await self._try(journal, last, image, config, report)

    async def _secure(self, journal: Journal, last: LastRun, config: MachineConfig, report: Reporter) -> bool:
        """Take the snapshot; False when that failed and the machine was started as it was instead."""
        report(Progress("Taking a snapshot before the upgrade"))
        self._write(journal)
        try:
            await self._keeper.take(Wish(journal.snapshot, "upgrade", _note(journal, last)), "stopped", config, None)
        except LinnetError as error:
            former = self._former(last)
            if journal.image == last.image or former is None:
                self._end()
                raise
            self.failure = error
            self._problems.add(
                f"The machine was not upgraded to the guest image {journal.image}, because no snapshot could be taken "
                f"first: {error.message}"
            )
            self._end()
            await self._acts.boot(config, former, report, check=False)
            lastrun.change(self._files, inventory=None)
            return False
        except BaseException:
            self._end()
            raise
        return True

    async def _try(
        self, journal: Journal, last: LastRun, image: GuestImage, config: MachineConfig, report: Reporter
    ) -> None:
        self._write(msgspec.structs.replace(journal, phase="start"))
        try:
            await self._acts.boot(config, image, report, check=True)
            report(Progress("Checking the upgraded machine"))
            await self._check(last)
        except BaseException as error:  # noqa: BLE001 - it is raised again, unless the way back makes good for it
            await self._go_back(journal, last, error, config, report)
        else:
            await self._accept(journal, last, config)

    async def _accept(self, journal: Journal, last: LastRun, config: MachineConfig) -> None:
        refused = {version: why for version, why in last.refused.items() if version != journal.image}
        lastrun.save(self._files, LastRun(journal.image, journal.agent, refused=refused))
        self._end()
        log.info("machine %s: upgraded to %s", self._files.name, journal.image)
        await self._keeper.prune(config.snapshots_keep, self._acts.session)

    async def _check(self, last: LastRun) -> None:
        """Raise LinnetError when the machine that has just been started is not what it was before the upgrade."""
        session = self._acts.session
        if session is None:
            raise GuestError("The machine ended right after its start.")
        disk = await session.agent.request("data.check", timeout=CHECK_LIMIT)
        if disk["code"] in DAMAGED:
            raise GuestError("The file system of the data disk has errors.", detail=str(disk["text"]))
        if disk["code"] != 0:
            log.info("machine %s: its file system was not checked (%s)", self._files.name, disk["code"])
        if disk["kernel"]:
            raise GuestError(
                "The kernel reports errors in the file system of the data disk.", detail="\n".join(disk["kernel"])
            )
        status = await session.ask_engine()
        if not status.healthy:
            raise GuestError(f"The engine {status.kind} does not answer.", detail=status.error)
        if last.inventory is not None:
            answer: Any = await session.agent.request("data.inventory", timeout=CHECK_LIMIT)
            if missing := last.inventory.missing(msgspec.convert(answer, Inventory)):
                raise GuestError(f"The engine does not find all that it held before: missing are {missing}.")

    async def _go_back(
        self, journal: Journal, last: LastRun, error: BaseException, config: MachineConfig, report: Reporter
    ) -> None:
        """Undo an upgrade that failed, or was cancelled, and start the machine as it was."""
        meant = isinstance(error, Exception) and not isinstance(error, CancelledByUserError)
        why = error.message if isinstance(error, LinnetError) else repr(error) if meant else "It was cancelled."
        log.warning("machine %s: upgrade to %s failed: %s", self._files.name, journal.image, why)
        journal = msgspec.structs.replace(journal, phase="back" if meant else "start", why=why)
        self._write(journal)
        report(Progress("Going back to the state before the upgrade"))
        await self._put_back(journal)
        await self._keeper.prune(config.snapshots_keep, None, protect=journal.snapshot)
        if not meant:
            self._end()
            raise error
        former = self._former(last)
        if former is None or journal.image == last.image:
            self._end()
            what = "this version of Linnet"
            if journal.image != last.image:
                what = f"the guest image {journal.image}, and {last.image} is not on this computer any more"
            self._problems.add(
                f"The machine did not start with {what}. It was left stopped, and its disk is as it was before."
            )
            raise error
        self._write(msgspec.structs.replace(journal, phase="old"))
        report(Progress(f"Starting with the former guest image {former.version}"))
        try:
            await self._acts.boot(config, former, report, check=False)
        except LinnetError as second:
            self._end()
            raise GuestError(
                f"The machine starts neither with the guest image {journal.image} ({why.rstrip('.')}) nor with "
                f"{former.version} as before ({second.message.rstrip('.')}). Its disk is as it was before.",
                hint=second.hint,
                detail=second.detail,
            ) from error
        except BaseException:
            self._end()
            raise
        self._refuse(journal)
        self.failure = GuestError(
            f"The upgrade to the guest image {journal.image} failed: {why} "
            f"The machine runs with {former.version} again, and its disk is as it was before.",
            hint=f"`linnet machine upgrade {self._files.name}` tries it once more.",
            detail=getattr(error, "detail", None),
        )
        self._problems.add(self.failure.message)

    async def _put_back(self, journal: Journal) -> None:
        try:
            await self._acts.end()
            await self._keeper.go_back(journal.snapshot)
        except LinnetError as error:
            raise GuestError(
                f"The upgrade failed ({journal.why.rstrip('.')}), and the disk could not be put back: {error.message}",
                hint=f"It is in the snapshot '{journal.snapshot}'. The next start tries to put it back again.",
                detail=error.detail,
            ) from error

    async def recover(self) -> None:
        """Bring an upgrade that was cut short to an end, when no VM runs: everything is as before it.

        Raises:
            LinnetError: the disk cannot be put back; the next call tries again.
        """
        journal = self._read()
        if journal is None:
            return
        if journal.phase in ("start", "back"):
            if state_name(journal.snapshot) in await self._keeper.disk.states():
                await self._keeper.go_back(journal.snapshot)
                self._problems.add(
                    f"An upgrade to the guest image {journal.image} was cut short; the disk is as it was before."
                )
            else:
                self._problems.add(f"An upgrade was cut short, and its snapshot '{journal.snapshot}' is gone.")
        if journal.phase in ("back", "old"):
            self._refuse(journal)
        self._end()

    async def resume(self, config: MachineConfig, report: Reporter, failed: LinnetError | None) -> None:
        """Bring an upgrade to its end whose VM outlived the linnetd that was at it.

        Args:
            config: of the machine.
            report: told what is done.
            failed: why the VM cannot be reached; None when it can.
        """
        journal, last = self._read(), lastrun.load(self._files)
        if journal is None or last is None:
            if failed is not None:
                raise failed
            return
        if journal.phase == "old":
            self._refuse(journal)
            return
        try:
            if journal.phase == "back":
                raise GuestError(journal.why)
            if failed is not None:
                raise failed
            await self._check(last)
        except LinnetError as error:
            await self._go_back(journal, last, error, config, report)
        else:
            await self._accept(journal, last, config)

    @property
    def under_way(self) -> bool:
        """Whether an upgrade has begun and not ended."""
        return self._files.upgrade.exists()

    def _refuse(self, journal: Journal) -> None:
        """Remember that a version is not to be tried again by itself; it is if only Linnet's version had changed."""
        last = lastrun.load(self._files)
        if last is not None:
            refused = {**last.refused, journal.image: journal.why} if journal.image != last.image else last.refused
            # Linnet's own part has no way back: what runs now is this version's.
            agent = digest(self._services.agent_source)
            lastrun.save(self._files, LastRun(last.image, agent, refused=refused))
        self._end()

    def _former(self, last: LastRun | None) -> GuestImage | None:
        if last is None:
            return None
        try:
            return self._services.image(last.image)
        except ImageError:
            return None

    def _read(self) -> Journal | None:
        try:
            return msgspec.json.decode(self._files.upgrade.read_bytes(), type=Journal)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("machine %s: the journal of an upgrade cannot be read: %s", self._files.name, error)
            self._end()
            return None

    def _write(self, journal: Journal) -> None:
        write_atomic(self._files.upgrade, msgspec.json.format(msgspec.json.encode(journal)))

    def _end(self) -> None:
        self._files.upgrade.unlink(missing_ok=True)


def _note(journal: Journal, last: LastRun) -> str:
    if journal.image == last.image:
        return "before a new version of Linnet"
    return f"before the guest image {journal.image}, with {last.image}"
