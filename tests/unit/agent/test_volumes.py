"""Snapshots, clones and rollbacks of volumes, on real files beside an engine that answers here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from agent import folders, volumes
from agent.errors import AgentError
from agent.loop import Task
from agent.volume_store import FORMAT
from agent.volume_work import VolumeWork
from tests.unit.agent.programs import stand_in
from tests.unit.agent.volume_world import World, content, filled


def test_a_snapshot_is_all_that_was_there(world: World) -> None:
    path = filled(world, Labels={"project": "shop"})
    before = content(path)
    made = world.call("snapshot", volume="data", name="s1")
    assert (made["size"], made["files"], made["paused"]) == (5005, 5, [])
    (path / "one").write_text("second")
    folder = world.base / "podman-rootful" / "data" / "s1"
    assert content(folder / "data") == before
    assert (folder / "data" / "one").stat().st_nlink == 2
    listed = world.call("snapshots", volume="data")
    assert [(one["name"], one["volume"], one["labels"]) for one in listed] == [("s1", "data", {"project": "shop"})]
    assert world.call("snapshots") == listed
    assert world.work_left() == []


def test_writers_are_paused_and_go_on(world: World) -> None:
    filled(world)
    world.engine.add_container("web", "data")
    world.engine.add_container("reader", "data", writes=False)
    world.engine.add_container("asleep", "data", "paused")
    world.engine.add_container("ended", "data", "exited")
    world.engine.add_container("other", "else")
    made = world.call("snapshot", volume="data", name="s1")
    assert made["paused"] == ["web"]
    assert 0 < made["paused_for"] < 30
    assert world.engine.asked == ["POST /containers/id-web/pause", "POST /containers/id-web/unpause"]
    assert world.engine.containers["asleep"]["State"] == "paused"
    assert not world.held.exists()


def test_what_cannot_be_paused_is_said(world: World) -> None:
    filled(world)
    world.engine.add_container("web", "data")
    world.engine.refusals["POST /containers/id-web/pause"] = (500, "cgroups v1 cannot")
    made = world.call("snapshot", volume="data", name="s1")
    assert made["paused"] == []
    assert made["not_paused"] == ["web: cgroups v1 cannot"]


def test_a_failed_copy_leaves_nothing_and_lets_containers_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(world)
    world.engine.add_container("web", "data")

    async def full(*_arguments: Any) -> None:
        assert world.engine.containers["web"]["State"] == "paused"
        assert json.loads(world.held.read_text())[0]["name"] == "web"
        raise AgentError("disk-full", "no room")

    monkeypatch.setattr(folders, "copy", full)
    with pytest.raises(AgentError, match="no room") as error:
        world.call("snapshot", volume="data", name="s1")
    assert error.value.code == "disk-full"
    assert world.engine.containers["web"]["State"] == "running"
    assert world.call("snapshots") == []
    assert world.work_left() == []


def test_a_full_disk_is_told_apart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(world)
    full = "for target; do :; done; mkdir $target; echo \"cp: error writing 'x': No space left on device\" >&2; exit 1"
    stand_in(world.folder, monkeypatch, "cp", full)
    with pytest.raises(AgentError, match="no room") as error:
        world.call("snapshot", volume="data", name="s1")
    assert error.value.code == "disk-full"
    assert world.work_left() == []


def test_an_agent_that_died_has_its_successor_tidy_up(world: World) -> None:
    filled(world)
    world.engine.add_container("web", "data", "paused")
    world.engine.add_container("db", "data", "exited")
    held = [
        {"do": "unpause", "engine": "podman-rootful", "id": "id-web", "name": "web"},
        {"do": "unpause", "engine": "podman-rootful", "id": "id-gone", "name": "gone"},
        {"do": "start", "engine": "podman-rootful", "id": "id-db", "name": "db"},
    ]
    world.held.write_text(json.dumps(held))
    half = world.base / ".work" / "0123"
    (half / "data").mkdir(parents=True)
    (half / "data" / "file").write_text("half")
    world.engine.add_volume("half")
    (half / "placing.json").write_text(json.dumps({"engine": "podman-rootful", "name": "half", "inode": 1}))
    world.begin()
    world.run(world.work.recover())
    assert world.engine.containers["web"]["State"] == "running"
    assert world.engine.containers["db"]["State"] == "running"
    assert not world.held.exists()
    assert world.work_left() == []
    assert sorted(world.engine.volumes) == ["data"]


def test_recovery_keeps_a_volume_that_was_finished(world: World) -> None:
    path = filled(world, "done")
    stage = world.base / ".work" / "0123"
    (stage / "data").mkdir(parents=True)
    placing = {"engine": "podman-rootful", "name": "done", "inode": path.stat().st_ino}
    (stage / "placing.json").write_text(json.dumps(placing))
    world.run(world.work.recover())
    assert "done" in world.engine.volumes
    assert world.work_left() == []


def test_a_clone_is_a_volume_of_its_own(world: World) -> None:
    labels = {"a": "b", "com.docker.volume.anonymous": ""}
    path = filled(world, Labels=labels, Options={"o": "uid=5"})
    world.call("clone", volume="data", name="copy")
    made = world.engine.volumes["copy"]
    assert (made["Labels"], made["Options"]) == ({"a": "b"}, {"o": "uid=5"})
    assert content(Path(made["Mountpoint"])) == content(path)
    (Path(made["Mountpoint"]) / "one").write_text("changed")
    assert (path / "again").read_text() == "first"
    assert world.work_left() == []


def test_a_clone_of_a_snapshot_brings_back_a_volume_that_is_gone(world: World) -> None:
    path = filled(world, Labels={"a": "b"})
    before = content(path)
    world.call("snapshot", volume="data", name="s1")
    subprocess.run(["rm", "-rf", str(path)], check=True)
    del world.engine.volumes["data"]
    with pytest.raises(AgentError, match="no volume 'data'"):
        world.call("rollback", volume="data", snapshot="s1", before="b")
    world.call("clone", volume="data", name="data", snapshot="s1")
    assert content(path) == before
    assert world.engine.volumes["data"]["Labels"] == {"a": "b"}


def test_a_clone_that_the_engine_refuses_leaves_nothing(world: World) -> None:
    filled(world)
    world.engine.refusals["POST /volumes/create"] = (500, "database is locked")
    with pytest.raises(Exception, match="database is locked"):
        world.call("clone", volume="data", name="copy")
    assert sorted(world.engine.volumes) == ["data"]
    assert world.work_left() == []


def test_a_volume_that_somebody_made_meanwhile_is_not_touched(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(world)

    copy = folders.copy

    async def meanwhile(*arguments: Any) -> None:
        await copy(*arguments)
        (world.engine.add_volume("copy") / "theirs").write_text("precious")

    monkeypatch.setattr(folders, "copy", meanwhile)
    with pytest.raises(AgentError, match="volume 'copy' already"):
        world.call("clone", volume="data", name="copy")
    assert [path.name for path in Path(world.engine.volumes["copy"]["Mountpoint"]).iterdir()] == ["theirs"]
    assert world.work_left() == []


def test_a_rollback_keeps_what_was_there(world: World) -> None:
    path = filled(world)
    before = content(path)
    world.call("snapshot", volume="data", name="s1")
    (path / "one").write_text("second")
    (path / "new").write_text("new")
    after = content(path)
    assert world.call("rollback", volume="data", snapshot="s1", before="undo") == {"before": "undo", "stopped": []}
    assert content(path) == before
    world.call("rollback", volume="data", snapshot="undo", before="redo")
    assert content(path) == after
    names = [one["name"] for one in world.call("snapshots", volume="data")]
    assert sorted(names) == ["redo", "s1", "undo"]
    assert world.work_left() == []


def test_a_rollback_under_a_running_container_is_refused_or_stops_it(world: World) -> None:
    path = filled(world)
    world.call("snapshot", volume="data", name="s1")
    (path / "one").write_text("second")
    world.engine.add_container("web", "data")
    world.engine.add_container("db", "data", writes=False)
    with pytest.raises(AgentError, match="in use by web, db") as error:
        world.call("rollback", volume="data", snapshot="s1", before="undo")
    assert error.value.code == "conflict"
    assert (path / "one").read_text() == "second"
    assert world.engine.asked == []
    world.engine.stale = 2
    done = world.call("rollback", volume="data", snapshot="s1", before="undo", stop=True)
    assert done["stopped"] == ["web", "db"]
    assert (path / "one").read_text() == "first"
    assert [entry["State"] for entry in world.engine.containers.values()] == ["running", "running"]
    assert world.engine.asked[0] == "POST /containers/id-web/stop"
    assert world.engine.asked[-1] == "POST /containers/id-db/start"


@pytest.mark.parametrize(("state", "rm", "words"), [("paused", False, "is paused"), ("running", True, "--rm")])
def test_what_cannot_be_stopped_and_started_again_is_not(world: World, state: str, rm: bool, words: str) -> None:
    filled(world)
    world.call("snapshot", volume="data", name="s1")
    world.engine.add_container("web", "data", state, rm=rm)
    with pytest.raises(AgentError, match=words):
        world.call("rollback", volume="data", snapshot="s1", before="undo", stop=True)
    assert world.engine.asked == []


def test_a_rollback_that_fails_starts_the_containers_again(world: World) -> None:
    path = filled(world)
    world.call("snapshot", volume="data", name="s1")
    world.call("snapshot", volume="data", name="undo")
    (path / "one").write_text("second")
    world.engine.add_container("web", "data")
    with pytest.raises(AgentError, match="has a snapshot 'undo' already"):
        world.call("rollback", volume="data", snapshot="s1", before="undo", stop=True)
    assert (path / "one").read_text() == "second"
    assert world.engine.containers["web"]["State"] == "running"
    assert world.work_left() == []


def test_the_second_work_on_a_volume_is_refused_by_the_name_of_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(world)
    copy = folders.copy

    async def slow(*arguments: Any) -> None:
        await world.loop.sleep(0.2)
        await copy(*arguments)

    monkeypatch.setattr(folders, "copy", slow)

    async def both() -> None:
        first = Task(world.loop, world.ask("snapshot", {"volume": "data", "name": "s1"}))
        await world.loop.sleep(0.1)
        with pytest.raises(AgentError, match="busy: a snapshot of it is being taken") as error:
            await world.ask("clone", {"volume": "data", "name": "copy"})
        assert error.value.code == "conflict"
        assert (await first)["name"] == "s1"

    world.run(both())
    assert world.call("clone", volume="data", name="copy")["name"] == "copy"


def test_work_can_be_watched_and_cancelled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(world)
    world.engine.add_container("web", "data")

    async def endless(*_arguments: Any) -> None:
        await world.loop.sleep(60)

    monkeypatch.setattr(folders, "copy", endless)

    async def cancelled() -> None:
        first = Task(world.loop, world.ask("snapshot", {"volume": "data", "name": "s1", "job": "j"}))
        while (await world.ask("progress", {"job": "j"})).get("text") != "Copying":
            await world.loop.sleep(0.01)
        assert world.engine.containers["web"]["State"] == "paused"
        await world.ask("cancel", {"job": "j"})
        assert world.engine.containers["web"]["State"] == "running"
        assert world.work_left() == []
        with pytest.raises(AgentError, match="Cancelled") as error:
            await first
        assert error.value.code == "cancelled"

    world.run(cancelled())
    assert world.engine.containers["web"]["State"] == "running"
    assert world.work_left() == []
    assert world.call("snapshots") == []


def test_the_program_that_copies_ends_when_it_is_cancelled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(world)
    stand_in(world.folder, monkeypatch, "cp", "echo $$ > pid; exec sleep 60")
    pid = world.folder / "pid"

    async def cancelled() -> None:
        first = Task(world.loop, world.ask("snapshot", {"volume": "data", "name": "s1", "job": "j"}))
        while not pid.exists() or not pid.read_text().strip():
            await world.loop.sleep(0.01)
        await world.ask("cancel", {"job": "j"})
        with pytest.raises(AgentError, match="Cancelled"):
            await first

    monkeypatch.chdir(world.folder)
    world.run(cancelled())
    assert not Path(f"/proc/{pid.read_text().strip()}").exists()


def test_snapshots_are_removed(world: World) -> None:
    filled(world)
    world.call("snapshot", volume="data", name="s1")
    assert world.call("remove_snapshot", volume="data", name="s1") == {}
    assert world.call("snapshots", volume="data") == []
    assert world.work_left() == []
    with pytest.raises(AgentError, match="has no snapshot 's1'"):
        world.call("remove_snapshot", volume="data", name="s1")


def test_a_snapshot_of_a_newer_linnet_is_left_alone(world: World) -> None:
    path = filled(world)
    world.call("snapshot", volume="data", name="s1")
    manifest = world.base / "podman-rootful" / "data" / "s1" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": FORMAT + 1}))
    (path / "one").write_text("second")
    for method, more in (("rollback", {"snapshot": "s1", "before": "b"}), ("clone", {"name": "n", "snapshot": "s1"})):
        with pytest.raises(AgentError, match="newer Linnet"):
            world.call(method, volume="data", **more)
    assert (path / "one").read_text() == "second"


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a/b", "x" * 200, "-rf"])
def test_names_that_nothing_can_have(world: World, name: str) -> None:
    filled(world)
    for method, params in (
        ("snapshot", {"volume": "data", "name": name}),
        ("snapshot", {"volume": name, "name": "s1"}),
        ("clone", {"volume": "data", "name": name}),
        ("rollback", {"volume": "data", "snapshot": name, "before": "b"}),
        ("remove_snapshot", {"volume": "data", "name": name}),
        ("browse", {"volume": name, "path": "/"}),
        ("open_import", {"name": name, "job": "j"}),
    ):
        with pytest.raises(AgentError, match="cannot be the name") as error:
            world.call(method, **params)
        assert error.value.code == "usage"


@pytest.mark.parametrize("more", [{"Driver": "nfs"}, {"Options": {"type": "tmpfs", "device": "tmpfs"}}])
def test_volumes_whose_files_are_elsewhere(world: World, more: dict[str, Any]) -> None:
    filled(world, **more)
    with pytest.raises(AgentError, match="not on the machine's data disk"):
        world.call("snapshot", volume="data", name="s1")
    with pytest.raises(AgentError, match="no volume 'nope'"):
        world.call("snapshot", volume="nope", name="s1")
    with pytest.raises(AgentError, match="no volume 'nope'"):
        world.call("snapshots", volume="nope")


def test_every_method_is_there_and_loads_what_it_needs(world: World) -> None:
    table = volumes.methods(world.loop, world.work._engines, world.jobs)
    assert set(table) == set(volumes.NAMES)
    assert all(callable(getattr(VolumeWork, name.partition(".")[2])) for name in table)
    with pytest.raises(AgentError, match="cannot be the name"):
        world.run(_called(table["volumes.browse"], {"volume": "-"}))
    with pytest.raises(KeyError):
        world.run(_called(table["volumes.browse"], {}))


async def _called(method: Any, params: dict[str, Any]) -> Any:
    return await method(params)
