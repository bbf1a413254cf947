"""Installing Debian and Ubuntu packages without surprises.

No service is started, no question is asked, third-party package sources that are broken do no harm, and Debian's
backports are added from the mirror and key that the machine already uses.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.console import InstallError, call, output, say

SOURCES = Path("/etc/apt")
BACKPORTS_FILE = Path("/etc/apt/sources.list.d/linnet-backports.sources")
POLICY = Path("/usr/sbin/policy-rc.d")

NEEDS_BACKPORTS = {("debian", "12")}
"""Distributions (id and version of os-release) whose own QEMU and libvirt are too old."""

_NETWORK_HINT = "Check the network and the package sources in /etc/apt, then try again."


@dataclass(frozen=True)
class Source:
    """One entry of apt's sources: where from, which suites, and the key lines as they are written."""

    uris: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str
    types: tuple[str, ...] = ("deb",)


def read_sources(folder: Path = SOURCES) -> list[Source]:
    """Return the enabled binary package sources below `folder`, in both of apt's formats."""
    found: list[Source] = []
    parts = sorted((folder / "sources.list.d").glob("*"))
    for path in [folder / "sources.list", *parts]:
        with contextlib.suppress(OSError):
            text = path.read_text(encoding="utf-8", errors="replace")
            if path.suffix == ".sources":
                found.extend(_stanzas(text))
            elif path.suffix == ".list":
                found.extend(filter(None, map(_line, text.splitlines())))
    return [source for source in found if "deb" in source.types]


def _stanzas(text: str) -> Iterator[Source]:
    for block in text.replace("\r", "").split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace() and name:
                fields[name] += "\n" + line
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.strip()
        if "uris" in fields and fields.get("enabled", "yes").lower() not in {"no", "false", "0"}:
            yield Source(
                uris=fields["uris"],
                suites=tuple(fields.get("suites", "").split()),
                components=tuple(fields.get("components", "").split()),
                signed_by=fields.get("signed-by", ""),
                types=tuple(fields.get("types", "deb").split()),
            )


def _line(text: str) -> Source | None:
    text = text.partition("#")[0].strip()
    options = ""
    if "[" in text:
        before, _, rest = text.partition("[")
        options, _, after = rest.partition("]")
        text = before + after
    words = text.split()
    if len(words) < 3:
        return None
    signed_by = next((word.partition("=")[2] for word in options.split() if word.startswith("signed-by=")), "")
    return Source(
        uris=words[1], suites=(words[2],), components=tuple(words[3:]), signed_by=signed_by, types=(words[0],)
    )


def base_source(sources: Sequence[Source], codename: str) -> Source | None:
    """Return the entry that gives the release `codename` itself."""
    return next((source for source in sources if codename in source.suites), None)


def stanza(source: Source, suites: Sequence[str], types: str = "deb") -> str:
    """Return an entry in deb822 format for other suites of the same archive."""
    lines = [f"Types: {types}", f"URIs: {source.uris}", f"Suites: {' '.join(suites)}"]
    lines.append(f"Components: {' '.join(source.components) or 'main'}")
    if source.signed_by:
        lines.append(f"Signed-By: {source.signed_by}")
    return "\n".join(lines) + "\n"


def os_release(path: Path = Path("/etc/os-release")) -> dict[str, str]:
    """Return what the system says about its distribution."""
    fields = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {name: value.strip().strip("\"'") for name, _, value in fields}


class Apt:
    """apt on this machine, as root or through sudo."""

    def __init__(self) -> None:
        self.release = os_release()
        self.codename = self.release.get("VERSION_CODENAME", "")
        self.backports = (self.release.get("ID"), self.release.get("VERSION_ID")) in NEEDS_BACKPORTS
        self._options: list[str] = []

    def explain(self) -> str:
        """Return a line for the plan: where the packages come from."""
        extra = f", QEMU and libvirt from {self.codename}-backports" if self.backports else ""
        return f"by apt as {'root' if os.geteuid() == 0 else 'root through sudo'}{extra}"

    def install(self, packages: Sequence[str], newest: Sequence[str]) -> None:
        """Install packages, those in `newest` from backports where the distribution needs it.

        Raises:
            InstallError: apt cannot be used or failed.
        """
        with tempfile.TemporaryDirectory(prefix="linnet-apt-") as scratch:
            if newest and self.backports:
                self._add_backports()
            self._update(Path(scratch))
            with self._no_services():
                if packages:
                    self._get(["install", "--no-install-recommends", *packages])
                if newest:
                    target = ["--target-release", f"{self.codename}-backports"] if self.backports else []
                    self._get(["install", "--no-install-recommends", *target, *newest])

    def take_program(self, packages: Sequence[str], inside: str, target: Path) -> None:
        """Take the program `inside` out of the first of `packages` that has it, without installing the package.

        Raises:
            InstallError: none of them can be downloaded or has it.
        """
        for package in packages:
            with tempfile.TemporaryDirectory(prefix="linnet-deb-") as scratch:
                folder = Path(scratch)
                if not output(["apt-cache", "show", "--no-all-versions", package]):
                    continue
                if call(["apt-get", "-q", "download", package], cwd=folder, timeout=600) != 0:
                    continue
                deb = next(folder.glob("*.deb"), None)
                if deb is None or call(["dpkg-deb", "-x", deb, folder / "tree"], timeout=300) != 0:
                    continue
                if (folder / "tree" / inside).is_file():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(folder / "tree" / inside, target)
                    return
        raise InstallError(f"None of the packages {', '.join(packages)} gives {inside}.", _NETWORK_HINT)

    def _add_backports(self) -> None:
        sources = read_sources()
        suite = f"{self.codename}-backports"
        if any(suite in source.suites for source in sources):
            return
        base = base_source(sources, self.codename)
        if base is None:
            raise InstallError(
                f"apt has no source for {self.codename}, so its backports cannot be derived.",
                f"Add {suite} to /etc/apt/sources.list.d and try again.",
            )
        say(f"adding {suite} to apt's sources as {BACKPORTS_FILE}")
        text = stanza(base, [suite])
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="linnet-", suffix=".sources") as file:
            file.write(text)
            file.flush()
            argv = ["install", "-m", "0644", file.name, str(BACKPORTS_FILE)]
            if call(self._as_root(argv), timeout=60) != 0:
                raise InstallError(f"{BACKPORTS_FILE} cannot be written.", "Run this as root, or as a user with sudo.")

    def _update(self, scratch: Path) -> None:
        if call(self._command(["update"]), timeout=900) == 0:
            return
        say("apt-get update failed; trying again with the distribution's own sources alone")
        wanted = {self.codename, *(f"{self.codename}-{part}" for part in ("updates", "security", "backports"))}
        own = [source for source in read_sources() if wanted & set(source.suites)]
        scratch.chmod(0o755)
        file = scratch / "own.sources"
        file.write_text("\n".join(stanza(source, source.suites) for source in own), encoding="utf-8")
        self._options = ["-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={scratch}"]
        if call(self._command(["update"]), timeout=900) != 0:
            raise InstallError("apt-get update failed.", _NETWORK_HINT)

    def _get(self, arguments: Sequence[str]) -> None:
        if call(self._command(arguments), timeout=1800) != 0:
            raise InstallError(
                "apt-get install failed; its messages are above.",
                "If packages are broken, 'apt-get -f install' mends them; otherwise simply try again.",
            )

    def _command(self, arguments: Sequence[str]) -> list[str]:
        quiet = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", "-o", "Dpkg::Options::=--force-confold"]
        waits = ["-o", "DPkg::Lock::Timeout=300"]
        return self._as_root(["env", "DEBIAN_FRONTEND=noninteractive", *quiet, *waits, *self._options, *arguments])

    def _as_root(self, argv: Sequence[str]) -> list[str]:
        if os.geteuid() == 0:
            return list(argv)
        if not shutil.which("sudo"):
            raise InstallError(
                "Packages must be installed, and neither root nor sudo is at hand.",
                "Run this as root once, or have the packages in the plan above installed by an administrator.",
            )
        return ["sudo", *([] if sys.stdin.isatty() else ["-n"]), *argv]

    @contextlib.contextmanager
    def _no_services(self) -> Iterator[None]:
        """Keep packages from starting services while they are installed."""
        if POLICY.exists():
            yield
            return
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="linnet-") as file:
            file.write("#!/bin/sh\nexit 101\n")
            file.flush()
            call(self._as_root(["install", "-m", "0755", file.name, str(POLICY)]), timeout=60)
        try:
            yield
        finally:
            call(self._as_root(["rm", "-f", str(POLICY)]), timeout=60)
