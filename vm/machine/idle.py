"""Suspends a machine that nobody uses, after the time that its settings give.

The guest's agent tells when the guest has no work; whoever uses the machine from this computer says so with `use`.
Nothing is polled: one timer runs while the guest is idle and the settings want a suspend.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vm import tasks
from vm.errors import LinnetError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IdleRules:
    """What the settings say.

    Attributes:
        after: seconds without work until the machine is suspended; 0 for never.
        containers: whether a machine counts as idle though containers run in it, when those have no work.
    """

    after: float
    containers: bool


class IdleKeeper:
    """Decides for one machine."""

    def __init__(
        self,
        name: str,
        rules: Callable[[], IdleRules],
        suspend: Callable[[], Awaitable[None]],
        problem: Callable[[str], None],
        busy: Callable[[], bool],
    ) -> None:
        """Prepare.

        Args:
            name: of the machine, for the log.
            rules: reads the settings; may raise LinnetError.
            suspend: suspends the machine.
            problem: told, once, why it could not be suspended.
            busy: whether something is under way in the machine that nobody has announced with `use`.
        """
        self._name = name
        self._rules = rules
        self._suspend = suspend
        self._problem = problem
        self._busy = busy
        self._uses = 0
        self._quiet_since: float | None = None
        self._containers = 0
        self._timer: asyncio.TimerHandle | None = None
        self._jobs = tasks.Group()
        self._complained = ""

    @contextlib.contextmanager
    def use(self) -> Iterator[None]:
        """Say that somebody uses the machine while the block lasts: no idleness, and none counted before its end."""
        self._uses += 1
        try:
            yield
        finally:
            self._uses -= 1
            if self._quiet_since is not None:
                self._quiet_since = time.monotonic()

    @property
    def waits(self) -> bool:
        """Whether the machine would be suspended if nothing happened any more."""
        return self._timer is not None

    def take(self, told: Mapping[str, Any]) -> None:
        """Take what the agent tells of the guest (its topic `idle`)."""
        self._containers = int(told["containers"])
        if not told["idle"]:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = time.monotonic() - float(told["quiet"])
        self.review()

    def forget(self) -> None:
        """Know nothing of the guest: it ended, or cannot be reached."""
        self._quiet_since = None
        self.review()

    async def close(self) -> None:
        """Never suspend the machine any more."""
        self._quiet_since = None
        self._stop_timer()
        await self._jobs.cancel()

    def review(self) -> None:
        """Look at the settings again, and wait for as long as they say."""
        self._stop_timer()
        if self._quiet_since is None:
            return
        try:
            rules = self._rules()
        except LinnetError as error:
            log.info("machine %s: its settings say nothing about idleness: %s", self._name, error.message)
            return
        if rules.after <= 0 or (self._containers and not rules.containers):
            return
        left = self._quiet_since + rules.after - time.monotonic()
        self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._due, rules.after)

    def _due(self, after: float) -> None:
        self._timer = None
        since = self._quiet_since
        if since is None:
            return
        if self._uses or self._busy():
            # Its end starts the time anew; until then there is nothing to count.
            self._quiet_since = time.monotonic()
        if self._quiet_since is not None and time.monotonic() - self._quiet_since < after - 0.01:
            self.review()
            return
        log.info("machine %s: idle for %.0f s, it is suspended", self._name, after)
        self._quiet_since = None
        self._jobs.start(self._end(), name=f"idle-{self._name}")

    async def _end(self) -> None:
        try:
            await self._suspend()
        except LinnetError as error:
            log.warning("machine %s: idle, and not suspended: %s", self._name, error.message)
            if error.message != self._complained:
                self._complained = error.message
                self._problem(f"The machine was idle and could not be suspended: {error.message}")
            # What is in the way may go without any work in the guest, and then nobody would tell.
            self._quiet_since = time.monotonic()
            self.review()
        else:
            self._complained = ""

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
