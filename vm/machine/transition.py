"""One change of a machine's state at a time, shared by all who asked for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from vm.errors import CancelledByUserError
from vm.machine.status import MachineState
from vm.progress import Progress, Reporter

Work = Callable[[Reporter], Awaitable[None]]


@dataclass
class _Running:
    state: MachineState
    task: asyncio.Task[None]
    reporters: list[Reporter] = field(default_factory=list)
    waiters: int = 0
    step: Progress | None = None
    ending: bool = False
    """It was cancelled and undoes what it did; nobody can join it any more."""
    alone: bool = False
    """It is more than its state says, so nobody who asks for that state can join it."""


class Transitions:
    """Runs the state changes of one machine, one after another.

    Who asks for the change that is under way joins it: both see its progress and its end. It is cancelled only when
    all who wait for it have been cancelled.

    Attributes:
        on_change: called when a transition begins, makes progress or ends.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.on_change = on_change
        self._running: _Running | None = None
        self._quiet: asyncio.Future[None] | None = None

    @property
    def state(self) -> MachineState | None:
        """The state that the machine is passing through, or None."""
        return self._running.state if self._running else None

    @property
    def step(self) -> Progress | None:
        """The last progress of the transition under way."""
        return self._running.step if self._running else None

    async def run(self, state: MachineState, work: Work, report: Reporter) -> None:
        """Do `work` while the machine is in `state`, or join the same work when it is being done.

        Work of another kind, or such that is being cancelled, is waited for first. Raises whatever the work raises,
        and CancelledByUserError when somebody else cancelled it.
        """
        while (busy := self._in_the_way(state)) is not None:
            await asyncio.wait([busy])
        await self._follow(self._running or self._begin(state, work), report)

    async def run_alone(self, state: MachineState, work: Work, report: Reporter) -> None:
        """Do `work` when nothing else is under way. Nobody joins it, whatever state it says; see `become`."""
        await self.settle()
        running = self._begin(state, work)
        running.alone = True
        await self._follow(running, report)

    def become(self, state: MachineState) -> None:
        """Have the work under way pass through another state from now on."""
        if self._running is not None:
            self._running.state = state
            self.on_change()

    @contextlib.asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """Keep changes out while the block runs; the machine's state stays what it is."""
        await self.settle()
        self._quiet = over = asyncio.get_running_loop().create_future()
        try:
            yield
        finally:
            self._quiet = None
            over.set_result(None)

    def _in_the_way(self, state: MachineState) -> asyncio.Future[None] | None:
        """Return what must end before a machine can begin to pass through `state`; None when it can, or does."""
        running = self._running
        if running is not None and (running.state is not state or running.ending or running.alone):
            return running.task
        return self._quiet

    async def _follow(self, running: _Running, report: Reporter) -> None:
        running.reporters.append(report)
        if running.step is not None:
            report(running.step)
        try:
            await self._wait(running)
        finally:
            running.reporters.remove(report)

    async def cancel(self) -> None:
        """Cancel the work under way, whoever waits for it, and wait until it is undone."""
        if (running := self._running) is not None:
            _cancel(running)
            await asyncio.wait([running.task])

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        while self._running is not None or self._quiet is not None:
            running = self._running.task if self._running is not None else None
            await asyncio.wait([one for one in (running, self._quiet) if one is not None])

    def _begin(self, state: MachineState, work: Work) -> _Running:
        reporters: list[Reporter] = []

        def report(progress: Progress) -> None:
            running.step = progress
            for reporter in tuple(reporters):
                reporter(progress)
            self.on_change()

        async def do() -> None:
            await work(report)

        def over(_task: asyncio.Task[None]) -> None:
            self._running = None
            self.on_change()

        # A callback, because a task that is cancelled before its first step runs no `finally`; the first one, so
        # that whoever waits for the task finds it gone.
        task = asyncio.get_running_loop().create_task(do(), name=f"machine-{state}")
        task.add_done_callback(over)
        running = _Running(state, task, reporters)
        self._running = running
        self.on_change()
        return running

    async def _wait(self, running: _Running) -> None:
        running.waiters += 1
        try:
            await asyncio.shield(running.task)
        except asyncio.CancelledError:
            if running.task.cancelled():
                raise CancelledByUserError("The operation was cancelled.") from None
            if running.waiters == 1:
                _cancel(running)
                await asyncio.wait([running.task])
            raise
        finally:
            running.waiters -= 1


def _cancel(running: _Running) -> None:
    """Cancel once: a second time would cut short the undoing."""
    if not running.ending:
        running.ending = True
        running.task.cancel()
