"""Finding programs and judging their versions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vm.drivers import tools
from vm.errors import UnavailableError


def make(folder: Path, name: str, script: str = "exit 0") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\nCopyright (c) 2003-2025", (10, 0, 2)),
        ("qemu-img version 8.2.1 (v8.2.1)", (8, 2, 1)),
        ("virtiofsd 1.13.2", (1, 13, 2)),
        ("QEMU emulator version 11.0", (11, 0, 0)),
    ],
)
def test_parse_version(text: str, version: tools.Version) -> None:
    assert tools.parse_version(text) == version


def test_no_version_is_an_error() -> None:
    with pytest.raises(UnavailableError):
        tools.parse_version("Segmentation fault")


def test_on_the_path_and_in_other_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = make(tmp_path / "Program Files" / "qemu", "qemu-img")
    monkeypatch.setitem(tools.SEARCH_PATHS, "test", ("%Unset%/x", "%Base%/qemu"))
    environment = {"PATH": str(tmp_path / "bin"), "Base": str(tmp_path / "Program Files")}
    assert tools.find(tools.QEMU_IMG, platform="test", environment=environment) == elsewhere
    first = make(tmp_path / "bin", "qemu-img")
    assert tools.find(tools.QEMU_IMG, platform="test", environment=environment) == first


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="qemu-img is not installed"):
        tools.find(tools.QEMU_IMG, platform="none", environment={"PATH": str(tmp_path)})


def test_what_the_user_names_wins_and_is_never_replaced(tmp_path: Path) -> None:
    named, by_variable = make(tmp_path / "a", "my-img"), make(tmp_path / "b", "my-img")
    make(tmp_path / "bin", "qemu-img")
    environment = {"PATH": str(tmp_path / "bin"), "LINNET_QEMU_IMG": str(by_variable)}
    assert tools.find(tools.QEMU_IMG, str(named), environment=environment) == named
    assert tools.find(tools.QEMU_IMG, environment=environment) == by_variable
    with pytest.raises(UnavailableError, match="settings name"):
        tools.find(tools.QEMU_IMG, str(tmp_path / "gone"), environment=environment)
    with pytest.raises(UnavailableError, match="LINNET_QEMU_IMG"):
        tools.find(tools.QEMU_IMG, environment={"PATH": "", "LINNET_QEMU_IMG": str(tmp_path / "gone")})


def test_old_qemu_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"7\.2\.0.*too old") as caught:
        tools.check_qemu(tools.Qemu(tmp_path, (7, 2, 0)))
    assert "damage the guest's memory" in (caught.value.hint or "")
    assert tools.check_qemu(tools.Qemu(tmp_path, (8, 2, 0))).version_text == "8.2.0"


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
async def test_asking_a_program(tmp_path: Path) -> None:
    good = make(tmp_path, "qemu-system-x86_64", "echo QEMU emulator version 10.0.2")
    assert await tools.find_qemu("x86_64", str(good)) == tools.Qemu(good, (10, 0, 2))
    broken = make(tmp_path, "broken", "echo no library >&2; exit 127")
    with pytest.raises(UnavailableError, match="does not run") as caught:
        await tools.version(broken)
    assert caught.value.detail == "no library"


def test_virtiofsd_is_optional_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "SEARCH_PATHS", {})
    monkeypatch.delenv("LINNET_VIRTIOFSD", raising=False)
    assert tools.virtiofsd() is None
    with pytest.raises(UnavailableError):
        tools.virtiofsd(str(tmp_path / "virtiofsd"))
