"""Starting the desktop app, hidden in the tray, when the user logs in.

Each platform has a place that says so: an XDG autostart file, a LaunchAgent, a value under the Run key. What would be
written is data, so it is the same wherever it is looked at; only `Registry` needs its platform.
"""

from __future__ import annotations

import configparser
import os
import plistlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from app.gui.desktopfile import DESKTOP_NAME, desktop_entry, replace_file
from vm.errors import UnavailableError

AGENT_LABEL = "org.linnet.desktop"

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"

APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""Where the Task Manager notes what the user has switched off there; the first byte is odd then."""

VALUE_NAME = "Linnet"

HIDDEN = "--hidden"
"""The option of linnet-desktop for starting without showing the window."""

Value = str | bytes


class Registry(Protocol):
    """What is needed of HKEY_CURRENT_USER."""

    def get(self, key: str, name: str) -> Value | None:
        """Return a value, None when it is not there."""

    def set(self, key: str, name: str, value: str) -> None:
        """Write a text value."""

    def delete(self, key: str, name: str) -> None:
        """Remove a value; nothing happens when it is not there."""


class AutoStart(Protocol):
    """Whether the desktop app starts at login."""

    @property
    def enabled(self) -> bool:
        """Whether it will start at the next login."""

    def enable(self) -> None:
        """Have it start. Raises UnavailableError when that cannot be written."""

    def disable(self) -> None:
        """Have it not start. Raises UnavailableError when that cannot be written."""


def program() -> list[str]:
    """Return the command of the desktop app that runs."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    # Beside the interpreter of the environment, not where a link of it leads.
    name = "linnet-desktop.exe" if sys.platform == "win32" else "linnet-desktop"
    script = Path(sys.executable).with_name(name)
    return [str(script)] if script.is_file() else [sys.executable, "-P", "-m", "app.desktop.main"]


def for_this_system(
    command: Sequence[str] | None = None,
    platform: str = sys.platform,
    home: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> AutoStart:
    """Return the way of `platform`; `command` starts the desktop app, without its option to stay hidden."""
    words = [*(command or program()), HIDDEN]
    home = home or Path.home()
    if platform == "win32":
        return RunKey(words, WindowsRegistry())
    if platform == "darwin":
        return LaunchAgent(words, home)
    base = environ.get("XDG_CONFIG_HOME", "")
    return DesktopFile(words, Path(base) if Path(base).is_absolute() else home / ".config")


class DesktopFile:
    """XDG autostart, understood by all desktops of Linux."""

    def __init__(self, command: Sequence[str], config: Path) -> None:
        self.path = config / "autostart" / f"{DESKTOP_NAME}.desktop"
        self._command = command

    @property
    def enabled(self) -> bool:
        """Whether the file is there and no desktop's own settings have switched it off."""
        parser = configparser.RawConfigParser(strict=False, interpolation=None)
        try:
            parser.read_string(self.path.read_text(encoding="utf-8"))
            entry = parser["Desktop Entry"]
        except (OSError, ValueError, configparser.Error, KeyError):
            return False
        return entry.get("Hidden", "false") != "true" and entry.get("X-GNOME-Autostart-enabled", "true") != "false"

    def enable(self) -> None:
        """Write the file."""
        _write(self.path, self.content().encode())

    def disable(self) -> None:
        """Remove the file."""
        _remove(self.path)

    def content(self) -> str:
        """Return what the file holds."""
        return desktop_entry(self._command, {"X-GNOME-Autostart-enabled": "true"})


class LaunchAgent:
    """launchd of macOS, which reads the folder at login."""

    def __init__(self, command: Sequence[str], home: Path) -> None:
        self.path = home / "Library" / "LaunchAgents" / f"{AGENT_LABEL}.plist"
        self._command = command

    @property
    def enabled(self) -> bool:
        """Whether the file is there and starts something."""
        try:
            agent = plistlib.loads(self.path.read_bytes())
        except (OSError, ValueError, plistlib.InvalidFileException):
            return False
        return isinstance(agent, dict) and agent.get("RunAtLoad") is True and not agent.get("Disabled", False)

    def enable(self) -> None:
        """Write the file."""
        _write(self.path, self.content())

    def disable(self) -> None:
        """Remove the file."""
        _remove(self.path)

    def content(self) -> bytes:
        """Return what the file holds."""
        agent = {
            "Label": AGENT_LABEL,
            "LimitLoadToSessionType": "Aqua",
            "ProcessType": "Interactive",
            "ProgramArguments": list(self._command),
            "RunAtLoad": True,
        }
        return plistlib.dumps(agent)


class RunKey:
    """The Run key of Windows."""

    def __init__(self, command: Sequence[str], registry: Registry) -> None:
        self._command = command
        self._registry = registry

    @property
    def enabled(self) -> bool:
        """Whether the value is there and was not switched off in the Task Manager."""
        approved = self._registry.get(APPROVED_KEY, VALUE_NAME)
        switched_off = isinstance(approved, bytes) and bool(approved) and bool(approved[0] & 1)
        return bool(self._registry.get(RUN_KEY, VALUE_NAME)) and not switched_off

    def enable(self) -> None:
        """Write the value, and forget that it was switched off."""
        try:
            self._registry.set(RUN_KEY, VALUE_NAME, subprocess.list2cmdline(self._command))
            self._registry.delete(APPROVED_KEY, VALUE_NAME)
        except OSError as error:
            raise _failure("the Run key", error) from error

    def disable(self) -> None:
        """Remove the value."""
        try:
            self._registry.delete(RUN_KEY, VALUE_NAME)
        except OSError as error:
            raise _failure("the Run key", error) from error


class WindowsRegistry:
    """HKEY_CURRENT_USER itself."""

    # `winreg` exists on Windows alone; elsewhere this class is never made use of.

    def get(self, key: str, name: str) -> Value | None:
        """Return a value, None when it is not there."""
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:  # type: ignore[attr-defined,unused-ignore]
                value, _ = winreg.QueryValueEx(opened, name)  # type: ignore[attr-defined,unused-ignore]
        except FileNotFoundError:
            return None
        return value if isinstance(value, str | bytes) else None

    def set(self, key: str, name: str, value: str) -> None:
        """Write a text value."""
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:  # type: ignore[attr-defined,unused-ignore]
            winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)  # type: ignore[attr-defined,unused-ignore]

    def delete(self, key: str, name: str) -> None:
        """Remove a value; nothing happens when it is not there."""
        import winreg

        try:
            with winreg.OpenKey(  # type: ignore[attr-defined,unused-ignore]
                winreg.HKEY_CURRENT_USER,  # type: ignore[attr-defined,unused-ignore]
                key,
                access=winreg.KEY_SET_VALUE,  # type: ignore[attr-defined,unused-ignore]
            ) as opened:
                winreg.DeleteValue(opened, name)  # type: ignore[attr-defined,unused-ignore]
        except FileNotFoundError:
            pass


def _write(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        raise _failure(str(path), error) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _failure(str(path), error) from error


def _failure(what: str, error: OSError) -> UnavailableError:
    return UnavailableError(
        f"Starting at login cannot be changed: {what} cannot be written ({error.strerror}).",
        hint="Check who owns it, and that the disk is not full.",
    )
