"""The driver that runs QEMU itself and steers it by QMP.

QEMU holds its pid file locked and removes it at the end; its command line names that file, which tells it from another
program with the same number. Its monitor takes one client at a time: us.
"""
# ruff: noqa: D102 - the methods are described in Driver

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from vm.drivers import blocks, command, hmp, platforms, process, qmp, tools
from vm.drivers.base import Driver, EventHandler, Forward, VmEvent, VmmInfo, VmSpec, VmState
from vm.drivers.suspend import saving
from vm.errors import ConflictError, LinnetError, TimeoutExceededError, UnavailableError
from vm.layout import Layout, MachineFiles, check_socket_path

START_LIMIT = 30.0
"""Seconds until QEMU must answer; a loaded computer takes long to load it."""

END_LIMIT = 5.0
"""Seconds that QEMU gets to flush its disks and end, before it is killed."""

MOVE_LIMIT = 600.0
"""Seconds for writing or reading the memory."""

_PORT = re.compile(r"socket,id=monitor,host=127\.0\.0\.1,port=(\d+)")


@dataclass
class _Vm:
    connection: qmp.Connection
    process: psutil.Process
    popen: subprocess.Popen[bytes] | None
    log: Path
    log_start: int
    quiet: bool = False
    """While its memory is moved, run states change by our own doing and are no news."""
    born: bool = False
    """It was started or found; one that never came up has no end to tell of."""
    asked: bool = False
    """We made it end."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    watch: asyncio.Task[None] | None = None


class QemuDriver(Driver):
    """Runs one QEMU process per VM."""

    name = "qemu"

    def __init__(self, layout: Layout, arch: str = "x86_64", qemu_path: str | None = None) -> None:
        self._layout = layout
        self._arch = arch
        self._qemu_path = qemu_path
        self._host = platforms.this_host()
        self._vms: dict[str, _Vm] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, on_event: EventHandler) -> VmmInfo:
        self._on_event = on_event
        self._qemu = await tools.find_qemu(self._arch, self._qemu_path)
        self.features = platforms.features(self._host, self._qemu.version)
        return VmmInfo(driver=self.name, qemu_version=self._qemu.version_text, qemu_path=str(self._qemu.path))

    async def close(self) -> None:
        vms = list(self._vms.values())
        self._vms.clear()
        for vm in vms:
            if vm.watch:
                vm.watch.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await vm.watch
            await vm.connection.close()
            if vm.popen and vm.popen.poll() is None:
                vm.popen.returncode = 0  # it is meant to outlive us: no warning about a child left behind

    async def start(self, spec: VmSpec) -> None:
        async with self._launch(spec):
            pass
        self._on_event(spec.name, VmEvent(VmState.running, "started"))

    async def restore(self, spec: VmSpec, path: Path) -> None:
        async with self._launch(spec, ("-incoming", "defer")) as vm:
            try:
                await vm.connection.prepare_migration()
                await vm.connection.migrate("migrate-incoming", f"file:{path}", MOVE_LIMIT)
                vm.quiet = False
                await vm.connection.execute("cont")
            except UnavailableError as error:
                await process.ended(vm.process, END_LIMIT, vm.popen)
                raise process.died(spec.name, vm.log, vm.log_start) from error

    @contextlib.asynccontextmanager
    async def _launch(self, spec: VmSpec, extra: Sequence[str] = ()) -> AsyncIterator[_Vm]:
        """Start QEMU; end it again when the block fails."""
        files = self._layout.machine(spec.name)
        running = await asyncio.to_thread(process.find, files.pid_file)
        if spec.name in self._vms or running:
            raise ConflictError(f"The machine '{spec.name}' is running already.")
        files.run.mkdir(parents=True, exist_ok=True, mode=0o700)
        log_start = _size(spec.vmm_log)
        with _monitor(files, self._host.unix_monitor) as (monitor, descriptors, address):
            argv = command.build(spec, self._qemu, self._host, monitor, files.pid_file)
            popen = process.spawn([*argv, *extra], spec.vmm_log, descriptors)
        try:
            connection = await self._connect(spec.name, address, lambda: popen.poll() is None)
            vm = _Vm(connection, psutil.Process(popen.pid), popen, spec.vmm_log, log_start, quiet=bool(extra))
            self._watch(spec.name, vm)
            # The monitor greets before the machine is built; this answer comes after it.
            await connection.run_state()
            yield vm
            vm.born = True
        except BaseException as error:
            await self._discard(spec.name, popen)
            if isinstance(error, UnavailableError | psutil.NoSuchProcess):
                raise process.died(spec.name, spec.vmm_log, log_start) from error
            raise

    async def _discard(self, name: str, popen: subprocess.Popen[bytes]) -> None:
        vm = self._vms.get(name)
        popen.kill()
        await asyncio.shield(asyncio.to_thread(popen.wait))
        if vm:
            await vm.gone.wait()

    async def _connect(self, name: str, address: qmp.Address, alive: Any) -> qmp.Connection:
        """Connect to the monitor; on a TCP port, which QEMU opens itself, as soon as that is there."""
        handler = lambda event, data: self._take(name, event, data)  # noqa: E731
        deadline = asyncio.get_running_loop().time() + START_LIMIT
        while True:
            try:
                return await qmp.Connection.open(name, address, handler, START_LIMIT)
            except UnavailableError:
                if isinstance(address, Path) or not alive() or asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(0.05)

    def _watch(self, name: str, vm: _Vm) -> None:
        self._vms[name] = vm
        vm.watch = asyncio.create_task(self._serve(name, vm))

    async def _serve(self, name: str, vm: _Vm) -> None:
        """Follow one VM until it is gone, then tell why."""
        while True:
            await vm.connection.serve()
            if await process.ended(vm.process, END_LIMIT, vm.popen):
                break
            try:
                address = _address(self._layout.machine(name), vm.process)
                vm.connection = await self._connect(name, address, vm.process.is_running)
            except LinnetError as error:
                self._on_event(name, VmEvent(VmState.failed, "internal-error", detail=error.message))
                await process.ended(vm.process, None, vm.popen)
                break
        if self._vms.get(name) is vm:
            del self._vms[name]
        reason = "shutdown" if vm.asked else vm.connection.ending or "killed"
        vm.gone.set()
        if vm.born:
            self._on_event(name, VmEvent(VmState.stopped, reason, process.last_words(vm.log, vm.log_start)))

    def _take(self, name: str, event: str, data: dict[str, Any]) -> None:
        vm = self._vms.get(name)
        if vm is None or vm.quiet:
            return
        if event == "STOP":
            task = asyncio.create_task(self._tell_why_stopped(name, vm))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif found := qmp.direct_event(event, data):
            self._on_event(name, found)

    async def _tell_why_stopped(self, name: str, vm: _Vm) -> None:
        try:
            state = await vm.connection.run_state()
        except LinnetError:
            return  # it ends; that is told when it has
        if qmp.STATES.get(state) in (VmState.paused, VmState.failed):
            self._on_event(name, qmp.stop_event(state))

    async def attach(self, name: str) -> bool:
        if name in self._vms:
            return True
        files = self._layout.machine(name)
        found = await asyncio.to_thread(process.find, files.pid_file)
        if found is None:
            for leftover in (files.pid_file, files.monitor_socket):
                leftover.unlink(missing_ok=True)
            return False
        connection = await self._connect(name, _address(files, found), found.is_running)
        vm = _Vm(connection, found, None, files.vmm_log, _size(files.vmm_log), born=True)
        self._watch(name, vm)
        await connection.run_state()
        return True

    async def state(self, name: str) -> VmState:
        vm = self._vms.get(name)
        if vm is None:
            return VmState.stopped
        try:
            return qmp.STATES.get(await vm.connection.run_state(), VmState.failed)
        except TimeoutExceededError:
            return VmState.failed
        except UnavailableError:
            return VmState.stopped if not vm.process.is_running() else VmState.failed

    async def process_id(self, name: str) -> int | None:
        vm = self._vms.get(name)
        return vm.process.pid if vm else None

    async def power_down(self, name: str) -> None:
        await self._running(name).connection.execute("system_powerdown")

    async def kill(self, name: str) -> None:
        vm = self._vms.get(name)
        if vm is None:
            stray = await asyncio.to_thread(process.find, self._layout.machine(name).pid_file)
            if stray:
                process.kill(stray)
                await process.ended(stray, END_LIMIT)
            return
        vm.asked = True
        await self._end(vm)

    async def _end(self, vm: _Vm) -> None:
        """Let QEMU close its disks and go; kill it when it does not."""
        vm.asked = True
        try:
            async with asyncio.timeout(END_LIMIT):
                with contextlib.suppress(LinnetError):
                    await vm.connection.execute("quit")
                await vm.gone.wait()
        except TimeoutError:
            process.kill(vm.process)
            await vm.gone.wait()

    async def pause(self, name: str) -> None:
        await self._running(name).connection.execute("stop")

    async def unpause(self, name: str) -> None:
        await self._running(name).connection.execute("cont")

    async def save(self, name: str, path: Path) -> None:
        vm = self._running(name)
        vm.quiet = True
        try:
            async with saving(path):
                await vm.connection.execute("stop")
                await vm.connection.prepare_migration()
                await vm.connection.migrate("migrate", f"file:{path}", MOVE_LIMIT)
        except BaseException:
            with contextlib.suppress(LinnetError):
                await vm.connection.execute("cont")
            vm.quiet = False
            raise
        vm.quiet = False
        await self._end(vm)

    async def add_forward(self, name: str, forward: Forward) -> None:
        answer = await self._running(name).connection.human(hmp.add_command(forward))
        if error := hmp.add_error(forward, answer):
            raise error

    async def remove_forward(self, name: str, forward: Forward) -> None:
        answer = await self._running(name).connection.human(hmp.remove_command(forward))
        if error := hmp.remove_error(forward, answer):
            raise error

    async def forwards(self, name: str) -> list[Forward]:
        return hmp.parse_forwards(await self._running(name).connection.human(hmp.INFO))

    async def keep_state(self, name: str, state: str) -> None:
        await blocks.keep_state(self._block_command(name), state)

    async def drop_state(self, name: str, state: str) -> None:
        await blocks.drop_state(self._block_command(name), state)

    def _block_command(self, name: str) -> blocks.Execute:
        connection = self._running(name).connection

        async def execute(command: str, arguments: Mapping[str, Any]) -> Any:
            return await connection.execute(command, within=blocks.LIMIT, **arguments)

        return execute

    def _running(self, name: str) -> _Vm:
        vm = self._vms.get(name)
        if vm is None:
            raise ConflictError(f"The machine '{name}' is not running.")
        return vm


@contextlib.contextmanager
def _monitor(files: MachineFiles, unix: bool) -> Iterator[tuple[command.Monitor, list[int], qmp.Address]]:
    """Make what QEMU listens on; a Unix socket listens before QEMU exists, so that connecting cannot come too early."""
    if not unix:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        yield command.Monitor(port=port), [], port
        return
    path = check_socket_path(files.monitor_socket)
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen(1)
        yield command.Monitor(descriptor=listener.fileno()), [listener.fileno()], path


def _address(files: MachineFiles, found: psutil.Process) -> qmp.Address:
    """Return where the monitor of a running QEMU is; a port is in its command line."""
    try:
        match = _PORT.search(" ".join(found.cmdline()))
    except psutil.Error:
        match = None
    return int(match[1]) if match else files.monitor_socket


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
