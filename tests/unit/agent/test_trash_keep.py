"""Tests of agent.trash_keep and agent.trash_restore, with an engine that answers what a real Podman did."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest

from agent import trash, trash_keep, trash_methods
from agent.engines.api import ApiError
from agent.errors import AgentError
from agent.loop import Loop
from agent.trash_keep import Keeper
from agent.treecopy import copy_tree

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
        loop = Loop()
        engines: Any = SimpleNamespace(current=self.engine)
        keeper = Keeper(loop, engines, str(self.root))
        work: Coroutine[Any, Any, Any] = keeper.methods[method](params)  # type: ignore[assignment]
        return loop.run(work)

    def keep(self, **params: Any) -> list[str]:
        return [one["id"] for one in self.do("trash.keep", **params)["kept"]]

    def entries(self) -> list[str]:
        return [one["name"] for one in self.do("trash.list")]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_what_would_be_lost(world: World) -> None:
    found = world.do("losses", containers=["web", "bird"], volumes=["named", "bird"])
    assert [one["name"] for one in found["containers"]] == ["web"]
    assert found["containers"][0]["paths"] == [{"path": "/notes", "bytes": 5}]
    assert found["containers"][0]["volumes"][0]["destination"] == "/anon"
    assert found["volumes"][0]["bytes"] == 5
    world.engine.volumes["named"]["Options"] = {"device": "/srv", "o": "bind"}
    assert world.do("losses", volumes=["named"])["volumes"][0]["bytes"] == 0


def test_removed_and_brought_back(world: World) -> None:
    ids = world.keep(containers=["web"], volumes=["named"])
    assert world.entries() == []  # pending
    world.engine.removed(ID, ANON, "named")
    assert len(world.do("trash.settle", ids=ids)["kept"]) == 2
    assert sorted(world.entries()) == ["named", "web"]
    with pytest.raises(AgentError, match="volume named, which it needs, is missing: it is in the trash"):
        world.do("trash.restore", id="web")
    assert world.do("trash.restore", id="named")["name"] == "named"
    assert world.engine.volumes["named"]["Labels"] == {"a": "b"}
    assert world.do("trash.restore", id="web")["notes"] == []
    upper = world.engine.upper("9" * 64)
    assert sorted(path.name for path in upper.iterdir()) == [f"made-for-{ID[:2]}", "notes"]
    assert (Path(world.engine.volumes["e" * 64]["Mountpoint"]) / "file").read_text() == "anon"
    assert world.entries() == []


def test_what_was_not_removed_leaves_the_trash(world: World) -> None:
    ids = world.keep(containers=["web"])
    assert world.do("trash.settle", ids=[*ids, "0" * 8])["kept"] == []
    assert list(world.root.glob("*/manifest.json")) == []
    ids = world.keep(containers=["web"])
    world.engine.removed(ID)  # without -v: its volume stays
    assert world.do("trash.settle", ids=ids)["kept"][0]["volumes"] == []
    world.do("trash.restore", id="web")
    (_method, _path, body) = next(call for call in world.engine.calls if call[1].startswith("/containers/create"))
    assert any(bind.startswith(f"{ANON}:/anon") for bind in body["HostConfig"]["Binds"])


def test_what_runs_is_left_out_or_stopped(world: World) -> None:
    world.engine.containers[ID]["State"]["Running"] = True
    assert world.keep(containers=["web"]) == []
    assert world.engine.calls == []
    assert len(world.keep(containers=["web"], stop="force", timeout=3)) == 1
    assert world.engine.calls == [("POST", f"/containers/{ID}/stop?t=3", None)]
    world.engine.calls.clear()
    world.engine.containers[ID]["State"].update(Running=True, Paused=True)
    assert len(world.keep(containers=["web"], stop="force")) == 1
    assert world.engine.calls == []
    world.engine.kind = "docker"
    world.engine.containers[ID]["State"].update(Running=True, Paused=False)
    world.keep(containers=["web"], stop="force")
    assert world.engine.calls[-1] == ("POST", f"/containers/{ID}/kill", None)


def test_what_is_too_large_is_started_again(world: World) -> None:
    world.do("trash.policy", days=7, bytes=6)
    world.engine.containers[ID]["State"]["Running"] = True
    with pytest.raises(AgentError, match="takes no more than"):
        world.keep(containers=["web"], stop="gently")
    assert [call[1] for call in world.engine.calls] == [f"/containers/{ID}/stop?t=10", f"/containers/{ID}/start"]
    assert list(world.root.glob("*/manifest.json")) == []


def test_one_that_cannot_be_kept_keeps_none(world: World) -> None:
    world.do("trash.policy", days=7, bytes=100)
    (Path(world.engine.volumes["named"]["Mountpoint"]) / "big").write_bytes(b"x" * 1000)
    with pytest.raises(AgentError, match="named holds"):
        world.keep(containers=["web"], volumes=["named"])
    assert list(world.root.glob("*/manifest.json")) == []


def test_off_keeps_nothing(world: World) -> None:
    world.do("trash.policy", days=0, bytes=1 << 30)
    assert world.do("trash.keep", containers=["web"]) == {"kept": [], "days": 0}


def test_those_made_with_rm_are_not_kept(world: World) -> None:
    world.engine.containers[ID]["HostConfig"]["AutoRemove"] = True
    assert world.keep(containers=["web"], stop="force") == []


@pytest.fixture
def removed(world: World) -> World:
    ids = world.keep(containers=["web"])
    world.engine.removed(ID, ANON)
    world.do("trash.settle", ids=ids)
    return world


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("network", "The network tnet, which it needs, is missing: `linnet network create tnet`"),
        ("volume", "The volume named, which it needs, is missing: `linnet volume create named`"),
        ("image", "The image localhost/hello:latest, which it needs, is missing"),
        ("other image", "localhost/hello:latest is another one now"),
        ("name", "There is a container web already"),
        ("engine", "belongs to the engine podman, and docker is in use"),
    ],
)
def test_what_is_missing_is_named_and_nothing_changes(removed: World, missing: str, said: str) -> None:
    engine = removed.engine
    if missing == "network":
        engine.networks.clear()
    elif missing == "volume":
        del engine.volumes["named"]
    elif missing == "image":
        engine.images.clear()
    elif missing == "other image":
        engine.images = {"localhost/hello:latest": "sha256:other"}
    elif missing == "name":
        engine.add({**RECORDED, "Id": "7" * 64})
    else:
        engine.kind = "docker"
    with pytest.raises(AgentError, match=re.escape(said)) as refused:
        removed.do("trash.restore", id="web")
    assert refused.value.code == "conflict"
    assert engine.calls == []
    engine.kind = "podman"
    assert removed.entries() == ["web"]


def test_an_image_that_lost_its_name_is_found(removed: World) -> None:
    removed.engine.images = {"<none>": IMAGE, "localhost/hello:latest": "sha256:other"}
    removed.do("trash.restore", id="web", name="web2")
    path, body = next((path, body) for _, path, body in removed.engine.calls if "/create" in path)
    assert (path, body["Image"]) == ("/containers/create?name=web2", IMAGE)


def test_half_a_restoring_is_undone(removed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from agent import trash_restore

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(trash_restore, "copy_tree", full)
    with pytest.raises(AgentError, match="disk is full") as refused:
        removed.do("trash.restore", id="web")
    assert refused.value.code == "disk-full"
    assert removed.engine.calls[-1][:2] == ("DELETE", f"/containers/{'9' * 64}?force=true&v=true")
    assert removed.entries() == ["web"]


def test_the_engines_refusal_is_told(removed: World) -> None:
    removed.engine.refuses["POST /containers/create"] = 500
    with pytest.raises(AgentError, match="The engine did not make web again: no"):
        removed.do("trash.restore", id="web")
    assert removed.entries() == ["web"]


def test_two_at_once_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = threading.Event()

    def wait_and_copy(*arguments: Any) -> Any:
        assert refused.wait(10)
        return copy_tree(*arguments)

    monkeypatch.setattr(trash, "copy_tree", wait_and_copy)
    loop = Loop()
    engines: Any = SimpleNamespace(current=world.engine)
    keeper = Keeper(loop, engines, str(world.root))

    async def both() -> list[Any]:
        results: list[Any] = []

        async def one() -> None:
            try:
                results.append((await keeper.methods["trash.keep"]({"containers": ["web"]}))["kept"])
            except AgentError as error:
                results.append(error)
                refused.set()

        tasks = [loop.spawn(one()), loop.spawn(one())]
        for task in tasks:
            await task
        return results

    results = loop.run(both())
    errors = [one for one in results if isinstance(one, AgentError)]
    assert [(error.code, error.message) for error in errors] == [
        ("conflict", "web is just being removed; wait until that is done.")
    ]


def test_pending_ones_that_nobody_settles_are_settled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.keep(containers=["web"])
    world.engine.removed(ID, ANON)
    monkeypatch.setattr(trash_keep, "FORGOTTEN_AFTER", -1.0)
    loop = Loop()
    engines: Any = SimpleNamespace(current=world.engine)
    loop.run(Keeper(loop, engines, str(world.root)).tend())
    assert world.entries() == ["web"]


def test_removing_for_good(removed: World) -> None:
    assert removed.do("trash.show", id="web")["inspect"]["Id"] == ID
    with pytest.raises(AgentError, match="no 'bird'"):
        removed.do("trash.remove", ids=["web", "bird"])
    assert removed.entries() == ["web"]
    assert removed.do("trash.remove")["freed"] > 0
    assert removed.entries() == []


def test_a_cancelled_keeping_keeps_nothing(world: World) -> None:
    loop = Loop()
    engines: Any = SimpleNamespace(current=world.engine)
    keeper = Keeper(loop, engines, str(world.root))

    async def work() -> Any:
        await keeper.methods["trash.cancel"]({"mark": "m"})
        return await keeper.methods["trash.keep"]({"containers": ["web"], "mark": "m"})

    with pytest.raises(AgentError, match="Cancelled") as cancelled:
        loop.run(work())
    assert cancelled.value.code == "cancelled"
    assert list(world.root.glob("*/manifest.json")) == []


def test_a_volume_without_a_name_gets_one(world: World) -> None:
    world.engine.containers[ID]["Mounts"][1]["Source"] = world.engine.volumes[ANON]["Mountpoint"]
    assert world.do("trash.save_volume", container="web", source="/anon/", name="kept") == {"name": "kept"}
    assert (Path(world.engine.volumes["kept"]["Mountpoint"]) / "file").read_text() == "anon"


def test_a_folder_becomes_a_volume(world: World) -> None:
    world.do("trash.save_volume", container="web", source="/srv", name="kept")
    created = next(body for _, path, body in world.engine.calls if path == "/containers/create")
    assert created["HostConfig"]["Binds"] == ["kept:/linnet-volume"]
    helper = "8" * 64
    assert world.engine.calls[-2:] == [
        ("PUT", f"/containers/{helper}/archive?path=/linnet-volume", b"a tar"),
        ("DELETE", f"/containers/{helper}?force=true", None),
    ]
    assert list(world.root.iterdir()) == []


@pytest.mark.parametrize(
    ("container", "source", "name", "code"),
    [
        ("bird", "/srv", "kept", "not-found"),
        ("web", "srv", "kept", "usage"),
        ("web", "/", "kept", "usage"),
        ("web", "/srv", "named", "conflict"),
    ],
)
def test_what_cannot_become_a_volume(world: World, container: str, source: str, name: str, code: str) -> None:
    with pytest.raises(AgentError) as refused:
        world.do("trash.save_volume", container=container, source=source, name=name)
    assert refused.value.code == code
    assert world.engine.calls == []


def test_half_a_volume_goes_again(world: World) -> None:
    world.engine.refuses["PUT /containers"] = 500
    with pytest.raises(ApiError):
        world.do("trash.save_volume", container="web", source="/srv", name="kept")
    assert "kept" not in world.engine.volumes
    world.engine.refuses = {"GET /containers/" + ID + "/archive": 404}
    with pytest.raises(AgentError, match="no folder /srv"):
        world.do("trash.save_volume", container="web", source="/srv", name="kept")


def test_methods_are_loaded_when_needed_and_tend_the_trash(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tended: list[bool] = []

    async def tend(_keeper: Keeper) -> None:
        tended.append(True)

    monkeypatch.setattr(trash_methods, "FIRST_LOOK", 0.0)
    monkeypatch.setattr(Keeper, "tend", tend)
    half = world.root / ".new-12345678"
    half.mkdir(parents=True)
    loop = Loop()
    engines: Any = SimpleNamespace(current=world.engine)
    table = trash_methods.methods(loop, engines, str(world.root))
    assert set(table) == set(trash_methods.NAMES) == set(Keeper(loop, engines, str(world.root)).methods)

    async def wait() -> None:
        await table["trash.list"]({})
        while len(tended) < 2:  # once for the list, once when halves are cleared
            await loop.sleep(0.01)

    loop.run(wait())
    assert not half.exists()
