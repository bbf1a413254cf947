"""The window worked by another process over the accessibility bus, as screen readers do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SYSTEM_PYTHON = "/usr/bin/python3"
"""The one that Debian's bindings of the accessibility bus are for."""

SCRIPT = """
set -e
{python} -m tests.gui.outside.shown > "$1" 2> "$1.errors" &
shown=$!
sleep 1
{system} tests/gui/outside/reader.py "$2" "$3" "$4"
sleep 1
kill $shown
"""


def _missing() -> str:
    if shutil.which("xvfb-run") is None or shutil.which("dbus-run-session") is None:
        return "no X server or no D-Bus for tests"
    if not Path(SYSTEM_PYTHON).exists():
        return "no Python of the system"
    done = subprocess.run([SYSTEM_PYTHON, "-c", "import pyatspi"], capture_output=True)
    return "" if done.returncode == 0 else "pyatspi is not installed"


@pytest.mark.timeout(120)
@pytest.mark.skipif(bool(_missing()), reason=_missing() or "-")
def test_a_screen_reader_presses_buttons(tmp_path: Path) -> None:
    script = SCRIPT.format(python=sys.executable, system=SYSTEM_PYTHON)
    asked = tmp_path / "asked"
    environment = {name: value for name, value in os.environ.items() if name not in ("QT_QPA_PLATFORM", "DISPLAY")}
    environment |= {"QT_ACCESSIBILITY": "1", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb"}
    command = ["dbus-run-session", "--", "xvfb-run", "-a", "bash", "-c", script, "-", str(asked)]
    done = subprocess.run(
        [*command, "Suspend", "Resume", "Containers"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    seen = done.stdout.splitlines()
    assert seen[-3:] == ["pressed Suspend", "pressed Resume", "pressed Containers"], (done.stdout, done.stderr)
    assert asked.read_text().splitlines() == ["asked /machines/default/suspend", "asked /machines/default/start"]
