"""Linnet's .desktop files: the format of the Desktop Entry Specification, as far as it is needed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

DESKTOP_NAME = "linnet"
"""Base name of the files; Qt is told it too, so that windows are matched with the launcher and its icon."""

ICON_NAME = "linnet"

SPECIAL = frozenset(" \t\n\"'\\><~|&;$*?#()`")
"""Characters for which a word of Exec must be quoted."""


def desktop_entry(command: Sequence[str], more: Mapping[str, str]) -> str:
    """Return the text of a file that starts the desktop app by `command`, with the keys and values of `more`."""
    values = {
        "Type": "Application",
        "Name": "Linnet",
        "Comment": "Containers in a light virtual machine",
        "Comment[ko]": "가벼운 가상 머신에서 컨테이너를 실행합니다",
        "Exec": exec_line(command),
        # A checkout that was deleted leaves no error at each login, and no entry in the menu.
        "TryExec": _string(command[0]),
        "Icon": ICON_NAME,
        "Terminal": "false",
        **more,
    }
    return "".join(f"{line}\n" for line in ("[Desktop Entry]", *(f"{key}={value}" for key, value in values.items())))


def exec_line(command: Sequence[str]) -> str:
    """Return `command` as the value of Exec."""
    return _string(" ".join(_quoted(word) for word in command))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step, with the folders that it needs. Raises OSError."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch.write_bytes(content)
    scratch.replace(path)


def _quoted(word: str) -> str:
    """Quote a word by the rules of Exec, where a percent sign begins a field."""
    word = word.replace("%", "%%")
    if word and not SPECIAL & set(word):
        return word
    escaped = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in word)
    return f'"{escaped}"'


def _string(text: str) -> str:
    """Escape a value of type string, which is done after everything else."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
