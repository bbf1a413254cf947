"""The log of one container, followed through its ends and starts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.core.docker import part
from app.gui.model.hub import Hub
from app.gui.text import tr
from app.gui.widgets.logintake import LogIntake
from app.gui.widgets.logread import LineReader, LogSource
from app.gui.widgets.logtime import moment
from app.gui.work.feed import Feed
from app.gui.work.runner import Op, TaskRunner
from vm.errors import LinnetError, NotFoundError

log = logging.getLogger(__name__)

_AGAIN = 1000
"""Milliseconds until a log that broke off is opened again while its container runs."""


class ContainerLog(QObject):
    """Follows a container's log into an intake.

    Attributes:
        id: the container's.
        active: whether it goes on; not after `stop`, nor when the container is gone.
    """

    def __init__(
        self,
        parent: QObject,
        hub: Hub,
        runner: TaskRunner,
        intake: LogIntake,
        container_id: str,
        *,
        source: int = 0,
        tail: int = 0,
    ) -> None:
        """`source`: number of its lines in the intake; `tail`: old lines that are wanted, 0 for all that are kept."""
        super().__init__(parent)
        self.id = container_id
        self.active = False
        self._hub = hub
        self._runner = runner
        self._intake = intake
        self._source = source
        self._tail = tail
        self._feed: Feed | None = None
        self._after, self._known = "", 0
        self._resting = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN)
        self._again.timeout.connect(self._open)
        hub.containers.changed.connect(self._on_changed)
        hub.containers.reset.connect(self._on_reset)
        hub.containers.removed.connect(self._on_removed)

    def start(self) -> None:
        """Begin, or go on where it was stopped."""
        self.active = True
        self._hub.containers.want(self)
        # That it has ended was said already; it is opened when it runs again.
        if not self._resting or self._runs():
            self._open()

    def stop(self) -> None:
        """End; what was taken in stays."""
        self.active = False
        self._again.stop()
        self._hub.containers.unwant(self)
        if self._feed is not None:
            self._note_time(self._feed)
            self._intake.detach(self._feed)
            self._feed = None

    def _open(self) -> None:
        if not self.active or self._feed is not None:
            return
        try:
            opening = self._opener()
        except LinnetError as error:
            self._say(error.message)
            return
        self._resting = False
        self._feed = self._intake.attach(self._source, opening, self._on_end)

    def _opener(self) -> Callable[[], LogSource]:
        docker, path = self._hub.docker(), f"/containers/{part(self.id)}"
        after, known = self._after, self._known
        tail = self._tail or None

        def opening() -> LogSource:
            # With a terminal the engine sends bytes as they are, else it tells the two streams apart.
            terminal = bool(docker.get(f"{path}/json")["Config"].get("Tty"))
            flow = docker.chunks(
                "GET", f"{path}/logs", follow=1, stdout=1, stderr=1, timestamps=1, tail=None if after else tail,
                since=moment(after) if after else None,
            )  # fmt: skip
            return LogSource(flow, LineReader(timed=True, after=after, known=known), multiplexed=not terminal)

        return opening

    def _on_end(self, error: LinnetError | None) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            self._note_time(feed)
        if not self.active:
            return
        if isinstance(error, NotFoundError):
            self._gone()
            return
        if error is not None:
            self._say(error.message)
        if not self._hub.engine_ready:
            return
        docker, path = self._hub.docker(), f"/containers/{part(self.id)}/json"
        Op(self, lambda: docker.get(path)).success(self._on_state).failure(self._on_lost).run(self._runner)

    def _on_state(self, found: dict[str, Any]) -> None:
        state = found["State"]
        if not self.active or self._feed is not None:
            return
        self._resting = not state.get("Running")
        if not self._resting:
            self._again.start()
        elif state.get("Status") in ("created", "configured", "initialized"):
            self._say(tr("The container has not been started yet."))
        else:
            code = state.get("ExitCode", 0)
            self._say(tr("The container has ended with exit code {code}. New lines come when it starts.", code=code))

    def _on_lost(self, error: LinnetError) -> None:
        if isinstance(error, NotFoundError):
            self._gone()
        else:
            log.info("the state of a container whose log ended cannot be had: %s", error.message)

    def _on_changed(self, keys: Sequence[str]) -> None:
        if self.active and self._feed is None and self.id in keys and self._runs():
            self._again.stop()
            self._open()

    def _on_reset(self) -> None:
        self._on_changed([self.id])

    def _on_removed(self, keys: Sequence[str]) -> None:
        if self.active and self.id in keys and self._feed is None:
            self._gone()

    def _note_time(self, feed: Feed) -> None:
        last, lines = self._intake.last_time(feed)
        if last:
            # What came before with the same time was left out of this feed.
            self._known = lines + (self._known if last == self._after else 0)
            self._after = last

    def _runs(self) -> bool:
        return self._hub.containers.rows.get(self.id, {}).get("State") == "running"

    def _gone(self) -> None:
        self._say(tr("The container has been removed."))
        self.stop()

    def _say(self, text: str) -> None:
        self._intake.note(text, self._source)
