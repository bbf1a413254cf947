"""Exports and imports of volumes: the guest's tar on one side, a file of this computer on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from vm.errors import DiskFullError, GuestError, LinnetError, UsageError
from vm.guest import job
from vm.progress import Progress, Reporter
from vm.volumes import exportfile
from vm.volumes.tarstream import ROOT, Owners

_PACK = ["tar", "--format=posix", "--numeric-owner", "--sparse", "--xattrs", "--xattrs-include=*", "--acls"]
_PACK += ["--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime", "--sort=name"]
_UNPACK = ["tar", "--numeric-owner", "--same-owner", "--same-permissions", "--xattrs", "--xattrs-include=*", "--acls"]
_UNPACK += ["--delay-directory-restore"]

_ENGLISH = {"LC_ALL": "C"}


class Ended(Protocol):
    """How a process ended."""

    @property
    def code(self) -> int:
        """Its exit code."""


class Process(Protocol):
    """A process in the guest."""

    async def read_stdout(self) -> bytes:
        """Return a piece, empty at the end."""

    async def read_stderr(self) -> bytes:
        """Return a piece, empty at the end."""

    async def write(self, data: bytes) -> None:
        """Write to it; waits while it does not read."""

    async def end_input(self) -> None:
        """Say that there is no more."""

    async def wait(self) -> Ended:
        """Wait for its end."""

    async def close(self) -> None:
        """Let go of it; it is ended."""


class Control(Protocol):
    """The SSH link as root."""

    async def spawn(self, command: list[str], terminal: None, env: Mapping[str, str]) -> Process:
        """Start a program."""


async def export(
    agent: job.Agent,
    control: Control,
    volume: str,
    path: Path,
    report: Reporter,
    *,
    snapshot: str | None = None,
    overwrite: bool = False,
) -> dict[str, Any]:
    """Write a volume, or a snapshot of it, to `path` (a file, or a folder that there is).

    Returns the manifest with `path`, `file_size`, `sha256` and what was paused.

    Raises:
        ConflictError: the volume is busy, or the file exists.
        DiskFullError: this computer's disk has no room. Nothing stays behind, as with every failure.
    """
    target = exportfile.place(path, volume)
    exportfile.check_target(target, overwrite=overwrite)
    params = {"volume": volume, "snapshot": snapshot}
    async with job.held(agent, "volumes.open_export", params, report) as (_name, found):
        manifest = {**found["manifest"], "name": volume}
        held = {key: manifest.pop(key, None) for key in ("paused", "paused_for", "not_paused", "note", "volume")}
        file = exportfile.created(target, manifest, Owners.read(found["ids"]), overwrite=overwrite)
        writer = await asyncio.to_thread(file.__enter__)
        try:
            await _pack(control, found["folder"], writer, int(manifest.get("size") or 0), report)
            summary = await asyncio.to_thread(writer.finish)
        except BaseException as error:
            file.__exit__(type(error), error, error.__traceback__)
            raise
        await asyncio.to_thread(file.__exit__, None, None, None)
    size = (await asyncio.to_thread(target.stat)).st_size
    held = {
        "paused": held["paused"] or [],
        "paused_for": held["paused_for"] or 0.0,
        "not_paused": held["not_paused"] or [],
    }
    return {**manifest, **held, "path": str(target), "file_size": size, "sha256": summary["sha256"]}


async def import_(agent: job.Agent, control: Control, path: Path, name: str | None, report: Reporter) -> dict[str, Any]:
    """Make a volume of an export; `name` is the export's own unless given.

    Raises:
        UsageError: the file is no export, damaged, or from a newer Linnet. Nothing stays behind, as with every failure.
        ConflictError: there is a volume of that name.
        DiskFullError: the machine's data disk has no room.
    """
    file = exportfile.opened(path)
    reader = await asyncio.to_thread(file.__enter__)
    try:
        manifest = reader.manifest
        wanted = name or str(manifest["name"])
        params = {"name": wanted, "size": _whole(manifest.get("size"))}
        async with job.held(agent, "volumes.open_import", params, report) as (name_of_job, found):
            reader.translate(Owners.read(found["ids"]))
            await _unpack(control, found["folder"], reader, report)
            summary = reader.check()
            report(Progress("Writing to the machine's disk"))
            labels = manifest.get("labels") if isinstance(manifest.get("labels"), dict) else {}
            finish = {"job": name_of_job, "labels": labels}
            made = await agent.request("volumes.finish_import", finish, timeout=job.LIMIT)
    finally:
        await asyncio.to_thread(file.__exit__, None, None, None)
    return {**made, "files": summary["files"], "size": params["size"]}


async def _pack(control: Control, folder: str, writer: exportfile.Writer, total: int, report: Reporter) -> None:
    process = await control.spawn([*_PACK, "-c", "-C", folder, "-f", "-", ROOT], None, _ENGLISH)
    words = asyncio.ensure_future(_words(process))
    done = 0
    try:
        while piece := await process.read_stdout():
            await asyncio.to_thread(writer.write, piece)
            done += len(piece)
            report(Progress("Exporting", min(done, total), total or None))
        ended, said = await process.wait(), await words
    finally:
        words.cancel()
        await process.close()
    if ended.code:
        raise GuestError("The files of the volume could not be read in the machine.", detail=said or None)


async def _unpack(control: Control, folder: str, reader: exportfile.Reader, report: Reporter) -> None:
    process = await control.spawn([*_UNPACK, "-x", "-C", folder, "-f", "-"], None, _ENGLISH)
    words = asyncio.ensure_future(_words(process))
    failure: LinnetError | None = None
    try:
        try:
            while (piece := await asyncio.to_thread(reader.read)) is not None:
                if piece:
                    await process.write(piece)
                report(Progress("Importing", reader.position, reader.size))
            # Before the program may think that it has everything: what is cut short must not be taken for whole.
            reader.check()
            await process.write(bytes(1024))
            await process.end_input()
        except LinnetError as error:
            failure = error
            if isinstance(error, UsageError):
                raise
        ended, said = await process.wait(), await words
    finally:
        words.cancel()
        await process.close()
    if "No space left on device" in said:
        raise DiskFullError("The data disk of the machine has no room for this volume; nothing was imported.")
    if ended.code:
        raise GuestError("The files of the volume could not be written in the machine.", detail=said or None)
    if failure is not None:
        raise failure


async def _words(process: Process) -> str:
    said = b""
    while piece := await process.read_stderr():
        said = (said + piece)[-8192:]
    return said.decode(errors="replace").strip()


def _whole(size: object) -> int:
    return size if isinstance(size, int) and size >= 0 else 0
