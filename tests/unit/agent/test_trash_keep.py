"""Tests of agent.trash_keep and agent.trash_restore, with an engine that answers what a real Podman did."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent import folders, trash_keep, trash_methods
from agent.engines.api import ApiError
from agent.errors import AgentError
from agent.loop import Future
from agent.trash_keep import Keeper
from tests.unit.agent.trash_world import ANON, ID, IMAGE, RECORDED, World


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
    async def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "copy", full)
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
    loop, keeper, _jobs = world.agent()
    copy, refused = folders.copy, Future()

    async def wait_and_copy(*arguments: Any) -> None:
        await loop.timeout(10, refused.outcome())
        await copy(*arguments)

    monkeypatch.setattr(folders, "copy", wait_and_copy)

    async def both() -> list[Any]:
        results: list[Any] = []

        async def one() -> None:
            try:
                results.append((await keeper.methods["trash.keep"]({"containers": ["web"]}))["kept"])
            except AgentError as error:
                results.append(error)
                refused.finish()

        tasks = [loop.spawn(one()), loop.spawn(one())]
        for task in tasks:
            await task
        return results

    results = loop.run(both())
    errors = [one for one in results if isinstance(one, AgentError)]
    assert [(error.code, error.message, error.hint) for error in errors] == [
        ("conflict", "web is just being removed.", "Try again when that is done.")
    ]


def test_pending_ones_that_nobody_settles_are_settled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.keep(containers=["web"])
    world.engine.removed(ID, ANON)
    monkeypatch.setattr(trash_keep, "FORGOTTEN_AFTER", -1.0)
    loop, keeper, _jobs = world.agent()
    loop.run(keeper.tend())
    assert world.entries() == ["web"]


def test_removing_for_good(removed: World) -> None:
    assert removed.do("trash.show", id="web")["inspect"]["Id"] == ID
    with pytest.raises(AgentError, match="no 'bird'"):
        removed.do("trash.remove", ids=["web", "bird"])
    assert removed.entries() == ["web"]
    assert removed.do("trash.remove")["freed"] > 0
    assert removed.entries() == []


def test_a_cancelled_keeping_keeps_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    loop, keeper, jobs = world.agent()
    world.engine.containers[ID]["State"]["Running"] = True

    async def endless(*_: object) -> None:
        await loop.sleep(60)

    monkeypatch.setattr(folders, "copy", endless)

    async def work() -> Any:
        keeping = keeper.methods["trash.keep"]({"containers": ["web"], "stop": "gently", "job": "m"})
        task = loop.spawn(keeping)  # type: ignore[arg-type]
        while (await jobs.methods["jobs.progress"]({"job": "m"})).get("text") != "Keeping web":
            await loop.sleep(0.01)
        assert not world.engine.containers[ID]["State"]["Running"]
        await jobs.methods["jobs.cancel"]({"job": "m"})
        assert list(world.root.iterdir()) == []
        return await task

    with pytest.raises(AgentError, match="Cancelled") as cancelled:
        loop.run(work())
    assert cancelled.value.code == "cancelled"
    assert list(world.root.glob("*/manifest.json")) == []
    assert world.engine.containers[ID]["State"]["Running"]


@pytest.mark.parametrize(
    ("method", "params", "text", "undone"),
    [
        ("trash.restore", {"id": "web"}, "Restoring web", f"/containers/{'9' * 64}?force=true&v=true"),
        ("trash.save_volume", {"container": "db", "source": "/anon", "name": "kept"},
         "Copying /anon to the volume kept", "/volumes/kept"),
    ],
)  # fmt: skip
def test_what_is_made_of_it_goes_when_it_is_cancelled(
    removed: World, monkeypatch: pytest.MonkeyPatch, method: str, params: dict[str, Any], text: str, undone: str
) -> None:
    removed.engine.add({**RECORDED, "Id": "7" * 64, "Name": "/db"})
    loop, keeper, jobs = removed.agent()
    copying = Future()

    async def endless(*_: object) -> None:
        copying.finish()
        await loop.sleep(60)

    monkeypatch.setattr(folders, "copy", endless)

    async def work() -> Any:
        task = loop.spawn(keeper.methods[method]({**params, "job": "m"}))  # type: ignore[arg-type]
        await loop.timeout(10, copying.outcome())
        assert (await jobs.methods["jobs.progress"]({"job": "m"}))["text"] == text
        await jobs.methods["jobs.cancel"]({"job": "m"})
        return await task

    with pytest.raises(AgentError, match="Cancelled"):
        loop.run(work())
    assert removed.engine.calls[-1][:2] == ("DELETE", undone)
    assert removed.entries() == ["web"]


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
    loop, keeper, jobs = world.agent()
    engines: Any = SimpleNamespace(current=world.engine)
    table = trash_methods.methods(loop, engines, jobs, str(world.root))
    assert set(table) == set(trash_methods.NAMES) == set(keeper.methods)

    async def wait() -> None:
        await table["trash.list"]({})
        while len(tended) < 2:  # once for the list, once when halves are cleared
            await loop.sleep(0.01)

    loop.run(wait())
    assert not half.exists()
