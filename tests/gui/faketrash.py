"""The part of the fake linnetd that is about removals: what would be lost, and the trash."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.gui.fake import FakeLinnet, Request


class FakeTrash:
    """A trash as it was recorded.

    Attributes:
        losses: what containers hold, by name: what differs from the recorded one, which holds nothing.
        entries: what is in the trash.
        days: how long things are kept.
        calls: what was asked, in order: what it was and its body.
        refusal: the error with which keeping and restoring end, None for success.
    """

    def __init__(self, fake: FakeLinnet, recorded: Callable[[str], Any]) -> None:
        self._fake = fake
        self._recorded = recorded
        self.losses: dict[str, dict[str, Any]] = {}
        self.entries: list[dict[str, Any]] = recorded("service_v1_machines_default_trash")
        self.days = 7.0
        self.calls: list[tuple[str, Any]] = []
        self.refusal: dict[str, Any] | None = None

    def set_up(self) -> None:
        """Have the service answer."""
        on, here = self._fake.service.on, "/machines/default"
        on("POST", f"{here}/losses", self._losses)
        on("GET", f"{here}/trash", lambda _request: self.entries)
        on("POST", f"{here}/trash", self._keep)
        on("POST", f"{here}/trash-settle", self._settle)
        on("POST", f"{here}/trash/[^/]+/restore", self._restore)
        on("DELETE", f"{here}/trash/[^/]+", self._remove)
        on("POST", f"{here}/save-volume", self._save)

    def _losses(self, request: Request) -> Any:
        found = self._recorded("service_v1_machines_default_losses")
        empty = {**found["containers"][0], "bytes": 0, "files": 0, "paths": [], "volumes": []}
        rows = {row["Id"]: row for row in self._fake.containers}
        found["containers"] = []
        for key in request.body["containers"]:
            name = rows[key]["Names"][0].removeprefix("/")
            running = rows[key]["State"] == "running"
            found["containers"].append(
                {**empty, "id": key, "name": name, "running": running, **self.losses.get(name, {})}
            )
        return {**found, "days": self.days}

    def _long(self, what: str, body: Any, result: Any) -> Any:
        self.calls.append((what, body))
        yield {"operation": "op-trash"}
        yield {"progress": {"text": what, "done": None, "total": None}}
        yield {"error": self.refusal} if self.refusal else {"result": result}

    def _keep(self, request: Request) -> Any:
        kept = [{**self.entries[0], "id": "0000aaaa", "pending": True}] if self.days else []
        return self._long("keep", request.body, {"kept": kept, "days": self.days})

    def _settle(self, request: Request) -> Any:
        self.calls.append(("settle", request.body))
        return {"kept": [{**self.entries[0], "id": one} for one in request.body["ids"]], "days": 0}

    def _restore(self, request: Request) -> Any:
        key = request.path.split("/")[-2]
        entry = next(one for one in self.entries if one["id"] == key)
        if not self.refusal:
            self.entries = [one for one in self.entries if one["id"] != key]
        result = {"kind": entry["kind"], "id": "5e" * 32, "name": request.body["name"] or entry["name"], "notes": []}
        return self._long("restore", {"id": key, **request.body}, result)

    def _remove(self, request: Request) -> Any:
        key = request.path.rpartition("/")[2]
        self.entries = [one for one in self.entries if one["id"] != key]
        return self._long("remove", key, {"removed": [key], "freed": 8192})

    def _save(self, request: Request) -> Any:
        return self._long("save", request.body, {"name": request.body["name"]})
