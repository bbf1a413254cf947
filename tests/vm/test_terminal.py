"""Terminals and signals through `linnet run` and `linnet exec`."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator

import pexpect
import pytest

from tests.vm.product import LINNET, Product

PROMPT = "# "


def spawn(product: Product, *arguments: str) -> pexpect.spawn[str]:
    """Start `linnet` on a terminal of 29 rows and 101 columns."""
    return pexpect.spawn(
        LINNET,
        list(arguments),
        env=product.environment,
        cwd=str(product.home),
        dimensions=(29, 101),
        encoding="utf-8",
        timeout=60,
    )


def test_run_with_a_terminal(product: Product) -> None:
    child = spawn(product, "run", "--rm", "-it", "hello", "sh")
    child.expect(PROMPT)
    child.sendline("echo a$((6 * 7))b")
    assert child.expect_exact("echo a$((6 * 7))b") == 0  # the echo of the guest's terminal, once
    child.expect("a42b\r\n")
    child.sendline("busybox stty size; busybox tty")
    child.expect("29 101\r\n/dev/pts/0")
    child.setwinsize(40, 133)
    child.sendline("busybox stty size")
    child.expect("40 133\r\n")
    child.sendline("echo st''arted; busybox sleep 1000")
    child.expect("started\r\n")  # by now the shell has left its line editor, which takes Ctrl-C for itself
    child.sendintr()
    child.expect("\\^C")
    child.expect(PROMPT)
    child.sendline("exit 9")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 9


@pytest.fixture
def container(product: Product) -> Iterator[str]:
    product.ok("run", "-d", "--name", "terminal", "hello", "sh", "-c", "trap exit TERM; while :; do sleep 1; done")
    yield "terminal"
    product.ok("rm", "-f", "-t", "0", "terminal")


def test_exec_with_a_terminal(product: Product, container: str) -> None:
    child = spawn(product, "exec", "-it", container, "sh")
    child.expect(PROMPT)
    child.sendline("echo grüße | busybox wc -c")
    child.expect("8\r\n")
    child.expect(PROMPT)  # the shell's line editor takes Ctrl-D; what comes before it is lost
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_exec_passes_input_and_exit_code(product: Product, container: str) -> None:
    done = product.linnet("exec", "-i", container, "sh", "-c", "busybox wc -c; exit 4", input=b"z" * 200_000)
    assert (done.returncode, done.stdout.strip()) == (4, "200000")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_without_a_terminal(product: Product, number: signal.Signals) -> None:
    script = f'trap "echo got it; exit 33" {number.name[3:]}; echo ready; while :; do sleep 1; done'
    argv = [LINNET, "run", "--rm", "hello", "sh", "-c", script]
    with subprocess.Popen(
        argv, env=product.environment, cwd=product.home, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(number)
        output, _ = running.communicate(timeout=60)
    assert (running.returncode, output) == (33, "got it\n")


def test_shell_of_the_machine(product: Product) -> None:
    assert product.ok("machine", "shell", "--", "id", "-un").strip() == "linnet"
    assert product.linnet("machine", "shell", "--", "sh", "-c", "exit 21").returncode == 21
    child = spawn(product, "machine", "shell")
    child.expect("linnet@")
    child.sendline("echo $((40 + 2)); exit 3")
    child.expect("42\r\n")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 3
