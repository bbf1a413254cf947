"""What can be done with containers: requests to the engine, several at once, with progress and one honest result."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from app.core.docker import DockerClient
from app.gui.model.collection import Row
from app.gui.pages.containers import rows
from app.gui.services import Services
from app.gui.text import mark, tr
from app.gui.work.jobs import Control
from app.gui.work.runner import Op
from app.gui.work.trash import TrashNet
from vm.errors import GuestError, LinnetError

_AT_ONCE = 4
"""Requests at once when many containers are meant."""


@dataclass(frozen=True)
class Verb:
    """Something that is done with each of several containers.

    Attributes:
        one, many: the title for one (`{name}`), and for several (`{n}`).
        doing: what the list says meanwhile.
        method, path: the request; `{id}` in it is the container's.
        done: whether a container needs nothing of it.
    """

    one: str
    many: str
    doing: str
    method: str
    path: str
    done: Callable[[Row], bool]


START = Verb(mark("Start {name}"), mark("Start {n} containers"), mark("Starting …"), "POST", "/containers/{id}/start",
             lambda row: row.get("State") in ("running", "paused", "restarting"))  # fmt: skip
STOP = Verb(mark("Stop {name}"), mark("Stop {n} containers"), mark("Stopping …"), "POST", "/containers/{id}/stop",
            lambda row: not rows.is_up(row))  # fmt: skip
RESTART = Verb(mark("Restart {name}"), mark("Restart {n} containers"), mark("Restarting …"), "POST",
               "/containers/{id}/restart", lambda _row: False)  # fmt: skip
PAUSE = Verb(mark("Pause {name}"), mark("Pause {n} containers"), mark("Pausing …"), "POST", "/containers/{id}/pause",
             lambda row: row.get("State") != "running")  # fmt: skip
UNPAUSE = Verb(mark("Continue {name}"), mark("Continue {n} containers"), mark("Continuing …"), "POST",
               "/containers/{id}/unpause", lambda row: row.get("State") != "paused")  # fmt: skip
KILL = Verb(mark("Kill {name}"), mark("Kill {n} containers"), mark("Killing …"), "POST", "/containers/{id}/kill",
            lambda row: not rows.is_up(row))  # fmt: skip
REMOVE = Verb(mark("Remove {name}"), mark("Remove {n} containers"), mark("Removing …"), "DELETE", "/containers/{id}",
              lambda _row: False)  # fmt: skip


class Actions(QObject):
    """Does things with containers.

    Signals:
        busy_changed: something begins or ends to be done with these, a list of keys.
    """

    busy_changed = Signal(list)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._busy: dict[str, str] = {}

    def busy(self, key: str) -> str:
        """Return what is being done with a container, "" for nothing."""
        return self._busy.get(key, "")

    def do(self, verb: Verb, chosen: Sequence[Row], *, net: TrashNet | None = None, **query: bool) -> None:
        """Do something with containers, those that need it, as a task that the user sees.

        `net`: keeps what a removal would lose.
        """
        wanted = [row for row in chosen if not verb.done(row)]
        if not wanted:
            return
        keys = [str(row["Id"]) for row in wanted]
        docker = self._services.hub.docker()
        title = tr(verb.one, name=rows.title(wanted[0])) if len(wanted) == 1 else tr(verb.many, n=len(wanted))
        self._begin(keys, tr(verb.doing))

        def work(control: Control) -> None:
            with net.under(control) if net is not None else nullcontext():
                _each(control, docker, verb, wanted, query)

        job = self._services.jobs.start(title, work)
        job.ended.connect(partial(self._end, keys))

    def rename(self, row: Row, name: str) -> None:
        """Give a container another name."""
        docker, key = self._services.hub.docker(), str(row["Id"])
        (
            Op(self, lambda: docker.post(f"/containers/{key}/rename", name=name))
            .success(lambda _answer: self._services.hub.containers.touch())
            .run(self._services.runner)
        )

    def prune(self, net: TrashNet) -> None:
        """Remove all containers that do not run; `net` keeps what would be lost."""
        docker = self._services.hub.docker()

        def work(control: Control) -> int:
            with net.under(control):
                return len((docker.post("/containers/prune") or {}).get("ContainersDeleted") or [])

        self._services.jobs.start(
            tr("Remove stopped containers"), work, success=lambda _number: self._services.hub.containers.touch()
        )

    def _begin(self, keys: list[str], doing: str) -> None:
        self._busy.update(dict.fromkeys(keys, doing))
        self.busy_changed.emit(keys)

    def _end(self, keys: list[str]) -> None:
        if not shiboken6.isValid(self):
            return
        for key in keys:
            self._busy.pop(key, None)
        self.busy_changed.emit(keys)
        # Events tell of every change but those that failed half-way.
        self._services.hub.containers.touch()


def _each(control: Control, docker: DockerClient, verb: Verb, wanted: Sequence[Row], query: dict[str, Any]) -> None:
    """Do it with each; go on after a failure, and raise in the end what failed."""
    failed: list[tuple[str, LinnetError]] = []
    lock, done = threading.Lock(), [0]

    def one(row: Row) -> None:
        if control.cancelled:
            return
        name = rows.title(row)
        try:
            docker.request(verb.method, verb.path.format(id=row["Id"]), **query)
        except LinnetError as error:
            with lock:
                failed.append((name, error))
            control.log(f"{name}: {error.message}")
        else:
            control.log(name)
        with lock:
            done[0] += 1

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in as_completed([pool.submit(one, row) for row in wanted]):
            if not control.cancelled:
                control.progress(tr("{n} of {total}", n=done[0], total=len(wanted)), done[0], len(wanted))
    control.check()
    if len(failed) == 1 and len(wanted) == 1:
        raise failed[0][1]
    if failed:
        raise GuestError(
            tr("{n} of {total} could not be done.", n=len(failed), total=len(wanted)),
            hint=f"{failed[0][0]}: {failed[0][1].message}",
            detail="\n".join(f"{name}: {error.message}" for name, error in failed),
        )
