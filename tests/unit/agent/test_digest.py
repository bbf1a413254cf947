"""Tests of agent.digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

from agent.digest import digest


def test_names_and_contents_count(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.py").write_bytes(b"one\n")
    (tmp_path / "sub" / "b.py").write_bytes(b"two\n")
    (tmp_path / "notes.txt").write_bytes(b"not source")
    expected = hashlib.sha256(b"a.py\x004\x00one\nsub/b.py\x004\x00two\n").hexdigest()
    assert digest(tmp_path) == expected
    (tmp_path / "notes.txt").write_bytes(b"changed")
    assert digest(str(tmp_path)) == expected
    (tmp_path / "a.py").rename(tmp_path / "c.py")
    assert digest(tmp_path) != expected
