"""Checks for what crashes leave behind: files of processes that are gone, and processes that nobody owns."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from app.service.doctor.model import DoctorContext, Finding, ok, warning
from vm.errors import LinnetError
from vm.layout import MACHINE_NAME, Layout
from vm.machine.status import MachineState

PROGRAMS = ("qemu-system-", "virtiofsd")
"""How the names of the processes that Linnet starts begin."""

OLD_DOWNLOAD = 7 * 86400.0
"""Seconds after which an unfinished download is not resumed by anybody any more."""

IDLE = (MachineState.stopped, MachineState.suspended, MachineState.broken)


async def files(context: DoctorContext) -> Finding:
    """Look for locks, sockets and pid files whose owner is gone, and for files that were never finished."""
    found = [str(path) for path in await _stale(context)]
    if found:
        return warning("Left behind: " + ", ".join(found) + ".", "They are removed; nobody uses them.", automatic=True)
    return ok("No stale lock, socket or pid file.")


async def remove_files(context: DoctorContext) -> None:
    """Remove what `files` found."""
    for path in await _stale(context):
        if path.is_dir() and not path.is_symlink():
            await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


async def _stale(context: DoctorContext) -> list[Path]:
    layout, names = context.layout, context.machine_names()
    found = [*_unknown_run_folders(layout, names), *_old_downloads(layout), *_unfinished(layout)]
    running = await asyncio.to_thread(lambda: list(_our_processes(layout)))
    used = {argument for _, arguments in running for argument in arguments}
    for name in names:
        with contextlib.suppress(LinnetError):
            if (await context.status(name)).state in IDLE:
                found.extend(_of_idle_machine(layout, name, used))
    return found


def _of_idle_machine(layout: Layout, name: str, used: set[str]) -> Iterator[Path]:
    """Yield what only a running VM has, unless some process still has it among its arguments `used`."""
    machine = layout.machine(name)
    for path in (machine.pid_file, machine.monitor_socket, *sorted(machine.run.glob("fs-*.sock"))):
        if path.exists() and not any(str(path) in argument for argument in used):
            yield path


def _unknown_run_folders(layout: Layout, names: list[str]) -> Iterator[Path]:
    """Yield folders of sockets whose machine does not exist any more."""
    kept = {*names, layout.libvirt_root.name}
    with contextlib.suppress(FileNotFoundError):
        for path in sorted(layout.run.iterdir()):
            ours = path.is_dir() and path.name not in kept and MACHINE_NAME.fullmatch(path.name)
            if ours and any(child.is_socket() or child.suffix == ".pid" for child in path.iterdir()):
                yield path


def _old_downloads(layout: Layout) -> Iterator[Path]:
    for path in sorted(layout.downloads.glob("*.part")):
        if time.time() - path.stat().st_mtime > OLD_DOWNLOAD:
            yield path


def _unfinished(layout: Layout) -> Iterator[Path]:
    """Yield temporary files that a writer left, see `vm.files.replacing`; a living one is younger than an hour."""
    for folder in (layout.config, layout.machine_configs, *layout.machines.glob("*")):
        for path in sorted(folder.glob(".*.yaml.*")) + sorted(folder.glob(".*.json.*")):
            if path.is_file() and time.time() - path.stat().st_mtime > 3600:
                yield path


async def processes(context: DoctorContext) -> Finding:
    """Look for QEMU and virtiofsd processes that belong to no running machine."""
    found = await _orphans(context)
    if found:
        text = ", ".join(f"{process.name()} ({process.pid})" for process in found)
        return warning(f"Without a machine: {text}.", "They are asked to end.", automatic=True)
    return ok("Every QEMU and virtiofsd belongs to a machine.")


async def end_processes(context: DoctorContext) -> None:
    """End what `processes` found: asked first, then made to."""
    found = await _orphans(context)
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, alive = await asyncio.to_thread(psutil.wait_procs, found, 5)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()


async def _orphans(context: DoctorContext) -> list[psutil.Process]:
    layout = context.layout
    busy: list[str] = []
    for name in context.machine_names():
        try:
            idle = (await context.status(name)).state in IDLE
        except LinnetError:
            idle = False
        if not idle:
            machine = layout.machine(name)
            busy += [f"{machine.folder}{os.sep}", f"{machine.run}{os.sep}"]
    orphans = []
    for process, arguments in await asyncio.to_thread(lambda: list(_our_processes(layout))):
        if not any(place in argument for place in busy for argument in arguments):
            orphans.append(process)
    return orphans


def _our_processes(layout: Layout) -> Iterator[tuple[psutil.Process, list[str]]]:
    """Yield this user's VM processes whose command line names a machine's folder."""
    folders = [layout.machines, *(layout.run / name for name in _run_names(layout))]
    places = [f"{folder}{os.sep}" for folder in folders]
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name().startswith(PROGRAMS):
                arguments = process.cmdline()
                if any(place in argument for place in places for argument in arguments):
                    yield process, arguments


def _run_names(layout: Layout) -> list[str]:
    try:
        return [path.name for path in layout.run.iterdir() if path.is_dir() and path != layout.libvirt_root]
    except FileNotFoundError:
        return []
