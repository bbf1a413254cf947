"""How long a command takes: `linnet ps`, `linnet --version`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench.measure import Result, pairs, ratio, timed
from tests.bench.product import LINNET, Product

PS_PAIRS = 20

VERSION_PAIRS = 40


def ps(product: Product) -> Iterator[Result]:
    """`linnet ps` ÷ the same command in the guest by OpenSSH over a kept-open master."""
    product.ensure_running()
    control = product.base / "master.sock"
    ssh = ["ssh", *product.ssh_options(), f"-oControlPath={control}", "linnet@127.0.0.1"]
    product.run(["ssh", *product.ssh_options(), "-MNf", f"-oControlPath={control}", "linnet@127.0.0.1"])
    try:
        product.linnet("ps")
        product.run([*ssh, "podman ps"])
        ours, baseline = pairs(
            lambda: timed(lambda: product.linnet("ps")),
            lambda: timed(lambda: product.run([*ssh, "podman ps"])),
            PS_PAIRS,
        )
    finally:
        product.run(["ssh", *product.ssh_options(), f"-oControlPath={control}", "-Oexit", "linnet@127.0.0.1"])
    yield ratio("linnet ps ÷ ssh", ours, baseline, 1.3, ("linnet ps", "ssh podman ps"), "ms")


def version(product: Product) -> Iterator[Result]:
    """`linnet --version` ÷ `python3 -c pass` of the same interpreter."""
    ours, baseline = pairs(
        lambda: timed(lambda: product.run([str(LINNET), "--version"])),
        lambda: timed(lambda: product.run([sys.executable, "-c", "pass"])),
        VERSION_PAIRS,
    )
    yield ratio("linnet --version ÷ python3 -c pass", ours, baseline, 2.5, ("linnet --version", "python3"), "ms")
