"""Long work for the host, which hears how far it is and can have it given up; nothing of it is left then.

A request that does long work has the parameter `job`: a name of the host's choice, by which `jobs.progress` and
`jobs.cancel` ask for it. What a job makes lies in folders that go with it unless they were moved to their place, and
what it works on is its own until it is over.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Coroutine, Hashable, Set
from typing import Any

from agent.errors import AgentError
from agent.loop import CancelledTask, Future, Loop, Task, log
from agent.methods import Method

LEASE = 60.0
"""Seconds after which a job that stays and that the host does not ask about any more is given up."""


class Job:
    """One piece of work under way.

    Attributes:
        text, done: how far it is; `done` counts files, None when there are none to count.
        stopped: whether it is to be given up.
        folders: paths that are deleted when it is over, if they are still there.
        taken: what nobody else may work on meanwhile.
        stays: it has done its work and waits for the host.
    """

    def __init__(self, loop: Loop, busy: dict[Hashable, str]) -> None:
        self.text = ""
        self.done: int | None = None
        self.stopped = False
        self.folders: list[str] = []
        self.taken: list[Any] = []
        self.stays = False
        self.seen = time.monotonic()
        self.over = Future()
        self._loop = loop
        self._busy = busy
        self._step: Task | None = None

    def say(self, text: str) -> None:
        """Tell what is being done."""
        self.text, self.done = text, None

    def count(self, files: int) -> None:
        """Tell how many files are done."""
        self.done = files

    def take(self, key: Hashable, said: str) -> None:
        """Let nobody else work on `key` until the job is over; `said` is what they hear (AgentError `conflict`)."""
        if key in self.taken:
            return
        if key in self._busy:
            raise AgentError("conflict", self._busy[key], hint="Try again when that is done.")
        self._busy[key] = said
        self.taken.append(key)

    def stage(self, parent: str, prefix: str = "") -> str:
        """Return a new folder below `parent`, for root alone, to make something in."""
        os.makedirs(parent, mode=0o700, exist_ok=True)
        path = os.path.join(parent, prefix + os.urandom(4).hex())
        os.mkdir(path, 0o700)
        self.folders.append(path)
        return path

    async def interruptible(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do what may be cut off at any moment, as it is when the job is given up; AgentError `cancelled` then."""
        task = self._step = Task(self._loop, work)
        if self.stopped:
            task.cancel()
        try:
            return await task
        except CancelledTask:
            if not task.done:  # the agent ends
                task.cancel()
                raise
            raise AgentError("cancelled", "Cancelled; nothing was changed.") from None
        finally:
            self._step = None

    def stop(self) -> None:
        """Give it up: at once what is interruptible, the rest goes to its end."""
        if self._step is not None and not self.stopped:  # what it puts right after that must not be cut off
            self._step.cancel()
        self.stopped = True


class Jobs:
    """The jobs under way.

    Attributes:
        methods: the agent's methods about them, by name.
    """

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._jobs: dict[str, Job] = {}
        self._busy: dict[Hashable, str] = {}
        self._count = 0
        self.methods: dict[str, Method] = {"jobs.progress": self._progress, "jobs.cancel": self._cancel}

    @property
    def busy(self) -> Set[Hashable]:
        """What is being worked on."""
        return self._busy.keys()

    async def run(self, name: object, act: Callable[[Job], Coroutine[Any, Any, Any]], *, stays: bool = False) -> Any:
        """Return what `act` returns; the host knows the job by `name`, if that is not None.

        With `stays` the job is over only after `close`, or `jobs.cancel`, or when nobody asks for it any more.
        """
        self._count += 1
        known = str(name or f"own-{self._count}")
        if known in self._jobs:
            raise AgentError("usage", f"There is a job {known!r} already.")
        job = self._jobs[known] = Job(self._loop, self._busy)
        try:
            result = await act(job)
            job.stays = stays and not job.stopped
        finally:
            if not job.stays:
                await self.close(known)
        if job.stays:
            self._loop.spawn(self._expire(known, job))
        return result

    def find(self, name: str) -> Job | None:
        """Return the job of that name, None when it is over."""
        return self._jobs.get(name)

    async def close(self, name: str) -> None:
        """End a job: its folders are deleted, and what it took is free for others."""
        from agent import folders  # loaded by who has any

        job = self._jobs.pop(name, None)
        if job is None:
            return
        try:
            for folder in filter(os.path.lexists, job.folders):
                await self._loop.in_thread(folders.remove, folder)
        finally:
            for key in job.taken:
                del self._busy[key]
            job.over.finish()

    async def _expire(self, name: str, job: Job) -> None:
        while self._jobs.get(name) is job:
            await self._loop.sleep(LEASE / 10)
            if self._jobs.get(name) is job and time.monotonic() - job.seen > LEASE:
                log(f"given up, because nobody asks for it: {' '.join(self._busy[key] for key in job.taken)}")
                await self.close(name)

    async def _progress(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{job}` → `{text, done}`, nothing in it when the job is over; also the sign that the host is there."""
        job = self._jobs.get(str(params["job"]))
        if job is None:
            return {}
        job.seen = time.monotonic()
        return {"text": job.text, "done": job.done}

    async def _cancel(self, params: dict[str, Any]) -> dict[str, Any]:
        """`{job}` → `{}`, when it is over."""
        name = str(params["job"])
        job = self._jobs.get(name)
        if job is None:
            return {}
        job.stop()
        if job.stays:
            await self.close(name)
        else:
            await job.over
        return {}
