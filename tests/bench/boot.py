"""Start and resume."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import BenchError, Result, pairs, ratio, timed
from tests.bench.product import MACHINE, Product
from vm.image.archive import Entry, cpio

START_PAIRS = 3

MARK = "bench-init-runs"


def start(product: Product) -> Iterator[Result]:
    """`machine start` from stopped to the engine answering ÷ QEMU and the kernel booting a busybox init."""
    ours, baseline = _starts(product)
    yield ratio("machine start ÷ busybox init", ours, baseline, 6, ("machine start", "busybox init"))


def resume(product: Product) -> Iterator[Result]:
    """Resume from suspend to the engine answering ÷ cold start."""
    cold, _ = _starts(product)
    product.ensure_running()

    def once() -> float:
        product.linnet("machine", "suspend", MACHINE)
        return timed(lambda: _up(product, "resume"))

    yield ratio("resume ÷ cold start", [once() for _ in range(3)], cold, 0.15, ("resume", "cold start"))


def _starts(product: Product) -> tuple[list[float], list[float]]:
    if "starts" not in product.cache:
        status = product.ensure_running()
        baseline = Baseline(product, status["accelerator"], status["cpus"], status["memory"])

        def ours() -> float:
            product.linnet("machine", "stop", MACHINE)
            return timed(lambda: _up(product, "start"))

        def theirs() -> float:
            product.linnet("machine", "stop", MACHINE)
            return baseline.boot()

        product.cache["starts"] = pairs(ours, theirs, START_PAIRS)
    found: tuple[list[float], list[float]] = product.cache["starts"]
    return found


def _up(product: Product, verb: str) -> None:
    product.linnet("machine", verb, MACHINE)
    product.ping()


class Baseline:
    """The same QEMU, kernel, accelerator, processors and memory with an init that only says that it runs."""

    def __init__(self, product: Product, accelerator: str, cpus: int, memory: int) -> None:
        image = product.image()
        busybox = shutil.which("busybox")
        qemu = shutil.which("qemu-system-aarch64" if image.arch == "arm64" else "qemu-system-x86_64")
        if busybox is None or qemu is None:
            raise BenchError("busybox and QEMU are needed for the baseline")
        initrd = product.base / "busybox.cpio"
        script = f"#!/bin/busybox sh\necho {MARK}\n/bin/busybox poweroff -f\n"
        initrd.write_bytes(
            cpio(
                [
                    Entry.folder("bin"),
                    Entry.folder("dev"),
                    Entry.console(),
                    Entry.file("bin/busybox", Path(busybox).read_bytes(), executable=True),
                    Entry.file("init", script.encode(), executable=True),
                ]
            )
        )
        arm = image.arch == "arm64"
        cpu = "max" if accelerator == "tcg" else "host"
        self._argv = [
            qemu, "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
            "-machine", "virt" if arm else "q35", "-accel", accelerator, "-cpu", cpu,
            "-smp", str(cpus), "-m", f"{memory // 2**20}M", "-kernel", str(image.kernel), "-initrd", str(initrd),
            "-append", f"console={'ttyAMA0' if arm else 'ttyS0'} quiet panic=1", "-serial", "stdio",
        ]  # fmt: skip

    def boot(self) -> float:
        """Boot once; return the seconds until the init speaks."""
        began = time.perf_counter()
        with subprocess.Popen(self._argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    if MARK.encode() in line:
                        return time.perf_counter() - began
            finally:
                process.kill()
        raise BenchError("the busybox init did not run")
