"""Tests of agent.jsonfile."""

from __future__ import annotations

import json
from pathlib import Path

from agent import jsonfile


def test_json_is_there_whole_or_not(tmp_path: Path) -> None:
    path = str(tmp_path / "x.json")
    assert jsonfile.read(path) == {}
    jsonfile.write(path, {"days": 3})
    assert jsonfile.read(path) == json.loads(Path(path).read_text()) == {"days": 3}
    assert [one.name for one in tmp_path.iterdir()] == ["x.json"]
    Path(path).write_text("[1]")
    assert jsonfile.read(path) == {}
    Path(path).write_text("{")
    assert jsonfile.read(path) == {}
