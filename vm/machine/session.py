"""Everything that exists while a VM runs: links into it, its ports and shares, its engine's health, its clock.

A session begins when QEMU runs the VM and ends with the VM or with linnetd; it owns no state that a new session could
not find again by asking. When the link to the guest is lost, it mends itself for as long as the VM runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vm import tasks
from vm.config.description import MachineConfig
from vm.drivers.base import Driver, Forward, Protocol, VmEvent
from vm.errors import GuestError, LinnetError, UnavailableError
from vm.guest import keys
from vm.guest.agent import AgentLink
from vm.layout import MachineFiles
from vm.machine import engine, reach
from vm.machine.limits import OutOfMemory
from vm.machine.record import RunRecord
from vm.machine.requirements import Requirement, meet
from vm.machine.spare import EngineStream, SpareSocket
from vm.machine.stats import Sample, StatsFeed
from vm.machine.status import EngineStatus
from vm.ports.manager import PortManager
from vm.progress import Progress, Reporter, ignore
from vm.shares.manager import ShareManager
from vm.ssh.link import SshLink

log = logging.getLogger(__name__)

TOPICS = ["engine", "ports", "containers", "objects", "disk", "mounts", "idle"]

CLOCK_EVERY = 10.0
"""Seconds between two pushes of the host's time."""

CLOCK_GOOD = 0.05
"""Seconds by which the guest's clock may differ without being set anew."""

FLUSH_LIMIT = 60.0
"""Seconds that the guest may take to write out what it has in memory."""

PREPARE_LIMIT = 150.0
"""Seconds that loading the first image may take."""

BOOT_TIME = 30.0
"""Seconds after a cold start in which the guest may not be up yet."""

RELINK_WAITS = (0.5, 1, 2, 5, 10, 30)
"""Seconds before each new try to reach a guest that does not answer; the last one repeats."""

ENGINE_LIMIT = 240.0
"""Seconds that switching to another engine may take."""

Emit = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True)
class Ways:
    """How the guest is reached; a test has other ways."""

    find_server: Callable[..., Awaitable[socket.socket]] = reach.ssh_socket
    connect: Callable[..., Awaitable[SshLink]] = SshLink.connect
    open_agent: Callable[..., Awaitable[AgentLink]] = AgentLink.open


class Session:
    """The links and helpers of one running VM.

    Attributes:
        record: how the VM was started.
        engine: the engine's health as last reported; None before the first report.
        ended: becomes an error when the VM ends while something waits for it.
        clock_offset: guest minus host, seconds, at the last look.
        out_of_memory: the containers that had no memory left.
    """

    def __init__(
        self,
        files: MachineFiles,
        config: MachineConfig,
        record: RunRecord,
        driver: Driver,
        shares: ShareManager,
        agent_source: Path,
        emit: Emit,
        *,
        ways: Ways | None = None,
    ) -> None:
        self.files = files
        self.config = config
        self.record = record
        self.driver = driver
        self.shares = shares
        self.engine: EngineStatus | None = None
        self.engine_kind = config.engine
        self.clock_offset: float | None = None
        self.out_of_memory = OutOfMemory()
        self.ended: asyncio.Future[LinnetError] = asyncio.get_running_loop().create_future()
        self._banner_socket: socket.socket | None = None
        shares.on_change = lambda: emit("share", {})
        self.ports = PortManager(
            files.name,
            driver,
            default_address=config.ports_address,
            include_services=config.ports_services,
            reserved={record.ssh_port},
            on_change=lambda data: emit("port", data),
        )
        self._agent_source = agent_source
        self._ways = ways or Ways()
        self._emit = emit
        self._control: SshLink | None = None
        self._user: SshLink | None = None
        self._user_lock = asyncio.Lock()
        self._spare = SpareSocket()
        self._agent: AgentLink | None = None
        self._stats: StatsFeed | None = None
        self._linked = asyncio.Event()
        self._jobs = tasks.Group()
        self._closing = False

    @property
    def linked(self) -> bool:
        """Whether the guest can be talked to now."""
        return self._agent is not None

    @property
    def healthy(self) -> bool:
        """Whether the guest can be talked to and its engine answers."""
        return self.linked and self.engine is not None and self.engine.healthy

    @property
    def agent(self) -> AgentLink:
        """The link to the agent. Raises UnavailableError while the guest cannot be reached."""
        if self._agent is None:
            raise self._not_linked()
        return self._agent

    @property
    def control(self) -> SshLink:
        """The link as root. Raises UnavailableError while the guest cannot be reached."""
        if self._control is None:
            raise self._not_linked()
        return self._control

    async def user(self) -> SshLink:
        """Return the link as the engine's user, made on first use."""
        async with self._user_lock:
            if self._user is None or self._user.closed.is_set():
                self._user = await self._log_in("linnet")
            return self._user

    async def establish(self, report: Reporter, *, limit: float) -> None:
        """Connect to the guest and wait until it is ready.

        Args:
            report: told of each thing that is waited for.
            limit: seconds that the guest may take to boot or to come back.

        Raises:
            LinnetError: what is missing, with the end of the guest's console in `detail`.
        """
        self._closing = False
        await meet(self._requirements(limit), report, self.ended, self.files.serial_log)
        report(Progress("Sharing folders"))
        await asyncio.gather(self.shares.mount_all(self.agent, self.control), self._prepare_engine())
        await self.agent.subscribe(TOPICS, self._on_event)
        self._jobs.start(self._keep_link(), name="keep-link")
        self._jobs.start(self._warm_user_link(), name="user-link")

    def tell_ended(self, event: VmEvent) -> None:
        """Have whatever waits for the guest hear that its VM has ended."""
        if self.ended.done():
            return
        name = self.files.name
        error = GuestError(
            f"The VM of machine '{name}' ended while it was starting ({event.reason}).",
            hint=f"`linnet machine logs {name} --source vmm` shows what QEMU said.",
            detail=event.detail or None,
        )
        self.ended.set_result(error)

    async def shut_down(self) -> None:
        """Have the guest power off; its links go without being made again. Raises LinnetError: it cannot be asked."""
        self._closing = True
        try:
            await self.agent.request("shutdown", {}, timeout=5)
        except LinnetError:
            (await self.control.run("systemctl poweroff", timeout=10)).check("Shutting down")

    async def flush(self) -> None:
        """Have the guest write what it holds in memory to its disk: a cold start after a suspend then loses nothing."""
        (await self.control.run("sync", timeout=FLUSH_LIMIT)).check("Writing the guest's data to its disk")

    async def hold(self) -> None:
        """Let go of the guest because it is about to be frozen; `establish` takes it up again."""
        self._closing = True
        await self._jobs.cancel()
        await self.ports.close()
        await self._drop_links()

    def keep_trying(self) -> None:
        """Go on in the background after an `establish` that failed, or a `hold` that was for nothing."""
        self._closing = False
        self._jobs.start(self._relink(), name="relink")

    async def wait_healthy(self, report: Reporter) -> None:
        """Wait until a guest that was lost or whose engine fell silent is there again. Raises as `establish`."""
        requirement = Requirement(
            "the guest to answer again",
            self._healthy_again,
            f"`linnet machine restart {self.files.name}` starts it afresh.",
            90,
        )
        await meet([requirement], report, self.ended, self.files.serial_log)

    async def memory_used(self) -> int | None:
        """Return how many bytes of the guest's memory hold something; None when it cannot tell."""
        try:
            now = await self.agent.request("memory.status")
        except LinnetError:
            return None
        return int(now["total"]) - int(now["free"])

    async def use_engine(self, kind: str, report: Reporter) -> EngineStatus:
        """Let the guest run the engine `kind` instead of the present one; returns when it answers."""
        report(Progress(f"Switching to {kind}"))
        try:
            await self.agent.request("engine.use", {"kind": kind}, timeout=ENGINE_LIMIT)
        finally:
            await self.shares.mount_all(self.agent, self.control)
        self.engine_kind = kind
        await engine.wait_until_answers(self.control, self.engine_socket)
        await self._prepare_engine()
        return await self.ask_engine()

    async def ask_engine(self) -> EngineStatus:
        """Ask the guest how its engine is."""
        self.engine = _engine_status(await self.agent.request("engine.status", timeout=10))
        return self.engine

    @property
    def engine_socket(self) -> str:
        """Path in the guest of the Docker API of the engine in use."""
        return engine.socket_path(self.engine_kind, self.record.user_id)

    async def open_engine(self) -> EngineStream:
        """Connect to the Docker API of the engine in use."""
        return await self._spare.open(self.control, self.engine_socket)

    def follow_stats(self, interval: float) -> AsyncGenerator[Sample, None]:
        """Return samples of what the guest uses; they end with the link. UnavailableError: there is none."""
        if self._stats is None:
            raise self._not_linked()
        return self._stats.follow(interval)

    async def sync_clock(self) -> None:
        """Set the guest's clock to the host's."""
        answer = await self.agent.request("clock.set", {"time": time.time()})
        self.clock_offset = float(answer["offset"])

    async def close(self) -> None:
        """Let go of the guest for good; the VM is not touched."""
        await self.hold()
        await self.shares.close()

    def _requirements(self, limit: float) -> list[Requirement]:
        return [
            Requirement(
                "the guest to boot",
                self._boot,
                "Look at the end of the guest's console: `linnet machine logs`. More CPUs or memory may help.",
                limit,
            ),
            Requirement(
                "the guest to let Linnet in",
                self._connect,
                "If the machine's keys were changed or restored from elsewhere, restart the machine.",
                60,
            ),
            Requirement(
                "the agent",
                self._meet_agent,
                "`linnet machine logs --source agent` tells what the agent says.",
                60,
            ),
            Requirement(
                "the engine",
                self._meet_engine,
                "`linnet machine shell` opens a shell in the guest; `systemctl --failed` there names what failed.",
                120,
            ),
        ]

    @property
    def _booting(self) -> bool:
        """Whether the guest was started so lately that it must be on its first boot."""
        return time.time() - self.record.started_at < BOOT_TIME

    async def _boot(self) -> None:
        forward = Forward(Protocol.tcp, "127.0.0.1", self.record.ssh_port, 22)
        if forward not in await self.driver.forwards(self.files.name):
            await self.driver.add_forward(self.files.name, forward)
        every = reach.BOOTING_EVERY if self._booting else reach.UP_EVERY
        self._banner_socket = await self._ways.find_server(self.record.ssh_port, every=every)

    async def _connect(self) -> None:
        connected, self._banner_socket = self._banner_socket, None
        self._control = await self._log_in("root", connected)

    async def _meet_agent(self) -> None:
        self._agent = await self._ways.open_agent(self.control, self._agent_source)
        self._stats = StatsFeed(self._agent)
        self._linked.set()
        await self.sync_clock()
        if abs(self.clock_offset or 0) > CLOCK_GOOD:  # what is told shall be how it is, not how it was
            await self.sync_clock()
        self._jobs.start(self._push_clock(), name="clock")

    async def _prepare_engine(self) -> None:
        """Have the `hello` image there: it is loaded when an engine runs for the first time on this data disk."""
        try:
            await self.agent.request("engine.prepare", timeout=PREPARE_LIMIT)
        except LinnetError as error:
            log.warning("machine %s: no hello image: %s", self.files.name, error.message)

    async def _healthy_again(self) -> None:
        await self._linked.wait()
        await self._wait_for_engine()

    async def _meet_engine(self) -> None:
        if not self._booting:
            await self._match_engine()
        await self._wait_for_engine()

    async def _wait_for_engine(self) -> None:
        await engine.wait_until_answers(self.control, self.engine_socket)
        self.engine = EngineStatus(self.engine_kind, healthy=True)

    async def _match_engine(self) -> None:
        """Have the guest run the engine of the settings: they may have changed since it booted, and a guest that
        reboots by itself begins with the one that it was started with."""
        present = await self.agent.request("engine.status")  # answers after 10 s though the engine is still starting
        if present["kind"] != self.engine_kind:
            await self.agent.request("engine.use", {"kind": self.engine_kind}, timeout=ENGINE_LIMIT)

    async def _log_in(self, user: str, connected: socket.socket | None = None) -> SshLink:
        return await self._ways.connect(
            self.record.ssh_port,
            user,
            self.files.ssh_key,
            keys.read_public(self.files.host_key),
            timeout=30,
            connected=connected,
        )

    async def _warm_user_link(self) -> None:
        with contextlib.suppress(LinnetError):
            await self.user()

    async def _push_clock(self) -> None:
        agent = self._agent
        while agent is not None and self._agent is agent:
            await asyncio.sleep(CLOCK_EVERY)
            with contextlib.suppress(LinnetError):
                await self.sync_clock()

    async def _keep_link(self) -> None:
        """Wait for the loss of a link, then make all of them anew."""
        await _first(self.control.closed.wait(), self.agent.closed.wait())
        if self._closing:
            return
        log.warning("machine %s: the link to the guest is lost", self.files.name)
        await self._drop_links()
        self._emit("problem", {"text": "The link to the guest is lost; trying to reach it again."})
        self._jobs.start(self._relink(), name="relink")

    async def _relink(self) -> None:
        attempt = 0
        while not self._closing:
            await asyncio.sleep(RELINK_WAITS[min(attempt, len(RELINK_WAITS) - 1)])
            attempt += 1
            try:
                await self.establish(ignore, limit=60)
            except LinnetError as error:
                log.info("machine %s: still not reachable: %s", self.files.name, error.message)
                await self._drop_links()
                continue
            self._emit("engine", {"healthy": True, "relinked": True})
            return

    async def _drop_links(self) -> None:
        self._linked.clear()
        self._spare.drop()
        if self._stats is not None:
            self._stats.close()
            self._stats = None
        if self._banner_socket is not None:
            self._banner_socket.close()
            self._banner_socket = None
        links, self._agent, self._control, self._user = (self._agent, self._user, self._control), None, None, None
        for link in links:
            if link is not None:
                await link.close()

    def _on_event(self, topic: str, data: dict[str, Any]) -> None:
        match topic:
            case "engine":
                self.engine = _engine_status(data)
            case "ports":
                self._jobs.start(self.ports.apply(data, self.control, self.agent), name="ports")
                return
            case "objects":
                topic = str(data["type"])
            case "containers" if data["action"] == "oom":
                text = self.out_of_memory.note(data)
                log.warning("machine %s: %s", self.files.name, text)
                self._emit("problem", {"text": text})
            case _:
                pass
        self._emit({"containers": "container", "mounts": "share"}.get(topic, topic), data)

    def _not_linked(self) -> LinnetError:
        return UnavailableError(
            f"The guest of machine '{self.files.name}' cannot be reached at the moment.",
            hint="Linnet keeps trying. `linnet machine restart` starts it afresh.",
        )


def _engine_status(data: dict[str, Any]) -> EngineStatus:
    return EngineStatus(
        kind=str(data["kind"]), healthy=bool(data["healthy"]), version=data.get("version"), error=data.get("error")
    )


async def _first(*waits: Any) -> None:
    running = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in running:
            task.cancel()
