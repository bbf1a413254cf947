"""Containers by Linnet's own command line: the engine's verbs behave here as they would on a Linux host."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.vm.product import Product


def test_hello(product: Product) -> None:
    assert "Hello from Linnet" in product.ok("run", "--rm", "hello")


def test_exit_code_and_streams(product: Product) -> None:
    done = product.linnet("run", "--rm", "hello", "sh", "-c", "echo out; echo err >&2; exit 7")
    assert (done.returncode, done.stdout, done.stderr.strip().splitlines()[-1]) == (7, "out\n", "err")


def test_standard_input(product: Product) -> None:
    data = bytes(range(256)) * 1000
    done = product.linnet("run", "--rm", "-i", "hello", "busybox", "md5sum", input=data)
    assert done.stdout.split()[0] == hashlib.md5(data).hexdigest()


def test_folder_of_the_host(product: Product, folder: Path) -> None:
    (folder / "ein Brief.txt").write_text("grüße")
    script = "cat '/w/ein Brief.txt'; echo back > /w/answer"
    assert product.ok("run", "--rm", "-v", f"{folder}:/w", "hello", "sh", "-c", script) == "grüße"
    answer = folder / "answer"
    assert answer.read_text() == "back\n"
    assert answer.stat().st_uid == folder.stat().st_uid


def test_folder_that_is_not_shared(product: Product) -> None:
    done = product.linnet("run", "--rm", "-v", "/usr/share:/w", "hello", "true")
    assert done.returncode == 125
    assert "/usr/share" in done.stderr
    assert "linnet share add /usr/share" in done.stderr
