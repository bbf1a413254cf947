"""Tests of vm.config.document."""

from __future__ import annotations

from pathlib import Path

import pytest

from vm.config.document import Document
from vm.errors import ConfigError, UnavailableError

FILE = """\
# made by hand
cpus: 4  # enough
future: {a: 1}

ports:
  # only here
  address: 127.0.0.1
shares:
  - /a
  - path: /b
"""


def parse(text: str) -> Document:
    return Document.parse(Path("m.yaml"), text.encode())


def test_comments_and_unknown_keys_survive_a_change() -> None:
    document = parse(FILE)
    document.set("cpus", 2)
    document.set("ports.services", False)
    text = document.text()
    for kept in ("# made by hand", "# enough", "future:", "# only here", "address: 127.0.0.1"):
        assert kept in text
    assert "cpus: 2" in text
    assert "services: false" in text


def test_entries_know_their_lines() -> None:
    entries = {entry.name: entry for entry in parse(FILE).entries({"ports"})}
    assert entries["cpus"].line == 2
    assert entries["ports.address"].line == 7
    assert entries["shares"].item_lines == (9, 10)


def test_unset_takes_empty_parents_away() -> None:
    document = parse("a:\n  b:\n    c: 1\nd: 2\n")
    assert document.unset("a.b.c")
    assert not document.unset("a.b.c")
    assert document.text() == "d: 2\n"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a: [1,\n b", 2),
        (b"cpus: 2\nmem", 2),
        (b"a: 1\nb: 1\na: 2\n", 3),
        (b"a: 1\n\tb: 2\n", 2),
        (b"a: 1\nb: \xff\n", 2),
        (b"a: 1\n\0\0\0\0", 2),
        (b"\0" * 4096, 1),
        (b"- a\n", 1),
        (b"just words", 1),
        (b"a: !!timestamp 2000-99-99", 1),
        (b'a: "unfinished', 1),
        (b"{" * 1000, 1),
    ],
)
def test_a_broken_file_is_an_error_that_names_the_line(data: bytes, line: int) -> None:
    with pytest.raises(ConfigError, match=f"line {line}:") as caught:
        Document.parse(Path("m.yaml"), data)
    assert caught.value.hint is not None


def test_missing_and_empty_files_say_nothing(tmp_path: Path) -> None:
    assert not list(Document.load(tmp_path / "none.yaml").entries(set()))
    (tmp_path / "empty.yaml").write_text("# only a comment\n")
    assert not list(Document.load(tmp_path / "empty.yaml").entries(set()))


def test_writing_is_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "machines" / "ü m.yaml"
    document = Document.load(path)
    document.set("registries.mirrors", {"docker.io": "http://localhost:5000"})
    document.save("# header\n")
    assert path.read_text() == "# header\nregistries:\n  mirrors:\n    docker.io: http://localhost:5000\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    document.save("# header\n")
    assert "header" not in path.read_text()


def test_a_linked_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("cpus: 1\n")
    (tmp_path / "m.yaml").symlink_to(tmp_path / "real.yaml")
    document = Document.load(tmp_path / "m.yaml")
    document.set("cpus", 2)
    document.save()
    assert (tmp_path / "m.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == "cpus: 2\n"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError, match="file"):
        Document(tmp_path / "file" / "m.yaml", parse("a: 1")._root).save()
