"""Fetching the suites: Debian source packages, through apt with scratch folders of its own."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from installer.apt import base_source, os_release, read_sources, stanza
from vm.errors import UnavailableError

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True)
class Source:
    """A Debian source package.

    Attributes:
        name: of the package.
        suite: the release that it is taken from.
    """

    name: str
    suite: str


LIBPOD = Source("libpod", "bookworm")
PODMAN_PY = Source("python-podman", "trixie")


class SourceFetcher:
    """Downloads source packages below `folder`, from the Debian mirror that this machine uses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._updated = False

    def fetch(self, source: Source) -> Path:
        """Return the folder with the unpacked upstream source; what is there already is not fetched again.

        Raises:
            UnavailableError: no Debian mirror is configured, or apt or tar failed.
        """
        tree = self.folder / f"{source.name}-{source.suite}"
        if not tree.is_dir():
            download = self.folder / "download" / source.name
            download.mkdir(parents=True, exist_ok=True)
            self._update()
            self._apt("source", "--download-only", "--tar-only", f"{source.name}/{source.suite}", cwd=download)
            archive = next(iter(sorted(download.glob("*.orig.tar.*"))))
            unpacking = tree.with_suffix(".new")
            unpacking.mkdir(parents=True, exist_ok=True)
            _run(["tar", "-xf", str(archive), "-C", str(unpacking), "--strip-components=1"], cwd=self.folder)
            unpacking.rename(tree)
        return tree

    def fetch_program(self, package: str, inside: str, suite: str = "") -> Path:
        """Return the program `inside` of a binary package of `suite` or this machine's release, without installing it.

        Raises:
            UnavailableError: as `fetch`.
        """
        tree = self.folder / f"{package}.deb.d"
        if not (tree / inside).is_file():
            download = self.folder / "download" / package
            download.mkdir(parents=True, exist_ok=True)
            self._update()
            self._apt("download", f"{package}/{suite or os_release()['VERSION_CODENAME']}", cwd=download)
            archive = next(iter(sorted(download.glob("*.deb"))))
            _run(["dpkg-deb", "-x", str(archive), str(tree)], cwd=self.folder)
        return tree / inside

    def _update(self) -> None:
        if self._updated:
            return
        codename = os_release().get("VERSION_CODENAME", "")
        base = base_source(read_sources(), codename)
        if base is None or os_release().get("ID") != "debian":
            raise UnavailableError(
                "The suites come as Debian source packages, and this machine has no Debian mirror.",
                hint="Run this on Debian.",
            )
        for name in ("lists/partial", "cache/archives/partial", "parts"):
            (self.folder / "apt" / name).mkdir(parents=True, exist_ok=True)
        suites = sorted({LIBPOD.suite, PODMAN_PY.suite})
        (self.folder / "apt" / "parts" / "peers.sources").write_text(
            stanza(base, sorted({codename, *suites})) + "\n" + stanza(base, suites, types="deb-src"), encoding="utf-8"
        )
        self._apt("update", cwd=self.folder)
        self._updated = True

    def _apt(self, *arguments: str, cwd: Path) -> None:
        apt = self.folder / "apt"
        options = {
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": apt / "parts",
            "Dir::State::lists": apt / "lists",
            "Dir::Cache": apt / "cache",
            "APT::Sandbox::User": "root",
        }
        settings = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        _run(["apt-get", "-q", "-q", *settings, *arguments], cwd=cwd)


def _run(argv: list[str], *, cwd: Path) -> None:
    done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise UnavailableError(f"{argv[0]} failed.", hint="Is the network there?", detail=done.stdout + done.stderr)
