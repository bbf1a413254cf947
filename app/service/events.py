"""What happens to machines, passed on to everybody who listens. Who does not keep up is dropped, never waited for."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from vm.machine.status import MachineEvent

QUEUE_LIMIT = 1000
"""Events that a listener may be behind."""


class _Listener:
    def __init__(self) -> None:
        self.queue: deque[MachineEvent] = deque()
        self.ready = asyncio.Event()
        self.dropped = False


class EventHub:
    """Fans events out."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()
        self._closed = False

    @property
    def count(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def publish(self, event: MachineEvent) -> None:
        """Pass `event` on. Never blocks."""
        for listener in list(self._listeners):
            if len(listener.queue) >= QUEUE_LIMIT:
                self._end(listener, dropped=True)
                continue
            listener.queue.append(event)
            listener.ready.set()

    async def listen(self) -> AsyncIterator[MachineEvent]:
        """Yield events from now on; ends when the hub closes or the listener was too slow and has lost events."""
        listener = _Listener()
        self._listeners.add(listener)
        try:
            while True:
                while listener.queue and not listener.dropped:
                    yield listener.queue.popleft()
                if listener.dropped or self._closed:
                    return
                listener.ready.clear()
                await listener.ready.wait()
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End all listening."""
        self._closed = True
        for listener in list(self._listeners):
            self._end(listener, dropped=False)

    def _end(self, listener: _Listener, *, dropped: bool) -> None:
        listener.dropped = dropped
        self._listeners.discard(listener)
        listener.ready.set()
