"""The QEMU command line, pinned whole for every host and accelerator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from tests.unit.vm.drivers.specs import awkward_home, qemu, spec, windows_home
from vm.drivers import command
from vm.drivers.base import Accelerator, VmSpec
from vm.drivers.command import Monitor
from vm.drivers.platforms import HOSTS, can_suspend
from vm.drivers.tools import Qemu
from vm.errors import UsageError

UNIX = Monitor(descriptor=7)
PID = PurePosixPath("/run/user/1000/linnet/default/qemu.pid")


@dataclass(frozen=True)
class Case:
    host: str
    qemu: Qemu
    spec: VmSpec
    monitor: Monitor = UNIX
    pid_file: PurePath = PID


LINUX = qemu("/usr/bin/qemu-system-x86_64", 10, 0, 2)
WINDOWS = PureWindowsPath("C:\\Program Files\\qemu\\qemu-system-x86_64.exe")
WINDOWS_PID = PureWindowsPath("C:\\Users\\Zoë Müller\\AppData\\Local\\Temp\\linnet\\qemu.pid")

CASES = {
    "linux-tcg": Case("linux", LINUX, spec(Accelerator.tcg, shares=("9p", "9p-read-only"))),
    "linux-kvm-virtiofs": Case("linux", LINUX, spec(Accelerator.kvm, shares=("virtiofs",))),
    "linux-awkward-paths": Case("linux", LINUX, spec(Accelerator.tcg, home=awkward_home(), shares=("9p",))),
    "macos-hvf-x86_64": Case(
        "darwin", qemu("/usr/local/bin/qemu-system-x86_64", 10, 1, 0), spec(Accelerator.hvf, shares=("9p",))
    ),
    "macos-hvf-aarch64": Case(
        "darwin",
        qemu("/opt/homebrew/bin/qemu-system-aarch64", 10, 1, 0),
        spec(Accelerator.hvf, arch="aarch64", shares=("9p",)),
    ),
    "macos-tcg-aarch64": Case(
        "darwin", qemu("/opt/homebrew/bin/qemu-system-aarch64", 10, 1, 0), spec(Accelerator.tcg, arch="aarch64")
    ),
    "windows-whpx-qemu-10": Case(
        "win32",
        qemu(WINDOWS, 10, 0, 2),
        spec(Accelerator.whpx, home=windows_home()),
        Monitor(port=49731),
        WINDOWS_PID,
    ),
    "windows-whpx-qemu-11": Case(
        "win32",
        qemu(WINDOWS, 11, 0, 0),
        spec(Accelerator.whpx, home=windows_home()),
        Monitor(port=49731),
        WINDOWS_PID,
    ),
    "windows-whpx-aarch64": Case(
        "win32",
        qemu(WINDOWS, 10, 0, 2),
        spec(Accelerator.whpx, arch="aarch64", home=windows_home()),
        Monitor(port=49731),
        WINDOWS_PID,
    ),
}


def lines(argv: list[str]) -> str:
    """One option with its value per line."""
    text = argv[0]
    for part in argv[1:]:
        text += ("\n" if part.startswith("-") else " ") + part
    return text + "\n"


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    case = CASES[name]
    argv = command.build(case.spec, case.qemu, HOSTS[case.host], case.monitor, case.pid_file)
    golden(f"{name}.argv", lines(argv))


def test_equal_specs_give_equal_commands() -> None:
    case = CASES["linux-tcg"]
    first, second = (command.build(case.spec, case.qemu, HOSTS["linux"], case.monitor, case.pid_file) for _ in range(2))
    assert first == second


def test_commas_are_doubled_and_nothing_else_is_touched() -> None:
    assert command.options("file", {"path": "/a,b/c d=e", "append": True}) == "file,path=/a,,b/c d=e,append=on"
    assert command.options("", {"read-only": False, "discard": None, "id": 1}) == "read-only=off,id=1"


@pytest.mark.parametrize(
    ("host", "accelerator", "shares", "words"),
    [
        ("darwin", Accelerator.kvm, (), "accelerator kvm"),
        ("darwin", Accelerator.hvf, ("virtiofs",), "no virtiofs shares"),
        ("win32", Accelerator.whpx, ("9p",), "no 9p shares"),
    ],
)
def test_what_a_host_lacks_is_refused(host: str, accelerator: Accelerator, shares: tuple[str, ...], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        command.build(spec(accelerator, shares=shares), LINUX, HOSTS[host], Monitor(7), PurePosixPath("/p"))


def test_unknown_architecture_is_refused() -> None:
    with pytest.raises(UsageError, match="riscv64"):
        command.base_arguments(LINUX, "riscv64", Accelerator.tcg)


@pytest.mark.parametrize(
    ("host", "accelerator", "version", "expected"),
    [
        ("linux", Accelerator.tcg, (10, 0, 2), True),
        ("linux", Accelerator.kvm, (8, 2, 0), False),
        ("win32", Accelerator.whpx, (11, 0, 0), False),
        ("win32", Accelerator.tcg, (11, 0, 0), True),
    ],
)
def test_suspend(host: str, accelerator: Accelerator, version: tuple[int, int, int], expected: bool) -> None:
    assert can_suspend(HOSTS[host], accelerator, version) is expected
