"""All shared folders of one machine, from before its VM starts until after it has gone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vm.config.description import MachineConfig
from vm.config.shares import ShareConfig
from vm.drivers.base import DriverFeatures, ShareDevice
from vm.errors import ConflictError, GuestError, LinnetError, NotFoundError
from vm.layout import MachineFiles
from vm.machine.status import ShareStatus
from vm.shares import plan
from vm.shares.base import AgentLink, ControlLink, Guest, Owner, Share, ShareBackend, ShareKind
from vm.shares.ninep import NinepBackend
from vm.shares.sftp import SftpBackend
from vm.shares.virtiofs import VirtiofsBackend
from vm.shares.watch import Watcher

log = logging.getLogger(__name__)

ATTACHED = (ShareKind.virtiofs, ShareKind.ninep)
"""Kinds that need a device, and so a start."""


@dataclass
class _Entry:
    """A share and how it fares."""

    share: Share
    kind: ShareKind
    mounted: bool = False
    error: str | None = None
    note: str | None = None


class ShareManager:
    """Shared folders of one machine.

    A share that fails is shown with its error and stops nothing. Methods raise LinnetError subclasses only where
    they say so.

    Args:
        files: of the machine.
        config: its settings.
        features: what its driver can attach.
        owner: whose files they are; by default this process's user.
        on_change: called when a share has failed, or works again, by itself.
    """

    def __init__(
        self,
        files: MachineFiles,
        config: MachineConfig,
        features: DriverFeatures,
        *,
        owner: Owner | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self.on_change = on_change
        self._features = features
        self._owner = owner or Owner.current()
        self._own_folders = [files.config.parent.parent, files.folder.parent.parent, files.run.parent]
        self._virtiofs = VirtiofsBackend(files, self._owner, config.virtiofsd or None, self._changed)
        self._backends: dict[ShareKind, ShareBackend] = {
            ShareKind.virtiofs: self._virtiofs,
            ShareKind.ninep: NinepBackend(self._owner),
            ShareKind.sftp: SftpBackend(self._owner, self._changed),
        }
        self._entries: dict[str, _Entry] = {}
        for one in config.all_shares:
            share = plan.share_of(one)
            self._entries[share.guest_path] = _Entry(share, share.kind or ShareKind.sftp)
        self._guest: Guest | None = None
        self._watcher = Watcher(self._tell_guest)
        self._lock = asyncio.Lock()

    async def prepare(self, devices: Sequence[ShareDevice] | None = None) -> tuple[ShareDevice, ...]:
        """Get everything ready for a VM that is about to start; return the devices that it needs.

        Args:
            devices: what the VM had when it was suspended; None for a cold start. A resumed VM must have the same.

        Raises:
            UnavailableError: a device of a suspended VM cannot be had again.
        """
        async with self._lock:
            if devices is not None:
                self._take_kinds(devices)
                return tuple([await self._prepare_again(device) for device in devices])
            available = plan.Available(self._features.share_kinds, await self._no_virtiofs())
            results = await asyncio.gather(*(self._prepare(entry, available) for entry in self._entries.values()))
            return tuple(device for device in results if device is not None)

    async def adopt(self, devices: Sequence[ShareDevice]) -> None:
        """Take over the shares of a VM that an earlier linnetd started with `devices`."""
        async with self._lock:
            self._take_kinds(devices)
            for entry in self._entries.values():
                await self._backends[entry.kind].adopt(entry.share)

    async def mount_all(self, agent: AgentLink, link: ControlLink) -> None:
        """Make all shares appear in the guest: after its start, after a resume, after every new link to it."""
        async with self._lock:
            guest = self._guest = Guest(agent, link)
            there = await self._mounted(guest)
            for group in plan.by_depth(entry.share for entry in self._entries.values()):
                await asyncio.gather(*(self._mount(self._entries[share.guest_path], guest, there) for share in group))
            self._watch()

    async def release(self, agent: AgentLink) -> None:
        """Take out of the guest what hinders a suspend.

        Raises:
            ConflictError: a share is in use; all are mounted as before.
        """
        async with self._lock:
            guest = self._known_guest(agent)
            self._watcher.stop()
            answer = await agent.request("mounts.release", {})
            for guest_path in answer["released"]:
                if (found := self._entries.get(guest_path)) is not None:
                    found.mounted = False
                    await self._backends[found.kind].drop(found.share)
        if answer["busy"]:
            await self.mount_all(guest.agent, guest.link)
            raise _busy_error(answer["busy"])

    async def stop(self) -> None:
        """End everything that served a VM which is gone, or never came."""
        async with self._lock:
            self._watcher.stop()
            self._guest = None
            for backend in self._backends.values():
                await backend.stop()
            for entry in self._entries.values():
                entry.mounted = False
                entry.error = None

    async def close(self) -> None:
        """Let go of a VM that goes on without this process."""
        self._watcher.stop()
        self._virtiofs.let_go()

    def status(self) -> list[ShareStatus]:
        """Return all shares as they are known to be."""
        return [self._status(entry) for entry in self._entries.values()]

    async def refresh(self) -> list[ShareStatus]:
        """Ask the guest what is mounted, and return all shares."""
        if self._guest is not None:
            with contextlib.suppress(LinnetError):
                there = await self._mounted(self._guest)
                for entry in self._entries.values():
                    entry.mounted = entry.share.guest_path in there
        return self.status()

    async def add(self, config: ShareConfig, agent: AgentLink, link: ControlLink) -> ShareStatus:
        """Add a share to the running machine; it is sftp until the next start.

        Raises:
            ConflictError: its place is taken.
            LinnetError: the folder cannot be shared, or the guest could not mount it; nothing has changed then.
        """
        async with self._lock:
            share = plan.share_of(config)
            plan.check_folder(share.path)
            plan.check_place(share, [entry.share for entry in self._entries.values()])
            choice = plan.choose(share.kind, plan.Available(self._features.share_kinds, running=True))
            entry = _Entry(share, choice.kind, note=choice.reason)
            guest = self._guest = Guest(agent, link)
            await self._backends[entry.kind].mount(share, guest)
            entry.mounted = True
            self._entries[share.guest_path] = entry
            self._watch()
            return self._status(entry)

    async def remove(self, path: str, agent: AgentLink) -> ShareStatus:
        """Take a share, named by its path on the host or in the guest, out of the running machine.

        Raises:
            NotFoundError: there is none.
            ConflictError: it is in use.
        """
        async with self._lock:
            entry = self._find(path)
            guest = self._known_guest(agent)
            if entry.mounted:
                try:
                    await self._backends[entry.kind].unmount(entry.share, guest)
                except LinnetError as error:
                    await self._cover(entry, guest)
                    if isinstance(error, ConflictError):
                        error.hint = error.hint or "Stop what uses it, then remove the share again."
                    raise
                entry.mounted = False
            del self._entries[entry.share.guest_path]
            self._watch()
            return self._status(entry)

    async def _prepare(self, entry: _Entry, available: plan.Available) -> ShareDevice | None:
        entry.mounted, entry.error = False, None
        choice = plan.choose(entry.share.kind, available)
        entry.kind, entry.note = choice.kind, choice.reason
        try:
            plan.check_folder(entry.share.path)
            return await self._backends[entry.kind].prepare(entry.share)
        except LinnetError as error:
            if entry.kind is not ShareKind.virtiofs or not entry.share.path.is_dir():
                entry.error = error.message
                return None
            log.warning("virtiofs of %s: %s %s", entry.share.path, error.message, error.detail)
            less = replace(available, no_virtiofs="virtiofsd does not start here")
            return await self._prepare(entry, less)

    async def _prepare_again(self, device: ShareDevice) -> ShareDevice:
        """Serve a device of a suspended VM again, whether the settings still have its share or not."""
        share = Share(device.path, "", device.read_only, ShareKind(device.kind), tag=device.tag)
        made = await self._backends[ShareKind(device.kind)].prepare(share)
        if made != device:
            raise GuestError(f"The share {device.path} cannot be attached as it was before the machine was suspended.")
        return device

    def _take_kinds(self, devices: Sequence[ShareDevice]) -> None:
        """Shares are served by the devices that the VM has; those that have none, by sftp."""
        kinds = {device.tag: ShareKind(device.kind) for device in devices}
        for entry in self._entries.values():
            entry.kind = kinds.get(entry.share.tag, ShareKind.sftp)
            choice = plan.choose(entry.share.kind, plan.Available(self._features.share_kinds, running=True))
            entry.note = None if entry.kind in ATTACHED else choice.reason

    async def _no_virtiofs(self) -> str | None:
        if ShareKind.virtiofs.value not in self._features.share_kinds:
            return None
        return await self._virtiofs.unavailable()

    async def _mount(self, entry: _Entry, guest: Guest, there: set[str]) -> None:
        if entry.error is not None and not entry.share.path.is_dir():
            return
        try:
            plan.check_folder(entry.share.path)
            if entry.kind is ShareKind.sftp or entry.share.guest_path not in there:
                await self._backends[entry.kind].mount(entry.share, guest)
            entry.mounted, entry.error = True, None
            await self._cover(entry, guest)
        except LinnetError as error:
            log.warning("share %s: %s %s", entry.share.path, error.message, error.detail)
            entry.mounted, entry.error = False, error.message

    async def _mounted(self, guest: Guest) -> set[str]:
        return {str(mount["guest_path"]) for mount in await guest.agent.request("mounts.list", {})}

    async def _cover(self, entry: _Entry, guest: Guest) -> None:
        """Hide Linnet's own folders, which hold the keys and disks of machines, from the guest.

        The agent takes away what hides them together with the share; it knows it by its source.
        """
        for place in plan.hidden_in(entry.share, self._own_folders):
            quoted = shlex.quote(place)
            result = await guest.link.run(
                f"mountpoint -q {quoted} || ! test -d {quoted} || "
                f"mount -t tmpfs -o ro,size=4k,mode=0 linnet-hidden {quoted}"
            )
            if result.code:
                raise GuestError(f"{place} could not be hidden from the guest.", detail=_text(result.stderr))

    def _known_guest(self, agent: AgentLink) -> Guest:
        if self._guest is None:
            raise GuestError("The shares of this machine are not mounted.")
        return Guest(agent, self._guest.link)

    def _find(self, path: str) -> _Entry:
        for entry in self._entries.values():
            if path in (entry.share.guest_path, str(entry.share.path)):
                return entry
        raise NotFoundError(f"{path} is not shared.", hint="`linnet share list` shows what is.")

    def _status(self, entry: _Entry) -> ShareStatus:
        share = entry.share
        return ShareStatus(
            path=str(share.path),
            guest_path=share.guest_path,
            read_only=share.read_only,
            kind=entry.kind.value,
            mounted=entry.mounted,
            error=self._backends[entry.kind].problem(share) or entry.error,
            note=entry.note,
        )

    def _watch(self) -> None:
        self._watcher.watch([e.share for e in self._entries.values() if e.mounted and e.share.watch])

    async def _tell_guest(self, changes: list[dict[str, str]]) -> None:
        if self._guest is not None:
            await self._guest.agent.request("files.changed", {"changes": changes})

    def _changed(self) -> None:
        for entry in self._entries.values():
            backend = self._backends[entry.kind]
            if entry.mounted and backend.problem(entry.share) is not None:
                entry.mounted = False
        self.on_change()


def _busy_error(busy: list[dict[str, Any]]) -> ConflictError:
    lines = [f"{one['guest_path']} (by {one['users']})" for one in busy]
    return ConflictError(
        f"The machine cannot be suspended while shared folders are in use: {'; '.join(lines)}.",
        hint="Stop what uses them first. Shares of kind virtiofs (Linux) need not be released.",
    )


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode(errors="replace").strip()
