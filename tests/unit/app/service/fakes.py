"""A manager and machines in memory, with the interface that the service expects of vm.machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vm.drivers.base import VmmInfo
from vm.errors import ConflictError, LinnetError, NotFoundError, UnavailableError
from vm.layout import Layout
from vm.machine.compact import Compacted
from vm.machine.lastrun import Inventory
from vm.machine.prune import PrunePreview, PruneResult, Unused
from vm.machine.snapshots import Restored
from vm.machine.snapshotstore import Listed, SnapshotRecord
from vm.machine.status import EngineStatus, MachineEvent, MachineState, MachineStatus, PortStatus, ShareStatus
from vm.progress import Progress, Reporter


class FakeStream:
    """A byte stream over an asyncio connection, as one over SSH."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def read(self, limit: int) -> bytes:
        try:
            return await self.reader.read(limit)
        except OSError as error:
            raise UnavailableError("The connection broke.") from error

    async def write(self, data: bytes) -> None:
        try:
            self.writer.write(data)
            await self.writer.drain()
        except OSError as error:
            raise UnavailableError("The connection broke.") from error

    async def end_output(self) -> None:
        self.writer.write_eof()

    async def close(self) -> None:
        self.writer.close()


@dataclass(frozen=True)
class FakeExit:
    code: int
    signal: str | None = None


class FakeProcess:
    """A real process on this host, with the interface of one in the guest."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.resized: list[Any] = []
        self.signals: list[str] = []

    async def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(data)
            await self.process.stdin.drain()
        except OSError as error:
            raise UnavailableError("The process has ended.") from error

    async def end_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    async def read_stdout(self, limit: int) -> bytes:
        assert self.process.stdout is not None
        return await self.process.stdout.read(limit)

    async def read_stderr(self, limit: int) -> bytes:
        assert self.process.stderr is not None
        return await self.process.stderr.read(limit)

    async def resize(self, size: Any) -> None:
        self.resized.append(size)

    async def signal(self, name: str) -> None:
        import signal

        self.signals.append(name)
        if self.process.returncode is None:
            self._kill(getattr(signal, f"SIG{name}"))

    def _kill(self, number: int) -> None:
        # Not by the process object: it would look whether the process has ended, and take its exit code away from
        # asyncio, which then makes one up.
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    async def wait(self) -> FakeExit:
        import signal

        code = await self.process.wait()
        return FakeExit(code) if code >= 0 else FakeExit(128 - code, signal.Signals(-code).name[3:])

    async def close(self) -> None:
        if self.process.returncode is None:
            self._kill(9)
            await self.process.wait()
        transport = self.process._transport  # type: ignore[attr-defined]
        transport.close()


class FakeLink:
    def __init__(self) -> None:
        self.processes: list[FakeProcess] = []

    async def spawn(
        self, command: str | Sequence[str], terminal: Any = None, env: Mapping[str, str] | None = None
    ) -> FakeProcess:
        words = ["sh", "-c", command] if isinstance(command, str) else list(command)
        pipe = asyncio.subprocess.PIPE
        process = FakeProcess(
            await asyncio.create_subprocess_exec(
                *words, stdin=pipe, stdout=pipe, stderr=pipe, env=dict(env or {}) or None
            )
        )
        self.processes.append(process)
        return process


class FakeShares:
    async def list(self) -> list[ShareStatus]:
        return [ShareStatus("/home/a", "/home/a", read_only=False, kind="9p", mounted=True)]

    async def add(self, share: Any) -> ShareStatus:
        return ShareStatus(str(share.path), share.guest_path, share.read_only, "sftp", mounted=True)

    async def remove(self, path: str) -> None:
        if path != "/home/a":
            raise NotFoundError(f"There is no share {path}.")


class FakePorts:
    async def list(self, *, probe: bool = True) -> list[PortStatus]:
        return [PortStatus("tcp", "10.0.2.15", 80, "127.0.0.1", 8080, "web", "hostfwd", probe)]


class FakeEngine:
    async def list(self) -> list[dict[str, Any]]:
        return [{"kind": "podman", "installed": True, "version": "5.4.2", "active": True, "socket": "/run/p.sock"}]

    async def use(self, kind: str, report: Reporter) -> EngineStatus:
        report(Progress(f"Switching to {kind}"))
        return EngineStatus(kind, healthy=True)


class FakeLimits:
    """What two containers may use; `changes` is what was asked for."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, Mapping[str, Any], bool]] = []
        self.refusal: LinnetError | None = None

    async def list(self) -> list[dict[str, Any]]:
        return [await self.get(name) for name in ("db", "web")]

    async def get(self, container: str) -> dict[str, Any]:
        if container not in ("db", "web"):
            raise NotFoundError(f"There is no container '{container}'.")
        limits = {"cpus": 1.5, "memory": 2**26, "swap": 0, "pids": 100, "io_weight": None}
        names = ("memory", "reclaimable", "swap", "pids", "cpu_usec", "throttled_usec", "oom_kills", "pids_refused")
        return {
            "id": "4f" * 32, "name": container, "running": True, "limits": limits, "described": limits,
            "use": dict.fromkeys(names, 1), "pressure": {"cpu": {"some": 1.5, "full": 0.0, "total": 9.0}},
            "room": {"cpus": 2, "memory": 2**31, "swap": 0, "io_weight": 100},
        }  # fmt: skip

    async def change(self, container: str, changes: Mapping[str, Any], *, force: bool = False) -> dict[str, Any]:
        if self.refusal is not None:
            raise self.refusal
        self.changes.append((container, changes, force))
        return {**await self.get(container), "warnings": ["mind the step"]}


class FakeSnapshots:
    """A machine with two snapshots, one of which cannot be read; `calls` is what was asked for."""

    RECORD = SnapshotRecord(
        "first", 1.5, "manual", "before the move", "running", "2026.11-0123456789", "agent", "10.0.2", 2**31,
        memory=2**20, inventory=Inventory("podman", ("a", "b"), (), ("data",)), complete=True,
    )  # fmt: skip

    def __init__(self) -> None:
        self.calls: list[Any] = []

    async def list(self) -> list[Listed]:
        return [Listed("broken", None, "It is damaged."), Listed("first", self.RECORD)]

    async def create(self, name: str | None, *, memory: bool, note: str, report: Reporter) -> SnapshotRecord:
        report(Progress("Taking the snapshot"))
        self.calls.append(("create", name, memory, note))
        return self.RECORD

    async def restore(self, name: str, *, disk_only: bool, report: Reporter) -> Restored:
        if name not in ("first", "a b"):
            raise NotFoundError(f"Machine 'default' has no snapshot '{name}'.")
        self.calls.append(("restore", name, disk_only))
        return Restored("before-restore-1", MachineState.running)

    async def delete(self, name: str, report: Reporter) -> None:
        self.calls.append(("delete", name))

    async def upgrade(self, image: str | None, report: Reporter) -> str:
        self.calls.append(("upgrade", image))
        return image or "2026.12-9876543210"


class FakePrune:
    """A machine in which a container and a volume are left over."""

    def __init__(self) -> None:
        self.runs: list[tuple[list[str], list[str] | None]] = []

    async def preview(self) -> PrunePreview:
        return PrunePreview([Unused("c1", "old (job)", 4096)], [], [], [Unused("left", "left", None)], [])

    async def run(
        self, kinds: list[str], ids: list[str] | None, report: Reporter, *, trash: bool = True
    ) -> PruneResult:
        self.runs.append((kinds, ids))
        report(Progress("Removing old (job)", 0, 1))
        return PruneResult(["old (job)"], {"left": "volume is being used"}, 4096, ["old"] if trash else [])


class FakeMachine:
    """A machine whose engine is a Unix socket on this host."""

    def __init__(self, name: str, layout: Layout, emit: Callable[[MachineEvent], None]) -> None:
        self.name = name
        self.files = layout.machine(name)
        self.running = False
        self.engine_path: str | None = None
        self.starts = 0
        self.start_gate: asyncio.Event | None = None
        self.start_error: LinnetError | None = None
        self.cleaned_up = False
        self.link = FakeLink()
        self.shares = FakeShares()
        self.ports = FakePorts()
        self.engine = FakeEngine()
        self.limits = FakeLimits()
        self.prune = FakePrune()
        self.trash: Any = None
        self.snapshots = FakeSnapshots()
        self.uses: list[int] = [0]
        self.compacted: list[bool] = []
        self.forced = False
        self.intervals: list[float] = []
        self.followers = 0
        self._emit = emit

    def emit(self, kind: str, **data: Any) -> None:
        self._emit(MachineEvent(self.name, kind, data, time.time()))

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Note how many use it, at each change."""
        self.uses.append(self.uses[-1] + 1)
        try:
            yield
        finally:
            self.uses.append(self.uses[-1] - 1)

    async def compact(self, report: Reporter, *, offline: bool = False) -> Compacted:
        report(Progress("Trimming"))
        self.compacted.append(offline)
        return Compacted(2**30, 2**20, rewritten=offline, possible=0)

    async def status(self, probe: bool = True) -> MachineStatus:
        return MachineStatus(
            name=self.name,
            state=MachineState.running if self.running else MachineState.stopped,
            cpus=2,
            memory=2**31,
            disk=2**36,
            driver="qemu",
            accelerator="tcg",
            accelerator_reason="nothing else works here",
            image="1",
            docker_socket=str(self.files.docker_socket),
        )

    async def stats(self) -> dict[str, Any]:
        return {"guest": {"cpu": 0.1}, "containers": []}

    def follow_stats(self, interval: float) -> AsyncGenerator[dict[str, Any], None]:
        self._check()
        return self._samples(interval)

    async def _samples(self, interval: float) -> AsyncGenerator[dict[str, Any], None]:
        self.intervals.append(interval)
        self.followers += 1
        try:
            number = 0
            while self.running:
                yield {"number": number}
                number += 1
                await asyncio.sleep(0.01)
        finally:
            self.followers -= 1

    async def start(self, report: Reporter) -> None:
        self.starts += 1
        report(Progress("Starting QEMU", 1, 3))
        try:
            if self.start_gate is not None:
                await self.start_gate.wait()
        except asyncio.CancelledError:
            self.cleaned_up = True
            raise
        if self.start_error is not None:
            raise self.start_error
        report(Progress("Waiting for the engine", 2, 3))
        self.running = True

    resume = start

    async def wake(self, report: Reporter) -> None:
        if not self.running:
            await self.start(report)

    async def stop(self, report: Reporter, *, force: bool = False) -> None:
        self.running = False
        self.forced = force
        self.emit("state", state="stopped")

    async def suspend(self, report: Reporter) -> None:
        self.running = False

    async def restart(self, report: Reporter) -> None:
        await self.stop(report)
        await self.start(report)

    async def configure(self, changes: Mapping[str, object], restart: bool, report: Reporter) -> list[str]:
        return [] if restart else list(changes)

    async def user_link(self) -> FakeLink:
        self._check()
        return self.link

    async def engine_link(self) -> tuple[FakeLink, str]:
        return await self.user_link(), "podman"

    def control_link(self) -> FakeLink:
        self._check()
        return self.link

    async def open_engine_socket(self) -> FakeStream:
        self._check()
        assert self.engine_path is not None
        try:
            return FakeStream(*await asyncio.open_unix_connection(self.engine_path, limit=2**18))
        except OSError as error:
            raise UnavailableError("Nothing in the guest answers on the engine's socket.") from error

    def _check(self) -> None:
        if not self.running:
            raise ConflictError(f"Machine '{self.name}' is not running.")


class FakeManager:
    def __init__(self, layout: Layout, names: Sequence[str] = ("default",)) -> None:
        self.layout = layout
        self.subscribers: list[Callable[[MachineEvent], None]] = []
        self.machines = {name: FakeMachine(name, layout, self.publish) for name in names}
        self.closed = False

    async def open(self) -> None:
        self.layout.make_private()

    async def close(self) -> None:
        self.closed = True

    def publish(self, event: MachineEvent) -> None:
        for subscriber in list(self.subscribers):
            subscriber(event)

    def subscribe(self, callback: Callable[[MachineEvent], None]) -> Callable[[], None]:
        self.subscribers.append(callback)
        return lambda: self.subscribers.remove(callback)

    def names(self) -> list[str]:
        return sorted(self.machines)

    async def host_info(self) -> VmmInfo:
        return VmmInfo("qemu", "10.0.2", "/usr/bin/qemu-system-x86_64")

    def get(self, name: str) -> FakeMachine:
        try:
            return self.machines[name]
        except KeyError:
            raise NotFoundError(f"There is no machine '{name}'.") from None

    async def create(self, name: str, settings: Mapping[str, object], report: Reporter) -> FakeMachine:
        if name in self.machines:
            raise ConflictError(f"Machine '{name}' exists already.")
        report(Progress(f"Creating machine '{name}'"))
        machine = self.machines[name] = FakeMachine(name, self.layout, self.publish)
        return machine

    async def start_wanted(self) -> None:
        return

    async def delete(self, name: str, report: Reporter) -> None:
        del self.machines[name]


def broken(status: MachineStatus, error: str) -> MachineStatus:
    return replace(status, state=MachineState.broken, errors=[error])
