"""Readiness as a list: what must be true before a machine counts as started, and how to say so when it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from vm.errors import LinnetError, TimeoutExceededError
from vm.progress import Progress, Reporter

LOG_LINES = 25
"""How much of the guest's log a failed start shows."""


END_TOLD = 5.0
"""Seconds after which the end of a VM is known, when talking to it has failed because of that end."""


@dataclass(frozen=True)
class Requirement:
    """One condition of readiness.

    Attributes:
        text: what is waited for, as it follows "Waiting for ".
        probe: returns when the condition is met; raises LinnetError when it never will be.
        hint: what the user can do when it is not met.
        limit: seconds it may take.
    """

    text: str
    probe: Callable[[], Awaitable[None]]
    hint: str
    limit: float


async def meet(
    requirements: list[Requirement], report: Reporter, ended: asyncio.Future[LinnetError], console: Path
) -> None:
    """Wait for each requirement in turn.

    Args:
        requirements: in the order in which they come true.
        report: told of each one before it is waited for.
        ended: becomes an error when the VM ends meanwhile; that ends the waiting.
        console: the guest's console log, whose end goes into the error's detail.

    Raises:
        LinnetError: the first requirement that failed, with the end of the guest's log in `detail`.
    """
    for number, requirement in enumerate(requirements):
        report(Progress(f"Waiting for {requirement.text}", number, len(requirements)))
        try:
            await _meet_one(requirement, ended)
        except LinnetError as error:
            parts = [error.detail, tail(console)]
            error.detail = "\n".join(part for part in parts if part) or None
            raise


async def _meet_one(requirement: Requirement, ended: asyncio.Future[LinnetError]) -> None:
    probe: asyncio.Future[None] = asyncio.ensure_future(requirement.probe())
    awaited: set[asyncio.Future[None] | asyncio.Future[LinnetError]] = {probe, ended}
    try:
        done, _ = await asyncio.wait(awaited, timeout=requirement.limit, return_when=asyncio.FIRST_COMPLETED)
    except BaseException:
        probe.cancel()
        raise
    if probe in done:
        failure = probe.exception()
        if isinstance(failure, LinnetError) and (await asyncio.wait({ended}, timeout=END_TOLD))[0]:
            raise ended.result() from failure
        probe.result()
        return
    probe.cancel()
    await asyncio.wait({probe})
    if ended in done:
        raise ended.result()
    raise TimeoutExceededError(
        f"The machine did not get ready: still waiting for {requirement.text} after {requirement.limit:.0f} seconds.",
        hint=requirement.hint,
    )


def tail(path: Path, lines: int = LOG_LINES) -> str:
    """Return the last lines of a log, or an empty string when there is none."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - 16384))
            text = stream.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(line.rstrip() for line in text.splitlines()[-lines:])
