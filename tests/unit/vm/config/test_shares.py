"""Tests of vm.config.shares."""

from __future__ import annotations

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from vm.config.shares import Share, ShareConfig, default_guest_path


@pytest.mark.parametrize(
    ("path", "guest"),
    [
        (PurePosixPath("/home/ü s"), "/home/ü s"),
        (PureWindowsPath("C:\\Users\\Me\\x y"), "/mnt/c/Users/Me/x y"),
        (PureWindowsPath("D:\\"), "/mnt/d"),
        (PureWindowsPath("\\\\server\\share\\x"), "/mnt/unc/server/share/x"),
    ],
)
def test_where_the_guest_has_a_folder(path: PurePath, guest: str) -> None:
    assert default_guest_path(path) == guest


def test_a_share_is_written_without_its_defaults() -> None:
    kind = Share()
    plain = kind.check("/opt/x")
    assert plain == ShareConfig(path=Path("/opt/x"), guest_path="/opt/x")
    assert kind.plain(plain) == {"path": "/opt/x"}
    full = {"path": "/opt/x", "guest_path": "/srv/x", "mode": "read-only", "kind": "9p", "watch": False}
    assert kind.plain(kind.check(full)) == full
    assert kind.check(full).read_only


def test_paths_are_made_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert Share().check("~/src/../x/").path == Path("/home/me/x")
    assert Share().check({"path": "/opt", "guest_path": "//srv//x/"}).guest_path == "/srv/x"
