"""The .desktop files: how words are quoted, and the launcher in the menu."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.gui import launcher
from app.gui.autostart import program
from app.gui.desktopfile import exec_line

ENTRY = """\
[Desktop Entry]
Type=Application
Name=Linnet
Comment=Containers in a light virtual machine
Comment[ko]=가벼운 가상 머신에서 컨테이너를 실행합니다
Exec=/opt/linnet/bin/linnet-desktop
TryExec=/opt/linnet/bin/linnet-desktop
Icon=linnet
Terminal=false
GenericName=Container manager
GenericName[ko]=컨테이너 관리자
Categories=Development;
Keywords=container;docker;podman;image;compose;virtual machine;
Keywords[ko]=컨테이너;도커;포드맨;이미지;가상 머신;
StartupNotify=true
StartupWMClass=linnet-desktop
SingleMainWindow=true
"""


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/opt/linnet/linnet-desktop", "/opt/linnet/linnet-desktop"),
        ("/a b/c", '"/a b/c"'),
        ("50%", "50%%"),
        ('say "x"', r'"say \\"x\\""'),
        ("a$b`c", r'"a\\$b\\`c"'),
        ("back\\slash", r'"back\\\\slash"'),
        ("", '""'),
    ],
)
def test_words_of_exec_are_quoted_twice(word: str, written: str) -> None:
    assert exec_line([word]) == written
    # Read back as a desktop does: first the escapes of a string, then the quotes (a shell's), then the fields.
    shell = "printf %s " + written.replace("\\\\", "\\")
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    assert done.stdout.replace("%%", "%") == word


@pytest.mark.parametrize(
    ("value", "folder"), [("", "HOME/.local/share"), ("/data", "/data"), ("x", "HOME/.local/share")]
)
def test_launcher(tmp_path: Path, value: str, folder: str) -> None:
    base = Path(folder.replace("HOME", str(tmp_path)))
    files = launcher.files(["/opt/linnet/bin/linnet-desktop"], tmp_path, {"XDG_DATA_HOME": value})
    assert files[base / "applications" / "linnet.desktop"].decode() == ENTRY
    assert files[base / "icons/hicolor/scalable/apps/linnet.svg"].startswith(b"<svg ")
    assert len(files) == 2


def test_it_is_written_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert launcher.main([]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert len(written) == 2
    assert all(path.is_file() for path in written)
    assert f"Exec={exec_line(program())}\n" in written[0].read_text(encoding="utf-8")
    assert launcher.main(["remove"]) == 0
    assert not any(path.exists() for path in written)
    assert launcher.main(["remove"]) == 0
    assert launcher.main(["away"]) == 2


def test_what_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "applications").write_text("in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert launcher.main([]) == 1
    assert "cannot be changed" in capsys.readouterr().err


def test_neither_it_nor_autostart_loads_qt() -> None:
    code = "import sys, app.gui.launcher; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
