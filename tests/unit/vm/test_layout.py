"""Names of files: where the base folders are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vm import layout
from vm.layout import Layout

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the rules of Linux")


@pytest.fixture(autouse=True)
def _no_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LINNET_HOME", raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_folders_without_any_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_is_private", lambda _folder: False)
    assert Layout.default() == Layout(
        config=tmp_path / ".config/linnet",
        data=tmp_path / ".local/share/linnet",
        run=tmp_path / ".local/share/linnet/run",
        cache=tmp_path / ".cache/linnet",
    )


def test_runtime_folder_must_be_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert Layout.default().run == runtime / "linnet"
    runtime.chmod(0o755)
    assert Layout.default().run != runtime / "linnet"


def test_other_folders_are_where_platformdirs_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    dirs = platformdirs.PlatformDirs("linnet", appauthor=False)
    found = Layout.default()
    assert (found.config, found.data, found.cache) == (
        dirs.user_config_path,
        dirs.user_data_path,
        dirs.user_cache_path,
    )


def test_client_imports_nothing_heavy() -> None:
    script = "import sys, app.core.client; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"asyncio", "ssl", "dataclasses", "inspect", "msgspec", "platformdirs", "subprocess", "email", "psutil"}
    assert not heavy & set(loaded)
