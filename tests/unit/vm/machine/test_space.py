"""Warnings of full disks: once a level, with slack, and told by the machine."""

from __future__ import annotations

import shutil

import pytest

from tests.unit.vm.machine.fakes import World
from tests.unit.vm.machine.waiting import until
from vm.machine.space import DATA, HOST, SpaceWarning, SpaceWatch, level_of, sentence

GIB = 1 << 30


@pytest.mark.parametrize(
    ("used", "before", "level"),
    [
        (84, 0, 0),
        (85, 0, 85),
        (84, 85, 85),
        (82, 85, 85),
        (81, 85, 0),
        (95, 0, 95),
        (92, 95, 95),
        (91, 95, 85),
        (80, 95, 0),
    ],
)
def test_levels(used: int, before: int, level: int) -> None:
    assert level_of(used, 100, before) == level


def test_a_disk_without_a_size_is_not_full() -> None:
    assert level_of(0, 0) == 0


class Watch:
    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.changes = 0
        self.watch = SpaceWatch("work", self._tell, self._change)

    def _tell(self, warning: SpaceWarning) -> None:
        self.told.append((warning.disk, warning.level))

    def _change(self) -> None:
        self.changes += 1


def test_each_level_is_told_once() -> None:
    made = Watch()
    for used in (50, 85, 86, 84, 85, 96, 94, 96, 90, 50, 85):
        made.watch.update(DATA, used, 100)
    assert made.told == [(DATA, 85), (DATA, 95), (DATA, 85)]
    assert made.changes == 5  # 85, 95, back to 85, none, 85


def test_both_disks_the_worst_first() -> None:
    made = Watch()
    made.watch.update(DATA, 86, 100)
    made.watch.update(HOST, 99, 100)
    assert [warning.disk for warning in made.watch.warnings] == [HOST, DATA]
    made.watch.forget(HOST)
    assert [warning.disk for warning in made.watch.warnings] == [DATA]


def test_a_sentence_says_how_full_and_what_to_do() -> None:
    text = sentence(DATA, "work", 1023 * GIB, 1024 * GIB)
    assert "machine 'work' is 99 % full, 1 GiB of 1 TiB are free" in text
    assert "linnet prune" in text
    assert "linnet machine compact work" in sentence(HOST, "work", 9, 10)


async def test_a_machine_tells_and_keeps_it_in_its_status(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1000 * GIB, 500 * GIB, 500 * GIB))
    machine = world.machine()
    await machine.start()
    machine._emit("disk", {"size": 100 * GIB, "used": 90 * GIB, "free": 10 * GIB})
    problems = [event.data["text"] for event in world.events if event.kind == "problem"]
    assert len(problems) == 1
    assert "90 % full" in problems[0]
    assert [event.data for event in world.events if event.kind == "space"] == [{"data": 85, "host": 0}]
    assert problems[0] in (await machine.status()).errors
    machine._emit("disk", {"size": 100 * GIB, "used": 40 * GIB, "free": 60 * GIB})
    assert (await machine.status()).errors == []
    assert world.events[-1].data == {"size": 100 * GIB, "used": 40 * GIB, "free": 60 * GIB}


async def test_the_disk_of_this_computer_is_looked_at_while_the_machine_runs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = world.machine()
    await machine.start()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(1000 * GIB, 960 * GIB, 20 * GIB))
    machine._emit("disk", {"size": 100 * GIB, "used": 1, "free": 99 * GIB})
    await until(lambda: bool(machine.space_warnings))
    assert (machine.space_warnings[0].disk, machine.space_warnings[0].level) == (HOST, 95)
    monkeypatch.undo()
    await machine.stop()
    await until(lambda: not machine.space_warnings)
