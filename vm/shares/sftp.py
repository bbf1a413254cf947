"""Shares by sftp: the host serves the folder on an SSH channel and the guest mounts it with sshfs.

Works on every host and on machines that run already. Ends with the SSH connection, and is mounted anew after that.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from collections.abc import Callable

from vm.errors import GuestError, LinnetError
from vm.shares.base import Guest, Owner, Served, Share, ShareBackend, ShareKind

MOUNT_LIMIT = 20.0
"""Seconds until sshfs must have mounted."""

MOUNT_EVERY = 0.1
"""Seconds between two looks for the mount; the kernel reports it to nobody outside the guest."""

CACHE = 1
"""Seconds for which the guest may believe what it knows of a file; host changes are seen after that."""


def command(share: Share, owner: Owner) -> str:
    """Return the guest's command line that mounts `share` from the sftp server on its standard streams."""
    options = [
        "passive",
        "allow_other",
        "default_permissions",
        f"uid={owner.guest_uid}",
        f"gid={owner.guest_gid}",
        f"dcache_timeout={CACHE}",
        f"attr_timeout={CACHE}",
        f"entry_timeout={CACHE}",
        "auto_cache",
        # By default sshfs refuses to show links that are absolute or climb; the guest follows them in its own tree.
        "no_contain_symlinks",
        # sshfs takes the mount's name from here; the agent lists shares by it.
        f"fsname={share.tag}",
    ]
    if share.read_only:
        options.append("ro")
    place = shlex.quote(share.guest_path)
    return (
        f"umount -l {place} 2>/dev/null; mkdir -p {place} && "
        f"exec sshfs :/ {place} -f -o {shlex.quote(','.join(options))}"
    )


class SftpBackend(ShareBackend):
    """Holds one sftp channel for every share."""

    kind = ShareKind.sftp
    live = True

    def __init__(self, owner: Owner, on_change: Callable[[], None]) -> None:
        self._owner = owner
        self._on_change = on_change
        self._served: dict[str, Served] = {}
        self._watchers: dict[str, asyncio.Task[None]] = {}

    async def mount(self, share: Share, guest: Guest) -> None:
        """See ShareBackend."""
        watcher = self._watchers.get(share.tag)
        if watcher is not None and not watcher.done():
            return
        await self._drop(share.tag)
        served = await guest.link.serve_sftp(command(share, self._owner), share.path, share.read_only)
        self._served[share.tag] = served
        watcher = asyncio.create_task(self._watch(share.tag, served), name=f"sftp-{share.tag}")
        self._watchers[share.tag] = watcher
        try:
            await self._mounted(share, guest, watcher)
        except BaseException:
            await self._drop(share.tag)
            raise

    async def unmount(self, share: Share, guest: Guest) -> None:
        """See ShareBackend."""
        await guest.agent.request("mounts.remove", {"guest_path": share.guest_path})
        await self._drop(share.tag)

    async def drop(self, share: Share) -> None:
        """See ShareBackend."""
        await self._drop(share.tag)

    async def stop(self) -> None:
        """See ShareBackend."""
        for tag in list(self._served):
            await self._drop(tag)

    async def _mounted(self, share: Share, guest: Guest, watcher: asyncio.Task[None]) -> None:
        try:
            async with asyncio.timeout(MOUNT_LIMIT):
                while not watcher.done():
                    mounts = await guest.agent.request("mounts.list", {})
                    if any(mount["guest_path"] == share.guest_path for mount in mounts):
                        return
                    await asyncio.wait([watcher], timeout=MOUNT_EVERY)
        except TimeoutError as error:
            raise GuestError(f"The guest did not mount {share.guest_path} in {MOUNT_LIMIT:.0f} seconds.") from error
        raise GuestError(
            f"The guest could not mount {share.guest_path} by sftp.",
            detail=await _last_words(self._served.get(share.tag)),
        )

    async def _watch(self, tag: str, served: Served) -> None:
        """Wait for the end of the channel: the link was lost, or the guest unmounted the share."""
        with contextlib.suppress(LinnetError, OSError):
            await served.wait()
        if self._watchers.get(tag) is asyncio.current_task():
            self._on_change()

    async def _drop(self, tag: str) -> None:
        watcher = self._watchers.pop(tag, None)
        served = self._served.pop(tag, None)
        if watcher is not None and watcher is not asyncio.current_task():
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher
        if served is not None:
            with contextlib.suppress(LinnetError, OSError):
                await served.close()


async def _last_words(served: Served | None) -> str | None:
    if served is None:
        return None
    with contextlib.suppress(LinnetError, OSError, TimeoutError):
        async with asyncio.timeout(1):
            return (await served.read_stderr(4000)).decode(errors="replace").strip() or None
    return None
