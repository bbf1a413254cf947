"""Starting at login: what is written on the three platforms, and what users and their desktops do to it."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path

import pytest

from app.gui import autostart
from app.gui.autostart import APPROVED_KEY, RUN_KEY, DesktopFile, LaunchAgent, RunKey, for_this_system
from vm.errors import UnavailableError

LINUX = """\
[Desktop Entry]
Type=Application
Name=Linnet
Comment=Containers in a light virtual machine
Comment[ko]=가벼운 가상 머신에서 컨테이너를 실행합니다
Exec="/home/a b/linnet-desktop" --hidden
TryExec=/home/a b/linnet-desktop
Icon=linnet
Terminal=false
X-GNOME-Autostart-enabled=true
"""

MACOS = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>org.linnet.desktop</string>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Interactive</string>
	<key>ProgramArguments</key>
	<array>
		<string>/Applications/Linnet.app/Contents/MacOS/Linnet</string>
		<string>--hidden</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
</dict>
</plist>
"""


class Memory:
    """A registry that is a dictionary."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], autostart.Value] = {}

    def get(self, key: str, name: str) -> autostart.Value | None:
        return self.values.get((key, name))

    def set(self, key: str, name: str, value: str) -> None:
        self.values[key, name] = value

    def delete(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)


def test_linux(tmp_path: Path) -> None:
    entry = for_this_system(["/home/a b/linnet-desktop"], "linux", tmp_path, {})
    path = tmp_path / ".config" / "autostart" / "linnet.desktop"
    assert not entry.enabled
    entry.disable()
    entry.enable()
    assert path.read_text(encoding="utf-8") == LINUX
    assert entry.enabled
    assert [other.name for other in path.parent.iterdir()] == [path.name]
    entry.disable()
    assert not entry.enabled
    assert not path.exists()


@pytest.mark.parametrize(("value", "folder"), [("/cfg", "/cfg"), ("relative", "HOME/.config"), ("", "HOME/.config")])
def test_linux_follows_xdg(tmp_path: Path, value: str, folder: str) -> None:
    entry = for_this_system(["x"], "linux", tmp_path, {"XDG_CONFIG_HOME": value})
    assert isinstance(entry, DesktopFile)
    assert entry.path == Path(folder.replace("HOME", str(tmp_path)), "autostart", "linnet.desktop")


@pytest.mark.parametrize(
    ("change", "enabled"),
    [
        (("Terminal=false", "Hidden=true"), False),
        (("enabled=true", "enabled=false"), False),
        (("[Desktop Entry]", ""), False),
        (("Name=Linnet", "Name=Linnet %U\nName[fr]=Linnet"), True),
    ],
)
def test_what_a_desktop_changes_in_the_file_counts(tmp_path: Path, change: tuple[str, str], enabled: bool) -> None:
    entry = DesktopFile(["linnet-desktop"], tmp_path)
    entry.enable()
    entry.path.write_text(entry.path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    assert entry.enabled is enabled
    entry.enable()
    assert entry.enabled


def test_macos(tmp_path: Path) -> None:
    agent = for_this_system(["/Applications/Linnet.app/Contents/MacOS/Linnet"], "darwin", tmp_path, {})
    path = tmp_path / "Library" / "LaunchAgents" / "org.linnet.desktop.plist"
    assert not agent.enabled
    agent.enable()
    assert path.read_text(encoding="utf-8") == MACOS
    assert agent.enabled
    path.write_bytes(plistlib.dumps({**plistlib.loads(path.read_bytes()), "Disabled": True}))
    assert not agent.enabled
    path.write_text("not a list")
    assert not agent.enabled
    agent.disable()
    assert not path.exists()


def test_windows() -> None:
    registry = Memory()
    key = RunKey([r"C:\Program Files\Linnet\linnet-desktop.exe", "--hidden"], registry)
    assert not key.enabled
    key.enable()
    assert registry.values == {(RUN_KEY, "Linnet"): r'"C:\Program Files\Linnet\linnet-desktop.exe" --hidden'}
    assert key.enabled
    # As the Task Manager notes it: twelve bytes, 3 is off, 2 is on.
    registry.values[APPROVED_KEY, "Linnet"] = bytes([3, *bytes(11)])
    assert not key.enabled
    registry.values[APPROVED_KEY, "Linnet"] = bytes([2, *bytes(11)])
    assert key.enabled
    registry.values[APPROVED_KEY, "Linnet"] = bytes([3, *bytes(11)])
    key.enable()
    assert key.enabled
    key.disable()
    assert not key.enabled
    key.disable()
    assert registry.values == {}


def test_windows_is_chosen_by_the_platform() -> None:
    assert isinstance(for_this_system(["x"], "win32"), RunKey)


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "Library").write_text("in the way")
    with pytest.raises(UnavailableError, match="cannot be written"):
        LaunchAgent(["x"], tmp_path).enable()


def test_the_program_is_the_one_beside_the_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter = tmp_path / "bin" / "python"
    interpreter.parent.mkdir()
    monkeypatch.setattr(sys, "executable", str(interpreter))
    assert autostart.program() == [str(interpreter), "-P", "-m", "app.desktop.main"]
    script = interpreter.with_name("linnet-desktop")
    script.touch()
    assert autostart.program() == [str(script)]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert autostart.program() == [str(interpreter)]
