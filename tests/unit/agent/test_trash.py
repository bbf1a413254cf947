"""Tests of agent.trash: entries on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.errors import AgentError
from agent.jobs import Job, Jobs
from agent.loop import Loop
from agent.trash import DAY, Manifest, Trash, summary
from tests.unit.agent.programs import stand_in

NOW = 1_700_000_000.0


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "container", "name": name, "bytes": 10, "inspect": {"Id": "1"}, **more}


def add(trash: Trash, manifest: Manifest, sources: dict[str, str], *, stopped: bool = False) -> Manifest:
    """Keep copies of folders, as a job does."""
    loop = Loop()

    async def work(job: Job) -> Manifest:
        if stopped:
            job.stop()
        made = await trash.copy(loop, job, manifest, sources)
        trash.put([made])
        return made

    made: Manifest = loop.run(Jobs(loop).run(None, work))
    return made


def names(folder: str | Path) -> list[str]:
    return [path.name for path in Path(folder).iterdir()]


@pytest.fixture
def source(tmp_path: Path) -> str:
    folder = tmp_path / "upper"
    folder.mkdir()
    (folder / "file").write_bytes(b"x" * 100_000)
    return str(folder)


@pytest.fixture
def trash(tmp_path: Path) -> Trash:
    return Trash(str(tmp_path / "trash"))


def test_an_entry_is_there_whole(trash: Trash, source: str) -> None:
    made = add(trash, entry("web"), {"layer": source, "volumes/0": source})
    assert made["size"] >= 200_000
    assert trash.find("web") == trash.find(made["id"]) == made
    layer = trash.folder(made, "layer")
    assert layer is not None
    assert (Path(layer) / "file").stat().st_size == 100_000
    assert trash.folder(made, "volumes/1") is None
    assert "inspect" not in summary(made)
    assert Path(trash.root).stat().st_mode & 0o777 == 0o700


def test_the_newest_of_a_name_is_meant(trash: Trash, source: str) -> None:
    first = add(trash, entry("web"), {"layer": source})
    second = add(trash, entry("web"), {"layer": source})
    trash.update({**first, "removed_at": NOW})
    assert trash.find("web")["id"] == second["id"]
    assert [one["id"] for one in trash.entries()] == [second["id"], first["id"]]


@pytest.mark.parametrize("error", ["No space left on device", "Disk quota exceeded"])
def test_a_full_disk_leaves_nothing(trash: Trash, source: str, monkeypatch: pytest.MonkeyPatch, error: str) -> None:
    full = f"for target; do :; done; mkdir $target; echo 'cp: {error}' >&2; exit 1"
    stand_in(Path(source).parent, monkeypatch, "cp", full)
    with pytest.raises(AgentError, match="disk is full") as refused:
        add(trash, entry("web"), {"layer": source})
    assert refused.value.code == "disk-full"
    assert names(trash.root) == []


def test_who_stops_it_leaves_nothing(trash: Trash, source: str) -> None:
    with pytest.raises(AgentError, match="Cancelled") as cancelled:
        add(trash, entry("web"), {"layer": source}, stopped=True)
    assert cancelled.value.code == "cancelled"
    assert names(trash.root) == []


def test_what_is_not_there_or_newer(trash: Trash, source: str) -> None:
    with pytest.raises(AgentError, match="no 'bird'") as missing:
        trash.find("bird")
    assert missing.value.code == "not-found"
    made = add(trash, entry("web"), {"layer": source})
    trash.update({**made, "format": 2})
    with pytest.raises(AgentError, match="newer version") as newer:
        trash.find("web")
    assert newer.value.code == "conflict"
    (Path(trash.root) / made["id"] / "manifest.json").write_text("{")
    assert trash.entries() == []


def test_halves_of_a_crash_are_cleared(trash: Trash, source: str) -> None:
    made = add(trash, entry("web"), {"layer": source})
    root = Path(trash.root)
    (root / ".new-1" / "layer").mkdir(parents=True)
    (root / ".gone-2").mkdir()
    (root / ".new-3.tar").write_bytes(b"")
    trash.clear(names(root))
    assert names(root) == [made["id"]]


def test_what_is_old_or_too_much_goes(trash: Trash, source: str) -> None:
    ids = []
    for days in (9, 3, 2, 1):
        made = add(trash, entry(f"day{days}"), {"layer": source})
        trash.update({**made, "removed_at": NOW - days * DAY, "size": 100})
        ids.append(made["id"])
    assert trash.expire(0, 0, now=NOW) == []
    assert trash.expire(7, 10_000, now=NOW) == [ids[0]]
    assert trash.expire(7, 200, now=NOW) == [ids[1]]
    assert trash.expire(7, 50, busy=[ids[3]], now=NOW) == [ids[2]]
    assert [one["id"] for one in trash.entries()] == [ids[3]]


def test_dropping_a_part(trash: Trash, source: str) -> None:
    made = add(trash, entry("web"), {"layer": source, "volumes/0": source})
    trash.drop(made, "volumes/0")
    assert trash.folder(made, "volumes/0") is None
    trash.drop(made)
    trash.drop(made)
    assert names(trash.root) == []
