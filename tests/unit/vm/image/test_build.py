"""The build: its commands, its errors, and that nothing half stays behind. Real programs are replaced by small ones."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from vm.errors import CancelledByUserError, DiskFullError, ImageError, UnavailableError
from vm.image import build as module
from vm.image.build import BuildOptions, bootstrap_command, build, check_host, check_room
from vm.image.recipe import load
from vm.image.store import ImageStore
from vm.image.tree import read_packages
from vm.progress import Progress

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="images are built on Linux")


@pytest.fixture
def options() -> BuildOptions:
    return BuildOptions(arch="amd64")


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that comes first in PATH, and a temporary folder of its own."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return folder


def test_bootstrap_names_no_mirror_unless_told(options: BuildOptions, tmp_path: Path) -> None:
    command = bootstrap_command(load(), options, tmp_path / "base.tar")
    assert command[-2:] == ["trixie", str(tmp_path / "base.tar")]
    assert any(part.startswith("--include=") and "podman" in part for part in command)
    other = BuildOptions(arch="arm64", mirror="http://127.0.0.1/mirror")
    command = bootstrap_command(load(), other, tmp_path / "base.tar")
    assert command[-1] == "http://127.0.0.1/mirror"
    assert "--architectures=arm64" in command
    assert any("linux-image-arm64" in part for part in command)


def test_anybody_builds_as_root_of_a_namespace(
    options: BuildOptions, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tools, "mmdebstrap", "exit 0")
    program(tools, "newuidmap", "exit 0")
    assert check_host(options) == []
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert check_host(options)[:3] == ["unshare", "--user", "--map-auto"]
    assert "--mode=unshare" in bootstrap_command(load(), options, Path("x"))


def test_missing_program_and_unknown_architecture(
    options: BuildOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="mmdebstrap is not installed"):
        check_host(options)
    with pytest.raises(ImageError, match="architecture mips"):
        check_host(BuildOptions(arch="mips"))


def test_too_little_room_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(DiskFullError, match="not enough room"):
        check_room(tmp_path, 1 << 60)


@pytest.mark.parametrize(
    ("script", "error", "words"),
    [
        ("echo 'I: running apt'; echo 'E: cannot reach the mirror' >&2; exit 25", ImageError, "mmdebstrap failed"),
        ("echo 'tar: No space left on device' >&2; exit 1", DiskFullError, "disk became full"),
    ],
)
def test_failed_bootstrap_leaves_nothing(
    options: BuildOptions, tools: Path, tmp_path: Path, script: str, error: type[Exception], words: str
) -> None:
    program(tools, "mmdebstrap", script)
    store = ImageStore(tmp_path / "images")
    with pytest.raises(error, match=words):
        build(store, options)
    assert not store.folder.exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_failed_second_half_leaves_nothing_and_keeps_its_error(
    options: BuildOptions, tools: Path, tmp_path: Path
) -> None:
    # A tar that is none: the second process fails in its first step and says so in its own words.
    program(tools, "mmdebstrap", 'echo "I: done"; for last; do :; done; echo broken > "$last"')
    steps: list[Progress] = []
    store = ImageStore(tmp_path / "images")
    with pytest.raises(ImageError, match="tar failed"):
        build(store, options, steps.append)
    assert [step.text for step in steps] == ["Done", "Unpacking the packages"]
    assert list(store.folder.iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_stop_ends_the_program(options: BuildOptions, tools: Path, tmp_path: Path) -> None:
    program(tools, "mmdebstrap", "echo 'I: started'; exec sleep 1000")

    def stop(_progress: Progress) -> None:
        raise CancelledByUserError("stopped")

    with pytest.raises(CancelledByUserError):
        build(ImageStore(tmp_path / "images"), options, stop)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_store_without_room(
    options: BuildOptions, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tools, "mmdebstrap", "exit 0")
    monkeypatch.setattr(module, "STORE_ROOM", 1 << 60)
    store = ImageStore(tmp_path / "images")
    with pytest.raises(DiskFullError):
        build(store, options)
    assert list(store.folder.iterdir()) == []


def test_packages_are_read_from_dpkgs_own_file() -> None:
    status = (
        "Package: podman\nStatus: install ok installed\nVersion: 5.4.2+ds1-2\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n"
    )
    assert read_packages(status) == {"podman": "5.4.2+ds1-2"}
