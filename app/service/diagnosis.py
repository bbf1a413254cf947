"""What the doctor and the support bundle ask, answered by the service."""

from __future__ import annotations

import asyncio

from app.service.contract import Machine
from app.service.doctor.model import HostInfo
from app.service.service import Service
from vm.config.description import MachineDescription
from vm.config.settings import Host
from vm.errors import ImageError
from vm.image.store import ImageStore
from vm.layout import Layout
from vm.machine.status import MachineStatus, PortStatus


class Diagnosis:
    """The service as `app.service.doctor` sees it (DoctorContext)."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def layout(self) -> Layout:
        """See DoctorContext."""
        return self._service.layout

    def machine_names(self) -> list[str]:
        """See DoctorContext."""
        return self._service.manager.names()

    async def host_info(self) -> HostInfo:
        """See DoctorContext."""
        # Loaded here: the doctor is rarely asked.
        from vm.accel import find_accelerator

        info = await self._service.manager.host_info()
        try:
            image = ImageStore(self.layout.images).find()
        except ImageError as error:
            return HostInfo(info.qemu_version, info.qemu_path, info.libvirt_version, None, error.message)
        found = await find_accelerator(
            self.layout, image.kernel, image.initrd, image.qemu_arch, qemu_path=info.qemu_path
        )
        return HostInfo(info.qemu_version, info.qemu_path, info.libvirt_version, str(found.accelerator), found.reason)

    async def verify_images(self) -> dict[str, str | None]:
        """See DoctorContext."""
        return await asyncio.to_thread(_verify_images, self.layout)

    def check_config(self, name: str) -> None:
        """See DoctorContext."""
        MachineDescription.open(self.layout.machine(name).config, Host.current(self.layout)).check()

    async def status(self, name: str) -> MachineStatus:
        """See DoctorContext."""
        return await self._machine(name).status()

    async def ports(self, name: str) -> list[PortStatus]:
        """See DoctorContext."""
        return list(await self._machine(name).ports.list(probe=True))

    async def guest_run(self, name: str, command: str, timeout: float) -> tuple[int, str]:
        """See DoctorContext."""
        done = await self._machine(name).control_link().run(command, timeout=timeout)
        return done.code, (done.stdout + done.stderr).decode(errors="replace")

    async def sync_clock(self, name: str) -> None:
        """See DoctorContext."""
        await self._machine(name).sync_clock()

    async def restart_engine(self, name: str) -> None:
        """See DoctorContext."""
        await self._machine(name).engine.restart()

    def _machine(self, name: str) -> Machine:
        return self._service.machine(name)


def _verify_images(layout: Layout) -> dict[str, str | None]:
    store = ImageStore(layout.images)
    found: dict[str, str | None] = {}
    for image in store.images():
        try:
            store.verify(image)
            found[image.version] = None
        except ImageError as error:
            found[image.version] = error.message
    return found
