"""Tests of vm.guest.keys."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from vm.errors import UnavailableError
from vm.guest import keys
from vm.layout import Layout


def test_keys_are_made_once(tmp_path: Path) -> None:
    files = Layout(tmp_path, tmp_path, tmp_path, tmp_path).machine("default")
    files.folder.mkdir(parents=True)
    first = keys.ensure(files)
    assert keys.ensure(files) == first
    assert first.public != first.host_key_public
    assert first.host_key == files.host_key.read_text()
    assert "PRIVATE" not in repr(first)
    for path in (files.ssh_key, files.host_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.with_name(path.name + ".pub").read_text().startswith("ssh-ed25519 AAAA")
    assert len(list(files.folder.iterdir())) == 4


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_openssh_reads_them(tmp_path: Path) -> None:
    public = keys.ensure_key(tmp_path / "id")
    shown = subprocess.run(["ssh-keygen", "-y", "-f", tmp_path / "id"], capture_output=True, text=True, check=True)
    assert shown.stdout.split()[:2] == public.split()
    keys.write_known_hosts(tmp_path / "known", 42022, public)
    found = subprocess.run(
        ["ssh-keygen", "-F", "[127.0.0.1]:42022", "-f", tmp_path / "known"], capture_output=True, text=True, check=True
    )
    assert public in found.stdout


def test_a_lost_public_half_is_made_again(tmp_path: Path) -> None:
    public = keys.ensure_key(tmp_path / "id")
    (tmp_path / "id.pub").unlink()
    assert keys.ensure_key(tmp_path / "id") == public
    assert (tmp_path / "id.pub").read_text() == public + "\n"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAA", b"\xff\0"])
def test_a_damaged_key_is_named_and_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "id").write_bytes(content)
    with pytest.raises(UnavailableError, match="does not hold an SSH key"):
        keys.ensure_key(tmp_path / "id")
    assert (tmp_path / "id").read_bytes() == content


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be used"):
        keys.ensure_key(tmp_path / "missing" / "id")
    assert keys.known_hosts_line(22, "ssh-ed25519 A") == "[127.0.0.1]:22 ssh-ed25519 A\n"
