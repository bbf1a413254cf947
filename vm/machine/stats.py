"""Samples of what a guest and its containers use, for any number of listeners over one subscription to its agent.

The agent samples only while somebody listens, as often as the most eager listener wants. Its samples leave out
containers whose figures did not change, so everybody first gets a sample that holds all of them, and what a slow
listener has not taken yet is put together, never dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

from vm import tasks
from vm.errors import LinnetError
from vm.guest.agent import AgentLink

Sample = dict[str, Any]
"""As docs/architecture.md has it."""

FIRST_LIMIT = 40.0
"""Seconds that the first sample may take: the agent waits for an engine that hangs, and then goes on without it."""


class _Listener:
    def __init__(self, interval: float) -> None:
        self.interval = interval
        self.ready = asyncio.Event()
        self.pending: Sample | None = None

    def put(self, sample: Sample) -> None:
        self.pending = sample if self.pending is None else _together(self.pending, sample)
        self.ready.set()

    def take(self) -> Sample | None:
        sample, self.pending = self.pending, None
        self.ready.clear()
        return sample


class StatsFeed:
    """What one agent measures, shared by all who listen. Ends with the link to the agent."""

    def __init__(self, agent: AgentLink) -> None:
        self._agent = agent
        self._listeners: set[_Listener] = set()
        self._interval: float | None = None
        self._end: Callable[[], None] | None = None
        self._ended = False
        self._changing = asyncio.Lock()
        self._jobs = tasks.Group()

    async def follow(self, interval: float) -> AsyncGenerator[Sample, None]:
        """Yield a sample of everything, then what changed each `interval` seconds; oftener if somebody else wants that.

        Raises:
            LinnetError: the agent cannot be asked, at the beginning only; later the samples just end.
        """
        listener = _Listener(interval)
        self._listeners.add(listener)
        try:
            # As a job of its own: who leaves meanwhile must not leave a subscription that nobody knows of.
            error = await asyncio.shield(self._jobs.start(self._adjust(), name="stats"))
            if error is not None:
                raise error
            first: Sample = await self._agent.request("stats.once", timeout=FIRST_LIMIT)
            if listener.pending is not None and listener.pending["time"] <= first["time"]:
                listener.take()
            yield first
            while not self._ended:
                await listener.ready.wait()
                sample = listener.take()
                if sample is not None:
                    yield sample
        finally:
            self._listeners.discard(listener)
            self._jobs.start(self._adjust(), name="stats")

    def close(self) -> None:
        """End all listening; the link to the agent is closed by its owner, which ends what waits for an answer."""
        self._ended = True
        for listener in self._listeners:
            listener.ready.set()

    async def _adjust(self) -> LinnetError | None:
        """Have the agent sample as often as is wanted now, or not at all; return what prevented it."""
        async with self._changing:
            wanted = min((listener.interval for listener in self._listeners), default=None)
            if wanted == self._interval or self._ended:
                return None
            try:
                end = None if wanted is None else await self._agent.subscribe(["stats"], self._take, wanted)
            except LinnetError as error:
                return error
            if self._end is not None:
                self._end()
            self._interval, self._end = wanted, end
            return None

    def _take(self, _topic: str, sample: Sample) -> None:
        # While one subscription follows another each tells; putting a sample together with itself changes nothing.
        for listener in self._listeners:
            listener.put(sample)


def _together(old: Sample, new: Sample) -> Sample:
    """Return `new` with the containers that only `old` has: their figures are the same now."""
    containers = {entry["id"]: entry for entry in [*old["containers"], *new["containers"]]}
    return {**new, "containers": list(containers.values())}
