"""Volumes opened for exports and imports, and looked into."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent import jobs
from agent.errors import AgentError
from tests.unit.agent.volume_world import World, content, filled


def test_exports_stay_until_they_are_closed(world: World) -> None:
    path = filled(world, Labels={"a": "b"})
    before = content(path)
    opened = world.call("open_export", volume="data", job="j")
    (path / "one").write_text("second")
    assert content(Path(opened["folder"]) / "data") == before
    assert opened["ids"] is None
    assert opened["manifest"]["labels"] == {"a": "b"}
    with pytest.raises(AgentError, match="busy: it is being exported"):
        world.call("snapshot", volume="data", name="s1")
    world.call("cancel", job="j")
    assert world.work_left() == []
    world.call("snapshot", volume="data", name="s1")
    opened = world.call("open_export", volume="data", snapshot="s1", job="j")
    world.call("cancel", job="j")
    assert [one["name"] for one in world.call("snapshots")] == ["s1"]


def test_an_export_that_nobody_asks_about_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(world)
    monkeypatch.setattr(jobs, "LEASE", 0.3)

    async def forgotten() -> None:
        await world.ask("open_export", {"volume": "data", "job": "j"})
        for _ in range(4):
            await world.loop.sleep(0.1)
            assert await world.ask("progress", {"job": "j"})
        while await world.ask("snapshots", {}) is None or world.work_left():
            await world.loop.sleep(0.05)

    world.run(forgotten())
    assert world.call("progress", job="j") == {}


def test_an_import_becomes_a_volume(world: World) -> None:
    opened = world.call("open_import", name="new", size=10, job="j")
    folder = Path(opened["folder"])
    (folder / "data").mkdir()
    (folder / "data" / "file").write_text("text")
    with pytest.raises(AgentError, match="busy: it is being imported"):
        world.call("open_import", name="new", size=10, job="k")
    assert world.call("finish_import", job="j", labels={"a": "b"})["name"] == "new"
    assert (Path(world.engine.volumes["new"]["Mountpoint"]) / "file").read_text() == "text"
    assert world.engine.volumes["new"]["Labels"] == {"a": "b"}
    assert world.work_left() == []


def test_an_import_that_is_cancelled_or_wrong_leaves_nothing(world: World) -> None:
    opened = world.call("open_import", name="new", size=10, job="j")
    (Path(opened["folder"]) / "other").mkdir()
    with pytest.raises(AgentError, match="no export of a volume"):
        world.call("finish_import", job="j", labels={})
    world.call("cancel", job="j")
    assert world.work_left() == []
    assert world.engine.volumes == {}
    with pytest.raises(AgentError, match="given up"):
        world.call("finish_import", job="j", labels={})


def test_an_import_too_large_or_of_a_known_name_is_refused(world: World) -> None:
    filled(world)
    with pytest.raises(AgentError, match="has no room") as error:
        world.call("open_import", name="new", size=1 << 62, job="j")
    assert error.value.code == "disk-full"
    with pytest.raises(AgentError, match="volume 'data' already"):
        world.call("open_import", name="data", size=1, job="j")
    assert world.work_left() == []


def test_browsing_stays_in_the_volume(world: World) -> None:
    path = filled(world)
    (path / "out").symlink_to("/")
    listed = world.call("browse", volume="data", path="/")
    entries = {entry["name"]: entry for entry in listed["entries"]}
    assert list(entries) == ["again", "link", "one", "out", "sub"]
    assert (entries["one"]["kind"], entries["one"]["size"], entries["one"]["mode"]) == ("file", 5, 0o640)
    assert (entries["link"]["kind"], entries["link"]["target"]) == ("link", "/etc/passwd")
    assert [entry["name"] for entry in world.call("browse", volume="data", path="sub/")["entries"]] == ["two"]
    for wrong, words in (("../..", "leads out"), ("out/etc", "is no folder"), ("one", "is no folder"), ("x", "exist")):
        with pytest.raises(AgentError, match=words):
            world.call("browse", volume="data", path=wrong)
    world.call("snapshot", volume="data", name="s1")
    (path / "one").unlink()
    listed = world.call("browse", volume="data", path="/", snapshot="s1")
    assert "one" in [entry["name"] for entry in listed["entries"]]
