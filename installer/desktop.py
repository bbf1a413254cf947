"""The desktop app: its translations, its place in the menu, and opening it where there is a display."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from installer.console import InstallError, call, say
from installer.environment import Environment

LOG = "linnet-desktop.log"
"""In `.venv`: what the app said that the installer has opened."""

EARLY = 4.0
"""Seconds within which an app that cannot start has ended."""

_DETACHED = 0x00000200 | 0x00000008
"""CREATE_NEW_PROCESS_GROUP | DETACHED_PROCESS, absent from `subprocess` outside Windows."""


def build_translations(environment: Environment) -> None:
    """Compile the translations of the window. Raises InstallError."""
    if call([environment.python, "-m", "app.gui.translations", "build"], cwd=environment.root, timeout=120) != 0:
        raise InstallError(
            "The translations of the window cannot be compiled; the message is above.",
            "Delete .venv and try again, so that PySide6 is installed afresh.",
        )


def has_display(platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether there is a screen to open a window on."""
    if platform in {"win32", "darwin"}:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def open_window(environment: Environment) -> None:
    """Put Linnet into the desktop's menu and open its window; without a display say how to do that later.

    Raises:
        InstallError: the window cannot be opened.
    """
    program = environment.program("linnet-desktop")
    if not has_display():
        say(f"there is no display here; on a desktop, start {program}")
        return
    if sys.platform.startswith("linux"):
        say("adding Linnet to the desktop's menu:")
        call([environment.python, "-m", "app.gui.launcher"], cwd=environment.root, timeout=60)
    log = environment.folder / LOG
    code = _start(program, log)
    if code:
        raise InstallError(
            f"The window cannot be opened: linnet-desktop ended with code {code}.{_last_words(log)}",
            f"Everything else works. Its messages are in {log}.",
        )
    say("the window is open; closing it stops nothing")


def _start(program: Path, log: Path) -> int | None:
    """Start the app on its own; return its exit code if it ends early, 0 when another one showed its window."""
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(
                [program],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=Path.home(),
                start_new_session=os.name == "posix",
                creationflags=_DETACHED if os.name == "nt" else 0,
            )
        except OSError as error:
            raise InstallError(
                f"{program} cannot be started: {error.strerror}.", "Delete .venv and try again."
            ) from error
    try:
        return process.wait(EARLY)
    except subprocess.TimeoutExpired:
        # It goes on by itself: no complaint when the object is collected.
        process.returncode = 0
        return None


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "".join(f"\n    {line}" for line in lines[-5:])
