"""The installer's commands: setup, run and test."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installer.console import InstallError, call, elapsed, heading, output, say
from installer.desktop import build_translations, open_window
from installer.environment import Environment
from installer.guest import prepare_image
from installer.needs import search_path
from installer.system import install_missing

TEST_LIMIT = 60 * 60
"""Seconds that `test` may take in all, set-up included."""


@dataclass(frozen=True)
class Check:
    """One step of the tests: a module that is run with the environment's Python, and what to do when it fails.

    Attributes:
        env: what is added to the process's environment variables.
    """

    title: str
    module: str
    arguments: tuple[str, ...]
    hint: str
    env: dict[str, str] = field(default_factory=dict)


CHECKS = (
    Check("Linter: ruff", "ruff", ("check",), "'.venv/bin/ruff check --fix' mends much of it."),
    Check("Format: ruff", "ruff", ("format", "--check"), "'.venv/bin/ruff format' mends it."),
    Check("Types: mypy --strict", "mypy", ("--strict",), "The lines above name file and line."),
    Check(
        "Unit tests",
        "pytest",
        ("tests/unit", "--ignore=tests/unit/test_linters.py"),
        "'.venv/bin/pytest tests/unit -x' stops at the first.",
    ),
)

WINDOW_CHECK = Check(
    "Tests of the window",
    "pytest",
    ("tests/gui", "--durations=10"),
    "'QT_QPA_PLATFORM=offscreen .venv/bin/pytest tests/gui -x' stops at the first.",
    {"QT_QPA_PLATFORM": "offscreen"},
)

VM_CHECK = Check(
    "Tests in a real virtual machine",
    "pytest",
    ("tests/vm", "-m", "not extended", "--durations=15"),
    "'.venv/bin/pytest tests/vm -x' stops at the first; the machine's logs are named above.",
)


def main(root: Path, argv: Sequence[str] | None = None) -> int:
    """Run the installer on the checkout at `root`; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="bootstrap.py",
        description="Set Linnet up from this checkout, run it, test it. Installs what is missing and says so first.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("setup", help="set everything up, and no more")
    commands.add_parser("run", help="set everything up, start Linnet, run its hello container, open the window")
    test = commands.add_parser("test", help="set everything up and pass all tests")
    test.add_argument("--quick", action="store_true", help="leave out the tests that need a virtual machine")
    options = parser.parse_args(argv)
    try:
        if options.command == "test":
            return run_tests(root, quick=options.quick)
        environment = set_up(root, tests=False)
        set_up_image(environment)
        return run_linnet(environment) if options.command == "run" else 0
    except InstallError as error:
        print(f"\nFailed: {error.message}\n  What to do: {error.hint}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Running the same command again goes on from here.", file=sys.stderr, flush=True)
        return 130


def set_up(root: Path, *, tests: bool) -> Environment:
    """Install the system's part and the Python environment.

    Raises:
        InstallError: something cannot be installed.
    """
    heading("System packages")
    install_missing(tests=tests)
    heading("Python environment")
    environment = Environment(root)
    extras = {"libvirt"} if sys.platform.startswith("linux") else set()
    environment.prepare(extras | {"desktop"} | ({"dev"} if tests else set()))
    build_translations(environment)
    return environment


def set_up_image(environment: Environment) -> None:
    """Build or fetch the guest image. Raises InstallError."""
    heading("Guest image")
    prepare_image(environment)


def run_tests(root: Path, *, quick: bool) -> int:
    """Set everything up and run every check, also when one fails; return the exit code."""
    environment = set_up(root, tests=True)
    checks = list(CHECKS)
    if any((root / "tests" / "gui").glob("**/test_*.py")):
        checks.append(WINDOW_CHECK)
    if not quick and any((root / "tests" / "vm").glob("**/test_*.py")):
        set_up_image(environment)
        checks.append(VM_CHECK)
    failed: list[Check] = []
    deadline = time.monotonic() + TEST_LIMIT
    for check in checks:
        heading(check.title)
        try:
            code = call(
                [environment.python, "-m", check.module, *check.arguments],
                cwd=root,
                env={"PATH": search_path(), **check.env},
                timeout=max(1.0, deadline - time.monotonic()),
            )
        except InstallError as error:
            say(error.message)
            code = 1
        if code != 0:
            failed.append(check)
    heading("Result")
    for check in checks:
        say(f"{'FAILED' if check in failed else 'passed'}  {check.title}")
    for check in failed:
        print(f"\nFailed: {check.title}\n  What to do: {check.hint}", file=sys.stderr, flush=True)
    say(f"took {elapsed()} minutes")
    return 1 if failed else 0


def run_linnet(environment: Environment) -> int:
    """Start Linnet, run the hello container, and say what to try next; return the exit code.

    Raises:
        InstallError: a step failed.
    """
    linnet = environment.program("linnet")
    if not json.loads(output([linnet, "machine", "list", "--json"]) or "[]"):
        heading("A first machine")
        _linnet(linnet, ["machine", "create"], 120)
    for title, arguments, limit in (
        ("Starting the machine", ["machine", "start"], 900),
        ("The hello container", ["run", "--rm", "hello"], 600),
        ("The machine", ["machine", "status"], 120),
    ):
        heading(title)
        _linnet(linnet, arguments, limit)
    heading("The socket of the Docker API")
    call([linnet, "socket"], timeout=60)
    heading("Try next")
    for command, what in (("ps --all", "containers"), ("images", "images"), ("machine stop", "stop the machine")):
        say(f"{linnet} {command}    # {what}")
    heading("The window")
    open_window(environment)
    return 0


def _linnet(program: Path, arguments: Sequence[str], limit: float) -> None:
    if call([program, *arguments], timeout=limit) != 0:
        raise InstallError(
            f"'linnet {' '.join(arguments)}' failed; its message is above.",
            f"'{program} doctor' looks for the cause.",
        )
