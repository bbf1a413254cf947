"""The libvirt domain, pinned whole; and libvirt's own schema has the last word where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import pytest

from tests.unit.vm.drivers.specs import awkward_home, spec
from vm.drivers import xml
from vm.drivers.base import Accelerator, VmSpec
from vm.drivers.platforms import HOSTS
from vm.errors import UsageError

EMULATOR = PurePosixPath("/usr/bin/qemu-system-x86_64")
MAC_EMULATOR = PurePosixPath("/opt/homebrew/bin/qemu-system-aarch64")

CASES: dict[str, tuple[str, PurePosixPath, VmSpec]] = {
    "linux-tcg": ("linux", EMULATOR, spec(Accelerator.tcg, shares=("9p", "9p-read-only"))),
    "linux-kvm-virtiofs": ("linux", EMULATOR, spec(Accelerator.kvm, shares=("virtiofs",))),
    "linux-awkward-paths": ("linux", EMULATOR, spec(Accelerator.tcg, home=awkward_home(), shares=("9p",))),
    "macos-hvf-aarch64": ("darwin", MAC_EMULATOR, spec(Accelerator.hvf, arch="aarch64", shares=("9p",))),
}


def build(name: str) -> str:
    host, emulator, machine = CASES[name]
    return xml.build(machine, emulator, HOSTS[host])


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.xml", build(name))


@pytest.mark.parametrize("name", CASES)
def test_libvirt_accepts_it(name: str, tmp_path: Path) -> None:
    validator = shutil.which("virt-xml-validate")
    if validator is None:
        pytest.skip("virt-xml-validate is not installed")
    path = tmp_path / "domain.xml"
    path.write_text(build(name), encoding="utf-8")
    done = subprocess.run([validator, str(path), "domain"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_awkward_paths_survive() -> None:
    domain = ET.fromstring(build("linux-awkward-paths"))
    source = domain.find("devices/filesystem/source")
    assert source is not None
    assert source.get("dir") == str(awkward_home() / "home")


def test_names_go_there_and_back() -> None:
    assert xml.machine_name(xml.domain_name("linnet-linnet")) == "linnet-linnet"


def test_what_a_host_lacks_is_refused() -> None:
    with pytest.raises(UsageError):
        xml.build(spec(Accelerator.hvf, shares=("virtiofs",)), MAC_EMULATOR, HOSTS["darwin"])
