"""Removing with a net: what would be lost is kept in the trash before, and what was not removed leaves it after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from app.gui.services import Services
from app.gui.text import tr
from app.gui.work.jobs import Control


class TrashNet:
    """What a job of removing is put into.

    It is made on the main thread and used in the job's: `with net.under(control): remove()`.
    """

    def __init__(
        self, services: Services, *, containers: Sequence[str] = (), volumes: Sequence[str] = (), keep: bool = True
    ) -> None:
        """`containers`: identifiers; those that run are stopped first. `keep`: False removes without a net."""
        self._services = services
        self._path = services.hub.path()
        self._body = {"containers": list(containers), "volumes": list(volumes), "stop": "force"}
        self._keep = keep and bool(containers or volumes)

    @contextmanager
    def under(self, control: Control) -> Iterator[None]:
        """Keep what would be lost; the block removes it. Raises LinnetError: it cannot be kept, nothing has changed."""
        if not self._keep:
            yield
            return
        jobs, hub = self._services.jobs, self._services.hub
        kept = jobs.perform(control, "POST", f"{self._path}/trash", self._body)["kept"]
        try:
            yield
        finally:
            if kept:
                with hub.client() as client:
                    settled = client.post(f"{self._path}/trash-settle", {"ids": [one["id"] for one in kept]})
                for one in settled["kept"]:
                    control.log(tr("{name} is kept in the trash.", name=one["name"]))
                self._services.runner.post(hub.trash.touch)
