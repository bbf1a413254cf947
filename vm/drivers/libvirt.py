"""The driver over libvirt's embedded QEMU driver: no daemon, a private root folder, VMs that outlive us.

The only module that imports libvirt, and it does so when the driver is opened. libvirt's calls block, so each runs in
a thread; its events come from a thread of its own and are handed to asyncio.
"""
# ruff: noqa: D102 - the methods are described in Driver

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import functools
import json
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from vm.drivers import blocks, hmp, libvirt_events, platforms, process, qmp, tools, xml
from vm.drivers.base import Driver, EventHandler, Forward, VmEvent, VmmInfo, VmSpec, VmState
from vm.drivers.libvirt_root import LibvirtRoot
from vm.drivers.suspend import saving
from vm.errors import ConflictError, GuestError, LinnetError, TimeoutExceededError, UnavailableError
from vm.layout import Layout

ANSWER_LIMIT = 10.0
"""Seconds in which QEMU must answer, or it hangs. libvirt itself would wait for ever."""

WORKERS = 4

T = TypeVar("T")


class _EventLoop:
    """libvirt's event loop in a thread; registered once per process, before any connection."""

    _registered = False

    def __init__(self, libvirt: Any) -> None:
        self._libvirt = libvirt
        if not _EventLoop._registered:
            libvirt.virEventRegisterDefaultImpl()
            _EventLoop._registered = True
        self._running = True
        self._thread = threading.Thread(target=self._run, name="libvirt-events", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while self._running:
            self._libvirt.virEventRunDefaultImpl()

    def stop(self) -> None:
        """End the thread; a timer wakes it."""
        self._running = False
        timer = self._libvirt.virEventAddTimeout(0, lambda _timer, _opaque: None, None)
        self._thread.join()
        self._libvirt.virEventRemoveTimeout(timer)


class LibvirtDriver(Driver):
    """Runs VMs as transient domains of an embedded libvirt."""

    name = "libvirt"

    def __init__(self, layout: Layout, arch: str = "x86_64", qemu_path: str | None = None) -> None:
        self._layout = layout
        self._arch = arch
        self._qemu_path = qemu_path
        self._host = platforms.this_host()
        self._root = LibvirtRoot.of(layout)
        self._moving: set[str] = set()
        self._told: dict[str, VmState] = {}
        self._early: dict[str, list[VmEvent]] = {}
        self._asked: dict[str, asyncio.Future[str]] = {}
        self._gone: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, on_event: EventHandler) -> VmmInfo:
        self._on_event = on_event
        self._loop = asyncio.get_running_loop()
        self._qemu = await tools.find_qemu(self._arch, self._qemu_path)
        self._root.prepare()
        self._root.bound_log()
        # Warnings of the embedded driver would go to our stderr.
        os.environ.setdefault("LIBVIRT_LOG_OUTPUTS", f"3:file:{self._root.log}")
        self._libvirt, self._libvirt_qemu = _load()
        self._codes = _code_names(self._libvirt)
        version = self._libvirt.getVersion()
        self._root.configure(version)
        self._libvirt.registerErrorHandler(lambda _context, _error: None, None)
        self._events = _EventLoop(self._libvirt)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="libvirt")
        try:
            self._connection = await self._call(self._libvirt.open, self._root.uri)
        except LinnetError as error:
            await asyncio.to_thread(self._events.stop)
            self._pool.shutdown(wait=False)
            raise self._open_error(error) from error
        self._callbacks = self._register()
        features = platforms.features(self._host, self._qemu.version)
        self.features = features
        return VmmInfo(
            driver=self.name,
            qemu_version=self._qemu.version_text,
            qemu_path=str(self._qemu.path),
            libvirt_version=f"{version // 1_000_000}.{version // 1000 % 1000}.{version % 1000}",
        )

    def _open_error(self, error: LinnetError) -> LinnetError:
        holder = self._root.holder()
        if holder:
            return ConflictError(
                f"Another process ({holder}) has this user's machines open.",
                hint="Only one Linnet service can run; end the other one.",
                detail=error.detail,
            )
        return UnavailableError(
            f"libvirt cannot be used: {error.message}",
            hint="Choose the other driver with `linnet config set driver qemu`.",
            detail=error.detail,
        )

    def _register(self) -> list[int]:
        lib = self._libvirt
        return [
            self._connection.domainEventRegisterAny(None, event, callback, None)
            for event, callback in (
                (lib.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self._lifecycle),
                (lib.VIR_DOMAIN_EVENT_ID_REBOOT, self._rebooted),
                (lib.VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, self._io_error),
            )
        ]

    async def close(self) -> None:
        def let_go() -> None:
            for callback in self._callbacks:
                self._connection.domainEventDeregisterAny(callback)
            self._connection.close()
            self._events.stop()

        await self._call(let_go)
        del self._connection
        self._pool.shutdown(wait=False)

    async def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run a call of libvirt in a thread, with Linnet's errors."""
        try:
            return await self._loop.run_in_executor(self._pool, functools.partial(function, *arguments))
        except self._libvirt.libvirtError as error:
            raise self._translated(error) from error

    def _translated(self, error: Any) -> LinnetError:
        code = self._codes.get(error.get_error_code(), "")
        text = str(error.get_error_message() or error)
        return libvirt_events.error_class(code, error.get_int1())(text.splitlines()[0], detail=text)

    # The three callbacks run in libvirt's thread.

    def _lifecycle(self, _connection: Any, domain: Any, event: int, detail: int, _opaque: Any) -> None:
        self._loop.call_soon_threadsafe(self._take, xml.machine_name(domain.name()), event, detail)

    def _rebooted(self, _connection: Any, domain: Any, _opaque: Any) -> None:
        event = VmEvent(VmState.running, "reset")
        self._loop.call_soon_threadsafe(self._on_event, xml.machine_name(domain.name()), event)

    def _io_error(
        self, _connection: Any, domain: Any, _source: str, alias: str, action: int, reason: str, _opaque: Any
    ) -> None:
        if action != self._libvirt.VIR_DOMAIN_EVENT_IO_ERROR_PAUSE:
            event = VmEvent(VmState.running, "io-error", detail=f"{alias}: {reason}")
            self._loop.call_soon_threadsafe(self._on_event, xml.machine_name(domain.name()), event)

    def _take(self, name: str, event: int, detail: int) -> None:
        word, found = libvirt_events.lifecycle(event, detail)
        if name in self._moving and word != "STOPPED":
            return
        if word == libvirt_events.ASK:
            task = asyncio.create_task(self._tell_why_stopped(name))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif found:
            self._tell(name, found)

    def _tell(self, name: str, event: VmEvent) -> None:
        """Pass an event on, if it is news: libvirt reports one start as several, and starts that failed too."""
        if name in self._early:
            self._early[name].append(event)
        elif name in self._told and self._told[name] is not event.state:
            self._told[name] = event.state
            if event.state is VmState.stopped:
                del self._told[name]
                words = process.last_words(self._layout.machine(name).vmm_log)
                event = VmEvent(event.state, event.reason, words)
                self._gone.pop(name).set()
            self._on_event(name, event)

    async def _tell_why_stopped(self, name: str) -> None:
        try:
            state = await self._run_state(name)
        except LinnetError:
            return  # it ends; that is told when it has
        if qmp.STATES.get(state) in (VmState.paused, VmState.failed):
            self._tell(name, qmp.stop_event(state))

    async def start(self, spec: VmSpec) -> None:
        text = xml.build(spec, self._qemu.path, self._host)
        await self._begin(spec, self._connection.createXML, text, 0)
        self._adopt(spec.name, VmState.running, VmEvent(VmState.running, "started"))

    async def restore(self, spec: VmSpec, path: Path) -> None:
        text = xml.build(spec, self._qemu.path, self._host)
        await self._begin(spec, self._connection.restoreFlags, str(path), text, 0)
        self._adopt(spec.name, VmState.running, VmEvent(VmState.running, "resumed"))

    async def _begin(self, spec: VmSpec, function: Callable[..., object], *arguments: object) -> None:
        """Make QEMU run; libvirt's events are kept until that is known to have worked."""
        if await self._domain(spec.name):
            raise ConflictError(f"The machine '{spec.name}' is running already.")
        await self._end_told(spec.name)
        self._root.link_log(xml.domain_name(spec.name), spec.vmm_log)
        self._early[spec.name] = []
        call = asyncio.ensure_future(self._call(function, *arguments))
        try:
            await asyncio.shield(call)
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError):
                # The thread cannot be stopped; what it made is taken back.
                with contextlib.suppress(LinnetError):
                    await call
                    await self._call((await self._running(spec.name)).destroy)
            del self._early[spec.name]
            if isinstance(error, GuestError):
                raise process.ended_error(spec.name, error.detail or error.message) from error
            raise

    def _adopt(self, name: str, state: VmState, event: VmEvent | None = None) -> None:
        """Follow a VM from now on, and tell what it did while nobody looked."""
        self._told[name] = state
        self._gone[name] = asyncio.Event()
        _give_back_memory()
        if event:
            self._on_event(name, event)
        for early in self._early.pop(name, []):
            self._tell(name, early)

    async def _domain(self, name: str) -> Any:
        """Return the domain, or None when it does not run."""

        def look_up() -> Any:
            try:
                domain = self._connection.lookupByName(xml.domain_name(name))
                return domain if domain.isActive() else None
            except self._libvirt.libvirtError as error:
                if error.get_error_code() == self._libvirt.VIR_ERR_NO_DOMAIN:
                    self._root.bound_log()  # libvirt logs each such question as an error
                    return None
                raise

        return await self._call(look_up)

    async def _running(self, name: str) -> Any:
        domain = await self._domain(name)
        if domain is None:
            raise ConflictError(f"The machine '{name}' is not running.")
        return domain

    async def _run_state(self, name: str) -> str:
        """Ask QEMU for its run state.

        A QEMU that hangs blocks the thread that asked; it is not asked again while that goes on.

        Raises:
            TimeoutExceededError: no answer.
            ConflictError: it does not run.
        """
        domain = await self._running(name)
        asked = self._asked.get(name)
        if asked is None:
            query = json.dumps({"execute": "query-status"})
            asked = asyncio.ensure_future(self._call(self._libvirt_qemu.qemuMonitorCommand, domain, query, 0))
            asked.add_done_callback(lambda done: self._answered(name, done))
            self._asked[name] = asked
        try:
            async with asyncio.timeout(ANSWER_LIMIT):
                answer = await asyncio.shield(asked)
        except TimeoutError as error:
            raise TimeoutExceededError(f"QEMU of the machine '{name}' does not answer.") from error
        return str(json.loads(answer)["return"]["status"])

    def _answered(self, name: str, done: asyncio.Future[str]) -> None:
        self._asked.pop(name, None)
        if not done.cancelled():
            done.exception()  # somebody has seen it, or nobody waits any more

    async def _human(self, name: str, command: str) -> str:
        domain = await self._running(name)
        flag = self._libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP
        return str(await self._call(self._libvirt_qemu.qemuMonitorCommand, domain, command, flag))

    async def attach(self, name: str) -> bool:
        # libvirt finds its domains itself; asking QEMU tells whether this one is still there.
        if name in self._told:
            return True
        state = await self.state(name)
        if state is VmState.stopped:
            return False
        self._adopt(name, state)
        return True

    async def state(self, name: str) -> VmState:
        try:
            return qmp.STATES.get(await self._run_state(name), VmState.failed)
        except TimeoutExceededError:
            return VmState.failed
        except LinnetError:
            return VmState.failed if await self._domain(name) else VmState.stopped

    async def process_id(self, name: str) -> int | None:
        # libvirt does not answer while it saves this domain or another; what is followed runs.
        if name not in self._told and await self._domain(name) is None:
            return None
        return self._root.process_id(xml.domain_name(name))

    async def power_down(self, name: str) -> None:
        domain = await self._running(name)
        await self._call(domain.shutdownFlags, self._libvirt.VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN)

    async def kill(self, name: str) -> None:
        domain = await self._domain(name)
        if domain is not None:
            with contextlib.suppress(ConflictError):  # it went by itself meanwhile
                await self._call(domain.destroy)
        await self._end_told(name)

    async def _end_told(self, name: str) -> None:
        """Wait until the end of a VM that is gone was told, or it would be taken for the end of the next."""
        if name in self._gone:
            async with asyncio.timeout(ANSWER_LIMIT):
                await self._gone[name].wait()

    async def pause(self, name: str) -> None:
        await self._call((await self._running(name)).suspend)

    async def unpause(self, name: str) -> None:
        await self._call((await self._running(name)).resume)

    async def save(self, name: str, path: Path) -> None:
        domain = await self._running(name)
        self._moving.add(name)
        try:
            async with saving(path):
                await self._save(domain, path)
        finally:
            self._moving.discard(name)
        await self._end_told(name)

    async def _save(self, domain: Any, path: Path) -> None:
        flags = self._libvirt.VIR_DOMAIN_SAVE_RUNNING
        call = asyncio.ensure_future(self._call(domain.saveFlags, str(path), None, flags))
        try:
            await asyncio.shield(call)
        except asyncio.CancelledError:
            with contextlib.suppress(LinnetError):
                await self._call(domain.abortJob)
            with contextlib.suppress(LinnetError):
                await call
            raise

    async def add_forward(self, name: str, forward: Forward) -> None:
        if error := hmp.add_error(forward, await self._human(name, hmp.add_command(forward))):
            raise error

    async def remove_forward(self, name: str, forward: Forward) -> None:
        if error := hmp.remove_error(forward, await self._human(name, hmp.remove_command(forward))):
            raise error

    async def forwards(self, name: str) -> list[Forward]:
        return hmp.parse_forwards(await self._human(name, hmp.INFO))

    async def keep_state(self, name: str, state: str) -> None:
        await blocks.keep_state(await self._block_command(name), state)

    async def drop_state(self, name: str, state: str) -> None:
        await blocks.drop_state(await self._block_command(name), state)

    async def _block_command(self, name: str) -> blocks.Execute:
        # libvirt keeps no snapshots of transient domains; QEMU's monitor, which it passes commands to, does.
        domain = await self._running(name)

        async def execute(command: str, arguments: Mapping[str, Any]) -> Any:
            text = json.dumps({"execute": command, "arguments": arguments})
            answer = json.loads(await self._call(self._libvirt_qemu.qemuMonitorCommand, domain, text, 0))
            if "error" in answer:
                raise GuestError(f"QEMU refused `{command}`: {answer['error'].get('desc', '')}")
            return answer["return"]

        return execute


def _load() -> tuple[Any, Any]:
    """Import libvirt's modules.

    Raises:
        UnavailableError: they are not installed, or do not fit the installed libvirt.
    """
    try:
        import libvirt
        import libvirt_qemu
    except ImportError as error:
        raise UnavailableError(
            "The Python module libvirt is not installed.",
            hint="Install Linnet with its `libvirt` extra, or choose the driver qemu.",
            detail=str(error),
        ) from error
    return libvirt, libvirt_qemu


def _give_back_memory() -> None:
    """Return what libvirt needed for building the command line: 5 MB that glibc would keep."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _code_names(libvirt: Any) -> dict[int, str]:
    prefix = "VIR_ERR_"
    return {
        value: name.removeprefix(prefix)
        for name, value in vars(libvirt).items()
        if name.startswith(prefix) and isinstance(value, int)
    }
