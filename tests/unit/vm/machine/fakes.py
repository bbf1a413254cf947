"""A driver, a session and their surroundings without any VM; they behave as `vm.drivers.base` and the guest do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import agent.digest
from vm import process
from vm.config.description import MachineConfig
from vm.drivers.base import Driver, DriverFeatures, EventHandler, Forward, VmEvent, VmmInfo, VmSpec, VmState
from vm.errors import ConflictError, GuestError, ImageError, LinnetError, UnavailableError
from vm.image.model import GuestImage, Manifest
from vm.layout import Layout, MachineFiles
from vm.machine.limits import OutOfMemory
from vm.machine.machine import Machine
from vm.machine.record import RunRecord
from vm.machine.services import Services
from vm.machine.status import EngineStatus, MachineEvent
from vm.progress import Progress, Reporter
from vm.shares.manager import ShareManager

VERSION = "10.0.2"


class FakeDriver(Driver):
    """VMs that are entries of a dictionary. `calls` is what was asked, in order."""

    name = "qemu"
    features = DriverFeatures(suspend=True, share_kinds=(), free_page_reporting=True)

    def __init__(self) -> None:
        self.vms: dict[str, VmState] = {}
        self.calls: list[str] = []
        self.fail: dict[str, LinnetError] = {}
        self.hold: dict[str, asyncio.Event] = {}
        self.specs: list[VmSpec] = []
        self.on_event: EventHandler = lambda _name, _event: None

    async def open(self, on_event: EventHandler) -> VmmInfo:
        self.on_event = on_event
        return VmmInfo("qemu", VERSION, "/usr/bin/qemu-system-x86_64")

    async def close(self) -> None:
        self.calls.append("close")

    async def start(self, spec: VmSpec) -> None:
        await self._take("start", spec.name)
        if spec.name in self.vms:
            raise ConflictError(f"The machine '{spec.name}' is running already.")
        self.specs.append(spec)
        self.vms[spec.name] = VmState.running
        self.on_event(spec.name, VmEvent(VmState.running, "started"))

    async def attach(self, name: str) -> bool:
        return name in self.vms

    async def state(self, name: str) -> VmState:
        return self.vms.get(name, VmState.stopped)

    async def process_id(self, name: str) -> int | None:
        return None

    async def power_down(self, name: str) -> None:
        await self._take("power_down", name)

    async def kill(self, name: str) -> None:
        await self._take("kill", name)
        self.end(name, "shutdown")

    async def pause(self, name: str) -> None:
        self.vms[name] = VmState.paused

    async def unpause(self, name: str) -> None:
        await self._take("unpause", name)
        self.vms[name] = VmState.running

    async def save(self, name: str, path: Path) -> None:
        await self._take("save", name)
        path.write_bytes(b"memory")
        self.end(name, "shutdown")

    async def restore(self, spec: VmSpec, path: Path) -> None:
        await self._take("restore", spec.name)
        assert path.read_bytes() == b"memory"
        self.specs.append(spec)
        self.vms[spec.name] = VmState.running
        self.on_event(spec.name, VmEvent(VmState.running, "resumed"))

    async def add_forward(self, name: str, forward: Forward) -> None:
        self.calls.append("add_forward")

    async def remove_forward(self, name: str, forward: Forward) -> None:
        self.calls.append("remove_forward")

    async def forwards(self, name: str) -> list[Forward]:
        return []

    async def keep_state(self, name: str, state: str) -> None:
        await self._take("keep_state", name)
        await self._snapshot("-c", state)

    async def drop_state(self, name: str, state: str) -> None:
        await self._take("drop_state", name)
        await self._snapshot("-d", state)

    async def _snapshot(self, what: str, state: str) -> None:
        [path] = [disk.path for disk in self.specs[-1].disks if disk.serial == "linnet-data"]
        await process.run(["qemu-img", "snapshot", what, state, path])

    def end(self, name: str, reason: str) -> None:
        """The VM is gone; told once."""
        if self.vms.pop(name, None) is not None:
            self.on_event(name, VmEvent(VmState.stopped, reason, detail="qemu: last words"))

    def halt(self, name: str, reason: str) -> None:
        """QEMU stops the guest by itself and stays."""
        self.vms[name] = VmState.failed
        self.on_event(name, VmEvent(VmState.failed, reason))

    async def _take(self, call: str, name: str) -> None:
        self.calls.append(call)
        if call in self.hold:
            await self.hold[call].wait()
        if call in self.fail:
            raise self.fail[call]


class FakePool:
    """The drivers: one, under each name."""

    def __init__(self, driver: FakeDriver) -> None:
        self.driver = driver
        self.version = VERSION

    async def get(self, _wanted: str) -> FakeDriver:
        return self.driver

    def info(self, _name: str) -> VmmInfo:
        return VmmInfo("qemu", self.version, "/usr/bin/qemu-system-x86_64")

    async def close(self) -> None:
        await self.driver.close()


OLD_IMAGE = "2026.11-0123456789"


class FakeImages:
    """The guest images; the last one is the newest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.versions = [OLD_IMAGE]

    def find(self, version: str = "latest") -> GuestImage:
        chosen = self.versions[-1] if version == "latest" else version
        if chosen not in self.versions:
            raise ImageError(f"There is no guest image {chosen} on this host.")
        manifest = Manifest(1, chosen, "amd64", 0, "6.12", "", {}, {})
        return GuestImage(self._folder, manifest)


class FakeAgent:
    """Answers as the agent does.

    Attributes:
        requests: what was asked, in order.
        inventory: what the engine holds.
        disk_check: what is said of the data disk.
        held: whether the data disk is held, as long as nobody waits too long.
        fail: method to what it fails with.
    """

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.inventory: dict[str, Any] = {"engine": "podman", "images": ["a1"], "containers": [], "volumes": ["data"]}
        self.disk_check: dict[str, Any] = {"code": 0, "text": "", "kernel": []}
        self.held = False
        self.lets_go = False
        self.fail: dict[str, LinnetError] = {}

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = 30) -> Any:
        self.requests.append(method)
        if method in self.fail:
            raise self.fail[method]
        match method:
            case "data.freeze":
                self.held = True
            case "data.thaw":
                held, self.held = self.held and not self.lets_go, False
                return {"held": held}
            case "data.inventory":
                return self.inventory
            case "data.check":
                return self.disk_check
            case "mounts.list":
                return []
            case "memory.ledger":
                return {"total": 8 << 20, "containers": 3 << 20, "system": 1 << 20, "cache": 2 << 20, "free": 2 << 20}
            case "disk.status":
                return {"size": 2 << 30, "used": 1 << 20, "free": 1 << 30}
            case "mounts.release":
                return {"released": [], "busy": []}
            case "engine.list":
                return [{"kind": "podman", "installed": True, "active": True}]
        return {}


class FakePorts:
    """Host ports."""

    def __init__(self) -> None:
        self.configured: dict[str, Any] = {}
        self.connections = 0

    async def configure(self, **settings: Any) -> None:
        self.configured = settings

    async def list(self, _probe: bool) -> list[Any]:
        return []


class FakeSession:
    """A session whose guest does what `World` says."""

    def __init__(
        self,
        world: World,
        files: MachineFiles,
        config: MachineConfig,
        record: RunRecord,
        driver: Driver,
        shares: ShareManager,
    ) -> None:
        self.world = world
        self.files = files
        self.config = config
        self.record = record
        self.driver = driver
        self.shares = shares
        self.ports = FakePorts()
        self.out_of_memory = OutOfMemory()
        self.ended: asyncio.Future[LinnetError] = asyncio.get_running_loop().create_future()
        self.engine: EngineStatus | None = None
        self.engine_kind = config.engine
        self.clock_offset = 0.0
        self.linked = False
        self.closed = False
        self.trying = False
        self._agent = FakeAgent()
        world.arrange(self)

    @property
    def healthy(self) -> bool:
        return self.linked

    @property
    def agent(self) -> FakeAgent:
        if not self.linked:
            raise UnavailableError("The guest cannot be reached at the moment.")
        return self._agent

    async def establish(self, report: Reporter, *, limit: float) -> None:
        report(Progress("Waiting for the guest to boot"))
        boots: asyncio.Future[Any] = asyncio.ensure_future(self.world.boots.wait())
        awaited: set[asyncio.Future[Any]] = {boots, self.ended}
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        boots.cancel()
        if self.ended.done():
            raise self.ended.result()
        if self.world.boot_errors:
            raise self.world.boot_errors.pop(0)
        guest: Any = self._agent
        await self.shares.mount_all(guest, guest)
        self.linked, self.engine = True, EngineStatus(self.engine_kind, healthy=True)

    def tell_ended(self, event: VmEvent) -> None:
        self.linked = False
        if not self.ended.done():
            self.ended.set_result(GuestError(f"The VM ended ({event.reason})."))

    async def shut_down(self) -> None:
        await self.agent.request("shutdown")
        if self.world.heeds_shutdown:
            self.world.driver.end(self.files.name, "shutdown")

    async def flush(self) -> None:
        if not self.linked:
            raise UnavailableError("The guest cannot be reached at the moment.")

    async def hold(self) -> None:
        self.linked = False

    def keep_trying(self) -> None:
        self.trying = self.linked = True

    async def wait_healthy(self, _report: Reporter) -> None:
        if not self.linked:
            raise await self.ended

    async def memory_used(self) -> int | None:
        return 1 << 20

    async def use_engine(self, kind: str, _report: Reporter) -> EngineStatus:
        if kind in self.world.broken_engines:
            raise GuestError(f"{kind} does not start")
        self.engine_kind = kind
        self.engine = EngineStatus(kind, healthy=True)
        return self.engine

    async def ask_engine(self) -> EngineStatus:
        assert self.engine is not None
        return self.engine

    async def close(self) -> None:
        self.linked, self.closed = False, True
        await self.shares.close()


@dataclass
class World:
    """Everything around machines.

    Attributes:
        boots: set while guests come up.
        boot_errors: what the next guests fail with instead.
        arrange: called with each new session, to have its guest be otherwise.
        heeds_shutdown: whether guests power off when they are told to.
        sessions: all that there were.
        events: all that was told.
    """

    base: Path
    boots: asyncio.Event = field(default_factory=asyncio.Event)
    boot_errors: list[LinnetError] = field(default_factory=list)
    broken_engines: set[str] = field(default_factory=set)
    heeds_shutdown: bool = True
    sessions: list[FakeSession] = field(default_factory=list)
    events: list[MachineEvent] = field(default_factory=list)
    machines: list[Machine] = field(default_factory=list)
    arrange: Callable[[FakeSession], None] = lambda _session: None

    def __post_init__(self) -> None:
        self.boots.set()
        self.driver = FakeDriver()
        self.driver.on_event = self._vm_event
        self.pool = FakePool(self.driver)
        self.layout = Layout(*(self.base / name for name in ("config", "data", "run", "cache")))
        self.layout.make_private()
        self.images = FakeImages(self.base)
        images: Any = self.images
        pool: Any = self.pool
        self.services = Services(self.layout, images, pool, Path(agent.digest.__file__).parent)

    @property
    def files(self) -> MachineFiles:
        return self.layout.machine("default")

    def machine(self, settings: str = "", name: str = "default") -> Machine:
        """Return a machine as a linnetd that has just started sees it; `settings` are further lines of its file."""
        config = self.layout.machine(name).config
        if settings or not config.exists():
            config.parent.mkdir(exist_ok=True)
            config.write_text("accelerator: tcg\ncpus: 1\nmemory: 512MiB\ndisk: 2GiB\nhome_share: off\n" + settings)
        maker: Callable[..., Any] = self._session
        made = Machine(self.layout.machine(name), self.services, self.events.append, new_session=maker)
        self.machines.append(made)
        return made

    def _session(
        self,
        files: MachineFiles,
        config: MachineConfig,
        record: RunRecord,
        driver: Driver,
        shares: ShareManager,
        _agent_source: Path,
        _emit: Any,
    ) -> FakeSession:
        self.sessions.append(FakeSession(self, files, config, record, driver, shares))
        return self.sessions[-1]

    def _vm_event(self, name: str, event: VmEvent) -> None:
        [machine] = [one for one in self.machines if one.name == name and not one._released]
        machine.on_vm_event(event)
