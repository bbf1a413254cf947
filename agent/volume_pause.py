"""Containers that are held still while a volume is copied or put back, and that go on in every case.

Who is held is written down first (in /run: a reboot ends all containers), so an agent that dies in between has its
successor let them go.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from agent import jsonfile
from agent.engines.api import ApiError
from agent.engines.switch import Engines
from agent.errors import AgentError
from agent.loop import Future, Loop, log
from agent.volume_engine import EngineVolumes, Holder

STATE = "/run/linnet/held.json"

_PATIENCE = 60.0
"""Seconds for which a new agent waits for an engine, to let its containers go."""


class Pause(NamedTuple):
    """What was held, for how many seconds, and what could not be."""

    names: list[str]
    seconds: float
    missed: list[str]


class Holds:
    """Holds containers, one piece of work at a time: what one work holds, another must not take for idle."""

    def __init__(self, loop: Loop, engines: Engines, state: str = STATE) -> None:
        self._loop = loop
        self._engines = engines
        self._state = state
        self._turn: Future | None = None
        self._held: list[dict[str, str]] = []

    async def paused(
        self, engine: EngineVolumes, volume: str, work: Callable[[], Awaitable[None]], say: Callable[[str], None]
    ) -> Pause:
        """Do `work` while no container writes to the volume. Containers that cannot be paused are named as missed."""
        await self._take_turn()
        names: list[str] = []
        missed: list[str] = []
        began = time.monotonic()
        try:
            for holder in await engine.holders(volume):
                if holder.state == "paused" or not holder.writes:
                    continue
                say(f"Pausing {holder.name}")
                self._remember("unpause", engine.kind, holder)
                try:
                    await engine.pause(holder.id)
                    names.append(holder.name)
                except (ApiError, TimeoutError) as error:
                    if await engine.state(holder.id) in ("running", "restarting"):
                        missed.append(f"{holder.name}: {error}")
            await work()
        finally:
            try:
                await self._release(engine)
            finally:
                self._end_turn()
        return Pause(names, round(time.monotonic() - began, 3) if names else 0.0, missed)

    async def stopped(
        self,
        engine: EngineVolumes,
        holders: list[Holder],
        work: Callable[[], Awaitable[None]],
        say: Callable[[str], None],
    ) -> None:
        """Do `work` while these containers are stopped; then they are started again."""
        await self._take_turn()
        try:
            for holder in holders:
                say(f"Stopping {holder.name}")
                self._remember("start", engine.kind, holder)
                await engine.stop(holder.id)
            await work()
        finally:
            try:
                say("Starting containers again" if holders else "Finishing")
                await self._release(engine)
            finally:
                self._end_turn()

    async def recover(self) -> None:
        """Let go what a former agent held."""
        try:
            with open(self._state, encoding="utf-8") as file:
                self._held = json.load(file)
        except (OSError, ValueError):
            return
        await self._take_turn()
        try:
            for kind in {entry["engine"] for entry in self._held}:
                await self._let_go(EngineVolumes(self._loop, self._engines.named(kind)))
        finally:
            self._end_turn()

    async def _let_go(self, engine: EngineVolumes) -> None:
        end = time.monotonic() + _PATIENCE
        while any(entry["engine"] == engine.kind for entry in self._held) and time.monotonic() < end:
            try:
                await self._release(engine)
            except AgentError:
                await self._loop.sleep(1)  # the engine may be starting

    async def _release(self, engine: EngineVolumes) -> None:
        failed = []
        for entry in [entry for entry in self._held if entry["engine"] == engine.kind]:
            act = engine.unpause if entry["do"] == "unpause" else engine.start
            try:
                await act(entry["id"])
            except (ApiError, OSError) as error:
                if not isinstance(error, ApiError) or error.status != 404:
                    failed.append(f"{entry['name']} ({error})")
                    continue
            self._held.remove(entry)
            self._write()
        if failed:
            log(f"containers that could not be let go: {', '.join(failed)}")
            raise AgentError("guest", f"These containers could not be let go on: {', '.join(failed)}.")

    def _remember(self, what: str, kind: str, holder: Holder) -> None:
        self._held.append({"do": what, "engine": kind, "id": holder.id, "name": holder.name})
        self._write()

    def _write(self) -> None:
        if not self._held:
            try:
                os.unlink(self._state)
            except FileNotFoundError:
                return
            return
        jsonfile.write(self._state, self._held)

    async def _take_turn(self) -> None:
        while self._turn is not None:
            await self._turn
        self._turn = Future()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.finish()


def told(pause: Pause) -> dict[str, Any]:
    """Return what the host hears of a pause."""
    return {"paused": pause.names, "paused_for": pause.seconds, "not_paused": pause.missed}
