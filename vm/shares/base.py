"""What a shared folder is, and what every kind of sharing can be asked to do with it.

A share passes through: `prepare` (before the VM starts), `mount` (the guest is up), `release` (before suspend),
`mount` again (after resume), `stop` (the VM is gone). Which kind serves a share is decided in `vm.shares.plan`.
"""

from __future__ import annotations

import enum
import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from vm.drivers.base import ShareDevice


class ShareKind(enum.StrEnum):
    """The ways a host folder can reach the guest, best first."""

    virtiofs = "virtiofs"
    ninep = "9p"
    sftp = "sftp"


GUEST_USER = 1000
"""uid and gid of `linnet` where the host user's are lower: those are the guest's own (macOS starts at 501)."""


@dataclass(frozen=True)
class Share:
    """A folder of the host that the guest sees.

    Attributes:
        path: on the host, absolute.
        guest_path: where it is mounted in the guest, absolute, POSIX.
        read_only: the guest cannot change anything in it.
        kind: how it is shared; None for the best that is available.
        watch: changes made on the host are told to watchers in the guest.
        tag: names it towards QEMU and in file names; the same for the same guest path, see `plan.tag_of`.
    """

    path: Path
    guest_path: str
    read_only: bool = False
    kind: ShareKind | None = None
    watch: bool = False
    tag: str = ""


@dataclass(frozen=True)
class Owner:
    """Whose files they are: the user's ids on the host (None where there are none) and `linnet`'s in the guest."""

    host_uid: int | None
    host_gid: int | None
    guest_uid: int
    guest_gid: int

    @classmethod
    def current(cls) -> Owner:
        """Return the ownership for this process's user: `linnet` has the same ids, unless they are a system's."""
        if os.name != "posix":
            return cls(None, None, GUEST_USER, GUEST_USER)
        uid, gid = os.geteuid(), os.getegid()
        guest_uid = max(uid, GUEST_USER)
        return cls(uid, gid, guest_uid, gid if gid >= GUEST_USER else guest_uid)

    @property
    def same_ids(self) -> bool:
        """The host's numbers mean the same user in the guest."""
        return self.host_uid == self.guest_uid


class AgentLink(Protocol):
    """The part of the agent's client that shares use. Raises LinnetError subclasses."""

    async def request(self, method: str, params: dict[str, Any]) -> Any:
        """Call a method of the agent and return its result."""


class Served(Protocol):
    """A process in the guest whose standard streams are an sftp connection to the host."""

    async def wait(self) -> Any:
        """Return when it has ended."""

    async def read_stderr(self, limit: int) -> bytes:
        """Return what it wrote to standard error, b"" at its end."""

    async def close(self) -> None:
        """End it."""


class ControlLink(Protocol):
    """The part of the root SSH link that shares use."""

    async def run(self, command: str, input: bytes = b"", timeout: float | None = None) -> Any:  # noqa: A002
        """Run a shell command in the guest; the result has `code`, `stdout` and `stderr`."""

    async def serve_sftp(self, command: str, root: Path, read_only: bool) -> Served:
        """Run `command` in the guest and answer the sftp requests on its standard streams from below `root`."""


@dataclass(frozen=True)
class Guest:
    """The ways into a guest that is up."""

    agent: AgentLink
    link: ControlLink


class ShareBackend(ABC):
    """One kind of sharing, for all shares of one machine that use it.

    Methods raise `LinnetError` subclasses only.
    """

    kind: ShareKind
    live = False
    """Works without a device, so a share can be added to a running machine."""

    async def prepare(self, share: Share) -> ShareDevice | None:  # noqa: ARG002 - most kinds need nothing
        """Start what must run before the VM does; return the device that the VM needs, if any."""
        return None

    async def adopt(self, share: Share) -> None:  # noqa: B027 - most kinds have nothing
        """Find again what `prepare` of an earlier process started, for a VM that still runs."""

    @abstractmethod
    async def mount(self, share: Share, guest: Guest) -> None:
        """Make the share appear in a guest that is up."""

    @abstractmethod
    async def unmount(self, share: Share, guest: Guest) -> None:
        """Take the share away from a guest that is up. ConflictError when it is in use."""

    async def stop(self) -> None:  # noqa: B027 - most kinds have nothing
        """End everything that served a VM which is gone, or never came."""

    async def drop(self, share: Share) -> None:  # noqa: B027 - most kinds have nothing
        """Forget a share that the guest has unmounted."""

    def problem(self, share: Share) -> str | None:  # noqa: ARG002 - most kinds know none
        """Return why a share that was mounted cannot work any more, a sentence."""
        return None
