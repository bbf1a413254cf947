"""What machines share: folders, guest images, drivers. Passed to each of them; nothing is global."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vm.config.description import MachineConfig, MachineDescription, machine_config
from vm.config.settings import Host
from vm.drivers import tools
from vm.drivers.base import Driver, VmEvent, VmmInfo
from vm.drivers.choose import choose_driver
from vm.errors import UnavailableError
from vm.image.model import GuestImage
from vm.image.store import ImageStore
from vm.layout import Layout, MachineFiles, check_socket_path
from vm.shares.manager import ShareManager

LOG_LIMIT = 2 * 1024 * 1024
"""A guest's console log and QEMU's log are cut to nothing at a start when they have grown beyond this, in bytes."""


class DriverPool:
    """The drivers in use, each opened once, on first use."""

    def __init__(self, layout: Layout, on_event: Callable[[str, VmEvent], None]) -> None:
        self._layout = layout
        self._on_event = on_event
        self._open: dict[str, tuple[Driver, VmmInfo]] = {}
        self._lock = asyncio.Lock()

    async def get(self, wanted: str) -> Driver:
        """Return the driver `wanted` ("auto" for the best one here), ready for use."""
        async with self._lock:
            if wanted in self._open:
                return self._open[wanted][0]
            driver = choose_driver(wanted, self._layout).driver
            if driver.name not in self._open:
                self._open[driver.name] = (driver, await driver.open(self._on_event))
            self._open[wanted] = self._open[driver.name]
            return self._open[wanted][0]

    def info(self, name: str) -> VmmInfo:
        """Return what was found when the driver `name` was opened."""
        return self._open[name][1]

    async def close(self) -> None:
        """Let go of all drivers; VMs go on."""
        for driver in {id(driver): driver for driver, _ in self._open.values()}.values():
            await driver.close()
        self._open.clear()


@dataclass(frozen=True)
class Services:
    """What every machine can use.

    Attributes:
        layout: where files are.
        images: the guest images on this host.
        drivers: what runs VMs.
        agent_source: folder of the agent's Python package, carried into guests.
    """

    layout: Layout
    images: ImageStore
    drivers: DriverPool
    agent_source: Path

    def load_config(self, name: str, disk_size: int | None = None) -> MachineConfig:
        """Read and check a machine's description. Raises ConfigError with all problems."""
        return machine_config(self.layout.machine(name).config, Host.current(self.layout), disk_size)

    def describe(self, name: str, disk_size: int | None = None) -> MachineDescription:
        """Return a machine's description, to be changed. Raises ConfigError when its file is broken."""
        path = self.layout.machine(name).config
        return MachineDescription.open(path, Host.current(self.layout), disk_size=disk_size)

    def image(self, wanted: str) -> GuestImage:
        """Return the guest image that `wanted` ("latest" or a version) means. Raises ImageError when there is none."""
        return self.images.find(wanted)

    def shares(self, files: MachineFiles, config: MachineConfig, driver: Driver) -> ShareManager:
        """Return the shared folders of a machine."""
        return ShareManager(files, config, driver.features)

    def check_ready(self) -> None:
        """Raise LinnetError for what would make any start fail: sockets that cannot be made, folders not ours."""
        self.layout.make_private()

    def make_folders(self, files: MachineFiles) -> None:
        """Make a machine's own folders, for this user alone. Raises UnavailableError."""
        try:
            for folder in (files.folder, files.run):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UnavailableError(f"The folder {folder} cannot be made: {error.strerror}.") from error

    def qemu_img(self) -> Path:
        """Return the program that makes disks. Raises UnavailableError when it is missing."""
        return tools.find(tools.QEMU_IMG)

    def rotate_logs(self, files: MachineFiles) -> None:
        """Keep the logs of one VM bounded: the last run's becomes `.old`."""
        check_socket_path(files.docker_socket)
        for path in (files.serial_log, files.vmm_log):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_size > LOG_LIMIT:
                    path.replace(path.with_suffix(".old"))
