"""Tests of what the page of projects knows without a window: places in YAML, names, paths, compose's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.gui.pages.projects import compose, names
from app.gui.pages.projects.projects import Paths
from app.gui.pages.projects.yamlplaces import line_of, syntax_error
from app.gui.work.command import Ended
from vm.machine.status import ShareStatus

TEXT = """name: shop
services:
  web:
    imagee: hello
    ports:
      - "1"
      - x
  db.x:
    image: hello
"""


@pytest.mark.parametrize(
    ("complaint", "line"),
    [
        ("validating /x/compose.yaml: services.web Additional property imagee is not allowed", 4),
        ("services.web.ports.1 must be a number", 7),
        ("error while interpolating services.web.ports.[]: required variable X is missing a value", 5),
        ("services.gone.image is wrong", 2),
        ('service "web" refers to undefined network back', None),
        ("yaml: line 12: did not find expected key", 12),
        ("networks.back is not there", None),
        ("", None),
    ],
)
def test_line_of(complaint: str, line: int | None) -> None:
    assert line_of(TEXT, complaint) == line


def test_syntax_error() -> None:
    assert syntax_error(TEXT) is None
    found = syntax_error("a:\n  b: [1\nc: 2\n")
    assert found is not None
    assert found[0] == 3
    assert syntax_error("a: 1\na: 2\n") is not None
    assert syntax_error("") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("services: {}\n", "myshop"),
        ("name: other\n", "other"),
        ('name: "q-1" # x\n', "q-1"),
        ("name: ${X}\n", "myshop"),
    ],
)
def test_project_name(tmp_path: Path, text: str, name: str) -> None:
    file = tmp_path / "_My Shop!" / "compose.yaml"
    file.parent.mkdir()
    file.write_text(text)
    assert names.project_name(str(file)) == name


def test_find_takes_the_best_of_each_folder_and_can_be_ended(tmp_path: Path) -> None:
    for place in (
        "a/compose.yaml",
        "a/docker-compose.yml",
        "b/c/d/e/compose.yml",
        "b/c/d/e/f/compose.yml",
        ".git/compose.yml",
    ):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("")
    found = names.find([str(tmp_path)])
    assert [str(Path(one).relative_to(tmp_path)) for one in found] == ["a/compose.yaml", "b/c/d/e/compose.yml"]

    def enough(_folder: str, _found: int) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        names.find([str(tmp_path)], enough)


def test_paths_go_both_ways() -> None:
    paths = Paths(
        [
            ShareStatus("/home/mia", "/home/mia", False, "9p", True),
            ShareStatus("/srv/data", "/mnt/data", False, "sftp", True),
            ShareStatus("/broken", "/broken", False, "9p", False, error="no"),
        ]
    )
    assert paths.guest("/srv/data/x/compose.yaml") == "/mnt/data/x/compose.yaml"
    assert paths.host("/mnt/data/x/compose.yaml") == "/srv/data/x/compose.yaml"
    assert paths.host("/home/mia/compose.yaml") == "/home/mia/compose.yaml"
    assert paths.guest("/broken/x") == ""
    assert paths.guest("/srv/database") == ""


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        (Ended(0, "", ["time= warning"]), ""),
        (Ended(15, "", ["service x is wrong", "Error: executing /usr/x -f y: exit status 15"]), "service x is wrong"),
        (Ended(1, "", ["Error: executing /usr/x: exit status 1"]), "Error: executing /usr/x: exit status 1"),
        (Ended(1, "", [" Container a  Starting", "WARN[0000] x"]), "Container a  Starting"),
        (Ended(3, "", []), "Compose ended with exit code 3."),
    ],
)
def test_complaint(ended: Ended, said: str) -> None:
    assert compose.complaint(ended) == said
