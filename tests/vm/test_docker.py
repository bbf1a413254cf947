"""The Docker API socket, used by the docker CLI of this computer and by bare HTTP."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.vm.product import Product

NAME = "docker-cli"


@pytest.fixture
def container(product: Product) -> Iterator[str]:
    """A container that runs until it is removed."""
    product.docker("run", "-d", "--name", NAME, "hello", "sh", "-c", "trap exit TERM; while :; do sleep 1; done")
    yield NAME
    product.docker("rm", "-f", NAME)


def test_socket_is_the_users_alone(product: Product) -> None:
    path = Path(product.ok("socket").strip())
    assert path == product.files.docker_socket
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(product.layout.run.stat().st_mode) == 0o700
    assert product.ok("socket", "--url").strip() == product.docker_host


def test_version_and_hello(product: Product) -> None:
    version = json.loads(product.docker("version", "--format", "{{json .Server}}"))
    assert version["Os"] == "linux"
    assert "Hello from Linnet" in product.docker("run", "--rm", "hello")


def test_run_passes_streams_and_exit_code(product: Product) -> None:
    argv = ["docker", "run", "--rm", "-i", "hello", "sh", "-c", "cat; echo err >&2; exit 7"]
    data = bytes(range(256)) * 4000
    done = subprocess.run(argv, input=data, capture_output=True, timeout=120, env=_environment(product))
    assert done.returncode == 7
    assert done.stdout == data
    assert done.stderr == b"err\n"


def test_exec_reads_its_input_to_the_end(product: Product, container: str) -> None:
    """Needs half-close: `wc` answers only when its input has ended."""
    assert product.docker("exec", "-i", container, "busybox", "wc", "-c", input=b"x" * 300_000).strip() == "300000"


def test_exec_with_a_terminal(product: Product, container: str) -> None:
    child = pexpect.spawn(
        "docker",
        ["exec", "-it", container, "sh"],
        env=_environment(product),
        dimensions=(31, 97),
        encoding="utf-8",
        timeout=60,
    )
    child.expect("# ")
    child.sendline("echo a$((6 * 7))b")
    child.expect("a42b\r\n")
    child.sendline("busybox stty size")
    child.expect("31 97\r\n")
    child.sendline("exit 5")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5


def test_attach(product: Product) -> None:
    script = 'while read line; do echo "[$line]"; done; exit 3'
    product.docker("create", "-i", "--name", "attached", "hello", "sh", "-c", script)
    try:
        done = product.command(
            ["docker", "start", "-a", "-i", "attached"], input="one\ntwo\n", env={"DOCKER_HOST": product.docker_host}
        )
        assert (done.returncode, done.stdout) == (3, "[one]\n[two]\n")
    finally:
        product.docker("rm", "-f", "attached")


def test_copy_both_ways(product: Product, container: str, tmp_path: Path) -> None:
    tree = tmp_path / "ein Ordner"
    tree.mkdir()
    data = os.urandom(3_000_000)
    (tree / "größe").write_bytes(data)
    (tree / "link").symlink_to("größe")
    product.docker("cp", str(tree), f"{container}:/tmp/copy")
    product.docker("cp", f"{container}:/tmp/copy", str(tmp_path / "back"))
    assert (tmp_path / "back" / "größe").read_bytes() == data
    assert (tmp_path / "back" / "link").readlink() == Path("größe")


def test_save_and_load_of_an_image(product: Product, tmp_path: Path) -> None:
    archive = tmp_path / "hello.tar"
    product.docker("tag", "hello", "localhost/copy:1")
    product.docker("save", "-o", str(archive), "localhost/copy:1")
    product.docker("rmi", "localhost/copy:1")
    assert "localhost/copy:1" in product.docker("load", "-i", str(archive))
    assert "Hello from Linnet" in product.docker("run", "--rm", "localhost/copy:1")
    product.docker("rmi", "localhost/copy:1")


def test_events_arrive_as_they_happen(product: Product) -> None:
    # From now on, whenever the CLI gets round to asking.
    since = f"--since={int(time.time())}"
    argv = ["docker", "events", since, "--filter", "container=told", "--format", "{{.Action}}"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=_environment(product)) as events:
        try:
            assert events.stdout is not None
            product.docker("run", "--rm", "--name", "told", "hello", "echo")
            seen = {events.stdout.readline().strip() for _ in range(2)}
            assert "create" in seen
        finally:
            events.kill()


def test_half_close_keeps_the_answer(product: Product) -> None:
    """A client that has sent everything and closes its side still gets the whole answer."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(60)
        client.connect(str(product.files.docker_socket))
        client.sendall(b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"OK")


def test_context(product: Product) -> None:
    name = f"linnet-{product.machine}"
    before = product.command(["docker", "context", "show"]).stdout
    product.ok("context")
    try:
        assert product.command(["docker", "context", "show"]).stdout == before
        done = product.command(["docker", "--context", name, "run", "--rm", "hello"])
        assert "Hello from Linnet" in done.stdout, done.stderr
    finally:
        product.ok("context", "--remove")
    assert name not in product.command(["docker", "context", "ls"]).stdout


def _environment(product: Product) -> dict[str, str]:
    return {**product.environment, "DOCKER_HOST": product.docker_host}
