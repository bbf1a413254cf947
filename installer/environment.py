"""The checkout's own Python environment, `.venv`, with the project installed into it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Collection
from pathlib import Path

from installer.console import InstallError, call, output, say

STAMP = "linnet-setup.json"


class Environment:
    """`.venv` of the checkout at `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.program("python")

    def program(self, name: str) -> Path:
        """Return the path of a program of the environment, whether or not it is there."""
        if os.name == "nt":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name

    def prepare(self, extras: Collection[str]) -> None:
        """Make the environment and install the project with `extras`, unless that was done for this very state.

        Raises:
            InstallError: the environment cannot be made, or a dependency cannot be installed.
        """
        works = bool(output([self.python, "-c", "print(1)"]))
        done = self._read_stamp() if works else {}
        digest = self._digest()
        have = set(done.get("extras", ())) if done.get("digest") == digest else set()
        if done and have >= set(extras):
            say("the environment .venv is up to date")
            return
        if not works:
            say("making the environment .venv")
            if call([sys.executable, "-m", "venv", "--clear", self.folder], timeout=300) != 0:
                raise InstallError(
                    "The environment .venv cannot be made.",
                    "Check that Python's venv module is installed and the disk not full.",
                )
        wanted = sorted(have | set(extras))
        say(f"installing the project and its dependencies into .venv ({', '.join(wanted)})")
        argv: list[str | Path] = [
            self.python,
            "-m",
            "pip",
            "install",
            "-qq",
            "--editable",
            f".[{','.join(wanted)}]",
        ]
        if call([*argv, "--disable-pip-version-check", "--no-input"], cwd=self.root, timeout=1800) != 0:
            raise InstallError(
                "pip could not install the project's dependencies; its messages are above.",
                "Check the network and pip's configuration ('pip config list'), then try again.",
            )
        self._stamp().write_text(json.dumps({"digest": digest, "extras": wanted}), encoding="utf-8")

    def _digest(self) -> str:
        parts = [
            (self.root / "pyproject.toml").read_bytes(),
            os.fsencode(self.root),
            sys.version.encode(),
            output(["pkg-config", "--modversion", "libvirt"]).encode(),
        ]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def _stamp(self) -> Path:
        return self.folder / STAMP

    def _read_stamp(self) -> dict[str, list[str] | str]:
        try:
            data = json.loads(self._stamp().read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}
