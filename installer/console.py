"""What the installer prints, and how it starts programs: headings, a plan, live output, failures with a way out."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class InstallError(Exception):
    """A step failed.

    Attributes:
        message: one sentence, what failed.
        hint: what to do about it.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


_STARTED = time.monotonic()


def elapsed() -> str:
    """Return how long the installer has been running, as minutes and seconds."""
    seconds = int(time.monotonic() - _STARTED)
    return f"{seconds // 60}:{seconds % 60:02d}"


def heading(text: str) -> None:
    """Print the title of a step with the time passed so far."""
    line = f"==> {text}"
    if sys.stdout.isatty():
        line = f"\033[1m{line}\033[0m"
    print(f"\n{line}  [{elapsed()}]", flush=True)


def say(text: str) -> None:
    """Print a line that belongs to the current step."""
    print(f"    {text}", flush=True)


def call(
    argv: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, timeout: float
) -> int:
    """Run a program with its output going straight to ours; return its exit code.

    `env` is added to the environment; `timeout` is in seconds.

    Raises:
        InstallError: the program is not there, or ran for longer than `timeout`.
    """
    words = [str(word) for word in argv]
    try:
        return subprocess.run(
            words,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        ).returncode
    except FileNotFoundError as error:
        raise InstallError(f"The program {words[0]} is missing.", "Install it and try again.") from error
    except subprocess.TimeoutExpired as error:
        raise InstallError(
            f"'{shlex.join(words)}' was still running after {timeout / 60:.0f} minutes and was stopped.",
            "Look at its last lines above; on a slow network or machine simply try again.",
        ) from error


def output(argv: Sequence[str | Path]) -> str:
    """Return the standard output of a short program, or an empty string when it fails or is not there."""
    try:
        done = subprocess.run(
            [str(word) for word in argv],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
