"""Long work in the guest: how far it is is told here, and who gives it up here has it given up there."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import Any, Protocol

from vm.errors import LinnetError
from vm.progress import Progress, Reporter

ASK_EVERY = 0.5
"""Seconds between two questions to the agent how far it is; they are also our sign of life."""

ALIVE_EVERY = 5.0
"""Seconds between two signs of life of who has something held. The agent gives up after a minute without."""

LIMIT = 24 * 3600.0
"""Seconds that the agent may take: long work is ended by who asked for it, not by the clock."""

CANCEL_LIMIT = 60.0
"""Seconds that it may take to put everything back."""


class Agent(Protocol):
    """The link to the agent."""

    async def request(self, method: str, params: dict[str, Any] | None = None, timeout: float = 30.0) -> Any:
        """Return the result of a method."""


async def carry_out(
    agent: Agent, method: str, params: dict[str, Any], report: Reporter, name: str | None = None
) -> dict[str, Any]:
    """Have the agent do something long, and tell how far it is. Being cancelled cancels it there.

    `name` is the job's, for who asks for it afterwards.
    """
    job = {"job": name or uuid.uuid4().hex}
    request = asyncio.ensure_future(agent.request(method, {**params, **job}, timeout=LIMIT))
    try:
        while not (await asyncio.wait([request], timeout=ASK_EVERY))[0]:
            step = await agent.request("jobs.progress", job)
            if step.get("text"):
                files = f": {step['done']} files" if step.get("done") else ""
                report(Progress(f"{step['text']}{files}"))
        result: dict[str, Any] = await request
    except asyncio.CancelledError:
        with contextlib.suppress(LinnetError):
            await agent.request("jobs.cancel", job, timeout=CANCEL_LIMIT)
            await asyncio.wait([request], timeout=CANCEL_LIMIT)
        raise
    finally:
        if not request.done():
            request.cancel()
        elif not request.cancelled():
            request.exception()  # of who was cancelled: nobody else asks for it
    return result


@contextlib.asynccontextmanager
async def held(
    agent: Agent, method: str, params: dict[str, Any], report: Reporter
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Have the agent hold something for the time of the block; gives the job's name and the answer."""
    name = uuid.uuid4().hex
    report(Progress("Preparing"))
    beats = asyncio.ensure_future(_stay_alive(agent, name))
    try:
        yield name, await carry_out(agent, method, params, report, name)
    finally:
        beats.cancel()
        with contextlib.suppress(LinnetError):
            await asyncio.shield(agent.request("jobs.cancel", {"job": name}, timeout=CANCEL_LIMIT))


async def _stay_alive(agent: Agent, name: str) -> None:
    while True:
        await asyncio.sleep(ALIVE_EVERY)
        with contextlib.suppress(LinnetError):
            await agent.request("jobs.progress", {"job": name})
