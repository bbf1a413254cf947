"""A small event loop: coroutines that wait for file descriptors, timers and threads.

asyncio would do the same for 8 MB of memory and 30 ms (a third of a second on an emulated CPU).
"""

from __future__ import annotations

import heapq
import os
import select
import sys
import time
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

READ = select.EPOLLIN
WRITE = select.EPOLLOUT
PRIORITY = select.EPOLLPRI
"""What /proc and cgroup files signal when their content changes."""

_BROKEN = select.EPOLLERR | select.EPOLLHUP


class CancelledTask(BaseException):
    """Thrown into a task that is cancelled. Not an Exception, so that handlers of failures let it pass."""


class Future:
    """A value that will be there later. One or more coroutines may await it."""

    __slots__ = ("_callbacks", "done", "error", "value")

    def __init__(self) -> None:
        self.done = False
        self.value: Any = None
        self.error: BaseException | None = None
        self._callbacks: list[Callable[[], None]] = []

    def finish(self, value: Any = None, error: BaseException | None = None) -> None:
        """Set the outcome; the first one counts."""
        if self.done:
            return
        self.done, self.value, self.error = True, value, error
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def when_done(self, callback: Callable[[], None]) -> None:
        """Call `callback` when there is an outcome."""
        if self.done:
            callback()
        else:
            self._callbacks.append(callback)

    async def outcome(self) -> Any:
        """Wait for the value; for who needs a coroutine."""
        return await self

    def __await__(self) -> Generator[Future, None, Any]:
        if not self.done:
            yield self
        if self.error is not None:
            raise self.error
        return self.value


class Task(Future):
    """A running coroutine."""

    __slots__ = ("_coroutine", "_loop", "_waits_for")

    def __init__(self, loop: Loop, coroutine: Coroutine[Any, Any, Any]) -> None:
        super().__init__()
        self._loop = loop
        self._coroutine = coroutine
        self._waits_for: Future | None = None
        loop.tasks.add(self)
        self.when_done(lambda: loop.tasks.discard(self))
        loop.soon(self._step)

    def cancel(self) -> None:
        """Make the coroutine end with CancelledTask at the point where it waits."""
        if not self.done:
            self._waits_for = None
            self._loop.soon(lambda: self._step(CancelledTask()))

    def _step(self, error: BaseException | None = None) -> None:
        if self.done:
            return
        try:
            awaited = self._coroutine.throw(error) if error is not None else self._coroutine.send(None)
        except StopIteration as stop:
            self.finish(stop.value)
        except (Exception, CancelledTask) as failure:  # noqa: BLE001 - the outcome of the task, whatever it is
            self.finish(error=failure)
        else:
            self._waits_for = awaited
            awaited.when_done(lambda: self._wake(awaited))

    def _wake(self, awaited: Future) -> None:
        if self._waits_for is awaited:
            self._waits_for = None
            self._loop.soon(self._step)


class Timer:
    """A call that will be made later, unless it is cancelled."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Never make the call."""
        self.callback = None


class Loop:
    """Runs tasks until its main one ends."""

    def __init__(self) -> None:
        self.tasks: set[Task] = set()
        self._epoll = select.epoll()
        self._waits: dict[int, dict[int, Future]] = {}
        self._ready: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Timer]] = []
        self._count = 0
        self._from_threads: deque[tuple[Future, Any, BaseException | None]] = deque()
        self._wakeup = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._wakeup, READ)

    def soon(self, callback: Callable[[], None]) -> None:
        """Call `callback` in the next turn."""
        self._ready.append(callback)

    def later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` after `seconds`."""
        timer = Timer(callback)
        self._count += 1
        heapq.heappush(self._timers, (time.monotonic() + seconds, self._count, timer))
        return timer

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> Task:
        """Run `coroutine` in the background; its failure is logged."""
        task = Task(self, coroutine)
        task.when_done(lambda: _log_failure(task))
        return task

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`."""
        future = Future()
        timer = self.later(seconds, future.finish)
        try:
            await future
        finally:
            timer.cancel()

    async def wait(self, descriptor: int, mask: int) -> None:
        """Wait until `descriptor` is ready for `mask` (READ, WRITE or PRIORITY) or broken. One waiter for each kind."""
        future = Future()
        waits = self._waits.setdefault(descriptor, {})
        waits[mask] = future
        self._watch(descriptor, new=len(waits) == 1)
        try:
            await future
        finally:
            if waits.get(mask) is future:
                del waits[mask]
                self._watch(descriptor)

    async def timeout(self, seconds: float, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Return what `coroutine` returns.

        Raises:
            TimeoutError: it took longer than `seconds`; it was cancelled.
        """
        task = Task(self, coroutine)
        timer = self.later(seconds, task.cancel)
        try:
            return await task
        except CancelledTask:
            if task.done:
                raise TimeoutError(f"no answer in {seconds:g} s") from None
            task.cancel()
            raise
        finally:
            timer.cancel()

    async def in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what the blocking `function` returns. It cannot be cancelled: nobody waits for it then."""
        future = Future()

        def work() -> None:
            outcome: tuple[Future, Any, BaseException | None]
            try:
                outcome = (future, function(*arguments), None)
            except Exception as error:  # noqa: BLE001 - raised again where it is awaited
                outcome = (future, None, error)
            self.finish_from_outside(*outcome)

        start_new_thread(work, ())
        return await future

    def finish_from_outside(self, future: Future, value: Any = None, error: BaseException | None = None) -> None:
        """Set the outcome of `future` from another thread or from a signal's handler."""
        self._from_threads.append((future, value, error))
        os.eventfd_write(self._wakeup, 1)

    def run(self, main: Coroutine[Any, Any, Any]) -> Any:
        """Run until `main` ends, cancel all other tasks, and return the value of `main`. A loop runs once."""
        task = Task(self, main)
        try:
            while not task.done:
                self._turn()
        finally:
            self._end()
        if task.error is not None:
            raise task.error
        return task.value

    def _end(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        while self._ready:
            self._ready.popleft()()
        self._epoll.close()
        os.close(self._wakeup)

    def _turn(self) -> None:
        timeout = -1.0
        if self._ready:
            timeout = 0.0
        elif self._timers:
            timeout = max(0.0, self._timers[0][0] - time.monotonic())
        for descriptor, events in self._epoll.poll(timeout):
            if descriptor == self._wakeup:
                os.eventfd_read(self._wakeup)
                while self._from_threads:
                    future, value, error = self._from_threads.popleft()
                    future.finish(value, error)
                continue
            for mask, future in list(self._waits.get(descriptor, {}).items()):
                if events & (mask | _BROKEN):
                    future.finish()
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            callback = heapq.heappop(self._timers)[2].callback
            if callback is not None:
                callback()
        for _ in range(len(self._ready)):
            self._ready.popleft()()

    def _watch(self, descriptor: int, *, new: bool = False) -> None:
        waits = self._waits.get(descriptor)
        if waits is None:
            return
        mask = 0
        for one in waits:
            mask |= one
        if waits:
            # A number may have been closed and given out again while a cancelled waiter was still to be told.
            first, second = (
                (self._epoll.register, self._epoll.modify) if new else (self._epoll.modify, self._epoll.register)
            )
            try:
                first(descriptor, mask)
            except (FileExistsError, FileNotFoundError):
                second(descriptor, mask)
        else:
            del self._waits[descriptor]
            try:
                self._epoll.unregister(descriptor)
            except (OSError, ValueError):
                return  # closed meanwhile: the kernel forgot it itself


def _log_failure(task: Task) -> None:
    if isinstance(task.error, Exception):
        from traceback import format_exception

        log("task failed: " + "".join(format_exception(task.error)).strip().replace("\n", " | "))


def log(text: str) -> None:
    """Write one short line to the journal."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201
