"""Which pod each container is in: the Docker API does not say, Podman's own does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.core.docker import LIBPOD
from app.gui.model.hub import Hub
from app.gui.work.runner import Op, TaskRunner


class PodNames(QObject):
    """Names of pods by container; looked up when containers come that are not known.

    Signals:
        changed: some container is in another pod than was known.
    """

    changed = Signal()

    def __init__(self, hub: Hub, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._hub = hub
        self._runner = runner
        self._names: dict[str, str] = {}
        self._seen: set[str] = set()
        self._asking = False
        hub.containers.reset.connect(self._on_reset)
        hub.containers.changed.connect(self._on_changed)
        self._on_reset()

    def of(self, key: str) -> str:
        """Return the name of a container's pod, "" for none."""
        return self._names.get(key, "")

    def _on_reset(self) -> None:
        self._seen = set()
        self._look()

    def _on_changed(self, _keys: list[str]) -> None:
        self._look()

    def _look(self) -> None:
        status = self._hub.status
        keys = set(self._hub.containers.rows)
        if self._asking or not keys - self._seen or status is None or not self._hub.engine_ready:
            return
        if status.engine is None or not status.engine.kind.startswith("podman"):
            return
        self._asking = True
        docker = self._hub.docker(api=LIBPOD)

        def finished() -> None:
            self._asking = False

        (
            Op(self, lambda: docker.get("/pods/json"))
            .finished(finished)
            .success(lambda pods: self._on_pods(keys, pods))
            .failure(lambda _error: self._seen.update(keys))
            .run(self._runner)
        )

    def _on_pods(self, keys: set[str], pods: Sequence[Mapping[str, Any]] | None) -> None:
        self._seen = keys
        names = {str(one["Id"]): str(pod["Name"]) for pod in pods or [] for one in pod.get("Containers") or []}
        if names != self._names:
            self._names = names
            self.changed.emit()
        self._look()
