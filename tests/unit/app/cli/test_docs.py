"""Tests of app.cli.docs."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import docs
from app.cli.run import load_all
from app.core.settings import APP_SETTINGS
from vm.config.settings import MACHINE_SETTINGS

FOLDER = Path(__file__).resolve().parents[4] / "docs"


@pytest.mark.parametrize(("name", "page"), [("cli.md", docs.cli_page), ("config.md", docs.config_page)])
def test_generated_pages_are_current(name: str, page: object) -> None:
    assert callable(page)
    assert (FOLDER / name).read_text(encoding="utf-8") == page(), "run: python -m app.cli.docs"


def test_everything_is_explained() -> None:
    for command in load_all():
        assert command.summary.endswith((".", "?")), command.path
        for parameter in command.parameters:
            assert parameter.argument.help.endswith(".")
    text = docs.config_page()
    for setting in (*MACHINE_SETTINGS, *APP_SETTINGS):
        assert f"### {setting.name}\n" in text
