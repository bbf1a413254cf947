"""Shares by 9p: QEMU itself serves the folder, on Linux and macOS hosts; must be unmounted for a suspend."""

from __future__ import annotations

from vm.drivers.base import ShareDevice
from vm.shares.base import Guest, Owner, Share, ShareBackend, ShareKind


class NinepBackend(ShareBackend):
    """Needs nothing but a device; QEMU acts with the rights of the user who runs it."""

    kind = ShareKind.ninep

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def prepare(self, share: Share) -> ShareDevice:
        """See ShareBackend."""
        return ShareDevice(self.kind, share.tag, share.path, share.read_only)

    async def mount(self, share: Share, guest: Guest) -> None:
        """See ShareBackend.

        9p passes ids as they are. Where the host's numbers mean somebody else in the guest (root, macOS's 501), the
        agent presents all files as the guest user's.
        """
        owner = self._owner
        mapped = None if owner.same_ids else {"uid": owner.guest_uid, "gid": owner.guest_gid}
        await guest.agent.request(
            "mounts.add",
            {
                "tag": share.tag,
                "kind": self.kind.value,
                "guest_path": share.guest_path,
                "read_only": share.read_only,
                "map_owner": mapped,
            },
        )

    async def unmount(self, share: Share, guest: Guest) -> None:
        """See ShareBackend."""
        await guest.agent.request("mounts.remove", {"guest_path": share.guest_path})
