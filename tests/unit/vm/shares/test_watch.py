"""Tests of vm.shares.watch."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from vm.shares.base import Share
from vm.shares.watch import Change, Echoes, Watcher, folders_below, ignored, summarised


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Ear:
    """Hears what is told, and waits for a path."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        self._news = asyncio.Condition()

    async def __call__(self, changes: list[dict[str, str]]) -> None:
        async with self._news:
            self.heard += changes
            self._news.notify_all()

    async def hear(self, path: str, kind: str) -> None:
        async with asyncio.timeout(10), self._news:
            await self._news.wait_for(lambda: {"path": path, "kind": kind} in self.heard)


def test_echoes_are_recognised_by_state_and_time(tmp_path: Path) -> None:
    clock = Clock()
    echoes = Echoes(clock)
    path = tmp_path / "f"
    path.write_text("a")
    change = Change(str(path), "modified")
    assert echoes.strip([change]) == [change]
    assert echoes.strip([change]) == []
    path.write_text("bb")
    assert echoes.strip([change]) == [change]
    clock.now = 10
    assert echoes.strip([change]) == [change]
    path.unlink()
    assert echoes.strip([Change(str(path), "created"), Change(str(path), "deleted")]) == [Change(str(path), "deleted")]
    assert echoes.strip([Change(str(path), "deleted")]) == []


def test_a_new_file_counts_as_created_once(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("a")
    batch = [Change(str(path), "created"), Change(str(path), "modified")]
    assert Echoes(Clock()).strip(batch) == [Change(str(path), "created")]


def test_unwanted_names_are_ignored_below_the_root_only() -> None:
    root = Path("/home/u/.cache/project")
    assert not ignored("/home/u/.cache/project/a.py", root)
    assert ignored("/home/u/.cache/project/node_modules/x/a.js", root)
    assert ignored("/home/u/.cache/project/a.py~", root)
    assert ignored("/elsewhere", None)


def test_large_batches_become_folders() -> None:
    many = [Change(f"/r/d{number % 3}/f{number}", "created") for number in range(1000)]
    assert summarised(many, 500) == [Change(f"/r/d{number}", "modified") for number in range(3)]
    wide = [Change(f"/r/d{number}/f", "created") for number in range(1000)]
    assert summarised(wide, 500) == [Change("/r", "modified")]
    assert summarised(many[:5], 500) == many[:5]


def test_folders_are_listed_level_by_level_without_ignored_ones(tmp_path: Path) -> None:
    for name in ("a/b/c", "node_modules/x", "d"):
        (tmp_path / name).mkdir(parents=True)
    found = [str(Path(path).relative_to(tmp_path)) for path in folders_below([tmp_path], 100)]
    assert found[0] == "."
    assert set(found[1:3]) == {"a", "d"}
    assert set(found) == {".", "a", "d", "a/b", "a/b/c"}
    assert len(folders_below([tmp_path], 2)) == 2


async def test_real_changes_arrive(tmp_path: Path) -> None:
    root = tmp_path / "with space ü"
    root.mkdir()
    (root / "old").write_text("x")
    ear = Ear()
    watcher = Watcher(ear)
    watcher.watch([Share(root, "/mnt/s")])
    probe = asyncio.create_task(_poke(root / "probe"))
    await ear.hear("/mnt/s/probe", "modified")
    probe.cancel()
    (root / "new").write_text("1")
    await ear.hear("/mnt/s/new", "created")
    (root / "old").write_text("changed")
    await ear.hear("/mnt/s/old", "modified")
    (root / "old").unlink()
    await ear.hear("/mnt/s/old", "deleted")
    (root / "deep" / "er").mkdir(parents=True)
    (root / "deep" / "er" / "file").write_text("1")
    await ear.hear("/mnt/s/deep/er/file", "created")
    (root / "deep" / "er" / "file").write_text("12")
    await ear.hear("/mnt/s/deep/er/file", "modified")
    watcher.stop()


async def _poke(path: Path) -> None:
    """Change a file until the watch is known to be set up: it does not say when it is."""
    number = 0
    while True:
        number += 1
        path.write_text("x" * number)
        await asyncio.sleep(0.5)


async def test_a_stopped_watcher_says_nothing(tmp_path: Path) -> None:
    ear = Ear()
    watcher = Watcher(ear)
    watcher.watch([Share(tmp_path, "/mnt/s")])
    watcher.stop()
    (tmp_path / "f").write_text("x")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await ear.hear("/mnt/s/f", "created")
