"""Who may import whom, read from the imports of every tracked module; see docs/architecture.md."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

OURS = ("agent", "app", "vm", "installer", "resources", "tests")

MAY_IMPORT = {
    "agent": ("agent",),
    "vm": ("vm", "agent", "agent.wire", "agent.digest", "resources"),
    "app.core": ("app.core", "vm", "agent.wire", "agent.digest", "resources", "app"),
    "app.service": ("app.service", "app.core", "vm", "agent.wire", "agent.digest", "resources", "app"),
    "app.cli": ("app.cli", "app.core", "vm", "resources", "app"),
    "app.gui": ("app.gui", "app.core", "vm", "resources", "app"),
    "app.tray": ("app.tray", "app.gui", "app.core", "vm", "resources", "app"),
    "app.desktop": ("app.desktop", "app.tray", "app.gui", "app.core", "vm", "resources", "app"),
    "installer": ("installer",),
}
"""For each part, what of our own it may import (a prefix of the dotted name)."""

EMPTY = ("app", "agent")
"""Packages that hold next to nothing themselves: allowed to another part alone, without what is below."""

NOT_FOR_CLI = ("vm.machine", "vm.drivers", "vm.ssh", "vm.image", "vm.guest", "vm.shares", "vm.ports", "vm.accel")
"""The command line talks to linnetd; these would only make it slow."""

LIGHT_IN_VM_MACHINE = ("vm.machine.status",)
"""Plain data that may be shared."""

ONLY_IN = {
    "libvirt": ("vm/drivers/libvirt.py",),
    "libvirt_qemu": ("vm/drivers/libvirt.py",),
    "paramiko": ("vm/ssh/",),
    "PySide6": ("app/gui/", "app/tray/", "app/desktop/", "tests/"),
    "argparse": ("app/", "installer/", "tests/", "vm/image/"),
}
"""Libraries that belong to one place."""

HEAVY = frozenset(
    {"asyncio", "paramiko", "libvirt", "PySide6", "ruamel.yaml", "msgspec", "watchfiles", "zstandard", "psutil"}
    | {"cryptography", "qemu.qmp", "email", "http.client", "ssl", "urllib.request"}
)
"""What `linnet --version` must not load."""


def tracked(*patterns: str) -> list[str]:
    names = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in names.decode().split("\0") if name and (ROOT / name).exists()]


def module_name(path: str) -> str:
    name = path.removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__")


def imports(path: str) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of everything that the module imports, with relative names resolved."""
    package = path.split("/")[:-1]
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"), path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package[: len(package) - node.level + 1]
                base = ".".join([*parents, *([base] if base else [])])
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}" if _is_module(base, alias.name) else base


def _is_module(base: str, name: str) -> bool:
    folder = ROOT / base.replace(".", "/")
    return (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists()


def below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def may(part: str, name: str, prefix: str) -> bool:
    return name == prefix if prefix in EMPTY and prefix != part else below(name, prefix)


def part_of(module: str) -> str | None:
    return next((part for part in MAY_IMPORT if below(module, part)), None)


def is_ours(name: str) -> bool:
    return name.split(".")[0] in OURS


MODULES = tracked("agent/*.py", "app/*.py", "vm/*.py", "installer/*.py", "resources/*.py")


@pytest.mark.parametrize("path", MODULES)
def test_imports_only_what_its_layer_may(path: str) -> None:
    part = part_of(module_name(path))
    if part is None:
        return
    allowed = MAY_IMPORT[part]
    wrong = [
        f"{path}:{line} imports {name}"
        for line, name in imports(path)
        if is_ours(name) and not any(may(part, name, prefix) for prefix in allowed)
    ]
    assert not wrong, f"{part} may import {', '.join(allowed)} only"


@pytest.mark.parametrize("path", tracked("agent/*.py", "installer/*.py"))
def test_agent_and_installer_use_the_standard_library_alone(path: str) -> None:
    foreign = [name for _, name in imports(path) if not is_ours(name) and name.split(".")[0] not in STANDARD]
    assert not foreign


STANDARD = frozenset({*sys.stdlib_module_names, "_sha2"})
"""With names that newer Pythons have (`_sha2` since 3.12), which may be tried for."""


@pytest.mark.parametrize("path", MODULES)
def test_libraries_stay_in_their_place(path: str) -> None:
    wrong = [
        f"{path}:{line} imports {name}"
        for line, name in imports(path)
        for library, places in ONLY_IN.items()
        if below(name, library) and not path.startswith(places)
    ]
    assert not wrong


@pytest.mark.parametrize("path", tracked("app/cli/*.py", "app/core/*.py"))
def test_command_line_and_core_leave_the_machine_to_the_service(path: str) -> None:
    wrong = [
        f"{path}:{line} imports {name}"
        for line, name in imports(path)
        if any(below(name, heavy) for heavy in NOT_FOR_CLI)
        and not any(below(name, light) for light in LIGHT_IN_VM_MACHINE)
    ]
    assert not wrong


@pytest.mark.skipif(not (ROOT / "app/cli/main.py").exists(), reason="there is no command line")
def test_version_loads_nothing_heavy() -> None:
    code = "import sys, app.cli.main\ntry:\n app.cli.main.main(['--version'])\nexcept SystemExit:\n pass\n"
    code += "print('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stderr.split())


def test_the_rules_see_a_wrong_import() -> None:
    assert "vm.errors" in {name for _, name in imports("vm/layout.py")}
    assert is_ours("vm.errors")
    assert not any(below("vm.errors", prefix) for prefix in MAY_IMPORT["agent"])
