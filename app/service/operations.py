"""Long work: followed by any number of clients, joined by those who want the same, cancelled by whoever asks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from app.core import api
from vm import tasks
from vm.errors import CancelledByUserError, LinnetError, NotFoundError
from vm.progress import Progress, Reporter

log = logging.getLogger(__name__)

KEPT = 50
"""Operations that are remembered after their end."""

STEP_EVERY = 0.25
"""Seconds between two steps of one operation that are told to those who follow all operations."""

Work = Callable[[Reporter], Awaitable[Any]]

Tell = Callable[[api.Operation], None]
"""Told of an operation as it is now; must not block."""


class Operation:
    """Work under way, or ended lately.

    Attributes:
        id: names it on the local API.
        title: what it does, such as "start default".
        machine: whose, or None.
        progress: the last step that was reported.
        result: what the work returned.
        error: why it failed, or None.
    """

    def __init__(self, number: int, title: str, machine: str | None, tell: Tell) -> None:
        self.id = str(number)
        self.title = title
        self.machine = machine
        self.started_at = time.time()
        self.ended_at: float | None = None
        self.progress: Progress | None = None
        self.result: Any = None
        self.error: LinnetError | None = None
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._tell = tell
        self._told_at = 0.0
        self._later: asyncio.TimerHandle | None = None

    @property
    def state(self) -> str:
        """running, done, failed or cancelled."""
        if self.ended_at is None:
            return "running"
        if self.error is None:
            return "done"
        return "cancelled" if isinstance(self.error, CancelledByUserError) else "failed"

    async def follow(self) -> AsyncIterator[Progress]:
        """Yield the present step and each later one until the end. A slow follower misses steps, never the end."""
        seen: Progress | None = None
        while True:
            changed = self._changed
            if self.progress is not None and self.progress is not seen:
                seen = self.progress
                yield seen
                continue
            if self.ended_at is not None:
                return
            await changed.wait()

    async def wait(self) -> Any:
        """Return the result when it is there. Raises what the work raised. Being cancelled here harms nothing."""
        async for _step in self.follow():
            pass
        if self.error is not None:
            raise self.error
        return self.result

    def cancel(self) -> None:
        """Have the work stopped; it cleans up before it ends."""
        if self._task is not None:
            self._task.cancel()

    def describe(self) -> api.Operation:
        """Return the operation as the local API shows it."""
        step, error = self.progress, self.error
        return api.Operation(
            id=self.id,
            title=self.title,
            machine=self.machine,
            state=self.state,
            started_at=self.started_at,
            ended_at=self.ended_at,
            progress=None if step is None else api.Progress(step.text, step.done, step.total),
            error=None if error is None else api.Error(error.code, error.message, error.hint, error.detail),
        )

    def begin(self, work: Work, group: tasks.Group) -> None:
        """Start the work."""
        self._tell_now()
        self._task = group.start(self._run(work), name=f"operation-{self.id}")

    async def _run(self, work: Work) -> None:
        try:
            self.result = await work(self._report)
        except asyncio.CancelledError:
            self.error = CancelledByUserError(f"The operation '{self.title}' was cancelled.")
        except LinnetError as error:
            self.error = error
            log.warning("operation %s (%s) failed: %s %s", self.id, self.title, error.message, error.detail or "")
        except Exception as error:  # whatever it is, those who wait must hear of it
            log.exception("operation %s (%s) failed", self.id, self.title)
            self.error = LinnetError(
                f"'{self.title}' failed because of a mistake in Linnet: {type(error).__name__}.",
                hint="`linnet support-bundle` collects what is needed to find it.",
                detail=str(error) or None,
            )
        finally:
            self.ended_at = time.time()
            self._wake()
            self._tell_now()

    def _report(self, progress: Progress) -> None:
        self.progress = progress
        self._wake()
        if self._later is None and self.ended_at is None:
            loop = asyncio.get_running_loop()
            self._later = loop.call_at(max(self._told_at + STEP_EVERY, loop.time()), self._tell_now)

    def _tell_now(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        self._told_at = asyncio.get_running_loop().time()
        self._tell(self.describe())

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


class Operations:
    """All operations of the service.

    Attributes:
        begun: how many there have been.
    """

    def __init__(self, tell: Tell) -> None:
        """`tell` is called with an operation that begins, goes on (at most four times a second) or has ended."""
        self.begun = 0
        self._tell = tell
        self._all: OrderedDict[str, Operation] = OrderedDict()
        self._by_key: dict[tuple[str, ...], Operation] = {}
        self._group = tasks.Group()

    @property
    def running(self) -> list[Operation]:
        """Those that have not ended."""
        return [operation for operation in self._all.values() if operation.ended_at is None]

    def list(self) -> list[Operation]:
        """Return all that are remembered, oldest first."""
        return list(self._all.values())

    def get(self, identifier: str) -> Operation:
        """Return an operation. Raises NotFoundError."""
        try:
            return self._all[identifier]
        except KeyError:
            raise NotFoundError(f"There is no operation {identifier}, or it ended long ago.") from None

    def run(
        self, title: str, work: Work, *, machine: str | None = None, key: tuple[str, ...] | None = None
    ) -> Operation:
        """Start `work`, or return the operation under way that has the same `key`."""
        if key is not None and (same := self._by_key.get(key)) is not None and same.ended_at is None:
            return same
        self.begun += 1
        operation = Operation(self.begun, title, machine, self._tell)
        self._all[operation.id] = operation
        if key is not None:
            self._by_key[key] = operation
        operation.begin(work, self._group)
        self._forget()
        return operation

    async def close(self) -> None:
        """Cancel everything and wait for the end of it."""
        await self._group.cancel()

    def _forget(self) -> None:
        ended = [operation for operation in self._all.values() if operation.ended_at is not None]
        for operation in ended[: max(0, len(ended) - KEPT)]:
            del self._all[operation.id]
        self._by_key = {key: operation for key, operation in self._by_key.items() if operation.ended_at is None}
