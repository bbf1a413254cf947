"""`linnet prune` and `linnet machine compact`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.app.cli.conftest import Ended
from tests.unit.app.cli.fakes import FakeService

Run = Callable[..., Ended]

PRUNE = "/v1/machines/default/prune"
FOUND: dict[str, Any] = {
    "containers": [{"id": "c1", "title": "old (job)", "size": 4096}],
    "dangling": [{"id": "sha256:2", "title": "2f2f2f2f2f2f", "size": 1 << 20}],
    "images": [{"id": "sha256:1", "title": "job:1", "size": 3 << 20}],
    "volumes": [{"id": "left", "title": "left", "size": None}],
    "build_cache": [],
}
DONE: dict[str, Any] = {
    "removed": ["old (job)", "2f2f2f2f2f2f"], "kept": {}, "freed": 5 << 20, "trashed": ["old"],
}  # fmt: skip


@pytest.fixture
def found(service: FakeService) -> FakeService:
    service.answers[f"GET {PRUNE}"] = FOUND
    service.answers[f"POST {PRUNE}"] = [{"operation": "1"}, {"result": DONE}]
    return service


def bodies(service: FakeService) -> list[Any]:
    return [body for method, path, body in service.requests if (method, path) == ("POST", PRUNE)]


def test_what_would_go_and_nothing_goes(linnet: Run, found: FakeService) -> None:
    done = linnet("prune", "--dry-run")
    assert done.out.splitlines()[1].split() == ["container", "old", "(job)", "4", "KiB"]
    assert "job:1" not in done.out
    assert "2 in all, up to 1.0 MiB." in done.err
    assert "A volume that no container uses holds data; `--volumes` removes it." in done.err
    assert bodies(found) == []


def test_the_usual_goes_exactly_as_listed(linnet: Run, found: FakeService) -> None:
    done = linnet("prune", "--yes")
    assert done.code == 0
    assert "2 removed, 5 MiB freed on the data disk." in done.err
    assert "Kept in the trash: old." in done.err
    assert bodies(found) == [
        {"kinds": ["build-cache", "containers", "dangling"], "ids": ["c1", "sha256:2"], "trash": True}
    ]


def test_choices(linnet: Run, found: FakeService) -> None:
    linnet("prune", "-y", "--images", "--volumes", "--no-trash")
    ids = ["sha256:2", "sha256:1", "left"]
    assert bodies(found) == [{"kinds": ["dangling", "images", "volumes"], "ids": ids, "trash": False}]


def test_what_stays_is_told(linnet: Run, found: FakeService) -> None:
    done = {**DONE, "kept": {"left": "volume is being used"}}
    found.answers[f"POST {PRUNE}"] = [{"operation": "1"}, {"result": done}]
    answer = linnet("prune", "--yes", "--volumes")
    assert answer.code == 1
    assert "left stays: volume is being used" in answer.err


def test_without_a_terminal_nothing_goes(linnet: Run, found: FakeService) -> None:
    done = linnet("prune")
    assert done.code == 2
    assert "nothing was removed" in done.err
    assert bodies(found) == []


def test_nothing_to_remove(linnet: Run, service: FakeService) -> None:
    service.answers[f"GET {PRUNE}"] = {name: [] for name in FOUND}
    done = linnet("prune", "--yes")
    assert (done.code, done.out) == (0, "")
    assert "There is nothing to remove." in done.err


def test_json(linnet: Run, found: FakeService) -> None:
    assert json.loads(linnet("prune", "--json", "--volumes").out) == {"volumes": FOUND["volumes"]}
    assert json.loads(linnet("prune", "--json", "--yes").out) == DONE


def test_compact(linnet: Run, service: FakeService) -> None:
    done = {"before": 3 << 30, "after": 1 << 30, "rewritten": False, "possible": 512 << 20}
    service.answers["POST /v1/machines/default/compact"] = [{"operation": "1"}, {"result": done}]
    said = linnet("machine", "compact").err
    assert "took 3 GiB on this computer and takes 1 GiB now." in said
    assert "2 GiB freed." in said
    assert "Up to 512 MiB more with `linnet machine compact default --offline`" in said
    assert json.loads(linnet("machine", "compact", "--offline", "--json").out) == done
    assert [body for _method, path, body in service.requests if path.endswith("/compact")] == [
        {"offline": False},
        {"offline": True},
    ]


def test_nothing_to_give_back(linnet: Run, service: FakeService) -> None:
    done = {"before": 1 << 20, "after": 1 << 20, "rewritten": True, "possible": 0}
    service.answers["POST /v1/machines/default/compact"] = [{"operation": "1"}, {"result": done}]
    assert "There was nothing to give back." in linnet("machine", "compact").err


def test_the_ledger_stands_in_the_status(linnet: Run, service: FakeService) -> None:
    lines = linnet("machine", "status").out.splitlines()
    at = next(place for place, line in enumerate(lines) if line.startswith("Memory:"))
    assert lines[at].split() == ["Memory:", "2", "GiB"]
    assert lines[at + 1].strip() == "containers 512 MiB, system 212 MiB, cache 300 MiB, free 1 GiB"
    assert lines[at + 2].strip() == "700 MiB of this computer's memory"
