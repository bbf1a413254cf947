"""Linters as tests. The installer runs the same tools as steps of their own, so it leaves this file out."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.unit.test_layers import ROOT


def run_tool(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}", pytrace=False)


def test_ruff() -> None:
    run_tool("ruff", "check", "--quiet")


def test_format() -> None:
    run_tool("ruff", "format", "--check", "--quiet")


@pytest.mark.timeout(600)
def test_types() -> None:
    run_tool("mypy", "--strict")
