"""The texts in the window's code: what stands in calls of `tr`, `count` and `mark`, found by reading the modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

COMMON = "common"
"""Area of the texts that belong to no page, or to several."""

MODULE = "app.gui.text"

ARGUMENTS = {"tr": 1, "mark": 1, "count": 2}
"""Functions that translate, and how many of their first arguments are text."""

METHOD = "QObject.tr"


@dataclass
class SourceTexts:
    """What was found.

    Attributes:
        areas: each text with its area.
        problems: calls whose text cannot be translated, with file and line.
    """

    areas: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, text: str, area: str) -> None:
        """Take a text in; one that several areas have is common."""
        self.areas[text] = area if self.areas.get(text, area) == area else COMMON


def read_sources(root: Path, folders: Sequence[Path]) -> SourceTexts:
    """Return the texts of all modules below `folders`; names in problems are relative to `root`.

    Raises:
        SyntaxError: a module cannot be parsed; its `filename` says which.
    """
    result = SourceTexts()
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        area = area_of(name)
        for call, function in _calls(ast.parse(path.read_text(encoding="utf-8"), name)):
            place = f"{name}:{call.lineno}"
            if function == METHOD:
                result.problems.append(f"{place}: self.tr is Qt's, which knows other words; use tr of {MODULE}")
                continue
            for argument in call.args[: ARGUMENTS[function]]:
                _take(argument, area, place, result)
    return result


def area_of(name: str) -> str:
    """Return the area of a module by its path: the first package below `app/gui/pages`, else "common"."""
    parts = name.split("/")
    return parts[3] if parts[:3] == ["app", "gui", "pages"] and len(parts) > 4 else COMMON


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls of our functions, each with the function's own name, whatever the module calls it."""
    known = dict(_imported(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        if name := known.get(ast.unparse(node.func)):
            yield node, name


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what the module writes to call our functions, with the function's own name."""
    yield "self.tr", METHOD
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            here = alias.asname or alias.name
            if node.module == MODULE and alias.name in ARGUMENTS:
                yield here, alias.name
            elif f"{node.module}.{alias.name}" == MODULE:
                yield from ((f"{here}.{function}", function) for function in ARGUMENTS)


def _take(argument: ast.expr, area: str, place: str, result: SourceTexts) -> None:
    """Add the text of an argument; names, attributes and look-ups are left to `mark` at the place they come from."""
    if isinstance(argument, ast.IfExp):
        _take(argument.body, area, place, result)
        _take(argument.orelse, area, place, result)
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        if not argument.value.strip():
            result.problems.append(f"{place}: there is nothing to translate in {argument.value!r}")
        elif any(ord(sign) < ord(" ") and sign not in "\n\t" for sign in argument.value):
            result.problems.append(f"{place}: {argument.value!r} has control characters")
        else:
            result.add(argument.value, area)
    elif isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Constant):
        result.problems.append(
            f"{place}: the text is put together before it is translated; use {{name}} and name=value"
        )
