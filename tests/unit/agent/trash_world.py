"""An engine that answers what a real Podman did, with files on this disk, and an agent that keeps what it removes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from agent.engines.api import ApiError
from agent.jobs import Jobs
from agent.loop import Loop
from agent.trash_keep import Keeper

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "removed-podman.json").read_text())
ID, ANON = RECORDED["Id"], RECORDED["Mounts"][1]["Name"]
IMAGE = RECORDED["Image"]


class FakeEngine:
    """What an engine keeps, with its files in a folder.

    Attributes:
        containers, volumes: inspect answers, by identifier and by name.
        calls: requests that change something.
        refuses: status by the beginning of a request.
    """

    kind = "podman"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.containers: dict[str, dict[str, Any]] = {}
        self.volumes: dict[str, dict[str, Any]] = {}
        self.images = {"localhost/hello:latest": IMAGE}
        self.networks = {"tnet"}
        self.calls: list[tuple[str, str, Any]] = []
        self.refuses: dict[str, int] = {}

    def connect(self, _loop: Loop) -> FakeEngine:
        return self

    def close(self) -> None:
        """There is nothing to close."""

    async def describe(self, _connection: object, key: str) -> dict[str, Any]:
        return self.containers[key]

    async def json(self, path: str) -> Any:
        response = await self.request("GET", path)
        return json.loads(await response.body())

    async def request(
        self, method: str, path: str, body_file: str | None = None, *, content: bytes | None = None
    ) -> Any:
        body = json.loads(content) if content else None
        if body_file:
            body = Path(body_file).read_bytes()
        if method != "GET":
            self.calls.append((method, path, body))
        for beginning, status in self.refuses.items():
            if f"{method} {path}".startswith(beginning):
                raise ApiError(status, "no")
        answer = json.dumps(self._answer(method, path.partition("?")[0].strip("/").split("/"), path, body)).encode()

        async def whole() -> bytes:
            return answer

        async def chunks() -> AsyncIterator[bytes]:
            yield b"a "
            yield b"tar"

        return SimpleNamespace(body=whole, chunks=chunks)

    def _answer(self, method: str, words: list[str], path: str, body: Any) -> Any:
        kind, name = words[0], unquote(words[1]) if len(words) > 1 else ""
        if (method, name) == ("POST", "create"):
            return self._create(kind, path, body)
        there: Any = {
            "containers": self.containers, "volumes": self.volumes, "networks": {key: {} for key in self.networks},
            "images": {name: {"Id": key} for name, key in self.images.items()},
        }[kind]  # fmt: skip
        if kind == "containers":
            name = next((key for key, one in there.items() if one["Name"] == f"/{name}"), name)
        if kind == "images" and name in {key.removeprefix("sha256:") for key in self.images.values()}:
            return {"Id": name}
        if name not in there:
            raise ApiError(404, f"no {name}")
        if method == "DELETE":
            return there.pop(name) and {}
        if words[-1] in ("stop", "start", "kill"):
            there[name]["State"]["Running"] = words[-1] == "start"
        return there[name]

    def _create(self, kind: str, path: str, body: Any) -> Any:
        if kind == "volumes":
            return self.add_volume(body["Name"], body.get("Labels"))
        if "name=" not in path:
            return self.add({**RECORDED, "Id": "8" * 64, "Name": "/helper"})
        found = re.search(r"name=(.*)", path)
        assert found is not None
        mounts = []
        for destination in body.get("Volumes") or {}:
            made = self.add_volume("e" * 64)
            mounts.append({"Type": "volume", "Name": made["Name"], "Source": made["Mountpoint"],
                           "Destination": destination})  # fmt: skip
        return self.add({**RECORDED, "Id": "9" * 64, "Name": f"/{unquote(found[1])}", "Mounts": mounts})

    def add(self, inspected: dict[str, Any]) -> dict[str, Any]:
        upper = self.folder / inspected["Id"][:8] / "diff"
        upper.mkdir(parents=True)
        (upper / f"made-for-{inspected['Id'][:2]}").mkdir()
        data = {"Data": {"UpperDir": str(upper)}}
        self.containers[inspected["Id"]] = {**json.loads(json.dumps(inspected)), "GraphDriver": data}
        return {"Id": inspected["Id"]}

    def add_volume(self, name: str, labels: Any = None) -> dict[str, Any]:
        folder = self.folder / "volumes" / name[:8]
        folder.mkdir(parents=True)
        self.volumes[name] = {
            "Name": name, "Driver": "local", "Mountpoint": str(folder), "Labels": labels or {}, "Options": {},
        }  # fmt: skip
        return self.volumes[name]

    def upper(self, key: str) -> Path:
        return Path(self.containers[key]["GraphDriver"]["Data"]["UpperDir"])

    def removed(self, key: str, *volumes: str) -> None:
        """What the engine does when somebody removes a container and volumes."""
        shutil.rmtree(self.upper(key))
        del self.containers[key]
        for name in volumes:
            shutil.rmtree(self.volumes.pop(name)["Mountpoint"])


class World:
    """A keeper with an engine that has the container `web`."""

    def __init__(self, folder: Path) -> None:
        self.engine = FakeEngine(folder / "engine")
        self.root = folder / "trash"
        self.engine.add(RECORDED)
        (self.engine.upper(ID) / "notes").write_text("notes")
        anon = self.engine.add_volume(ANON)
        (Path(anon["Mountpoint"]) / "file").write_text("anon")
        named = self.engine.add_volume("named", {"a": "b"})
        (Path(named["Mountpoint"]) / "file").write_text("named")
        self._keeper: Keeper | None = None

    def do(self, method: str, **params: Any) -> Any:
        loop, keeper, _jobs = self.agent()
        work: Coroutine[Any, Any, Any] = keeper.methods[method](params)  # type: ignore[assignment]
        return loop.run(work)

    def agent(self) -> tuple[Loop, Keeper, Jobs]:
        """A new agent with what is on the disk."""
        loop = Loop()
        jobs = Jobs(loop)
        engines: Any = SimpleNamespace(current=self.engine)
        return loop, Keeper(loop, engines, jobs, str(self.root)), jobs

    def keep(self, **params: Any) -> list[str]:
        return [one["id"] for one in self.do("trash.keep", **params)["kept"]]

    def entries(self) -> list[str]:
        return [one["name"] for one in self.do("trash.list")]
