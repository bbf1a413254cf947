"""What a clone of a volume costs, beside a plain copy."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.bench.measure import BenchError, Result, quotient, single, timed
from tests.bench.product import MACHINE, Product

SIZE = 1024
"""MiB in the volume."""

PIECE = 16
"""MiB of random bytes that it is made of, again and again: making random bytes takes long on an emulated processor."""

LIMIT = 1.0
"""Seconds that a clone may take."""


def volumes(product: Product) -> Iterator[Result]:
    """`linnet volume clone` of a volume of 1 GB ÷ `cp` of its files in the guest; and the space that a clone takes."""
    product.ensure_running()
    product.linnet("volume", "create", "big")
    path = json.loads(product.linnet("volume", "inspect", "big"))[0]["Mountpoint"]
    try:
        product.guest(
            f"podman unshare sh -c 'head -c {PIECE}M /dev/urandom > {path}/piece; "
            f"for i in $(seq {SIZE // PIECE}); do cat {path}/piece; done > {path}/large; rm {path}/piece; sync'"
        )
        before = _used(product)
        clone = timed(lambda: product.linnet("volume", "clone", "big", "copy"))
        space = max(0, _used(product) - before)
        copied = json.loads(product.linnet("volume", "browse", "copy", "--json"))["entries"]
        if [entry["size"] for entry in copied] != [SIZE << 20]:
            raise BenchError(f"the clone holds {copied}")
        command = f"podman unshare cp --reflink=never {path}/large {path}/other; sync"
        copy = timed(lambda: product.guest(command))
        yield quotient("clone of a 1 GB volume ÷ cp of it", clone, copy, None, ("clone", "cp"))
        yield single("clone of a 1 GB volume", clone, LIMIT, "s")
        yield Result("space of a clone of a 1 GB volume", {"space": space / 2**20}, "MiB", space / 2**20, 1.0)
    finally:
        product.linnet("volume", "rm", "--force", "big", "copy")


def _used(product: Product) -> int:
    """Return the bytes that the machine's data disk holds."""
    product.guest("sync")
    return int(product.status(MACHINE)["disk_use"]["used"])
