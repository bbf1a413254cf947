"""House rules as tests: the size and shape of modules, and what no file may say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.unit.test_layers import ROOT, tracked

LONGEST_MODULE = 500
LONGEST_FUNCTION = 60

WORDS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

OWN_PLACES = [ROOT, *([Path.home()] if Path.home() != Path("/root") else [])]

MACHINE_PATHS = re.compile("|".join(re.escape(f"{path}/") for path in OWN_PLACES))
"""Paths that exist on one machine only: this checkout and this user's home (root's is the same everywhere)."""

HOSTS = re.compile(
    r"\b(?:deb|ftp|archive|security|snapshot)\.(?:\w+\.)?(?:debian|ubuntu)\.(?:org|com)\b"
    r"|\bquay\.io\b|\bghcr\.io\b|\bgcr\.io\b|\bregistry\.k8s\.io\b|\bpypi\.org\b|\bregistry\.npmjs\.org\b"
)
"""Mirrors and registries: which one is used is the user's business. (A short image name in full is no mirror.)"""

TEXT = (".py", ".md", ".yaml", ".yml", ".toml", ".json", ".sh", ".service", ".conf", ".target", "")

THIS = "tests/unit/test_house_rules.py"

PYTHON = tracked("*.py")


@pytest.mark.parametrize("path", PYTHON)
def test_module_is_in_shape(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    tree = ast.parse(text, path)
    problems = [
        f"{path}:{node.lineno} {node.name} has more than {LONGEST_FUNCTION} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    if text.count("\n") > LONGEST_MODULE:
        problems.append(f"{path} has more than {LONGEST_MODULE} lines")
    if tree.body and not ast.get_docstring(tree):
        problems.append(f"{path} has no docstring")
    assert not problems


@pytest.mark.parametrize("path", tracked())
def test_text_is_clean(path: str) -> None:
    if path == THIS or Path(path).suffix not in TEXT:
        return
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    problems = [
        f"{path}:{number}: {line.strip()}"
        for number, line in enumerate(lines, 1)
        for pattern in (WORDS, MACHINE_PATHS, HOSTS)
        if pattern.search(line)
    ]
    assert not problems
