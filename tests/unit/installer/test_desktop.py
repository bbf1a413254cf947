"""The desktop app's part of the installer: when it opens a window, and how a failure is told. Real processes."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from installer import desktop, needs, steps
from installer.console import InstallError
from installer.environment import Environment


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A checkout whose programs are small scripts, on a desktop."""
    root = tmp_path / "checkout"
    (root / ".venv" / "bin").mkdir(parents=True)
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(desktop, "EARLY", 0.5)
    return Environment(root)


def write_program(environment: Environment, name: str, script: str) -> None:
    path = environment.program(name)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("platform", "variables", "there"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_where_there_is_a_display(platform: str, variables: dict[str, str], there: bool) -> None:
    assert desktop.has_display(platform, variables) is there


def test_without_a_display_nothing_is_started(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    desktop.open_window(environment)
    assert f"start {environment.program('linnet-desktop')}" in capsys.readouterr().out


def test_a_window_that_stays_is_left_alone(
    environment: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_program(environment, "python", f"echo $* >> '{tmp_path}/launcher'")
    write_program(environment, "linnet-desktop", f"echo $$ > '{tmp_path}/pid'; exec sleep 60")
    desktop.open_window(environment)
    pid = int((tmp_path / "pid").read_text())
    try:
        assert os.getsid(pid) == pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert (tmp_path / "launcher").read_text() == "-m app.gui.launcher\n"
    assert "the window is open" in capsys.readouterr().out


def test_one_that_only_shows_another_window_is_fine(environment: Environment) -> None:
    write_program(environment, "python", "exit 0")
    write_program(environment, "linnet-desktop", "exit 0")
    desktop.open_window(environment)


def test_a_window_that_cannot_open_is_an_error_with_its_last_words(environment: Environment) -> None:
    write_program(environment, "python", "exit 0")
    write_program(environment, "linnet-desktop", "echo could not connect to display >&2; exit 134")
    with pytest.raises(InstallError, match=r"code 134\.\n    could not connect to display") as caught:
        desktop.open_window(environment)
    assert str(environment.folder / desktop.LOG) in caught.value.hint


def test_a_missing_program_is_an_error(environment: Environment) -> None:
    write_program(environment, "python", "exit 0")
    with pytest.raises(InstallError, match="cannot be started"):
        desktop.open_window(environment)


def test_translations_that_cannot_be_compiled_are_an_error(environment: Environment) -> None:
    write_program(environment, "python", "exit 1")
    with pytest.raises(InstallError, match="translations"):
        desktop.build_translations(environment)


def test_tests_of_the_window_run_offscreen_before_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, dict[str, str]]] = []

    def run(argv: list[object], env: dict[str, str], **_: object) -> int:
        ran.append((str(argv[3]), env))
        return 0

    for name in ("gui", "vm"):
        (tmp_path / "tests" / name).mkdir(parents=True)
        (tmp_path / "tests" / name / "test_it.py").touch()
    monkeypatch.setattr(steps, "call", run)
    monkeypatch.setattr(steps, "set_up", lambda root, **_: Environment(root))
    monkeypatch.setattr(steps, "set_up_image", lambda _: None)
    assert steps.run_tests(tmp_path, quick=False) == 0
    assert [arguments for arguments, _ in ran[-3:]] == ["tests/unit", "tests/gui", "tests/vm"]
    assert [env.get("QT_QPA_PLATFORM") for _, env in ran[-3:]] == [None, "offscreen", None]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libraries are looked for on Linux alone")
def test_libraries_are_probed_by_loading_them() -> None:
    probe = needs._libraries
    assert probe("libc.so.6")()
    assert not probe("libc.so.6", "libno-such-bird.so.1")()


def test_what_pyside_links_to_is_in_the_table() -> None:
    """Every library of the system that the parts of PySide6 in use are linked to must be known to the installer."""
    table = {name for libraries in needs.LIBRARIES.values() for name in libraries}
    missing = linked() - table - BROUGHT_ALONG
    assert not missing


BROUGHT_ALONG = {
    *("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2"),
    *("libstdc++.so.6", "libgcc_s.so.1", "libz.so.1", "libzstd.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"),
    *("libgthread-2.0.so.0", "libgobject-2.0.so.0", "libgio-2.0.so.0"),  # in glib's package
    *("libfreetype.so.6", "libbrotlicommon.so.1"),  # of fontconfig and brotli
    # what libxcb-cursor0 and libxkbcommon-x11-0 depend on
    *("libxcb.so.1", "libxcb-util.so.1", "libxcb-image.so.0", "libxcb-render.so.0", "libxcb-render-util.so.0"),
    *("libxcb-shm.so.0", "libxcb-xkb.so.1"),
}
"""In every Debian, or pulled in by a package of the table."""

PARTS = (
    *("QtCore*.so", "QtGui*.so", "QtWidgets*.so", "QtNetwork*.so", "QtSvg*.so", "QtDBus*.so", "lrelease"),
    *(f"Qt/lib/libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "Network", "Svg", "DBus", "XcbQpa")),
    *(f"Qt/plugins/platforms/libq{name}.so" for name in ("xcb", "offscreen", "wayland*")),
    "Qt/plugins/xcbglintegrations/*.so",
    *(f"Qt/plugins/wayland-{name}/*.so" for name in ("shell-integration", "*-client")),
    *("Qt/plugins/iconengines/*.so", "Qt/plugins/imageformats/*.so", "Qt/plugins/tls/*.so"),
)


def linked() -> set[str]:
    """Return the names of the libraries outside PySide6 to which the parts in use are linked."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or spec.origin is None or not shutil.which("readelf"):
        pytest.skip("needs PySide6 and readelf")
    folder = Path(spec.origin).parent
    files = [path for part in PARTS for path in folder.glob(part)]
    assert len(files) > 30
    done = subprocess.run(["readelf", "-d", *files], capture_output=True, text=True, check=True)
    names = set(re.findall(r"\(NEEDED\).*\[(.+)\]", done.stdout))
    own = {path.name for path in (*folder.glob("Qt/lib/*"), *folder.glob("lib*"))}
    return {name for name in names - own if not name.startswith(("libQt6", "libshiboken6", "libpyside6"))}
