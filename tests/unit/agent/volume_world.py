"""Volumes with files, an engine that has them, and an agent that works on them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from agent.engines.switch import Engines
from agent.jobs import Jobs
from agent.loop import Loop, Task
from agent.volume_pause import Holds
from agent.volume_store import Store
from agent.volume_work import VolumeWork
from tests.unit.agent.volume_engine import FakeEngine


class World:
    """An engine, and an agent that works on its volumes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = FakeEngine(folder)
        self.held = folder / "held.json"
        self.base = folder / "snapshots"
        self.loop = Loop()
        self.begin()

    def begin(self) -> None:
        """A new agent, on what the last one left."""
        self.loop._end()
        self.loop = Loop()
        engines = Engines(self.loop, 1000, "podman-rootful", str(self.folder / "choice"))
        engines.all["podman-rootful"] = self.engine
        engines.current = self.engine
        holds = Holds(self.loop, engines, str(self.held))
        self.jobs = Jobs(self.loop)
        self.work = VolumeWork(self.loop, engines, self.jobs, store=Store(str(self.base)), holds=holds)

    def call(self, name: str, /, **params: Any) -> Any:
        return self.run(self.ask(name, params))

    async def ask(self, name: str, params: dict[str, Any]) -> Any:
        """What the agent answers to a method of its own, or one about jobs."""
        method = self.jobs.methods.get(f"jobs.{name}") or getattr(self.work, name)
        return await method(params)

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Have the agent's loop go on until that is done: `Loop.run` would end it."""
        task = Task(self.loop, coroutine)
        while not task.done:
            self.loop._turn()
        if task.error is not None:
            raise task.error
        return task.value

    def work_left(self) -> list[str]:
        place = self.base / ".work"
        return sorted(path.name for path in place.iterdir()) if place.exists() else []


def filled(world: World, name: str = "data", **more: Any) -> Path:
    path = world.engine.add_volume(name, **more)
    (path / "one").write_text("first")
    (path / "sub").mkdir()
    (path / "sub" / "two").write_bytes(b"x" * 5000)
    os.link(path / "one", path / "again")
    (path / "link").symlink_to("/etc/passwd")
    (path / "one").chmod(0o640)
    os.utime(path / "one", ns=(10**18, 10**18 + 123456789))
    return path


def content(folder: Path) -> str:
    argv = ["tar", "--sort=name", "--format=posix", "--numeric-owner", "--pax-option=delete=atime,delete=ctime"]
    return subprocess.run([*argv, "-c", "-C", str(folder), "."], check=True, capture_output=True).stdout.hex()
