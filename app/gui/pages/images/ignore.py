"""What a `.dockerignore` file leaves out of a build."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath


class Ignore:
    """The patterns of one file, in their order: the last that fits a path decides.

    A pattern that fits a folder fits all that is in it; `!` in front takes back what an earlier one left out.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._rules = [rule for line in lines if (rule := _rule(line)) is not None]

    @property
    def has_exceptions(self) -> bool:
        """Whether something inside an ignored folder may be wanted all the same."""
        return any(keep for keep, _ in self._rules)

    def ignores(self, path: str) -> bool:
        """Return whether a path, relative to the folder and with slashes, is left out."""
        parts = path.split("/")
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        ignored = False
        for keep, pattern in self._rules:
            if keep == ignored and any(pattern.fullmatch(one) for one in above):
                ignored = not keep
        return ignored


def ignore_file(folder: Path, dockerfile: str) -> Path | None:
    """Return the file that says what to leave out: the Dockerfile's own first, then the folder's."""
    names = (f"{dockerfile}.dockerignore", ".containerignore", ".dockerignore")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _rule(line: str) -> tuple[bool, re.Pattern[str]] | None:
    text = line.lstrip("\ufeff").strip()
    if not text or text.startswith("#"):
        return None
    keep = text.startswith("!")
    text = PurePosixPath(text[keep:].strip().lstrip("/")).as_posix()
    if text in ("", "."):
        return None
    try:
        return keep, re.compile(_expression(text), re.DOTALL)
    except re.error:
        # A range that runs backwards fits nothing but itself.
        return keep, re.compile(re.escape(text))


def _expression(pattern: str) -> str:
    """Return a glob as a regular expression: `**` is any number of folders, `*` and `?` stay within one name."""
    result, at = "", 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            result, at = result + "(?:.*/)?", at + 3
        elif pattern.startswith("**", at):
            result, at = result + ".*", at + 2
        elif pattern[at] == "[" and (end := pattern.find("]", at + 2)) > 0:
            inner = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            result, at = f"{result}(?!/)[{inner}]", end + 1
        elif pattern[at] == "\\" and at + 1 < len(pattern):
            result, at = result + re.escape(pattern[at + 1]), at + 2
        else:
            result += {"*": "[^/]*", "?": "[^/]"}.get(pattern[at], re.escape(pattern[at]))
            at += 1
    return result
