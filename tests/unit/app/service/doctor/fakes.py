"""A service for the doctor to look at: a scratch layout and whatever statuses a test wants."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from app.service.doctor.model import HostInfo
from vm.errors import LinnetError, NotFoundError
from vm.layout import Layout
from vm.machine.status import DiskUse, EngineStatus, MachineState, MachineStatus, PortStatus, ShareStatus

HEALTHY = MachineStatus(
    name="default",
    state=MachineState.running,
    cpus=2,
    memory=2 << 30,
    disk=64 << 30,
    driver="libvirt",
    accelerator="tcg",
    accelerator_reason="",
    image="2026.11-0123",
    docker_socket="docker.sock",
    engine=EngineStatus("podman", healthy=True, version="5.4.2"),
    disk_use=DiskUse(size=64 << 30, used=8 << 30, on_host=9 << 30),
    clock_offset=0.01,
    shares=[ShareStatus("/home/ada", "/home/ada", read_only=False, kind="9p", mounted=True)],
)


@dataclass
class FakeContext:
    """Implements DoctorContext."""

    layout: Layout
    machines: dict[str, MachineStatus] = field(default_factory=dict)
    info: HostInfo | LinnetError = field(
        default_factory=lambda: HostInfo("10.0.2", "/usr/bin/qemu", "11.3.0", "kvm", "It booted.")
    )
    images: dict[str, str | None] = field(default_factory=dict)
    config_errors: dict[str, LinnetError] = field(default_factory=dict)
    port_list: list[PortStatus] = field(default_factory=list)
    guest_answer: tuple[int, str] = (0, "")
    done: list[str] = field(default_factory=list)

    def machine_names(self) -> list[str]:
        return sorted(self.machines)

    async def host_info(self) -> HostInfo:
        self.done.append("host_info")
        if isinstance(self.info, LinnetError):
            raise self.info
        return self.info

    async def verify_images(self) -> dict[str, str | None]:
        return self.images

    def check_config(self, name: str) -> None:
        if name in self.config_errors:
            raise self.config_errors[name]

    async def status(self, name: str) -> MachineStatus:
        if name not in self.machines:
            raise NotFoundError(f"There is no machine '{name}'.")
        return self.machines[name]

    async def ports(self, name: str) -> list[PortStatus]:
        return self.port_list

    async def guest_run(self, name: str, command: str, timeout: float) -> tuple[int, str]:
        self.done.append(f"{name}: {command}")
        return self.guest_answer

    async def sync_clock(self, name: str) -> None:
        self.done.append(f"clock {name}")
        self.machines[name] = replace(self.machines[name], clock_offset=0.0)

    async def restart_engine(self, name: str) -> None:
        self.done.append(f"engine {name}")
        self.machines[name] = replace(self.machines[name], engine=EngineStatus("podman", healthy=True))


def scratch_layout(folder: Path) -> Layout:
    """Return a private layout below `folder`."""
    layout = Layout(folder / "config", folder / "data", folder / "run", folder / "cache")
    layout.make_private()
    return layout
