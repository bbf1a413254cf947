"""The model behind all lists."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.gui.model.collection import Collection, Phase, Row
from app.gui.model.columns import Cell, Column
from app.gui.model.table import Group, TableModel
from app.gui.work.runner import TaskRunner
from vm.errors import GuestError

COLUMNS = (
    Column("name", "Name", lambda row: Cell(row["name"])),
    Column("size", "Size", lambda row: Cell(f"{row['size']} B", sort=row["size"]), right=True),
)


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """What the collection loads."""
    return [
        {"id": str(number), "name": f"c{number:02}", "size": 100 - number, "of": "ab"[number % 2]}
        for number in range(6)
    ]


@pytest.fixture
def collection(qapp: QApplication, qtbot: QtBot, rows: list[dict[str, Any]]) -> Collection:
    """A loaded collection."""
    parent = QObject()
    made = Collection(parent, TaskRunner(parent), lambda: list(rows), lambda row: row["id"])
    made._keep = parent  # type: ignore[attr-defined]
    made.want(parent)
    made.set_available(available=True)
    qtbot.waitUntil(lambda: made.phase is Phase.ready)
    return made


def model(collection: Collection, **options: Any) -> TableModel:
    """Return a model over names and sizes."""
    return TableModel(collection, collection, COLUMNS, text=lambda row: row["name"], **options)


def names(table: TableModel) -> list[str]:
    """Return the first column."""
    return [table.index(place, 0).data() for place in range(table.rowCount())]


def test_search_sort_and_filter(collection: Collection) -> None:
    table = model(collection)
    assert names(table) == ["c00", "c01", "c02", "c03", "c04", "c05"]
    table.sort(1, Qt.SortOrder.AscendingOrder)
    assert names(table)[0] == "c05"
    table.set_search("C0 3")
    assert names(table) == ["c03"]
    table.set_search("")
    table.set_filter(lambda row: row["of"] == "a")
    assert sorted(names(table)) == ["c00", "c02", "c04"]
    assert table.shown == 3


def test_one_row_changes_and_only_that_is_drawn(collection: Collection, qtbot: QtBot) -> None:
    table = model(collection)
    changed: list[tuple[int, int]] = []
    resets: list[None] = []
    table.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    table.modelReset.connect(lambda: resets.append(None))
    collection.put([{"id": "3", "name": "c03", "size": 1, "of": "b"}])
    assert changed == [(3, 3)]
    assert resets == []
    assert table.index(3, 1).data() == "1 B"


def test_a_change_moves_a_row_only_when_it_must(collection: Collection) -> None:
    asked: list[str] = []

    def group(row: Row) -> tuple[str, str]:
        asked.append(row["id"])
        return row["of"], row["of"]

    table = model(collection, group=group)
    table.set_search("c0")
    asked.clear()
    collection.put([{"id": "3", "name": "c03", "size": 1, "of": "b"}])
    assert asked == ["3"]
    collection.put([{"id": "3", "name": "c03", "size": 1, "of": "a"}])
    assert [name for name in names(table) if name.startswith("c")] == ["c00", "c02", "c03", "c04", "c01", "c05"]
    collection.put([{"id": "0", "name": "c09", "size": 1, "of": "a"}])
    assert [name for name in names(table) if name.startswith("c")][:4] == ["c02", "c03", "c04", "c09"]
    collection.put([{"id": "0", "name": "gone", "size": 1, "of": "a"}])
    assert "gone" not in names(table)
    collection.put([{"id": "0", "name": "gone", "size": 2, "of": "a"}])
    assert table.shown == 5
    collection.put([{"id": "0", "name": "c00", "size": 2, "of": "a"}])
    assert table.shown == 6


def test_groups_fold_and_count(collection: Collection) -> None:
    table = model(collection, group=lambda row: (row["of"], row["of"].upper()) if row["of"] == "a" else ("", ""))
    assert names(table) == ["A  3", "c00", "c02", "c04", "  3", "c01", "c03", "c05"]
    assert table.group(0) == Group("a", "A", 3, collapsed=False)
    table.toggle_group("a")
    assert names(table) == ["A  3", "  3", "c01", "c03", "c05"]
    assert table.shown == 6
    assert not table.flags(table.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable


def test_removed_rows_go(collection: Collection) -> None:
    table = model(collection)
    collection.drop(["0", "1", "nobody"])
    assert names(table) == ["c02", "c03", "c04", "c05"]


def test_touched_while_wanted_loads_again(collection: Collection, rows: list[dict[str, Any]], qtbot: QtBot) -> None:
    table = model(collection)
    rows.append({"id": "9", "name": "new", "size": 1, "of": "a"})
    collection.touch()
    qtbot.waitUntil(lambda: "new" in names(table))


def test_failure_is_kept_and_cured(qapp: QApplication, qtbot: QtBot) -> None:
    answers: list[Any] = [GuestError("The engine hangs."), [{"id": "1", "name": "x", "size": 1}]]

    def load() -> list[Any]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    parent = QObject()
    made = Collection(parent, TaskRunner(parent), load, lambda row: row["id"])
    made.want(parent)
    made.set_available(available=True)
    qtbot.waitUntil(lambda: made.phase is Phase.failed)
    assert made.error is not None
    assert made.error.message == "The engine hangs."
    made.touch()
    qtbot.waitUntil(lambda: made.phase is Phase.ready)


def test_five_thousand_rows_are_searched_in_less_than_a_frame_or_three(collection: Collection) -> None:
    collection.put([{"id": f"x{n}", "name": f"container-{n}", "size": n, "of": "a"} for n in range(5000)])
    table = model(collection)
    table.set_search("container")
    began = time.perf_counter()
    table.set_search("container-49")
    assert time.perf_counter() - began < 0.05
    assert table.rowCount() == 111
