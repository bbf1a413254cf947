"""Where in a YAML file something is that compose complains about. Free of Qt."""

from __future__ import annotations

import re
from typing import Any

_PATH = re.compile(r"\b(services|networks|volumes|secrets|configs)((?:[.\[][\w*$-]*\]?)*)")
_PROPERTY = re.compile(r"[Aa]dditional propert(?:y|ies) '?([\w.-]+)'? (?:is|are) not allowed")
_LINE = re.compile(r"\bline (\d+)\b")


def syntax_error(text: str) -> tuple[int, str] | None:
    """Return line (from 1) and reason when `text` is no YAML."""
    # Here, for it takes a while to load and is needed only when a file is checked; called in threads.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        for _document in YAML(typ="rt").load_all(text):
            pass
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part.strip() for part in (error.context, error.problem) if part)
        return (mark.line + 1 if mark is not None else 1), reason
    except (YAMLError, ValueError) as error:
        return 1, str(error).strip().splitlines()[0]
    return None


def line_of(text: str, complaint: str) -> int | None:
    """Return the line (from 1) that `complaint` of compose is about, None when that cannot be told."""
    steps = _steps(complaint)
    if not steps:
        said = _LINE.search(complaint)
        return int(said.group(1)) if said else None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        node: Any = YAML(typ="rt").load(text)
    except (YAMLError, ValueError):
        return None
    found: int | None = None
    for step in steps:
        key: Any = int(step) if step.isdigit() and isinstance(node, list) else step
        place = _place(node, key)
        if place is None:
            break
        found = place + 1
        node = node[key]
    return found


def _steps(complaint: str) -> list[str]:
    match = _PATH.search(complaint)
    if match is None:
        return []
    steps = [match.group(1), *(part for part in re.split(r"[.\[\]]", match.group(2)) if part)]
    unknown = _PROPERTY.search(complaint)
    return [*steps, unknown.group(1)] if unknown else steps


def _place(node: Any, key: Any) -> int | None:
    try:
        position = node.lc.key(key) if isinstance(key, str) else node.lc.item(key)
        node[key]
    except (AttributeError, KeyError, IndexError, TypeError):
        return None
    return int(position[0])
