"""Starting linnetd. Imported only when it does not run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from vm.errors import LinnetError, UnavailableError, from_dict
from vm.layout import Layout

_DETACHED: dict[str, dict[str, Any]] = {
    # CREATE_NEW_PROCESS_GROUP | DETACHED_PROCESS | CREATE_BREAKAWAY_FROM_JOB, absent from `subprocess` elsewhere
    "win32": {"creationflags": 0x00000200 | 0x00000008 | 0x01000000},
}
"""How a process outlives its starter and the terminal, by platform."""

_DETACHED_POSIX: dict[str, Any] = {"start_new_session": True}


def command() -> list[str]:
    """Return the command that runs linnetd and has it report on its standard output."""
    if getattr(sys, "frozen", False):
        name = "linnetd.exe" if sys.platform == "win32" else "linnetd"
        return [str(Path(sys.executable).with_name(name)), "--report"]
    return [sys.executable, "-P", "-m", "app.service.main", "--report"]


def start_service(layout: Layout) -> None:
    """Start linnetd and return when it listens, whether this one or one that somebody else started meanwhile.

    Raises:
        LinnetError: it could not start; says why.
    """
    try:
        with subprocess.Popen(
            command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=os.path.abspath(os.sep),  # noqa: PTH100 - keeps no file system busy
            **_DETACHED.get(sys.platform, _DETACHED_POSIX),
        ) as process:
            assert process.stdout is not None
            # linnetd closes its output after the report; until then the end of file means that it died.
            output = process.stdout.read()
            report = _report(output)
            if report is not None and report.get("listening"):
                # It goes on by itself: no waiting in __exit__, no complaint when the object is collected.
                process.returncode = 0
    except OSError as error:
        raise UnavailableError(f"linnetd cannot be started: {error.strerror}.", detail=" ".join(command())) from error
    if report is None:
        raise UnavailableError(
            "linnetd ended while it was starting.",
            hint=f"Its log is {layout.service_log}.",
            detail=output.decode(errors="replace").strip() or None,
        )
    if report.get("error") is not None:
        raise from_dict(report["error"])
    if not (report.get("listening") or report.get("running")):
        raise LinnetError("linnetd reported something unknown.", detail=output.decode(errors="replace"))


def _report(output: bytes) -> dict[str, Any] | None:
    lines = output.strip().splitlines()
    try:
        report = json.loads(lines[-1])
    except (IndexError, ValueError):
        return None
    return report if isinstance(report, dict) else None
