"""Shared folders in a machine's description: their type, and the checks that look at all of them together."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

from vm.config.types import Boolean, InvalidValueError, SettingType

MODES = ("read-write", "read-only")

KINDS = ("auto", "virtiofs", "9p", "sftp")

_FIELDS = ("path", "guest_path", "mode", "kind", "watch")

_GUEST_OWN = ("/", "/home", "/mnt", "/tmp", "/var")  # noqa: S108 - folders of the guest
"""Folders of the guest that a share must not cover; what lies below them is free."""

_GUEST_TREES = (
    *("/bin", "/boot", "/data", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr"),
    *("/var/lib", "/var/run", "/var/log", "/var/cache"),
)
"""Folders of the guest that no share may cover or lie in."""


@dataclass(frozen=True)
class ShareConfig:
    """One shared folder.

    Attributes:
        path: the folder on the host, absolute.
        guest_path: where the guest has it.
        mode: read-write or read-only.
        kind: auto, virtiofs, 9p or sftp.
        watch: whether changes on the host are reported to watchers in the guest.
    """

    path: Path
    guest_path: str
    mode: str = "read-write"
    kind: str = "auto"
    watch: bool = True

    @property
    def read_only(self) -> bool:
        """Whether the guest may not write."""
        return self.mode == "read-only"


def default_guest_path(path: PurePath) -> str:
    r"""Return where the guest has a host folder when nothing else is said: the same path, `C:\x` at `/mnt/c/x`."""
    if isinstance(path, PureWindowsPath):
        drive = path.drive.rstrip(":").lower()
        if re.fullmatch("[a-z]", drive):
            return str(PurePosixPath("/mnt", drive, *path.parts[1:]))
        return str(PurePosixPath("/mnt/unc", *[part for part in re.split(r"[\\/]+", str(path)) if part]))
    return path.as_posix()


class Share(SettingType):
    """One entry of the list of shares: a path, or a mapping with `path` in it."""

    syntax = "folder, or {path, guest_path, mode, kind, watch}"

    def check(self, value: Any) -> ShareConfig:
        """See SettingType."""
        if isinstance(value, ShareConfig):
            return value
        if isinstance(value, str):
            value = {"path": value}
        if not isinstance(value, Mapping):
            raise InvalidValueError("A share is a folder, or a mapping with 'path' in it.")
        unknown = [str(key) for key in value if key not in _FIELDS]
        if unknown:
            raise InvalidValueError(f"A share has no '{unknown[0]}'; it has {', '.join(_FIELDS)}.")
        path = _host_path(value.get("path"))
        guest_path = value.get("guest_path") or default_guest_path(path)
        return ShareConfig(
            path=path,
            guest_path=_guest_path(guest_path),
            mode=_one_of("mode", value.get("mode", MODES[0]), MODES),
            kind=_one_of("kind", value.get("kind", KINDS[0]), KINDS),
            watch=Boolean().check(value.get("watch", True)),
        )

    def plain(self, value: Any) -> Any:
        """See SettingType; leaves out what is the default."""
        result: dict[str, Any] = {"path": str(value.path)}
        if value.guest_path != default_guest_path(value.path):
            result["guest_path"] = value.guest_path
        if value.mode != MODES[0]:
            result["mode"] = value.mode
        if value.kind != KINDS[0]:
            result["kind"] = value.kind
        if not value.watch:
            result["watch"] = False
        return result


def problems(shares: Sequence[ShareConfig], home: ShareConfig | None, own: Sequence[Path]) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with `shares` as a whole: index of the share, and a sentence.

    Args:
        shares: the configured shares, in order.
        home: the share of the home folder, when there is one.
        own: Linnet's own folders, which no share may reach. The home share may: its own part is hidden in the guest.
    """
    before = [home] if home else []
    for index, share in enumerate(shares):
        found = _problem(share, before, home, own)
        if found:
            yield index, found
        else:
            before.append(share)


def _problem(share: ShareConfig, before: Sequence[ShareConfig], home: ShareConfig | None, own: Sequence[Path]) -> str:
    if not share.path.is_dir():
        return f"{share.path} is not a folder." if share.path.exists() else f"The folder {share.path} does not exist."
    real = share.path.resolve()
    for folder in own:
        mine = folder.resolve()
        if _within(mine, real) or _within(real, mine):
            return f"{share.path} contains or lies in {folder}, where Linnet keeps the machine's own files."
    guest = PurePosixPath(share.guest_path)
    for other in before:
        theirs = PurePosixPath(other.guest_path)
        name = "the home share" if other is home else f"the share of {other.path}"
        if guest == theirs and real == other.path.resolve():
            return f"{share.path} is shared already, by {name}."
        if guest == theirs:
            return f"{share.path} and {name} have the same path in the guest, {guest}."
        if guest.is_relative_to(theirs) or theirs.is_relative_to(guest):
            return f"{share.path} overlaps {name} in the guest ({guest} and {theirs})."
    return ""


def _within(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _host_path(value: Any) -> Path:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValueError("A share needs a 'path': a folder on this computer.")
    if "\0" in value:
        raise InvalidValueError("The path of a share must not hold a NUL character.")
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise InvalidValueError(f"The path of a share must be absolute; '{value}' is not.")
    return Path(os.path.normpath(path))


def _guest_path(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith("/") or "\0" in value:
        raise InvalidValueError(f"The guest_path of a share must be absolute; '{value}' is not.")
    path = PurePosixPath(posixpath.normpath(value))
    text = "/" + str(path).lstrip("/")
    if text in _GUEST_OWN or any(PurePosixPath(text).is_relative_to(tree) for tree in _GUEST_TREES):
        raise InvalidValueError(
            f"The guest needs its own {text}; give the share another place there, such as guest_path: "
            f"/mnt/{path.name or 'host'}."
        )
    return text


def _one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    if value not in choices:
        raise InvalidValueError(f"The {name} of a share is one of {', '.join(choices)}; '{value}' is not.")
    return str(value)
