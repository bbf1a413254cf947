"""Routes of what a removal would lose, and of the trash."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.app.service.conftest import Running
from vm.errors import ConflictError, NotFoundError, UsageError
from vm.progress import Progress, Reporter

MACHINE = "/v1/machines/default"

LOST: dict[str, Any] = {
    "kind": "container", "id": "4f" * 32, "name": "web", "image": "hello", "running": False, "auto_remove": False,
    "pod": "", "bytes": 4096, "files": 1, "deleted": 2, "paths": [{"path": "/srv/notes", "bytes": 4096}],
    "complete": True, "labels": {}, "volumes": [],
}  # fmt: skip

ENTRY: dict[str, Any] = {
    **LOST, "id": "1a2b3c4d", "engine": "podman", "pending": False, "format": 1, "removed_at": 1000.0, "size": 8192,
    "of": "4f" * 32, "until": 605800.0,
}  # fmt: skip


class FakeTrash:
    """A trash with one container in it."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    async def losses(self, containers: list[str], volumes: list[str]) -> dict[str, Any]:
        self.calls.append(("losses", containers, volumes))
        return {"engine": "podman", "containers": [LOST], "volumes": [], "days": 7}

    async def keep(
        self, containers: list[str], volumes: list[str], stop: str, timeout: int | None, report: Reporter
    ) -> dict[str, Any]:
        report(Progress("Keeping what would be lost"))
        self.calls.append(("keep", containers, volumes, stop, timeout))
        return {"kept": [{**ENTRY, "pending": True, "until": None}], "days": 7.0}

    async def settle(self, ids: list[str]) -> dict[str, Any]:
        self.calls.append(("settle", ids))
        return {"kept": [ENTRY]}

    async def list(self) -> list[dict[str, Any]]:
        return [ENTRY]

    async def show(self, name: str) -> dict[str, Any]:
        if name != "web":
            raise NotFoundError(f"There is no '{name}' in the trash.")
        return ENTRY

    async def restore(self, name: str, new_name: str | None, report: Reporter) -> dict[str, Any]:
        if new_name == "taken":
            raise ConflictError("There is a container taken already; choose another name for this one.")
        report(Progress(f"Restoring {name}"))
        return {"kind": "container", "id": "5e" * 32, "name": new_name or "web", "notes": []}

    async def remove(self, names: Any, report: Reporter) -> dict[str, Any]:
        report(Progress("Emptying the trash"))
        self.calls.append(("remove", names))
        return {"removed": ["1a2b3c4d"], "freed": 8192}

    async def save_volume(self, container: str, source: str, name: str, report: Reporter) -> dict[str, Any]:
        report(Progress("Copying"))
        self.calls.append(("save", container, source, name))
        return {"name": name}


@pytest.fixture
def trash(running: Running) -> FakeTrash:
    made = FakeTrash()
    running.machine.trash = made
    return made


async def operate(running: Running, method: str, path: str, body: Any = None) -> Any:
    return await running.call(lambda client: client.operate(method, f"{MACHINE}{path}", body, lambda *_step: None))


async def test_what_would_be_lost(running: Running, trash: FakeTrash) -> None:
    found = await running.call(lambda client: client.post(f"{MACHINE}/losses", {"containers": ["web"]}))
    assert found["containers"][0]["paths"] == [{"path": "/srv/notes", "bytes": 4096}]
    assert trash.calls == [("losses", ["web"], [])]


async def test_keeping_and_settling(running: Running, trash: FakeTrash) -> None:
    kept = await operate(running, "POST", "/trash", {"containers": ["web"], "stop": "force", "timeout": 3})
    assert (kept["days"], kept["kept"][0]["id"], kept["kept"][0]["pending"]) == (7.0, "1a2b3c4d", True)
    settled = await running.call(lambda client: client.post(f"{MACHINE}/trash-settle", {"ids": ["1a2b3c4d"]}))
    assert settled["kept"][0]["pending"] is False
    assert trash.calls == [("keep", ["web"], [], "force", 3), ("settle", ["1a2b3c4d"])]
    assert running.machine.uses == [0, 1, 0]


async def test_looking_restoring_and_removing(running: Running, trash: FakeTrash) -> None:
    assert (await running.call(lambda client: client.get(f"{MACHINE}/trash")))[0]["until"] == 605800.0
    assert (await running.call(lambda client: client.get(f"{MACHINE}/trash/web")))["name"] == "web"
    with pytest.raises(NotFoundError, match="no 'bird'"):
        await running.call(lambda client: client.get(f"{MACHINE}/trash/bird"))
    assert (await operate(running, "POST", "/trash/web/restore", {"name": "web2"}))["name"] == "web2"
    with pytest.raises(ConflictError, match="taken already"):
        await operate(running, "POST", "/trash/web/restore", {"name": "taken"})
    assert (await operate(running, "DELETE", "/trash/web"))["freed"] == 8192
    await operate(running, "DELETE", "/trash")
    assert (await operate(running, "POST", "/save-volume", {"container": "web", "source": "/srv", "name": "srv"})) == {
        "name": "srv"
    }
    assert trash.calls == [("remove", ["web"]), ("remove", None), ("save", "web", "/srv", "srv")]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/losses", {"containers": "web"}),
        ("/trash", {"containers": ["web"], "stop": "kindly"}),
        ("/trash", {"bird": 1}),
        ("/trash-settle", {}),
        ("/save-volume", {"container": "web"}),
    ],
)
async def test_requests_that_make_no_sense(running: Running, trash: FakeTrash, path: str, body: Any) -> None:
    with pytest.raises(UsageError):
        await running.call(lambda client: client.post(f"{MACHINE}{path}", body))
    assert trash.calls == []


async def test_unknown_machines(running: Running) -> None:
    with pytest.raises(NotFoundError, match="no machine 'bird'"):
        await running.call(lambda client: client.get("/v1/machines/bird/trash"))
