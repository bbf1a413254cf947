"""Bringing the system's part in: what is missing, said first, then installed by the package manager at hand."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Sequence

from installer.apt import Apt
from installer.console import InstallError, call, say
from installer.needs import TOOLS, Need, needs

COMMANDS = {
    "brew": ["brew", "install"],
    "winget": ["winget", "install", "--exact", "--accept-package-agreements", "--accept-source-agreements", "--id"],
}
"""How the package managers without special cases install a package."""

ONE_BY_ONE = {"winget"}


def package_manager() -> str:
    """Return the package manager of this machine: apt, brew, winget, or "" when there is none that is known."""
    order = {"darwin": ("brew",), "win32": ("winget",)}.get(sys.platform, ("apt-get",))
    found = next((name for name in order if shutil.which(name)), "")
    return "apt" if found == "apt-get" else found


def missing(*, tests: bool) -> list[Need]:
    """Return what is not on this machine."""
    wanted = [need for need in needs(platform.machine()) if tests or not need.tests_only]
    return [need for need in wanted if not need.present()]


def install_missing(*, tests: bool) -> None:
    """Install what is missing, after saying what that is.

    Raises:
        InstallError: something cannot be installed, or is still missing afterwards.
    """
    lacking = missing(tests=tests)
    if not lacking:
        say("everything needed is there")
        return
    manager = package_manager()
    _print_plan(lacking, manager)
    if not manager:
        raise InstallError(
            "No package manager that the installer knows (apt, brew, winget) is on this machine.",
            "Install the things listed above by hand and try again.",
        )
    if manager == "apt":
        _by_apt(lacking)
    else:
        _by_command(lacking, manager)
    still = [need.title for need in missing(tests=tests)]
    if still:
        raise InstallError(
            f"After installing, this is still missing or too old: {'; '.join(still)}.",
            "Install it by hand (see CONTRIBUTING.md) and try again.",
        )


def _print_plan(lacking: Sequence[Need], manager: str) -> None:
    where = Apt().explain() if manager == "apt" else f"by {manager or 'hand'}"
    say(f"to be installed, {where}:")
    for need in lacking:
        say(f"  - {need.title} ({', '.join(need.packages_for(manager)) or 'no package known'})")


def _by_apt(lacking: Sequence[Need]) -> None:
    apt = Apt()
    whole = [need for need in lacking if not need.lone_program]
    packages = [name for need in whole if not need.newest for name in need.packages_for("apt")]
    newest = [name for need in whole if need.newest for name in need.packages_for("apt")]
    apt.install(list(dict.fromkeys(packages)), list(dict.fromkeys(newest)))
    for need in lacking:
        if need.lone_program:
            target = TOOLS / need.lone_program.rpartition("/")[2]
            apt.take_program(need.packages_for("apt"), need.lone_program, target)


def _by_command(lacking: Sequence[Need], manager: str) -> None:
    names = list(dict.fromkeys(name for need in lacking for name in need.packages_for(manager)))
    batches = [[name] for name in names] if manager in ONE_BY_ONE else [names]
    for batch in filter(None, batches):
        if call([*COMMANDS[manager], *batch], timeout=3600) != 0:
            raise InstallError(
                f"{manager} could not install {', '.join(batch)}; its messages are above.",
                "Check the network, then try again.",
            )
