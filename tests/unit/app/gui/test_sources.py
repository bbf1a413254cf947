"""Which texts are found in the code of the window, and which calls are told to be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.gui.sources import SourceTexts, area_of, read_sources


def sources(tmp_path: Path, **modules: str) -> SourceTexts:
    for name, code in modules.items():
        path = tmp_path / "app" / "gui" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    return read_sources(tmp_path, [tmp_path / "app" / "gui"])


def test_texts_are_found_however_the_functions_are_imported(tmp_path: Path) -> None:
    found = sources(
        tmp_path,
        plain="from app.gui.text import count, mark, tr\ntr('one')\ncount('{n} a', '{n} b', n)\nmark('two')",
        module="from app.gui import text\ntext.tr('three' ' four', x=1)\ntext.count('{n} c', '{n} d', 2)",
        alias="from app.gui.text import tr as _\n_('five' if x else 'six')",
    )
    assert set(found.areas) == {"one", "two", "three four", "five", "six", "{n} a", "{n} b", "{n} c", "{n} d"}
    assert found.problems == []


def test_functions_of_others_are_left_alone(tmp_path: Path) -> None:
    code = "from itertools import count\ntext = 'a'\ntext.count('b', 'c')\ncount(1)\n'x'.count('y')\nother.tr('z')"
    found = sources(tmp_path, a=code)
    assert found == SourceTexts()


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ("tr(f'a {b}')", "put together"),
        ("tr('a' + b)", "put together"),
        ("tr('%s a' % b)", "put together"),
        ("tr(' ')", "nothing to translate"),
        ("tr('\\x1b')", "control"),
        ("self.tr('a')", "Qt's"),
    ],
)
def test_what_cannot_be_translated_is_told(tmp_path: Path, call: str, problem: str) -> None:
    found = sources(tmp_path, a=f"from app.gui.text import tr\n{call}")
    assert found.areas == {}
    assert len(found.problems) == 1
    assert found.problems[0].startswith("app/gui/a.py:2: ")
    assert problem in found.problems[0]


def test_what_comes_from_a_table_is_no_problem(tmp_path: Path) -> None:
    found = sources(tmp_path, a="from app.gui.text import tr\ntr(column.title)\ntr(NAMES[x])\ntr(name)")
    assert found == SourceTexts()


def test_a_text_of_several_pages_is_common(tmp_path: Path) -> None:
    head = "from app.gui.text import tr\n"
    found = sources(
        tmp_path,
        pages__images__list=head + "tr('Remove')\ntr('Pull')",
        pages__volumes__list=head + "tr('Remove')\ntr('Browse')",
        window=head + "tr('Quit')",
    )
    assert found.areas == {"Remove": "common", "Pull": "images", "Browse": "volumes", "Quit": "common"}


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("app/gui/pages/images/list.py", "images"),
        ("app/gui/pages/listpage.py", "common"),
        ("app/gui/pages/images/__init__.py", "images"),
        ("app/gui/pages/__init__.py", "common"),
        ("app/gui/window.py", "common"),
        ("app/tray/item.py", "common"),
    ],
)
def test_areas(name: str, area: str) -> None:
    assert area_of(name) == area


def test_a_module_that_cannot_be_parsed_is_named(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError) as caught:
        sources(tmp_path, broken="def")
    assert caught.value.filename == "app/gui/broken.py"
