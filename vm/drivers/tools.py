"""Finding the programs that a VM needs, and telling whether they are new enough.

Where to look beyond PATH is data, because installers on macOS and Windows do not always put QEMU there. A program named
by the user (setting, or the environment variable of the same meaning) wins, and is never silently replaced by another.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from vm.errors import UnavailableError
from vm.process import ProcessFailedError, run

Version = tuple[int, int, int]

MINIMUM_QEMU: Version = (8, 2, 0)

VERSION_LIMIT = 20.0
"""Seconds that `--version` may take; a cold macOS checks the signature of a new program first."""

_NUMBER = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")

SEARCH_PATHS: Mapping[str, tuple[str, ...]] = {
    "linux": ("/usr/local/bin", "/usr/bin", "/usr/libexec", "/usr/lib/qemu"),
    "darwin": ("/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin"),
    "win32": ("%ProgramFiles%\\qemu", "%LOCALAPPDATA%\\Programs\\qemu", "C:\\msys64\\ucrt64\\bin"),
}
"""Folders looked into after PATH, by `sys.platform`; variables are expanded."""

INSTALL_HINTS: Mapping[str, str] = {
    "linux": "Install it (on Debian: qemu-system-x86 and qemu-utils; on Debian 12 from bookworm-backports).",
    "darwin": "Install it with `brew install qemu`.",
    "win32": "Install it with `winget install SoftwareFreedomConservancy.QEMU`.",
}


@dataclass(frozen=True)
class Program:
    """A program that may have to be looked for.

    Attributes:
        name: the file's name, without `.exe`.
        variable: environment variable that names it.
    """

    name: str
    variable: str


QEMU_IMG = Program("qemu-img", "LINNET_QEMU_IMG")
VIRTIOFSD = Program("virtiofsd", "LINNET_VIRTIOFSD")


def qemu_program(arch: str) -> Program:
    """Return the system emulator for `arch`, QEMU's name of it."""
    return Program(f"qemu-system-{arch}", "LINNET_QEMU")


@dataclass(frozen=True)
class Qemu:
    """A QEMU that can be used."""

    path: Path
    version: Version

    @property
    def version_text(self) -> str:
        """Such as 10.0.2."""
        return ".".join(str(part) for part in self.version)


def find(
    program: Program,
    override: str | None = None,
    *,
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
) -> Path:
    """Return where `program` is.

    Args:
        program: what to look for.
        override: the path that the user's settings name, if any.
        platform: as `sys.platform`.
        environment: variables to look into.

    Raises:
        UnavailableError: it is not there, or what the user named is not a program.
    """
    named = override or environment.get(program.variable)
    if named:
        found = shutil.which(named, path=environment.get("PATH", ""))
        if found is None:
            origin = "settings" if override else program.variable
            raise UnavailableError(
                f"{named}, which the {origin} name as {program.name}, is not a program that can be run.",
                hint="Correct the path, or remove it and let Linnet look for the program itself.",
            )
        return Path(found).absolute()
    folders = [environment.get("PATH", ""), *(_expand(text, environment) for text in SEARCH_PATHS.get(platform, ()))]
    found = shutil.which(program.name, path=os.pathsep.join(part for part in folders if part))
    if found is None:
        raise UnavailableError(
            f"The program {program.name} is not installed.",
            hint=INSTALL_HINTS.get(platform, "Install it and try again."),
        )
    return Path(found).absolute()


def _expand(text: str, environment: Mapping[str, str]) -> str:
    """Replace `%NAME%`; a folder whose variable is not set cannot exist and becomes empty."""
    for name in re.findall("%([^%]+)%", text):
        if not environment.get(name):
            return ""
        text = text.replace(f"%{name}%", environment[name])
    return text


def parse_version(text: str) -> Version:
    """Return the first version number in what a program printed, missing parts as 0.

    Raises:
        UnavailableError: there is none.
    """
    match = _NUMBER.search(text)
    if match is None:
        raise UnavailableError("A program did not tell its version.", detail=text)
    major, minor, micro = match.groups()
    return int(major), int(minor), int(micro or 0)


async def version(path: PurePath) -> Version:
    """Ask a program for its version.

    Raises:
        UnavailableError: it cannot be run or says nothing that can be understood.
        TimeoutExceededError: it hangs.
    """
    try:
        return parse_version(await run([str(path), "--version"], timeout=VERSION_LIMIT))
    except ProcessFailedError as error:
        raise UnavailableError(f"{path} does not run.", hint="Install it anew.", detail=error.detail) from error


async def find_qemu(arch: str, override: str | None = None) -> Qemu:
    """Return the QEMU for guests of `arch`.

    Raises:
        UnavailableError: there is none, it does not run, or it is too old.
    """
    path = find(qemu_program(arch), override)
    return check_qemu(Qemu(path, await version(path)))


def check_qemu(qemu: Qemu) -> Qemu:
    """Return `qemu` if it is new enough.

    Raises:
        UnavailableError: it is not.
    """
    if qemu.version < MINIMUM_QEMU:
        wanted = ".".join(str(part) for part in MINIMUM_QEMU[:2])
        raise UnavailableError(
            f"QEMU {qemu.version_text} ({qemu.path}) is too old: Linnet needs {wanted} or newer.",
            hint="Older versions damage the guest's memory when they run without hardware acceleration. "
            + INSTALL_HINTS.get(sys.platform, "Install a newer one."),
        )
    return qemu


def virtiofsd(override: str | None = None) -> Path | None:
    """Return where virtiofsd is, or None: it is optional and exists on Linux only."""
    try:
        return find(VIRTIOFSD, override)
    except UnavailableError:
        if override or os.environ.get(VIRTIOFSD.variable):
            raise
        return None
