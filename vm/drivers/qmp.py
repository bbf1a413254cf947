"""One QMP connection: commands with Linnet's errors, and QEMU's events as ours."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from qemu.qmp import EventListener, QMPClient, QMPError, Runstate
from qemu.qmp.qmp_client import ExecuteError

from vm.drivers.base import VmEvent, VmState
from vm.errors import GuestError, TimeoutExceededError, UnavailableError

COMMAND_LIMIT = 10.0
"""Seconds for a command; QEMU answers in milliseconds unless it hangs."""

UNLIMITED = 1 << 50
"""Bytes per second; QEMU's default of 128 MiB/s is meant for networks."""

Address = Path | int
"""A Unix socket, or a port of 127.0.0.1."""

# The library logs every end of a connection as an error; we report it ourselves, as an event.
logging.getLogger("qemu.qmp").setLevel(logging.CRITICAL)

STATES: Mapping[str, VmState] = {
    "running": VmState.running,
    "debug": VmState.paused,
    "paused": VmState.paused,
    "suspended": VmState.paused,
    "prelaunch": VmState.paused,
    "inmigrate": VmState.paused,
    "finish-migrate": VmState.paused,
    "postmigrate": VmState.paused,
    "save-vm": VmState.paused,
    "restore-vm": VmState.paused,
    "colo": VmState.paused,
    "internal-error": VmState.failed,
    "io-error": VmState.failed,
    "guest-panicked": VmState.failed,
    "watchdog": VmState.failed,
    "shutdown": VmState.stopped,
}
"""QEMU's RunState."""

FAILURES: Mapping[str, str] = {"internal-error": "internal-error", "io-error": "io-error", "guest-panicked": "panic"}
"""Run states that a VM stops in on its own, and the reason of the event."""

ENDINGS: Mapping[str, str] = {
    "guest-shutdown": "shutdown",
    "guest-reset": "reset",
    "guest-panic": "panic",
    "host-qmp-quit": "shutdown",
    "host-qmp-system-reset": "reset",
    "host-ui": "shutdown",
    "subsystem-reset": "reset",
    "host-signal": "killed",
    "host-error": "internal-error",
    "snapshot-load": "shutdown",
}
"""ShutdownCause of QEMU's SHUTDOWN event, and the reason of the event that says QEMU is gone."""


class Connection:
    """QMP to one QEMU.

    Attributes:
        ending: why QEMU said that it ends, one of `VmEvent`'s reasons, or None.
    """

    def __init__(self, name: str, client: QMPClient, on_event: Callable[[str, dict[str, Any]], None]) -> None:
        self.name = name
        self.ending: str | None = None
        self._client = client
        self._on_event = on_event
        self._listener = EventListener()
        self._migration: asyncio.Future[str] | None = None
        self._closing = asyncio.Lock()

    @classmethod
    async def open(
        cls, name: str, address: Address, on_event: Callable[[str, dict[str, Any]], None], limit: float
    ) -> Connection:
        """Connect; `on_event` gets the name and data of each QMP event.

        Raises:
            UnavailableError: nobody listens there, or what does is no QEMU.
            TimeoutExceededError: QEMU did not greet within `limit` seconds (another client may hold its monitor).
        """
        client = QMPClient(name)
        try:
            async with asyncio.timeout(limit):
                await client.connect(str(address) if isinstance(address, Path) else ("127.0.0.1", address))
        except TimeoutError as error:
            raise TimeoutExceededError(f"QEMU of the machine '{name}' does not answer on its monitor.") from error
        except (QMPError, OSError) as error:
            raise UnavailableError(
                f"The monitor of the machine '{name}' cannot be reached.", detail=f"{address}: {error}"
            ) from error
        connection = cls(name, client, on_event)
        client.register_listener(connection._listener)
        return connection

    async def serve(self) -> None:
        """Deliver events until QEMU closes the connection."""
        pump = asyncio.create_task(self._pump())
        try:
            while self._client.runstate is Runstate.RUNNING:
                await self._client.runstate_changed()
        finally:
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump
            for message in self._listener.clear():
                self._take(dict(message))
            if self._migration and not self._migration.done():
                self._migration.set_result("failed")
            await self.close()

    async def close(self) -> None:
        """Disconnect; QEMU goes on."""
        # The library cannot be told twice at a time.
        async with self._closing:
            if self._client.runstate is not Runstate.IDLE:
                with contextlib.suppress(QMPError, EOFError, OSError):
                    await self._client.disconnect()

    async def execute(self, command: str, *, within: float = COMMAND_LIMIT, **arguments: object) -> Any:
        """Run a QMP command (`_` in argument names stands for `-`) and return its result.

        Args:
            command: its name.
            within: seconds that QEMU may take.
            arguments: of the command.

        Raises:
            GuestError: QEMU refused.
            UnavailableError: the connection is gone.
            TimeoutExceededError: no answer.
        """
        values = {key.replace("_", "-"): value for key, value in arguments.items()}
        try:
            async with asyncio.timeout(within):
                return await self._client.execute(command, values or None)
        except ExecuteError as error:
            raise GuestError(f"QEMU refused `{command}`: {error}") from error
        except TimeoutError as error:
            raise TimeoutExceededError(f"QEMU of the machine '{self.name}' does not answer.") from error
        except (QMPError, OSError, EOFError) as error:
            raise UnavailableError(f"QEMU of the machine '{self.name}' is gone.", detail=str(error)) from error

    async def human(self, command: str) -> str:
        """Run a command of the monitor for people and return its text."""
        return str(await self.execute("human-monitor-command", command_line=command))

    async def run_state(self) -> str:
        """Return QEMU's RunState."""
        return str((await self.execute("query-status"))["status"])

    async def migrate(self, command: str, uri: str, limit: float) -> None:
        """Run `migrate` or `migrate-incoming` and wait for its end.

        Raises:
            GuestError: it failed; `detail` is QEMU's reason.
            TimeoutExceededError: it took longer than `limit` seconds; it is cancelled.
        """
        future = asyncio.get_running_loop().create_future()
        self._migration = future
        try:
            await self.execute(command, uri=uri)
            async with asyncio.timeout(limit):
                outcome = await asyncio.shield(future)
        except (TimeoutError, asyncio.CancelledError) as error:
            if not future.done():
                await self.execute("migrate_cancel")
                await future
            if isinstance(error, asyncio.CancelledError):
                raise
            raise TimeoutExceededError(f"The memory of '{self.name}' was not moved in {limit:.0f} seconds.") from error
        finally:
            self._migration = None
        if outcome != "completed":
            reason = (await self.execute("query-migrate")).get("error-desc", outcome)
            raise GuestError(f"The memory of the machine '{self.name}' could not be moved: {reason}", detail=reason)

    async def prepare_migration(self) -> None:
        """Ask for the quick kind of migration to a file, in which each page has a fixed place."""
        capabilities = [{"capability": name, "state": True} for name in ("events", "mapped-ram", "multifd")]
        await self.execute("migrate-set-capabilities", capabilities=capabilities)
        await self.execute("migrate-set-parameters", max_bandwidth=UNLIMITED)

    async def _pump(self) -> None:
        async for message in self._listener:
            self._take(dict(message))

    def _take(self, message: dict[str, Any]) -> None:
        name, data = str(message["event"]), dict(message.get("data") or {})
        if name == "SHUTDOWN":
            self.ending = ENDINGS.get(str(data.get("reason")), "shutdown")
        elif name == "GUEST_PANICKED":
            self.ending = "panic"
        elif name == "MIGRATION":
            self._follow_migration(str(data.get("status")))
        self._on_event(name, data)

    def _follow_migration(self, status: str) -> None:
        if self._migration and not self._migration.done() and status in ("completed", "failed", "cancelled"):
            self._migration.set_result(status)


def stop_event(run_state: str) -> VmEvent:
    """Return the event for a VM whose vCPUs stopped, from the run state it is in since."""
    reason = FAILURES.get(run_state)
    if reason is None:
        return VmEvent(VmState.paused, "paused")
    return VmEvent(VmState.failed, reason, detail=run_state)


def direct_event(name: str, data: Mapping[str, Any]) -> VmEvent | None:
    """Return our event for a QMP event that explains itself, or None."""
    match name:
        case "RESUME":
            return VmEvent(VmState.running, "resumed")
        case "RESET" if data.get("guest"):
            return VmEvent(VmState.running, "reset")
        case "BLOCK_IO_ERROR" if data.get("action") != "stop":
            return VmEvent(VmState.running, "io-error", detail=str(data.get("reason", "")))
        case _:
            return None
