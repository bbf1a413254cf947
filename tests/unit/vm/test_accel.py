"""What is remembered of the accelerator, and when it is found out anew."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from vm import accel
from vm.accel import AccelResult, Proof, find_accelerator, forget
from vm.drivers import tools
from vm.drivers.base import Accelerator
from vm.drivers.platforms import HOSTS
from vm.errors import UnavailableError, UsageError
from vm.layout import Layout

ARCH = next(arch for arch, names in accel._NATIVE.items() if platform.machine().lower() in names)
FOREIGN = next(arch for arch in accel._NATIVE if arch != ARCH)


@dataclass
class Bench:
    """A host on which some accelerators work, and a record of what was booted."""

    layout: Layout
    kernel: Path
    initrd: Path
    qemu: Path
    works: set[Accelerator] = field(default_factory=set)
    booted: list[Accelerator] = field(default_factory=list)

    async def probe(self, _qemu: tools.Qemu, accelerator: Accelerator, _arch: str, _k: Path, _i: Path) -> Proof:
        self.booted.append(accelerator)
        return Proof(None if accelerator in self.works else "failed to set MSR 0x10a")

    async def find(self, *, arch: str = ARCH, wanted: str = "auto", host: str = "linux") -> AccelResult:
        return await find_accelerator(
            self.layout,
            self.kernel,
            self.initrd,
            arch,
            wanted,
            qemu_path=str(self.qemu),
            host=HOSTS[host],
            probe=self.probe,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    kernel, initrd, qemu = (tmp_path / name for name in ("vmlinuz", "initrd", "qemu"))
    kernel.write_bytes(b"kernel")
    initrd.write_bytes(b"initrd")
    qemu.write_text("#!/bin/sh\necho QEMU emulator version 10.0.2\n")
    qemu.chmod(0o755)
    return Bench(Layout(tmp_path, tmp_path, tmp_path, tmp_path), kernel, initrd, qemu)


async def test_the_first_that_boots(bench: Bench) -> None:
    bench.works = {Accelerator.kvm}
    found = await bench.find()
    assert (found.accelerator, found.from_cache, bench.booted) == (Accelerator.kvm, False, [Accelerator.kvm])


async def test_emulation_with_the_reason_when_none_boots(bench: Bench) -> None:
    found = await bench.find()
    assert found.accelerator is Accelerator.tcg
    assert found.reason == "kvm does not work: failed to set MSR 0x10a"


async def test_remembered(bench: Bench) -> None:
    first = await bench.find()
    second = await bench.find()
    assert second == AccelResult(first.accelerator, first.reason, first.probed_at, from_cache=True)
    assert len(bench.booted) == 1


def another_kernel(bench: Bench) -> None:
    bench.kernel.write_bytes(b"newer kernel")


def another_version(bench: Bench) -> None:
    bench.qemu.write_text("#!/bin/sh\necho QEMU emulator version 10.1.0\n")


def forgotten(bench: Bench) -> None:
    forget(bench.layout)
    forget(bench.layout)


def cut_short(bench: Bench) -> None:
    path = bench.layout.accel_cache
    path.write_bytes(path.read_bytes()[:-20])


def nonsense(bench: Bench) -> None:
    data = json.loads(bench.layout.accel_cache.read_bytes())
    data["result"]["accelerator"] = "warp"
    bench.layout.accel_cache.write_text(json.dumps(data))


def another_shape(bench: Bench) -> None:
    bench.layout.accel_cache.write_text("[]")


@pytest.mark.parametrize("change", [another_kernel, another_version, forgotten, cut_short, nonsense, another_shape])
async def test_found_out_anew(bench: Bench, change: Callable[[Bench], None]) -> None:
    await bench.find()
    change(bench)
    bench.works = {Accelerator.kvm}
    found = await bench.find()
    assert (found.accelerator, found.from_cache) == (Accelerator.kvm, False)


async def test_the_host_counts(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await bench.find()
    monkeypatch.setattr(platform, "release", lambda: "99.0-new")
    assert not (await bench.find()).from_cache


async def test_a_wish_is_not_questioned(bench: Bench) -> None:
    assert (await bench.find(wanted="kvm")).reason == "chosen in the settings"
    assert bench.booted == []
    for wanted in ("hvf", "warp"):
        with pytest.raises(UsageError, match=wanted):
            await bench.find(wanted=wanted)


async def test_each_platform_has_its_own(bench: Bench) -> None:
    bench.works = {Accelerator.hvf, Accelerator.whpx}
    assert (await bench.find(host="darwin")).accelerator is Accelerator.hvf
    forget(bench.layout)
    assert (await bench.find(host="win32")).accelerator is Accelerator.whpx


async def test_foreign_guests_are_emulated(bench: Bench) -> None:
    found = await bench.find(arch=FOREIGN)
    assert (found.accelerator, bench.booted) == (Accelerator.tcg, [])
    assert FOREIGN in found.reason


async def test_a_missing_kernel_is_told(bench: Bench) -> None:
    bench.kernel.unlink()
    with pytest.raises(UnavailableError, match="kernel cannot be read"):
        await bench.find()


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("echo; echo linnet-probe-ok; exec sleep 60", None),
        (
            'echo "qemu-system-x86_64: error: failed to set MSR 0x10a" >&2; echo "core dumped" >&2; exit 134',
            "error: failed to set MSR 0x10a",
        ),
        ("exit 3", "QEMU ended with code 3"),
        (
            "echo 'KVM internal error. Suberror: 1' >&2; exec sleep 60",
            "KVM internal error. Suberror: 1 (no sign of life in 1 s)",
        ),
        ("echo linnet-probe; exec sleep 60", "the guest hung (no sign of life in 1 s)"),
    ],
)
async def test_boot(bench: Bench, monkeypatch: pytest.MonkeyPatch, script: str, error: str | None) -> None:
    monkeypatch.setitem(accel.LIMITS, Accelerator.kvm, 1.0)
    bench.qemu.write_text(f"#!/bin/sh\n{script}\n")
    qemu = tools.Qemu(bench.qemu, (10, 0, 2))
    proof = await accel.boot(qemu, Accelerator.kvm, "x86_64", bench.kernel, bench.initrd)
    assert proof.error == error
