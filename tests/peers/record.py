"""What earlier runs found: all groups together take longer than an hour in an emulated guest."""

from __future__ import annotations

import json
from pathlib import Path

from tests.peers.compare import Outcome, Results


class Record:
    """Results by suite, version of its source, and group, in a JSON file."""

    def __init__(self, path: Path, *, keep: bool) -> None:
        """Begin with what the file holds when `keep` is set, else with nothing."""
        self._path = path
        self._found: dict[str, dict[str, list[dict[str, str]]]] = {}
        if keep and path.exists():
            self._found = json.loads(path.read_text(encoding="utf-8"))

    def get(self, suite: str, group: str) -> tuple[Results, Results] | None:
        """Return what came of a group over the bare socket and over Linnet's; None when it was not run."""
        found = self._found.get(suite, {}).get(group)
        if found is None:
            return None
        bare, linnet = ({case: Outcome(text) for case, text in results.items()} for results in found)
        return bare, linnet

    def put(self, suite: str, group: str, bare: Results, linnet: Results) -> None:
        """Remember what came of a group."""
        self._found.setdefault(suite, {})[group] = [{**bare}, {**linnet}]
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self._found, indent=1), encoding="utf-8")
        new.replace(self._path)
