"""Shares by virtiofs: the fastest kind, on Linux hosts; needs a virtiofsd per share before the VM starts."""

from __future__ import annotations

from collections.abc import Callable

from vm.drivers.base import ShareDevice
from vm.errors import UnavailableError
from vm.layout import MachineFiles
from vm.shares import virtiofsd
from vm.shares.base import Guest, Owner, Share, ShareBackend, ShareKind


class VirtiofsBackend(ShareBackend):
    """Runs a virtiofsd for every share; survives suspend, because virtiofsd hands its state to QEMU."""

    kind = ShareKind.virtiofs

    def __init__(self, files: MachineFiles, owner: Owner, setting: str | None, on_change: Callable[[], None]) -> None:
        self._files = files
        self._owner = owner
        self._setting = setting
        self._on_change = on_change
        self._processes: dict[str, virtiofsd.Process] = {}
        self._ended: set[str] = set()

    async def unavailable(self) -> str | None:
        """Return why virtiofs cannot be used on this host, a phrase; None when it can."""
        try:
            await virtiofsd.find(self._setting)
        except UnavailableError as error:
            return error.message
        return None

    async def prepare(self, share: Share) -> ShareDevice:
        """See ShareBackend."""
        await self._end(share.tag)
        program = await virtiofsd.find(self._setting)
        files = self._of(share.tag)
        self._processes[share.tag] = await virtiofsd.start(
            program, share, self._owner, files, lambda: self._note_end(share.tag)
        )
        return ShareDevice(self.kind, share.tag, share.path, share.read_only, files.socket)

    async def adopt(self, share: Share) -> None:
        """See ShareBackend."""
        process = virtiofsd.find_again(self._of(share.tag), lambda: self._note_end(share.tag))
        if process is None:
            self._ended.add(share.tag)
        else:
            self._processes[share.tag] = process

    async def mount(self, share: Share, guest: Guest) -> None:
        """See ShareBackend."""
        await guest.agent.request(
            "mounts.add",
            {
                "tag": share.tag,
                "kind": self.kind.value,
                "guest_path": share.guest_path,
                "read_only": share.read_only,
                "map_owner": None,
            },
        )

    async def unmount(self, share: Share, guest: Guest) -> None:
        """See ShareBackend."""
        await guest.agent.request("mounts.remove", {"guest_path": share.guest_path})

    async def stop(self) -> None:
        """See ShareBackend."""
        for path in self._files.run.glob("fs-*.json"):
            await self._end(path.stem.removeprefix("fs-"))
        self._ended.clear()

    def let_go(self) -> None:
        """Leave all processes running; linnetd ends."""
        for process in self._processes.values():
            process.let_go()
        self._processes.clear()

    def problem(self, share: Share) -> str | None:
        """See ShareBackend."""
        if share.tag not in self._ended:
            return None
        return f"The file server of {share.path} ended while the machine ran; restart the machine to use the share."

    async def _end(self, tag: str) -> None:
        files = self._of(tag)
        process = self._processes.pop(tag, None) or virtiofsd.find_again(files, lambda: None)
        if process is not None:
            await process.end()
            process.let_go()
        files.remove()
        self._ended.discard(tag)

    def _of(self, tag: str) -> virtiofsd.Files:
        return virtiofsd.Files(self._files.virtiofs_socket(tag))

    def _note_end(self, tag: str) -> None:
        if self._processes.pop(tag, None) is not None:
            self._ended.add(tag)
            self._on_change()
