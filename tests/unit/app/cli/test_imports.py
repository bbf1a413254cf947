"""What a command loads: `linnet` has to feel instant."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIGHT = """
import sys
before = set(sys.modules)
{code}
print(*sorted(set(sys.modules) - before))
"""


def loaded(code: str) -> set[str]:
    text = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n" + LIGHT.format(code=code)],
        capture_output=True, check=True, text=True, timeout=30,
    ).stdout  # fmt: skip
    return set(text.splitlines()[-1].split())


def test_version_loads_next_to_nothing() -> None:
    modules = loaded("from app.cli.main import main; main(['--version'])")
    assert modules == {"__future__", "app", "app.cli", "app.cli.main"}


def test_the_pass_through_loads_only_this_of_ours_and_nothing_heavy() -> None:
    modules = loaded("import app.cli.main, app.cli.verbs, app.cli.passthrough, app.cli.session")
    assert {name for name in modules if name.partition(".")[0] in ("app", "vm", "agent")} == {
        "app",
        "app.cli",
        "app.cli.engineflags",
        "app.cli.exits",
        "app.cli.hostpaths",
        "app.cli.main",
        "app.cli.passthrough",
        "app.cli.session",
        "app.cli.terminal",
        "app.cli.verbs",
        "app.core",
        "app.core.client",
        "app.core.endpoint",
        "app.core.frames",
        "app.core.flow",
        "app.core.http",
        "app.core.sharedpaths",
        "vm",
        "vm.errors",
        "vm.layout",
    }
    heavy = (
        "argparse asyncio csv dataclasses difflib email http.client inspect logging msgspec paramiko platformdirs "
        "psutil ruamel.yaml shlex subprocess urllib.request"
    )
    assert not modules & set(heavy.split())


@pytest.mark.parametrize("group", ["machine", "engine", "share", "port", "image", "support", "docker", "service"])
def test_own_commands_do_not_load_what_reads_yaml(group: str) -> None:
    modules = loaded(f"import app.cli.run, app.cli.commands.{group}")
    assert not modules & {"ruamel.yaml", "msgspec", "asyncio", "paramiko", "psutil"}
