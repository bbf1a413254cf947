"""The two suites: how each is started against a socket, and how its report is read."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import venv
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.peers.compare import Outcome, Results, numbered
from tests.peers.podman import SOCKET, SSH
from tests.peers.relay import relayed
from vm.errors import UnavailableError

ROOT = Path(__file__).resolve().parents[2]

GROUP_LIMIT = 1200.0
"""Seconds that one group of cases may take over an emulated guest."""

TAP_LINE = re.compile(r"^(not )?ok (\d+) \[[^\]]*\] (.*)$")

CLIENT_ONLY = "test_ssh_ping"
"""The case of podman-py that wants an sshd on the host's port 22 and waits minutes for it; it concerns no socket."""

PYTHON_NEEDS = ("pytest", "fixtures", "requests", "urllib3<3", "tomli")


@dataclass(frozen=True)
class Target:
    """What a suite runs against.

    Attributes:
        name: for messages.
        socket: the Docker and Podman API.
        ssh: words that run a shell command in the guest as the engine's user.
    """

    name: str
    socket: Path
    ssh: tuple[str, ...]


class Suite:
    """A suite that has been fetched.

    Attributes:
        name: what it is called.
        tree: its unpacked source.
        scratch: where it may write; the guest must see it under the same path.
    """

    name = ""

    def __init__(self, tree: Path, scratch: Path) -> None:
        self.tree = tree
        self.scratch = scratch

    def groups(self) -> list[str]:
        """Return the names of the parts that can be run alone."""
        raise NotImplementedError

    def run(self, group: str, target: Target) -> Results:
        """Run one part; return its cases."""
        raise NotImplementedError

    def version(self) -> str:
        """Return which source this is."""
        raise NotImplementedError

    def output(self, argv: list[str], environment: dict[str, str], cwd: Path, kept: str) -> str:
        """Run a program of the suite and return all that it printed, kept below `reports` for people to read."""
        text = _output(argv, environment, cwd=cwd)
        report = self.scratch / "reports" / f"{kept}.txt"
        report.parent.mkdir(exist_ok=True)
        report.write_text(text, encoding="utf-8")
        return text

    def environment(self, target: Target) -> dict[str, str]:
        """Return the environment in which the suite finds our `podman`."""
        programs = self.scratch / "bin"
        programs.mkdir(parents=True, exist_ok=True)
        for name in ("podman", "htpasswd"):
            call = shlex.join([sys.executable, "-m", f"tests.peers.{name}"])
            program = programs / name
            program.write_text(
                f'#!/bin/sh\nexport PYTHONPATH={shlex.quote(str(ROOT))}\nexec {call} "$@"\n', encoding="utf-8"
            )
            program.chmod(0o755)
        temporary = self.scratch / "tmp"
        temporary.mkdir(exist_ok=True)
        return {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "TMPDIR": str(temporary),
            SSH: json.dumps(target.ssh),
            SOCKET: str(target.socket),
        }


class ApiV2(Suite):
    """Podman's test/apiv2: shell scripts around curl, one file a group."""

    name = "Podman's API tests (test/apiv2)"

    def groups(self) -> list[str]:
        """Return the names of the files."""
        return [path.stem for path in sorted((self.tree / "test" / "apiv2").glob("[0-9]*.at"))]

    def version(self) -> str:
        """Return the version that the source says it is."""
        text = (self.tree / "version" / "version.go").read_text(encoding="utf-8")
        match = re.search(r'MustParse\("([^"]+)"\)', text)
        return f"libpod {match[1] if match else '?'}"

    def run(self, group: str, target: Target) -> Results:
        """Run one file through a loopback port that leads to the socket."""
        with relayed(target.socket) as port:
            environment = self.environment(target)
            environment |= {
                "PODMAN": str(self.scratch / "bin" / "podman"),
                "CONTAINERS_HELPER_BINARY_DIR": str(self.scratch / "bin"),
                "PODMAN_SERVICE_PORT": str(port),
            }
            script = self.tree / "test" / "apiv2" / "test-apiv2"
            text = self.output(["bash", str(script), group], environment, script.parent, f"{group}-{target.name}")
        return numbered(group, read_tap(text))


def read_tap(text: str) -> Iterator[tuple[str, Outcome]]:
    """Yield the cases of a report in the Test Anything Protocol, as test-apiv2 prints it."""
    for line in text.splitlines():
        match = TAP_LINE.match(line)
        if match:
            skipped = "# skip" in match[3]
            yield (
                match[3],
                Outcome.failed if match[1] else Outcome.skipped if skipped else Outcome.passed,
            )


class PodmanPy(Suite):
    """podman-py's integration tests: pytest, one module a group."""

    name = "podman-py's integration tests"

    def groups(self) -> list[str]:
        """Return the names of the modules."""
        return [path.stem for path in sorted((self.tree / "podman" / "tests" / "integration").glob("test_*.py"))]

    def version(self) -> str:
        """Return the version that the source says it is."""
        text = (self.tree / "podman" / "version.py").read_text(encoding="utf-8")
        match = re.search(r'__version__ = "([^"]+)"', text)
        return f"podman-py {match[1] if match else '?'}"

    def run(self, group: str, target: Target) -> Results:
        """Run one module with an interpreter that has what it needs."""
        report = self.scratch / "report.xml"
        report.unlink(missing_ok=True)
        environment = self.environment(target)
        environment |= {"PYTHONPATH": str(self.tree), "PODMAN_BINARY": str(self.scratch / "bin" / "podman")}
        module = self.tree / "podman" / "tests" / "integration" / f"{group}.py"
        argv = [
            str(self._python()),
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            f"not {CLIENT_ONLY}",
            f"--junitxml={report}",
            str(module),
        ]
        text = self.output(argv, environment, self.tree, f"{group}-{target.name}")
        if not report.exists():
            raise UnavailableError(f"{group} of podman-py did not finish.", detail=text[-4000:])
        return numbered(group, read_junit(report))

    def _python(self) -> Path:
        folder = self.scratch / "venv"
        python = folder / "bin" / "python"
        if not (folder / "ready").exists():
            venv.create(folder, with_pip=True, clear=True)
            done = subprocess.run([python, "-m", "pip", "install", "-qq", *PYTHON_NEEDS], check=False)
            if done.returncode:
                raise UnavailableError(
                    "pip could not install what podman-py's tests need.", hint="Is the network there?"
                )
            (folder / "ready").touch()
        return python


def read_junit(path: Path) -> Iterator[tuple[str, Outcome]]:
    """Yield the cases of a JUnit report that pytest wrote; a class that cannot be set up fails all its cases."""
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        bad = case.find("failure") is not None or case.find("error") is not None
        outcome = Outcome.failed if bad else Outcome.skipped if case.find("skipped") is not None else Outcome.passed
        yield case.get("name", "?"), outcome


def _output(argv: list[str], environment: dict[str, str], *, cwd: Path) -> str:
    with tempfile.TemporaryFile() as report:
        process = subprocess.Popen(
            argv,
            env=environment,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=report,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _wait(process)
        report.seek(0)
        return report.read().decode(errors="replace")


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a suite; one that takes too long is ended with everything that it started."""
    try:
        process.wait(GROUP_LIMIT)
    except subprocess.TimeoutExpired:
        print(f"    ended after {GROUP_LIMIT:.0f} seconds", flush=True)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


SUITES: dict[str, Callable[[Path, Path], Suite]] = {"apiv2": ApiV2, "podman-py": PodmanPy}
