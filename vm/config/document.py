"""One YAML file of settings on disk: read with line numbers, written whole, comments and unknown keys kept."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from vm.errors import ConfigError
from vm.files import write_atomic


@dataclass(frozen=True)
class Entry:
    """A value in the file.

    Attributes:
        name: dotted path of keys.
        value: as YAML gives it.
        line: of its key, from 1.
        item_lines: the lines of the items, when the value is a list.
    """

    name: str
    value: Any
    line: int
    item_lines: tuple[int, ...] = ()


class Document:
    """A settings file; missing is the same as empty."""

    def __init__(self, path: Path, root: CommentedMap) -> None:
        self.path = path
        self._root = root

    @classmethod
    def load(cls, path: Path) -> Document:
        """Read `path`.

        Raises:
            ConfigError: it is not YAML, or not a mapping, or cannot be read; names the line.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls(path, CommentedMap())
        except OSError as error:
            raise ConfigError(f"The settings file {path} cannot be read: {error.strerror}.") from error
        return cls.parse(path, data)

    @classmethod
    def parse(cls, path: Path, data: bytes) -> Document:
        """Return the document that `data`, the content of `path`, holds. Raises as `load` does."""
        try:
            root = _yaml().load(data.decode())
        except UnicodeDecodeError as error:
            raise _broken(path, data[: error.start].count(b"\n") + 1, "it is not UTF-8 text") from error
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise _broken(path, line, str(error.problem or error.context or "it is not YAML")) from error
        except YAMLError as error:
            position = getattr(error, "position", 0)
            raise _broken(
                path, data[:position].count(b"\n") + 1, str(getattr(error, "reason", "it is not YAML"))
            ) from error
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            # ruamel turns some malformed scalars (dates, tags) into bare Python errors without a place.
            raise _broken(path, 1, str(error) or "it is not YAML") from error
        if root is None:
            root = CommentedMap()
        if not isinstance(root, CommentedMap):
            raise _broken(path, 1, "it must hold 'name: value' lines")
        return cls(path, root)

    def entries(self, groups: set[str]) -> Iterator[Entry]:
        """Yield all values; mappings whose dotted name is in `groups` are descended into."""
        yield from _entries(self._root, "", groups)

    def set(self, name: str, value: Any) -> None:
        """Give the dotted `name` a value, making the mappings on the way; lists and mappings in it are copied."""
        *parents, last = name.split(".")
        node = self._root
        for key in parents:
            if not isinstance(node.get(key), CommentedMap):
                node[key] = CommentedMap()
            node = node[key]
        node[last] = _commented(value)

    def unset(self, name: str) -> bool:
        """Remove the dotted `name`, and the mappings that are empty then. Returns whether it was there."""
        *parents, last = name.split(".")
        nodes = [self._root]
        for key in parents:
            child = nodes[-1].get(key)
            if not isinstance(child, CommentedMap):
                return False
            nodes.append(child)
        if last not in nodes[-1]:
            return False
        del nodes[-1][last]
        for node, key in reversed(list(zip(nodes, parents, strict=False))):
            if node[key]:
                break
            del node[key]
        return True

    def text(self) -> str:
        """Return the file's content."""
        stream = io.StringIO()
        if self._root or self._root.ca.comment:
            _yaml().dump(self._root, stream)
        return stream.getvalue()

    def save(self, header: str = "") -> None:
        """Write the file, whole or not at all; `header` begins a file that is new.

        Raises:
            DiskFullError: the disk has no room.
            UnavailableError: it cannot be written.
        """
        text = self.text()
        if header and not self.path.exists():
            text = header + text
        write_atomic(self.path.resolve(), text.encode())


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _broken(path: Path, line: int, problem: str) -> ConfigError:
    return ConfigError(
        f"The settings file {path} cannot be read: line {line}: {problem}.",
        hint=f"Mend the file in an editor; without it, all settings have their defaults. {path} is left as it is.",
    )


def _entries(node: CommentedMap, prefix: str, groups: set[str]) -> Iterator[Entry]:
    for key, value in node.items():
        name = f"{prefix}{key}"
        if name in groups and isinstance(value, CommentedMap):
            yield from _entries(value, f"{name}.", groups)
            continue
        items: tuple[int, ...] = ()
        if isinstance(value, CommentedSeq):
            items = tuple(_line(value, index, item=True) for index in range(len(value)))
        yield Entry(name, value, _line(node, key), items)


def _line(node: CommentedMap | CommentedSeq, key: Any, *, item: bool = False) -> int:
    try:
        place = node.lc.item(key) if item else node.lc.key(key)
    except (AttributeError, KeyError, TypeError, IndexError):
        return 1
    return int(place[0]) + 1 if place else 1


def _commented(value: Any) -> Any:
    if isinstance(value, Mapping):
        return CommentedMap((key, _commented(part)) for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return CommentedSeq(_commented(part) for part in value)
    return value
