"""The guest's side of shares, as the agent and sshfs behave."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vm.config.description import MachineConfig
from vm.config.settings import MACHINE_SETTINGS, Host
from vm.config.shares import ShareConfig
from vm.drivers.base import DriverFeatures
from vm.errors import ConflictError, GuestError
from vm.shares.base import Owner
from vm.units import GIB

USER = Owner(1000, 1000, 1000, 1000)
ROOT = Owner(0, 0, 1000, 1000)
FEATURES = DriverFeatures(suspend=True, share_kinds=("virtiofs", "9p"), free_page_reporting=True)


def config(*shares: ShareConfig, virtiofsd: str = "", home: Path = Path("/nowhere")) -> MachineConfig:
    host = Host(cpus=4, memory=8 * GIB, home=home)
    values = {one.name.replace(".", "_"): one.default_for(host) for one in MACHINE_SETTINGS}
    values |= {"home_share": "off", "shares": tuple(shares), "virtiofsd": virtiofsd}
    return MachineConfig(**values, home=home)


@dataclass
class Completed:
    code: int = 0
    stdout: bytes = b""
    stderr: bytes = b""


class Served:
    def __init__(self) -> None:
        self.over = asyncio.Event()

    async def wait(self) -> int:
        await self.over.wait()
        return 0

    async def read_stderr(self, limit: int) -> bytes:
        return b"fuse: bad mount point\n"

    async def close(self) -> None:
        self.over.set()


@dataclass
class FakeGuest:
    """Agent and control link in one."""

    mounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    served: dict[str, Served] = field(default_factory=dict)
    refuse: set[str] = field(default_factory=set)

    async def request(self, method: str, params: dict[str, Any]) -> Any:
        self.requests.append((method, params))
        path = params.get("guest_path", "")
        if path in self.refuse:
            raise GuestError(f"The share {params['tag']!r} could not be mounted at {path}: Invalid argument.")
        match method:
            case "mounts.add":
                self.mounts[path] = {**params, "mounted": True}
                return {}
            case "mounts.list":
                return list(self.mounts.values())
            case "mounts.remove":
                if path in self.users:
                    raise ConflictError(f"{path} is in use by {self.users[path]}.")
                self._gone(path)
                return {}
            case "mounts.release":
                return self._release()
        return {}

    async def run(self, command: str, input: bytes = b"", timeout: float | None = None) -> Completed:  # noqa: A002
        self.commands.append(command)
        return Completed()

    async def serve_sftp(self, command: str, root: Path, read_only: bool) -> Served:
        self.commands.append(command)
        place = command.split("exec sshfs :/ ")[1].split(" -f ")[0].strip("'")
        served = self.served[place] = Served()
        if place in self.refuse:
            served.over.set()
        else:
            self.mounts[place] = {"guest_path": place, "kind": "sftp", "mounted": True}
        return served

    def lose_link(self) -> None:
        """As when the SSH connection ends: sshfs ends, and its mount goes."""
        for place in list(self.served):
            self._gone(place)

    def _release(self) -> dict[str, Any]:
        released, busy = [], []
        for path, mount in list(self.mounts.items()):
            if mount["kind"] == "virtiofs":
                continue
            if path in self.users:
                busy.append({"guest_path": path, "users": self.users[path]})
            else:
                self._gone(path)
                released.append(path)
        return {"released": released, "busy": busy}

    def _gone(self, path: str) -> None:
        self.mounts.pop(path, None)
        if path in self.served:
            self.served.pop(path).over.set()
