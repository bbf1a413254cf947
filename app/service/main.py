"""linnetd: the host service, one per user. Started by the first front end that needs it.

Exit codes: 0 ended as asked, 1 it could not work, 3 another one runs.

With `--report`, one line of JSON is written to standard output when it listens (`{"listening": pid}`), when another
linnetd does (`{"running": pid}`), or when it cannot (`{"error": …}`); then the output is closed. See app.core.launch.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from app import __version__
from app.core.lock import FileLock
from vm.errors import LinnetError
from vm.layout import Layout

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from app.service.contract import Manager
    from app.service.service import Service

    MakeManager = Callable[[Layout], Awaitable[Manager]]

log = logging.getLogger("app.service.main")

EXIT_RUNNING = 3

CLOSE_LIMIT = 20.0
"""Seconds for operations and links to end before the process does."""


def main(arguments: list[str] | None = None) -> int:
    """Run linnetd until it is told to end; return the exit code."""
    parser = argparse.ArgumentParser("linnetd", description="Linnet's host service.")
    parser.add_argument("--report", action="store_true", help="tell on standard output when it listens")
    parser.add_argument("--version", action="version", version=f"linnetd {__version__}")
    options = parser.parse_args(arguments)
    return run(Layout.default(), report=_Report() if options.report else None)


def run(layout: Layout, *, report: _Report | None = None, make_manager: MakeManager | None = None) -> int:
    """Run the service of `layout`."""
    os.umask(0o077)
    tell = report or _Silence()
    try:
        layout.make_private()
        starting = FileLock(layout.service_start_lock)
        lock = FileLock(layout.service_lock)
        # Whoever holds this lock is about to listen: when it is ours, the other one is listening, or has given up.
        starting.acquire(wait=True)
        if not lock.acquire(wait=False):
            holder = lock.holder()
            if report is None:
                sys.stderr.write(f"linnetd is running already (process {holder}).\n")
            tell.send({"running": holder})
            return EXIT_RUNNING
    except LinnetError as error:
        if report is None:
            sys.stderr.write(f"{error.message}\n")
        tell.send({"error": error.to_dict()})
        return 1
    try:
        return _run_loop(layout, starting, tell, make_manager or _machines)
    finally:
        lock.release()
        starting.release()


def _run_loop(layout: Layout, starting: FileLock, report: _Report | _Silence, make_manager: MakeManager) -> int:
    # Loaded when it is sure that this process is the one.
    import asyncio

    from app.service import journal, memory

    memory.begin()
    journal.begin(layout)
    try:
        asyncio.run(_serve(layout, starting, report, make_manager))
    except LinnetError as error:
        log.error("linnetd cannot work: %s %s", error.message, error.detail or "")  # noqa: TRY400 - the sentence tells
        report.send({"error": error.to_dict()})
        return 1
    except Exception:
        log.exception("linnetd failed")
        raise
    finally:
        logging.shutdown()
    return 0


async def _serve(layout: Layout, starting: FileLock, report: _Report | _Silence, make_manager: MakeManager) -> None:
    import asyncio

    from app.service import journal
    from app.service.listen import listen
    from app.service.routes import all_routes
    from app.service.routing import Router
    from app.service.server import Server
    from app.service.service import Service
    from vm import tasks

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(journal.log_loop_error)
    service = Service(layout)
    service.router = Router(all_routes())
    server = Server(service, service.router)
    listener = await listen(layout.service_address, server.serve)
    try:
        starting.release()
        report.send({"listening": os.getpid()})
        log.info("linnetd %s listens on %s", __version__, layout.service_address)
        _handle_signals(loop, service)
        jobs = tasks.Group()
        jobs.start(service.open(make_manager), name="open")
        await service.quitting.wait()
        log.info("ending")
        # Who wants to start the next one waits until this one has ended, instead of finding it neither here nor gone.
        await asyncio.to_thread(starting.acquire, wait=True)
    finally:
        listener.close()
    try:
        async with asyncio.timeout(CLOSE_LIMIT):
            await jobs.cancel()
            await service.close()
    except TimeoutError:
        log.warning("something did not let go within %.0f seconds", CLOSE_LIMIT)
    await server.close()
    log.info("ended; machines go on")


def _handle_signals(loop: asyncio.AbstractEventLoop, service: Service) -> None:
    def end(*_args: object) -> None:
        loop.call_soon_threadsafe(service.quitting.set)

    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, end)
    if hasattr(signal, "SIGHUP"):
        # The terminal that it was started from may go.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


async def _machines(layout: Layout) -> Manager:
    import asyncio

    # paramiko takes invoke along if it is there, and that a YAML parser and unittest: 3 MB for an option of
    # ssh_config files, which Linnet does not read.
    sys.modules.setdefault("invoke", None)  # type: ignore[arg-type]
    # Drivers, SSH and all that take long to load; the first requests are answered meanwhile.
    await asyncio.to_thread(importlib.import_module, "vm.machine.manager")
    from vm.machine.manager import MachineManager

    return MachineManager(layout)


class _Silence:
    """Reports nothing."""

    def send(self, content: dict[str, Any]) -> None:
        """Drop it."""


class _Report:
    """Tells who started this process, once; afterwards the process has no output any more."""

    def __init__(self) -> None:
        self._sent = False

    def send(self, content: dict[str, Any]) -> None:
        """Write one line and close the output."""
        if self._sent:
            return
        self._sent = True
        try:
            os.write(1, json.dumps(content).encode() + b"\n")
        except OSError:
            # Who started this has gone; that is no reason to end.
            log.debug("nobody reads the report")
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        if nowhere > 2:
            os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
