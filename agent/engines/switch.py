"""Which engine is in use, and making it another one."""

from __future__ import annotations

import os
import time
from typing import Any

from agent import mounts
from agent.engines import engines
from agent.engines.api import ApiError
from agent.engines.base import Engine
from agent.errors import AgentError, closing
from agent.loop import Loop, log
from agent.process import last_line, run

CHOICE = "/run/linnet/engine"
"""The engine in use, for an agent that is started anew; until the next boot, when the seed tells."""

_START_TIMEOUT = 90.0
_ANSWER_TIMEOUT = 90.0
_STOP_TIMEOUT = 60.0
_RELEASE_TIMEOUT = 5.0
_HELLO = "/usr/share/linnet/hello.tar"
_MARKER = "/var/lib/linnet/hello-"


class Engines:
    """All engines of the guest, one of them in use."""

    def __init__(self, loop: Loop, uid: int, first: str, choice: str = CHOICE) -> None:
        """`first` is the kind that the seed names; the choice of a former agent in this boot goes first."""
        self._loop = loop
        self.all = engines(uid)
        self._choice = choice
        self._versions: dict[str, str | None] = {}
        kind = _read(choice) or first
        self.current: Engine = self.all.get(kind) or self.all["podman"]

    def named(self, kind: object) -> Engine:
        """Return the engine of that kind; AgentError if there is none or it is not installed."""
        engine = self.all.get(str(kind))
        if engine is None:
            raise AgentError("usage", f"There is no engine {kind!r}; there are {', '.join(self.all)}.")
        if not engine.installed:
            raise AgentError(
                "unavailable",
                f"The guest image of the machine does not have the engine {engine.kind}.",
                hint="`linnet engine list` shows those that it has.",
            )
        return engine

    async def use(self, engine: Engine) -> None:
        """Stop the engine in use with its containers, and start `engine`; if that fails, start the old one again.

        Shares by 9p may have to be mounted again after it.

        Raises:
            AgentError: the one did not end, or the other did not start.
        """
        old = self.current
        if engine is not old:
            try:
                await self._loop.in_thread(_stop, old)
            except AgentError:
                await self._loop.in_thread(_systemctl_start, old.target)
                raise
            if engine.kind == "podman":
                await self._loop.in_thread(_take_shares_out)
        code, output = await self._loop.in_thread(_systemctl_start, engine.target)
        if code:
            detail = (await self._loop.in_thread(_journal))[-4000:]
            await self._loop.in_thread(_systemctl_start, old.target)
            raise AgentError(
                "guest",
                f"The engine {engine.kind} did not start: {closing(last_line(output))}",
                detail,
                f"The engine {old.kind} is in use as before.",
            )
        self.current = engine
        with open(self._choice, "w", encoding="ascii") as file:
            file.write(engine.kind)

    async def status(self, patience: float = 0.0) -> dict[str, Any]:
        """Ask the engine in use whether it answers, for `patience` seconds until it does, and return its status."""
        engine = self.current
        left = patience
        pause = 0.1
        while True:
            try:
                version = await self._loop.timeout(max(left, 10.0), self._ping(engine))
                return {"kind": engine.kind, "healthy": True, "version": version, "error": None}
            except (OSError, ApiError) as error:
                left -= pause
                if left <= 0:
                    return {"kind": engine.kind, "healthy": False, "version": None, "error": str(error)}
            await self._loop.sleep(pause)
            pause = min(pause * 1.3, 1.0)

    async def answering(self) -> dict[str, Any]:
        """Wait until the engine in use answers and return its status; AgentError if it does not in time."""
        status = await self.status(patience=_ANSWER_TIMEOUT)
        if not status["healthy"]:
            detail = (await self._loop.in_thread(_journal))[-4000:]
            raise AgentError(
                "timeout",
                f"The engine {status['kind']} started but does not answer: {closing(status['error'])}",
                detail,
                "`linnet machine restart` starts it afresh.",
            )
        return status

    async def list(self) -> list[dict[str, Any]]:
        """Return every engine as the host gets it."""
        return [
            {
                "kind": engine.kind,
                "installed": engine.installed,
                "version": await self._version(engine) if engine.installed else None,
                "active": engine is self.current,
                "socket": engine.socket,
            }
            for engine in self.all.values()
        ]

    async def load_hello(self, engine: Engine) -> None:
        """Give the engine the `hello` image, once in the life of its data. Does not raise."""
        marker = _MARKER + engine.kind
        if os.path.exists(marker) or not os.path.exists(_HELLO):
            return
        try:
            connection = engine.connect(self._loop)
            try:
                await self._loop.timeout(120, engine.load(connection, _HELLO))
            finally:
                connection.close()
            # Podman makes its database safe, but not its layers: without power a moment later they would be damaged.
            await self._loop.in_thread(os.sync)
            with open(marker, "wb"):
                log(f"loaded the hello image into {engine.kind}")
        except (OSError, ApiError) as error:
            log(f"the hello image could not be loaded into {engine.kind}: {error}")

    async def _ping(self, engine: Engine) -> str:
        connection = engine.connect(self._loop)
        try:
            return await engine.ping(connection)
        finally:
            connection.close()

    async def _version(self, engine: Engine) -> str | None:
        if engine.program not in self._versions:
            code, output = await self._loop.in_thread(run, engine.program, "--version")
            words = output.replace(",", " ").split()
            self._versions[engine.program] = words[2] if code == 0 and len(words) > 2 else None
        return self._versions[engine.program]


def _systemctl_start(target: str) -> tuple[int, str]:
    run("systemctl", "reset-failed")
    return run("systemctl", "start", target, timeout=_START_TIMEOUT)


def _stop(engine: Engine) -> None:
    """Stop an engine and its containers."""
    if engine.stop_containers:
        run(*engine.stop_containers, timeout=_STOP_TIMEOUT)
    # Whoever stops a target waits for it alone, and not for what is part of it.
    parts = run("systemctl", "show", "--property=ConsistsOf", "--value", engine.target)[1].split()
    run("systemctl", "stop", engine.target, *parts, timeout=_STOP_TIMEOUT)


def _take_shares_out() -> None:
    """Unmount shares by 9p before rootless Podman starts; the host puts them back.

    What is mounted while Podman makes its namespaces is locked there, and 9p has to be unmounted for a suspend.
    """
    end = time.monotonic() + _RELEASE_TIMEOUT
    while mounts.release(["9p"])["busy"] and time.monotonic() < end:
        time.sleep(0.2)


def _journal() -> str:
    return run("journalctl", "--no-pager", "-n", "30", "-p", "warning", "-o", "cat")[1]


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""
