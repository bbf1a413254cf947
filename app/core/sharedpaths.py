"""Where the guest has the paths of this computer, as its shared folders say. Light: part of every engine command."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import NamedTuple

from vm.errors import UsageError

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


class SharedFolder(NamedTuple):
    """A folder of this computer that the guest has too."""

    path: str
    guest_path: str


class PathMap:
    """Where the guest has the paths of this computer.

    Attributes:
        cwd: this computer's working directory.
        guest_cwd: the same in the guest, or None.
    """

    def __init__(
        self,
        shares: Sequence[SharedFolder],
        cwd: str,
        *,
        flavour: ModuleType = os.path,
        realpath: Callable[[str], str] = os.path.realpath,
    ) -> None:
        self._path = flavour
        self._realpath = realpath
        self._shares = sorted(shares, key=lambda share: len(share.path), reverse=True)
        self.cwd = cwd
        self.guest_cwd = self.find(cwd)

    @property
    def windows(self) -> bool:
        """Whether this computer's paths have drives and backslashes."""
        return str(self._path.sep) == "\\"

    def find(self, path: str) -> str | None:
        """Return where the guest has the absolute `path`, or None when no share holds it.

        A path through a link is good only when the share also holds what the link leads to, at a place that the
        link's text still means in the guest.
        """
        lexical = self._path.normpath(path)
        real = self._realpath(lexical)
        share, target = self._share_of(lexical), self._share_of(real)
        if share is not None and self._same(lexical, real):
            return self._under(share, lexical)
        if target is None:
            return None
        if share is not None and share.path == share.guest_path and target.path == target.guest_path:
            return self._under(share, lexical)
        return self._under(target, real)

    def translate(self, path: str) -> str:
        """Return the argument by which the guest finds `path`; a relative one stays as it is where that works.

        Raises:
            UsageError: no share holds it; names it and the command that shares it.
        """
        absolute = self._path.join(self.cwd, path)
        found = self.find(absolute)
        if found is None:
            raise self._not_shared(self._path.normpath(absolute))
        if not self.windows and not self._path.isabs(path) and self.guest_cwd is not None:
            import posixpath

            if posixpath.normpath(posixpath.join(self.guest_cwd, path)) == found:
                return path
        return found

    def require_cwd(self) -> None:
        """Raise UsageError when the guest does not have the working directory."""
        if self.guest_cwd is None:
            raise self._not_shared(self.cwd)

    def exists_here(self, path: str) -> bool:
        """Return whether the relative or absolute `path` exists on this computer."""
        return os.path.lexists(self._path.join(self.cwd, path))

    def is_path(self, text: str) -> bool:
        """Return whether the source of a volume is a path, not a volume's name."""
        return "/" in text or text.startswith(".") or text == "~" or (self.windows and "\\" in text)

    def split(self, text: str) -> tuple[str, str, str]:
        r"""Partition at the first colon that does not belong to a drive (`C:\x:/y`)."""
        start = 2 if self.windows and _DRIVE.match(text) else 0
        head, sign, tail = text[start:].partition(":")
        return text[:start] + head, sign, tail

    def _share_of(self, path: str) -> SharedFolder | None:
        wanted = self._path.normcase(path)
        for share in self._shares:
            folder = self._path.normcase(share.path)
            if wanted == folder or wanted.startswith(folder.rstrip(self._path.sep) + self._path.sep):
                return share
        return None

    def _under(self, share: SharedFolder, path: str) -> str:
        rest = path[len(share.path.rstrip(self._path.sep)) :].replace(self._path.sep, "/").strip("/")
        return f"{share.guest_path.rstrip('/')}/{rest}" if rest else share.guest_path

    def _same(self, one: str, other: str) -> bool:
        return bool(self._path.normcase(one) == self._path.normcase(other))

    def _not_shared(self, path: str) -> UsageError:
        folder = path
        if not os.path.isdir(path):  # noqa: PTH112 - pathlib is slow to load
            folder = self._path.dirname(path)
        word = f'"{folder}"' if self.windows else _quoted(folder)
        return UsageError(
            f"The machine cannot see {path}: it is in no folder that is shared and mounted.",
            hint=f"Share it: linnet share add {word} (`linnet share list` tells what is shared, and how well).",
        )


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
