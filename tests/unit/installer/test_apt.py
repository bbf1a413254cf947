"""Reading apt's sources in both formats, and deriving an entry from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer import apt
from installer.apt import Apt, Source, base_source, os_release, read_sources, stanza

DEB822 = """\
Types: deb
# a comment inside
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb deb-src
URIs: http://mirror.test/debian-security
Suites: bookworm-security
Components: main contrib
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBGPL0BUBEADmW5NdOOHwPIJlgPu6JDcKw/NZJPR8lsD3K87ZM18gzyQZJD+w
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://other.test/x
Suites: bookworm
"""

ONE_LINE = """\
# deb http://commented.test/debian bookworm main
deb [arch=amd64 signed-by=/etc/apt/keyrings/x.gpg] https://tool.test/apt stable main # trailing
deb-src http://mirror.test/debian bookworm main
deb http://mirror.test/debian bookworm main contrib
deb https://tool.test/flat/
broken
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_deb822(folder: Path) -> None:
    (folder / "sources.list.d" / "debian.sources").write_text(DEB822)
    first, second = read_sources(folder)
    assert first.suites == ("bookworm", "bookworm-updates")
    assert first.signed_by == "/usr/share/keyrings/debian-archive-keyring.gpg"
    assert second.components == ("main", "contrib")
    assert second.signed_by.splitlines()[1] == " -----BEGIN PGP PUBLIC KEY BLOCK-----"


def test_one_line_format(folder: Path) -> None:
    (folder / "sources.list").write_text(ONE_LINE)
    (folder / "sources.list.d" / "old.list.save").write_text("deb http://saved.test/debian bookworm main")
    assert read_sources(folder) == [
        Source("https://tool.test/apt", ("stable",), ("main",), "/etc/apt/keyrings/x.gpg"),
        Source("http://mirror.test/debian", ("bookworm",), ("main", "contrib"), ""),
    ]


def test_backports_entry_uses_the_mirror_and_key_that_are_there(folder: Path) -> None:
    (folder / "sources.list.d" / "debian.sources").write_text(DEB822)
    base = base_source(read_sources(folder), "bookworm")
    assert base is not None
    assert stanza(base, ["bookworm-backports"]) == (
        "Types: deb\n"
        "URIs: http://mirror.test/debian\n"
        "Suites: bookworm-backports\n"
        "Components: main\n"
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    )


def test_an_inline_key_survives(folder: Path) -> None:
    (folder / "sources.list.d" / "debian.sources").write_text(DEB822)
    security = read_sources(folder)[1]
    text = stanza(security, security.suites)
    (folder / "sources.list.d" / "debian.sources").write_text(text)
    assert read_sources(folder) == [Source(security.uris, security.suites, security.components, security.signed_by)]


def test_os_release(tmp_path: Path) -> None:
    path = tmp_path / "os-release"
    path.write_text('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n')
    assert os_release(path)["VERSION_ID"] == "12"
    assert (os_release(path)["ID"], os_release(path)["VERSION_ID"]) in apt.NEEDS_BACKPORTS


class Recorder:
    """Stands in for `call`: remembers what was run, and fails what it is told to."""

    def __init__(self, *failing: str) -> None:
        self.commands: list[str] = []
        self.failing = failing

    def __call__(self, argv: list[object], **_: object) -> int:
        command = " ".join(map(str, argv))
        self.commands.append(command)
        return int(any(word in command for word in self.failing) and "sourceparts" not in command)


@pytest.fixture
def debian12(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (folder / "sources.list.d" / "debian.sources").write_text(DEB822)
    release = {"ID": "debian", "VERSION_ID": "12", "VERSION_CODENAME": "bookworm"}
    monkeypatch.setattr(apt, "os_release", lambda: release)
    monkeypatch.setattr(apt, "read_sources", lambda: read_sources(folder))
    monkeypatch.setattr(apt, "POLICY", folder / "policy-rc.d")
    monkeypatch.setattr(apt.os, "geteuid", lambda: 0)  # type: ignore[attr-defined]
    return folder


def test_install_asks_nothing_starts_nothing_and_takes_backports_where_needed(
    debian12: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(apt, "call", recorder)
    Apt().install(["gcc"], ["qemu-utils"])
    backports, update, policy, plain, newest, policy_away = recorder.commands
    assert str(apt.BACKPORTS_FILE) in backports
    assert update.endswith(" update")
    assert "policy-rc.d" in policy
    assert "DEBIAN_FRONTEND=noninteractive" in plain
    assert plain.endswith("install --no-install-recommends gcc")
    assert newest.endswith("--target-release bookworm-backports qemu-utils")
    assert policy_away.startswith("rm -f")


def test_a_broken_third_party_source_does_no_harm(debian12: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(" update")
    monkeypatch.setattr(apt, "call", recorder)
    Apt().install(["gcc"], [])
    first, second = [command for command in recorder.commands if command.endswith(" update")]
    assert "sourceparts" not in first
    assert "Dir::Etc::sourceparts=" in second
    assert any("sourceparts" in command and command.endswith("gcc") for command in recorder.commands)


def test_an_existing_backports_entry_is_used(debian12: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (debian12 / "sources.list.d" / "mine.list").write_text("deb http://mirror.test/debian bookworm-backports main\n")
    recorder = Recorder()
    monkeypatch.setattr(apt, "call", recorder)
    Apt().install([], ["qemu-utils"])
    assert not any(str(apt.BACKPORTS_FILE) in command for command in recorder.commands)
