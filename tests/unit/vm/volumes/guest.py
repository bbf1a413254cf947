"""An agent and a guest's tar on this host: the folders are here, the programs are real."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vm.errors import ConflictError, UnavailableError


class Guest:
    """What an export or an import talks to.

    Attributes:
        source: the files of the volume that is exported.
        volumes: what was imported, by name: folder and labels.
        ids: what the agent says of owners.
        asked: methods, in order.
        held: folders that the agent holds, by job.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "snapshot"
        (self.source / "data").mkdir(parents=True)
        self.volumes: dict[str, tuple[Path, dict[str, str]]] = {}
        self.ids: dict[str, list[list[int]]] | None = None
        self.asked: list[str] = []
        self.held: dict[str, Path] = {}
        self.programs: dict[str, str] = {}

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = 30.0) -> Any:
        self.asked.append(method)
        params = params or {}
        await asyncio.sleep(0)
        match method:
            case "volumes.open_export":
                self.held[params["job"]] = self.source
                manifest = {
                    "name": "export",
                    "volume": params["volume"],
                    "engine": "podman",
                    "size": 5,
                    "labels": {"a": "b"},
                }
                return {
                    "folder": str(self.source),
                    "ids": self.ids,
                    "manifest": {**manifest, "paused": ["web"], "paused_for": 0.1},
                }
            case "volumes.open_import":
                if params["name"] in self.volumes:
                    raise ConflictError(f"There is a volume '{params['name']}' already.")
                stage = self.folder / "stage"
                stage.mkdir()
                self.held[params["job"]] = stage
                self.importing = params["name"]
                return {"folder": str(stage), "ids": self.ids}
            case "volumes.finish_import":
                target = self.folder / f"volume-{self.importing}"
                (self.held[params["job"]] / "data").rename(target)
                self.volumes[self.importing] = (target, params["labels"])
                return {"name": self.importing, "engine": "podman"}
            case "jobs.cancel":
                held = self.held.pop(params["job"], None)
                if held is not None and held != self.source:
                    shutil.rmtree(held)
                return {}
            case _:
                return {"text": "Copying", "done": 3}

    async def spawn(self, command: list[str], terminal: None, env: Mapping[str, str]) -> Process:
        program = self.programs.get(command[0], command[0])
        pipe = asyncio.subprocess.PIPE
        made = await asyncio.create_subprocess_exec(
            program, *command[1:], stdin=pipe, stdout=pipe, stderr=pipe, env={**os.environ, **env}
        )
        return Process(made)


class _Exit:
    def __init__(self, code: int) -> None:
        self.code = code


class Process:
    """A program of this host with the interface of one in the guest."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def read_stdout(self) -> bytes:
        assert self._process.stdout is not None
        return await self._process.stdout.read(65536)

    async def read_stderr(self) -> bytes:
        assert self._process.stderr is not None
        return await self._process.stderr.read(65536)

    async def write(self, data: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
            await self._process.stdin.drain()
        except OSError as error:
            raise UnavailableError("The process has ended.") from error

    async def end_input(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    async def wait(self) -> _Exit:
        return _Exit(await self._process.wait())

    async def close(self) -> None:
        # Kills it if it runs. Its end must not be waited for: asyncio tells that only when all output has been read.
        transport: Any = self._process._transport  # type: ignore[attr-defined]
        transport.close()
        await asyncio.sleep(0)


Change = Callable[[bytes], bytes]
