"""The builds that were made: what was asked for, what became of it, and the end of what was said."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.registries import Credentials
from app.gui.model.hub import Hub
from app.gui.pages.images.building import BuildSpec, build, recall
from app.gui.preferences import Preferences
from app.gui.services import Services
from app.gui.text import mark, tr
from app.gui.work.jobs import Job, Jobs

KEPT = 30
"""Builds that are remembered."""

_LINES = 60
"""Lines of a log that outlast the window; the window itself has all of the jobs it began."""

_NOTE = "builds"

INTERRUPTED = "interrupted"
"""The state of a build during which the window ended."""

STATES = {
    "running": mark("Building"),
    "done": mark("Built"),
    "failed": mark("Failed"),
    "cancelled": mark("Cancelled"),
    INTERRUPTED: mark("Interrupted"),
}


@dataclass(eq=False)
class Build:
    """One build.

    Attributes:
        state: a key of STATES.
        started, ended: seconds since the epoch; `ended` is 0 while it runs.
        image: identifier of what was built.
        error: why it failed.
        lines: the end of the log.
        job: of a build of this window.
    """

    spec: BuildSpec
    state: str = "running"
    started: float = 0.0
    ended: float = 0.0
    image: str = ""
    error: str = ""
    lines: list[str] = field(default_factory=list)
    job: Job | None = None


class BuildHistory(QObject):
    """All builds, the newest first.

    Signals:
        changed: a build was begun, ended or forgotten.
    """

    changed = Signal()

    def __init__(self, preferences: Preferences, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._preferences = preferences
        self._jobs = jobs
        self.builds = _read(preferences.recall_text(_NOTE))

    def start(self, hub: Hub, credentials: Credentials, spec: BuildSpec, built: Callable[[], object]) -> Build:
        """Begin a build; `built` is called when there is an image. Raises LinnetError: there is no engine."""
        work = build(hub.docker(), credentials, spec)
        made = Build(spec, started=time.time())
        made.job = job = self._jobs.start(
            tr("Build {name}", name=spec.title), work, failure=lambda error: self._on_failed(made, error.message)
        )
        job.ended.connect(lambda: self._on_ended(made, job, built))
        self.builds = [made, *self.builds][:KEPT]
        self._save()
        self.changed.emit()
        return made

    def forget(self, which: Build) -> None:
        """Take a build off the list; its image stays."""
        self.builds = [one for one in self.builds if one is not which]
        self._save()
        self.changed.emit()

    def _on_ended(self, made: Build, job: Job, built: Callable[[], object]) -> None:
        made.state, made.ended, made.image = job.state.value, time.time(), str(job.result or "")
        made.error = job.error.message if job.error is not None else ""
        made.lines = list(job.log)[-_LINES:]
        self._save()
        self.changed.emit()
        if made.state == "done":
            built()

    def _on_failed(self, made: Build, message: str) -> None:
        # The build's own view shows why: no message besides.
        made.error = message
        self.changed.emit()

    def _save(self) -> None:
        self._preferences.remember_text(_NOTE, json.dumps([_plain(one) for one in self.builds]))


def history_of(services: Services) -> BuildHistory:
    """Return the one history: it lives as long as the jobs, and so survives a window in another language."""
    found: BuildHistory | None = services.jobs.findChild(BuildHistory)
    return found or BuildHistory(services.preferences, services.jobs)


def _plain(one: Build) -> dict[str, Any]:
    return {
        "spec": one.spec.memory(),
        "state": one.state,
        "started": one.started,
        "ended": one.ended,
        "image": one.image,
        "error": one.error,
        "lines": one.lines,
    }


def _read(text: str) -> list[Build]:
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    builds = []
    for data in found if isinstance(found, list) else []:
        try:
            builds.append(_rebuilt(data))
        except (AttributeError, KeyError, TypeError, ValueError):
            continue  # written by another version
    return builds


def _rebuilt(data: Mapping[str, Any]) -> Build:
    state = str(data["state"])
    return Build(
        recall(dict(data["spec"])),
        state if state in STATES and state != "running" else INTERRUPTED,
        float(data["started"]),
        float(data["ended"]),
        str(data["image"]),
        str(data["error"]),
        [str(line) for line in data["lines"]],
    )
